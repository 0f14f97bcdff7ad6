"""The reads that a school makes all day, each one query that answers in ready JSON: a journal, a pupil's week, the day.

They run outside a transaction (one statement is one snapshot) and say nothing (None) to whom they are not for.
"""

from collections.abc import Awaitable
from datetime import date, timedelta
from typing import Any, Protocol
from uuid import UUID

# Whom an account is to a class and a subject. $1 account, $2 reads all of the school, $3 today
_SEES = """
($2 OR class.teacher_id = $1
 OR EXISTS (SELECT FROM teaching_load AS it WHERE (it.class_id, it.subject_id, it.account_id)
            = (class.class_id, subject.subject_id, $1))
 OR EXISTS (SELECT FROM substitute AS it WHERE (it.account_id, it.class_id, it.subject_id)
            = ($1, class.class_id, subject.subject_id) AND $3::date BETWEEN it.since AND it.until + 7))
"""


def _object(**fields: str) -> str:
    """SQL of the text of a JSON object. `number_`, `plain_` (ids, days) and `text_` before a name say what its value
    is, so that json_build_object need not ask for each value."""
    ways = {
        "number": "coalesce(({})::text, 'null')",
        "plain": "coalesce('\"' || ({}) || '\"', 'null')",
        "text": "coalesce(to_json({})::text, 'null')",
    }
    parts = []
    for field, expression in fields.items():
        way, _, name = field.partition("_")
        parts.append(f"'\"{name}\":', {ways[way].format(expression)}")
    return f"""concat('{{', {", ',', ".join(parts)}, '}}')"""


_PUPIL = _object(
    plain_pupil_id="pupil.pupil_id",
    text_last_name="pupil.last_name",
    text_first_name="pupil.first_name",
    plain_since="stay.since",
    plain_until="stay.until",
    number_average="round(tally.total::numeric / nullif(tally.weights, 0), 2)",
    number_final="""CASE WHEN final.version IS NOT NULL THEN
        json_build_object('mark', final.mark, 'credit', final.credit, 'version', final.version) END""",
)
_LESSON = _object(
    plain_lesson_id="lesson_id", plain_date="date", number_number="number", text_topic="topic",
    number_version="version", number_cells="cells",
)  # fmt: skip
_ATTACHED = """CASE WHEN lesson.files <> '{}' THEN (
    SELECT json_agg(json_build_object('file_id', file_id, 'name', name, 'size', size)
                    ORDER BY array_position(lesson.files, file_id))
    FROM file WHERE file_id = ANY (lesson.files)) END"""
_GIVEN = _object(
    plain_lesson_id="lesson.lesson_id", plain_date="lesson.date", number_number="lesson.number",
    plain_class="seen.class", text_subject="seen.subject", text_topic="lesson.topic", text_homework="lesson.homework",
    plain_homework_due="lesson.homework_due", number_mark="mark.mark", number_credit="mark.credit",
    plain_absence="mark.absence", number_weight="mark.weight", text_comment="mark.comment", number_attached=_ATTACHED,
)  # fmt: skip
_DUE = _object(
    plain_due="lesson.homework_due", text_subject="seen.subject", text_homework="lesson.homework",
    plain_lesson_id="lesson.lesson_id", number_attached=_ATTACHED,
)  # fmt: skip

# A pupil is in the journal who was in the class on any day of the term
_JOURNAL = f"""
SELECT convert_to(concat(
    '{{"class":', json_build_object('class_id', class.class_id, 'name', class.grade || class.letter,
                                   'year', class.year),
    ',"subject":', json_build_object('subject_id', subject.subject_id, 'name', subject.name),
    ',"term":', json_build_object('term_id', term.term_id, 'name', term.name, 'starts', term.starts, 'ends', term.ends,
                                  'closed', term.closed),
    ',"rounding":"', coalesce(rules.rounding, 'from-50'),
    '","pupils":[', (
        SELECT string_agg({_PUPIL},
            ',' ORDER BY pupil.by_name, pupil.pupil_id)
        FROM (SELECT pupil_id, min(since) AS since, CASE WHEN bool_and(until IS NOT NULL) THEN max(until) END AS until
              FROM membership WHERE class_id = class.class_id AND since <= term.ends
                  AND (until IS NULL OR until >= term.starts) GROUP BY pupil_id) AS stay JOIN pupil USING (pupil_id)
            LEFT JOIN tally ON (tally.pupil_id, tally.subject_id, tally.term_id)
                = (pupil.pupil_id, subject.subject_id, term.term_id)
            LEFT JOIN final ON (final.pupil_id, final.subject_id, final.year, final.term_id)
                = (pupil.pupil_id, subject.subject_id, term.year, term.term_id)),
    '],"lessons":[', (
        SELECT string_agg({_LESSON}, ',' ORDER BY date, number)
        FROM lesson WHERE (lesson.class_id, lesson.subject_id, lesson.term_id)
            = (class.class_id, subject.subject_id, term.term_id)),
    ']}}'), 'UTF8')
FROM account JOIN school_class AS class ON class.school_id = $4 AND class.class_id = $5
    JOIN subject ON subject.school_id = $4 AND subject.subject_id = $6
    JOIN term ON term.school_id = $4 AND term.term_id = $7 AND term.year = class.year
    LEFT JOIN diary_rules AS rules ON rules.school_id = $4
WHERE account.account_id = $1 AND account.state = 'open' AND {_SEES}
"""  # noqa: S608 - a constant

# Homework for this week may have been given in the class that a pupil has just left
_WEEK = f"""
WITH seen AS MATERIALIZED (
    SELECT class.class_id, stay.since, stay.until, class.grade || class.letter AS class, subject.subject_id,
        subject.name AS subject
    FROM membership AS stay JOIN school_class AS class USING (class_id) JOIN subject ON subject.school_id = $4
    WHERE stay.pupil_id = $5 AND class.school_id = $4 AND stay.since <= $7
        AND (stay.until IS NULL OR stay.until >= $6::date - 30) AND {_SEES})
SELECT convert_to(concat(
    '{{"pupil":', json_build_object('pupil_id', pupil.pupil_id, 'last_name', pupil.last_name,
                                    'first_name', pupil.first_name),
    ',"monday":"', $6::date, '","lessons":[', (
        SELECT string_agg({_GIVEN},
            ',' ORDER BY lesson.date, lesson.number)
        FROM seen JOIN lesson USING (class_id, subject_id)
            LEFT JOIN mark ON (mark.year, mark.lesson_id, mark.pupil_id) = (lesson.year, lesson.lesson_id, $5)
        WHERE lesson.date BETWEEN $6 AND $7
            AND lesson.date >= seen.since AND (seen.until IS NULL OR lesson.date <= seen.until)),
    '],"due":[', (
        SELECT string_agg({_DUE}, ',' ORDER BY lesson.homework_due)
        FROM seen JOIN lesson USING (class_id, subject_id)
        WHERE lesson.homework_due BETWEEN $6 AND $7
            AND lesson.date >= seen.since AND (seen.until IS NULL OR lesson.date <= seen.until)),
    ']}}'), 'UTF8')
FROM account JOIN pupil ON pupil.school_id = $4 AND pupil.pupil_id = $5
WHERE account.account_id = $1 AND account.state = 'open' AND ($2 OR EXISTS (SELECT FROM seen))
"""  # noqa: S608 - a constant


_PLANNED = _object(
    plain_class_id="class.class_id", plain_class="class.grade || class.letter", plain_subject_id="subject.subject_id",
    text_subject="subject.name", number_number="slot.number", text_room="slot.room", number_replaces="taught.replaces",
    plain_lesson_id="lesson.lesson_id", text_topic="lesson.topic",
)  # fmt: skip

# Nothing is planned on a day outside the terms of a class
_DAY = f"""
WITH taught AS (
    SELECT class_id, subject_id, bool_and(replaces) AS replaces FROM (
        SELECT class_id, subject_id, false AS replaces FROM teaching_load WHERE account_id = $1 AND school_id = $2
        UNION ALL SELECT class_id, subject_id, true FROM substitute
        WHERE account_id = $1 AND school_id = $2 AND $3::date BETWEEN since AND until) AS given
    GROUP BY class_id, subject_id)
SELECT convert_to(concat('{{"date":"', $3::date, '","lessons":[', (
    SELECT string_agg({_PLANNED}, ',' ORDER BY slot.number, class.grade, class.letter)
    FROM taught JOIN school_class AS class USING (class_id) JOIN subject USING (subject_id)
        JOIN slot USING (class_id, subject_id)
        LEFT JOIN lesson ON (lesson.class_id, lesson.subject_id, lesson.date, lesson.number)
            = (class.class_id, subject.subject_id, $3, slot.number)
    WHERE slot.weekday = extract(isodow FROM $3::date) AND EXISTS (
        SELECT FROM term WHERE term.school_id = $2 AND term.year = class.year AND $3 BETWEEN term.starts AND term.ends
            AND class.grade BETWEEN term.grade_from AND term.grade_to)),
    ']}}'), 'UTF8')
FROM account WHERE account_id = $1 AND state = 'open'
"""  # noqa: S608 - a constant


class Asked(Protocol):
    """A pool or a transaction."""

    def fetchval(self, query: str, *args: Any) -> Awaitable[Any]:
        """The only value of a query."""


async def journal(asked: Asked, viewer: tuple[UUID, bool, date, UUID], of: tuple[UUID, UUID, UUID]) -> bytes | None:
    """Pupils by lessons with marks, averages and finals. `viewer`: account, whether it reads all, today, its school;
    `of`: class, subject, term."""
    shown: bytes | None = await asked.fetchval(_JOURNAL, *viewer, *of)
    return shown


async def week(asked: Asked, viewer: tuple[UUID, bool, date, UUID], pupil_id: UUID, monday: date) -> bytes | None:
    """A pupil's lessons of a week with marks, and what is due in it; of subjects that the viewer may see."""
    shown: bytes | None = await asked.fetchval(_WEEK, *viewer, pupil_id, monday, monday + timedelta(days=6))
    return shown


async def day(asked: Asked, account_id: UUID, school_id: UUID, on: date) -> bytes | None:
    """What somebody teaches by the timetable on a day, with the lessons that are in journals already."""
    shown: bytes | None = await asked.fetchval(_DAY, account_id, school_id, on)
    return shown
