"""Numbered SQL files (dbmate's format), forward only, applied once under an advisory lock, checksums remembered."""

import hashlib
from pathlib import Path

import asyncpg
import structlog

log = structlog.get_logger()

OWN = Path(__file__).parent / "sql"
LOCK = 0x454B4953  # "EKIS"
_TABLE = """CREATE TABLE IF NOT EXISTS migration (
    name text PRIMARY KEY, checksum text NOT NULL, at timestamptz NOT NULL DEFAULT now())"""


class ChangedMigration(Exception):
    """A file that was applied has been edited since. Write a new one instead."""


def migration_files(folder: Path) -> list[Path]:
    """The chassis' own files first, then the service's, each in number order."""
    return [*sorted(OWN.glob("*.sql")), *sorted(folder.glob("*.sql"))]


async def migrate(dsn: str, folder: Path) -> list[str]:
    """Bring the database up to date; returns the names applied now. Waits at most 5 s for any table lock."""
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(f"SELECT pg_advisory_lock({LOCK}); SET lock_timeout = '5s'")
        await connection.execute(_TABLE)
        known = {row["name"]: row["checksum"] for row in await connection.fetch("SELECT name, checksum FROM migration")}
        return [path.name for path in migration_files(folder) if await _apply(connection, path, known)]
    finally:
        await connection.close()


async def _apply(connection: "asyncpg.Connection[asyncpg.Record]", path: Path, known: dict[str, str]) -> bool:
    text = path.read_text()  # noqa: ASYNC240 - nothing else runs while migrating
    checksum = hashlib.sha256(text.encode()).hexdigest()
    if path.name in known:
        if known[path.name] != checksum:
            raise ChangedMigration(path.name)
        return False
    async with connection.transaction():
        await connection.execute(text)
        await connection.execute("INSERT INTO migration (name, checksum) VALUES ($1, $2)", path.name, checksum)
    log.info("migrated", file=path.name)
    return True


async def is_current(pool: "asyncpg.Pool[asyncpg.Record]", folder: Path) -> bool:
    """Whether every file is applied: a service is not ready before."""
    applied = {row["name"] for row in await pool.fetch("SELECT name FROM migration")}
    return applied >= {path.name for path in migration_files(folder)}
