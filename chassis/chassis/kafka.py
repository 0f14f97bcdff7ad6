"""The only room that knows aiokafka: how to produce and consume safely (its traps are named where they bite)."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import Any
from zlib import crc32

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError
from ekis_contracts import Record
from murmurhash2 import murmurhash2

from chassis.settings import ServiceSettings

STOP_TIMEOUT = 5.0


class Broker:
    """How to reach the broker as this service."""

    failures = (KafkaError, TimeoutError, OSError)

    def __init__(self, settings: ServiceSettings, service: str) -> None:
        self.group = f"{service}-svc"
        self.instance = settings.instance
        self._reach: dict[str, Any] = {"bootstrap_servers": settings.kafka, "client_id": f"{service}-svc"}
        if settings.kafka_user and settings.kafka_password:
            self._reach |= {
                "security_protocol": "SASL_PLAINTEXT",
                "sasl_mechanism": "SCRAM-SHA-512",
                "sasl_plain_username": settings.kafka_user,
                "sasl_plain_password": settings.kafka_password.get_secret_value(),
            }

    @asynccontextmanager
    async def producer(self, transactional_id: str | None = None) -> AsyncIterator[AIOKafkaProducer]:
        """An idempotent producer. It retries for ever by itself: bound every wait on it. One with a transactional id
        fences every earlier one of that id as it starts: whatever those still try to send is refused."""
        options: dict[str, Any] = {"acks": "all", "enable_idempotence": True, "max_batch_size": 262_144}
        options |= {"transactional_id": transactional_id, "partitioner": by_key}
        producer = AIOKafkaProducer(**self._reach, **options)
        try:
            await asyncio.wait_for(producer.start(), 30)
            yield producer
        finally:
            await stop_client(producer)

    def consumer(self, group: str, topics: Sequence[str]) -> AIOKafkaConsumer:
        """A consumer that never commits by itself and never decodes (a failing deserializer loops for ever).

        Static membership: a restarted replica takes its partitions back without a rebalance. One that listens to other
        topics than before is another member, for the broker would give it the partitions of the old ones.
        """
        return AIOKafkaConsumer(
            **self._reach,
            group_id=group,
            group_instance_id=f"{group}-{self.instance}-{crc32(' '.join(sorted(topics)).encode()):x}",
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            isolation_level="read_committed",  # a transaction comes whole, with the mark behind it
            session_timeout_ms=10_000,
            rebalance_timeout_ms=60_000,
            max_poll_interval_ms=86_400_000,  # a wait for the database is not a hang; the watchdog judges that
            metadata_max_age_ms=30_000,
        )

    async def lag(self, topics: Sequence[str]) -> dict[str, int]:
        """Events a topic that this service's group has not settled. What the broker has deleted does not count."""
        async with self._observer(topics) as (client, held):
            ends, begins = await client.end_offsets(held), await client.beginning_offsets(held)
            known = await asyncio.gather(*map(client.committed, held))
        lag = dict.fromkeys(topics, 0)
        for place, settled in zip(held, known, strict=True):
            lag[place.topic] += ends[place] - max(settled or 0, begins[place])
        return lag

    async def partitions(self, topics: Sequence[str]) -> dict[str, int]:
        """How many each has: 0 when it does not exist or this service may not see it."""
        async with self._observer(topics) as (_, held):
            return {topic: sum(place.topic == topic for place in held) for topic in topics}

    async def since(self, topics: Sequence[str], moment: datetime) -> dict[TopicPartition, tuple[int, int]]:
        """The first position since then and the end, of each partition that has anything as young."""
        async with self._observer(topics) as (client, held):
            found = await client.offsets_for_times(dict.fromkeys(held, max(0, moment.timestamp() * 1000)))
            ends = await client.end_offsets(held)
        return {place: (first.offset, ends[place]) for place, first in found.items() if first is not None}

    @asynccontextmanager
    async def _observer(self, topics: Sequence[str]) -> AsyncIterator[tuple[Any, list[TopicPartition]]]:
        """A client that asks about the group and does not join it, and the partitions of these topics."""
        client: Any = AIOKafkaConsumer(**self._reach, group_id=self.group, enable_auto_commit=False)
        try:
            await asyncio.wait_for(client.start(), 10)
            # By its public ways it would learn of them only as a member
            await asyncio.wait_for(client._client.set_topics(topics), 10)
            held = [TopicPartition(topic, it) for topic in topics for it in client.partitions_for_topic(topic) or ()]
            yield client, held
        finally:
            await stop_client(client)


def by_key(key: bytes, partitions: Sequence[int], _available: Sequence[int]) -> int:
    """Kafka's own choice, so that city systems may join topics by key; aiokafka's is Python, 20 times slower."""
    return partitions[(murmurhash2(key, 0x9747B28C) & 0x7FFFFFFF) % len(partitions)]


async def stop_client(client: Any) -> None:
    """Stop a producer or consumer, which may hang when the broker is away."""
    with suppress(*Broker.failures):  # it is thrown away anyhow
        await asyncio.wait_for(client.stop(), STOP_TIMEOUT)


def as_record(message: "ConsumerRecord[bytes, bytes]") -> Record:
    """The broker's message as the contracts know it, bytes untouched."""
    headers = [(name, value or b"") for name, value in message.headers]
    return Record(message.topic, message.key, message.value, headers, message.partition, message.offset)
