"""How fast a city system reads: a token bucket for each, in this process (so many replicas, so many buckets)."""

from math import ceil
from uuid import UUID

from chassis.errors import Busy

PER_SECOND, BURST = 5, 60


class TooFast(Busy, status=429):
    """This system has read too much lately."""


class Pace:
    """What each system has used of its bucket, and when that was (seconds). There are as many as systems."""

    def __init__(self) -> None:
        self._used: dict[UUID, tuple[float, float]] = {}

    def take(self, system_id: UUID, now: float) -> None:
        """One more call, at this moment. Raises TooFast."""
        level, at = self._used.get(system_id, (0.0, now))
        level = max(0.0, level - max(0.0, now - at) * PER_SECOND) + 1
        if level > BURST:
            raise TooFast("too-many-reads", ceil((level - BURST) / PER_SECOND))
        self._used[system_id] = level, now
