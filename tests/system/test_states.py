"""State topics: compaction keeps the last record of a key, so that must be the highest version, whatever is killed."""

import asyncio
import gc
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.errors import ProducerFenced
from chassis.consumer import Consumer
from chassis.db import new_id
from chassis.kafka import Broker
from chassis.outbox import Relay, publish
from delivery import GROUP, World
from ekis_contracts import Record
from ekis_contracts.registry import SchoolState
from topics import Ends, Lags, Witness
from waiting import until

TOPIC, NAME = SchoolState.topic, f"{GROUP}.states"


def state(school_id: UUID, version: int) -> SchoolState:
    return SchoolState(
        school_id=school_id,
        inn="7707083893",
        kpp="770701001",
        ogrn=None,
        full_name=f"Школа в состоянии {version}",
        short_name="Школа",
        kind="Школа",
        district=None,
        address="Москва",
        phones=[],
        emails=[],
        site=None,
        status="active",
        source="feed",
    )


class Schools:
    """Schools that change, the relay that carries their states, and what the topic says of them."""

    def __init__(self, world: World, begin: Ends) -> None:
        self.world, self._begin = world, begin
        self._witness = Witness(world.kafka, GROUP)

    def broker(self) -> Broker:
        return Broker(self.world.it.runtime.settings, "registry")

    async def publish(self, school_ids: Sequence[UUID], *versions: int) -> None:
        async with self.world.it.runtime.database.transaction() as tx:
            for version in versions:
                for school_id in school_ids:
                    publish(tx, state(school_id, version), version)

    async def carry(self) -> None:
        """A relay leads until all is sent."""
        relay = asyncio.create_task(Relay(self.world.it.runtime.database, self.broker(), self.world.it.dsn).run())
        await self.world.sent()
        relay.cancel()
        await asyncio.gather(relay, return_exceptions=True)

    async def said(self, school_id: UUID) -> list[int]:
        """The versions of a school in the order in which the topic has them."""
        seen = await self._witness.between(self._begin, await self._witness.ends(TOPIC))
        return [one.version for one in seen if one.key == str(school_id)]


@pytest.fixture
async def schools(world: World) -> Schools:
    return Schools(world, await Witness(world.kafka, GROUP).ends(TOPIC))


@pytest.fixture(autouse=True)
def unread_refusals() -> Iterator[None]:
    """aiokafka leaves futures of a fenced producer unread. They complain as they are collected: let that be here, and
    not inside some `ast.parse`, where the traceback's own one is more than CPython 3.11 bears."""
    yield
    gc.collect()


@asynccontextmanager
async def zombie(schools: Schools, name: str | None) -> AsyncIterator[AIOKafkaProducer]:
    """The producer of a relay that stopped between reading a row and sending it, while another took over."""
    async with schools.broker().producer(name) as producer:
        yield producer


async def send(producer: AIOKafkaProducer, school_id: UUID, version: int) -> None:
    said = {"ce_id": str(new_id()), "ce_source": "/registry-svc", "ce_sequence": str(version)}
    headers = [(name, value.encode()) for name, value in said.items()]
    value = state(school_id, version).model_dump_json().encode()
    acknowledged: Any = await producer.send(TOPIC, value, key=str(school_id).encode(), headers=headers)
    await acknowledged


async def test_what_a_zombie_sends_late_is_refused(schools: Schools) -> None:
    school_id = new_id()
    async with zombie(schools, NAME) as late:
        await schools.publish([school_id], 1, 2, 3)
        await schools.carry()
        await late.begin_transaction()
        with pytest.raises(ProducerFenced):
            await send(late, school_id, 2)
    assert await schools.said(school_id) == [1, 2, 3]


async def test_what_a_zombie_had_begun_is_never_said(schools: Schools) -> None:
    school_id = new_id()
    async with zombie(schools, NAME) as late:
        await late.begin_transaction()
        await send(late, school_id, 2)  # acknowledged: the zombie stops before it commits
        await schools.publish([school_id], 1, 2, 3)
        await schools.carry()
        with pytest.raises(ProducerFenced):
            await late.commit_transaction()
    assert await schools.said(school_id) == [1, 2, 3]


async def test_a_producer_that_nothing_fences_is_seen(schools: Schools) -> None:
    """The mutant of the two above: an idempotent producer alone brings the past back."""
    school_id = new_id()
    async with zombie(schools, None) as late:
        await schools.publish([school_id], 1, 2, 3)
        await schools.carry()
        await send(late, school_id, 2)
    assert await schools.said(school_id) == [1, 2, 3, 2]


@pytest.mark.parametrize("point", ["in-transaction:2", "before-mark:2"])
async def test_after_a_kill_in_every_window_the_last_is_the_highest(schools: Schools, point: str) -> None:
    school_ids, versions = [new_id() for _ in range(50)], range(1, 31)
    await schools.publish(school_ids, *versions)  # three batches
    replica = schools.world.replica()
    await replica.start(crash_at=point)
    assert await replica.exit_code() == -9, "the crash point is reached"
    await replica.start()
    await schools.world.sent()
    for school_id in school_ids[:5]:
        said = await schools.said(school_id)
        assert said[-1] == versions[-1]
        assert set(said) == set(versions), "nothing is lost"
        firsts = list(dict.fromkeys(said))
        assert firsts == sorted(firsts)


async def test_who_has_read_a_state_topic_has_no_lag(schools: Schools) -> None:
    """A transaction leaves a mark behind its records: positions and committed offsets have to pass it."""
    group = f"{GROUP}.reader-of-states"
    seen: list[Record] = []

    async def take(records: Sequence[Record]) -> None:
        seen.extend(records)

    consumer = Consumer(schools.broker(), group, [TOPIC], take, schools.world.it.runtime.database, resumes=False)
    reading = asyncio.create_task(consumer.run())
    school_ids = [new_id() for _ in range(20)]  # in every partition
    for version in (1, 2):
        await schools.publish(school_ids, version)
        await schools.carry()
        ends = await Witness(schools.world.kafka, group).ends(TOPIC)

        async def is_read() -> bool:
            return await Witness(schools.world.kafka, group).committed(ends) == ends  # noqa: B023 - awaited in its round

        await until(is_read, "all is read and committed")
        assert (await consumer._progress())[1] == 0
        assert await Lags(schools.world.kafka).waiting({group: [TOPIC]}) == []
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    keys = [record.key.decode() for record in seen if record.key]
    assert [keys.count(str(school_id)) for school_id in school_ids] == [2] * 20


async def test_other_events_go_on_beside_the_states(schools: Schools) -> None:
    """A relay that was fenced while it leads throws its producer away and goes on with another."""
    school_id = new_id()
    await schools.publish([school_id], 1)
    relay = asyncio.create_task(Relay(schools.world.it.runtime.database, schools.broker(), schools.world.it.dsn).run())
    await schools.world.sent()
    async with zombie(schools, NAME):
        await schools.publish([school_id], 2)
        await schools.world.sent()
    relay.cancel()
    await asyncio.gather(relay, return_exceptions=True)
    assert await schools.said(school_id) == [1, 2]
