"""Account requests: load, let domain/requests decide, save, and carry out what follows."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from chassis.errors import NotFound, WrongStep
from chassis.outbox import Tx, new_id, publish
from ekis_contracts import ForNotify, ForRegistry
from ekis_contracts.identity import AccountRequestClosed, AccountRequested
from ekis_contracts.values import Applicant, Category, PersonName, SchoolClaim, Tracking

from identity.actions import accounts
from identity.actions.roll import name_on_roll
from identity.domain import requests as domain
from identity.domain.accounts import Account, Staff
from identity.domain.addresses import address_key, masked
from identity.domain.credentials import digest, is_tracking_code, tracking_code
from identity.domain.duplicates import catch_up
from identity.domain.forms import DAY, REQUESTS_A_DAY
from identity.domain.request import (
    ENDS,
    Ask,
    Close,
    Decision,
    EndAccount,
    KillCredentials,
    OpenAccount,
    Readdress,
    Reissue,
    Request,
    Verdict,
)
from identity.store import accounts as account_store
from identity.store import quotas as quota_store
from identity.store import requests as store
from identity.store import roll

CONSENT = "2026-09"  # the version of the text that applicants agree to
REQUEST_CLOSED = "request-closed"
WAITING = "waiting-requests"  # wakes the loop that asks again


@dataclass(frozen=True, slots=True)
class Opening:
    """What registry says an account is to be opened for."""

    staff: Staff
    roll_version: int
    name: PersonName | None


async def request_account(tx: Tx, applicant: Applicant, school: SchoolClaim, category: Category) -> Request:
    """Take in a request. The answer never tells whether an open one of this address and school exists."""
    number = f"R{tx.now:%y}-{await store.next_number(tx):06d}"
    new = Request(new_id(), number, "received", "received", 1, applicant, applicant.lang, school, category, tx.now)
    key, silent = address_key(applicant.email), await _is_told_enough(tx, applicant.email)
    if silent:
        holder = await store.open_request(tx, key, school.inn)
    else:
        holder = await store.claim_address(tx, key, school.inn, new.id)
    first = holder == new.id
    new = new if first else replace(new, mirrors=holder)
    decision = domain.receive(new, tx.now, first=first, silent=silent)
    await store.insert_consent(tx, new.id, CONSENT)
    version = await store.insert_request(tx, decision.request, raised=_told(decision))
    await _carry_out(tx, decision, version, None)
    _seal_in_vain(tx, decision)
    return decision.request


async def _is_told_enough(tx: Tx, email: str) -> bool:
    """Whether this address has been named often enough today: whoever names it once more causes no mail."""
    key = digest(tx.secret, "requests-for", address_key(email))
    return await quota_store.use(tx, key, DAY) > REQUESTS_A_DAY


async def tracked(tx: Tx, number: str, code: str) -> Request:
    """The request whose tracking page this code opens. Raises NotFound, alike for a wrong number and a wrong code."""
    request = await store.request_numbered(tx, number)
    request_id = request.id if request else UUID(int=0)
    if not is_tracking_code(tx.secret, request_id, code) or request is None:
        raise NotFound
    return request


async def _locked(tx: Tx, request_id: UUID) -> Request:
    request = await store.request_for_update(tx, request_id)
    if request is None:
        raise WrongStep("unknown", "verdict")
    return request


async def lock_request_of(tx: Tx, account_id: UUID) -> Request | None:
    """The request of an account, locked before it as all locks are taken. Raises NotFound."""
    account = await accounts.account_of_staff(tx, account_id)
    return await store.request_for_update(tx, account.request_id) if account.request_id else None


async def correct_email(tx: Tx, request_id: UUID, email: str) -> Request:
    """Another address, judged anew; one that has an open request already makes this one its duplicate."""
    request = await _locked(tx, request_id)
    decision = domain.correct_email(request, email, tx.now)
    if request.state == "duplicate":
        return await settle(tx, decision)
    key, inn = address_key(email), request.school.inn
    if await _is_told_enough(tx, email):
        mirrored = replace(request, mirrors=await store.open_request(tx, key, inn))
        return await settle(tx, domain.collide(mirrored, email, tx.now, silent=True))
    await store.lock_claims(tx, request.id, key, inn)
    holder = await store.claim_address(tx, key, inn, request.id)
    if holder != request.id:
        return await settle(tx, domain.collide(replace(request, mirrors=holder), email, tx.now))
    await store.release_claims(tx, request.id, but=key)
    return await settle(tx, decision)


async def withdraw(tx: Tx, request_id: UUID) -> Request:
    """The applicant gives up."""
    return await settle(tx, domain.withdraw(await _locked(tx, request_id), tx.now))


async def resend(tx: Tx, request_id: UUID) -> Request:
    """New credentials to the address on file."""
    return await settle(tx, domain.resend(await _locked(tx, request_id), tx.now))


async def ask_again(tx: Tx, request_id: UUID) -> None:
    """No word has come: ask registry anew. A duplicate looks at the request that it mirrors, locked first."""
    real = await store.mirrored_for_update(tx, request_id)
    request = await _locked(tx, request_id)
    if request.ask_at is None or request.ask_at > tx.now:
        return
    if request.state == "duplicate":
        past = await store.timeline(tx, real.id) if real else []
        await settle(tx, catch_up(request, real, [one.note for one in past], tx.now))
    else:
        await settle(tx, domain.ask_again(request, tx.now))


async def expire(tx: Tx, request_id: UUID) -> None:
    """The end of what has waited in vain, also of the face that a duplicate shows."""
    request = await _locked(tx, request_id)
    if domain.is_overdue(request, tx.now):
        await settle(tx, domain.expire(request, tx.now))


async def step(tx: Tx, request_id: UUID, decide: Callable[[Request, datetime], Decision]) -> None:
    """Any step that needs nothing but the request: a verdict that holds, refers or declines, a mail's fate."""
    await settle(tx, decide(await _locked(tx, request_id), tx.now))


async def verify(tx: Tx, request_id: UUID, verdict: Verdict, staff: Staff) -> None:
    """Registry knows the person: open the account, unless the record has ended or has one, or its school is closed.

    The copy of the roll outlives the verdict's own words: whichever came first, the copy is what both end with.
    """
    request = await _locked(tx, request_id)
    await roll.ensure_staff(tx, staff.staff_id)
    record = await roll.staff_for_update(tx, staff.staff_id)
    place = record.staff or staff
    if not record.has_left and await roll.is_school_closed(tx, place.school_id):
        await settle(tx, domain.wait_for_roll(request, verdict, tx.now))
        return
    live = await account_store.live_account_of_staff(tx, staff.staff_id)
    decision = domain.verify(
        request, verdict, left=record.has_left, holder=live.holder if live else None, fresh=new_id(), now=tx.now
    )
    await settle(tx, decision, Opening(place, record.version, name_on_roll(tx, record)))


async def settle(tx: Tx, decision: Decision, opening: Opening | None = None) -> Request:
    """Keep a decision on a locked request and carry out what follows from it."""
    request = decision.request
    version = await store.save_request(tx, request, raised=_told(decision))
    if request.state in ENDS:
        await store.release_claims(tx, request.id)
    await _carry_out(tx, decision, version, opening)
    return request


def _told(decision: Decision) -> int:
    """How many events about the request it publishes: a silent one none, and its version waits for the first."""
    return sum(isinstance(effect, Ask | Close) for effect in decision.effects)


async def _note(tx: Tx, decision: Decision) -> None:
    """The lines of the tracking page, and of those of its duplicates."""
    request, notes = decision.request, decision.notes
    lines = [(request.id, note) for note in notes]
    if notes and decision.shared_from:
        for duplicate_id, email in await store.show_on_duplicates(tx, request, decision.shared_from):
            lines += [(duplicate_id, note.to(masked(email or ""))) for note in notes]
    if lines:
        await store.add_steps(tx, lines)
    if request.state == "duplicate" and request.ask_at:
        tx.wake(WAITING)


async def _carry_out(tx: Tx, decision: Decision, version: int, opening: Opening | None) -> None:
    await _note(tx, decision)
    for effect in decision.effects:
        match effect:
            case Ask():
                _tell_requested(tx, decision.request, version)
            case Close():
                await _tell_closed(tx, decision.request.id, effect, version)
            case OpenAccount(account_id):
                await _open_account(tx, decision.request, account_id, opening)
            case _:
                await _change_account(tx, effect)


async def _change_account(tx: Tx, effect: Reissue | Readdress | KillCredentials | EndAccount) -> None:
    match effect:
        case Reissue(account_id, email):
            await accounts.reissue_credentials(tx, account_id, email)
        case Readdress(account_id, email):
            await accounts.readdress(tx, account_id, email)
        case KillCredentials(account_id):
            await accounts.kill_credentials(tx, account_id)
        case EndAccount(account_id):
            await accounts.end_unused(tx, account_id, REQUEST_CLOSED)


def _requested(tx: Tx, request: Request) -> AccountRequested:
    assert request.applicant
    code = tracking_code(tx.secret, request.id)
    return AccountRequested(
        request_id=request.id,
        number=request.number,
        request_version=request.request_version,
        school=request.school,
        category=request.category,
        applicant=ForRegistry(request.applicant),
        contact=ForNotify(request.contact),
        tracking=ForNotify(Tracking(to=request.applicant.email, tracking_code=code)),
    )


def _tell_requested(tx: Tx, request: Request, version: int) -> None:
    publish(tx, _requested(tx, request), version)


def _seal_in_vain(tx: Tx, decision: Decision) -> None:
    """A duplicate costs as many seals as a request of which registry is asked, so that its answer comes no sooner."""
    if any(isinstance(effect, Ask) for effect in decision.effects):
        return
    event = _requested(tx, decision.request)
    for seal in list(event.seals())[len(decision.effects) :]:  # closing a duplicate takes one
        tx.seals.close(seal, decision.request.id, event.aggregate_id)
    event.model_dump_json()


async def _tell_closed(tx: Tx, request_id: UUID, close: Close, version: int) -> None:
    contact = close.contact
    if close.to_holder:
        holder = await account_store.account(tx, close.to_holder)
        contact = holder.contact if holder else None
    sealed = ForNotify(contact) if contact else None
    publish(
        tx,
        AccountRequestClosed(request_id=request_id, outcome=close.outcome, reason=close.reason, contact=sealed),
        version,
    )


async def _open_account(tx: Tx, request: Request, account_id: UUID, opening: Opening | None) -> None:
    assert opening
    assert request.applicant
    one = request.applicant
    name = opening.name or PersonName(last_name=one.last_name, first_name=one.first_name, patronymic=one.patronymic)
    blank = Account(
        id=account_id,
        state="issued",
        login=None,
        name=name,
        email=one.email,
        lang=request.lang,
        staff=opening.staff,
        roll_version=opening.roll_version,
    )
    await accounts.open_account(tx, request.id, blank)
