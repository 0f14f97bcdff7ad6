"""Imports, the bytes of their files and the verdicts on their rows, in the database."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from chassis.db import Row, Tx
from chassis.loops import claim

from registry.domain.imports.jobs import Counts, Ending, Job, Order, Remark, RowVerdict
from registry.domain.imports.marks import Mark

_OPEN = "state IN ('queued', 'running')"


def _job(row: Row) -> Job:
    fields = {name: row[name] for name in Job.__dataclass_fields__ if name not in ("counts", "ending")}
    fields |= {name: json.loads(row[name]) for name in ("mapping", "columns", "params")}
    ending = [row[f"ending_{name}"] for name in Ending.__dataclass_fields__]
    fields["ending"] = Ending(*ending) if ending[0] is not None else None
    return Job(**fields, counts=Counts(**{name: row[name] for name in Counts.__dataclass_fields__}))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


async def insert_import(tx: Tx, import_id: UUID, order: Order) -> None:
    """A new one, queued."""
    sql = """
    INSERT INTO import (import_id, kind, mode, is_snapshot, mapping, file_name, by, state, queued_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, 'queued', $8)
    """
    what = (order.kind, order.mode, order.is_snapshot, _json(dict(order.mapping)), order.file_name)
    await tx.execute(sql, import_id, *what, order.by, tx.now)


async def insert_chunk(tx: Tx, import_id: UUID, number: int, data: bytes) -> None:
    """The next bytes of the file."""
    await tx.execute("INSERT INTO import_chunk (import_id, number, data) VALUES ($1, $2, $3)", import_id, number, data)


async def chunk(tx: Tx, import_id: UUID, number: int) -> bytes | None:
    """Some bytes of the file; None after the last."""
    sql = "SELECT data FROM import_chunk WHERE import_id = $1 AND number = $2"
    data: bytes | None = await tx.fetchval(sql, import_id, number)
    return data


async def delete_chunks(tx: Tx, import_id: UUID) -> None:
    """Nothing more is to be read."""
    await tx.execute("DELETE FROM import_chunk WHERE import_id = $1", import_id)


async def delete_rows(tx: Tx, import_id: UUID) -> None:
    """The verdicts, to be reached anew."""
    await tx.execute("DELETE FROM import_row WHERE import_id = $1", import_id)


async def import_(tx: Tx, import_id: UUID) -> Job | None:
    """One import."""
    row = await tx.fetchrow("SELECT * FROM import WHERE import_id = $1", import_id)
    return _job(row) if row else None


async def import_for_update(tx: Tx, import_id: UUID) -> Job | None:
    """One import, locked: its worker waits before the next batch."""
    row = await tx.fetchrow("SELECT * FROM import WHERE import_id = $1 FOR NO KEY UPDATE", import_id)
    return _job(row) if row else None


async def imports_page(tx: Tx, before: UUID | None, limit: int) -> list[Job]:
    """The newest first."""
    sql = "SELECT * FROM import WHERE ($1::uuid IS NULL OR import_id < $1) ORDER BY import_id DESC LIMIT $2"
    return [_job(row) for row in await tx.fetch(sql, before, limit)]


async def claim_import(tx: Tx, seconds: float) -> Job | None:
    """The oldest that is due and that nobody holds, for so long."""
    rows = await claim(tx, "import", _OPEN, order="import_id", limit=1, seconds=seconds, key="import_id")
    return _job(rows[0]) if rows else None


async def save_taken(tx: Tx, import_id: UUID, holder: UUID) -> None:
    """It runs, in the hands of this worker."""
    sql = "UPDATE import SET state = 'running', holder = $2, attempts = attempts + 1 WHERE import_id = $1"
    await tx.execute(sql, import_id, holder)


async def hold(tx: Tx, job: Job, seconds: float) -> Job | None:
    """The running import, locked and kept for so long; None when it was cancelled or another worker has it."""
    sql = """
    UPDATE import SET locked_until = $3 WHERE import_id = $1 AND holder = $2 AND state = 'running' RETURNING *
    """
    row = await tx.fetchrow(sql, job.import_id, job.holder, tx.now + timedelta(seconds=seconds))
    return _job(row) if row else None


async def save_opened(tx: Tx, import_id: UUID, total: int, columns: Mapping[str, str]) -> None:
    """What was seen of the file as a whole."""
    sql = "UPDATE import SET total = $2, columns = $3 WHERE import_id = $1"
    await tx.execute(sql, import_id, total, _json(dict(columns)))


async def save_progress(tx: Tx, import_id: UUID, position: int, more: Counts) -> None:
    """So far the file is settled, and so many verdicts are added."""
    sql = """
    UPDATE import SET position = $2, new = new + $3, changed = changed + $4, unchanged = unchanged + $5,
        rejected = rejected + $6, missing = missing + $7, attempts = 0
    WHERE import_id = $1
    """
    await tx.execute(sql, import_id, position, *vars(more).values())


async def save_end(tx: Tx, import_id: UUID, state: str, code: str | None, params: Mapping[str, Any]) -> None:
    """It has ended, and how."""
    sql = """
    UPDATE import SET state = $2, finished_at = $3, code = $4, params = $5, holder = NULL, locked_until = NULL
    WHERE import_id = $1
    """
    await tx.execute(sql, import_id, state, tx.now, code, _json(dict(params)))


async def save_requeued(tx: Tx, import_id: UUID) -> None:
    """The file of a dry run is to be applied, from its beginning."""
    sql = """
    UPDATE import SET mode = 'apply', state = 'queued', finished_at = NULL, position = 0, new = 0, changed = 0,
        unchanged = 0, rejected = 0, missing = 0, attempts = 0
    WHERE import_id = $1
    """
    await tx.execute(sql, import_id)


async def save_ending(tx: Tx, import_id: UUID, ending: Ending) -> None:
    """It waits for a second person."""
    sql = """
    UPDATE import SET ending_count = $2, ending_reason = $3, ending_asked_by = $4, ending_asked_at = $5
    WHERE import_id = $1
    """
    await tx.execute(sql, import_id, *vars(ending).values())


async def save_missing_closed(tx: Tx, import_id: UUID) -> None:
    """What is missing has been ended, once."""
    await tx.execute("UPDATE import SET missing_closed_at = $2 WHERE import_id = $1", import_id, tx.now)


async def insert_rows(tx: Tx, import_id: UUID, rows: Sequence[RowVerdict]) -> None:
    """The verdicts on a batch."""
    columns = ("import_id", *RowVerdict.__dataclass_fields__)
    await tx.copy("import_row", columns=columns, records=[(import_id, *_values(row)) for row in rows])


def _values(row: RowVerdict) -> tuple[Any, ...]:
    *plain, reasons, remarks = vars(row).values()
    return *plain, _said(reasons), _said(remarks)


def _said(remarks: Sequence[Remark]) -> str:
    return _json([vars(one) for one in remarks]) if remarks else "[]"


def _remarks(said: str) -> tuple[Remark, ...]:
    return tuple(Remark(**one) for one in json.loads(said))


async def marks(tx: Tx, digests: Sequence[bytes]) -> list[Mark]:
    """Those of these digests whose school is still as it was."""
    sql = """
    SELECT school_id, version, digest, keys, remarks FROM feed_mark JOIN school USING (school_id, version)
    WHERE digest = ANY ($1::bytea[])
    """
    rows = await tx.fetch(sql, list(digests))
    return [
        Mark(row["school_id"], row["version"], row["digest"], tuple(row["keys"]), _remarks(row["remarks"]))
        for row in rows
    ]


async def save_marks(tx: Tx, marks: Sequence[Mark]) -> None:
    """Each in the place of what its school agreed with before."""
    sql = """
    INSERT INTO feed_mark (school_id, version, digest, keys, remarks)
    SELECT school_id, version, digest, string_to_array(keys, chr(10)), remarks
    FROM unnest($1::uuid[], $2::int[], $3::bytea[], $4::text[], $5::jsonb[])
        AS mark (school_id, version, digest, keys, remarks)
    ON CONFLICT (school_id) DO UPDATE SET version = excluded.version, digest = excluded.digest, keys = excluded.keys,
        remarks = excluded.remarks
    """
    if marks:
        rows = [
            (*mark, "\n".join(keys), _said(remarks)) for *mark, keys, remarks in (vars(one).values() for one in marks)
        ]
        await tx.execute(sql, *map(list, zip(*rows, strict=True)))


async def insert_missing_schools(tx: Tx, import_id: UUID, after: int) -> int:
    """Open schools of the feed that no row of this file is about. Returns how many."""
    sql = """
    INSERT INTO import_row (import_id, number, verdict, key, keys, school_id, changed, reasons, remarks)
    SELECT $1, $2 + row_number() OVER (ORDER BY short_name, school_id), 'missing',
        coalesce(ogrn, inn || '/' || kpp), '{}', school_id, '{}', '[]', '[]'
    FROM school WHERE status <> 'closed' AND source = 'feed' AND NOT EXISTS (
        SELECT FROM import_row AS row WHERE row.import_id = $1 AND row.school_id = school.school_id)
    """
    return await tx.execute(sql, import_id, after)


async def insert_missing_staff(tx: Tx, import_id: UUID, after: int) -> int:
    """Live records of the feed that no row is about, at the schools of this file. Whom a rejected row is about is not
    known, so nobody is missing at its school. Returns how many."""
    sql = """
    INSERT INTO import_row (import_id, number, verdict, key, keys, school_id, staff_id, changed, reasons, remarks)
    SELECT $1, $2 + row_number() OVER (ORDER BY staff.school_id, staff_id), 'missing',
        inn || '/' || kpp || ' ' || coalesce(staff.external_id, post), '{}', staff.school_id, staff_id, '{}', '[]', '[]'
    FROM staff JOIN school USING (school_id)
    WHERE ended_at IS NULL AND staff.source = 'feed' AND school_id IN (
        SELECT school_id FROM import_row WHERE import_id = $1 AND school_id IS NOT NULL
        GROUP BY school_id HAVING bool_and(verdict <> 'rejected'))
        AND NOT EXISTS (SELECT FROM import_row AS row WHERE row.import_id = $1 AND row.staff_id = staff.staff_id)
    """
    return await tx.execute(sql, import_id, after)


async def missing_subjects(tx: Tx, import_id: UUID) -> list[UUID]:
    """Those missing in this file that are still there."""
    sql = """
    SELECT coalesce(row.staff_id, row.school_id) AS subject FROM import_row AS row
    LEFT JOIN staff USING (staff_id) LEFT JOIN school ON school.school_id = row.school_id
    WHERE row.import_id = $1 AND row.verdict = 'missing'
        AND CASE WHEN row.staff_id IS NULL THEN school.status <> 'closed' ELSE staff.ended_at IS NULL END
    ORDER BY row.number
    """
    return [row["subject"] for row in await tx.fetch(sql, import_id)]


async def rows_page(tx: Tx, import_id: UUID, after: int, limit: int) -> list[RowVerdict]:
    """Verdicts in the order of the file."""
    sql = "SELECT * FROM import_row WHERE import_id = $1 AND number > $2 ORDER BY number LIMIT $3"
    return [_row(row) for row in await tx.fetch(sql, import_id, after, limit)]


def _row(row: Row) -> RowVerdict:
    fields = {name: row[name] for name in RowVerdict.__dataclass_fields__}
    said = {side: _remarks(row[side]) for side in ("reasons", "remarks")}
    return RowVerdict(**fields | said | {"keys": tuple(row["keys"]), "changed": tuple(row["changed"])})


async def delete_imports_before(tx: Tx, moment: datetime, limit: int) -> int:
    """Forget imports that nobody looks at any more, with all their rows. Returns how many."""
    old = "SELECT import_id FROM import WHERE queued_at < $1 ORDER BY queued_at LIMIT $2"
    return await tx.execute(f"DELETE FROM import WHERE import_id IN ({old})", moment, limit)  # noqa: S608 - a constant


async def delete_chunks_before(tx: Tx, moment: datetime) -> int:
    """Drop the files of dry runs that were not applied in time."""
    sql = """
    DELETE FROM import_chunk WHERE import_id IN (SELECT import_id FROM import WHERE queued_at < $1 AND state = 'done')
    """
    return await tx.execute(sql, moment)
