"""Invented journals of any size: classes of 30 pupils, 10 subjects, 40 lessons of each in a term, every cell filled."""

from datetime import date
from uuid import UUID

from cabinet.diary.actions.setup import open_year
from cabinet.diary.store.marks import render_cells
from chassis.db import Database

PUPILS, SUBJECTS, LESSONS = 30, 10, 40
MARKS = PUPILS * SUBJECTS * LESSONS  # of a class
CLASSES = 40  # of a school
YEAR, MONDAY = 2026, "2026-09-07"
AT_ONCE = 20  # classes

_KINDS = {"school": "5", "class": "c", "pupil": "b", "lesson": "1", "teacher": "a"}


def made_id(kind: str, number: int) -> UUID:
    """Ascending, as those of a service are."""
    return UUID(f"{_KINDS[kind]}0000000-0000-7000-8000-{number:012x}")


def subject_of(school: int, number: int) -> UUID:
    return UUID(f"50000000-0000-7000-9000-{school * SUBJECTS + number:012x}")


def term_of(school: int) -> UUID:
    return UUID(f"70000000-0000-7000-9000-{school:012x}")


def _sql(kind: str, number: str) -> str:
    return f"('{_KINDS[kind]}0000000-0000-7000-8000-' || lpad(to_hex({number}), 12, '0'))::uuid"


_SUBJECT = "('50000000-0000-7000-9000-' || lpad(to_hex({}), 12, '0'))::uuid"
_TERM = "('70000000-0000-7000-9000-' || lpad(to_hex({}), 12, '0'))::uuid"

# $1 the first class, $2 the class after the last; a class's number says its school, a lesson's its subject
_LESSON_NUMBER = f"((n * {SUBJECTS} + s) * {LESSONS} + l)"
_STATEMENTS = (
    f"""
    INSERT INTO term (term_id, school_id, year, name, starts, ends, grade_from, grade_to)
    SELECT DISTINCT {_TERM.format(f"n / {CLASSES}")}, {_sql("school", f"n / {CLASSES}")}, {YEAR}, '1 четверть',
        DATE '{MONDAY}', DATE '{MONDAY}' + 60, 1, 12
    FROM generate_series($1::int, $2::int - 1) AS n ON CONFLICT DO NOTHING
    """,
    f"""
    INSERT INTO subject (subject_id, school_id, name)
    SELECT DISTINCT {_SUBJECT.format(f"n / {CLASSES} * {SUBJECTS} + s")}, {_sql("school", f"n / {CLASSES}")},
        'Предмет ' || s
    FROM generate_series($1::int, $2::int - 1) AS n, generate_series(0, {SUBJECTS - 1}) AS s ON CONFLICT DO NOTHING
    """,
    f"""
    INSERT INTO account (account_id, state, school_id, category)
    SELECT {_sql("teacher", "n")}, 'open', {_sql("school", f"n / {CLASSES}")}, 'employee'
    FROM generate_series($1::int, $2::int - 1) AS n
    """,
    f"""
    INSERT INTO school_class (class_id, school_id, year, grade, letter, teacher_id)
    SELECT {_sql("class", "n")}, {_sql("school", f"n / {CLASSES}")}, {YEAR}, n % 10 + 1, chr(1040 + n % {CLASSES} / 10),
        {_sql("teacher", "n")}
    FROM generate_series($1::int, $2::int - 1) AS n
    """,
    f"""
    INSERT INTO teaching_load (load_id, school_id, class_id, subject_id, account_id)
    SELECT gen_random_uuid(), {_sql("school", f"n / {CLASSES}")}, {_sql("class", "n")},
        {_SUBJECT.format(f"n / {CLASSES} * {SUBJECTS} + s")}, {_sql("teacher", "n")}
    FROM generate_series($1::int, $2::int - 1) AS n, generate_series(0, {SUBJECTS - 1}) AS s
    """,
    f"""
    INSERT INTO pupil (pupil_id, school_id, last_name, first_name)
    SELECT {_sql("pupil", f"n * {PUPILS} + p")}, {_sql("school", f"n / {CLASSES}")}, 'Фамилиева' || p, 'Анастасия'
    FROM generate_series($1::int, $2::int - 1) AS n, generate_series(0, {PUPILS - 1}) AS p
    """,
    f"""
    INSERT INTO membership (pupil_id, class_id, since)
    SELECT {_sql("pupil", f"n * {PUPILS} + p")}, {_sql("class", "n")}, DATE '{YEAR}-09-01'
    FROM generate_series($1::int, $2::int - 1) AS n, generate_series(0, {PUPILS - 1}) AS p
    """,
    f"""
    INSERT INTO lesson (lesson_id, school_id, class_id, subject_id, term_id, year, date, number, topic, homework,
                        homework_due, account_id)
    SELECT {_sql("lesson", _LESSON_NUMBER)}, {_sql("school", f"n / {CLASSES}")}, {_sql("class", "n")},
        {_SUBJECT.format(f"n / {CLASSES} * {SUBJECTS} + s")}, {_TERM.format(f"n / {CLASSES}")}, {YEAR},
        DATE '{MONDAY}' + l / 5 * 7 + l % 5, s, 'Тема урока ' || l, 'Упражнение ' || l,
        DATE '{MONDAY}' + l / 5 * 7 + l % 5 + 1, {_sql("teacher", "n")}
    FROM generate_series($1::int, $2::int - 1) AS n, generate_series(0, {SUBJECTS - 1}) AS s,
        generate_series(0, {LESSONS - 1}) AS l
    """,
    f"""
    INSERT INTO mark (year, lesson_id, pupil_id, mark, weight, version)
    SELECT {YEAR}, {_sql("lesson", _LESSON_NUMBER)}, {_sql("pupil", f"n * {PUPILS} + p")}, 2 + (n + s + l + p) % 4,
        1 + (l + p) % 2, 1
    FROM generate_series($1::int, $2::int - 1) AS n, generate_series(0, {SUBJECTS - 1}) AS s,
        generate_series(0, {LESSONS - 1}) AS l, generate_series(0, {PUPILS - 1}) AS p
    """,
    f"""
    INSERT INTO tally (pupil_id, subject_id, term_id, total, weights)
    SELECT {_sql("pupil", f"n * {PUPILS} + p")}, {_SUBJECT.format(f"n / {CLASSES} * {SUBJECTS} + s")},
        {_TERM.format(f"n / {CLASSES}")}, sum((2 + (n + s + l + p) % 4) * (1 + (l + p) % 2)), sum(1 + (l + p) % 2)
    FROM generate_series($1::int, $2::int - 1) AS n, generate_series(0, {SUBJECTS - 1}) AS s,
        generate_series(0, {LESSONS - 1}) AS l, generate_series(0, {PUPILS - 1}) AS p GROUP BY n, s, p
    """,
)


async def fill(database: Database, first: int, beyond: int) -> None:
    """Classes from this number to before that one, each with 12,000 marks; statistics are taken anew."""
    if first == 0:
        async with database.transaction() as tx:
            await open_year(tx, YEAR)
    for start in range(first, beyond, AT_ONCE):
        end = min(start + AT_ONCE, beyond)
        async with database.transaction() as tx:
            for statement in _STATEMENTS:
                await tx.execute(statement, start, end)
            numbers = range(start * SUBJECTS * LESSONS, end * SUBJECTS * LESSONS)
            await render_cells(tx, [made_id("lesson", number) for number in numbers])
    await database.pool.execute("VACUUM ANALYZE", timeout=600)


def viewer(number: int) -> tuple[UUID, bool, date, UUID]:
    """The teacher of a class, as the store is asked."""
    return made_id("teacher", number), False, date(YEAR, 9, 30), made_id("school", number // CLASSES)


def journal_of(number: int, subject: int) -> tuple[UUID, UUID, UUID]:
    """Class, subject and term of a journal."""
    school = number // CLASSES
    return made_id("class", number), subject_of(school, subject), term_of(school)
