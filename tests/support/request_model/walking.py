"""Visiting every state that can be reached, and looking for what must not be."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from chassis.errors import AppError, WrongStep
from identity.domain.request import ENDS, ISSUED

from request_model import of_identity, of_registry
from request_model.state import REQUEST, STRANGER, Bounds, Message, State, tidy

FAR = 1_000_000  # states
HINDRANCES = ("correct", "collide", "withdraw", "expire", "leave", "another", "bounce")
Way = list[str]
Key = tuple[Any, ...]


@dataclass
class Found:
    """What a search has seen: how many states, and the shortest way to each kind of bad one."""

    states: int = 0
    bad: dict[str, Way] = field(default_factory=dict)


def told(state: State, message: Message) -> State:
    """A message arrives. What it asks for may be refused; then it is done with all the same."""
    arrived = replace(state, flying=state.flying - {message})
    hear = (of_registry.HEARS | of_identity.HEARS)[message.what]
    try:
        return hear(arrived, message)
    except WrongStep:
        return arrived
    except AppError as refused:
        raise AssertionError("a dead letter") from refused


def steps(state: State, bounds: Bounds) -> Iterator[tuple[str, Callable[[], State]]]:
    """Everything that may happen next. A step that the rules refuse raises and happens not."""
    for message in sorted(state.flying):
        yield f"told {message.what} {message.version}", lambda message=message: told(state, message)  # type: ignore[misc]
    yield from of_identity.steps(state, bounds)
    if state.request.state not in ENDS:  # what registry says after the end, it may as well have said just before
        yield from of_registry.steps(state, bounds)


def wrongs(state: State) -> Iterator[str]:
    """What must never be, whatever happens."""
    request, own = state.request, [one for one in state.accounts if one.request_id == REQUEST]
    if STRANGER in state.mailed:
        yield "takeover"  # credentials mailed to an address that nobody has vouched for
    if request.state in ENDS - {"activated"} and own:
        yield "stray account"  # of a request that has ended without it
    if request.state in ISSUED and state.account(request.account_id) is None:
        yield "issued nothing"
    holders = [one.staff.staff_id for one in state.accounts if one.staff]
    if len(holders) > len(set(holders)):
        yield "two accounts"  # of one staff record


class _Graph:
    """Who led where: first, for the shortest ways; and by steps that help the request on, for the dead ends."""

    def __init__(self, start: State) -> None:
        self.came: dict[Key, tuple[Key, str] | None] = {start.key: None}
        self.helped_by: dict[Key, list[Key]] = {start.key: []}

    def add(self, state: State, name: str, after: State) -> bool:
        """Whether it is new."""
        is_new = after.key not in self.came
        if is_new:
            self.came[after.key], self.helped_by[after.key] = (state.key, name), []
        if not name.startswith(HINDRANCES):
            self.helped_by[after.key].append(state.key)
        return is_new

    def way(self, key: Key) -> Way:
        """How one comes there."""
        way: Way = []
        while (before := self.came[key]) is not None:
            key, name = before
            way.append(name)
        return way[::-1]

    def dead_ends(self, ended: Iterable[Key]) -> Iterator[Key]:
        """Where nothing helps to an end any more: neither a message nor a loop nor somebody who decides."""
        alive = set(ended)
        fresh = deque(alive)
        while fresh:
            before = [one for one in self.helped_by[fresh.popleft()] if one not in alive]
            alive.update(before)
            fresh.extend(before)
        return (key for key in self.came if key not in alive)


def search(bounds: Bounds, until: str = "") -> Found:
    """Visit every state that can be reached, or go on until that kind of bad one is found."""
    found, start = Found(), tidy(of_identity.begin(bounds))
    graph, queue, ended = _Graph(start), deque([start]), []
    while queue and until not in found.bad:
        state = queue.popleft()
        found.states += 1
        assert found.states < FAR, "the model is not bounded"
        if state.request.state in ENDS:
            ended.append(state.key)
        wrong = list(wrongs(state))
        for kind in wrong:
            found.bad.setdefault(kind, graph.way(state.key))
        if not wrong:
            queue.extend(after for name, after in _moves(state, bounds) if graph.add(state, name, after))
    dead_end = next(graph.dead_ends(ended), None)
    if dead_end and not found.bad:
        found.bad["dead end"] = graph.way(dead_end)
    return found


def _moves(state: State, bounds: Bounds) -> list[tuple[str, State]]:
    """What comes next. After the end a message that changes nothing is taken alone: when it comes is all the same."""
    moves: list[tuple[str, State]] = []
    for name, step in steps(state, bounds):
        try:
            after = step()
        except AppError:
            continue
        if state.request.state in ENDS and replace(after, flying=state.flying).key == state.key:
            return [(name, tidy(after))]
        moves.append((name, tidy(after)))
    return moves
