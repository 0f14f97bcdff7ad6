"""Exam results of a city: lists, summaries and pages of teachers stay index scans; a file of 50,000 rows is worked off
in bounded memory."""

import resource
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest
from cabinet.__main__ import service
from cabinet.exams.domain.batches import Untold
from cabinet.exams.domain.dictionary import exam_of
from cabinet.exams.store import batches, publishing, rows
from cabinet.exams.store import results as store
from chassis.testing.opened import Keyring, Opened, opened
from plans import Explained

from .centre import Centre, counts, file, line, ogrn

SCHOOLS, PUPILS = 1_000, 50
START: list[float] = []  # the peak of memory before the first file
FILL = f"""
INSERT INTO school (school_id, full_name, short_name, address, phones, district, ogrn, inn, version)
SELECT md5(n::text)::uuid, 'Школа', 'Школа ' || n, 'ул.', '{{}}', 'Район ' || n % 125, (1027700000000 + n)::text,
       (7700000000 + n)::text, 1 FROM generate_series(1, {SCHOOLS}) AS n;
INSERT INTO account (account_id, state, school_id, category)
SELECT md5('a' || n)::uuid, 'open', md5((n % {SCHOOLS} + 1)::text)::uuid, 'employee'
FROM generate_series(0, 19999) AS n;
INSERT INTO school_class (class_id, school_id, year, grade, letter)
SELECT md5('c' || n)::uuid, md5((n % {SCHOOLS} + 1)::text)::uuid, 2025, 1 + n / {SCHOOLS} % 11, 'А'
FROM generate_series(0, 10999) AS n;
INSERT INTO subject (subject_id, school_id, name)
SELECT md5('s' || n)::uuid, md5((n % {SCHOOLS} + 1)::text)::uuid,
       CASE WHEN n < {SCHOOLS} THEN 'Русский язык' ELSE 'Предмет ' || n END FROM generate_series(0, 9999) AS n;
INSERT INTO teaching_load (load_id, school_id, class_id, subject_id, account_id)
SELECT md5('l' || n)::uuid, md5((n % {SCHOOLS} + 1)::text)::uuid, md5('c' || n % 11000)::uuid,
       md5('s' || n % 10000)::uuid, md5('a' || n % 20000)::uuid FROM generate_series(0, 39999) AS n;
ANALYZE
"""


KNOWN = f"""
INSERT INTO exam_set (set_id, exam, year, subject)
SELECT md5('set' || n)::uuid, 'ОГЭ', 2000 + n, 'Физика' FROM generate_series(1, 20) AS n;
INSERT INTO exam_total (set_id, school_id, results, counted, score)
SELECT md5('set' || n)::uuid, md5('other' || school)::uuid, 1, 1, 50
FROM generate_series(1, 20) AS n, generate_series(1, {SCHOOLS}) AS school;
INSERT INTO exam_familiarisation
SELECT result_id, version, md5('a' || get_byte(uuid_send(school_id), 0))::uuid, now() FROM exam_result
WHERE get_byte(uuid_send(result_id), 15) > 99;
ANALYZE
"""


def city(shift: int = 0) -> bytes:
    return file(
        *(
            line(ogrn(school), f"{school}-{pupil}", (school * pupil + shift) % 101, pupil)
            for school in range(1, SCHOOLS + 1)
            for pupil in range(PUPILS)
        )
    )


@pytest.fixture(scope="module")
async def filled(admin_dsn: str, keyring: Keyring, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Opened]:
    files: Path = tmp_path_factory.mktemp("files")
    async with opened(service, admin_dsn, keyring, files=str(files)) as it:
        await it.runtime.database.pool.execute(FILL)
        START.append(peak())
        for subject in ("Физика", "Химия", "Русский язык"):
            await Centre(it).bring(city(), subject=subject)
        await it.runtime.database.pool.execute(KNOWN)
        yield it


def peak() -> float:
    """Megabytes of this process, at most so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def md5(it: Opened, text: str) -> UUID:
    found: UUID = await it.runtime.database.pool.fetchval("SELECT md5($1)::uuid", text)
    return found


async def test_a_city_is_compared_and_changed_in_bounded_memory(filled: Opened) -> None:
    again = await Centre(filled).bring(city(), subject="Химия")
    assert counts(again) == (0, 0, SCHOOLS * PUPILS, 0)
    changed = await Centre(filled).bring(city(1), subject="Химия", reason="сверка")
    assert counts(changed) == (0, SCHOOLS * PUPILS, 0, 0)
    assert peak() - START[0] < 60


async def test_reading_stays_index_scans(filled: Opened) -> None:
    own = await md5(filled, "7")
    async with filled.runtime.database.transaction() as tx:
        sets = await store.sets_of_school(tx, own, None, None, None)
        ids = [one.set_id for one in sets]
        looked = Explained(tx)
        await store.sets_of_school(tx, own, "ЕГЭ", None, None)
        await store.held(tx, own, ids)
        await store.results_page(tx, own, ids, None, 50)
        page = await store.results_page(tx, own, ids[:1], None, 50)
        await store.results_page(tx, own, ids[:1], (page[10].set_id, page[10].code), 50)
        await store.results(tx, own, ids, [page[0].result_id])
        await store.versions(tx, page[0].result_id)
        await store.counts_by_score(tx, ids[0], own, "test")
        await store.taught_by(tx, await md5(filled, "a1"), own)
        assert looked.rows_read("exam_result") <= 3 * PUPILS
        await store.familiarised_by(tx, await md5(filled, "a1"))
    big = {"exam_result", "exam_version", "teaching_load", "exam_row", "exam_familiarisation"}
    assert big & set(looked.scans("Seq Scan")) == set()
    assert looked.rows_read("exam_total") <= 10


async def test_work_on_a_file_stays_index_scans(filled: Opened) -> None:
    async with filled.runtime.database.transaction() as tx:
        batch = (await batches.batches_page(tx, None, 1))[0]
        untold = Untold(batch, tuple([await md5(filled, str(n)) for n in range(1, 21)]), UUID(int=0))
        looked = Explained(tx)
        await rows.rows_page(tx, batch.batch_id, None, 0, 50)
        await rows.rows_page(tx, batch.batch_id, "rejected", 0, 50)
        assert await publishing.teachers_page(tx, untold, exam_of("ЕГЭ", "Русский язык"), 500)
    assert {"exam_row", "teaching_load", "account"} & set(looked.scans("Seq Scan")) == set()
    assert looked.rows_read("exam_row") <= 60


async def test_a_summary_reads_a_row_for_each_school(filled: Opened) -> None:
    own = await md5(filled, "7")
    async with filled.runtime.database.transaction() as tx:
        ids = [one.set_id for one in await store.sets_of_school(tx, own, None, None, None)]
        looked = Explained(tx)
        tx.fetchrow = looked.row
        school, district, city_ = await store.groups(tx, ids[0], own)
    assert looked.rows_read("exam_total") == SCHOOLS
    assert district is not None
    assert (school.counted, district.counted, city_.counted) == (PUPILS, 8 * PUPILS, SCHOOLS * PUPILS)
