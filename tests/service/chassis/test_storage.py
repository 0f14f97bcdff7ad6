"""What the database keeps for every service: migrations, idempotency keys, leases, dead tokens."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import pytest
from chassis.db import Tx
from chassis.loops import claim
from chassis.migrations import ChangedMigration, is_current, migrate
from chassis.revocation import revocation_writer
from chassis.testing.opened import Opened
from ekis_contracts import Record
from ekis_contracts.identity import SessionsRevoked
from ekis_contracts.sealing import ForNotify
from ekis_contracts.values import Contact
from records import record_of
from waiting import until

Empty = tuple["asyncpg.Pool[asyncpg.Record]", str]


@pytest.fixture
async def empty(admin_dsn: str) -> AsyncIterator[Empty]:
    """An empty database, and its address."""
    name = f"empty_{uuid4().hex}"
    admin = await asyncpg.connect(admin_dsn)
    await admin.execute(f"CREATE DATABASE {name}")
    dsn = admin_dsn.rpartition("/")[0] + f"/{name}"
    async with asyncpg.create_pool(dsn, min_size=1, max_size=1) as pool:
        yield pool, dsn
    await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await admin.close()


async def test_concurrent_migrators_apply_every_file_once_and_a_changed_file_is_refused(
    empty: Empty, tmp_path: Path
) -> None:
    pool, dsn = empty
    first = tmp_path / "0001_init.sql"
    first.write_text("CREATE TABLE made (at timestamptz); INSERT INTO made VALUES (now()); SELECT pg_sleep(0.2);")
    applied = await asyncio.gather(*(migrate(dsn, tmp_path) for _ in range(3)))
    assert sorted(map(len, applied)) == [0, 0, 3]
    assert await pool.fetchval("SELECT count(*) FROM made") == 1

    (tmp_path / "0002_more.sql").write_text("ALTER TABLE made ADD COLUMN more int;")
    assert not await is_current(pool, tmp_path)
    assert await migrate(dsn, tmp_path) == ["0002_more.sql"]
    assert await is_current(pool, tmp_path)
    first.write_text("CREATE TABLE made ();")
    with pytest.raises(ChangedMigration, match=first.name):
        await migrate(dsn, tmp_path)


async def test_a_migration_is_applied_whole_or_not_at_all_and_does_not_queue_for_ever(
    empty: Empty, tmp_path: Path
) -> None:
    pool, dsn = empty
    file = tmp_path / "0001_init.sql"
    file.write_text("CREATE TABLE half (); SELECT 1 / 0;")
    with pytest.raises(asyncpg.DivisionByZeroError):
        await migrate(dsn, tmp_path)
    assert await pool.fetchval("SELECT to_regclass('half')") is None
    file.write_text("CREATE TABLE waits AS SELECT current_setting('lock_timeout') AS at_most;")
    assert await migrate(dsn, tmp_path) == [file.name]
    assert await pool.fetchval("SELECT at_most FROM waits") == "5s"


async def test_parallel_twins_with_one_idempotency_key_make_one_thing(toy: Opened) -> None:
    headers = {"Idempotency-Key": "same"}
    posts = [toy.http.post("/registry/things", json={"name": "Анна"}, headers=headers) for _ in range(25)]
    answers = await asyncio.gather(*posts)
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len(await toy.published()) == 1


async def test_of_two_bodies_under_one_idempotency_key_one_wins(toy: Opened) -> None:
    headers = {"Idempotency-Key": "contested"}
    posts = [toy.http.post("/registry/things", json={"name": name}, headers=headers) for name in ["Анна", "Вера"] * 5]
    answers = await asyncio.gather(*posts)
    assert sorted(answer.status_code for answer in answers) == [202] * 5 + [422] * 5
    assert len(await toy.published()) == 1


async def test_a_refused_attempt_does_not_use_up_its_idempotency_key(toy: Opened) -> None:
    headers = {"Idempotency-Key": "once-more"}
    path = f"/registry/things/{uuid4()}/steps"
    assert (await toy.http.post(path, headers=headers)).status_code >= 400
    thing = UUID(path.split("/")[3])
    await toy.runtime.database.pool.execute("INSERT INTO counted (id, count) VALUES ($1, 0)", thing)
    assert (await toy.http.post(path, headers=headers)).json() == {"version": "2"}


async def taken(it: Opened, limit: int) -> set[int]:
    """What one replica gets for a minute."""
    async with it.runtime.database.transaction() as tx:
        return await take(tx, limit)


async def take(tx: Tx, limit: int) -> set[int]:
    rows = await claim(tx, "job", "id > $3", 0, order="id", limit=limit, seconds=60)
    return {row["id"] for row in rows}


async def test_a_leased_row_is_given_to_one_and_given_back_after_its_time(toy: Opened) -> None:
    pool = toy.runtime.database.pool
    await pool.execute("INSERT INTO job SELECT generate_series(-1, 12)")
    async with toy.runtime.database.transaction() as crashing:
        held = await take(crashing, 4)
        parts = await asyncio.gather(*(taken(toy, 4) for _ in range(3)))
    assert held == {1, 2, 3, 4}
    assert sorted(id_ for part in parts for id_ in part) == [5, 6, 7, 8, 9, 10, 11, 12]
    assert await taken(toy, 20) == set()
    toy.clock.move(timedelta(seconds=59))
    assert await taken(toy, 20) == set()
    toy.clock.move(timedelta(seconds=2))
    assert await taken(toy, 20) == set(range(1, 13))


async def test_no_plan_takes_more_than_the_limit(toy: Opened) -> None:
    """A nested loop would look for free rows once more for each row that it has just taken."""
    pool = toy.runtime.database.pool
    await pool.execute("INSERT INTO job VALUES (1)")
    await pool.execute("ANALYZE job")
    await pool.execute("INSERT INTO job SELECT generate_series(2, 12)")
    assert await taken(toy, 1) == {1}
    assert await taken(toy, 20) == set(range(2, 13))


async def test_a_lease_of_a_rolled_back_round_is_free_at_once(toy: Opened) -> None:
    pool = toy.runtime.database.pool
    await pool.execute("INSERT INTO job VALUES (1)")

    async def fail() -> None:
        async with toy.runtime.database.transaction() as tx:
            assert await take(tx, 1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await taken(toy, 1) == {1}


def revoked(it: Opened, account_id: UUID, epoch: int, *sids: UUID) -> Record:
    contact = ForNotify(Contact(name="", email="a@school.test", lang="ru"))
    event = SessionsRevoked(account_id=account_id, reason="x", session_epoch=epoch, sids=list(sids), contact=contact)
    return record_of(event, seals=it.keyring.seals["identity"])


async def test_dead_tokens_are_refused_within_a_second_in_any_order_of_events(toy: Opened) -> None:
    account, other, session = uuid4(), uuid4(), uuid4()
    old, new = toy.signed_in(account_id=account, epoch=2), toy.signed_in(account_id=account, epoch=3)
    ended = toy.signed_in(account_id=other, epoch=9, sid=session)
    path = f"/registry/things/{uuid4()}"
    await toy.runtime.database.pool.execute("INSERT INTO counted (id, count) VALUES ($1, 0)", UUID(path[-36:]))

    async def statuses() -> list[int]:
        return [(await toy.http.get(path, headers=token)).status_code for token in (old, new, ended)]

    assert await statuses() == [200, 200, 200]
    following = asyncio.create_task(toy.runtime.revocations.follow(toy.runtime.database.pool))
    writer = revocation_writer(toy.runtime.database)
    await writer([revoked(toy, account, 3), revoked(toy, account, 2), revoked(toy, other, 1, session)])
    await writer([revoked(toy, account, 1)])

    async def are_refused() -> bool:
        return await statuses() == [401, 200, 401]

    took = await until(are_refused, "dead tokens are refused", seconds=1)
    following.cancel()
    print(f"refused after {took:.2f} s, {datetime.now(UTC):%H:%M}")
