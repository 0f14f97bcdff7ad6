"""The own password: which ones are accepted, changing it, and ending the own account by it."""

from uuid import UUID

from chassis.db import Database
from chassis.errors import Fault, Invalid, WrongStep
from chassis.outbox import Tx

from identity.actions import attempts, ending, factors
from identity.actions.revoking import tell_revoked
from identity.domain import accounts as domain
from identity.domain.accounts import Account
from identity.domain.audit import Entry
from identity.domain.passwords import SHORTEST, SHORTEST_WITH_FACTOR, check_password, is_short
from identity.domain.sessions import Signed
from identity.gateways import Hasher
from identity.store import accounts as account_store
from identity.store import audit, roll
from identity.store import sessions as store

BY_HIMSELF = "self"


async def own_account(tx: Tx, account_id: UUID) -> Account:
    """Whose session asks. Raises WrongStep."""
    account = await account_store.account(tx, account_id)
    if account is None:
        raise WrongStep("unknown", "sign-in")
    return account


async def accepted(tx: Tx, account: Account, password: str) -> str:
    """The new password as it is to be hashed; beside a live second factor it may be shorter. Raises Invalid.

    A factor that goes meanwhile raises the account's epoch, and the password is not taken.
    """
    name = account.name
    context = [account.login or "", *((name.last_name, name.first_name, name.patronymic or "") if name else ())]
    if account.staff:
        context += await roll.school_names(tx, account.staff.school_id)
    shortest = SHORTEST_WITH_FACTOR if await factors.has_factor(tx, account.id) else SHORTEST
    try:
        return check_password(password, context, shortest)
    except Fault as fault:
        raise Invalid(fault.code, "/new_password", **fault.params) from None


async def change_password(database: Database, hasher: Hasher, who: Signed, current: str, password: str) -> None:
    """Every other session dies, this one goes on with its refresh token.

    Raises Unauthorized, Delayed, Invalid, WrongStep, Busy.
    """
    async with database.transaction() as tx:
        known = await own_account(tx, who.account_id)
        password = await accepted(tx, known, password)
    with hasher.seat() as seat:
        await attempts.prove_again(database, seat, known, current)
        made = await seat.hash(password)
    async with database.transaction() as tx:
        account = await account_store.account_for_update(tx, known.id)
        assert account, "accounts are never deleted"
        changed = domain.change_password(account, known.session_epoch, made, is_short=is_short(password))
        await store.end_sessions(tx, known.id, but=who.session_id)
        await store.lift_session(tx, who.session_id, changed.session_epoch)
        tell_revoked(tx, changed, "password-changed", await account_store.save_account(tx, changed), [])
        await audit.add_entry(tx, Entry("password-changed", known.id, known.id))


async def disable_own(database: Database, hasher: Hasher, who: Signed, password: str, reason: str | None) -> None:
    """The person's own wish takes effect at once, after the password and a fresh proof of the second factor.

    Raises Unauthorized, Delayed, NotFound, Conflict, WrongStep.
    """
    async with database.transaction() as tx:
        known = await own_account(tx, who.account_id)
        await factors.require_proof(tx, who)
    with hasher.seat() as seat:
        await attempts.prove_again(database, seat, known, password)
    async with database.transaction() as tx:
        await ending.disable_account(tx, known.id, BY_HIMSELF)
        await audit.add_entry(tx, Entry("disable", known.id, known.id, reason=reason))
