"""A producer that tells when the broker has acknowledged."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import perf_counter
from typing import Any

from aiokafka import AIOKafkaProducer
from chassis.kafka import Broker


class WatchedProducer:
    """Does what the producer does; `tell` hears the moment of every acknowledgement."""

    def __init__(self, producer: AIOKafkaProducer, tell: Callable[[float], None]) -> None:
        self._producer, self._tell = producer, tell
        self._clock = perf_counter

    async def send(self, topic: str, value: bytes, **options: Any) -> "asyncio.Future[Any]":
        ack: asyncio.Future[Any] = await self._producer.send(topic, value, **options)
        ack.add_done_callback(lambda _: self._tell(self._clock()))
        return ack

    async def send_and_wait(self, topic: str, value: bytes, **options: Any) -> Any:
        return await (await self.send(topic, value, **options))


def watch(producer: AIOKafkaProducer) -> "tuple[WatchedProducer, asyncio.Queue[float]]":
    acks: asyncio.Queue[float] = asyncio.Queue()
    return WatchedProducer(producer, acks.put_nowait), acks


class WatchedBroker(Broker):
    """A service's broker, watched."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.acks: asyncio.Queue[float] = asyncio.Queue()

    @asynccontextmanager
    async def producer(self, transactional_id: str | None = None) -> AsyncIterator[Any]:
        async with super().producer(transactional_id) as producer:
            yield WatchedProducer(producer, self.acks.put_nowait)
