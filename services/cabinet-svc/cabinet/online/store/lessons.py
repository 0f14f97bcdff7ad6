"""SQL of online lessons: themselves, who has to do with them, what clashes with them, a week of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.db import Row, Tx

from cabinet.online.domain.lessons import LONGEST, Clash, Lesson, Tie

_COLUMNS = ", ".join(f"lesson.{column}" for column in Lesson.__dataclass_fields__)
_DAY = "(lesson.starts AT TIME ZONE 'Europe/Moscow')::date"
_REPLACES = f"""EXISTS (SELECT FROM online_class AS of JOIN substitute AS it USING (class_id)
    WHERE of.lesson_id = lesson.lesson_id AND it.account_id = $1 AND it.subject_id = lesson.subject_id
        AND {_DAY} BETWEEN it.since AND it.until)"""
_LED = """ARRAY(SELECT of.class_id FROM online_class AS of JOIN school_class USING (class_id)
    WHERE of.lesson_id = lesson.lesson_id AND school_class.teacher_id = $1)"""
_SAVE = """
INSERT INTO online_lesson (lesson_id, school_id, account_id, subject_id, title, starts, ends, link, state, reason,
                           version, attendance_version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT (lesson_id) DO UPDATE SET title = $5, starts = $6, ends = $7, link = $8, state = $9, reason = $10,
    version = $11, attendance_version = $12
"""
_TIE = f"""
SELECT lesson.account_id = $1 AS gives, {_REPLACES} AS replaces, {_LED} AS led
FROM online_lesson AS lesson WHERE lesson.lesson_id = $2
"""  # noqa: S608 - constants
# Every lesson of the school that may still go on then is among those that began within the longest one before
_CLASH = """
SELECT title, starts, ends, CASE WHEN account_id <> $2 THEN (
    SELECT grade || letter FROM online_class AS of JOIN school_class USING (class_id)
    WHERE of.lesson_id = lesson.lesson_id AND class_id = ANY ($3::uuid[]) LIMIT 1) END AS class_name
FROM online_lesson AS lesson
WHERE school_id = $1 AND starts > $5 AND starts < $7 AND ends > $6 AND state IN ('planned', 'live') AND lesson_id <> $4
    AND (account_id = $2 OR EXISTS (
        SELECT FROM online_class AS of WHERE of.lesson_id = lesson.lesson_id AND class_id = ANY ($3::uuid[])))
ORDER BY account_id <> $2, starts LIMIT 1
"""
_WEEK = f"""
SELECT lesson.lesson_id, lesson.title, lesson.starts, lesson.ends, lesson.state, subject.name AS subject,
    nullif(concat_ws(' ', account.last_name, account.first_name, account.patronymic), '') AS teacher,
    account.former_no, mine.gives OR mine.replaces AS is_own,
    ARRAY(SELECT grade || letter FROM online_class AS of JOIN school_class USING (class_id)
          WHERE of.lesson_id = lesson.lesson_id ORDER BY grade, letter) AS classes,
    CASE WHEN $4 OR mine.gives OR mine.replaces THEN (SELECT count(*) FROM online_work AS work
        WHERE work.lesson_id = lesson.lesson_id AND diary_lesson_id IS NULL) END AS waiting
FROM online_lesson AS lesson JOIN subject USING (subject_id) LEFT JOIN account USING (account_id)
    CROSS JOIN LATERAL (SELECT lesson.account_id = $1 AS gives, {_REPLACES} AS replaces, {_LED} AS led) AS mine
WHERE lesson.school_id = $2 AND lesson.starts >= $3 AND lesson.starts < $3 + interval '7 days'
    AND ($4 OR mine.gives OR mine.replaces OR mine.led <> '{{}}')
    AND ($5::timestamptz IS NULL OR (lesson.starts, lesson.lesson_id) > ($5, $6::uuid))
ORDER BY lesson.starts, lesson.lesson_id LIMIT $7
"""  # noqa: S608 - constants
_SHOWN = """
SELECT subject.name AS subject,
    nullif(concat_ws(' ', account.last_name, account.first_name, account.patronymic), '') AS teacher, account.former_no
FROM online_lesson AS lesson JOIN subject USING (subject_id) LEFT JOIN account USING (account_id)
WHERE lesson.lesson_id = $1
"""
_CONCERNED = f"""
SELECT school_class.teacher_id AS account_id FROM online_class JOIN school_class USING (class_id)
WHERE lesson_id = $1 AND school_class.teacher_id IS NOT NULL
UNION SELECT it.account_id FROM online_lesson AS lesson JOIN online_class USING (lesson_id)
    JOIN substitute AS it USING (class_id, subject_id)
WHERE lesson_id = $1 AND {_DAY} BETWEEN it.since AND it.until
UNION SELECT account_id FROM online_lesson WHERE lesson_id = $1
"""  # noqa: S608 - constants


def _lesson(row: Row) -> Lesson:
    return Lesson(**row)


async def save(tx: Tx, it: Lesson) -> None:
    """As it is now."""
    await tx.execute(_SAVE, *(getattr(it, column) for column in Lesson.__dataclass_fields__))


async def lesson(tx: Tx, school_id: UUID, lesson_id: UUID) -> Lesson | None:
    """One of this school."""
    sql = f"SELECT {_COLUMNS} FROM online_lesson AS lesson WHERE lesson_id = $1 AND school_id = $2"  # noqa: S608
    row = await tx.fetchrow(sql, lesson_id, school_id)
    return _lesson(row) if row else None


async def lesson_for_update(tx: Tx, school_id: UUID, lesson_id: UUID) -> Lesson | None:
    """Locked; pupils may hand in meanwhile."""
    sql = f"""SELECT {_COLUMNS} FROM online_lesson AS lesson WHERE lesson_id = $1 AND school_id = $2
              FOR NO KEY UPDATE"""  # noqa: S608 - constants
    row = await tx.fetchrow(sql, lesson_id, school_id)
    return _lesson(row) if row else None


async def forgotten_for_update(tx: Tx, ended: datetime) -> Lesson | None:
    """A live lesson that should have ended before then, and that nobody else has in hand."""
    sql = f"""SELECT {_COLUMNS} FROM online_lesson AS lesson WHERE state = 'live' AND ends < $1
              ORDER BY ends LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED"""  # noqa: S608 - constants
    row = await tx.fetchrow(sql, ended)
    return _lesson(row) if row else None


async def tie(tx: Tx, account_id: UUID, lesson_id: UUID) -> Tie:
    """What an account has to do with a lesson that is there."""
    row = await tx.fetchrow(_TIE, account_id, lesson_id)
    assert row is not None
    return Tie(row["gives"], row["replaces"], tuple(row["led"]))


async def lock_time(tx: Tx, who: Sequence[UUID]) -> None:
    """Who looks for clashes of these teachers and classes, and takes their time, is alone. In the order given."""
    sql = "SELECT pg_advisory_xact_lock(hashtextextended('online ' || one, 0)) FROM unnest($1::uuid[]) AS one"
    await tx.execute(sql, list(who))


async def clash(tx: Tx, it: Lesson, class_ids: Sequence[UUID]) -> Clash | None:
    """Another lesson of the teacher, or else of one of the classes, at this time."""
    when = (it.starts - LONGEST, it.starts, it.ends)
    row = await tx.fetchrow(_CLASH, it.school_id, it.account_id, list(class_ids), it.lesson_id, *when)
    return Clash(**row) if row else None


async def week(
    tx: Tx, who: tuple[UUID, UUID, bool], monday: datetime, after: tuple[datetime, UUID] | None, limit: int
) -> list[dict[str, Any]]:
    """Lessons of seven days that somebody may see, as a list shows them. `who`: account, its school, reads all there;
    `waiting`: pieces of work without a mark, for who gives the lesson or reads all."""
    account_id, school_id, reads_all = who
    rows = await tx.fetch(_WEEK, account_id, school_id, monday, reads_all, *(after or (None, None)), limit)
    return [dict(row) for row in rows]


async def shown(tx: Tx, lesson_id: UUID) -> dict[str, Any]:
    """What its ids are called."""
    row = await tx.fetchrow(_SHOWN, lesson_id)
    assert row is not None
    return dict(row)


async def concerned(tx: Tx, lesson_id: UUID) -> list[UUID]:
    """Accounts that lead a class of it, replace somebody there on its day, or give it."""
    return [row["account_id"] for row in await tx.fetch(_CONCERNED, lesson_id)]


async def heads(tx: Tx, school_id: UUID) -> list[UUID]:
    """Accounts of the heads of a school."""
    sql = "SELECT account_id FROM account WHERE school_id = $1 AND category = 'head' AND state = 'open'"
    return [row["account_id"] for row in await tx.fetch(sql, school_id)]


async def given_by(tx: Tx, account_id: UUID) -> list[dict[str, Any]]:
    """For the export of the own data."""
    sql = """
    SELECT lesson.title, subject.name AS subject, lesson.starts AS at, lesson.state, lesson.link, lesson.reason
    FROM online_lesson AS lesson JOIN subject USING (subject_id) WHERE lesson.account_id = $1 ORDER BY lesson.starts
    """
    return [dict(row) for row in await tx.fetch(sql, account_id)]


async def forget_links(tx: Tx, account_id: UUID) -> int:
    """Rooms of somebody whose account has ended; the lessons stay. How many there were."""
    sql = "UPDATE online_lesson SET link = NULL, version = version + 1 WHERE account_id = $1 AND link IS NOT NULL"
    return await tx.execute(sql, account_id)
