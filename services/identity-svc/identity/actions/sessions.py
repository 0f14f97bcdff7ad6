"""Sign-in, refresh, sign-out, activation, passwords.

This is the one room whose functions may take the database instead of a transaction. Hashing a password costs tens of
milliseconds and must hold neither a connection nor a row lock: the account is read in one transaction, hashed for
outside any, and written in a second one under its row lock, where state and epoch are looked at again. And `refresh`
must remember what it refuses. The chassis still begins and ends every transaction.
"""

from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID

from chassis.db import Database
from chassis.errors import Fault, Invalid, NotFound, Unauthorized, WrongStep
from chassis.outbox import Tx, new_id, publish
from ekis_contracts import ForCabinet, ForNotify
from ekis_contracts.identity import AccountActivated
from ekis_contracts.values import Category

from identity.actions import ending, factors, requests
from identity.actions.revoking import tell_revoked
from identity.domain import accounts as domain
from identity.domain import requests as request_domain
from identity.domain import sessions
from identity.domain.accounts import Account
from identity.domain.audit import Act, Entry
from identity.domain.credentials import proof_wanted
from identity.domain.logins import login_key
from identity.domain.passwords import check_password, normal
from identity.domain.request import ISSUED
from identity.domain.sessions import Session, Signed
from identity.gateways import Hasher
from identity.store import accounts as account_store
from identity.store import audit, roll
from identity.store import requests as request_store
from identity.store import sessions as store

BY_HIMSELF = "self"
PASSWORD_CHANGED: Literal["password-changed"] = "password-changed"  # noqa: S105 - a reason
SIDS_AN_EVENT = 1_000  # an event must stay far below the broker's limit


@dataclass(frozen=True, slots=True)
class Admitted:
    """Who is signed in now, and the refresh token of the device."""

    account: Account
    session: Session
    refresh_token: str


@dataclass(frozen=True, slots=True)
class SignIn:
    """What a person shows at the door."""

    login: str
    password: str
    remembered: bool
    device: str | None
    code: str | None = None


def _refused() -> Unauthorized:
    return Unauthorized("invalid-credentials")


async def _admit(tx: Tx, account: Account, scope: sessions.Scope, like: SignIn | Session) -> Admitted:
    """A new session, `remembered` and on the `device` of a sign-in or of the session before."""
    session = sessions.begin(
        new_id(), account.id, account.session_epoch, scope, tx.now, remembered=like.remembered, device=like.device
    )
    if isinstance(like, Session):
        session = replace(session, proven_at=like.proven_at)
    await store.insert_session(tx, session)
    return Admitted(account, session, sessions.write_token(tx.secret, session))


async def sign_in(database: Database, hasher: Hasher, shown: SignIn, *, second_factor: bool) -> Admitted:
    """A new session. One refusal for whatever is wrong, at the price of one hash; `second_factor`: operators need one.

    Raises Unauthorized, Busy, TooManyCodes.
    """
    password = normal(shown.password)
    async with database.transaction() as tx:
        known = await account_store.account_with_login(tx, login_key(shown.login))
        proof = proof_wanted(known, password, tx.secret, tx.now)
    if not (proof.given or await hasher.fits(proof.password_hash, password)) or known is None:
        await _note_refusal(database, known)
        raise _refused()
    async with database.transaction() as tx:
        account = await account_store.account_for_update(tx, known.id)
        if account is None or (account.state, account.session_epoch) != (known.state, known.session_epoch):
            raise _refused()
        lacking = await factors.check_code(tx, account, shown.code)
        if lacking is None:
            await _note(tx, account, "signed-in")
            return await _admit(tx, account, await _scope(tx, account, second_factor=second_factor), shown)
    raise lacking


async def _scope(tx: Tx, account: Account, *, second_factor: bool) -> sessions.Scope:
    """For first steps alone while the one-time password is not replaced, or an operator's factor is not set up."""
    unready = account.roles and second_factor and not await factors.has_factor(tx, account.id)
    return "activation" if account.state == "issued" or unready else "full"


async def _note(tx: Tx, account: Account, act: Act) -> None:
    """Operators' comings and goings are on record."""
    if account.roles:
        await audit.add_entry(tx, Entry(act, account.id, account.id))


async def _note_refusal(database: Database, known: Account | None) -> None:
    if known and known.roles:
        async with database.transaction() as tx:
            await _note(tx, known, "sign-in-refused")


async def refresh(database: Database, token: str) -> Admitted:
    """The session goes on. A token that was exchanged long ago ends it. Raises Unauthorized."""
    async with database.transaction() as tx:
        admitted = await _rotate(tx, token)
    if admitted is None:
        raise Unauthorized("session-ended")
    return admitted


async def _rotate(tx: Tx, token: str) -> Admitted | None:
    meant = sessions.read_token(tx.secret, token)
    account = await account_store.account_of_session_for_update(tx, meant[0]) if meant else None
    session = await store.session(tx, meant[0]) if meant else None
    if meant is None or account is None or session is None:
        return None
    try:
        rotated = sessions.rotate(session, meant[1], account.session_epoch, tx.now)
    except sessions.Ended:
        return None
    except sessions.Reused:
        await _end_session(tx, account, session.id, "refresh-token-reused")
        await audit.add_entry(tx, Entry("refresh-token-reused", account.id, account.id))
        return None
    if rotated is not session:
        await store.save_rotation(tx, rotated)
    return Admitted(account, rotated, sessions.write_token(tx.secret, rotated))


async def sign_out(tx: Tx, account_id: UUID, session_id: UUID) -> None:
    """End this session; its access token dies everywhere."""
    account = await account_store.account_for_update(tx, account_id)
    if account is not None:
        await _end_session(tx, account, session_id, "signed-out")


async def end_own_session(tx: Tx, account_id: UUID, session_id: UUID) -> None:
    """Sign out one of the own devices. Raises NotFound."""
    account = await account_store.account_for_update(tx, account_id)
    session = await store.session(tx, session_id)
    if account is None or session is None or session.account_id != account.id:
        raise NotFound
    await _end_session(tx, account, session_id, "signed-out")


async def end_other_sessions(tx: Tx, who: Signed) -> None:
    """Sign out every device but this one."""
    account = await account_store.account_for_update(tx, who.account_id)
    sids = await store.end_sessions(tx, who.account_id, but=who.session_id)
    for at in range(0, len(sids) if account else 0, SIDS_AN_EVENT):
        assert account
        version = await account_store.raise_version(tx, account.id)
        tell_revoked(tx, account, "signed-out", version, sids[at : at + SIDS_AN_EVENT])


async def _end_session(tx: Tx, account: Account, session_id: UUID, reason: str) -> None:
    await store.end_session(tx, session_id)
    tell_revoked(tx, account, reason, await account_store.raise_version(tx, account.id), [session_id])


async def _own(tx: Tx, account_id: UUID) -> Account:
    account = await account_store.account(tx, account_id)
    if account is None:
        raise WrongStep("unknown", "sign-in")
    return account


async def _accepted(tx: Tx, account: Account, password: str) -> str:
    """The new password as it is to be hashed. Raises Invalid."""
    name = account.name
    context = [account.login or "", *((name.last_name, name.first_name, name.patronymic or "") if name else ())]
    if account.staff:
        context += await roll.school_names(tx, account.staff.school_id)
    try:
        return check_password(password, context)
    except Fault as fault:
        raise Invalid(fault.code, "/new_password", **fault.params) from None


async def activate(
    database: Database, hasher: Hasher, who: Signed, status: Category | None, password: str, *, second_factor: bool
) -> Admitted:
    """First sign-in: the status is checked against the roll, the one-time password used up. Operators state none.

    Raises Conflict, Invalid, Busy.
    """
    async with database.transaction() as tx:
        known = await _own(tx, who.account_id)
        domain.require_status(known, status)
        password = await _accepted(tx, known, password)
    made = await hasher.hash(password)
    async with database.transaction() as tx:
        account, session = await _activate(tx, known, who.session_id, status, made)
        return await _admit(tx, account, await _scope(tx, account, second_factor=second_factor), session)


async def _activate(
    tx: Tx, known: Account, session_id: UUID, status: Category | None, password_hash: str
) -> tuple[Account, Session]:
    request = await request_store.request_for_update(tx, known.request_id) if known.request_id else None
    account = await account_store.account_for_update(tx, known.id)
    session = await store.session(tx, session_id)
    if account is None or session is None:
        raise WrongStep(account.state if account else "unknown", "activate")
    domain.require_status(account, status)
    active = domain.activate(account, session.epoch, password_hash, tx.now)
    await store.end_sessions(tx, active.id)
    await _tell_active(tx, active, await account_store.save_account(tx, active))
    if request and request.state in ISSUED:
        await requests.settle(tx, request_domain.activate(request, tx.now))
    return active, session


async def _tell_active(tx: Tx, active: Account, version: int) -> None:
    """What others hear of an operator is that older sessions are dead."""
    await audit.add_entry(tx, Entry(PASSWORD_CHANGED, active.id, active.id))
    if active.staff is None:
        tell_revoked(tx, active, PASSWORD_CHANGED, version, [])
        return
    assert active.activated_at
    assert active.name
    event = AccountActivated(
        **active.facts,
        activated_at=active.activated_at,
        contact=ForNotify(active.contact),
        name=ForCabinet(active.name),
    )
    publish(tx, event, version)


async def change_password(database: Database, hasher: Hasher, who: Signed, current: str, password: str) -> None:
    """Every other session dies, this one goes on with its refresh token.

    Raises Unauthorized, Invalid, WrongStep, Busy.
    """
    async with database.transaction() as tx:
        known = await _own(tx, who.account_id)
        password = await _accepted(tx, known, password)
    if not await hasher.fits(known.password_hash, normal(current)):
        raise _refused()
    made = await hasher.hash(password)
    async with database.transaction() as tx:
        account = await account_store.account_for_update(tx, known.id)
        assert account, "accounts are never deleted"
        changed = domain.change_password(account, known.session_epoch, made)
        await store.end_sessions(tx, known.id, but=who.session_id)
        await store.lift_session(tx, who.session_id, changed.session_epoch)
        tell_revoked(tx, changed, PASSWORD_CHANGED, await account_store.save_account(tx, changed), [])
        await audit.add_entry(tx, Entry(PASSWORD_CHANGED, known.id, known.id))


async def disable_own(database: Database, hasher: Hasher, who: Signed, password: str, reason: str | None) -> None:
    """The person's own wish takes effect at once, after the password and a fresh proof of the second factor.

    Raises Unauthorized, NotFound, Conflict, WrongStep.
    """
    async with database.transaction() as tx:
        known = await _own(tx, who.account_id)
        await factors.require_proof(tx, who)
    if not await hasher.fits(known.password_hash, normal(password)):
        raise _refused()
    async with database.transaction() as tx:
        await ending.disable_account(tx, known.id, BY_HIMSELF)
        await audit.add_entry(tx, Entry("disable", known.id, known.id, reason=reason))
