"""Identity's half: what its actions do with the request and its account, by its own rules."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from chassis.errors import WrongStep
from ekis_contracts.values import Applicant, SchoolClaim
from identity.domain import accounts
from identity.domain import requests as domain
from identity.domain.accounts import LIVE, Account, Staff
from identity.domain.request import (
    ISSUED,
    JUDGED,
    Ask,
    Close,
    Decision,
    Effect,
    EndAccount,
    KillCredentials,
    OpenAccount,
    Readdress,
    Reissue,
    Request,
    Verdict,
)

from request_model.state import (
    ANOTHER,
    HEAD,
    INN,
    NAME,
    NOW,
    ON_ROLL,
    OWN,
    REQUEST,
    SCHOOL_ID,
    STRANGER,
    TEACHER,
    TEACHERS,
    Bounds,
    Message,
    State,
)

Steps = Iterator[tuple[str, Callable[[], State]]]


def begin(bounds: Bounds) -> State:
    """The stranger has filed a request with the teacher's name and address."""
    roll = HEAD, ON_ROLL if bounds.address else replace(ON_ROLL, entry=replace(ON_ROLL.entry, email=None))
    who, school = Applicant(**NAME.model_dump(), email=TEACHER), SchoolClaim(inn=INN)
    fresh = Request(REQUEST, "R", "received", "received", 1, who, "ru", school, "employee", step_at=NOW)
    return settle(State(fresh, roll=roll), domain.receive(fresh, NOW, first=True))


def settle(state: State, decision: Decision, staff_id: UUID = TEACHERS) -> State:
    """Keep a decision and carry out what follows from it."""
    # Times and counters do not matter here, and would make the search endless.
    same = {"step_at": NOW, "ask_at": None, "asks": 0, "credentials_until": None, "mail_no": 0}
    state = replace(state, request=replace(decision.request, **same))  # type: ignore[arg-type]
    for effect in decision.effects:
        state = _carry_out(state, effect, staff_id)
    return state


def _carry_out(state: State, effect: Effect, staff_id: UUID) -> State:
    request = state.request
    match effect:
        case Ask():
            return state.send(Message("asked", request.request_version, about=request.contact.email))
        case Close():
            return state.send(Message("closed"))
        case OpenAccount(account_id):
            return _mailed(state, _blank(account_id, request.id, staff_id, request.contact.email))
        case _:
            return _change_account(state, effect)


def _change_account(state: State, effect: Reissue | Readdress | KillCredentials | EndAccount) -> State:
    match effect:
        case Reissue(account_id, email):
            return _mailed(state, _readdressed(_locked(state, account_id), email))
        case Readdress(account_id, email):
            return state.with_account(_readdressed(_locked(state, account_id), email))
        case KillCredentials(account_id):
            return state.with_account(accounts.kill_credentials(_locked(state, account_id)))
        case EndAccount(account_id):
            known = state.account(account_id)
            return state.with_account(accounts.disable(known, "request-closed", NOW)) if known else state


def _locked(state: State, account_id: UUID) -> Account:
    account = state.account(account_id)
    if account is None:
        raise WrongStep("disabled", "change")  # what the rules say of an account that has ended
    return account


def _blank(account_id: UUID, request_id: UUID, staff_id: UUID, email: str) -> Account:
    staff = Staff(staff_id, SCHOOL_ID, "employee", "учитель")
    return Account(account_id, "issued", "ivanova-a", None, email, staff=staff, request_id=request_id)


def _readdressed(account: Account, email: str | None) -> Account:
    return account if email is None else accounts.readdress(account, email)


def _mailed(state: State, account: Account) -> State:
    issued = accounts.issue(account, b"one-time", account.credential_no + 1, NOW)
    assert issued.email
    return replace(state.with_account(issued), mailed=state.mailed | {issued.email})


def waits(state: State, message: Message) -> State:
    """Registry says where the request waits."""
    verdict = Verdict(message.version, message.number)
    if message.what == "held":
        return settle(state, domain.hold(state.request, verdict, NOW))
    return settle(state, domain.refer(state.request, verdict, message.about, None, NOW))


def declined(state: State, message: Message) -> State:
    """Registry refuses."""
    verdict = Verdict(message.version, message.number)
    return settle(state, domain.decline(state.request, verdict, "no", NOW))


def verified(state: State, message: Message) -> State:
    """Registry knows the person."""
    staff_id = UUID(message.about)
    live = next((one for one in state.accounts if one.staff and one.staff.staff_id == staff_id), None)
    fresh = next(one for one in OWN if state.account(one) is None and one != state.request.account_id)
    decision = domain.verify(
        state.request,
        Verdict(message.version, message.number),
        left=staff_id in state.ended,
        holder=live.holder if live else None,
        fresh=fresh,
        now=NOW,
    )
    return settle(state, decision, staff_id)


def left(state: State, message: Message) -> State:
    """The staff record has ended: its account is suspended at once (end_staff)."""
    staff_id = UUID(message.about)
    state = replace(state, ended=state.ended | {staff_id})
    live = next((one for one in state.accounts if one.staff and one.staff.staff_id == staff_id), None)
    return state.with_account(accounts.leave_roll(live, NOW)) if live else state


HEARS = {"held": waits, "referred": waits, "declined": declined, "verified": verified, "left": left}


def steps(state: State, bounds: Bounds) -> Steps:
    """What the stranger, the teacher and the loops may do."""
    request = state.request
    if state.corrections < bounds.corrections:
        more = replace(state, corrections=state.corrections + 1)
        for address in (STRANGER, TEACHER):
            yield f"correct {address}", lambda a=address: settle(more, domain.correct_email(request, a, NOW))  # type: ignore[misc]
            yield f"collide {address}", lambda a=address: settle(more, domain.collide(request, a, NOW))  # type: ignore[misc]
    yield "withdraw", lambda: settle(state, domain.withdraw(request, NOW))
    if not state.flying:  # nothing is on its way for a month
        yield "expire", lambda: settle(state, domain.expire(replace(request, step_at=NOW - timedelta(days=31)), NOW))
    if not state.flying or state.asks < bounds.asks:
        asks = state.asks + bool(state.flying)
        yield "ask again", lambda: settle(replace(state, asks=asks), domain.ask_again(request, NOW))
    yield "resend", lambda: settle(state, domain.resend(request, NOW))
    if bounds.others:
        yield "another request", lambda: another(state)
        yield from _of_the_desk(state)
    yield from _of_the_account(state)


def _of_the_account(state: State) -> Steps:
    account, request = state.account(state.request.account_id), state.request
    if account is None:
        return
    newest = account.one_time is not None  # a killed one is not the newest
    for delivered in (True, False):
        yield (
            "delivered" if delivered else "bounce",
            lambda delivered=delivered: settle(  # type: ignore[misc]
                state, domain.mail_credentials(request, newest=newest, delivered=delivered, number=1, now=NOW)
            ),
        )
    yield "activate", lambda: activate(state, account)
    if account.disable_at:
        yield "14 days", lambda: disable_left(state, account)


def _of_the_desk(state: State) -> Steps:
    account = state.account(state.request.account_id)
    if account:
        yield "resume", lambda: state.with_account(accounts.resume(account, "desk"))
        yield "restore", lambda: restore(state, account)


def activate(state: State, account: Account) -> State:
    """Whoever holds the living one-time password signs in and makes the account an own one."""
    active = state.with_account(accounts.activate(account, account.session_epoch, "hash", NOW, is_short=False))
    return settle(active, domain.activate(state.request, NOW)) if state.request.state in ISSUED else active


def restore(state: State, account: Account) -> State:
    """The desk lets new credentials be mailed to the address on file; a request that waits for them says so."""
    restored = accounts.restore(account, b"one-time", account.credential_no + 1, NOW)
    assert restored.email
    told = replace(state.with_account(restored), mailed=state.mailed | {restored.email})
    return settle(told, domain.restore(state.request, NOW)) if account.state == "issued" else told


def disable_left(state: State, account: Account) -> State:
    """Second thoughts are over; a request that still waits for this account ends with it."""
    ended = state.with_account(accounts.disable(account, accounts.LEFT_ROLL, NOW))
    waiting = state.request.state in ISSUED | JUDGED
    return settle(ended, domain.lose_account(state.request, accounts.LEFT_ROLL, NOW)) if waiting else ended


def another(state: State) -> State:
    """The teacher gets an account by a request of her own, unless her record has a live one."""
    taken = any(one.staff and one.staff.staff_id == TEACHERS and one.state in LIVE for one in state.accounts)
    if taken or not state.registered or TEACHERS in state.ended:
        raise WrongStep("issued", "open")
    return _mailed(state, _blank(ANOTHER, ANOTHER, TEACHERS, TEACHER))
