"""The request story as an exhaustive model: the services' own rules, every interleaving of what may happen.

A stranger knows a teacher's name and address and holds the tracking code of a request filed with them. Messages arrive
in any order; every step of a person, a loop or the roll may come between any two of them.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from chassis.errors import AppError
from ekis_contracts.values import Applicant, SchoolClaim
from identity.domain import requests as identity
from identity.domain.request import (
    ENDS,
    Ask,
    Decision,
    Effect,
    EndAccount,
    Holder,
    KillCredentials,
    OpenAccount,
    Readdress,
    Reissue,
    Request,
    Verdict,
)

TEACHER, STRANGER = "teacher@roll.example", "stranger@evil.example"
NOW = datetime(2026, 11, 23, tzinfo=UTC)
FIRST, SECOND = UUID(int=1), UUID(int=2)

Message = tuple[str, int, int, str]  # what, request version, verdict number, address


@dataclass(frozen=True)
class Bounds:
    """How often a person or a loop may repeat itself: without a bound the search would not end."""

    corrections: int = 2
    asks: int = 0
    resends: int = 1


@dataclass(frozen=True)
class Registry:
    """What registry holds of the request: the version judged, its address, the verdict, how often it has spoken."""

    version: int = 0
    address: str = ""
    verdict: str = ""
    number: int = 0


@dataclass(frozen=True)
class Account:
    """The account, the address on file, and whether a one-time password lives."""

    id: UUID
    address: str
    alive: bool


@dataclass(frozen=True)
class State:
    """One moment of the whole story."""

    request: Request
    registry: Registry = Registry()
    account: Account | None = None
    flying: frozenset[Message] = frozenset()
    on_roll: bool = True
    registered: bool = False
    vouched: frozenset[str] = frozenset()
    mailed: frozenset[str] = frozenset()
    corrections: int = 0
    asks: int = 0
    resends: int = 0


FEW = Bounds()


def begin() -> State:
    """The stranger has filed a request with the teacher's name and address."""
    applicant = Applicant(last_name="Иванова", first_name="Анна", email=TEACHER)
    school = SchoolClaim(inn="7707083893")
    fresh = Request(
        id=UUID(int=9),
        number="R",
        state="received",
        shown="received",
        request_version=1,
        applicant=applicant,
        lang="ru",
        school=school,
        category="employee",
        step_at=NOW,
    )
    return apply(State(fresh), identity.receive(fresh, NOW, first=True))


def apply(state: State, decision: Decision) -> State:
    """What identity's actions do with a decision."""
    # Times and counters do not matter here, and would make the search endless.
    request = replace(decision.request, step_at=NOW, ask_at=None, asks=0, credentials_until=None, mail_no=0)
    account, mailed, flying = state.account, state.mailed, state.flying
    for effect in decision.effects:
        account = _account_after(account, effect, request)
        if isinstance(effect, Ask):
            flying |= {("asked", request.request_version, 0, request.contact.email)}
        if isinstance(effect, OpenAccount | Reissue) and account:
            mailed |= {account.address}
    return replace(state, request=request, account=account, mailed=mailed, flying=flying)


def _account_after(account: Account | None, effect: Effect, request: Request) -> Account | None:
    match effect:
        case OpenAccount(account_id):
            return Account(account_id, request.contact.email, alive=True)
        case Reissue(_, email) if account:
            return Account(account.id, email or account.address, alive=True)
        case Readdress(_, email) if account:
            return replace(account, address=email)
        case KillCredentials() if account:
            return replace(account, alive=False)
        case EndAccount():
            return None
    return account


def said(state: State, verdict: str) -> State:
    """Registry gives a verdict on the version it holds."""
    registry = replace(state.registry, verdict=verdict, number=state.registry.number + 1)
    message = (verdict, registry.version, registry.number, "")
    vouched = state.vouched | {registry.address} if verdict == "verified" else state.vouched
    return replace(state, registry=registry, flying=state.flying | {message}, vouched=vouched)


def verdict_on(state: State, address: str) -> str:
    """Registry's table in short (its own tests hold the long one): what this address leads to now."""
    if not state.registered:
        return "held"
    return "verified" if state.on_roll and address == TEACHER else "referred"


def judged(state: State, version: int, address: str) -> State:
    """Registry is asked to judge a version: never an older one; the same again gets the same answer."""
    if version < state.registry.version:
        return state
    if version > state.registry.version:
        state = replace(state, registry=replace(state.registry, version=version, address=address, verdict=""))
    return said(state, state.registry.verdict or verdict_on(state, address))


def told(state: State, message: Message) -> State:
    """A message arrives."""
    what, version, number, address = message
    state = replace(state, flying=state.flying - {message})
    if what == "asked":
        return judged(state, version, address)
    verdict = Verdict(version, number)
    if what == "held":
        return apply(state, identity.hold(state.request, verdict, NOW))
    if what == "referred":
        return apply(state, identity.refer(state.request, verdict, "head", None, NOW))
    if what == "declined":
        return apply(state, identity.decline(state.request, verdict, "no", NOW))
    holder = Holder(state.account.id) if state.account else None
    fresh = SECOND if state.account else FIRST
    left = not state.on_roll
    return apply(state, identity.verify(state.request, verdict, left=left, holder=holder, fresh=fresh, now=NOW))


def steps(state: State, bounds: Bounds) -> Iterator[tuple[str, Callable[[], State]]]:
    """Everything that may happen next. A step that the rules refuse raises and happens not."""
    for message in sorted(state.flying):
        yield f"told {message}", lambda message=message: told(state, message)  # type: ignore[misc]
    request = state.request
    if state.corrections < bounds.corrections:
        more = replace(state, corrections=state.corrections + 1)
        for address in (STRANGER, TEACHER):
            yield f"correct {address}", lambda a=address: apply(more, identity.correct_email(request, a, NOW))  # type: ignore[misc]
    yield "withdraw", lambda: apply(state, identity.withdraw(request, NOW))
    yield "expire", lambda: apply(state, identity.expire(replace(request, step_at=NOW - timedelta(days=31)), NOW))
    if state.asks < bounds.asks:
        yield "ask again", lambda: apply(replace(state, asks=state.asks + 1), identity.ask_again(request, NOW))
    if state.resends < bounds.resends:
        yield "resend", lambda: apply(replace(state, resends=state.resends + 1), identity.resend(request, NOW))
    yield (
        "bounce",
        lambda: apply(state, identity.mail_credentials(request, newest=True, delivered=False, number=1, now=NOW)),
    )
    if state.account and state.account.alive and request.state == "issued":
        yield "activate", lambda: apply(state, identity.activate(request, NOW))
    yield from _of_the_registry(state)


def _of_the_registry(state: State) -> Iterator[tuple[str, Callable[[], State]]]:
    if not state.registered:
        registered = replace(state, registered=True)
        held = state.registry.verdict == "held"
        yield (
            "register",
            lambda: said(registered, verdict_on(registered, state.registry.address)) if held else registered,
        )
    if state.on_roll:
        yield "leave", lambda: replace(state, on_roll=False)
    if state.registry.verdict == "referred" and state.registry.address == TEACHER:
        yield "vouch", lambda: said(state, "verified")  # nobody vouches for the stranger's address
    if state.registry.verdict == "referred":
        yield "refuse", lambda: said(state, "declined")


@dataclass
class Found:
    """What a search has seen: how many states, and the first bad one with the way to it."""

    states: int = 0
    takeover: list[str] | None = None
    dead_end: list[str] | None = None


def search(bounds: Bounds = FEW, limit: int = 2_000_000) -> Found:
    """Visit every state that can be reached. A takeover: credentials mailed to an address nobody has vouched for.
    A dead end: an open request that nothing can move any more."""
    found, start = Found(), begin()
    came: dict[State, tuple[State, str] | None] = {start: None}
    queue = deque([start])
    while queue and found.takeover is None and found.dead_end is None:
        state = queue.popleft()
        found.states += 1
        assert found.states < limit, "the model is not bounded"
        if not state.mailed <= state.vouched:
            found.takeover = _way(came, state)
        moved = [(name, after) for name, step in steps(state, bounds) if (after := _try(step)) not in (None, state)]
        if not moved and state.request.state not in ENDS:
            found.dead_end = _way(came, state)
        for name, after in moved:
            if after is not None and after not in came:
                came[after] = (state, name)
                queue.append(after)
    return found


def _try(step: Callable[[], State]) -> State | None:
    try:
        return step()
    except AppError:
        return None


def _way(came: dict[State, tuple[State, str] | None], state: State) -> list[str]:
    way: list[str] = []
    while (before := came[state]) is not None:
        state, name = before
        way.append(name)
    return way[::-1]
