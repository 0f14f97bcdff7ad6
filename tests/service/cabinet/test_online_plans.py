"""A week, a card, a code, works and clashes are read by index, whatever the other schools of the city do."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import pytest
from cabinet.__main__ import service
from cabinet.online.actions.lessons import known_lesson
from cabinet.online.domain.links import Limit
from cabinet.online.store import lessons, parts, shares, works
from chassis.testing.opened import Keyring, Opened, opened
from plans import Explained

SCHOOLS, LESSONS, CLASSES, PUPILS = 60, 100, 4, 5
# Every school has hundred lessons a week for ten weeks; pupils and works of each
FILL = f"""
INSERT INTO school (school_id, full_name, short_name, address, phones, version)
SELECT md5('s' || n)::uuid, 'Школа', 'Школа', 'ул.', '{{}}', 1 FROM generate_series(1, {SCHOOLS}) AS n;
INSERT INTO account (account_id, state, school_id, category)
SELECT md5('t' || n || ' ' || m)::uuid, 'open', md5('s' || n)::uuid, CASE WHEN m = 1 THEN 'head' ELSE 'employee' END
FROM generate_series(1, {SCHOOLS}) AS n, generate_series(1, 10) AS m;
INSERT INTO account (account_id, state, category)
SELECT md5('o' || n)::uuid, 'open', 'employee' FROM generate_series(1, 30000) AS n;
INSERT INTO subject (subject_id, school_id, name)
SELECT md5('b' || n)::uuid, md5('s' || n)::uuid, 'Математика' FROM generate_series(1, {SCHOOLS}) AS n;
INSERT INTO school_class (class_id, school_id, year, grade, letter, teacher_id)
SELECT md5('c' || n || ' ' || m)::uuid, md5('s' || n)::uuid, 2026, m, 'А', md5('t' || n || ' ' || m)::uuid
FROM generate_series(1, {SCHOOLS}) AS n, generate_series(1, {CLASSES}) AS m;
INSERT INTO pupil (pupil_id, school_id, last_name, first_name)
SELECT md5('p' || n || ' ' || m || ' ' || k)::uuid, md5('s' || n)::uuid, 'Фамилия' || k, 'Имя'
FROM generate_series(1, {SCHOOLS}) AS n, generate_series(1, {CLASSES}) AS m, generate_series(1, {PUPILS}) AS k;
INSERT INTO membership (pupil_id, class_id, since)
SELECT md5('p' || n || ' ' || m || ' ' || k)::uuid, md5('c' || n || ' ' || m)::uuid, '2026-09-01'
FROM generate_series(1, {SCHOOLS}) AS n, generate_series(1, {CLASSES}) AS m, generate_series(1, {PUPILS}) AS k;
INSERT INTO substitute (substitute_id, school_id, class_id, subject_id, account_id, since, until)
SELECT md5('r' || n || ' ' || m)::uuid, md5('s' || n)::uuid, md5('c' || n || ' 1')::uuid, md5('b' || n)::uuid,
    md5('t' || n || ' ' || m)::uuid, '2026-09-01', '2026-09-07'
FROM generate_series(1, {SCHOOLS}) AS n, generate_series(1, 10) AS m;
INSERT INTO online_lesson (lesson_id, school_id, account_id, subject_id, title, starts, ends, link, state, version,
                           attendance_version)
SELECT md5('l' || n || ' ' || m)::uuid, md5('s' || n)::uuid, md5('t' || n || ' ' || m % 9 + 2)::uuid,
    md5('b' || n)::uuid, 'Урок', timestamptz '2026-09-07 08:00+03' + m * interval '100 minutes',
    timestamptz '2026-09-07 08:45+03' + m * interval '100 minutes', 'https://zoom.us/1',
    CASE WHEN m % 10 = 0 THEN 'live' ELSE 'planned' END, 1, 0
FROM generate_series(1, {SCHOOLS}) AS n, generate_series(1, {LESSONS} * 10) AS m;
INSERT INTO online_class (lesson_id, class_id, code_no, code_mark)
SELECT md5('l' || n || ' ' || m)::uuid, md5('c' || n || ' ' || m % {CLASSES} + 1)::uuid, 1,
    decode(md5('k' || n || ' ' || m), 'hex')
FROM generate_series(1, {SCHOOLS}) AS n, generate_series(1, {LESSONS} * 10) AS m;
INSERT INTO online_assignment (assignment_id, lesson_id, title, due, version)
SELECT md5('a' || n || ' ' || m)::uuid, md5('l' || n || ' ' || m)::uuid, 'x', now() + interval '1 day', 1
FROM generate_series(1, {SCHOOLS}) AS n, generate_series(1, {LESSONS}) AS m;
INSERT INTO online_material (material_id, lesson_id, title, url)
SELECT md5('m' || n || ' ' || m)::uuid, md5('l' || n || ' ' || m)::uuid, 'x', 'https://resh.edu.ru'
FROM generate_series(1, {SCHOOLS}) AS n, generate_series(1, {LESSONS}) AS m;
INSERT INTO online_work (work_id, lesson_id, assignment_id, class_id, last_name, first_name, pupil_id, links, at,
                         version)
SELECT md5('w' || n || ' ' || m || ' ' || k)::uuid, md5('l' || n || ' ' || m)::uuid, md5('a' || n || ' ' || m)::uuid,
    md5('c' || n || ' ' || m % {CLASSES} + 1)::uuid, 'Фамилия' || k, 'Имя',
    CASE WHEN k > 1 THEN md5('p' || n || ' ' || m % {CLASSES} + 1 || ' ' || k)::uuid END, '{{}}', now(), 1
FROM generate_series(1, {SCHOOLS}) AS n, generate_series(1, {LESSONS}) AS m, generate_series(1, {PUPILS}) AS k;
INSERT INTO online_attendance (lesson_id, pupil_id, is_present)
SELECT lesson_id, pupil_id, true FROM online_work WHERE pupil_id IS NOT NULL;
INSERT INTO join_visit SELECT decode(md5(n::text), 'hex'), 1, now() FROM generate_series(1, 50000) AS n;
ANALYZE
"""
SCHOOL = 7
GROWING = {"online_lesson", "online_class", "online_work", "online_material", "online_assignment", "online_attendance",
           "join_visit", "pupil", "membership", "account", "substitute"}  # fmt: skip


@pytest.fixture(scope="module")
async def filled(admin_dsn: str, keyring: Keyring) -> AsyncIterator[Opened]:
    async with opened(service, admin_dsn, keyring) as it:
        await it.runtime.database.pool.execute(FILL)
        yield it


async def made(it: Opened, text: str) -> UUID:
    found: UUID = await it.runtime.database.pool.fetchval("SELECT md5($1)::uuid", text)
    return found


@pytest.mark.parametrize(("who", "reads_all", "most"), [(1, True, LESSONS), (5, False, 30), (2, False, 60)])
async def test_a_week_is_one_range_of_an_index(filled: Opened, who: int, reads_all: bool, most: int) -> None:
    account, school = await made(filled, f"t{SCHOOL} {who}"), await made(filled, f"s{SCHOOL}")
    lesson_id = await made(filled, f"l{SCHOOL} 50")
    async with filled.runtime.database.transaction() as tx:
        monday = (await known_lesson(tx, school, lesson_id)).starts - timedelta(minutes=50 * 100 + 480)
        look = Explained(tx)
        shown = await lessons.week(tx, (account, school, reads_all), monday, None, 200)
    assert 5 < len(shown) <= most + 1
    assert {*look.scans("Seq Scan")} & GROWING == set()
    assert look.rows_read("online_lesson") <= LESSONS + 2
    assert look.rows_read("online_work") <= LESSONS * PUPILS + PUPILS


async def test_a_card_and_what_is_handed_in_read_one_lesson(filled: Opened) -> None:
    school, teacher = await made(filled, f"s{SCHOOL}"), await made(filled, f"t{SCHOOL} 2")
    lesson_id, class_id = await made(filled, f"l{SCHOOL} 50"), await made(filled, f"c{SCHOOL} 3")
    assignment, pupil = await made(filled, f"a{SCHOOL} 50"), await made(filled, f"p{SCHOOL} 3 2")
    async with filled.runtime.database.transaction() as tx:
        lesson = await known_lesson(tx, school, lesson_id)
        look = Explained(tx)
        tx.fetchrow = look.row
        tx.fetchval = look.value
        await lessons.tie(tx, teacher, lesson_id)
        await lessons.shown(tx, lesson_id)
        await lessons.concerned(tx, lesson_id)
        await lessons.heads(tx, school)
        await lessons.clash(tx, lesson, [class_id])
        await lessons.given_by(tx, teacher)
        assert await shares.classes(tx, lesson_id, [class_id])
        assert await parts.materials(tx, lesson_id)
        assert await parts.assignments(tx, lesson_id)
        assert len(await parts.attendance(tx, lesson_id, None, lesson.day)) == PUPILS
        assert len(await works.page(tx, lesson_id, (assignment, [class_id]), None, 50)) == PUPILS
        assert await works.count_of_class(tx, assignment, class_id) == PUPILS
        assert await works.meant(tx, school, class_id, "фамилия2 имя", lesson.day) == pupil
        assert await works.is_in_class(tx, class_id, pupil, lesson.day)
        await works.diary_lesson(tx, lesson_id, (class_id, lesson.subject_id), lesson.day)
        await works.number_of_day(tx, (class_id, lesson.subject_id), lesson.day)
        assert await lessons.forgotten_for_update(tx, tx.now)
    assert {*look.scans("Seq Scan")} & GROWING == set()
    assert look.rows_read("online_lesson") <= LESSONS * 10 / 9 + 1, "what one teacher has given, at most"
    assert look.rows_read("online_class") <= 3 * 4


async def test_a_code_is_found_and_counted_by_key(filled: Opened) -> None:
    async with filled.runtime.database.transaction() as tx:
        mark = await tx.fetchval("SELECT decode(md5($1), 'hex')", f"k{SCHOOL} 50")
        look = Explained(tx)
        tx.fetchrow = look.row
        found = await shares.share(tx, mark)
        assert await shares.count(tx, mark, 1, Limit(10, 1))
    assert found
    assert {*look.scans("Seq Scan")} & GROWING == set()
    assert look.rows_read("online_class") == 1
