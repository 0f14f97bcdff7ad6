"""Outbox relay: how fast it carries events, how soon, and what the outbox costs the transaction that writes it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from time import perf_counter
from typing import TypeAlias

import asyncpg
from aiokafka import AIOKafkaProducer
from chassis.db import OUTBOX, Row, Tx, new_id
from chassis.outbox import Relay, publish
from chassis.telemetry import EVENTS_OUT
from ekis_contracts import Record
from ekis_contracts.registry import SchoolRegistered

from bench.acks import WatchedBroker, watch
from bench.events import columns, records, school
from bench.ground import Ground, Servers, clocked, opened_ground
from bench.peers import pgqueuer_relay, polling_relay
from bench.report import Entrant, Goal, Sample, figures, judged, percentile, play, rates

COUNT = 10_000
SLOW_COUNT = 1_000  # for the peers, which need as long for these
TRANSACTIONS = 2_000
WORKERS = 8
ROUNDS = 3
LATENCIES = 200
IDLE_SECONDS = 15.0

Connection: TypeAlias = "asyncpg.Connection[Row]"
Drain = Callable[[Connection, AIOKafkaProducer], Awaitable[None]]
Fill = Callable[[Connection, Sequence[Record]], Awaitable[None]]

_OUTBOX = ("id", "topic", "key", "value", "headers")
_BUSINESS = "INSERT INTO school (id, inn, name, version) VALUES ($1, $2, $3, 1)"
_BOTH = f"""
WITH business AS ({_BUSINESS})
INSERT INTO outbox (id, topic, key, value, headers) VALUES ($4, $5, $6, $7, $8)
"""


async def run(servers: Servers) -> None:
    async with opened_ground(servers) as ground:
        await _throughput(ground)
        await _transactions(ground)
        await _latency(ground)
        await _idle(ground)


async def _throughput(ground: Ground) -> None:
    said = records(COUNT)
    async with AsyncExitStack() as stack:
        connection = await stack.enter_async_context(_connected(ground))
        producer = await stack.enter_async_context(ground.broker.producer())
        eager = AIOKafkaProducer(**ground.reach, enable_idempotence=True, linger_ms=0, max_batch_size=262_144)
        await eager.start()
        stack.push_async_callback(eager.stop)
        await pgqueuer_relay.install(connection)
        await stack.enter_async_context(_running(Relay(ground.database, ground.broker, ground.dsn).run()))

        def drained(fill: Fill, drain: Drain, count: int) -> Callable[[], Awaitable[Sample]]:
            async def once() -> Sample:
                await fill(connection, said[:count])
                await connection.execute("CHECKPOINT")
                with clocked() as clock:
                    await drain(connection, producer)
                return clock.sample(count)

            return once

        entrants = [
            Entrant("aiokafka, all at once, 256 KiB batches", "limit", lambda: _sent(eager, said, COUNT)),
            Entrant("aiokafka, 500 at a time, the relay's producer", "limit", lambda: _sent(producer, said, 500)),
            Entrant("polling relay, 200 ms", "peer", drained(polling_relay.fill, polling_relay.drain, SLOW_COUNT)),
            Entrant("pgqueuer drain, 500", "peer", drained(pgqueuer_relay.fill, pgqueuer_relay.drain, SLOW_COUNT)),
            Entrant("chassis.outbox.Relay", "ours", lambda: _carried(ground, connection, said)),
        ]
        goals = [Goal("aiokafka, all at once, 256 KiB batches", 0.7)]
        rates(
            "outbox relay: events/s from the table to the broker's acknowledgement",
            entrants,
            await play(entrants, ROUNDS),
            goals,
        )


async def _sent(producer: AIOKafkaProducer, said: Sequence[Record], together: int) -> Sample:
    with clocked() as clock:
        for first in range(0, len(said), together):
            some = said[first : first + together]
            acks = [await producer.send(one.topic, one.value, key=one.key, headers=one.headers) for one in some]
            await asyncio.gather(*acks)
    return clock.sample(len(said))


async def _carried(ground: Ground, connection: Connection, said: Sequence[Record]) -> Sample:
    """By the running relay, as in a service: from the commit of all to the last acknowledgement."""
    rows = [(new_id(), *columns(record)) for record in said]
    await connection.execute("CHECKPOINT")
    filling = connection.transaction()
    await filling.start()
    await connection.copy_records_to_table("outbox", records=rows, columns=_OUTBOX)
    enough = _acknowledged() + len(said)
    with clocked() as clock:
        await filling.commit()
        ground.database.signals[OUTBOX].set()
        while _acknowledged() < enough:  # noqa: ASYNC110 - cheaper than an event for each
            await asyncio.sleep(0.002)
    return clock.sample(len(said))


def _acknowledged() -> float:
    """By the relay's own metric."""
    (metric,) = EVENTS_OUT.collect()
    return metric.samples[0].value


async def _transactions(ground: Ground) -> None:
    """One business row a transaction, eight at a time."""
    relay = Relay(ground.database, ground.broker, ground.dsn)

    async def carried() -> Sample:
        async with _running(relay.run()):
            return await _written(ground, _insert_and_publish)

    entrants = [
        Entrant("without outbox", "limit", lambda: _written(ground, _insert)),
        Entrant("with outbox", "ours", lambda: _written(ground, _insert_and_publish)),
        Entrant("with outbox, one statement written by hand", "part", lambda: _written(ground, _insert_both)),
        Entrant("with outbox, relay at work in the process", "part", carried),
    ]
    rates(
        "business transaction: commits/s, 8 at a time",
        entrants,
        await play(entrants, ROUNDS),
        [Goal("without outbox", 0.8)],
    )


async def _insert(tx: Tx, event: SchoolRegistered) -> None:
    await tx.execute(_BUSINESS, event.school_id, event.inn, event.short_name)


async def _insert_and_publish(tx: Tx, event: SchoolRegistered) -> None:
    await _insert(tx, event)
    publish(tx, event, version=1)


async def _insert_both(tx: Tx, event: SchoolRegistered) -> None:
    """What a store could do that knows the outbox."""
    publish(tx, event, version=1)
    await tx.execute(_BOTH, event.school_id, event.inn, event.short_name, *tx.outgoing.pop())


async def _written(ground: Ground, write: Callable[[Tx, SchoolRegistered], Awaitable[None]]) -> Sample:
    await ground.empty("outbox", "school")
    said = [school(number) for number in range(TRANSACTIONS)]

    async def work(mine: int) -> None:
        for event in said[mine::WORKERS]:
            async with ground.database.transaction() as tx:
                await write(tx, event)

    with clocked() as clock:
        await asyncio.gather(*map(work, range(WORKERS)))
    return clock.sample(TRANSACTIONS)


async def _latency(ground: Ground) -> None:
    """From the return of COMMIT to the broker's acknowledgement, one event at a time in an idle process."""
    async with _connected(ground) as connection, _connected(ground) as theirs, ground.broker.producer() as producer:
        await ground.empty("outbox", "peer_outbox")
        broker = WatchedBroker(ground.settings, ground.broker.group.removesuffix("-svc"))
        watched, acks = watch(producer)

        async def ours(record: Record) -> None:
            async with ground.database.transaction() as tx:
                publish(tx, school(record.position), version=1)

        relay = Relay(ground.database, broker, ground.dsn)
        rows = []
        async with _running(relay.run()):
            rows.append(_latency_row("chassis.outbox.Relay", await _acked(ours, broker.acks, LATENCIES), goal=True))
        async with _running(polling_relay.run(connection, watched)):
            taken = await _acked(lambda it: polling_relay.publish(theirs, it), acks, LATENCIES // 4)
            rows.append(_latency_row("polling relay, 200 ms", taken))
        async with _running(pgqueuer_relay.run(connection, watched)):
            taken = await _acked(lambda it: pgqueuer_relay.publish(theirs, it), acks, LATENCIES // 2)
            rows.append(_latency_row("pgqueuer", taken))
    figures("outbox relay, idle: commit -> broker acknowledgement", ("relay", "p50", "p99", "samples"), rows)


async def _acked(commit: Callable[[Record], Awaitable[None]], acks: "asyncio.Queue[float]", count: int) -> list[float]:
    """Milliseconds of each; the first ten warm up. The pauses fall on every phase of a poll."""
    taken = []
    for number, record in enumerate(records(count + 10)):
        await commit(record)
        committed = perf_counter()
        taken.append((await acks.get() - committed) * 1e3)
        await asyncio.sleep(0.02 + number % 37 * 0.0017)
    return taken[10:]


def _latency_row(name: str, taken: Sequence[float], *, goal: bool = False) -> list[str]:
    p50, p99 = percentile(taken, 0.5), percentile(taken, 0.99)
    cells = [judged(p50, 2, "ms"), judged(p99, 10, "ms")] if goal else [f"{p50:.2f} ms", f"{p99:.2f} ms"]
    return [name, *cells, str(len(taken))]


async def _idle(ground: Ground) -> None:
    """What the relay costs while nothing happens."""
    relay = Relay(ground.database, ground.broker, ground.dsn)
    async with _running(relay.run()):
        await asyncio.sleep(3)
        with clocked() as clock:
            await asyncio.sleep(IDLE_SECONDS)
    with clocked() as without:
        await asyncio.sleep(IDLE_SECONDS)
    shares = {part: (clock.cpu[part] - without.cpu[part]) / IDLE_SECONDS * 100 for part in clock.cpu}
    row = [judged(shares["client"], 1, "%"), *(f"{shares[part]:.2f} %" for part in ("postgres", "kafka"))]
    figures("outbox relay, idle: share of a core above an empty loop", ("relay", "postgres", "kafka"), [row])


@asynccontextmanager
async def _connected(ground: Ground) -> AsyncIterator[Connection]:
    connection = await asyncpg.connect(ground.dsn)
    try:
        yield connection
    finally:
        await connection.close()


@asynccontextmanager
async def _running(work: "asyncio.Future[None] | Awaitable[None]") -> AsyncIterator[None]:
    task = asyncio.ensure_future(work)
    try:
        yield
    finally:
        while not task.done():  # Python 3.11's wait_for may swallow a cancellation
            task.cancel()
            await asyncio.wait([task], timeout=1)
