"""An independent witness of what stands in Kafka: librdkafka, while the services use aiokafka."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from time import monotonic
from typing import Any, NamedTuple

from confluent_kafka import (
    Consumer,
    ConsumerGroupTopicPartitions,
    KafkaError,
    KafkaException,
    Message,
    TopicPartition,
)
from confluent_kafka.admin import AdminClient, OffsetSpec
from ekis_kafka.broker import client_settings
from ekis_local.kafka import Kafka

Ends = dict[tuple[str, int], int]

LATEST: OffsetSpec = OffsetSpec.latest()  # type: ignore[no-untyped-call]
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
    value: bytes


class Lags:
    """How far consumer groups are behind; one client for all of them, kept open while the broker answers."""

    def __init__(self, kafka: Kafka) -> None:
        self._settings = client_settings(kafka.address, kafka.admin) | {"log_level": 0}
        self._admin: AdminClient | None = None

    async def waiting(self, groups: Mapping[str, Sequence[str]]) -> list[tuple[str, Any]]:
        """What is behind, and by how many records; or why the broker does not say."""
        try:
            return await asyncio.to_thread(self._waiting, groups)
        except KafkaException as error:
            self._admin = None
            return [("broker", error)]

    def _waiting(self, groups: Mapping[str, Sequence[str]]) -> list[tuple[str, Any]]:
        admin = self._admin = self._admin or AdminClient(self._settings)
        wanted = {topic for topics in groups.values() for topic in topics}
        listed = admin.list_topics(timeout=2).topics
        places = [TopicPartition(topic, place) for topic in wanted for place in listed[topic].partitions]
        latest = admin.list_offsets(dict.fromkeys(places, LATEST), request_timeout=5)
        ends = {(place.topic, place.partition): future.result().offset for place, future in latest.items()}
        asked = [ConsumerGroupTopicPartitions(group) for group in groups]
        answers = [admin.list_consumer_group_offsets([one], request_timeout=5)[one.group_id] for one in asked]
        behind: list[tuple[str, Any]] = []
        for group, answer in zip(groups, answers, strict=True):
            found = answer.result().topic_partitions
            done = {(one.topic, one.partition): max(one.offset, 0) for one in found}
            lag = sum(end - done.get(at, 0) for at, end in ends.items() if at[0] in groups[group])
            behind += [(group, lag)] if lag else []
        return behind


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
        return await _patiently(partial(self._ends, topics))

    async def committed(self, ends: Ends) -> Ends:
        """What the group has committed; 0 where it has committed nothing. Waits while the group has no coordinator."""
        return await _patiently(partial(self._committed, ends))

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


async def _patiently(ask: Callable[[], Ends]) -> Ends:
    """A broker that has just come back answers with errors for a while."""
    deadline = monotonic() + PATIENCE
    while True:
        try:
            return await asyncio.to_thread(ask)
        except KafkaException:
            if monotonic() > deadline:
                raise
            await asyncio.sleep(0.1)


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
    topic, partition = _place(message)
    said = headers["ce_id"], headers["ce_source"], int(headers["ce_sequence"])
    return Seen(topic, partition, position, key.decode(), *said, message.value() or b"")
