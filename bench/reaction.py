"""Event reaction with an effect: how fast events become rows, each once."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import Any
from uuid import uuid4

from aiokafka import AIOKafkaProducer
from chassis.consumer import Consumer
from chassis.inbox import Inbox, Reactions
from chassis.kafka import as_record, stop_client
from ekis_contracts import Record, decode, read

from bench.effect import fact, in_batches, one_by_one, react
from bench.events import TOPIC, records
from bench.ground import Clock, Ground, Servers, clocked, opened_ground
from bench.peers import faststream_reaction, transaction_each
from bench.report import Entrant, Goal, Sample, middle, play, rates

COUNT = 10_000
SLOW_COUNT = 1_000  # for those that take one event at a time
TIME_LIMIT = 120.0
ROUNDS = 3
BATCH = 500

Settled = Callable[[int], None]
Open = Callable[[str, str, Settled], AbstractAsyncContextManager[None]]


class Progress:
    """Starts its clock at the first event that is handed over, stops it when enough are settled."""

    def __init__(self, enough: int) -> None:
        self._enough, self.count = enough, 0
        self._clock: Clock | None = None
        self._done = asyncio.Event()

    def settled(self, number: int) -> None:
        self._clock = self._clock or Clock()
        if not self._done.is_set():
            self.count += number
            if self.count >= self._enough:
                self._clock.stop()
                self._done.set()

    async def sample(self) -> Sample:
        async with asyncio.timeout(TIME_LIMIT):
            await self._done.wait()
        assert self._clock
        return self._clock.sample(self.count)


async def run(servers: Servers) -> None:
    async with opened_ground(servers) as ground:
        said = records(COUNT)
        await send(ground, said)
        limits = _limits(ground, said)
        entrants = [*limits, *_reacting(ground)]
        samples = await play(entrants, ROUNDS)
        slowest = min(limits, key=lambda limit: middle(samples[limit.name]))
        goals = [Goal("one transaction an event", 10), Goal(slowest.name, 0.6)]
        rates("event reaction: events/s, one row of effect each", entrants, samples, goals)


async def send(ground: Ground, said: Sequence[Record]) -> None:
    """Everybody reads the same records, from the beginning of the topic."""
    producer = AIOKafkaProducer(**ground.reach, enable_idempotence=True, max_batch_size=262_144)
    async with producer:
        sends = [producer.send(one.topic, one.value, key=one.key, headers=one.headers) for one in said]
        await asyncio.gather(*[await send for send in sends])


def _limits(ground: Ground, said: Sequence[Record]) -> list[Entrant]:
    return [
        Entrant("fetch: getmany 500", "limit", lambda: _fetched(ground)),
        Entrant("decode: envelope and event", "limit", lambda: _decoded(said)),
        Entrant("batch statements of 500, one connection", "limit", lambda: _stated(ground, said)),
    ]


def _reacting(ground: Ground) -> list[Entrant]:
    each, single, batch = transaction_each.consuming, faststream_reaction.single, faststream_reaction.batch
    return [
        Entrant("one transaction an event", "peer", _race(ground, SLOW_COUNT, partial(_peer, each, ground))),
        Entrant("FastStream, single", "peer", _race(ground, SLOW_COUNT, partial(_peer, single, ground))),
        Entrant("FastStream, batch", "peer", _race(ground, COUNT, partial(_peer, batch, ground))),
        Entrant("chassis, one by one", "part", _race(ground, SLOW_COUNT, partial(_ours, ground, one_by_one()))),
        Entrant("chassis, batch", "ours", _race(ground, COUNT, partial(_ours, ground, in_batches()))),
    ]


def _race(ground: Ground, count: int, opened: Open) -> Callable[[], Awaitable[Sample]]:
    async def once() -> Sample:
        await ground.empty("inbox", "school_copy", "dead_letter")
        await ground.settle()
        progress = Progress(count)
        async with opened(TOPIC, f"bench-{uuid4().hex}", progress.settled):
            sample = await progress.sample()
        done = await ground.database.pool.fetchval("SELECT count(*) FROM school_copy")
        assert done >= progress.count, (
            done,
            await ground.database.pool.fetch("SELECT reason FROM dead_letter LIMIT 3"),
        )
        return sample

    return once


def _peer(
    open_peer: Any, ground: Ground, topic: str, group: str, settled: Settled
) -> AbstractAsyncContextManager[None]:
    peer: AbstractAsyncContextManager[None] = open_peer(ground.reach, topic, group, ground.database.pool, settled)
    return peer


@asynccontextmanager
async def _ours(ground: Ground, reactions: Reactions, topic: str, group: str, settled: Settled) -> AsyncIterator[None]:
    inbox = Inbox(ground.database, reactions)

    async def deliver(said: Sequence[Record]) -> None:
        settled(0)
        await inbox.deliver(said)
        settled(len(said))

    consumer = Consumer(ground.broker, group, [topic], deliver, ground.database, resumes=True)
    task = asyncio.create_task(consumer.run())
    try:
        yield
    finally:
        consumer.stop()
        await task


async def _fetched(ground: Ground) -> Sample:
    client = ground.broker.consumer(f"bench-{uuid4().hex}", [TOPIC])
    client.subscribe(topics=[TOPIC])
    await client.start()
    progress, left = Progress(COUNT), COUNT
    while left > 0:
        batches = await client.getmany(timeout_ms=200, max_records=BATCH)
        for batch in batches.values():
            progress.settled(0)
            left -= len([as_record(message) for message in batch])
    progress.settled(COUNT)
    await stop_client(client)
    return await progress.sample()


async def _decoded(said: Sequence[Record]) -> Sample:
    with clocked() as clock:
        for record in said:
            decode(read(record))
    return clock.sample(len(said))


async def _stated(ground: Ground, said: Sequence[Record]) -> Sample:
    await ground.empty("inbox", "school_copy", "dead_letter")
    await ground.settle()
    rows = []
    for position, envelope in enumerate(map(read, said)):
        event: Any = decode(envelope)
        rows.append((envelope.source, envelope.id, position, fact(event, envelope.sequence)))
    async with ground.database.pool.acquire() as connection:
        with clocked() as clock:
            for first in range(0, len(rows), BATCH):
                await react(connection, ("limit", 0), rows[first : first + BATCH])
    return clock.sample(len(rows))
