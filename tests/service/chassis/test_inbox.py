"""Every event takes effect exactly once, whatever fails in between."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import asyncpg
import pytest
import toy as toy_service
from chassis.inbox import ATTEMPTS, Inbox
from chassis.testing.opened import Keyring, Opened, opened
from prometheus_client import REGISTRY
from proxy import Proxy, proxied
from records import again, erased, left, workplace
from waiting import until

Behind = tuple[Opened, Proxy]


async def new_thing(it: Opened) -> UUID:
    sql = "INSERT INTO counted (id, count) VALUES ($1, 0) RETURNING id"
    thing_id: UUID = await it.runtime.database.pool.fetchval(sql, uuid4())
    return thing_id


async def count_of(it: Opened, thing_id: UUID) -> int | None:
    sql = "SELECT count FROM counted WHERE id = $1"
    count: int | None = await it.runtime.database.pool.fetchval(sql, thing_id)
    return count


async def remembered(it: Opened) -> int:
    rows: int = await it.runtime.database.pool.fetchval("SELECT count(*) FROM inbox")
    return rows


async def letters(it: Opened) -> list[tuple[str, int]]:
    """Reason and attempts of each dead letter."""
    rows = await it.runtime.database.pool.fetch("SELECT reason, attempts FROM dead_letter ORDER BY id")
    return [(row["reason"], row["attempts"]) for row in rows]


def handled(topic: str, outcome: str) -> float:
    labels = {"topic": topic, "outcome": outcome}
    return REGISTRY.get_sample_value("ekis_events_handled_total", labels) or 0


async def test_the_same_event_twice_has_one_effect(toy: Opened) -> None:
    thing = await new_thing(toy)
    record = left(thing)
    await toy.inbox.deliver([record, again(record)])
    await toy.inbox.deliver([record])
    assert (await count_of(toy, thing), await remembered(toy)) == (1, 1)
    assert len(await toy.published()) == 1, "what an event causes is published once too"


async def test_two_replicas_told_at_once_have_one_effect(toy: Opened) -> None:
    things = [await new_thing(toy) for _ in range(20)]
    records = [left(thing) for thing in things]
    twin = Inbox(toy.runtime.database, toy.service.reactions)
    await asyncio.gather(*(inbox.deliver([record]) for record in records for inbox in (toy.inbox, twin)))
    assert [await count_of(toy, thing) for thing in things] == [1] * 20


async def test_a_batch_with_duplicates_inside_has_one_effect_each(toy: Opened) -> None:
    one, two = uuid4(), uuid4()
    record, other = erased(one), erased(two)
    before = handled("account-erased", "done"), handled("account-erased", "repeated")
    await toy.inbox.deliver([record, other, again(record), again(record)])
    await toy.inbox.deliver([again(other), third := erased(uuid4())])
    assert third.position
    assert (await count_of(toy, one), await count_of(toy, two), await remembered(toy)) == (1, 1, 3)
    after = handled("account-erased", "done"), handled("account-erased", "repeated")
    assert (after[0] - before[0], after[1] - before[1]) == (3, 3)


async def test_equal_ids_of_two_producers_are_two_events(toy: Opened) -> None:
    """A producer must not be able to silence another by using its event's id."""
    one, two, event_id = uuid4(), uuid4(), uuid4()
    first, second = erased(one, id=event_id), erased(two, id=event_id)
    headers = [(name, b"identity" if name == "ce_source" else value) for name, value in second.headers]
    await toy.inbox.deliver([first, replace(second, headers=headers)])
    assert (await count_of(toy, one), await count_of(toy, two)) == (1, 1)


async def test_a_failing_batch_is_redone_one_by_one_and_only_the_culprit_is_buried(toy: Opened) -> None:
    good, bad = [uuid4() for _ in range(6)], uuid4()
    records = [*map(erased, good[:3]), erased(bad, post="bug"), *map(erased, good[3:])]
    await toy.inbox.deliver(records)
    assert [await count_of(toy, it) for it in good] == [1] * 6
    assert await count_of(toy, bad) is None
    assert [attempts for _, attempts in await letters(toy)] == [ATTEMPTS]
    assert await remembered(toy) == 6


async def test_a_bug_is_tried_again_then_buried_without_its_text_and_the_key_goes_on(toy: Opened) -> None:
    thing = await new_thing(toy)
    await toy.inbox.deliver([left(thing, "bug"), left(thing)])
    ((reason, attempts),) = await letters(toy)
    assert (reason.split(" at ")[0], attempts) == ("RuntimeError", ATTEMPTS)
    assert (await count_of(toy, thing), await remembered(toy)) == (1, 1)
    assert "person" not in await toy.everything()


async def test_a_late_fact_is_counted_and_leaves_only_its_inbox_row(toy: Opened) -> None:
    thing, before = await new_thing(toy), handled("staff-left", "late")
    record = left(thing, "late")
    await toy.inbox.deliver([record])
    await toy.inbox.deliver([again(record)])
    assert handled("staff-left", "late") - before == 1
    assert (await count_of(toy, thing), await remembered(toy), await letters(toy)) == (0, 1, [])


async def test_a_seal_moved_from_another_event_is_a_dead_letter_at_once(toy: Opened) -> None:
    victim, thief, seals = uuid4(), uuid4(), toy.keyring.seals["cabinet"]
    theirs, own = workplace(victim, seals), workplace(thief, seals)
    data = theirs.value.replace(str(victim).encode(), str(thief).encode()) if theirs.value else b""
    assert data.count(str(thief).encode()) == 2
    await toy.inbox.deliver([replace(own, value=data), theirs])
    assert (await letters(toy), await count_of(toy, thief), await count_of(toy, victim)) == ([("seal", 1)], None, 1)


@pytest.fixture
async def behind_proxy(admin_dsn: str, keyring: Keyring) -> AsyncIterator[Behind]:
    """The toy, whose way to the database can be disturbed."""
    server = urlsplit(admin_dsn)
    assert server.hostname
    assert server.port
    async with proxied(server.hostname, server.port) as proxy:
        dsn = server._replace(netloc=server.netloc.replace(f":{server.port}", f":{proxy.port}")).geturl()
        async with opened(toy_service.service, dsn, keyring) as it:
            yield it, proxy


async def test_while_the_database_refuses_the_inbox_waits_in_place_and_goes_on(behind_proxy: Behind) -> None:
    it, proxy = behind_proxy
    thing, other = await new_thing(it), uuid4()
    await proxy.cut()
    work = asyncio.create_task(it.inbox.deliver([left(thing), left(thing), replace(left(thing), value=b"?")]))
    batch = asyncio.create_task(it.inbox.deliver([erased(other)]))

    async def waits() -> bool:
        return it.runtime.database.away

    await until(waits, "the inbox says that it waits")
    assert not work.done()
    await proxy.open()
    await asyncio.wait_for(asyncio.gather(work, batch), 15)
    assert (await count_of(it, thing), await count_of(it, other), it.runtime.database.away) == (2, 1, False)
    assert await letters(it) == [("invalid-data", 1)]


async def test_a_database_that_hangs_delays_and_loses_nothing(behind_proxy: Behind) -> None:
    it, proxy = behind_proxy
    thing = await new_thing(it)
    proxy.freeze()
    work = asyncio.create_task(it.inbox.deliver([left(thing)]))
    done, _ = await asyncio.wait([work], timeout=0.3)
    assert not done
    proxy.thaw()
    await asyncio.wait_for(work, 15)
    assert await count_of(it, thing) == 1


async def test_a_commit_whose_answer_is_lost_has_one_effect(behind_proxy: Behind) -> None:
    it, proxy = behind_proxy
    thing, other = await new_thing(it), uuid4()
    for records in ([left(thing)], [erased(other)]):
        proxy.lose_answer_to = b"COMMIT"
        await asyncio.wait_for(it.inbox.deliver(records), 15)
    assert proxy.lost == 2
    assert (await count_of(it, thing), await count_of(it, other), await letters(it)) == (1, 1, [])


async def test_terminated_sessions_cost_no_effect(toy: Opened) -> None:
    things = [await new_thing(toy) for _ in range(30)]
    kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> $1"
    killer = await asyncpg.connect(toy.dsn)

    async def kill_all() -> int:
        return len(await killer.fetch(kill, await killer.fetchval("SELECT pg_backend_pid()")))

    killed = 0
    for third in (things[:10], things[10:20], things[20:]):
        work = asyncio.create_task(toy.inbox.deliver([left(thing) for thing in third]))
        await until(partial(_is_counted, killer, third[1]), "some were counted", every=0.001)
        killed += await kill_all()
        await work
    await killer.close()
    assert killed >= 3
    assert [await count_of(toy, thing) for thing in things] == [1] * 30
    assert await letters(toy) == []


async def _is_counted(connection: "asyncpg.Connection[asyncpg.Record]", thing_id: UUID) -> bool:
    return bool(await connection.fetchval("SELECT count > 0 FROM counted WHERE id = $1", thing_id))
