"""Publishing is an INSERT in the caller's transaction; one relay per database carries the rows to the broker.

Order: whoever publishes about an aggregate has locked its row and raised its version before; the rows themselves are
inserted last (`Tx.flush`), so positions of one key ascend in commit order. The relay reads by position and deletes
after the acknowledgement: a late commit is found by the next round, for there is no cursor. Compaction keeps the last
record of a key, not the highest version, so events that are `compacted` go in transactions of a producer that fences
its forerunners: it starts before the rows are read, so none of them can send what this relay has sent already.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from contextlib import nullcontext, suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

import asyncpg
import structlog
from ekis_contracts import Envelope, Event, catalogue, write
from pydantic_core import from_json, to_json

from chassis.crash import crash_point
from chassis.db import OUTBOX, Database, Row, Tx, new_id, suppress_transient
from chassis.kafka import Broker
from chassis.telemetry import EVENTS_OUT, OUTBOX_AGE, thread
from chassis.tracing import Span, SpanKind, begin, end, exporting, messaging, traceparent_of

__all__ = ["Relay", "Tx", "hint_other_processes", "new_id", "publish", "thread"]

log = structlog.get_logger()

BATCH = 500
POLL = 0.2  # seconds: the floor under lost wake-ups
ACK_TIMEOUT = 15.0  # an idempotent producer never gives up by itself
LARGEST = 900_000  # bytes; the broker refuses 1 MiB with its overhead
LEADER_LOCK = 0x52454C4159  # "RELAY"

_NEXT = """
WITH gone AS (DELETE FROM outbox WHERE position = ANY ($1::bigint[]))
SELECT position, id, topic, key, value, headers, at FROM outbox
WHERE position <> ALL ($1::bigint[]) AND position <> ALL ($2::bigint[])
ORDER BY position LIMIT $3
"""


def publish(
    tx: Tx, event: Event, version: int, expires: datetime | None = None, traceparent: str | None = None
) -> UUID:
    """Let the event leave with this transaction, its parts sealed. Returns its id.

    `version` is the aggregate's, raised under its row lock in this transaction; `expires` ends the event's effects. A
    loop gives the `traceparent` of the row that it acts for, if that has one.
    """
    event_id, story = new_id(), thread()
    for seal in event.seals():
        tx.seals.close(seal, event_id, event.aggregate_id)
    data = event.model_dump_json().encode()
    if len(data) > LARGEST:
        raise ValueError(f"{event.topic}: no broker takes an event of this size, and it would block the others")
    said = event_id, event.type, f"/{tx.service}-svc", event.aggregate_id, tx.now, version, data
    envelope = Envelope(*said, story.correlation, story.causation, expires, story.traceparent or traceparent)
    headers = to_json(write(envelope, event.topic, tx.schemas).headers).decode()
    tx.outgoing.append((event_id, event.topic, event.aggregate_id, data, headers))
    return event_id


class Relay:
    """Carries committed events to the broker, in order per key. Any number may run; the lock lets one work."""

    def __init__(self, database: Database, broker: Broker, dsn: str) -> None:
        self._wake, self._broker, self._dsn = database.signals[OUTBOX], broker, dsn
        own = [event for event in catalogue().values() if database.service in event.producers]
        self._states = {event.topic for event in own if event.compacted}
        self._fencing: Any = None

    async def run(self) -> None:
        """Lead whenever nobody else does, until cancelled. What a failed producer did is unknown: begin anew."""
        while True:
            try:
                await self._lead()
            except (asyncpg.PostgresError, asyncpg.InterfaceError, *Broker.failures) as error:
                log.warning("relay-interrupted", error=type(error).__name__)
                await asyncio.sleep(POLL)

    async def _lead(self) -> None:
        settings = {"application_name": "relay", "plan_cache_mode": "force_custom_plan"}  # hashes the arrays of _NEXT
        connection = await asyncpg.connect(self._dsn, server_settings=settings)
        try:
            await connection.add_listener(OUTBOX, lambda *_: self._wake.set())
            while not await connection.fetchval("SELECT pg_try_advisory_lock($1)", LEADER_LOCK):  # noqa: ASYNC110
                await asyncio.sleep(1)
            await self._produce(connection)
        finally:
            connection.terminate()

    async def _produce(self, connection: "asyncpg.Connection[Row]") -> None:
        fencing = self._broker.producer(f"{self._broker.group}.states") if self._states else nullcontext()
        async with self._broker.producer() as producer, fencing as self._fencing:
            while True:
                self._wake.clear()
                await self.drain(connection, producer)
                with suppress(TimeoutError):
                    async with asyncio.timeout(POLL):
                        await self._wake.wait()

    async def drain(self, connection: "asyncpg.Connection[Row]", producer: Any) -> None:
        """Send until nothing is left. Behind a full batch the next takes off before it has landed."""
        flying: deque[tuple[list[int], list[asyncio.Future[Any]]]] = deque()
        acked: list[int] = []
        while True:
            sent = [position for positions, _ in flying for position in positions]
            rows = await connection.fetch(_NEXT, acked, sent, BATCH)
            if not flying:
                OUTBOX_AGE.set((datetime.now(UTC) - rows[0]["at"]).total_seconds() if rows else 0)
                if not rows:
                    return
            acked = []
            async with asyncio.timeout(ACK_TIMEOUT):
                if rows:
                    flying.append(([row["position"] for row in rows], await self._hand_over(producer, rows)))
                if len(flying) > 1 or len(rows) < BATCH:
                    acked, acks = flying.popleft()
                    await asyncio.gather(*acks)
                    crash_point("after-send")
                    EVENTS_OUT.inc(len(acked))
                    crash_point("before-mark")

    async def _hand_over(self, producer: Any, rows: Sequence[Row]) -> "list[asyncio.Future[Any]]":
        """States are in the broker when this returns, the others on their way. What fails is not even aborted: the
        producer is thrown away, and its successor's start does that."""
        states = [row for row in rows if row["topic"] in self._states]
        if states:
            await self._fencing.begin_transaction()
            await asyncio.gather(*await _send(self._fencing, states))
            crash_point("in-transaction")
            await self._fencing.commit_transaction()
        return await _send(producer, [row for row in rows if row["topic"] not in self._states])


async def _send(producer: Any, rows: Sequence[Row]) -> "list[asyncio.Future[Any]]":
    """Hand over all at once: whoever yields between two of them sends batches of one."""
    acks = []
    for row in rows:
        headers = {name: value.encode() for name, value in from_json(row["headers"])}
        span = _sending(row, headers) if exporting() else None
        ack = await producer.send(row["topic"], row["value"], key=row["key"].encode(), headers=[*headers.items()])
        if span is not None:
            ack.add_done_callback(partial(end, span))
        acks.append(ack)
    return acks


def _sending(row: Row, headers: dict[str, bytes]) -> Span:
    """A span of the event on its way, below the one in which it was published; the event carries it on."""
    said = messaging("send", "send", row["topic"], row["id"])
    said["ekis.outbox.waited"] = (datetime.now(UTC) - row["at"]).total_seconds()
    span = begin(SpanKind.PRODUCER, f"send {row['topic']}", headers.get("traceparent", b"").decode(), said)
    headers["traceparent"] = traceparent_of(span).encode()
    return span


async def hint_other_processes(database: Database) -> None:
    """In a process without a relay: tell the one that has it, at most every 5 ms and outside any transaction."""
    wake = database.signals[OUTBOX]
    while True:
        await wake.wait()
        await asyncio.sleep(0.005)
        wake.clear()
        with suppress_transient():  # the relay's own poll finds the rows
            await database.pool.execute(f"NOTIFY {OUTBOX}")
