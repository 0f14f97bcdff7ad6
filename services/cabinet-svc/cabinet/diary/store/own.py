"""SQL of what the diary holds of one account: what it was given, row by row; what it has done, counted."""

from typing import Any
from uuid import UUID

from chassis.db import Tx

_LOADS = """
SELECT year, grade || letter AS class, subject.name AS subject
FROM teaching_load JOIN school_class USING (class_id) JOIN subject USING (subject_id)
WHERE teaching_load.account_id = $1 ORDER BY year, grade, letter, subject.name
"""
_SUBSTITUTES = """
SELECT year, grade || letter AS class, subject.name AS subject, since, until
FROM substitute JOIN school_class USING (class_id) JOIN subject USING (subject_id)
WHERE substitute.account_id = $1 ORDER BY since, grade, letter
"""
_LEAVES = """
SELECT term.year, term.name AS term, grade || letter AS class, subject.name AS subject, until, reason
FROM late_leave JOIN term USING (term_id) LEFT JOIN school_class USING (class_id) LEFT JOIN subject USING (subject_id)
WHERE late_leave.account_id = $1 ORDER BY until, leave_id
"""
_CLASSES = "SELECT year, grade || letter AS class FROM school_class WHERE teacher_id = $1 ORDER BY year, grade, letter"
_LESSONS = """
SELECT lesson.year, grade || letter AS class, subject.name AS subject, count(*) AS count
FROM lesson JOIN school_class USING (class_id) JOIN subject USING (subject_id)
WHERE lesson.account_id = $1 GROUP BY lesson.year, grade, letter, subject.name ORDER BY 1, grade, letter, 3
"""
_MARKS = """
SELECT done.year, grade || letter AS class, subject.name AS subject, count(*) AS count
FROM mark_change AS done JOIN lesson USING (lesson_id) JOIN school_class USING (class_id)
    JOIN subject USING (subject_id)
WHERE done.account_id = $1 GROUP BY done.year, grade, letter, subject.name ORDER BY 1, grade, letter, 3
"""
_FINALS = """
SELECT year, subject.name AS subject, count(*) AS count FROM final_change JOIN subject USING (subject_id)
WHERE account_id = $1 GROUP BY year, subject.name ORDER BY 1, 2
"""


async def loads_of(tx: Tx, account_id: UUID) -> list[dict[str, Any]]:
    """Which classes it teaches what."""
    return await _all(tx, _LOADS, account_id)


async def substitutes_of(tx: Tx, account_id: UUID) -> list[dict[str, Any]]:
    """Whose lessons it gives instead, and when."""
    return await _all(tx, _SUBSTITUTES, account_id)


async def leaves_of(tx: Tx, account_id: UUID) -> list[dict[str, Any]]:
    """What it may edit late, and why."""
    return await _all(tx, _LEAVES, account_id)


async def classes_led_by(tx: Tx, account_id: UUID) -> list[dict[str, Any]]:
    """Of every year."""
    return await _all(tx, _CLASSES, account_id)


async def lessons_by(tx: Tx, account_id: UUID) -> list[dict[str, Any]]:
    """How many lessons it has entered, by year, class and subject."""
    return await _all(tx, _LESSONS, account_id)


async def marks_by(tx: Tx, account_id: UUID) -> list[dict[str, Any]]:
    """How many cells it has written, by year, class and subject; a correction counts as well."""
    return await _all(tx, _MARKS, account_id)


async def finals_by(tx: Tx, account_id: UUID) -> list[dict[str, Any]]:
    """How many final marks it has written, by year and subject."""
    return await _all(tx, _FINALS, account_id)


async def _all(tx: Tx, sql: str, account_id: UUID) -> list[dict[str, Any]]:
    return [dict(row) for row in await tx.fetch(sql, account_id)]
