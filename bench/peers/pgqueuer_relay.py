"""pgqueuer as an outbox: a job for every event, and a worker that sends it."""

import json
from collections.abc import Sequence
from typing import Any, TypeAlias

import asyncpg
from chassis.db import Row
from ekis_contracts import Record
from pgqueuer import AsyncpgDriver, Job, PgQueuer, Queries
from pgqueuer.types import QueueExecutionMode

from bench.events import columns

BATCH = 500

Connection: TypeAlias = "asyncpg.Connection[Row]"


async def install(connection: Connection) -> None:
    await Queries(AsyncpgDriver(connection)).install()


async def fill(connection: Connection, records: Sequence[Record]) -> None:
    payloads: list[bytes | None] = [_pack(record) for record in records]
    await Queries(AsyncpgDriver(connection)).enqueue(["send"] * len(payloads), payloads, [0] * len(payloads))


async def publish(connection: Connection, record: Record) -> None:
    await Queries(AsyncpgDriver(connection)).enqueue("send", _pack(record), 0)


async def drain(connection: Connection, producer: Any) -> None:
    await _worker(connection, producer).qm.run(batch_size=BATCH, mode=QueueExecutionMode.drain)


async def run(connection: Connection, producer: Any) -> None:
    await _worker(connection, producer).qm.run(batch_size=BATCH)


def _worker(connection: Connection, producer: Any) -> PgQueuer:
    worker = PgQueuer(AsyncpgDriver(connection))

    @worker.entrypoint("send")
    async def send(job: Job) -> None:
        topic, key, value, headers = json.loads(job.payload or b"")
        coded = [(name, said.encode()) for name, said in headers]
        await producer.send_and_wait(topic, value.encode(), key=key.encode(), headers=coded)

    return worker


def _pack(record: Record) -> bytes:
    topic, key, value, headers = columns(record)
    return json.dumps([topic, key, value.decode(), json.loads(headers)], ensure_ascii=False).encode()
