"""SQL of marks, their history and what they come to."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from chassis.db import Row, Tx

from cabinet.diary.domain.marks import Cell, Change, Ground, Kept, Key, Past
from cabinet.people.store import AUTHOR

_GROUNDS = """
SELECT lesson_id, lesson.class_id, lesson.subject_id, lesson.term_id, lesson.year, date,
    term.name AS term, term.closed,
    EXISTS (SELECT FROM teaching_load AS it
            WHERE (it.class_id, it.subject_id, it.account_id) = (lesson.class_id, lesson.subject_id, $3))
    OR EXISTS (SELECT FROM substitute AS it
               WHERE (it.account_id, it.class_id, it.subject_id) = ($3, lesson.class_id, lesson.subject_id)
               AND lesson.date BETWEEN it.since AND it.until) AS teaches,
    EXISTS (SELECT FROM late_leave AS it WHERE it.account_id = $3 AND it.term_id = lesson.term_id AND $4 <= it.until
            AND coalesce(it.class_id, lesson.class_id) = lesson.class_id
            AND coalesce(it.subject_id, lesson.subject_id) = lesson.subject_id) AS leave
FROM lesson JOIN term USING (term_id) WHERE lesson_id = ANY($1) AND lesson.school_id = $2
ORDER BY lesson_id FOR NO KEY UPDATE OF lesson FOR SHARE OF term
"""
_CELLS = """
SELECT lesson_id, pupil_id, mark, credit, absence, weight, comment, version
FROM unnest($1::smallint[], $2::uuid[], $3::uuid[]) AS asked (year, lesson_id, pupil_id)
    JOIN mark USING (year, lesson_id, pupil_id)
"""
_MEMBERS = """
SELECT DISTINCT lesson_id, pupil_id
FROM unnest($1::uuid[], $2::uuid[]) AS asked (lesson_id, pupil_id) JOIN lesson USING (lesson_id)
    JOIN membership USING (pupil_id, class_id)
WHERE lesson.date >= membership.since AND (membership.until IS NULL OR lesson.date <= membership.until)
"""
_SAVE = """
INSERT INTO mark (year, lesson_id, pupil_id, mark, credit, absence, weight, comment, version)
SELECT * FROM unnest($1::smallint[], $2::uuid[], $3::uuid[], $4::smallint[], $5::boolean[], $6::text[], $7::smallint[],
                     $8::text[], $9::int[])
ON CONFLICT (year, lesson_id, pupil_id) DO UPDATE SET mark = excluded.mark, credit = excluded.credit,
    absence = excluded.absence, weight = excluded.weight, comment = excluded.comment, version = excluded.version
"""
_REMEMBER = """
INSERT INTO mark_change (year, lesson_id, pupil_id, version, save_id, at, account_id, old, new, reason)
SELECT year, lesson_id, pupil_id, version, $6, $7, $8, old, new, $9
FROM unnest($1::smallint[], $2::uuid[], $3::uuid[], $4::int[], $5::jsonb[], $10::jsonb[])
    AS one (year, lesson_id, pupil_id, version, old, new)
"""
_ADD = """
INSERT INTO tally (pupil_id, subject_id, term_id, total, weights)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::int[], $5::int[])
ON CONFLICT (pupil_id, subject_id, term_id) DO UPDATE SET
    total = tally.total + excluded.total, weights = tally.weights + excluded.weights
"""
_RENDER = """
UPDATE lesson SET cells = (
    SELECT coalesce('{' || string_agg('"' || pupil_id || '":' || json_strip_nulls(json_build_object('version', version,
        'mark', mark, 'credit', credit, 'absence', absence, 'weight', nullif(weight, 1), 'comment', comment)), ',')
        || '}', '{}')
    FROM mark WHERE mark.year = lesson.year AND mark.lesson_id = lesson.lesson_id)
WHERE lesson_id = ANY($1)
"""
_HISTORY = f"""
SELECT mark_change.version, at, old::text, new::text, reason, {AUTHOR}
FROM mark_change LEFT JOIN account USING (account_id)
WHERE year = $1 AND lesson_id = $2 AND pupil_id = $3 AND ($4::int IS NULL OR mark_change.version < $4)
ORDER BY mark_change.version DESC LIMIT $5
"""  # noqa: S608 - a constant
_LAST_SAVE = """
WITH last AS (SELECT save_id FROM mark_change WHERE year = $1 AND lesson_id = $2 AND account_id = $3
              ORDER BY save_id DESC LIMIT 1)
SELECT pupil_id, old::text, mark.version, mark.version = mark_change.version AS is_newest
FROM mark_change JOIN last USING (save_id) JOIN mark USING (year, lesson_id, pupil_id)
WHERE year = $1 AND lesson_id = $2
"""


def _cell(row: Row) -> Cell:
    return Cell(row["mark"], row["credit"], row["absence"], row["weight"], row["comment"])


async def grounds_for_update(
    tx: Tx, school_id: UUID, lesson_ids: Sequence[UUID], account_id: UUID, day: date
) -> dict[UUID, Ground]:
    """Lessons of this school, locked in one order, their terms held as they are, and what the account may do there."""
    rows = await tx.fetch(_GROUNDS, list(lesson_ids), school_id, account_id, day)
    return {row["lesson_id"]: Ground(**row) for row in rows}


async def cells(tx: Tx, keys: Sequence[tuple[int, UUID, UUID]]) -> dict[Key, Kept]:
    """Those that were ever written, by year, lesson and pupil."""
    rows = await tx.fetch(_CELLS, *map(list, zip(*keys, strict=True)))
    return {(row["lesson_id"], row["pupil_id"]): Kept(_cell(row), row["version"]) for row in rows}


async def members(tx: Tx, keys: Sequence[Key]) -> frozenset[Key]:
    """Of these lessons and pupils: who was in the class that day."""
    rows = await tx.fetch(_MEMBERS, *map(list, zip(*keys, strict=True)))
    return frozenset((row["lesson_id"], row["pupil_id"]) for row in rows)


async def save_cells(tx: Tx, changes: Sequence[Change]) -> None:
    """As they are now."""
    rows = [(it.ground.year, *it.key, *asdict(it.new.cell).values(), it.new.version) for it in changes]
    await tx.execute(_SAVE, *map(list, zip(*rows, strict=True)))


async def remember(tx: Tx, changes: Sequence[Change], save_id: UUID, account_id: UUID, reason: str | None) -> None:
    """Who changed what, when and why."""
    rows = [(it.ground.year, *it.key, it.new.version, _json(it.old.cell), _json(it.new.cell)) for it in changes]
    *keys, old, new = map(list, zip(*rows, strict=True))
    await tx.execute(_REMEMBER, *keys, old, save_id, tx.now, account_id, reason, new)


def _json(cell: Cell) -> str:
    return json.dumps({name: value for name, value in asdict(cell).items() if value is not None}, ensure_ascii=False)


async def add_to_tally(tx: Tx, changes: Iterable[Change]) -> None:
    """What the averages gain and lose, in one order of rows."""
    total: Counter[tuple[UUID, UUID, UUID]] = Counter()
    weights: Counter[tuple[UUID, UUID, UUID]] = Counter()
    for it in changes:
        row = (it.key[1], it.ground.subject_id, it.ground.term_id)
        (before, weight_before), (after, weight_after) = it.old.cell.points, it.new.cell.points
        total[row] += after - before
        weights[row] += weight_after - weight_before
    rows = [(*row, total[row], weights[row]) for row in sorted(total)]
    await tx.execute(_ADD, *map(list, zip(*rows, strict=True)))


async def render_cells(tx: Tx, lesson_ids: Iterable[UUID]) -> None:
    """The columns of the journal anew, from their marks."""
    await tx.execute(_RENDER, list(lesson_ids))


async def column(tx: Tx, lesson_id: UUID) -> str:
    """What stands under a lesson: a JSON object by pupil."""
    shown: str = await tx.fetchval("SELECT cells FROM lesson WHERE lesson_id = $1", lesson_id)
    return shown


async def history(tx: Tx, year: int, key: Key, before: int | None, limit: int) -> list[dict[str, Any]]:
    """Changes of a cell, newest first."""
    rows = await tx.fetch(_HISTORY, year, *key, before, limit)
    return [
        dict(row) | {part: json.loads(row[part]) for part in ("old", "new")} | {"author": json.loads(row["author"])}
        for row in rows
    ]


async def last_save(tx: Tx, ground: Ground, account_id: UUID) -> list[Past]:
    """What this account changed last under a lesson."""
    rows = await tx.fetch(_LAST_SAVE, ground.year, ground.lesson_id, account_id)
    return [
        Past(ground.lesson_id, row["pupil_id"], Cell(**json.loads(row["old"])), row["version"], row["is_newest"])
        for row in rows
    ]
