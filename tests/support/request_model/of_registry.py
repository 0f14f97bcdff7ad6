"""Registry's half: what its actions do with the request, by its own rules."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from chassis.errors import AppError
from registry.domain import requests as domain
from registry.domain.requests import AccountRequest, Answer, Decider, Declined, NeedsSchool, Referred, Verdict, Verified
from registry.domain.staff import Staff, StaffEntry

from request_model.state import CLAIMS, ENROLLED, HEAD, NOW, SCHOOL, TEACHER, TEACHERS, Bounds, Message, State

Steps = Iterator[tuple[str, Callable[[], State]]]

DECIDERS = (Decider("head", HEAD), Decider("department", None))
STATES = {NeedsSchool: "held", Referred: "referred", Verified: "verified", Declined: "declined"}


def say(state: State, kept: AccountRequest, verdict: Verdict) -> State:
    """Keep a verdict and tell it (give_verdict, and repeat_verdict for the same again)."""
    name = STATES[type(verdict)]
    kept = replace(kept, version=kept.version + 1, state=name, verdict=verdict)  # type: ignore[arg-type]
    about = str(verdict.staff_id) if isinstance(verdict, Verified) else ""
    about = verdict.to if isinstance(verdict, Referred) else about
    message = Message(name, kept.request_version, kept.version, about)
    return replace(state, kept=kept).send(message)


def verdict_on(state: State, email: str) -> Verdict:
    """What registry's present knowledge says."""
    return domain.judge(CLAIMS[email], [SCHOOL] if state.registered else [], state.roll, NOW)


def asked(state: State, message: Message) -> State:
    """Judge this version; asked again, answer again (judge_request)."""
    kept, version = state.kept, message.version
    kept.require_current(version)
    known = kept.verdict if kept.request_version == version else None
    if known and still_stands(state, known):
        return say(state, kept, known)
    fresh = replace(kept, request_version=version, claim=CLAIMS[message.about])
    return say(state, fresh, verdict_on(state, message.about))


def still_stands(state: State, verdict: Verdict) -> bool:
    """False when the person who was verified has left since."""
    return not isinstance(verdict, Verified) or live(state, verdict.staff_id) is not None


def live(state: State, staff_id: object) -> Staff | None:
    """A record of the roll that has not ended."""
    return next((one for one in state.roll if one.staff_id == staff_id and one.is_live), None)


def closed(state: State, _: Message) -> State:
    """The request has ended: nothing of it is left."""
    return replace(state, kept=replace(state.kept, state="closed", claim=None, verdict=None))


HEARS = {"asked": asked, "closed": closed}


def steps(state: State, bounds: Bounds) -> Steps:
    """What people do to the registry, and what it does by itself."""
    if not state.registered:
        yield "register", lambda: register(state)
    if state.kept.state == "referred" and state.kept.referral.to == "head":
        yield "hand over", lambda: say(state, state.kept, replace(state.kept.referral, to="department", until=None))
    if bounds.leaves and (teacher := live(state, TEACHERS)):
        yield "leave", lambda: leave(state, teacher)
    for decider in DECIDERS:
        if bounds.slow:
            yield f"{decider.by} looks", lambda decider=decider: look(state, decider)  # type: ignore[misc]
        yield f"{decider.by} confirms", lambda decider=decider: confirm(state, decider, bounds)  # type: ignore[misc]
        yield f"{decider.by} declines", lambda decider=decider: decline(state, decider, bounds)  # type: ignore[misc]


def register(state: State) -> State:
    """The school enters, and the request that waited for it is judged (resume_requests)."""
    entered = replace(state, registered=True)
    if entered.kept.state != "held":
        return entered
    verdict = verdict_on(entered, entered.kept.asked.applicant.email)
    return entered if isinstance(verdict, NeedsSchool) else say(entered, entered.kept, verdict)


def leave(state: State, staff: Staff) -> State:
    """Somebody works there no more."""
    roll = tuple(replace(one, ended_at=NOW) if one == staff else one for one in state.roll)
    return replace(state, roll=roll).send(Message("left", about=str(staff.staff_id)))


def look(state: State, decider: Decider) -> State:
    """The referral is read: whose address does it show?"""
    version = state.kept.request_version
    claim, _ = domain.require_decidable(state.kept, replace(decider, read=version))
    others = frozenset(one for one in state.seen if one[0] != decider.by)
    return replace(state, seen=others | {(decider.by, claim.applicant.email, version)})


def reader(state: State, decider: Decider, bounds: Bounds) -> tuple[Decider, str | None]:
    """The decider with what was read, and whose address that showed; who is not slow has read it just now."""
    if not bounds.slow:
        kept = state.kept
        return replace(decider, read=kept.request_version), kept.claim.applicant.email if kept.claim else None
    for by, email, version in state.seen:
        if by == decider.by:
            return replace(decider, read=version), email
    return decider, None


def confirm(state: State, decider: Decider, bounds: Bounds) -> State:
    """Nobody vouches for a stranger's address: a decider confirms when the one that was read is the teacher's."""
    decider, address = reader(state, decider, bounds)
    if address != TEACHER:
        raise Unvouched
    _, referred = domain.require_decidable(state.kept, decider)
    unread = replace(state, seen=frozenset(one for one in state.seen if one[0] != decider.by))
    if live(state, TEACHERS):
        chosen = domain.require_chosen(live(state, TEACHERS), [referred.school_id], decider.by)
        return say(unread, unread.kept, Verified(chosen.school_id, chosen.staff_id, decider.by))
    return enrol(unread, decider)


def enrol(state: State, decider: Decider) -> State:
    """Confirmed as somebody who is not on the roll yet, or not any more: a new record, once in this model."""
    claim, referred = domain.require_decidable(state.kept, decider)
    answer = Answer(confirms=True, post="учитель", category="employee")
    post, category = domain.new_place(answer, referred, decider.by)
    staff = live(state, ENROLLED)
    if staff is None:
        if len(state.roll) > 2:
            raise Unvouched
        staff = Staff(ENROLLED, referred.school_id, 1, StaffEntry(domain.name_of(claim.applicant), post, category))
        state = replace(state, roll=(*state.roll, staff))
    return say(state, state.kept, Verified(staff.school_id, staff.staff_id, decider.by))


def decline(state: State, decider: Decider, bounds: Bounds) -> State:
    """No."""
    decider, _ = reader(state, decider, bounds)
    _, referred = domain.require_decidable(state.kept, decider)
    return say(state, state.kept, Declined(domain.decline_code(decider.by), referred.school_id))


class Unvouched(AppError):
    """Nobody would do that."""

    def __init__(self) -> None:
        super().__init__("unvouched")
