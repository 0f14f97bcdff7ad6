"""SQL of lessons."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
from chassis.db import Row, Tx
from chassis.errors import Conflict

from cabinet.diary.domain.lessons import Author, Lesson, Place

_COLUMNS = (
    "lesson_id, school_id, class_id, subject_id, term_id, year, date, number, topic, homework, homework_due, version,"
    " files"
)
_PLACE = """
SELECT class.year, class.grade, class.teacher_id = $4 AS leads,
    EXISTS (SELECT FROM teaching_load AS it
            WHERE (it.class_id, it.subject_id, it.account_id) = ($1, $2, $4)) AS teaches,
    EXISTS (SELECT FROM substitute AS it WHERE (it.account_id, it.class_id, it.subject_id) = ($4, $1, $2)
            AND ($5::date BETWEEN it.since AND it.until)) AS replaces,
    EXISTS (SELECT FROM substitute AS it WHERE (it.account_id, it.class_id, it.subject_id) = ($4, $1, $2)
            AND ($5::date BETWEEN it.since AND it.until + 7)) AS has_replaced
FROM school_class AS class JOIN subject USING (school_id)
WHERE class.class_id = $1 AND subject.subject_id = $2 AND school_id = $3
"""
_INSERT = f"""
INSERT INTO lesson ({_COLUMNS}, account_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
"""  # noqa: S608 - a constant
_PAGE = f"""
SELECT {_COLUMNS} FROM lesson
WHERE class_id = $1 AND subject_id = $2 AND date BETWEEN $3 AND $4
    AND ($5::date IS NULL OR (date, number) > ($5, $6::smallint))
ORDER BY date, number LIMIT $7
"""  # noqa: S608 - a constant


def _lesson(row: Row) -> Lesson:
    return Lesson(**row)


async def place(tx: Tx, who: Author, class_id: UUID, subject_id: UUID, day: date) -> Place | None:
    """What an account has to do with a class and a subject of its school, on a day."""
    row = await tx.fetchrow(_PLACE, class_id, subject_id, who.school_id, who.account_id, day)
    return Place(**row) if row else None


async def insert(tx: Tx, lesson: Lesson, account_id: UUID) -> None:
    """A new lesson. Raises Conflict when there is one at that time."""
    values = [getattr(lesson, column) for column in _COLUMNS.split(", ")]
    try:
        await tx.execute(_INSERT, *values, account_id)
    except asyncpg.UniqueViolationError:
        raise Conflict("lesson-already-there") from None


async def update(tx: Tx, lesson_id: UUID, values: Mapping[str, Any]) -> None:
    """Other values, the next version. Raises Conflict when there is a lesson at that time."""
    places = ", ".join(f"{column} = ${number}" for number, column in enumerate(values, 2))
    sql = f"UPDATE lesson SET {places}, version = version + 1 WHERE lesson_id = $1"  # noqa: S608 - columns of the form
    try:
        await tx.execute(sql, lesson_id, *values.values())
    except asyncpg.UniqueViolationError:
        raise Conflict("lesson-already-there") from None


async def delete(tx: Tx, lesson_id: UUID) -> None:
    """Gone."""
    await tx.execute("DELETE FROM lesson WHERE lesson_id = $1", lesson_id)


async def was_marked(tx: Tx, lesson: Lesson) -> bool:
    """Whether anything was ever written into its column."""
    sql = "SELECT EXISTS (SELECT FROM mark WHERE year = $1 AND lesson_id = $2)"
    return bool(await tx.fetchval(sql, lesson.year, lesson.lesson_id))


async def lesson(tx: Tx, school_id: UUID, lesson_id: UUID) -> Lesson | None:
    """One lesson of this school."""
    sql = f"SELECT {_COLUMNS} FROM lesson WHERE lesson_id = $1 AND school_id = $2"  # noqa: S608 - a constant
    row = await tx.fetchrow(sql, lesson_id, school_id)
    return _lesson(row) if row else None


async def lesson_for_update(tx: Tx, school_id: UUID, lesson_id: UUID) -> Lesson | None:
    """Locked."""
    sql = f"SELECT {_COLUMNS} FROM lesson WHERE lesson_id = $1 AND school_id = $2 FOR UPDATE"  # noqa: S608
    row = await tx.fetchrow(sql, lesson_id, school_id)
    return _lesson(row) if row else None


async def page(
    tx: Tx, of: tuple[UUID, UUID], days: tuple[date, date], after: tuple[date, int] | None, limit: int
) -> list[Lesson]:
    """Lessons `of` a class in a subject between two days."""
    rows = await tx.fetch(_PAGE, *of, *days, *(after or (None, None)), limit)
    return [_lesson(row) for row in rows]
