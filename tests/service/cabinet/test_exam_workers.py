"""Who works on files of exam results: cancelled, killed and followed, twice at once; whom a published one is told."""

import asyncio
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import pytest
from cabinet.exams import loops
from cabinet.exams.actions import batches as actions
from cabinet.exams.domain.batches import KEEP_ROWS
from chassis.db import new_id
from chassis.testing.opened import Opened

from .centre import TITLE, Centre, counts, file, line, ogrn, results, school_of, teacher_of
from .people import told
from .school import School

LEASE = timedelta(seconds=actions.LEASE + 1)


@pytest.fixture
def centre(cabinet: Opened) -> Centre:
    return Centre(cabinet)


@pytest.fixture
async def school(cabinet: Opened) -> School:
    return await school_of(cabinet, 1)


async def test_heads_and_teachers_of_the_subject_are_told_once(cabinet: Opened, centre: Centre, school: School) -> None:
    other = await school_of(cabinet, 3)
    linguist, physicist = await teacher_of(school, "Русский язык (углублённо)"), await teacher_of(school, "Физика", 10)
    elsewhere = await teacher_of(other, "Русский язык")
    await centre.bring(file(line(ogrn(1), "a-01", 85)))
    pages = [event for event, _ in await told(cabinet) if event.kind == "exam-results"]
    assert {event.title for event in pages} == {TITLE}
    addressed = [account_id for event in pages for account_id in event.account_ids]
    assert sorted(addressed) == sorted([school.head.account_id, linguist.account_id])
    for who, unread in ((school.head, 1), (linguist, 1), (physicist, 0), (elsewhere, 0), (other.head, 0)):
        assert (await who.get("/inbox")).json()["unread"] == unread
    assert not any("a-01" in event.model_dump_json().lower() for event in pages)


async def test_a_thousand_teachers_are_told_page_by_page(cabinet: Opened, centre: Centre, school: School) -> None:
    fill = """
    INSERT INTO school_class (class_id, school_id, year, grade, letter) VALUES ($2, $1, 2025, 11, 'А');
    INSERT INTO subject (subject_id, school_id, name) VALUES ($3, $1, 'Русский язык');
    """
    pool, class_id, subject_id = cabinet.runtime.database.pool, new_id(), new_id()
    for statement, given in zip(fill.split(";")[:2], (class_id, subject_id), strict=True):
        await pool.execute(statement.replace("$3", "$2"), school.school_id, given)
    await pool.execute(
        """
        WITH made AS (INSERT INTO account (account_id, state, school_id, category)
            SELECT gen_random_uuid(), 'open', $1, 'employee' FROM generate_series(1, 1001) RETURNING account_id)
        INSERT INTO teaching_load (load_id, school_id, class_id, subject_id, account_id)
        SELECT gen_random_uuid(), $1, $2, $3, account_id FROM made
        """,
        school.school_id, class_id, subject_id,
    )  # fmt: skip
    await centre.bring(file(line(ogrn(1), "a-01", 85)))
    addressed = [one for event, _ in await told(cabinet) for one in event.account_ids]
    assert (len(addressed), len(set(addressed))) == (1002, 1002)


async def test_a_cancelled_file_makes_nothing_known(cabinet: Opened, centre: Centre, school: School) -> None:
    sent = await centre.send(file(line(ogrn(1), "a-01", 85)), mode="apply")
    path = f"/{sent.json()['batch_id']}"
    answer = await centre.ask("POST", f"{path}/cancel")
    assert (answer.status_code, answer.json()["state"]) == (200, "cancelled")
    await centre.work()
    assert await results(school.head) == []
    again = await centre.ask("POST", f"{path}/cancel")
    assert (again.status_code, again.json()["code"], again.json()["step"]) == (409, "wrong-step", "cancel")
    assert (await centre.ask("GET", f"/{new_id()}")).status_code == 404
    assert await cabinet.table("exam_chunk") == ""


async def test_cancelled_while_it_is_read_it_stops(
    cabinet: Opened, centre: Centre, school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loops, "PORTION", 1)
    sent = await centre.send(file(*(line(ogrn(1), f"a-{number}", 50) for number in range(5))), mode="apply")
    batch_id, keep = sent.json()["batch_id"], actions.keep_rows

    async def cancelled_after_one(tx: Any, batch: Any, rows: Any) -> bool:
        kept = await keep(tx, batch, rows)
        if rows[-1].number == 2:
            await actions.cancel_batch(tx, batch.batch_id)
        return kept

    monkeypatch.setattr(actions, "keep_rows", cancelled_after_one)
    await centre.work()
    batch = await centre.batch(batch_id)
    assert (batch["state"], batch["done"]) == ("cancelled", 1)
    assert await results(school.head) == []


async def test_a_worker_that_dies_is_followed_by_one_that_goes_on(
    cabinet: Opened, centre: Centre, school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loops, "PORTION", 2)
    sent = await centre.send(file(*(line(ogrn(1), f"a-{number}", 50) for number in range(7))), mode="apply")
    deaths = iter([False, True, False, True])

    def die(_: str) -> None:
        if next(deaths, False):
            raise RuntimeError("killed")

    monkeypatch.setattr(loops, "crash_point", die)
    done: list[int] = []
    for _ in range(3):
        with pytest.raises(RuntimeError) if len(done) < 2 else nullcontext():
            await loops.work_batches(cabinet.runtime)
        done.append((await centre.batch(sent.json()["batch_id"]))["done"])
        assert not await loops.work_batches(cabinet.runtime), "nobody else may have it while the lease runs"
        cabinet.clock.move(LEASE)
    assert done == [4, 7, 7]
    assert counts(await centre.batch(sent.json()["batch_id"])) == (7, 0, 0, 0)
    assert len(await results(school.head)) == 7


async def test_a_file_that_kills_its_workers_fails_in_the_end(
    cabinet: Opened, centre: Centre, school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = await centre.send(file(line(ogrn(1), "a-01", 85)), mode="apply")

    def broken(*_: Any) -> Any:
        raise RuntimeError("killed")

    monkeypatch.setattr(loops, "opened_table", broken)
    for _ in range(5):
        with pytest.raises(RuntimeError):
            await loops.work_batches(cabinet.runtime)
        cabinet.clock.move(LEASE)
    await centre.work()
    batch = await centre.batch(sent.json()["batch_id"])
    assert (batch["state"], batch["problem"]["code"]) == ("failed", "exam-file-broken")


async def test_a_repeated_upload_is_one_file(centre: Centre, school: School) -> None:
    data, key = file(line(ogrn(1), "a-01", 85)), {"Idempotency-Key": "раз".encode().hex()}
    first, second = [await centre.send(data, headers=key) for _ in range(2)]
    assert first.json() == second.json()
    other = await centre.send(data, headers=key, mode="apply")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
    assert len((await centre.ask("GET")).json()["items"]) == 1


async def test_rows_of_an_old_file_are_forgotten_and_the_file_is_not(
    cabinet: Opened, centre: Centre, school: School
) -> None:
    batch = await centre.bring(file(line(ogrn(1), "a-01", 85)))
    tried = await centre.bring(file(line(ogrn(1), "a-02", 85)), "dry-run")
    cabinet.clock.move(KEEP_ROWS * 1.01)
    await cabinet.run_loops()
    assert await cabinet.table("exam_row") == ""
    assert (await centre.batch(batch["batch_id"]))["new"] == 1
    answer = await centre.ask("POST", f"/{tried['batch_id']}/apply")
    assert (answer.status_code, answer.json()["code"]) == (404, "exam-rows-gone")
    assert len(await results(school.head)) == 1


async def test_two_files_about_one_exam_at_once_make_one_result(
    cabinet: Opened, centre: Centre, school: School
) -> None:
    for score in (85, 86):
        await centre.send(file(line(ogrn(1), "a-01", score)), mode="apply", reason="сверка")
    while any(await asyncio.gather(*(loops.work_batches(cabinet.runtime) for _ in range(2)))):
        pass
    (result,) = await results(school.head)
    assert (result["version"], result["test_score"] in (85, 86)) == (2, True)
