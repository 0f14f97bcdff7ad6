"""The cut-off: tokens of an older epoch, or of an ended session, are refused by every service within a second.

A consumer group of its own fills two tables, so no backlog or bug of the domain holds it up; each API process rereads
the rows of the last minutes every 100 ms. `max()` needs no order and no clock.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import asyncpg
from ekis_contracts import Record, Undecodable, catalogue, read_event

from chassis.db import Database, suppress_transient, utc_now
from chassis.telemetry import CUT_OFF_SECONDS, REVOCATIONS_READ

REREAD = 0.1
WINDOW = timedelta(minutes=6)  # a token lives 5

_RAISE = """
INSERT INTO revocation AS known (account_id, least_epoch)
SELECT account_id, max(epoch) FROM unnest($1::uuid[], $2::int[]) AS told (account_id, epoch) GROUP BY account_id
ON CONFLICT (account_id) DO UPDATE SET least_epoch = excluded.least_epoch, at = now()
WHERE known.least_epoch < excluded.least_epoch
"""
_EPOCHS = "SELECT account_id, least_epoch FROM revocation WHERE at > now() - $1::interval"
_SIDS = "SELECT sid FROM revoked_sid WHERE at > now() - $1::interval"
_END = "INSERT INTO revoked_sid (sid) SELECT DISTINCT unnest($1::uuid[]) ON CONFLICT DO NOTHING"


def revoking_topics() -> list[str]:
    """The topics of every event that may end sessions."""
    return sorted(event.topic for event in catalogue().values() if event.revokes)


class Revocations:
    """What an API process holds in memory: asked on every request, reread all the time."""

    def __init__(self) -> None:
        self._epochs: dict[UUID, int] = {}
        self._sids: set[UUID] = set()
        self.ready = False

    def refuse(self, account_id: UUID, sid: UUID, epoch: int) -> bool:
        """Whether a token of this session and epoch is dead."""
        return epoch < self._epochs.get(account_id, 0) or sid in self._sids

    async def reread(self, pool: "asyncpg.Pool[Any]") -> None:
        """Take the rows of the last 6 minutes."""
        epochs, sids = await pool.fetch(_EPOCHS, WINDOW), await pool.fetch(_SIDS, WINDOW)
        self._epochs = {row["account_id"]: row["least_epoch"] for row in epochs}
        self._sids = {row["sid"] for row in sids}
        self.ready = True
        REVOCATIONS_READ.set_to_current_time()

    async def follow(self, pool: "asyncpg.Pool[Any]") -> None:
        """Reread until cancelled. While the database is away the last reading holds."""
        while True:
            with suppress_transient():
                await self.reread(pool)
            await asyncio.sleep(REREAD)


def revocation_writer(database: Database) -> Callable[[Sequence[Record]], Awaitable[None]]:
    """The deliverer of the revocation group. What it cannot read is the domain consumer's dead letter."""

    async def write(records: Sequence[Record]) -> None:
        told = [one for one in map(_told, records) if one and one[0].revokes]
        events = [event for event, _ in told]
        epochs = [event.account_id for event in events], [event.session_epoch for event in events]
        async with database.transaction() as tx:
            await tx.execute(_RAISE, *epochs)
            await tx.execute(_END, [sid for event in events for sid in getattr(event, "sids", ())])
        for _, said_at in told:
            CUT_OFF_SECONDS.observe((utc_now() - said_at).total_seconds())

    return partial(database.persist, write)


def _told(record: Record) -> Any:
    with suppress(Undecodable):
        envelope, event = read_event(record)
        return event, envelope.time
