"""City systems: programs of others that read what they were granted, by keys of their own; no secret is shared.

What narrows a system's rights raises its `session_epoch`: tokens of before are dead everywhere. Taking a key away does
not, so that keys rotate without an interruption; a key that was lost is answered by suspending first.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, get_args
from uuid import UUID

from chassis.errors import AppError, Conflict, NotFound, WrongStep

Scope = Literal["schools:read", "roster:read", "webhooks"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
SystemState = Literal["active", "suspended", "ended"]
SystemAct = Literal["suspend", "resume", "end"]

MOST_KEYS = 2  # the one in use and the one that takes its place
TOKENS_WITHIN, MOST_TOKENS = timedelta(minutes=1), 30  # one lives 5 minutes

_STEPS: dict[SystemAct, tuple[frozenset[SystemState], SystemState]] = {
    "suspend": (frozenset({"active"}), "suspended"),
    "resume": (frozenset({"suspended"}), "active"),
    "end": (frozenset({"active", "suspended"}), "ended"),
}

TokenError = Literal[
    "invalid_request", "invalid_client", "invalid_scope", "unauthorized_client", "unsupported_grant_type"
]


class TokenRefused(AppError, status=400):
    """What the token endpoint says no with, in the words of RFC 6749, 5.2."""

    def __init__(self, error: TokenError, description: str) -> None:
        super().__init__(error)
        self.error, self.description = error, description
        self.status = 401 if error == "invalid_client" else 400


@dataclass(frozen=True, slots=True)
class SystemKey:
    """A public key. `kid` is its thumbprint (RFC 7638), whatever the system calls it."""

    kid: str
    jwk: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Terms:
    """What an admin says of a system: `contact` is the address of who answers for it."""

    name: str
    contact: str
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class CitySystem:
    """A system as it stands."""

    id: UUID
    version: int
    terms: Terms
    keys: tuple[SystemKey, ...]
    state: SystemState
    session_epoch: int
    registered_at: datetime
    last_token_at: datetime | None = None


def _living(system: CitySystem, step: str) -> CitySystem:
    if system.state == "ended":
        raise WrongStep(system.state, step)
    return system


def change(system: CitySystem, terms: Terms) -> CitySystem:
    """Other words or rights. Raises WrongStep."""
    narrower = not terms.scopes >= system.terms.scopes
    return replace(_living(system, "change"), terms=terms, session_epoch=system.session_epoch + narrower)


def change_state(system: CitySystem, act: SystemAct) -> CitySystem:
    """Suspended, resumed or ended for good. Raises WrongStep."""
    before, after = _STEPS[act]
    if system.state not in before:
        raise WrongStep(system.state, act)
    return replace(system, state=after, session_epoch=system.session_epoch + (act != "resume"))


def add_key(system: CitySystem, key: SystemKey) -> CitySystem:
    """With one more. Raises WrongStep, Conflict."""
    if key.kid in {one.kid for one in system.keys}:
        raise Conflict("system-key-known")
    if len(_living(system, "add-key").keys) >= MOST_KEYS:
        raise Conflict("system-keys-full", most=MOST_KEYS)
    return replace(system, keys=(*system.keys, key))


def remove_key(system: CitySystem, kid: str) -> CitySystem:
    """Without this one. Raises WrongStep, NotFound, Conflict."""
    left = tuple(one for one in _living(system, "remove-key").keys if one.kid != kid)
    if len(left) == len(system.keys):
        raise NotFound
    if not left:
        raise Conflict("system-key-last")
    return replace(system, keys=left)


def granted(system: CitySystem, asked: str) -> frozenset[str]:
    """The scopes of a token: those asked for, all without a word. Raises TokenRefused."""
    mine = system.terms.scopes
    wanted = frozenset(asked.split()) or mine
    if not wanted <= mine:
        raise TokenRefused("invalid_scope", f"granted to this system: {' '.join(sorted(mine))}")
    return wanted
