"""Events are delivered in order, never lost, and take effect exactly once, whatever is killed."""

import signal
from time import monotonic

import pytest
from delivery import Damage, Load, World, repeated
from fleet import broker_pid, end_process, postgres_pid
from scenarios import killed_at, killed_while_processing, written_by_many


@pytest.mark.parametrize("point", ["after-commit:30", "after-send:10", "before-mark:10", "before-offset-commit:10"])
async def test_a_kill_in_every_window_costs_nothing(world: World, point: str) -> None:
    damage, seconds = await killed_at(world, point)
    print(f"{point}: recovered in {seconds:.1f} s")
    assert damage == Damage()


async def test_a_killed_broker_delays_and_loses_nothing(world: World) -> None:
    replica = world.replica()
    await replica.start()
    async with Load([replica.url]).running() as load:
        await load.reach(50)
        end_process(broker_pid(world.kafka), signal.SIGKILL)
        before = load.total
        await load.reach(before + 200)
    seconds = await world.settle()
    print(f"broker killed: {load.total} steps, settled in {seconds:.1f} s, refused {dict(load.refused)}")
    assert await world.damage(load.accepted) == Damage()
    assert not load.refused, "writes land in the outbox while the broker is away"


async def test_an_immediate_restart_of_postgresql_loses_nothing(world: World) -> None:
    replica = world.replica()
    await replica.start()
    async with Load([replica.url]).running() as load:
        await load.reach(50)
        end_process(await postgres_pid(world.it.dsn), signal.SIGQUIT)
        await load.reach(load.total + 100)
    seconds = await world.settle()
    print(f"PostgreSQL restarted: {load.total} steps, settled in {seconds:.1f} s, refused {dict(load.refused)}")
    assert await world.damage(load.accepted) == Damage()
    assert set(load.refused) <= {503}


async def test_a_second_replica_joins_and_leaves_during_work(world: World) -> None:
    first, second = world.replica(), world.replica("1")
    await first.start()
    async with Load([first.url]).running() as load:
        await second.start()
        load.urls.append(second.url)
        await load.reach(load.total + 200)
        load.urls.remove(second.url)
        assert await second.end() == 0
        await load.reach(load.total + 50)
    seconds = await world.settle()
    print(f"joined and left: {load.total} steps, settled in {seconds:.1f} s")
    assert await world.damage(load.accepted) == Damage()


async def test_sigterm_under_load_leaves_nothing_undone(world: World) -> None:
    replica = world.replica()
    await replica.start()
    async with Load([replica.url]).running() as load:
        await load.reach(100)
        assert await replica.end() == 0
        assert await world.unsettled() == 0, "what was in hand is done and its offset committed"
        assert not load.refused
        await replica.start()
        await load.reach(load.total + 30)
    await world.settle()
    print(f"SIGTERM: {repeated(await world.seen())} records said twice")
    assert await world.damage(load.accepted) == Damage()


async def test_an_offset_never_passes_a_record_in_work(world: World) -> None:
    assert await killed_while_processing(world) == Damage()


async def test_order_in_kafka_is_the_order_of_versions(world: World) -> None:
    began = monotonic()
    damage = await written_by_many(world)
    seen = await world.seen()
    print(f"{len(seen)} events of 10 keys by 20 writers in {monotonic() - began:.1f} s, {repeated(seen)} said twice")
    assert damage == Damage()
    assert len(seen) == 2000
