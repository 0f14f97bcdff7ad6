"""A journal and a pupil's week read as many rows of every table among a million marks as among ten thousand."""

from collections.abc import AsyncIterator, Callable
from datetime import date, timedelta
from typing import Any

import pytest
from cabinet.__main__ import service
from cabinet.diary.store import lessons, marks, own, pupils, reading
from chassis.testing.opened import Keyring, Opened, opened
from plans import Explained

from bench.journals import CLASSES, LESSONS, MARKS, PUPILS, SUBJECTS, fill, journal_of, made_id, viewer

FEW, MANY = 1, 84  # classes: 12,000 and 1,008,000 marks
MONDAY = date(2026, 9, 14)
GROWING = ("lesson", "mark_2026", "membership", "pupil", "tally")  # the others have a page or two here
CHANGES = f"""
INSERT INTO mark_change (year, lesson_id, pupil_id, version, save_id, at, account_id, old, new)
SELECT mark.year, lesson_id, pupil_id, 1, lesson_id, now(), account_id, '{{}}', '{{"mark": 5}}'
FROM mark JOIN lesson USING (lesson_id) WHERE date <= '{MONDAY + timedelta(days=7)}';
ANALYZE mark_change
"""
TABLES = ("lesson", "mark_2026", "membership", "pupil", "tally", "final", "teaching_load", "substitute")


@pytest.fixture(scope="module")
async def filled(admin_dsn: str, keyring: Keyring) -> AsyncIterator[Opened]:
    async with opened(service, admin_dsn, keyring) as it:
        await fill(it.runtime.database, 0, FEW)
        yield it


async def explained(it: Opened, number: int) -> tuple[Explained, Explained]:
    """The journal, and the week, of the last class."""
    looks = []
    asking: list[Callable[[Any], Any]] = [
        lambda tx: reading.journal(tx, viewer(number), journal_of(number, 3)),
        lambda tx: reading.week(tx, viewer(number), made_id("pupil", number * PUPILS), MONDAY),
    ]
    for asked in asking:
        async with it.runtime.database.transaction() as tx:
            look = Explained(tx)
            tx.fetchval = look.value
            assert await asked(tx)
            looks.append(look)
    return looks[0], looks[1]


async def test_reads_stay_flat_while_the_marks_grow_a_hundredfold(filled: Opened) -> None:
    few = await explained(filled, FEW - 1)
    await fill(filled.runtime.database, FEW, MANY)
    assert await filled.runtime.database.pool.fetchval("SELECT count(*) FROM mark") == MANY * MARKS
    many = await explained(filled, MANY - 1)
    for before, after in zip(few, many, strict=True):
        assert {*after.scans("Seq Scan")} & {*GROWING} == set()
        for table in TABLES:
            assert after.rows_read(table) <= max(before.rows_read(table), PUPILS * 2), table
    journal, week = many
    assert journal.rows_read("mark_2026") == 0, "a column is read as it is shown"
    assert journal.rows_read("lesson") == LESSONS
    assert week.rows_read("mark_2026") <= SUBJECTS * 5
    assert week.rows_read("lesson") <= SUBJECTS * 5 * 2, "those of the week, and what is due in it"


async def test_a_save_and_the_lists_look_nothing_through(filled: Opened) -> None:
    number = MANY - 1
    class_id, subject_id, _ = journal_of(number, 3)
    lesson_id = made_id("lesson", (number * SUBJECTS + 3) * LESSONS)
    pupil_id = made_id("pupil", number * PUPILS)
    teacher, school = made_id("teacher", number), made_id("school", number // CLASSES)
    async with filled.runtime.database.transaction() as tx:
        look = Explained(tx)
        await marks.grounds_for_update(tx, school, [lesson_id], teacher, MONDAY)
        kept = await marks.cells(tx, [(2026, lesson_id, pupil_id)])
        await marks.members(tx, [(lesson_id, pupil_id)])
        await marks.history(tx, 2026, (lesson_id, pupil_id), None, 50)
        await pupils.page(tx, class_id, None, 50)
        await lessons.page(tx, (class_id, subject_id), (MONDAY, MONDAY), None, 50)
    assert kept[lesson_id, pupil_id].version == 1
    assert {*look.scans("Seq Scan")} & {*GROWING} <= {"pupil"}, "all 2,520 are cheaper than 30 by index"
    assert look.rows_read("mark_2026") <= PUPILS
    assert look.rows_read("lesson") <= LESSONS


async def test_the_day_of_a_teacher_looks_nothing_through(filled: Opened) -> None:
    number = MANY - 1
    teacher, school = made_id("teacher", number), made_id("school", number // CLASSES)
    async with filled.runtime.database.transaction() as tx:
        look = Explained(tx)
        tx.fetchval = look.value
        assert await reading.day(tx, teacher, school, MONDAY)
    assert {*look.scans("Seq Scan")} & {*GROWING} == set()
    assert look.rows_read("lesson") <= SUBJECTS * 5


async def test_what_one_teacher_has_done_is_read_by_its_author(filled: Opened) -> None:
    teacher = made_id("teacher", MANY - 1)
    await filled.runtime.database.pool.execute(CHANGES)
    async with filled.runtime.database.transaction() as tx:
        look = Explained(tx)
        for read in (own.loads_of, own.substitutes_of, own.leaves_of, own.classes_led_by, own.finals_by):
            await read(tx, teacher)
        entered = await own.lessons_by(tx, teacher)
        given = await own.marks_by(tx, teacher)
    assert (len(entered), len(given)) == (SUBJECTS, SUBJECTS)
    assert {*look.scans("Seq Scan")} & {"lesson", "mark_change_2026"} == set()
    assert look.rows_read("mark_change_2026") == sum(one["count"] for one in given)
