"""SQL of results as they are read: always of one school and of sets that somebody may see."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.db import Row, Tx

from cabinet.exams.domain.dictionary import Score, Taught
from cabinet.exams.domain.results import Familiarised, Result, Set, Version
from cabinet.exams.domain.summary import Group

_KNOWS = """
(SELECT json_build_object('at', mark.at, 'former_no', former_no,
        'name', nullif(concat_ws(' ', last_name, first_name, patronymic), ''))::text
 FROM exam_familiarisation AS mark LEFT JOIN account USING (account_id)
 WHERE mark.result_id = result.result_id AND mark.version = result.version) AS familiarised
"""
_RESULT = f"""
SELECT result.*, exam, year, subject, batch.published_at, batch.appeal_until, {_KNOWS}
FROM exam_result AS result JOIN exam_set USING (set_id) JOIN exam_batch AS batch USING (batch_id)
"""  # noqa: S608 - a part from above


async def taught_by(tx: Tx, account_id: UUID, school_id: UUID) -> list[Taught]:
    """What an account teaches, or has taught, at a school."""
    sql = "SELECT year, grade, subject FROM taught WHERE account_id = $1 AND school_id = $2"
    return [Taught(**dict(row)) for row in await tx.fetch(sql, account_id, school_id)]


async def sets_of_school(tx: Tx, school_id: UUID, exam: str | None, year: int | None, subject: str | None) -> list[Set]:
    """Of which a school has results."""
    sql = """
    SELECT set_id, exam, year, subject FROM exam_total JOIN exam_set USING (set_id)
    WHERE school_id = $1 AND ($2::text IS NULL OR exam = $2) AND ($3::int IS NULL OR year = $3)
      AND ($4::text IS NULL OR subject = $4)
    ORDER BY year DESC, exam, subject
    """
    return [Set(**dict(row)) for row in await tx.fetch(sql, school_id, exam, year, subject)]


async def held(tx: Tx, school_id: UUID, set_ids: Sequence[UUID]) -> dict[UUID, tuple[int, int]]:
    """How many results a school has of each set, and of how many the pupils know the newest version."""
    sql = """
    SELECT set_id, count(*) AS results, count(mark.result_id) AS familiarised
    FROM exam_result AS result LEFT JOIN exam_familiarisation AS mark USING (result_id, version)
    WHERE school_id = $1 AND set_id = ANY ($2::uuid[]) GROUP BY set_id
    """
    rows = await tx.fetch(sql, school_id, list(set_ids))
    return {row["set_id"]: (row["results"], row["familiarised"]) for row in rows}


async def results_page(
    tx: Tx, school_id: UUID, set_ids: Sequence[UUID], after: tuple[UUID, str] | None, limit: int
) -> list[Result]:
    """Set by set, by code."""
    beyond = "AND (result.set_id, result.code) > ($4, $5)" if after else ""
    sql = f"""
    {_RESULT} WHERE school_id = $1 AND result.set_id = ANY ($2::uuid[]) {beyond}
    ORDER BY result.set_id, result.code LIMIT $3
    """
    return [_result(row) for row in await tx.fetch(sql, school_id, list(set_ids), limit, *(after or ()))]


async def results(tx: Tx, school_id: UUID, set_ids: Sequence[UUID], result_ids: Sequence[UUID]) -> list[Result]:
    """Those of these that belong to the school and the sets."""
    sql = f"{_RESULT} WHERE result_id = ANY ($1::uuid[]) AND school_id = $2 AND result.set_id = ANY ($3::uuid[])"
    return [_result(row) for row in await tx.fetch(sql, list(result_ids), school_id, list(set_ids))]


async def versions(tx: Tx, result_id: UUID) -> list[Version]:
    """The newest first."""
    sql = """
    SELECT past.version, past.state, primary_score, test_score, mark, past.reason, published_at, file_name
    FROM exam_version AS past JOIN exam_batch USING (batch_id) WHERE result_id = $1 ORDER BY version DESC
    """
    return [Version(**dict(row)) for row in await tx.fetch(sql, result_id)]


async def groups(tx: Tx, set_id: UUID, school_id: UUID) -> tuple[Group, Group | None, Group]:
    """The own school, its district if it has one, and the city."""
    sql = """
    SELECT coalesce(sum(counted) FILTER (WHERE total.school_id = $2), 0) AS own,
           coalesce(sum(score) FILTER (WHERE total.school_id = $2), 0) AS own_score,
           coalesce(sum(counted) FILTER (WHERE school.district = here.district), 0) AS near,
           coalesce(sum(score) FILTER (WHERE school.district = here.district), 0) AS near_score,
           coalesce(sum(counted), 0) AS city, coalesce(sum(score), 0) AS city_score, max(here.district) AS district
    FROM exam_total AS total LEFT JOIN school USING (school_id)
         LEFT JOIN school AS here ON here.school_id = $2
    WHERE total.set_id = $1
    """
    row = await tx.fetchrow(sql, set_id, school_id)
    assert row is not None
    near = Group(int(row["near"]), int(row["near_score"])) if row["district"] else None
    return Group(int(row["own"]), int(row["own_score"])), near, Group(int(row["city"]), int(row["city_score"]))


async def counts_by_score(tx: Tx, set_id: UUID, school_id: UUID, score: Score) -> dict[int, int]:
    """How many results of a school have which score; annulled ones have none."""
    column = {"test": "test_score", "mark": "mark"}[score]
    sql = f"""
    SELECT {column} AS value, count(*) AS count FROM exam_result
    WHERE school_id = $1 AND set_id = $2 AND {column} IS NOT NULL GROUP BY 1
    """  # noqa: S608 - a name from above
    return {row["value"]: row["count"] for row in await tx.fetch(sql, school_id, set_id)}


async def insert_familiarisations(tx: Tx, account_id: UUID, told: Sequence[tuple[UUID, int]]) -> None:
    """Once a version: the first time counts."""
    sql = """
    INSERT INTO exam_familiarisation (result_id, version, account_id, at)
    SELECT result_id, version, $1, $4 FROM unnest($2::uuid[], $3::int[]) AS told (result_id, version)
    ORDER BY result_id ON CONFLICT DO NOTHING
    """
    await tx.execute(sql, account_id, [one for one, _ in told], [version for _, version in told], tx.now)


async def familiarised_by(tx: Tx, account_id: UUID) -> list[dict[str, Any]]:
    """How many results an account has told pupils of, by exam; results themselves are the school's and the pupils'."""
    sql = """
    SELECT exam, year AS exam_year, subject, count(*) AS count, max(at) AS last_at
    FROM exam_familiarisation JOIN exam_result USING (result_id) JOIN exam_set USING (set_id)
    WHERE account_id = $1 GROUP BY exam, year, subject ORDER BY year, exam, subject
    """
    return [dict(row) for row in await tx.fetch(sql, account_id)]


def _result(row: Row) -> Result:
    own = {name: row[name] for name in Result.__dataclass_fields__ if name != "familiarised"}
    known = json.loads(row["familiarised"]) if row["familiarised"] else None
    if known:
        known["at"] = datetime.fromisoformat(known["at"])
    return Result(**own, familiarised=Familiarised(**known) if known else None)
