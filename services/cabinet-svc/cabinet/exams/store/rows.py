"""SQL of what rows of files say, and of comparing them with what is known."""

import json
from collections.abc import Sequence
from uuid import UUID

from chassis.db import Row as Record
from chassis.db import Tx, new_id

from cabinet.exams.domain.batches import Batch, Verdict
from cabinet.exams.domain.rows import Judged, Row, School
from cabinet.sheets.domain import Reason

_COLUMNS = (
    *("batch_id", "number", "school_id", "school_key", "code", "is_annulled", "primary_score", "test_score", "mark"),
    *("reason", "reasons", "result_id"),
)

# A cell that says nothing leaves what is there, unless it was annulled; the first of two rows about a result counts
_JUDGE = """
WITH said AS (
    SELECT row.number, row.is_annulled, known.result_id AS known_id, known.state AS was, row.school_id,
           coalesce(row.reason, $3) IS NOT NULL AS has_reason,
           row.primary_score IS NOT NULL AND row.primary_score IS DISTINCT FROM known.primary_score AS new_primary,
           row.test_score IS NOT NULL AND row.test_score IS DISTINCT FROM known.test_score AS new_test,
           row.mark IS NOT NULL AND row.mark IS DISTINCT FROM known.mark AS new_mark,
           coalesce((known.state = 'annulled') IS DISTINCT FROM row.is_annulled, false) AS new_state,
           min(row.number) OVER (PARTITION BY row.school_id, row.code) AS first
    FROM exam_row AS row LEFT JOIN exam_result AS known
         ON known.school_id = row.school_id AND known.set_id = $2 AND known.code = row.code
    WHERE row.batch_id = $1 AND row.reasons = '[]'),
compared AS (
    SELECT *, known_id IS NULL AS is_new, array_remove(ARRAY[
        CASE WHEN new_primary THEN 'primary_score' END, CASE WHEN new_test THEN 'test_score' END,
        CASE WHEN new_mark THEN 'mark' END, CASE WHEN new_state THEN 'status' END], NULL) AS differs
    FROM said),
judged AS (
    SELECT *, CASE WHEN number > first THEN jsonb_build_object('field', 'code', 'code', 'exam-row-twice',
                            'params', jsonb_build_object('row', first))
                   WHEN is_new AND is_annulled THEN jsonb_build_object('field', 'status', 'code',
                            'exam-nothing-to-annul', 'params', '{}'::jsonb)
                   WHEN NOT is_new AND differs <> '{}' AND NOT has_reason THEN jsonb_build_object('field', 'reason',
                            'code', 'exam-reason-missing', 'params', '{}'::jsonb) END AS refusal
    FROM compared)
UPDATE exam_row AS row SET refusal = judged.refusal, result_id = coalesce(judged.known_id, row.result_id),
    changed = CASE WHEN is_new OR judged.refusal IS NOT NULL THEN '{}' ELSE differs END,
    verdict = CASE WHEN judged.refusal IS NOT NULL THEN 'rejected' WHEN is_new THEN 'new'
                   WHEN differs = '{}' THEN 'unchanged' ELSE 'changed' END
FROM judged WHERE row.batch_id = $1 AND row.number = judged.number
"""


async def schools_of_rows(tx: Tx, rows: Sequence[Row]) -> list[School]:
    """Whom rows may mean."""
    sql = """
    SELECT school_id, inn, kpp, ogrn, status = 'closed' AS is_closed FROM school
    WHERE ogrn = ANY ($1::text[]) OR inn = ANY ($2::text[])
    """
    named = [list({row.named[name] for row in rows if name in row.named}) for name in ("ogrn", "inn")]
    return [School(**dict(row)) for row in await tx.fetch(sql, *named)]


async def insert_rows(tx: Tx, batch_id: UUID, rows: Sequence[Row]) -> None:
    """What they say; a result that is new gets its id here."""
    records = [
        (
            *(batch_id, row.number, row.school_id, row.school_key, row.code, row.is_annulled, row.primary_score),
            *(row.test_score, row.mark, row.reason, _said(row.reasons), new_id()),
        )
        for row in rows
    ]
    await tx.copy("exam_row", columns=_COLUMNS, records=records)


async def note_statistics(tx: Tx) -> None:
    """Of rows that have just come in masses: without, the planner takes them for a handful."""
    await tx.execute("ANALYZE exam_row")


async def reject_malformed(tx: Tx, batch_id: UUID) -> None:
    """Rows that mean nothing by themselves."""
    sql = "UPDATE exam_row SET verdict = 'rejected' WHERE batch_id = $1 AND reasons <> '[]' AND verdict IS NULL"
    await tx.execute(sql, batch_id)


async def judge_rows(tx: Tx, it: Batch) -> None:
    """Compare all rows of a file with what is known now."""
    await tx.execute(_JUDGE, it.batch_id, it.set_id, it.reason)


async def count_verdicts(tx: Tx, batch_id: UUID) -> dict[str, int]:
    """How many rows have which."""
    sql = "SELECT verdict, count(*) AS count FROM exam_row WHERE batch_id = $1 GROUP BY verdict"
    return {row["verdict"]: row["count"] for row in await tx.fetch(sql, batch_id)}


async def has_rows(tx: Tx, batch_id: UUID) -> bool:
    """Whether they are still there."""
    return bool(await tx.fetchval("SELECT EXISTS (SELECT FROM exam_row WHERE batch_id = $1)", batch_id))


async def rows_page(tx: Tx, batch_id: UUID, verdict: Verdict | None, after: int, limit: int) -> list[Judged]:
    """In the order of the file, all or those of one verdict."""
    chosen = "AND verdict = $4" if verdict else ""
    sql = f"""
    SELECT number, school_key, short_name, code, verdict, changed, reasons, refusal FROM exam_row LEFT JOIN school
    USING (school_id) WHERE batch_id = $1 AND number > $2 {chosen} ORDER BY number LIMIT $3
    """  # noqa: S608 - a condition from above
    return [_judged(row) for row in await tx.fetch(sql, batch_id, after, limit, *([verdict] if verdict else []))]


def _said(reasons: Sequence[Reason]) -> str:
    return json.dumps([vars(one) for one in reasons], ensure_ascii=False) if reasons else "[]"


def _judged(row: Record) -> Judged:
    reasons = [*json.loads(row["reasons"]), *([json.loads(row["refusal"])] if row["refusal"] else [])]
    said = (row["school_key"], row["short_name"], row["code"], row["verdict"], tuple(row["changed"]))
    return Judged(row["number"], *said, tuple(Reason(**one) for one in reasons))
