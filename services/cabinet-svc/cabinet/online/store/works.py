"""SQL of what pupils hand in."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from chassis.db import Row, Tx

from cabinet.online.domain.works import Typed, Work

_COLUMNS = "work_id, lesson_id, assignment_id, class_id, pupil_id, diary_lesson_id, version"
# Namesakes in one class are told apart by nobody but the teacher
_MEANT = """
SELECT CASE WHEN count(*) = 1 THEN (array_agg(pupil_id))[1] END
FROM pupil JOIN membership AS stay USING (pupil_id)
WHERE school_id = $1 AND by_name = $3 AND class_id = $2
    AND stay.since <= $4 AND (stay.until IS NULL OR stay.until >= $4)
"""
_INSERT = """
INSERT INTO online_work (work_id, lesson_id, assignment_id, class_id, last_name, first_name, pupil_id, body, links, at,
                         version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1)
"""
_PAGE = """
SELECT work.work_id, work.assignment_id, work.class_id, class.grade || class.letter AS class_name, work.last_name,
    work.first_name, work.body AS text, work.links, work.at, work.version,
    CASE WHEN pupil.pupil_id IS NOT NULL THEN json_build_object('pupil_id', pupil.pupil_id,
        'last_name', pupil.last_name, 'first_name', pupil.first_name)::text END AS pupil,
    CASE WHEN work.diary_lesson_id IS NOT NULL THEN json_build_object('lesson_id', work.diary_lesson_id,
        'mark', mark.mark, 'credit', mark.credit, 'weight', mark.weight, 'comment', mark.comment,
        'version', mark.version)::text END AS grade
FROM online_work AS work JOIN school_class AS class USING (class_id) LEFT JOIN pupil USING (pupil_id)
    LEFT JOIN lesson ON lesson.lesson_id = work.diary_lesson_id
    LEFT JOIN mark ON (mark.year, mark.lesson_id, mark.pupil_id) = (lesson.year, lesson.lesson_id, work.pupil_id)
WHERE work.lesson_id = $1 AND ($2::uuid IS NULL OR assignment_id = $2)
    AND ($3::uuid[] IS NULL OR work.class_id = ANY ($3)) AND ($4::uuid IS NULL OR work_id < $4)
ORDER BY work_id DESC LIMIT $5
"""
_DIARY_LESSON = """
SELECT coalesce(
    (SELECT lesson.lesson_id FROM online_class AS of JOIN lesson ON lesson.lesson_id = of.diary_lesson_id
     WHERE of.lesson_id = $1 AND of.class_id = $2),
    (SELECT lesson_id FROM lesson WHERE class_id = $2 AND subject_id = $3 AND date = $4 ORDER BY number LIMIT 1))
"""


async def meant(tx: Tx, school_id: UUID, class_id: UUID, name: str, day: date) -> UUID | None:
    """The only pupil of this name in a class on a day."""
    pupil_id: UUID | None = await tx.fetchval(_MEANT, school_id, class_id, name, day)
    return pupil_id


async def count_of_class(tx: Tx, assignment_id: UUID, class_id: UUID) -> int:
    """How much a class has handed in."""
    sql = "SELECT count(*) FROM online_work WHERE assignment_id = $1 AND class_id = $2"
    number: int = await tx.fetchval(sql, assignment_id, class_id)
    return number


async def insert(tx: Tx, it: Work, typed: Typed) -> None:
    """Handed in."""
    said = (typed.last_name, typed.first_name, it.pupil_id, typed.body, list(typed.links))
    await tx.execute(_INSERT, it.work_id, it.lesson_id, it.assignment_id, it.class_id, *said, tx.now)


async def page(
    tx: Tx, lesson_id: UUID, wanted: tuple[UUID | None, Sequence[UUID] | None], before: UUID | None, limit: int
) -> list[dict[str, Any]]:
    """The newest first, with the marks as the journal has them now. `wanted`: an assignment, classes; None is all."""
    assignment_id, only = wanted
    rows = await tx.fetch(_PAGE, lesson_id, assignment_id, only if only is None else list(only), before, limit)
    return [dict(row) | {part: _parsed(row, part) for part in ("pupil", "grade")} for row in rows]


def _parsed(row: Row, part: str) -> Any:
    return json.loads(row[part]) if row[part] else None


async def work_for_update(tx: Tx, lesson_id: UUID, work_id: UUID) -> Work | None:
    """One of this lesson, locked."""
    sql = f"SELECT {_COLUMNS} FROM online_work WHERE work_id = $1 AND lesson_id = $2 FOR UPDATE"  # noqa: S608
    row = await tx.fetchrow(sql, work_id, lesson_id)
    return Work(**row) if row else None


async def save(tx: Tx, it: Work) -> None:
    """Whose it is, and where it was marked, now."""
    sql = "UPDATE online_work SET pupil_id = $2, diary_lesson_id = $3, version = $4 WHERE work_id = $1"
    await tx.execute(sql, it.work_id, it.pupil_id, it.diary_lesson_id, it.version)


async def delete(tx: Tx, work_id: UUID) -> None:
    """Gone."""
    await tx.execute("DELETE FROM online_work WHERE work_id = $1", work_id)


async def is_in_class(tx: Tx, class_id: UUID, pupil_id: UUID, day: date) -> bool:
    """Whether a pupil was in a class that day."""
    sql = """
    SELECT EXISTS (SELECT FROM membership WHERE class_id = $1 AND pupil_id = $2 AND since <= $3
                   AND (until IS NULL OR until >= $3))
    """
    return bool(await tx.fetchval(sql, class_id, pupil_id, day))


async def diary_lesson(tx: Tx, lesson_id: UUID, of: tuple[UUID, UUID], day: date) -> UUID | None:
    """The lesson of the journal `of` a class and a subject in which an online lesson is marked: the one it was marked
    in before, else the first of that day."""
    class_id, subject_id = of
    found: UUID | None = await tx.fetchval(_DIARY_LESSON, lesson_id, class_id, subject_id, day)
    return found


async def number_of_day(tx: Tx, of: tuple[UUID, UUID], day: date) -> int:
    """Which lesson of the day it is by the timetable; the first without one."""
    sql = """
    SELECT coalesce((SELECT min(number) FROM slot WHERE class_id = $1 AND subject_id = $2 AND weekday = $3), 1)
    """
    number: int = await tx.fetchval(sql, *of, day.isoweekday())
    return number


async def is_of_journal(tx: Tx, diary_lesson_id: UUID, of: tuple[UUID, UUID]) -> bool:
    """Whether a lesson of the diary is `of` this class and subject."""
    sql = "SELECT EXISTS (SELECT FROM lesson WHERE lesson_id = $1 AND class_id = $2 AND subject_id = $3)"
    return bool(await tx.fetchval(sql, diary_lesson_id, *of))


async def forget_strays(tx: Tx, before: datetime, limit: int) -> int:
    """What nobody of a class has handed in; how much."""
    sql = """
    DELETE FROM online_work WHERE work_id IN (
        SELECT work_id FROM online_work WHERE pupil_id IS NULL AND at < $1 ORDER BY at LIMIT $2)
    """
    return await tx.execute(sql, before, limit)
