"""What is done to the toy, and to its mutants in the same way; each returns the damage."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from time import monotonic
from uuid import UUID

from chassis.kafka import Broker
from chassis.outbox import Relay, Tx, new_id, publish
from delivery import RECEIPTS, Damage, Load, World
from ekis_contracts.cabinet import PersonalDataErased
from ekis_contracts.registry import StaffLeft
from waiting import until


async def killed_at(world: World, point: str, module: Sequence[str] = ("toy",)) -> tuple[Damage, float]:
    """A toy dies at a crash point under load and is started again; returns the damage and the time to recover."""
    replica = world.replica(module=module)
    await replica.start(crash_at=point)
    async with Load([replica.url]).running() as load:
        assert await replica.exit_code() == -9, "the crash point is reached"
        died = monotonic()
        await replica.start()
        await load.reach(load.total + 30)
    await world.settle(30 - (monotonic() - died))
    recovered = monotonic() - died
    await replica.kill()
    return await world.damage(load.accepted), recovered


async def killed_while_processing(world: World, module: Sequence[str] = ("toy",)) -> Damage:
    """A toy dies while a reaction waits for a lock that this test holds."""
    replica, thing = world.replica(module=module), new_id()
    await replica.start()
    database = world.it.runtime.database
    await database.pool.execute("INSERT INTO counted (id, count) VALUES ($1, 0)", thing)
    async with database.pool.acquire() as holder, holder.transaction():
        await holder.execute("SELECT 1 FROM counted WHERE id = $1 FOR UPDATE", thing)
        async with database.transaction() as tx:
            publish(tx, StaffLeft(staff_id=thing, school_id=thing, reason="step"), version=1)
        await until(world.is_blocked, "the reaction waits for the lock")
        with suppress(AssertionError):  # the real thing commits nothing, however long one waits
            await until(world.has_committed_all, "the offset is committed", seconds=1)
        await replica.kill()
    await replica.start()
    await world.settle()
    return await world.damage(Counter({str(thing): 1}))


Step = Callable[[Tx, UUID], Awaitable[None]]


async def give_receipt(tx: Tx, thing: UUID) -> None:
    """Raise the version under the row's lock, then publish it."""
    version = await tx.fetchval("UPDATE counted SET version = version + 1 WHERE id = $1 RETURNING version", thing)
    publish_receipt(tx, thing, version)


def publish_receipt(tx: Tx, thing: UUID, version: int) -> None:
    """An event that the toy does not listen to."""
    publish(tx, PersonalDataErased(account_id=thing, service="registry", counts={}, erased_at=tx.now), version)


async def written_by_many(world: World, relay: type[Relay] = Relay, step: Step = give_receipt) -> Damage:
    """2000 events by 20 writers about 10 keys, carried by two relays."""
    database, settings = world.it.runtime.database, world.it.runtime.settings
    relays = [relay(database, Broker(settings, "registry"), world.it.dsn) for _ in range(2)]
    work = [asyncio.create_task(it.run()) for it in relays]
    things = [new_id() for _ in range(10)]
    await database.pool.execute("INSERT INTO counted (id, count, version) SELECT unnest($1::uuid[]), 0, 0", things)

    async def write(chance: random.Random) -> None:
        for thing in things * 10:
            async with database.transaction() as tx:
                await step(tx, thing)
                await asyncio.sleep(chance.random() / 500)

    await asyncio.gather(*(write(random.Random(seed)) for seed in range(20)))
    await world.sent()
    for one in work:
        one.cancel()
    await asyncio.gather(*work, return_exceptions=True)
    accepted = Counter({str(thing): 200 for thing in things})
    return await world.publication_damage(accepted, await world.seen(), RECEIPTS)
