"""Somebody with a user name and a password at the broker, and what it lets them do."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from time import monotonic
from typing import Any

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, Producer, TopicPartition
from ekis_contracts import Record
from ekis_kafka.broker import client_settings
from ekis_local.kafka import Kafka

PATIENCE = 30.0


def refusal(error: KafkaError | None) -> str | None:
    """The broker's own name for why it refuses."""
    return None if error is None else error.name()


class Principal:
    """One of them. Every method returns the name of the broker's refusal, or None when it was let."""

    def __init__(self, kafka: Kafka, login: tuple[str, str]) -> None:
        self._own = f"{login[0]}.reading"
        self._settings = client_settings(kafka.address, login) | {"log_level": 0}

    async def connect(self) -> str | None:
        """Ask for anything at all."""
        return await asyncio.to_thread(self._connect)

    async def read(self, topic: str, group: str | None = None) -> str | None:
        """Read to the end, by oneself or as a member of a group."""
        return await asyncio.to_thread(self._join if group else self._read, topic, group or self._own)

    async def write(
        self,
        topic: str,
        key: bytes | None,
        value: bytes | None,
        headers: Sequence[tuple[str, bytes]] = (),
        partition: int = -1,
    ) -> str | None:
        """One record, where the key belongs unless a partition is given."""
        return await asyncio.to_thread(self._write, topic, key, value, list(headers), partition)

    def _connect(self) -> str | None:
        said: list[KafkaError] = []
        with closing(Consumer(self._settings | {"group.id": self._own, "error_cb": said.append})) as client:
            deadline = monotonic() + PATIENCE
            while monotonic() < deadline:
                client.poll(0.1)
                if any(error.code() == KafkaError._AUTHENTICATION for error in said):
                    return "_AUTHENTICATION"
                try:
                    client.list_topics(timeout=1)
                except KafkaException:
                    continue
                return None
        raise AssertionError(f"the broker says nothing but {said}")

    async def records(self, topic: str) -> list[Record]:
        """All that stands in a topic that it may read."""
        kept: list[Record] = []
        assert await asyncio.to_thread(self._read, topic, self._own, kept.append) is None
        return kept

    def _read(self, topic: str, group: str, keep: Callable[[Record], None] = lambda _: None) -> str | None:
        with closing(Consumer(self._settings | {"group.id": group, "enable.partition.eof": True})) as client:
            described = client.list_topics(topic, timeout=PATIENCE).topics[topic]
            if described.error:
                return refusal(described.error)
            client.assign([TopicPartition(topic, number, 0) for number in described.partitions])
            ended: set[int | None] = set()
            for message in self._messages(client):
                error = message.error()
                if error and error.code() != KafkaError._PARTITION_EOF:
                    return refusal(error)
                if error is None:
                    pairs: Any = message.headers() or []
                    keep(Record(topic, message.key(), message.value(), pairs))
                ended |= {message.partition()} if error else set()
                if len(ended) == len(described.partitions):
                    break
        return None

    def _join(self, topic: str, group: str) -> str | None:
        own = {"group.id": group, "enable.partition.eof": True, "enable.auto.commit": False}
        with closing(Consumer(self._settings | own)) as client:
            client.subscribe([topic])
            error = next(self._messages(client)).error()
            return refusal(error if error and error.code() != KafkaError._PARTITION_EOF else None)

    def _messages(self, client: Consumer) -> Iterator[Message]:
        deadline = monotonic() + PATIENCE
        while monotonic() < deadline:
            message = client.poll(0.1)
            if message is not None:
                yield message
        raise AssertionError("the broker says nothing")

    def _write(
        self, topic: str, key: bytes | None, value: bytes | None, headers: list[tuple[str, Any]], partition: int
    ) -> str | None:
        said: list[KafkaError | None] = []
        client = Producer(self._settings | {"acks": "all", "message.max.bytes": 10_000_000})  # the broker shall judge
        client.produce(topic, value, key, partition, lambda error, _: said.append(error), headers=headers)
        client.flush(PATIENCE)
        (error,) = said
        return refusal(error)
