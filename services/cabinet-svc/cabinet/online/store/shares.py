"""SQL of the classes of an online lesson: their codes, and what a code opens; how often somebody has asked."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.db import Tx

from cabinet.online.domain.links import Limit, Share

_SHARE = """
SELECT lesson.lesson_id, lesson.school_id, class.class_id, class.grade || class.letter AS class_name,
    school.short_name AS school, subject.name AS subject, lesson.title, lesson.starts, lesson.ends, lesson.state,
    lesson.link, (SELECT max(due) FROM online_assignment AS set WHERE set.lesson_id = lesson.lesson_id) AS last_due
FROM online_class AS of JOIN online_lesson AS lesson USING (lesson_id) JOIN school_class AS class USING (class_id)
    JOIN subject USING (subject_id) LEFT JOIN school ON school.school_id = lesson.school_id
WHERE of.code_mark = $1
"""
_CLASSES = """
SELECT class_id, grade || letter AS name, code_no FROM online_class JOIN school_class USING (class_id)
WHERE lesson_id = $1 AND ($2::uuid[] IS NULL OR class_id = ANY ($2)) ORDER BY grade, letter
"""
# A count that is full takes nothing: no row comes back
_COUNT = """
INSERT INTO join_visit AS held (key, level, at) VALUES ($1, $2, $5)
ON CONFLICT (key) DO UPDATE SET at = greatest(held.at, $5),
    level = greatest(0, held.level - extract(epoch FROM greatest(held.at, $5) - held.at) * $3) + $2
WHERE greatest(0, held.level - extract(epoch FROM greatest(held.at, $5) - held.at) * $3) + $2 <= $4
RETURNING level
"""


async def insert_classes(tx: Tx, lesson_id: UUID, marks: Sequence[tuple[UUID, bytes]]) -> None:
    """The classes of a new lesson, each with the mark of its first code."""
    sql = """
    INSERT INTO online_class (lesson_id, class_id, code_no, code_mark)
    SELECT $1, one.class_id, 1, mark FROM unnest($2::uuid[], $3::bytea[]) AS one (class_id, mark)
    """
    await tx.execute(sql, lesson_id, *map(list, zip(*marks, strict=True)))


async def classes(tx: Tx, lesson_id: UUID, only: Sequence[UUID] | None) -> list[dict[str, Any]]:
    """Classes of a lesson, those alone if some are named: id, name, number of the code."""
    return [dict(row) for row in await tx.fetch(_CLASSES, lesson_id, only if only is None else list(only))]


async def code_no(tx: Tx, lesson_id: UUID, class_id: UUID) -> int | None:
    """The number of the code of a class; None for a class that has nothing to do with the lesson."""
    sql = "SELECT code_no FROM online_class WHERE lesson_id = $1 AND class_id = $2"
    number: int | None = await tx.fetchval(sql, lesson_id, class_id)
    return number


async def renew_code(tx: Tx, lesson_id: UUID, class_id: UUID, no: int, mark: bytes) -> None:
    """The old one opens nothing any more."""
    sql = "UPDATE online_class SET code_no = $3, code_mark = $4 WHERE lesson_id = $1 AND class_id = $2"
    await tx.execute(sql, lesson_id, class_id, no, mark)


async def share(tx: Tx, mark: bytes) -> Share | None:
    """What a code opens, by its mark."""
    row = await tx.fetchrow(_SHARE, mark)
    return Share(**row) if row else None


async def lock_class(tx: Tx, lesson_id: UUID, class_id: UUID) -> None:
    """Who counts what the class has handed in, and adds to it, is alone."""
    sql = "SELECT FROM online_class WHERE lesson_id = $1 AND class_id = $2 FOR NO KEY UPDATE"
    await tx.execute(sql, lesson_id, class_id)


async def note_diary_lesson(tx: Tx, lesson_id: UUID, class_id: UUID, diary_lesson_id: UUID) -> None:
    """Where the marks of a class go."""
    sql = "UPDATE online_class SET diary_lesson_id = $3 WHERE lesson_id = $1 AND class_id = $2"
    await tx.execute(sql, lesson_id, class_id, diary_lesson_id)


async def count(tx: Tx, key: bytes, cost: float, limit: Limit) -> bool:
    """Whether there was room for so much more."""
    return await tx.fetchval(_COUNT, key, cost, limit.leak, limit.burst, tx.now) is not None


async def forget_counts(tx: Tx, before: datetime, limit: int) -> int:
    """Those that have leaked; how many."""
    sql = "DELETE FROM join_visit WHERE key IN (SELECT key FROM join_visit WHERE at < $1 ORDER BY at LIMIT $2)"
    return await tx.execute(sql, before, limit)
