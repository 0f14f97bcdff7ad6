"""Tell what is addressed, drop what is over, and look after the open streams of this process."""

import asyncio
from itertools import count

import structlog
from chassis.db import Database
from chassis.http import Runtime
from chassis.loops import Loop
from chassis.telemetry import LOOP_ERRORS, failure

from cabinet.notices import actions, store
from cabinet.notices.gateways import Stream, Streams

log = structlog.get_logger()

ROUND = 500  # notices
TICK = 0.5  # seconds: a dead token ends its stream within a second of the cut-off, a reading of revocations included
TICKS_OF_BEAT = 30
POLL = 1.0  # seconds between looks at what has changed
FOLLOWER = "follow-inboxes"
COUNTED = 200  # streams in one statement


async def address_notices(runtime: Runtime) -> bool:
    """One page of one notice, so that no transaction holds more."""
    async with runtime.database.transaction() as tx:
        return await actions.tell_next_page(tx)


async def forget_notices(runtime: Runtime) -> bool:
    """Those that no longer matter."""
    async with runtime.database.transaction() as tx:
        return await actions.forget_notices(tx, ROUND)


async def keep_streams(runtime: Runtime, streams: Streams) -> None:
    """Until cancelled: end streams whose token is dead, say that the others live. No database: a slow one keeps nobody
    listening whose token has ended."""
    for tick in count(1):
        await asyncio.sleep(TICK)
        streams.end_dead(runtime.tokens.principal)
        if runtime.stopping.is_set():
            streams.end_all()
        if tick % TICKS_OF_BEAT == 0:
            streams.beat()


async def follow_inboxes(runtime: Runtime, streams: Streams) -> None:
    """Until cancelled: tell what has changed. A round that fails is logged and counted; the next one tries again."""
    while True:
        await asyncio.sleep(POLL)
        try:
            if streams:
                await tell_changes(runtime.database, streams)
        except Exception as error:  # noqa: BLE001 - the next round tries again
            LOOP_ERRORS.labels(FOLLOWER).inc()
            log.warning("loop-failed", loop=FOLLOWER, error=failure(error))


async def tell_changes(database: Database, streams: Streams) -> None:
    """One look at what has changed for all streams, one count for those it concerns."""
    async with database.transaction() as tx:
        changed = await store.changes(tx)
    fresh = changed.keys() - streams.seen
    streams.seen = set(changed)
    streams.note_places({changed[change_id] for change_id in fresh})
    while due := streams.due(COUNTED):
        await _tell(database, due)


async def _tell(database: Database, due: list[Stream]) -> None:
    async with database.transaction() as tx:
        counted = await store.unread(tx, [(stream.account_id, stream.since) for stream in due])
    for stream, unread in zip(due, counted, strict=True):
        stream.tell(unread)


LOOPS = (
    Loop("address-notices", address_notices, every=5, signal=actions.SIGNAL),
    Loop("forget-notices", forget_notices, every=300),
)
