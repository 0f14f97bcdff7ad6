"""SQL of what belongs to an online lesson: materials, assignments, attendance."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
from chassis.db import Tx
from chassis.errors import Conflict

from cabinet.online.domain.works import Assignment, Material

_MATERIALS = """
SELECT material_id, title, url, file.name AS file_name, file.kind, file.size
FROM online_material LEFT JOIN file USING (file_id) WHERE lesson_id = $1 ORDER BY material_id
"""
_ASSIGNMENTS = """
SELECT assignment_id, lesson_id, title, body, due, version FROM online_assignment WHERE lesson_id = $1
ORDER BY assignment_id
"""
_LIST = """
SELECT pupil.pupil_id, pupil.last_name, pupil.first_name, class.grade || class.letter AS class_name, is_present
FROM online_class AS of JOIN school_class AS class USING (class_id) JOIN membership AS stay USING (class_id)
    JOIN pupil USING (pupil_id)
    LEFT JOIN online_attendance AS seen ON (seen.lesson_id, seen.pupil_id) = (of.lesson_id, pupil.pupil_id)
WHERE of.lesson_id = $1 AND ($2::uuid[] IS NULL OR class.class_id = ANY ($2))
    AND stay.since <= $3 AND (stay.until IS NULL OR stay.until >= $3)
ORDER BY class.grade, class.letter, by_name, pupil.pupil_id
"""


async def materials(tx: Tx, lesson_id: UUID) -> list[dict[str, Any]]:
    """In the order in which they were added."""
    return [dict(row) for row in await tx.fetch(_MATERIALS, lesson_id)]


async def count_materials(tx: Tx, lesson_id: UUID) -> int:
    """How many a lesson has."""
    number: int = await tx.fetchval("SELECT count(*) FROM online_material WHERE lesson_id = $1", lesson_id)
    return number


async def insert_material(tx: Tx, it: Material) -> None:
    """A new one."""
    sql = "INSERT INTO online_material (material_id, lesson_id, title, url, file_id) VALUES ($1, $2, $3, $4, $5)"
    await tx.execute(sql, it.material_id, it.lesson_id, it.title, it.url, it.file_id)


async def material(tx: Tx, lesson_id: UUID, material_id: UUID) -> Material | None:
    """One of this lesson."""
    sql = """
    SELECT material_id, lesson_id, title, url, file_id FROM online_material WHERE material_id = $1 AND lesson_id = $2
    """
    row = await tx.fetchrow(sql, material_id, lesson_id)
    return Material(**row) if row else None


async def delete_material(tx: Tx, material_id: UUID) -> None:
    """Gone."""
    await tx.execute("DELETE FROM online_material WHERE material_id = $1", material_id)


async def assignments(tx: Tx, lesson_id: UUID) -> list[Assignment]:
    """In the order in which they were set."""
    return [Assignment(**row) for row in await tx.fetch(_ASSIGNMENTS, lesson_id)]


async def insert_assignment(tx: Tx, it: Assignment) -> None:
    """A new one."""
    sql = """
    INSERT INTO online_assignment (assignment_id, lesson_id, title, body, due, version) VALUES ($1, $2, $3, $4, $5, $6)
    """
    await tx.execute(sql, it.assignment_id, it.lesson_id, it.title, it.body, it.due, it.version)


async def update_assignment(tx: Tx, it: Assignment) -> None:
    """As it is now."""
    sql = "UPDATE online_assignment SET title = $2, body = $3, due = $4, version = $5 WHERE assignment_id = $1"
    await tx.execute(sql, it.assignment_id, it.title, it.body, it.due, it.version)


async def delete_assignment(tx: Tx, assignment_id: UUID) -> None:
    """Gone. Raises Conflict once somebody has handed in."""
    try:
        await tx.execute("DELETE FROM online_assignment WHERE assignment_id = $1", assignment_id)
    except asyncpg.ForeignKeyViolationError:
        raise Conflict("assignment-has-works") from None


async def attendance(tx: Tx, lesson_id: UUID, only: Sequence[UUID] | None, day: date) -> list[dict[str, Any]]:
    """Who was in the classes that day (in these alone, if some are named), by class and name, and who was there."""
    return [dict(row) for row in await tx.fetch(_LIST, lesson_id, only if only is None else list(only), day)]


async def save_attendance(tx: Tx, lesson_id: UUID, present: Mapping[UUID, bool]) -> None:
    """As it is now, for these pupils."""
    sql = """
    INSERT INTO online_attendance (lesson_id, pupil_id, is_present)
    SELECT $1, one.pupil_id, here FROM unnest($2::uuid[], $3::boolean[]) AS one (pupil_id, here)
    ON CONFLICT (lesson_id, pupil_id) DO UPDATE SET is_present = excluded.is_present
    """
    await tx.execute(sql, lesson_id, list(present), list(present.values()))
