"""Search of schools: how much more than a read by primary key it takes, at 50,000 and at 500,000 schools."""

import random
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import uuid4

import registry
from chassis.db import Database, Tx, connect
from chassis.migrations import migrate
from ekis_local.postgres import ensure_database
from registry.actions import search
from registry.domain.names import plain
from registry.domain.search import Query
from registry.store import schools as schools_store
from registry.store.search import Wanted

from bench.ground import Servers, clocked
from bench.registers import fill, own_words
from bench.report import figures, percentile

SIZES = (50_000, 500_000)
ROUNDS = 5
EACH = 100  # of a kind in a round
PEERS = 5  # for what takes long
PAGE = 50
KEY = "read by primary key"

Read = Callable[[Tx], Awaitable[Any]]

_PEER = f"""
SELECT * FROM (SELECT *, word_similarity($1, search) AS alike FROM school WHERE $1 <% search) AS found
ORDER BY alike DESC, school_id LIMIT {PAGE}
"""


async def run(servers: Servers) -> None:
    async with _register(servers) as database:
        filled = 0
        for size in SIZES:
            await _fill(database, filled, size)
            filled = size
            ours = await _measured(database, await _kinds(database), EACH)
            await database.pool.execute("CREATE INDEX peer ON school USING gin (search gin_trgm_ops)")
            peers = await _measured(database, _peers(), PEERS)
            await database.pool.execute("DROP INDEX peer")
            _show(size, ours | peers)


@asynccontextmanager
async def _register(servers: Servers) -> AsyncIterator[Database]:
    dsn = await ensure_database(servers.postgres, "registry", uuid4().hex)
    await migrate(dsn, Path(registry.__file__).parent / "migrations")
    pool = await connect(dsn, "registry", 4)
    try:
        seals: Any = None  # nothing is published here
        yield Database("registry", pool, seals)
    finally:
        await pool.close()


async def _fill(database: Database, present: int, size: int) -> None:
    async with database.pool.acquire() as connection:
        await connection.execute("SET statement_timeout = 0")
        await fill(connection, present, size)
        await connection.execute("ANALYZE school, school_word, search_word; RESET statement_timeout")


async def _kinds(database: Database) -> dict[str, list[Read]]:
    rows = await database.pool.fetch("SELECT school_id, inn FROM school ORDER BY inn LIMIT 1000")
    names = random.Random(7).sample(own_words(), 50)
    here = {"district": "Район 7"}
    return {
        KEY: [partial(schools_store.school, school_id=row["school_id"]) for row in rows],
        "INN typed": [_listing(requisites=[("inn", row["inn"])]) for row in rows[:50]],
        "number: 1505, школа 1505": [
            _finding(f"{kind}{number}") for number in range(1500, 1550) for kind in ("", "школа ")
        ],
        "word with a typo": [_finding(name[:3] + name[4:]) for name in names],
        "common words: школа, детский сад, ш": [_finding(q) for q in ("школа", "детский сад", "ш", "щкола")],
        "common words of a district": [_finding(q, **here) for q in ("школа", "детский сад", "ш", "щкола")],
        "eight words": [
            _finding("школа сад лицей гимназия центр корпус детский кадетский"),
            _finding("1 2 3 4 5 6 7 8"),
        ],
        "300 letters": [_finding("абвгде " * 43), _finding("ш" * 300)],
        "list of a district, an okrug, a status": [
            _listing(**one)
            for one in (here, {"district": "Округ 7"}, {"status": "closed"}, {**here, "status": "active"})
        ],
    }


def _peers() -> dict[str, list[Read]]:
    return {
        f"trigrams of whole names (GIN, <%): {q}": [partial(_alike, q=plain(q))] for q in ("школа 1505", "детский сад")
    }


async def _alike(tx: Tx, q: str) -> Any:
    await tx.execute("SELECT set_config('pg_trgm.word_similarity_threshold', '0.4', true)")
    return await tx.fetch(_PEER, q)


def _finding(q: str, **wanted: Any) -> Read:
    return lambda tx: search.find_schools(tx, Query(q), Wanted(**wanted), None, PAGE)


def _listing(**wanted: Any) -> Read:
    return lambda tx: search.list_schools(tx, Wanted(**wanted), None, PAGE)


async def _measured(
    database: Database, kinds: Mapping[str, Sequence[Read]], each: int
) -> dict[str, tuple[list[float], list[float]]]:
    """Milliseconds of every read, and CPU microseconds a read of every round, kind after kind in turn."""
    taken: dict[str, tuple[list[float], list[float]]] = defaultdict(lambda: ([], []))
    reads = {kind: cycle(reads) for kind, reads in kinds.items()}
    for number in range(ROUNDS + 1):
        for kind in list(kinds)[:: 1 if number % 2 else -1]:
            with clocked() as clock:
                milliseconds = [await _timed(database, read) for read in islice(reads[kind], each)]
            if number:
                taken[kind][0].extend(milliseconds)
                taken[kind][1].append((clock.cpu["client"] + clock.cpu["postgres"]) / each * 1e6)
    return dict(taken)


async def _timed(database: Database, read: Read) -> float:
    begun = perf_counter()
    async with database.transaction() as tx:
        await read(tx)
    return (perf_counter() - begun) * 1e3


def _show(size: int, taken: Mapping[str, tuple[list[float], list[float]]]) -> None:
    (key, key_cpu), rows = taken[KEY], []
    for kind, (milliseconds, cpu) in taken.items():
        p50, p99 = percentile(milliseconds, 0.5), percentile(milliseconds, 0.99)
        ratio, by_cpu = p99 / percentile(key, 0.99), percentile(cpu, 0.5) / percentile(key_cpu, 0.5)
        cells = [f"{p50:.2f}", f"{p99:.2f}", f"{ratio:.1f}", f"{percentile(cpu, 0.5):.0f}", f"{by_cpu:.1f}"]
        rows.append([kind, *cells, str(len(milliseconds))])
    columns = ("read", "p50 ms", "p99 ms", "p99 / p99 by key", "CPU us", "by CPU", "samples")
    figures(f"search in {size:,} schools", columns, rows)
