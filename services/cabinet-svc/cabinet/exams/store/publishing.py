"""SQL of publishing: what rows say becomes known, each result with a version more."""

from collections.abc import Sequence
from uuid import UUID

from chassis.db import Tx

from cabinet.exams.domain.batches import Batch, Untold
from cabinet.exams.domain.dictionary import Exam

_VERSIONS = """
INSERT INTO exam_version (result_id, version, state, primary_score, test_score, mark, batch_id, reason)
SELECT known.result_id, known.version, known.state, known.primary_score, known.test_score, known.mark, known.batch_id,
       coalesce(row.reason, $2)
FROM exam_row AS row JOIN exam_result AS known USING (result_id)
WHERE row.batch_id = $1 AND verdict IN ('new', 'changed')
"""

_TOTALS = """
INSERT INTO exam_total (set_id, school_id, results, counted, score)
SELECT $1, school_id, count(*), count(value), coalesce(sum(value), 0) FROM (
    SELECT school_id, CASE WHEN $3 = 'mark' THEN mark ELSE test_score END AS value FROM exam_result
    WHERE set_id = $1 AND school_id = ANY ($2::uuid[])) AS results
GROUP BY school_id
ON CONFLICT (set_id, school_id) DO UPDATE SET results = excluded.results, counted = excluded.counted,
    score = excluded.score
"""


async def insert_new(tx: Tx, it: Batch) -> None:
    """Results that nobody knew."""
    sql = """
    INSERT INTO exam_result (result_id, set_id, school_id, code, state, primary_score, test_score, mark, batch_id,
                             version)
    SELECT result_id, $2, school_id, code, 'approved', primary_score, test_score, mark, $1, 1 FROM exam_row
    WHERE batch_id = $1 AND verdict = 'new'
    """
    await tx.execute(sql, it.batch_id, it.set_id)


async def update_changed(tx: Tx, batch_id: UUID) -> None:
    """Results that are different now; what a row says nothing about stays."""
    sql = """
    UPDATE exam_result AS known SET version = version + 1, batch_id = $1,
        state = CASE WHEN row.is_annulled THEN 'annulled' ELSE 'changed' END,
        primary_score = CASE WHEN NOT row.is_annulled THEN coalesce(row.primary_score, known.primary_score) END,
        test_score = CASE WHEN NOT row.is_annulled THEN coalesce(row.test_score, known.test_score) END,
        mark = CASE WHEN NOT row.is_annulled THEN coalesce(row.mark, known.mark) END
    FROM exam_row AS row WHERE row.batch_id = $1 AND row.verdict = 'changed' AND row.result_id = known.result_id
    """
    await tx.execute(sql, batch_id)


async def insert_versions(tx: Tx, it: Batch) -> None:
    """Of everything that the two above have written."""
    await tx.execute(_VERSIONS, it.batch_id, it.reason)


async def schools_of(tx: Tx, batch_id: UUID) -> list[UUID]:
    """Whose results are new or different."""
    sql = """
    SELECT DISTINCT school_id FROM exam_row WHERE batch_id = $1 AND verdict IN ('new', 'changed') ORDER BY school_id
    """
    return [row["school_id"] for row in await tx.fetch(sql, batch_id)]


async def save_totals(tx: Tx, it: Batch, school_ids: Sequence[UUID], of: Exam) -> None:
    """Of these schools anew."""
    await tx.execute(_TOTALS, it.set_id, list(school_ids), of.score)


async def teachers_page(tx: Tx, it: Untold, of: Exam, limit: int) -> list[UUID]:
    """The next teachers of these schools who taught the subject in a grade that sat it. Heads are told as such."""
    sql = """
    SELECT DISTINCT account_id FROM taught JOIN reader USING (account_id, school_id)
    WHERE school_id = ANY ($1::uuid[]) AND year = $2 AND grade = ANY ($3::int[]) AND account_id > $6
      AND category = 'employee' AND (translate(lower(subject), 'ё', 'е') || ' ') LIKE ANY ($4::text[])
    ORDER BY account_id LIMIT $5
    """
    names = [f"{name} %" for name in of.taught]
    rows = await tx.fetch(sql, list(it.school_ids), it.batch.year - 1, list(of.grades), names, limit, it.told_through)
    return [row["account_id"] for row in rows]
