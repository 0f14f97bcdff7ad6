"""Makes the topics and the access rules that deploy/kafka/{topics,acls}.yaml list."""

import asyncio
from collections.abc import Iterable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import yaml
from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import (
    AclBinding,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ResourcePatternType,
    ResourceType,
)
from confluent_kafka.cimpl import NewTopic

_SOURCES = Path(__file__).parents[2] / "kafka"
_TIMEOUT = 30.0

Settings = dict[str, str | int | float | bool]


def client_settings(kafka: str, login: tuple[str, str] | None) -> Settings:
    """How a confluent-kafka client reaches the broker; without a login there is no SASL."""
    if not login:
        return {"bootstrap.servers": kafka}
    return {
        "bootstrap.servers": kafka,
        "security.protocol": "SASL_PLAINTEXT",
        "sasl.mechanism": "SCRAM-SHA-512",
        "sasl.username": login[0],
        "sasl.password": login[1],
    }


async def ensure_topics(kafka: str, admin: tuple[str, str] | None, replicas: int = 1) -> None:
    """Make what is missing, on so many brokers; with an administrator's login the access rules too."""
    await asyncio.to_thread(_ensure, client_settings(kafka, admin), replicas, with_access=admin is not None)


def _ensure(settings: Settings, replicas: int, *, with_access: bool) -> None:
    client = AdminClient(settings)
    _settle(client.create_topics(_topics(replicas), operation_timeout=_TIMEOUT, request_timeout=_TIMEOUT).values())
    if with_access:
        _settle(client.create_acls(_access_rules(), request_timeout=_TIMEOUT).values())


def _settle(results: Iterable[Future[Any]]) -> None:
    for result in results:
        try:
            result.result()
        except KafkaException as error:
            if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
                raise


def _topics(replicas: int) -> list[NewTopic]:
    listed = yaml.safe_load((_SOURCES / "topics.yaml").read_text())
    configs = {kind: {name: str(value) for name, value in config.items()} for kind, config in listed["kinds"].items()}
    return [
        NewTopic(topic, num_partitions=listed["partitions"], replication_factor=replicas, config=configs[kind])
        for topic, kind in listed["topics"].items()
    ]


def _access_rules() -> list[AclBinding]:
    rights = yaml.safe_load((_SOURCES / "acls.yaml").read_text())
    rules = []
    readers, writers = set(), set()
    for topic, right in rights.items():
        rules += [_allow(ResourceType.TOPIC, topic, user, AclOperation.WRITE) for user in right["write"]]
        rules += [_allow(ResourceType.TOPIC, topic, user, AclOperation.READ) for user in right["read"]]
        readers |= set(right["read"])
        writers |= set(right["write"])
    rules += [_allow(ResourceType.GROUP, user, user, AclOperation.READ) for user in sorted(readers)]
    rules += [_allow(ResourceType.TRANSACTIONAL_ID, user, user, AclOperation.WRITE) for user in sorted(writers)]
    return rules


def _allow(kind: ResourceType, name: str, user: str, operation: AclOperation) -> AclBinding:
    pattern = ResourcePatternType.LITERAL if kind is ResourceType.TOPIC else ResourcePatternType.PREFIXED
    return AclBinding(kind, name, pattern, f"User:{user}", "*", operation, AclPermissionType.ALLOW)
