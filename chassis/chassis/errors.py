"""What can go wrong, as facts with a stable code. Texts live in the message catalogues, statuses here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ekis_contracts.fault import Fault as Fault  # noqa: PLC0414 - re-exported


@dataclass(frozen=True)
class FieldError:
    """A field of the payload (RFC 6901 pointer) and what is wrong with it."""

    pointer: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


class AppError(Exception):
    """A refusal that the caller may know of: rendered as RFC 9457 problem+json."""

    status, usual_code = 500, "internal-error"

    def __init_subclass__(cls, status: int = 0, code: str = "") -> None:
        cls.status, cls.usual_code = status or cls.status, code or cls.usual_code

    def __init__(self, code: str = "", /, **params: Any) -> None:
        self.code, self.params = code or self.usual_code, params
        super().__init__(self.code)
        self.errors: list[FieldError] = []
        self.headers: dict[str, str] = {}


class Unauthorized(AppError, status=401):
    """Nobody is signed in, or the proof of it is refused."""


class Forbidden(AppError, status=403):
    """Signed in, and not allowed."""


class NotFound(AppError, status=404, code="not-found"):
    """Not there, or not to be known to be there."""


class Conflict(AppError, status=409):
    """The state of things does not allow this step."""


class WrongStep(Conflict):
    """A state machine refuses the step. Over HTTP a 409; told by an event, a late fact and a counted no-op."""

    def __init__(self, state: str, step: str) -> None:
        super().__init__("wrong-step", state=state, step=step)


class Stale(AppError, status=412):
    """The caller edits an older version than the current one, which `current` shows."""

    def __init__(self, **current: Any) -> None:
        super().__init__("stale-version", current=current)


class Invalid(AppError, status=422):
    """The payload is wrong; names the field."""

    def __init__(self, code: str, pointer: str = "", /, **params: Any) -> None:
        super().__init__(code, **params)
        self.errors = [FieldError(pointer, code, params)]


class Busy(AppError, status=503):
    """Too much at once; try again after so many seconds."""

    def __init__(self, code: str, seconds: int) -> None:
        super().__init__(code, seconds=seconds)
        self.headers = {"Retry-After": str(seconds)}
