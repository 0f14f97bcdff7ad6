"""Duplicates: requests that look like any other and cause nothing.

Of several open requests of one (address, school) one is real; the others mirror it. One whose person has an account
already mirrors nobody. The address on file is told; the tracking page must not tell, else anybody could ask whether an
address has an open request. So a duplicate keeps a public face (`shown`): what its applicant does moves it alike
(`looks_alike`), what others do to the real request is shown on both (`shared`), and a duplicate that is behind catches
up as soon as its `ask_at` comes.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec

from identity.domain.request import CREDENTIALS_VALID, ENDS, ISSUED, Decision, Note, Request, State

P = ParamSpec("P")
Step = Callable[Concatenate[Request, P], Decision]

_OWN: frozenset[State] = frozenset({"received", "verifying", "withdrawn", "expired"})  # not because somebody else acted


def looks_alike(step: Step[P]) -> Step[P]:
    """The applicant takes this step: a duplicate walks it by its public face and causes nothing."""

    @wraps(step)
    def walk(request: Request, /, *args: P.args, **kwargs: P.kwargs) -> Decision:
        if request.state != "duplicate":
            return step(request, *args, **kwargs)
        seen = step(replace(request, state=request.shown), *args, **kwargs)
        return Decision(hidden(seen.request), (), seen.notes)

    return walk


def shared(step: Step[P]) -> Step[P]:
    """Somebody else takes this step: the duplicates of the request show it too."""

    @wraps(step)
    def take(request: Request, /, *args: P.args, **kwargs: P.kwargs) -> Decision:
        return replace(step(request, *args, **kwargs), shared_from=request.shown)

    return take


def hidden(request: Request) -> Request:
    """The request as a duplicate: where a real one would ask registry, it looks at the one that it mirrors."""
    return replace(request, state="duplicate", ask_at=request.step_at if request.ask_at else None)


def catch_up(duplicate: Request, real: Request | None, past: Sequence[Note], now: datetime) -> Decision:
    """The duplicate's page comes to where the real one's is, straight there. `past`: the lines of the real one's."""
    waiting = replace(duplicate, ask_at=None)
    if real is None or real.shown in _OWN:
        return Decision(waiting)
    face = replace(
        waiting,
        shown=real.shown,
        step_at=now,
        credentials_until=now + CREDENTIALS_VALID if real.shown in ISSUED else None,
        applicant=None if real.shown in ENDS else waiting.applicant,
    )
    return Decision(face, (), tuple(note.to(duplicate.address) for note in _straight(real.shown, past)))


def _straight(shown: State, past: Sequence[Note]) -> list[Note]:
    """The lines that lead to this state and nowhere else: without waits that are over, mails asked for once more."""
    first = "note-verified" if shown in {*ISSUED, "activated"} else f"note-{shown}"
    start = max(at for at, note in enumerate(past) if note.code.startswith(first))
    lines = {note.code: note for note in past[start:]}
    if shown != "undeliverable":
        lines.pop("note-bounced", None)
    return list(lines.values())
