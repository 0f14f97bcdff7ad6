"""A database per test: made once and emptied between tests, which is ten times faster than a new one."""

import hashlib
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from chassis.migrations import migrate
from chassis.service import Service

_made: defaultdict[str, int] = defaultdict(int)
_free: defaultdict[str, list[str]] = defaultdict(list)

_LEAVE = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_TABLES = """
SELECT string_agg(format('%I', tablename), ', ') FROM pg_tables
WHERE schemaname = 'public' AND tablename <> 'migration'
"""


async def _new(admin_dsn: str, service: Service, name: str) -> str:
    connection = await asyncpg.connect(admin_dsn)
    try:
        await connection.execute(f"CREATE DATABASE {name}")
    finally:
        await connection.close()
    dsn = urlunsplit(urlsplit(admin_dsn)._replace(path=f"/{name}"))
    await migrate(dsn, service.folder / "migrations")
    return dsn


async def _empty(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(_LEAVE)
        await connection.execute(f"TRUNCATE {await connection.fetchval(_TABLES)} RESTART IDENTITY")
    finally:
        await connection.close()


@asynccontextmanager
async def fresh_database(admin_dsn: str, service: Service) -> AsyncIterator[str]:
    """The address of a migrated, empty database that nobody else has until the end."""
    kind = f"{service.name}_{hashlib.sha256(f'{admin_dsn} {service.folder}'.encode()).hexdigest()[:8]}"
    if not _free[kind]:
        _made[kind] += 1
        _free[kind].append(await _new(admin_dsn, service, f"{kind}_{_made[kind]}"))
    dsn = _free[kind].pop()
    try:
        yield dsn
    finally:
        await _empty(dsn)
        _free[kind].append(dsn)
