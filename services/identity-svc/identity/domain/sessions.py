"""Sessions and their refresh tokens: opaque, rotating, never stored.

A token is base64url(session id 16 bytes, generation 4 bytes, HMAC-SHA256 of both): the session's row keeps the
generation, and when the last ones were exchanged. For 10 seconds an exchanged one gets the newest successor (two tabs,
a lost answer); later its return means that somebody copied it, and ends the family.
"""

import base64
import binascii
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from identity.domain.credentials import digest

IDLE = timedelta(minutes=30)
ORDINARY = timedelta(hours=12)
REMEMBERED = timedelta(days=30)
SAME_SUCCESSOR = timedelta(seconds=10)
REMEMBERED_EXCHANGES = 20  # of those 10 seconds; nobody refreshes faster than twice a second

Scope = Literal["full", "activation"]


@dataclass(frozen=True, slots=True)
class Signed:
    """Whose session asks."""

    account_id: UUID
    session_id: UUID


class Ended(Exception):
    """The session is over: too old, too long idle, or of an older epoch."""


class Reused(Exception):
    """A refresh token came that was exchanged long ago: somebody else may hold its successor."""


@dataclass(frozen=True, slots=True)
class Session:
    """One signed-in device. `rotated_at` is when it was last seen; `exchanged` when the generations before were;
    `proven_at` when all that the account asks for was shown last."""

    id: UUID
    account_id: UUID
    scope: Scope
    epoch: int
    generation: int
    remembered: bool
    device: str | None
    created_at: datetime
    rotated_at: datetime
    expires_at: datetime
    exchanged: Sequence[datetime] = ()
    proven_at: datetime | None = None

    @property
    def is_lasting(self) -> bool:
        """Whether it outlives idle hours; `remembered` on a first sign-in is a wish for after the activation."""
        return self.remembered and self.scope == "full"

    @property
    def ends_at(self) -> datetime:
        """When it is over, unless it is seen again before."""
        return self.expires_at if self.is_lasting else min(self.rotated_at + IDLE, self.expires_at)


def begin(
    session_id: UUID,
    account_id: UUID,
    epoch: int,
    scope: Scope,
    now: datetime,
    *,
    remembered: bool = False,
    device: str | None = None,
) -> Session:
    """A new session. Its absolute end never moves."""
    fresh = Session(
        session_id, account_id, scope, epoch, 0, remembered, device, now, now, now + ORDINARY, proven_at=now
    )
    return replace(fresh, expires_at=now + REMEMBERED) if fresh.is_lasting else fresh


def rotate(session: Session, generation: int, epoch: int, now: datetime) -> Session:
    """The session after a refresh with a token of this generation; `epoch` is the account's."""
    if now >= session.ends_at or session.epoch != epoch:
        raise Ended
    if generation == session.generation:
        exchanged = [*session.exchanged, now][-REMEMBERED_EXCHANGES:]
        return replace(session, generation=generation + 1, rotated_at=now, exchanged=exchanged)
    ago = session.generation - generation
    if 0 < ago <= len(session.exchanged) and now < session.exchanged[-ago] + SAME_SUCCESSOR:
        return session
    raise Reused


def write_token(secret: bytes, session: Session) -> str:
    """The refresh token of the session's present generation."""
    head = session.id.bytes + session.generation.to_bytes(4)
    return base64.urlsafe_b64encode(head + _seal(secret, head)).decode().rstrip("=")


def read_token(secret: bytes, token: str) -> tuple[UUID, int] | None:
    """Session id and generation of a token that we wrote; None for anything else."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    head, seal = raw[:20], raw[20:]
    if not hmac.compare_digest(seal, _seal(secret, head)):
        return None
    return UUID(bytes=head[:16]), int.from_bytes(head[16:])


def _seal(secret: bytes, head: bytes) -> bytes:
    return digest(secret, "refresh-token", head.hex())
