"""Background work on rows, round after round; a lease (`locked_until`) gives back what a crashed replica held."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog

from chassis.db import Database, Row, Tx
from chassis.telemetry import DATABASE_BYTES, DEAD_LETTERS_HELD, LOOP_ERRORS, failure

log = structlog.get_logger()

# The inbox: the retention of topics with effects (90 days) and a week, so that a replay finds every row
KEEP = {"inbox": timedelta(days=97), "idempotency_key": timedelta(days=1), "revoked_sid": timedelta(days=1)}
PRUNE = 5_000  # rows a round


@dataclass(frozen=True)
class Loop:
    """`work(context)` does one round and says whether more is due. `signal` wakes it before `every` seconds pass."""

    name: str
    work: Callable[[Any], Awaitable[bool]]
    every: float
    signal: str | None = None


async def claim(
    tx: Tx, table: str, due: str, *args: Any, order: str, limit: int, seconds: float, key: str = "id"
) -> list[Row]:
    """Take up to `limit` rows of `table` that are due and that nobody holds, for `seconds`. `due` is the store's own
    condition, with the parameters $3 and on; the table has `locked_until timestamptz`."""
    sql = f"""
    WITH free AS MATERIALIZED ( -- as a subquery it may run twice, and take more than the limit
        SELECT {key} FROM {table} WHERE ({due}) AND (locked_until IS NULL OR locked_until <= $1)
        ORDER BY {order} LIMIT {limit} FOR UPDATE SKIP LOCKED)
    UPDATE {table} SET locked_until = $2 FROM free WHERE {table}.{key} = free.{key} RETURNING {table}.*
    """  # noqa: S608 - names come from the store's code, values are parameters
    return await tx.fetch(sql, tx.now, tx.now + timedelta(seconds=seconds), *args)


async def run_loop(loop: Loop, context: Any, database: Database) -> None:
    """Rounds until cancelled; an error is logged, counted and tried again after a pause."""
    wake = database.signals[loop.signal or f"loop {loop.name}"]
    while True:
        wake.clear()
        more = False
        try:
            more = await loop.work(context)
        except Exception as error:  # noqa: BLE001 - the next round tries again
            LOOP_ERRORS.labels(loop.name).inc()
            log.warning("loop-failed", loop=loop.name, error=failure(error))
        if not more:
            with suppress(TimeoutError):
                async with asyncio.timeout(loop.every):  # wait_for would swallow a cancel that comes with the wake-up
                    await wake.wait()


async def _prune(runtime: Any) -> bool:
    """Forget what can no longer come again (old inbox rows, idempotency keys, sids of expired tokens), and measure."""
    gone = 0
    async with runtime.database.transaction() as tx:
        DEAD_LETTERS_HELD.set(await tx.fetchval("SELECT count(*) FROM dead_letter"))
        DATABASE_BYTES.set(await tx.fetchval("SELECT pg_database_size(current_database())"))
        for table, age in KEEP.items():
            old = f"SELECT ctid FROM {table} WHERE at < $1 ORDER BY at LIMIT {PRUNE}"  # noqa: S608 - names from above
            gone += await tx.execute(f"DELETE FROM {table} WHERE ctid IN ({old})", tx.now - age)  # noqa: S608
    return gone >= PRUNE


PRUNING = Loop("prune", _prune, every=60)
