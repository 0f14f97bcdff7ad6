"""Open streams of one process: what each was told last, and what it is to be told next. All of it in memory."""

import asyncio
import json
from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

from chassis.errors import Busy, Unauthorized

from cabinet.notices.domain import CITY, Unread

MOST = 5_000  # of a process
MOST_OF_ONE = 6  # of an account: the oldest gives way
FULL_RETRY = 10  # seconds
BEAT = b": beat\n\n"


class Stream:
    """One client that listens. What it is told is a state, so a newer message takes the place of an unsent one."""

    def __init__(self, account_id: UUID, school_id: UUID | None, token: str, since: datetime | None) -> None:
        self.account_id, self.token, self.since = account_id, token, since
        self.places = {CITY, account_id, school_id}
        self.is_due = False
        self._told: int | None = None
        self._message: bytes | None = None
        self._ended = False
        self._wake = asyncio.Event()

    def tell(self, it: Unread) -> None:
        """Say how many are unread, unless that is what was said last."""
        self.is_due = False
        if it.unread == self._told and not it.new:
            return
        self._told, self.since = it.unread, it.newest or self.since
        number = int(self.since.timestamp() * 1e6) if self.since else 0
        data = json.dumps({"unread": it.unread, "new": it.new})
        self._say(f"id: {number}\nevent: unread\ndata: {data}\n\n".encode())

    def beat(self) -> None:
        """Say that the connection lives, if there is nothing else to say."""
        self._say(self._message or BEAT)

    def end(self) -> None:
        """Say no more."""
        self._ended = True
        self._wake.set()

    def _say(self, message: bytes) -> None:
        self._message = message
        self._wake.set()

    async def next(self) -> bytes | None:
        """What to send now, None at the end."""
        await self._wake.wait()
        self._wake.clear()
        message, self._message = self._message, None
        return None if self._ended else message or BEAT


class Streams:
    """Those of this process; one follower looks after all of them."""

    def __init__(self) -> None:
        self._open: dict[Stream, None] = {}
        self.seen: set[int] = set()

    def __len__(self) -> int:
        return len(self._open)

    def add(self, stream: Stream) -> None:
        """Raises Busy when the process has as many as it can bear."""
        if len(self._open) >= MOST:
            raise Busy("too-many-streams", FULL_RETRY)
        same = [one for one in self._open if one.account_id == stream.account_id]
        for one in same[: max(0, len(same) - MOST_OF_ONE + 1)]:
            self.discard(one)
        stream.is_due = True  # something may have changed between the first count and now
        self._open[stream] = None

    def discard(self, stream: Stream) -> None:
        """End it, if it has not ended."""
        self._open.pop(stream, None)
        stream.end()

    def end_dead(self, principal: Callable[[str], object]) -> None:
        """End those whose token is refused, by what raises Unauthorized for it."""
        for stream in list(self._open):
            try:
                principal(stream.token)
            except Unauthorized:
                self.discard(stream)

    def end_all(self) -> None:
        """The process stops; clients come back to the next one."""
        for stream in list(self._open):
            self.discard(stream)

    def note_places(self, places: Iterable[UUID]) -> None:
        """Something has changed there."""
        changed = set(places)
        for stream in self._open if changed else ():
            stream.is_due = stream.is_due or not changed.isdisjoint(stream.places)

    def due(self, most: int) -> list[Stream]:
        """Some of those that have to be counted anew."""
        found = (stream for stream in self._open if stream.is_due)
        return [stream for stream, _ in zip(found, range(most), strict=False)]

    def beat(self) -> None:
        """For whatever stands between: a connection that says nothing is closed."""
        for stream in self._open:
            stream.beat()
