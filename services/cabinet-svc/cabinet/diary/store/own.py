"""SQL of what the diary holds of one account: what it was given, row by row; what it has done, counted."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from chassis.db import Tx

Reader = Callable[[Tx, UUID], Awaitable[list[dict[str, Any]]]]


def _all(sql: str) -> Reader:
    async def read(tx: Tx, account_id: UUID) -> list[dict[str, Any]]:
        return [dict(row) for row in await tx.fetch(sql, account_id)]

    return read


# Which classes it teaches what
loads_of = _all("""
SELECT year, grade || letter AS class, subject.name AS subject
FROM teaching_load JOIN school_class USING (class_id) JOIN subject USING (subject_id)
WHERE teaching_load.account_id = $1 ORDER BY year, grade, letter, subject.name
""")

# Whose lessons it gives instead, and when
substitutes_of = _all("""
SELECT year, grade || letter AS class, subject.name AS subject, since, until
FROM substitute JOIN school_class USING (class_id) JOIN subject USING (subject_id)
WHERE substitute.account_id = $1 ORDER BY since, grade, letter
""")

# What it may edit late, and why
leaves_of = _all("""
SELECT term.year, term.name AS term, grade || letter AS class, subject.name AS subject, until, reason
FROM late_leave JOIN term USING (term_id) LEFT JOIN school_class USING (class_id) LEFT JOIN subject USING (subject_id)
WHERE late_leave.account_id = $1 ORDER BY until, leave_id
""")

# Of every year
classes_led_by = _all(
    "SELECT year, grade || letter AS class FROM school_class WHERE teacher_id = $1 ORDER BY year, grade, letter"
)

# How many lessons it has entered, by year, class and subject
lessons_by = _all("""
SELECT lesson.year, grade || letter AS class, subject.name AS subject, count(*) AS count
FROM lesson JOIN school_class USING (class_id) JOIN subject USING (subject_id)
WHERE lesson.account_id = $1 GROUP BY lesson.year, grade, letter, subject.name ORDER BY 1, grade, letter, 3
""")

# How many cells it has written, by year, class and subject; a correction counts as well
marks_by = _all("""
SELECT done.year, grade || letter AS class, subject.name AS subject, count(*) AS count
FROM mark_change AS done JOIN lesson USING (lesson_id) JOIN school_class USING (class_id)
    JOIN subject USING (subject_id)
WHERE done.account_id = $1 GROUP BY done.year, grade, letter, subject.name ORDER BY 1, grade, letter, 3
""")

# How many final marks it has written, by year and subject
finals_by = _all("""
SELECT year, subject.name AS subject, count(*) AS count FROM final_change JOIN subject USING (subject_id)
WHERE account_id = $1 GROUP BY year, subject.name ORDER BY 1, 2
""")
