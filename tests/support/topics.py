"""An independent witness of what stands in Kafka: librdkafka, while the services use aiokafka."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import NamedTuple

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition
from ekis_local.kafka import Kafka
from ekis_local.topics import client_settings

Ends = dict[tuple[str, int], int]

PATIENCE = 30.0  # seconds, in which a killed broker comes back


class Seen(NamedTuple):
    """An event as it stands in a topic."""

    topic: str
    partition: int
    position: int
    key: str
    event_id: str
    source: str
    version: int


class Witness:
    """Reads topics without being a member of any group."""

    def __init__(self, kafka: Kafka, group: str) -> None:
        self._settings = client_settings(kafka.address, kafka.admin) | {
            "group.id": group,
            "enable.auto.commit": False,
            "auto.offset.reset": "error",
            "enable.partition.eof": True,
            "log_level": 0,
        }

    async def ends(self, *topics: str) -> Ends:
        """The position after the last record of every partition; waits while a partition has no leader."""
        deadline = monotonic() + PATIENCE
        while True:
            try:
                return await asyncio.to_thread(self._ends, topics)
            except KafkaException:
                if monotonic() > deadline:
                    raise
                await asyncio.sleep(0.1)

    async def committed(self, ends: Ends) -> Ends:
        """What the group has committed; 0 where it has committed nothing."""
        return await asyncio.to_thread(self._committed, ends)

    async def between(self, begin: Ends, end: Ends) -> list[Seen]:
        """The events from here to there, in the order of each partition."""
        return await asyncio.to_thread(self._between, begin, end)

    @contextmanager
    def _open(self) -> Iterator[Consumer]:
        client = Consumer(self._settings)
        try:
            yield client
        finally:
            client.close()

    def _ends(self, topics: tuple[str, ...]) -> Ends:
        with self._open() as client:
            listed = client.list_topics(timeout=2).topics
            places = [(topic, partition) for topic in topics for partition in listed[topic].partitions]
            return {at: client.get_watermark_offsets(TopicPartition(*at), timeout=2)[1] for at in places}

    def _committed(self, ends: Ends) -> Ends:
        with self._open() as client:
            found = client.committed([TopicPartition(*at) for at in ends], timeout=PATIENCE)
        return {(it.topic, it.partition): max(it.offset, 0) for it in found}

    def _between(self, begin: Ends, end: Ends) -> list[Seen]:
        left = {at for at in end if begin[at] < end[at]}
        seen: list[Seen] = []
        with self._open() as client:
            client.assign([TopicPartition(*at, begin[at]) for at in left])
            deadline = monotonic() + PATIENCE
            while left:
                fresh = client.consume(500, timeout=0.1)
                assert monotonic() < deadline, f"nothing comes from {left}"
                left -= {_place(it) for it in fresh if _is_end(it) and (it.offset() or 0) >= end[_place(it)]}
                seen += [_seen(it) for it in fresh if not _is_end(it)]
        return seen


def _place(message: Message) -> tuple[str, int]:
    topic, partition = message.topic(), message.partition()
    assert topic is not None and partition is not None  # noqa: PT018
    return topic, partition


def _is_end(message: Message) -> bool:
    """Whether it is none: a transaction leaves a mark behind its last message, so positions do not tell."""
    error = message.error()
    return error is not None and error.code() == KafkaError._PARTITION_EOF


def _seen(message: Message) -> Seen:
    assert message.error() is None, message.error()
    headers = {
        name: value.decode() for name, value in dict(message.headers() or ()).items() if isinstance(value, bytes)
    }
    position, key = message.offset(), message.key()
    assert position is not None
    assert isinstance(key, bytes)
    said = headers["ce_id"], headers["ce_source"], int(headers["ce_sequence"])
    return Seen(*_place(message), position, key.decode(), *said)
