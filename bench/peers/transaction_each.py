"""The careful plain consumer: aiokafka, one transaction an event, offsets committed after each fetch."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from aiokafka import AIOKafkaConsumer
from chassis.db import Row
from chassis.kafka import as_record
from ekis_contracts import decode, read

from bench.effect import fact, react

BATCH = 500


@asynccontextmanager
async def consuming(
    reach: dict[str, Any], topic: str, group: str, pool: "asyncpg.Pool[Row]", settled: Callable[[int], None]
) -> AsyncIterator[None]:
    consumer = AIOKafkaConsumer(topic, **reach, group_id=group, enable_auto_commit=False, auto_offset_reset="earliest")
    await consumer.start()
    task = asyncio.create_task(_consume(consumer, pool, settled))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])
        await consumer.stop()


async def _consume(consumer: AIOKafkaConsumer, pool: "asyncpg.Pool[Row]", settled: Callable[[int], None]) -> None:
    async with pool.acquire() as connection:
        while True:
            for messages in (await consumer.getmany(timeout_ms=200, max_records=BATCH)).values():
                for message in messages:
                    settled(0)
                    envelope = read(as_record(message))
                    event: Any = decode(envelope)
                    said = [(envelope.source, envelope.id, message.offset, fact(event, envelope.sequence))]
                    await react(connection, (message.topic, message.partition), said)
                    settled(1)
                await consumer.commit()
