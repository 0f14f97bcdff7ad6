"""SQL of final marks."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from chassis.db import Row, Tx

from cabinet.diary.domain.calendar import Term
from cabinet.diary.domain.finals import Final, Finals, Given, Standing
from cabinet.people.store import AUTHOR

_TERM = """
SELECT term_id, year, name, starts, ends, grade_from, grade_to, closed FROM term
WHERE school_id = $1 AND year = $2 AND $3 BETWEEN grade_from AND grade_to AND ($4::uuid IS NULL OR term_id = $4)
ORDER BY ends DESC LIMIT 1 FOR SHARE
"""
_OF_TERM = """
SELECT pupil.pupil_id, last_name, first_name, coalesce(tally.total, 0) AS total, coalesce(tally.weights, 0) AS weights,
    final.mark, final.credit, coalesce(final.version, 0) AS version
FROM (SELECT DISTINCT pupil_id FROM membership, term WHERE class_id = $1 AND term_id = $3 AND since <= term.ends
          AND (until IS NULL OR until >= term.starts)) AS stay JOIN pupil USING (pupil_id)
    LEFT JOIN tally ON (tally.pupil_id, tally.subject_id, tally.term_id) = (pupil.pupil_id, $2, $3)
    LEFT JOIN final ON (final.pupil_id, final.subject_id, final.year, final.term_id) = (pupil.pupil_id, $2, $4, $3)
ORDER BY by_name, pupil.pupil_id
"""
_OF_YEAR = """
SELECT pupil.pupil_id, last_name, first_name, coalesce(terms.total, 0) AS total, coalesce(terms.weights, 0) AS weights,
    final.mark, final.credit, coalesce(final.version, 0) AS version
FROM (SELECT DISTINCT pupil_id FROM membership WHERE class_id = $1) AS stay JOIN pupil USING (pupil_id)
    LEFT JOIN final ON (final.pupil_id, final.subject_id, final.year) = (pupil.pupil_id, $2, $3)
        AND final.term_id IS NULL
    CROSS JOIN LATERAL (SELECT sum(it.mark) AS total, count(it.mark) AS weights FROM final AS it
        WHERE (it.pupil_id, it.subject_id, it.year) = (pupil.pupil_id, $2, $3) AND it.term_id IS NOT NULL) AS terms
ORDER BY by_name, pupil.pupil_id
"""
_SAVE = """
INSERT INTO final (pupil_id, subject_id, year, term_id, mark, credit, version)
SELECT one.pupil_id, $4, $5, $6, one.mark, one.credit, one.version + 1
FROM unnest($1::uuid[], $2::smallint[], $3::boolean[], $7::int[]) AS one (pupil_id, mark, credit, version)
ON CONFLICT (pupil_id, subject_id, year, term_id) DO UPDATE SET
    mark = excluded.mark, credit = excluded.credit, version = excluded.version
"""
_REMEMBER = """
INSERT INTO final_change (pupil_id, subject_id, year, term_id, version, at, account_id, old, new, reason)
SELECT one.pupil_id, $5, $6, $7, one.version + 1, $8, $9, one.old, one.new, $10
FROM unnest($1::uuid[], $2::int[], $3::jsonb[], $4::jsonb[]) AS one (pupil_id, version, old, new)
"""
_HISTORY = f"""
SELECT final_change.version, at, old::text, new::text, reason, {AUTHOR}
FROM final_change LEFT JOIN account USING (account_id)
WHERE pupil_id = $1 AND subject_id = $2 AND year = $3 AND term_id IS NOT DISTINCT FROM $4
ORDER BY final_change.version DESC LIMIT 200
"""  # noqa: S608 - a constant


async def term_held(tx: Tx, school_id: UUID, year: int, grade: int, term_id: UUID | None) -> Term | None:
    """A term of that grade, the last of the year if none is named, as it is until the transaction ends."""
    row = await tx.fetchrow(_TERM, school_id, year, grade, term_id)
    return Term(**row) if row else None


async def standings(tx: Tx, of: Finals) -> list[tuple[Standing, dict[str, str]]]:
    """Everybody of the class in the subject, with the names, by name."""
    if of.term_id:
        rows = await tx.fetch(_OF_TERM, of.class_id, of.subject_id, of.term_id, of.year)
    else:
        rows = await tx.fetch(_OF_YEAR, of.class_id, of.subject_id, of.year)
    return [(_standing(row), {part: row[part] for part in ("last_name", "first_name")}) for row in rows]


def _standing(row: Row) -> Standing:
    final = Final(row["mark"], row["credit"], row["version"])
    return Standing(row["pupil_id"], row["total"], row["weights"], final)


async def save(tx: Tx, of: Finals, given: Sequence[Given]) -> None:
    """As they are now."""
    pupils, marks, credits_, versions = _columns((one.pupil_id, one.mark, one.credit, one.version) for one in given)
    await tx.execute(_SAVE, pupils, marks, credits_, of.subject_id, of.year, of.term_id, versions)


async def remember(
    tx: Tx, of: Finals, changes: Sequence[tuple[Given, Final]], account_id: UUID, reason: str | None
) -> None:
    """Who gave what instead of what."""
    rows = [
        (one.pupil_id, one.version, _json(old.mark, old.credit), _json(one.mark, one.credit)) for one, old in changes
    ]
    key = (of.subject_id, of.year, of.term_id)
    await tx.execute(_REMEMBER, *_columns(rows), *key, tx.now, account_id, reason)


def _columns(rows: Any) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]


def _json(mark: int | None, credit: bool | None) -> str:
    return json.dumps({"mark": mark, "credit": credit})


async def history(tx: Tx, of: Finals, pupil_id: UUID) -> list[dict[str, Any]]:
    """Changes of a final, newest first."""
    rows = await tx.fetch(_HISTORY, pupil_id, of.subject_id, of.year, of.term_id)
    return [dict(row) | {part: json.loads(row[part]) for part in ("old", "new", "author")} for row in rows]
