"""The second factor: set up, shown at the door and for acts that ask again, taken off.

`check_code` returns its refusal and `prove` takes the database, for a wrong code has to be remembered.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from chassis.db import Database
from chassis.errors import AppError, Conflict, Invalid, NotFound, Unauthorized
from chassis.outbox import Tx

from identity.actions.attempts import prove_again
from identity.actions.revoking import end_others
from identity.domain import factors as domain
from identity.domain.accounts import Account, require_long_password
from identity.domain.audit import Act, Entry
from identity.domain.factors import CHANGED, Enrolment, Factor
from identity.domain.sessions import Session, Signed
from identity.gateways import Hasher
from identity.store import accounts as account_store
from identity.store import audit
from identity.store import factors as store
from identity.store import sessions as session_store


@dataclass(frozen=True, slots=True)
class Shown:
    """What a person proves by: a code of a live factor, or the password."""

    code: str | None
    password: str | None


async def check_code(tx: Tx, account: Account, code: str | None) -> AppError | None:
    """What signing in lacks; nothing without a live factor, or with a good code, which is used up. Locked `account`."""
    factor = await store.factor(tx, account.id)
    if factor is None or not factor.is_on:
        return None
    if code is None:
        return Unauthorized("second-factor-required")
    return await _use(tx, factor, code, Unauthorized("invalid-credentials"))


async def _use(tx: Tx, factor: Factor, code: str, refusal: AppError) -> AppError | None:
    if barred := domain.bar(factor, tx.now):
        return barred
    used = domain.use(factor, tx.secret, code, tx.now)
    await store.save_factor(tx, used or domain.fail(factor, tx.now))
    if used is None:
        await audit.add_entry(tx, Entry("second-factor-failed", factor.account_id, factor.account_id))
        return refusal
    if len(used.recovery) < len(factor.recovery):
        await audit.add_entry(tx, Entry("recovery-code-used", factor.account_id, factor.account_id))
    return None


async def has_factor(tx: Tx, account_id: UUID) -> bool:
    """Whether signing in asks for a code."""
    factor = await store.factor(tx, account_id)
    return factor is not None and factor.is_on


async def prove(database: Database, hasher: Hasher, who: Signed, shown: Shown) -> None:
    """The session may do for 5 minutes what asks for a proof: by a code, or without a live factor by the password.

    Raises Unauthorized, Invalid, TooManyCodes, Busy.
    """
    async with database.transaction() as tx:
        account, _ = await _own(tx, who)
        factor = await store.factor(tx, account.id)
        by_code = factor is not None and factor.is_on
        refusal = await _prove_code(tx, who, factor, shown.code) if factor and by_code else None
    if refusal:
        raise refusal
    if not by_code:
        await _prove_password(database, hasher, who, account, shown.password)


async def _prove_code(tx: Tx, who: Signed, factor: Factor, code: str | None) -> AppError | None:
    if code is None:
        raise Invalid("missing", "/code")
    refusal = await _use(tx, factor, code, Invalid("wrong-code", "/code"))
    if refusal is None:
        await session_store.note_proof(tx, who.session_id)
    return refusal


async def _prove_password(
    database: Database, hasher: Hasher, who: Signed, known: Account, password: str | None
) -> None:
    if password is None:
        raise Invalid("missing", "/password")
    with hasher.seat() as seat:
        await prove_again(database, seat, known, password)
    async with database.transaction() as tx:
        account, _ = await _own(tx, who)
        if account.session_epoch != known.session_epoch:
            raise Unauthorized("session-ended")
        await session_store.note_proof(tx, who.session_id)


async def require_proof(tx: Tx, who: Signed) -> None:
    """Raises ProofRequired when the account has a live factor and this session's last code is older than 5 minutes."""
    if await has_factor(tx, who.account_id):
        session = await session_store.session(tx, who.session_id)
        domain.require_fresh(session.proven_at if session else None, tx.now)


async def enrol(tx: Tx, who: Signed) -> Enrolment:
    """Begin, or begin anew; with a fresh proof also for the first one, except as one of the first steps (ASVS 7.5.1).

    Raises Unauthorized, WrongStep, Forbidden.
    """
    account, session = await _own(tx, who)
    domain.require_enrolling(account, session.scope)
    if session.scope == "full":
        domain.require_fresh(session.proven_at, tx.now)
    factor = await store.factor(tx, account.id) or Factor(account.id)
    kept, shown = domain.enrol(factor, account, tx.secret)
    await store.save_factor(tx, kept)
    return shown


async def confirm(tx: Tx, who: Signed, code: str) -> None:
    """The factor is live: every other session dies, this one is a full one. Raises Conflict, Invalid."""
    account, session = await _own(tx, who)
    domain.require_enrolling(account, session.scope)
    factor = await store.factor(tx, account.id) or Factor(account.id)
    await store.save_factor(tx, domain.confirm(factor, tx.secret, code, tx.now))
    await session_store.fulfil_session(tx, who.session_id)
    await _change(tx, account, "second-factor-on", who)


async def take_off(tx: Tx, who: Signed, *, required: bool) -> None:
    """Signing in asks for no code any more; every other session dies. `required`: not for operators.

    Raises Conflict.
    """
    account, _ = await _own(tx, who)
    if account.roles and required:
        raise Conflict("second-factor-kept")
    await _require_removable(tx, account)
    await store.drop_factor(tx, account.id)
    await _change(tx, account, "second-factor-off", who)


async def renew_codes(tx: Tx, who: Signed) -> Sequence[str]:
    """New recovery codes, shown once. Raises Conflict."""
    account, _ = await _own(tx, who)
    factor, codes = domain.recode(await store.factor(tx, account.id) or Factor(account.id), tx.secret)
    await store.save_factor(tx, factor)
    await audit.add_entry(tx, Entry("recovery-codes-renewed", account.id, account.id))
    return codes


async def forget_factor(tx: Tx, account_id: UUID) -> None:
    """Somebody else takes it off, for it is lost; every session dies. Raises NotFound, Conflict."""
    account = await lock_to_forget(tx, account_id)
    await store.drop_factor(tx, account_id)
    await end_others(tx, account, CHANGED)


async def lock_to_forget(tx: Tx, account_id: UUID) -> Account:
    """The account whose live factor may go, under its row lock. Raises NotFound, Conflict."""
    account = await account_store.account_for_update(tx, account_id)
    if account is None:
        raise NotFound
    await _require_removable(tx, account)
    return account


async def _require_removable(tx: Tx, account: Account) -> None:
    """There has to be a live one, and a password that is enough without it. Raises Conflict."""
    domain.require_on(await store.factor(tx, account.id) or Factor(account.id))
    require_long_password(account)


async def _own(tx: Tx, who: Signed) -> tuple[Account, Session]:
    account = await account_store.account_for_update(tx, who.account_id)
    session = await session_store.session(tx, who.session_id)
    if account is None or session is None:
        raise Unauthorized("session-ended")
    return account, session


async def _change(tx: Tx, account: Account, act: Act, who: Signed) -> None:
    await end_others(tx, account, CHANGED, but=who.session_id)
    await audit.add_entry(tx, Entry(act, account.id, account.id))
