"""SQL of the end of a school year."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from chassis.db import Tx

from cabinet.diary.domain.rollover import Ended

_CLASSES = """
SELECT school_class.class_id, grade, letter, teacher_id, count(stay.pupil_id) AS pupils
FROM school_class LEFT JOIN membership AS stay ON stay.class_id = school_class.class_id AND stay.until IS NULL
WHERE school_id = $1 AND year = $2
GROUP BY school_class.class_id ORDER BY grade, letter
"""
_RAISE = """
INSERT INTO school_class (class_id, school_id, year, grade, letter, teacher_id)
SELECT one.next_id, school_id, year + 1, grade + 1, letter, teacher_id
FROM unnest($1::uuid[], $2::uuid[]) AS one (class_id, next_id) JOIN school_class USING (class_id)
"""
_END = """
UPDATE membership SET until = $2 WHERE class_id = ANY($1) AND until IS NULL RETURNING pupil_id, class_id
"""
_JOIN = """
INSERT INTO membership (pupil_id, class_id, since)
SELECT one.pupil_id, one.class_id, $3 FROM unnest($1::uuid[], $2::uuid[]) AS one (pupil_id, class_id)
"""


async def classes(tx: Tx, school_id: UUID, year: int) -> list[Ended]:
    """Of a year, with how many are in each now."""
    return [Ended(**row) for row in await tx.fetch(_CLASSES, school_id, year)]


async def lock_classes(tx: Tx, school_id: UUID, year: int) -> None:
    """All of a year, in the order in which others lock them: nobody joins or leaves them meanwhile."""
    sql = "SELECT FROM school_class WHERE school_id = $1 AND year = $2 ORDER BY class_id FOR NO KEY UPDATE"
    await tx.execute(sql, school_id, year)


async def has_ended(tx: Tx, school_id: UUID, year: int) -> bool:
    """Whether it was rolled over."""
    return bool(await tx.fetchval("SELECT true FROM ended_year WHERE school_id = $1 AND year = $2", school_id, year))


async def end_year(tx: Tx, school_id: UUID, year: int) -> None:
    """For good."""
    await tx.execute("INSERT INTO ended_year (school_id, year) VALUES ($1, $2)", school_id, year)


async def names(tx: Tx, school_id: UUID, year: int) -> frozenset[str]:
    """Of the classes of a year."""
    sql = "SELECT grade || letter AS name FROM school_class WHERE school_id = $1 AND year = $2"
    return frozenset(row["name"] for row in await tx.fetch(sql, school_id, year))


async def raise_classes(tx: Tx, class_ids: Sequence[UUID], next_ids: Sequence[UUID]) -> None:
    """The same classes a year on, with the teachers who lead them."""
    await tx.execute(_RAISE, list(class_ids), list(next_ids))


async def end_memberships(tx: Tx, class_ids: Sequence[UUID], until: date) -> list[tuple[UUID, UUID]]:
    """Who was in these classes until then: pupil and class."""
    return [(row["pupil_id"], row["class_id"]) for row in await tx.fetch(_END, list(class_ids), until)]


async def join_classes(tx: Tx, stays: Sequence[tuple[UUID, UUID]], since: date) -> None:
    """Pupils into classes."""
    await tx.execute(_JOIN, [pupil for pupil, _ in stays], [class_id for _, class_id in stays], since)


async def close_terms(tx: Tx, school_id: UUID, year: int) -> int:
    """All of a year; how many were open."""
    sql = "UPDATE term SET closed = true, version = version + 1 WHERE school_id = $1 AND year = $2 AND NOT closed"
    return await tx.execute(sql, school_id, year)
