"""Signing in, and the first steps after it.

Like `passwords` this room takes the database instead of a transaction. Hashing a password costs tens of milliseconds
and must hold neither a connection nor a row lock: the account is read in one transaction, hashed for outside any, and
written in a second one under its row lock, where state and epoch are looked at again. The chassis still begins and
ends every transaction.
"""

from dataclasses import dataclass, replace
from uuid import UUID

from chassis.db import Database
from chassis.errors import Unauthorized, WrongStep
from chassis.outbox import Tx, new_id
from ekis_contracts import ForCabinet, ForNotify
from ekis_contracts.identity import AccountActivated
from ekis_contracts.values import Category

from identity.actions import attempts, factors, requests
from identity.actions.passwords import accepted, own_account
from identity.actions.revoking import tell_revoked
from identity.actions.sessions import Admitted
from identity.actions.telling import tell_account
from identity.domain import accounts as domain
from identity.domain import requests as request_domain
from identity.domain import sessions
from identity.domain.accounts import Account
from identity.domain.attempts import at_the_door, known_device
from identity.domain.audit import Act, Entry
from identity.domain.credentials import proof_wanted
from identity.domain.logins import login_key
from identity.domain.passwords import is_short, normal
from identity.domain.request import ISSUED
from identity.domain.sessions import Session, Signed
from identity.gateways import Hasher
from identity.store import accounts as account_store
from identity.store import attempts as attempt_store
from identity.store import audit
from identity.store import requests as request_store
from identity.store import sessions as store


@dataclass(frozen=True, slots=True)
class SignIn:
    """What a person shows at the door, from where (`source`), and the token of a device that has been here before."""

    login: str
    password: str
    remembered: bool
    device: str | None
    source: str
    device_token: str
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

    Raises Unauthorized, Delayed, Busy, TooManyCodes.
    """
    password, login = normal(shown.password), login_key(shown.login)
    device = known_device(database.secret, login, shown.device_token)
    counted = at_the_door(database.secret, login, shown.source, device)
    with hasher.seat() as seat:
        async with database.transaction() as tx:
            await attempts.count_guess(tx, counted)
            known = await account_store.account_with_login(tx, login)
            proof = proof_wanted(known, password, tx.secret, tx.now)
        if not (proof.given or await seat.fits(proof.password_hash, password)) or known is None:
            async with database.transaction() as tx:  # alike for everybody; what an operator's tells is recorded later
                await audit.note_refusal(tx, known.id if known and known.roles else None)
            raise _refused()
        renewed = await seat.renewed(proof.password_hash, password)
    async with database.transaction() as tx:
        account = await account_store.account_for_update(tx, known.id)
        if account is None or (account.state, account.session_epoch) != (known.state, known.session_epoch):
            raise _refused()
        lacking = await factors.check_code(tx, account, shown.code)
        if lacking is None or shown.code is None:  # to be asked for the code is no wrong guess
            await attempt_store.take_back(tx, counted)
        if lacking is None:
            await _take_in(tx, account, renewed)
            return await _admit(tx, account, await _scope(tx, account, second_factor=second_factor), shown)
    raise lacking


async def _scope(tx: Tx, account: Account, *, second_factor: bool) -> sessions.Scope:
    """For first steps alone while the one-time password is not replaced, or an operator's factor is not set up."""
    unready = account.roles and second_factor and not await factors.has_factor(tx, account.id)
    return "activation" if account.needs_password or unready else "full"


async def _note(tx: Tx, account: Account, act: Act) -> None:
    """Operators' comings and goings are on record."""
    if account.roles:
        await audit.add_entry(tx, Entry(act, account.id, account.id))


async def _take_in(tx: Tx, account: Account, renewed: str | None) -> None:
    """What is kept of the password is by the parameters of today."""
    await account_store.note_signed_in(tx, account.id)
    await _note(tx, account, "signed-in")
    if renewed:
        await account_store.renew_hash(tx, account.id, renewed)


async def activate(
    database: Database, hasher: Hasher, who: Signed, status: Category | None, password: str, *, second_factor: bool
) -> Admitted:
    """First sign-in, or the first after a restore: the status is checked, the one-time password used up.

    Operators state none.

    Raises Conflict, Invalid, Busy.
    """
    async with database.transaction() as tx:
        known = await own_account(tx, who.account_id)
        domain.require_status(known, status)
        password = await accepted(tx, known, password)
    with hasher.seat() as seat:
        made = await seat.hash(password)
    async with database.transaction() as tx:
        account, session = await _activate(tx, known, who.session_id, status, made, is_short=is_short(password))
        return await _admit(tx, account, await _scope(tx, account, second_factor=second_factor), session)


async def _activate(
    tx: Tx, known: Account, session_id: UUID, status: Category | None, password_hash: str, *, is_short: bool
) -> tuple[Account, Session]:
    request = await request_store.request_for_update(tx, known.request_id) if known.request_id else None
    account = await account_store.account_for_update(tx, known.id)
    session = await store.session(tx, session_id)
    if account is None or session is None:
        raise WrongStep(account.state if account else "unknown", "activate")
    domain.require_status(account, status)
    active = domain.activate(account, session.epoch, password_hash, tx.now, is_short=is_short)
    await store.end_sessions(tx, active.id)
    first = not account.activated_at
    await _tell_active(tx, active, await account_store.save_account(tx, active), first=first)
    if request and request.state in ISSUED:
        await requests.settle(tx, request_domain.activate(request, tx.now))
    return active, session


async def _tell_active(tx: Tx, active: Account, version: int, *, first: bool) -> None:
    """What others hear of an operator, or of who was restored, is that older sessions are dead."""
    await audit.add_entry(tx, Entry("password-changed", active.id, active.id))
    if active.staff is None or not first:
        tell_revoked(tx, active, "password-changed", version, [])
        return
    assert active.activated_at
    assert active.name
    event = AccountActivated(
        **active.facts,
        activated_at=active.activated_at,
        contact=ForNotify(active.contact),
        name=ForCabinet(active.name),
    )
    tell_account(tx, active, event, version)
