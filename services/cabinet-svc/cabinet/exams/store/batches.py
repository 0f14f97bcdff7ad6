"""SQL of files of results: their bytes, their leases, how far they are."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from chassis.db import Row, Tx
from chassis.loops import claim

from cabinet.exams.domain.batches import Batch, Order, Untold

_OPEN = "state IN ('queued', 'running')"
_BATCH = "SELECT batch.*, exam, year, subject FROM exam_batch AS batch JOIN exam_set USING (set_id)"


async def ensure_set(tx: Tx, set_id: UUID, exam: str, year: int, subject: str) -> None:
    """The row that guards an exam of a year in a subject."""
    sql = "INSERT INTO exam_set (set_id, exam, year, subject) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING"
    await tx.execute(sql, set_id, exam, year, subject)


async def lock_set(tx: Tx, set_id: UUID) -> None:
    """Files about the same exam publish one after the other."""
    await tx.execute("SELECT FROM exam_set WHERE set_id = $1 FOR UPDATE", set_id)


async def insert_batch(tx: Tx, batch_id: UUID, it: Order) -> None:
    """A new one, queued."""
    sql = """
    INSERT INTO exam_batch (batch_id, set_id, mode, state, reason, file_name, by, queued_at)
    SELECT $1, set_id, $5, 'queued', $6, $7, $8, $9 FROM exam_set WHERE exam = $2 AND year = $3 AND subject = $4
    """
    await tx.execute(sql, batch_id, it.exam, it.year, it.subject, it.mode, it.reason, it.file_name, it.by, tx.now)


async def insert_chunk(tx: Tx, batch_id: UUID, number: int, data: bytes) -> None:
    """The next bytes of the file."""
    await tx.execute("INSERT INTO exam_chunk (batch_id, number, data) VALUES ($1, $2, $3)", batch_id, number, data)


async def chunk(tx: Tx, batch_id: UUID, number: int) -> bytes | None:
    """Some bytes of the file; None after the last."""
    sql = "SELECT data FROM exam_chunk WHERE batch_id = $1 AND number = $2"
    data: bytes | None = await tx.fetchval(sql, batch_id, number)
    return data


async def delete_chunks(tx: Tx, batch_id: UUID) -> None:
    """Nothing more is to be read."""
    await tx.execute("DELETE FROM exam_chunk WHERE batch_id = $1", batch_id)


async def batch(tx: Tx, batch_id: UUID) -> Batch | None:
    """One."""
    row = await tx.fetchrow(f"{_BATCH} WHERE batch_id = $1", batch_id)
    return _batch(row) if row else None


async def batch_for_update(tx: Tx, batch_id: UUID) -> Batch | None:
    """One, locked: its worker waits before the next rows."""
    row = await tx.fetchrow(f"{_BATCH} WHERE batch_id = $1 FOR NO KEY UPDATE OF batch", batch_id)
    return _batch(row) if row else None


async def batches_page(tx: Tx, before: UUID | None, limit: int) -> list[Batch]:
    """The newest first."""
    sql = f"{_BATCH} WHERE ($1::uuid IS NULL OR batch_id < $1) ORDER BY batch_id DESC LIMIT $2"
    return [_batch(row) for row in await tx.fetch(sql, before, limit)]


async def claim_batch(tx: Tx, seconds: float) -> UUID | None:
    """The oldest that is due and that nobody holds, for so long."""
    rows = await claim(tx, "exam_batch", _OPEN, order="batch_id", limit=1, seconds=seconds, key="batch_id")
    return rows[0]["batch_id"] if rows else None


async def save_taken(tx: Tx, batch_id: UUID, holder: UUID) -> None:
    """It runs, in the hands of this worker."""
    sql = "UPDATE exam_batch SET state = 'running', holder = $2, attempts = attempts + 1 WHERE batch_id = $1"
    await tx.execute(sql, batch_id, holder)


async def hold(tx: Tx, it: Batch, seconds: float) -> bool:
    """Lock the running batch and keep it for so long; False when it was cancelled or another worker has it."""
    sql = "UPDATE exam_batch SET locked_until = $3 WHERE batch_id = $1 AND holder = $2 AND state = 'running'"
    return await tx.execute(sql, it.batch_id, it.holder, tx.now + timedelta(seconds=seconds)) == 1


async def save_opened(tx: Tx, batch_id: UUID, total: int, columns: Mapping[str, str]) -> None:
    """What was seen of the file as a whole."""
    sql = "UPDATE exam_batch SET total = $2, columns = $3 WHERE batch_id = $1"
    await tx.execute(sql, batch_id, total, json.dumps(dict(columns), ensure_ascii=False))


async def save_progress(tx: Tx, batch_id: UUID, position: int, more: int) -> None:
    """So far the file is read."""
    sql = "UPDATE exam_batch SET position = $2, done = done + $3, attempts = 0 WHERE batch_id = $1"
    await tx.execute(sql, batch_id, position, more)


async def save_counts(tx: Tx, batch_id: UUID, counts: Mapping[str, int]) -> None:
    """How many rows have which verdict."""
    sql = "UPDATE exam_batch SET new = $2, changed = $3, unchanged = $4, rejected = $5 WHERE batch_id = $1"
    said = (counts.get(verdict, 0) for verdict in ("new", "changed", "unchanged", "rejected"))
    await tx.execute(sql, batch_id, *said)


async def save_end(tx: Tx, batch_id: UUID, state: str, code: str | None, params: Mapping[str, Any]) -> None:
    """It has ended, and how."""
    sql = """
    UPDATE exam_batch SET state = $2, finished_at = $3, code = $4, params = $5, holder = NULL, locked_until = NULL
    WHERE batch_id = $1
    """
    await tx.execute(sql, batch_id, state, tx.now, code, json.dumps(dict(params), ensure_ascii=False, default=str))


async def save_requeued(tx: Tx, batch_id: UUID) -> None:
    """The rows of a dry run are to be applied."""
    sql = """
    UPDATE exam_batch SET mode = 'apply', state = 'queued', finished_at = NULL, attempts = 0 WHERE batch_id = $1
    """
    await tx.execute(sql, batch_id)


async def save_published(tx: Tx, batch_id: UUID, appeal_until: datetime, school_ids: Sequence[UUID]) -> int:
    """Its results are known from now on. Returns the version of the batch."""
    sql = """
    UPDATE exam_batch SET published_at = $2, appeal_until = $3, school_ids = $4, version = version + 1
    WHERE batch_id = $1 RETURNING version
    """
    version: int = await tx.fetchval(sql, batch_id, tx.now, appeal_until, list(school_ids))
    return version


async def untold_for_update(tx: Tx) -> Untold | None:
    """The oldest published batch whose teachers have still to be told and that nobody else has in hand."""
    sql = f"""
    {_BATCH} WHERE published_at IS NOT NULL AND told_at IS NULL ORDER BY batch_id LIMIT 1
    FOR UPDATE OF batch SKIP LOCKED
    """
    row = await tx.fetchrow(sql)
    return Untold(_batch(row), tuple(row["school_ids"]), row["told_through"]) if row else None


async def save_told(tx: Tx, batch_id: UUID, through: UUID | None) -> None:
    """How far the teachers have been told; None: to the end."""
    sql = "UPDATE exam_batch SET told_through = coalesce($2, told_through), told_at = $3 WHERE batch_id = $1"
    await tx.execute(sql, batch_id, through, None if through else tx.now)


async def delete_rows_before(tx: Tx, moment: datetime, limit: int) -> int:
    """Forget what rows of files said that ended before; the files themselves stay, for versions name them."""
    sql = """
    DELETE FROM exam_row WHERE batch_id IN (
        SELECT batch_id FROM exam_batch AS old WHERE finished_at < $1
            AND EXISTS (SELECT FROM exam_row WHERE exam_row.batch_id = old.batch_id)
        ORDER BY finished_at LIMIT $2)
    """
    return await tx.execute(sql, moment, limit)


def _batch(row: Row) -> Batch:
    fields = {name: row[name] for name in Batch.__dataclass_fields__}
    return Batch(**fields | {name: json.loads(row[name]) for name in ("columns", "params")})
