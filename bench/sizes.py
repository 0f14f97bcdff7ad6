"""What a row costs on disk, indexes included, in tables that the services themselves have filled."""

from typing import Any

import asyncpg
from chassis.db import Database, connect
from ekis_local import services

from bench.arena import SERVICES, opened_arena
from bench.journals import fill
from bench.report import figures

REQUESTS = 1_000  # people who ask, are verified and get their credentials mailed
CLASSES = 20  # of the diary, each with 12,000 marks
ENOUGH = 200  # rows, below which a table is mostly an empty page

_SIZES = """
SELECT relname AS name, reltuples::bigint AS rows, pg_total_relation_size(oid) / reltuples AS bytes
FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND reltuples >= $1 ORDER BY 1
"""


async def run() -> None:
    """The generated city of 3,500 schools, its copies, and people who go through the main story."""
    async with opened_arena(REQUESTS) as arena:
        await services.seed(arena.stack.env("registry"))
        await arena.only(*SERVICES)
        await arena.stack.resume("cabinet")
        people = arena.crowd.take(REQUESTS)
        await arena.ours.ask_all(people, 8)
        await arena.postbox.until_all(people)
        await arena.settled()
        await _fill_diary(arena.stack.databases["cabinet"])
        rows = [row for name in (*SERVICES, "cabinet") for row in await _measured(name, arena.stack.databases[name])]
    figures("bytes a row, indexes included", ("database", "table", "rows", "bytes a row"), rows)


async def _fill_diary(dsn: str) -> None:
    pool = await connect(dsn, "cabinet", 1)
    seals: Any = None  # nothing is published here
    try:
        await fill(Database("cabinet", pool, seals), 0, CLASSES)
    finally:
        await pool.close()


async def _measured(name: str, dsn: str) -> list[list[str]]:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("VACUUM (FULL, ANALYZE)", timeout=600)
        found = await connection.fetch(_SIZES, ENOUGH)
    finally:
        await connection.close()
    return [[name, row["name"], f"{row['rows']:,}", f"{row['bytes']:,.0f}"] for row in found]
