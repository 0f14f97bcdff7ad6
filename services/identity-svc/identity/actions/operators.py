"""Operators: the first by a command on the server, the others by admins. They have no account events (those tell of
staff): others hear of them by sessions-revoked alone."""

from uuid import UUID

from chassis.db import Database
from chassis.errors import Conflict, NotFound
from chassis.outbox import Tx, new_id

from identity.actions.revoking import tell_revoked
from identity.domain import accounts as account_domain
from identity.domain import operators as domain
from identity.domain.accounts import Account
from identity.domain.audit import Act, Entry
from identity.domain.credentials import login_digest, one_time_digest, operator_password
from identity.domain.operators import CHANGED, OperatorAct
from identity.gateways import Hasher
from identity.store import accounts as store
from identity.store import audit
from identity.store import factors as factor_store
from identity.store import operators as operator_store
from identity.store import sessions as session_store

_NOTED: dict[OperatorAct, Act] = {
    "suspend": "operator-suspended",
    "resume": "operator-resumed",
    "disable": "operator-disabled",
}


async def make_operator(database: Database, hasher: Hasher, login: str, roles: frozenset[str], password: str) -> bool:
    """Make or update an operator; whether anything changed. A changed one has to sign in again. Raises Conflict."""
    async with database.transaction() as tx:
        known = await store.account_with_login(tx, login)
    with hasher.seat() as seat:
        if known and known.roles == roles and await seat.fits(known.password_hash, password):
            return False
        made = await seat.hash(password)
    async with database.transaction() as tx:
        account = await store.account_for_update(tx, known.id) if known else None
        await (_update(tx, account, roles, made) if account else _insert(tx, login, roles, made))
    return True


async def _insert(tx: Tx, login: str, roles: frozenset[str], password_hash: str) -> None:
    account = domain.equip(await _blank(tx, login), roles, password_hash, tx.now)
    await store.insert_account(tx, account, raised=0)
    await _note(tx, account, "operator-made", None)


async def _blank(tx: Tx, login: str) -> Account:
    if not await store.take_login(tx, login_digest(tx.secret, login)):
        raise Conflict("login-taken")
    return Account(id=new_id(), state="issued", login=login, name=None, email=None)


async def _update(tx: Tx, account: Account, roles: frozenset[str], password_hash: str) -> None:
    if account.staff is not None:
        raise Conflict("login-taken")
    await _cut_off(tx, domain.equip(account, roles, password_hash, tx.now))
    await _note(tx, account, "operator-roles", None, roles)


async def add_operator(tx: Tx, login: str, roles: frozenset[str], by: UUID) -> Account:
    """A new one, whose first sign-in replaces the one-time password. Raises Conflict."""
    blank = domain.change_roles(await _blank(tx, login), roles)
    account = account_domain.issue(blank, _one_time(tx, blank.id, 1), 1, tx.now)
    await store.insert_account(tx, account, raised=0)
    await _note(tx, account, "operator-made", by, roles)
    return account


async def renew_password(tx: Tx, operator_id: UUID, by: UUID) -> Account:
    """Another one-time password for who has not signed in within 3 days. Raises NotFound, WrongStep."""
    account = await _locked(tx, operator_id)
    number = account.credential_no + 1
    issued = account_domain.issue(account, _one_time(tx, account.id, number), number, tx.now)
    await _cut_off(tx, issued)
    await _note(tx, issued, "operator-password", by)
    return issued


def _one_time(tx: Tx, account_id: UUID, number: int) -> bytes:
    return one_time_digest(tx.secret, account_id, number, operator_password(tx.secret, account_id, number))


async def known_operator(tx: Tx, operator_id: UUID) -> Account:
    """The operator as it is. Raises NotFound."""
    account = await store.account(tx, operator_id)
    if account is None or not account.roles:
        raise NotFound
    return account


async def change_roles(tx: Tx, operator_id: UUID, roles: frozenset[str], by: UUID) -> None:
    """Other roles. Raises NotFound, Forbidden, Conflict."""
    admins = await operator_store.active_admins_for_update(tx)
    account = await _locked(tx, operator_id)
    domain.require_other(account, by)
    changed = domain.change_roles(account, roles)
    domain.require_admin_left(account, changed, admins)
    if changed.session_epoch > account.session_epoch:
        await _cut_off(tx, changed)
    else:
        await store.save_account(tx, changed, raised=0)
    await _note(tx, changed, "operator-roles", by, roles)


async def act_on_operator(tx: Tx, operator_id: UUID, act: OperatorAct, by: UUID, reason: str) -> None:
    """Suspend, resume or disable. Raises NotFound, Forbidden, Conflict, WrongStep."""
    admins = await operator_store.active_admins_for_update(tx)
    account = await _locked(tx, operator_id)
    domain.require_other(account, by)
    changed = domain.change_state(account, act, tx.now)
    domain.require_admin_left(account, changed, admins)
    if act == "disable":
        await factor_store.drop_factor(tx, account.id)
    await _cut_off(tx, changed)
    await audit.add_entry(tx, Entry(_NOTED[act], by, account.id, reason=reason))


async def _locked(tx: Tx, operator_id: UUID) -> Account:
    account = await store.account_for_update(tx, operator_id)
    if account is None or not account.roles:
        raise NotFound
    return account


async def _cut_off(tx: Tx, changed: Account) -> None:
    await session_store.end_sessions(tx, changed.id)
    tell_revoked(tx, changed, CHANGED, await store.save_account(tx, changed), [])


async def _note(tx: Tx, account: Account, act: Act, by: UUID | None, roles: frozenset[str] | None = None) -> None:
    details = {"roles": " ".join(sorted(roles))} if roles else {}
    await audit.add_entry(tx, Entry(act, by, account.id, details=details))
