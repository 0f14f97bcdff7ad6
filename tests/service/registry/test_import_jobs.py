"""An import goes on where it was: after its worker has died, beside another worker, until somebody cancels it."""

import asyncio
from collections import Counter
from typing import Any

import pytest
from chassis.testing.opened import Opened
from feed import table
from registry.actions.imports import jobs as actions
from registry.domain.imports.jobs import Unreadable
from registry.domain.imports.schools import read_school
from registry.loops.imports import BATCH, forget_imports, work_imports

from .conftest import SCHOOL, Registry, school_form
from .imports import PATH, Feed, counts
from .test_imports import row

ROWS = BATCH * 3 + 7
FIELDS = {"inn": "ИНН", "kpp": "КПП", "ogrn": "ОГРН", "full_name": "Полное наименование", "kind": "Вид учреждения"}
FIELDS |= {"short_name": "Краткое наименование", "address": "Адрес", "phones": "Телефон", "emails": "Почта"}


@pytest.fixture
def feed(registry: Registry) -> Feed:
    return Feed(registry)


@pytest.fixture(scope="module")
def large() -> bytes:
    """The last row repeats the first."""
    return table(*(row(serial) for serial in range(1, ROWS + 1)), row(1))


async def halfway(feed: Feed, import_id: str, worker: "asyncio.Task[Any]") -> None:
    """Until some rows are settled, and not all."""
    while not (await feed.state(import_id))["done"]:
        await asyncio.sleep(0)
        assert not worker.done(), worker.exception()


async def is_whole(feed: Feed, import_id: str) -> None:
    done = await feed.state(import_id)
    assert (done["state"], counts(done)) == ("done", {"total": ROWS + 1, "done": ROWS + 1, "new": ROWS, "rejected": 1})
    told = Counter((event.topic, event.inn) for event in await feed.registry.told())
    assert len(told) == ROWS
    assert set(told.values()) == {1}
    lines = await feed.report(import_id)
    assert [int(line[0]) for line in lines] == list(range(2, ROWS + 3))
    assert "в строке 2" in lines[-1][5]


async def test_a_dead_worker_is_replaced_when_its_lease_ends(feed: Feed, large: bytes) -> None:
    import_id = await feed.queue(large)
    worker = asyncio.create_task(work_imports(feed.registry.it.runtime))
    await halfway(feed, import_id, worker)
    worker.cancel()
    await asyncio.gather(worker, return_exceptions=True)
    left = await feed.state(import_id)
    assert (left["state"], 0 < left["done"] < ROWS) == ("running", True)
    assert await work_imports(feed.registry.it.runtime) is False, "the lease still holds"
    feed.pass_lease()
    await feed.work()
    await is_whole(feed, import_id)


async def test_a_worker_that_lost_its_lease_does_no_more(feed: Feed) -> None:
    import_id = await feed.queue(table(row(1), row(2)))
    database = feed.registry.it.runtime.database
    rows = [read_school(2, {field: row(1)[title] for field, title in FIELDS.items()}, has_more=False)]
    jobs = []
    for _ in range(2):
        async with database.transaction() as tx:
            jobs.append(await actions.take_import(tx))
        feed.pass_lease()
    sleepy, awake = jobs
    assert sleepy
    assert awake
    async with database.transaction() as tx:
        assert await actions.keep_import(tx, sleepy) is False
        assert await actions.note_file(tx, sleepy, 99, {}) is False
        assert await actions.settle_batch(tx, sleepy, rows, {}) is None
        await actions.finish_import(tx, sleepy)
        await actions.fail_import(tx, sleepy, Unreadable("import-broken"))
    state = await feed.state(import_id)
    assert (state["state"], counts(state), await feed.registry.told()) == ("running", {}, [])
    async with database.transaction() as tx:
        assert await actions.settle_batch(tx, awake, rows, {})
    feed.pass_lease()
    await feed.work()
    assert counts(await feed.state(import_id)) == {"total": 2, "done": 2, "new": 2}
    assert len(await feed.registry.told()) == 2


async def test_two_workers_share_the_work_and_do_nothing_twice(feed: Feed, large: bytes) -> None:
    small = await feed.queue(table(row(ROWS + 1)))
    import_id = await feed.queue(large)
    await asyncio.gather(*(work_imports(feed.registry.it.runtime) for _ in range(3)))
    assert (await feed.state(small))["new"] == 1
    assert {event.inn for event in await feed.registry.told()} == {row(n)["ИНН"] for n in range(1, ROWS + 2)}
    assert (await feed.state(import_id))["new"] == ROWS


async def test_cancel_is_honoured_between_batches_and_keeps_what_was_done(feed: Feed, large: bytes) -> None:
    import_id = await feed.queue(large)
    worker = asyncio.create_task(work_imports(feed.registry.it.runtime))
    await halfway(feed, import_id, worker)
    answer = await feed.post(import_id, "cancel")
    assert (answer.status_code, answer.json()["state"]) == (200, "cancelled")
    await worker
    await feed.work()
    ended = await feed.state(import_id)
    assert (ended["state"], ended["done"]) == ("cancelled", answer.json()["done"])
    assert ended["done"] % BATCH == 0
    assert len(await feed.schools()) == len(await feed.registry.told()) == ended["done"] < ROWS
    assert await feed.registry.row("SELECT count(*) FROM import_chunk") == {"count": 0}
    for step in ("cancel", "apply"):
        refused = await feed.post(import_id, step)
        assert (refused.status_code, refused.json()["code"], refused.json()["state"]) == (
            409,
            "wrong-step",
            "cancelled",
        )


async def test_what_can_be_done_in_which_state(feed: Feed) -> None:
    queued = await feed.queue(table(row()), mode="dry-run")
    assert (await feed.post(queued, "apply")).status_code == 409
    await feed.work()
    assert (await feed.post(queued, "cancel")).status_code == 409
    assert (await feed.post(queued, "apply")).json()["state"] == "queued"
    assert (await feed.post(queued, "apply")).status_code == 409
    await feed.work()
    assert (await feed.post(queued, "apply")).status_code == 409
    unknown = "01a20ee4-0a00-7000-8000-000000000000"
    assert (await feed.post(unknown, "apply")).status_code == 404
    assert (await feed.registry.http.get(f"{PATH}/{unknown}", headers=feed.registrar)).status_code == 404
    assert (await feed.registry.http.get(f"{PATH}/{unknown}/report", headers=feed.registrar)).status_code == 404


async def test_a_file_that_breaks_every_worker_fails_at_last(feed: Feed) -> None:
    import_id = await feed.queue(table(row()))
    database = feed.registry.it.runtime.database
    for _ in range(5):
        async with database.transaction() as tx:
            assert await actions.take_import(tx)
        feed.pass_lease()
    await feed.work()
    failed = await feed.state(import_id)
    assert (failed["state"], failed["problem"]["code"]) == ("failed", "import-broken")


async def test_an_approval_at_the_same_moment_makes_one_school(feed: Feed) -> None:
    """The import waits for whoever registers these requisites, and then finds the school."""
    registry = feed.registry
    number = (await registry.apply(SCHOOL))["number"]
    same = {"ИНН": SCHOOL["inn"], "КПП": SCHOOL["kpp"], "ОГРН": SCHOOL["ogrn"], "Адрес": SCHOOL["address"]}
    same |= {"Полное наименование": SCHOOL["full_name"], "Вид учреждения": SCHOOL["kind"]}
    import_id = await feed.queue(table(same | {"Краткое наименование": SCHOOL["short_name"]}))
    lock = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))"
    async with registry.it.runtime.database.pool.acquire() as connection, connection.transaction():
        await connection.fetch(lock, SCHOOL["inn"])
        deciding = asyncio.create_task(registry.decide(number, "approve"))
        working = asyncio.create_task(work_imports(registry.it.runtime))
        waiting = (
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        while await registry.it.runtime.database.pool.fetchval(waiting) < 2:
            pass
    answer = (await asyncio.gather(deciding, working))[0]
    done = await feed.state(import_id)
    told = Counter(event.topic for event in await registry.told())
    assert told["school-registered"] == 1
    assert len(await feed.schools()) == 1
    assert (answer.status_code, counts(done)) in (
        (200, {"total": 1, "done": 1, "unchanged": 1}),
        (409, {"total": 1, "done": 1, "new": 1}),
    )


async def test_files_and_verdicts_are_forgotten_in_time(feed: Feed) -> None:
    tried = await feed.run(table(row()), mode="dry-run")
    runtime = feed.registry.it.runtime
    await forget_imports(runtime)
    assert await feed.registry.row("SELECT count(*) FROM import_chunk") == {"count": 1}
    feed.registry.it.clock.move(actions.KEEP_FILES)
    feed.registrar = feed.registry.registrar
    await forget_imports(runtime)
    gone = await feed.post(tried["import_id"], "apply")
    assert (gone.status_code, gone.json()["code"]) == (404, "import-file-gone")
    feed.registry.it.clock.move(actions.KEEP_VERDICTS)
    await forget_imports(runtime)
    assert await feed.registry.row("SELECT count(*) FROM import_row") == {"count": 0}


async def test_what_a_batch_asks_has_an_index(feed: Feed, opened_registry: Opened) -> None:
    school_form(1)
    queries = (
        "SELECT FROM import_row WHERE import_id = $1 AND number > 5 ORDER BY number",
        "SELECT FROM import_row WHERE import_id = $1 AND verdict = 'missing'",
        "SELECT FROM import WHERE state IN ('queued', 'running')",
        "SELECT FROM import WHERE queued_at < now()",
        "SELECT FROM feed_mark JOIN school USING (school_id, version) WHERE digest = ANY ('{00}'::bytea[])",
    )
    async with opened_registry.runtime.database.transaction() as tx:
        await tx.execute("SET LOCAL enable_seqscan = off")
        for query in queries:
            sql = query.replace("$1", "'01a20ee4-0a00-7000-8000-000000000000'")
            plan = await tx.fetch(f"EXPLAIN {sql}")
            assert any("Index" in line[0] for line in plan), (query, plan)
            assert not any("Seq Scan" in line[0] for line in plan), (query, plan)
