"""Operators: accounts with roles and without a school, made by a command on the server."""

from chassis.db import Database
from chassis.errors import Conflict
from chassis.outbox import Tx, new_id

from identity.actions.revoking import tell_revoked
from identity.domain.accounts import Account, operator
from identity.domain.credentials import login_digest
from identity.gateways import Hasher
from identity.store import accounts as store
from identity.store import sessions as session_store


async def make_operator(database: Database, hasher: Hasher, login: str, roles: frozenset[str], password: str) -> bool:
    """Make or update an operator; whether anything changed. A changed one has to sign in again. Raises Conflict."""
    async with database.transaction() as tx:
        known = await store.account_with_login(tx, login)
    if known and known.roles == roles and await hasher.fits(known.password_hash, password):
        return False
    made = await hasher.hash(password)
    async with database.transaction() as tx:
        account = await store.account_for_update(tx, known.id) if known else None
        await (_update(tx, account, roles, made) if account else _insert(tx, login, roles, made))
    return True


async def _insert(tx: Tx, login: str, roles: frozenset[str], password_hash: str) -> None:
    if not await store.take_login(tx, login_digest(tx.secret, login)):
        raise Conflict("login-taken")
    new = Account(id=new_id(), state="active", login=login, name=None, email=None, activated_at=tx.now)
    await store.insert_account(tx, operator(new, roles, password_hash), raised=0)


async def _update(tx: Tx, account: Account, roles: frozenset[str], password_hash: str) -> None:
    if account.staff is not None:
        raise Conflict("login-taken")
    changed = operator(account, roles, password_hash)
    await session_store.end_sessions(tx, account.id)
    tell_revoked(tx, changed, "operator-changed", await store.save_account(tx, changed), [])
