"""FastStream with its typed handler, acknowledging after the work: one message a transaction, or a batch."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg
from chassis.db import Row
from ekis_contracts.registry import SchoolRegistered
from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaMessage
from faststream.security import SASLScram512

from bench.effect import fact, react

Pool: TypeAlias = "asyncpg.Pool[Row]"
Settled = Callable[[int], None]
BATCH = 500


@asynccontextmanager
async def single(reach: dict[str, Any], topic: str, group: str, pool: Pool, settled: Settled) -> AsyncIterator[None]:
    broker = _broker(reach)

    @broker.subscriber(topic, group_id=group, auto_offset_reset="earliest", ack_policy=AckPolicy.ACK)
    async def copy_school(event: SchoolRegistered, message: KafkaMessage) -> None:
        settled(0)
        raw = message.raw_message
        assert not isinstance(raw, tuple)
        async with pool.acquire() as connection:
            said = [(*_about(message.headers), raw.offset, fact(event, 1))]
            await react(connection, (topic, raw.partition), said)
        settled(1)

    async with _started(broker):
        yield


@asynccontextmanager
async def batch(reach: dict[str, Any], topic: str, group: str, pool: Pool, settled: Settled) -> AsyncIterator[None]:
    broker = _broker(reach)
    options: dict[str, Any] = {"batch": True, "max_records": BATCH, "ack_policy": AckPolicy.ACK}

    @broker.subscriber(topic, group_id=group, auto_offset_reset="earliest", **options)  # type: ignore[untyped-decorator] # of options
    async def copy_schools(events: list[SchoolRegistered], message: KafkaMessage) -> None:
        settled(0)
        raws: Sequence[Any] = message.raw_message
        together = zip(events, message.batch_headers, raws, strict=True)
        said = [(*_about(headers), raw.offset, fact(event, 1)) for event, headers, raw in together]
        async with pool.acquire() as connection:
            await react(connection, (topic, raws[0].partition), said)
        settled(len(events))

    async with _started(broker):
        yield


def _broker(reach: dict[str, Any]) -> KafkaBroker:
    login = SASLScram512(username=reach["sasl_plain_username"], password=reach["sasl_plain_password"])
    return KafkaBroker(reach["bootstrap_servers"], security=login, logger=None)


def _about(headers: dict[str, Any]) -> tuple[str, UUID]:
    return headers["ce_source"], UUID(headers["ce_id"])


@asynccontextmanager
async def _started(broker: KafkaBroker) -> AsyncIterator[None]:
    await broker.start()
    try:
        yield
    finally:
        await broker.stop()
