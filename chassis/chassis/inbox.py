"""Reacting exactly once: the row that remembers an event commits with its effect and the events it causes."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

import structlog
from ekis_contracts import Envelope, Event, Record, SealError, Undecodable, read_event

from chassis import deadletters
from chassis.db import Database, Tx
from chassis.errors import WrongStep
from chassis.telemetry import EVENTS_IN, REACTION_SECONDS, failure, following
from chassis.tracing import SpanKind, messaging

__all__ = ["Inbox", "Reactions", "Told", "Tx"]

log = structlog.get_logger()

ATTEMPTS = 5

_REMEMBER = """
INSERT INTO inbox (reaction, source, event_id, topic, partition, position)
SELECT $1, source, event_id, $2, $3, position
FROM unnest($4::text[], $5::uuid[], $6::bigint[]) AS told (source, event_id, position)
ON CONFLICT DO NOTHING RETURNING source, event_id
"""


class Told(NamedTuple):
    """An event with its envelope and the record it came in."""

    event: Any
    envelope: Envelope
    record: Record


Handler = Callable[[Tx, Any, Envelope], Awaitable[None]]
BatchHandler = Callable[[Tx, list[Told]], Awaitable[None]]


@dataclass(frozen=True)
class Reaction:
    """What a service does when told of an event."""

    event: type[Event]
    name: str
    run: BatchHandler
    takes_batches: bool


class Reactions:
    """The table of everything a service reacts to: one reaction an event."""

    def __init__(self) -> None:
        self.table: dict[str, Reaction] = {}

    @property
    def topics(self) -> list[str]:
        """The topics to subscribe to."""
        return sorted({reaction.event.topic for reaction in self.table.values()})

    def on(self, event: type[Event]) -> Callable[[Handler], Handler]:
        """React to one event at a time: `async def verb_noun(tx, event, envelope)`."""

        def register(handler: Handler) -> Handler:
            async def run(tx: Tx, told: list[Told]) -> None:
                for one in told:
                    await handler(tx, one.event, one.envelope)

            self.table[event.type] = Reaction(event, handler.__name__, run, takes_batches=False)
            return handler

        return register

    def on_batch(self, event: type[Event]) -> Callable[[BatchHandler], BatchHandler]:
        """React to all that came together, in one statement: `async def verb_noun(tx, told)`. A failing batch is redone
        one by one, so the handler must be right for a single event too."""

        def register(handler: BatchHandler) -> BatchHandler:
            self.table[event.type] = Reaction(event, handler.__name__, handler, takes_batches=True)
            return handler

        return register


class Inbox:
    """Takes records in for one service: effect once, or dead letter; returns only when each is settled."""

    def __init__(self, database: Database, reactions: Reactions) -> None:
        self._database, self._reactions = database, reactions

    async def deliver(self, records: Sequence[Record]) -> None:
        """Settle records of one partition in their order."""
        batch: list[Told] = []
        for record in records:
            told = await self._open(record)
            if told and self._reactions.table[told.envelope.type].takes_batches:
                batch.append(told)
            elif told:
                await self._settle([told])
        if batch:
            await self._settle(batch)

    async def replay(self, record: Record) -> None:
        """Settle one record at the first try, a late one too, or raise what hinders it."""
        envelope, event = read_event(record)
        told = Told(event, envelope, record)
        try:
            await self._attempt([told])
        except WrongStep:
            await self._attempt([told], is_late=True)

    async def _open(self, record: Record) -> Told | None:
        try:
            envelope, event = read_event(record)
        except Undecodable as error:
            await self._database.persist(self._bury, record, str(error), 1)
            return None
        return Told(event, envelope, record)

    async def _settle(self, told: list[Told]) -> None:
        """Try until done. A batch that fails is taken one by one; one that keeps failing becomes a dead letter."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return await self._database.persist(self._attempt, told)
            except Exception as error:  # noqa: BLE001 - whatever a handler raises is settled here
                if len(told) > 1:
                    break
                if isinstance(error, WrongStep):
                    return await self._database.persist(self._attempt, told, is_late=True)
                reason = "seal" if isinstance(error, SealError) else failure(error)
                log.warning("reaction-failed", topic=told[0].record.topic, reason=reason, attempt=attempt)
                if reason == "seal" or attempt == ATTEMPTS:
                    return await self._database.persist(self._bury, told[0].record, reason, attempt)
                await asyncio.sleep(0.05 * attempt)
        for one in told:
            await self._settle([one])
        return None

    async def _attempt(self, told: list[Told], *, is_late: bool = False) -> None:
        cause, topic = told[0].envelope, told[0].record.topic
        reaction = self._reactions.table[cause.type]
        name, said = f"{reaction.name} {topic}", messaging("process", reaction.name, topic, cause.id)
        story = cause.correlation, str(cause.id), cause.traceparent
        others = [it.envelope.traceparent for it in told[1:]]
        with REACTION_SECONDS.labels(topic).time(), following(*story, SpanKind.CONSUMER, name, said, others):
            async with self._database.transaction() as tx:
                fresh = await remember(tx, reaction.name, told)
                if fresh and not is_late:
                    await reaction.run(tx, fresh)
        EVENTS_IN.labels(topic, "late" if is_late else "done").inc(len(fresh))
        EVENTS_IN.labels(topic, "repeated").inc(len(told) - len(fresh))

    async def _bury(self, record: Record, reason: str, attempts: int) -> None:
        async with self._database.transaction() as tx:
            await deadletters.bury(tx, record, reason, attempts)
        EVENTS_IN.labels(record.topic, "dead").inc()


async def remember(tx: Tx, reaction: str, told: Sequence[Told]) -> list[Told]:
    """Note that these are done in this transaction; returns those that were not done before."""
    first: dict[tuple[str, UUID], Told] = {}
    for one in told:
        first.setdefault((one.envelope.source, one.envelope.id), one)
    sources, ids = map(list, zip(*first, strict=True))
    positions = [one.record.position for one in first.values()]
    place = told[0].record.topic, told[0].record.partition
    rows = await tx.fetch(_REMEMBER, reaction, *place, sources, ids, positions)
    fresh = {(row["source"], row["event_id"]) for row in rows}
    return [one for name, one in first.items() if name in fresh]
