"""What every system test shares: one Apache Kafka a session, and the toy service beside it."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
from chassis.testing.opened import Opened
from collector import Collector
from delivery import World
from ekis_local.kafka import Kafka, temporary_kafka
from journal import Journal
from live import Live, live_stack
from story import Person, School
from toy import service

OpenService = Callable[..., AbstractAsyncContextManager[Opened]]


@pytest.fixture(scope="session")
async def kafka() -> AsyncIterator[Kafka]:
    """A broker with the topics made; it comes back by itself when it is killed."""
    async with temporary_kafka() as broker:
        yield broker


@pytest.fixture
async def world(open_service: OpenService, kafka: Kafka, tmp_path: Path) -> AsyncIterator[World]:
    """A fresh database of the toy service beside the broker; its processes end with the test."""
    user, password = kafka.admin
    async with (
        open_service(service, kafka=kafka.address, kafka_user=user, kafka_password=password) as it,
        World(it, kafka, tmp_path).open() as world,
    ):
        yield world


@pytest.fixture(scope="session")
async def live() -> AsyncIterator[Live]:
    """The whole stack, once a session."""
    async with live_stack() as it:
        yield it


@pytest.fixture(scope="module")
async def journal(live: Live) -> Journal:
    """All writes of a module that its stack has accepted."""
    return Journal(live)


@pytest.fixture(scope="module")
async def school(journal: Journal) -> School:
    """A school with a head."""
    return await journal.story.register(Person("Орлов", "Пётр"))


@pytest.fixture(scope="module")
async def collector() -> AsyncIterator[Collector]:
    """Takes the spans of a module's stack."""
    async with Collector() as it:
        yield it
