"""The textbook outbox: look every 200 ms, send one by one and wait for each, mark them sent."""

import asyncio
from collections.abc import Sequence
from typing import Any

import asyncpg
from chassis.db import Row
from ekis_contracts import Record

from bench.events import columns, headers_of

POLL = 0.2
BATCH = 100

_COLUMNS = ("topic", "key", "value", "headers")
_NEXT = "SELECT id, topic, key, value, headers FROM peer_outbox WHERE NOT sent ORDER BY id LIMIT $1"
_MARK = "UPDATE peer_outbox SET sent = true WHERE id = ANY ($1::bigint[])"
_INSERT = "INSERT INTO peer_outbox (topic, key, value, headers) VALUES ($1, $2, $3, $4)"


async def fill(connection: "asyncpg.Connection[Row]", records: Sequence[Record]) -> None:
    await connection.copy_records_to_table("peer_outbox", records=map(columns, records), columns=_COLUMNS)


async def publish(connection: "asyncpg.Connection[Row]", record: Record) -> None:
    await connection.execute(_INSERT, *columns(record))


async def drain(connection: "asyncpg.Connection[Row]", producer: Any) -> None:
    while rows := await connection.fetch(_NEXT, BATCH):
        for row in rows:
            await producer.send_and_wait(row["topic"], row["value"], key=row["key"].encode(), headers=headers_of(row))
        await connection.execute(_MARK, [row["id"] for row in rows])


async def run(connection: "asyncpg.Connection[Row]", producer: Any) -> None:
    while True:
        await drain(connection, producer)
        await asyncio.sleep(POLL)
