"""SQL of files."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from chassis.db import Row, Tx

from cabinet.files.domain import File, Kind


async def insert_file(tx: Tx, file_id: UUID, account_id: UUID, name: str, kind: Kind) -> None:
    """Announced: its bytes are on their way."""
    sql = """
    INSERT INTO file (file_id, account_id, name, kind, size, state, at) VALUES ($1, $2, $3, $4, 0, 'uploading', $5)
    """
    await tx.execute(sql, file_id, account_id, name, kind, tx.now)


async def lock_uploads(tx: Tx, account_id: UUID) -> None:
    """Who counts the loose files of an account, and adds one, is alone. Editors have no row here to lock."""
    await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"uploads {account_id}")


async def count_loose(tx: Tx, account_id: UUID) -> int:
    """How many of an account nothing has been made of."""
    sql = "SELECT count(*) FROM file WHERE account_id = $1 AND state IN ('uploading', 'kept')"
    count: int = await tx.fetchval(sql, account_id)
    return count


async def give_up_file(tx: Tx, file_id: UUID) -> None:
    """Dropped when its day is over: an object that comes late goes too."""
    await tx.execute("UPDATE file SET state = 'dropping' WHERE file_id = $1 AND state = 'uploading'", file_id)


async def keep_file(tx: Tx, file_id: UUID, size: int, sha256: bytes) -> File | None:
    """All of it is there. None if it took so long that it has been dropped."""
    sql = (
        "UPDATE file SET state = 'kept', size = $2, sha256 = $3 WHERE file_id = $1 AND state = 'uploading' RETURNING *"
    )
    row = await tx.fetchrow(sql, file_id, size, sha256)
    return _file(row) if row else None


async def attach_file(tx: Tx, file_id: UUID, account_id: UUID) -> File | None:
    """Something is made of it now. None unless it is whole, loose and of this account."""
    sql = """
    UPDATE file SET state = 'attached' WHERE file_id = $1 AND account_id = $2 AND state = 'kept' RETURNING *
    """
    row = await tx.fetchrow(sql, file_id, account_id)
    return _file(row) if row else None


async def detach_file(tx: Tx, file_id: UUID) -> None:
    """Nothing is made of it any more."""
    await tx.execute(
        "UPDATE file SET state = 'kept', at = $2 WHERE file_id = $1 AND state = 'attached'", file_id, tx.now
    )


async def detach_files_of(tx: Tx, account_id: UUID) -> int:
    """Loose files of an account may go at once."""
    sql = "UPDATE file SET at = '-infinity' WHERE account_id = $1 AND state IN ('uploading', 'kept')"
    return await tx.execute(sql, account_id)


async def file(tx: Tx, file_id: UUID) -> File | None:
    """One that something is made of."""
    row = await tx.fetchrow("SELECT * FROM file WHERE file_id = $1 AND state = 'attached'", file_id)
    return _file(row) if row else None


async def named(tx: Tx, file_ids: Sequence[UUID]) -> list[dict[str, Any]]:
    """Names and sizes of what is attached, in this order."""
    sql = """
    SELECT file_id, name, kind, size FROM file WHERE file_id = ANY ($1::uuid[]) AND state = 'attached'
    ORDER BY array_position($1::uuid[], file_id)
    """
    return [dict(row) for row in await tx.fetch(sql, list(file_ids))]


async def known_of(tx: Tx, account_id: UUID) -> list[dict[str, Any]]:
    """What an account has uploaded."""
    sql = """
    SELECT name, kind, size, state, at, encode(sha256, 'hex') AS sha256 FROM file WHERE account_id = $1 ORDER BY file_id
    """
    return [dict(row) for row in await tx.fetch(sql, account_id)]


async def take_loose(tx: Tx, age: timedelta, limit: int) -> list[UUID]:
    """Those that have been loose for so long, from now on for nobody; also those that a killed process took."""
    sql = """
    UPDATE file SET state = 'dropping' WHERE file_id IN (
        SELECT file_id FROM file WHERE state <> 'attached' AND at < $1 ORDER BY at LIMIT $2 FOR UPDATE SKIP LOCKED)
    RETURNING file_id
    """
    return [row["file_id"] for row in await tx.fetch(sql, tx.now - age, limit)]


async def delete_files(tx: Tx, file_ids: Sequence[UUID]) -> None:
    """Their objects are gone."""
    await tx.execute("DELETE FROM file WHERE file_id = ANY ($1::uuid[]) AND state = 'dropping'", list(file_ids))


def _file(row: Row) -> File:
    return File(row["file_id"], row["name"], row["kind"], row["size"], row["sha256"])
