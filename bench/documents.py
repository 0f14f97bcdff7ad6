"""Search in 10,000 documents: how much more than a trivial query it takes, and how PostgreSQL goes about it."""

import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import uuid4

import cabinet
from cabinet.documents.actions.texts import find_documents
from cabinet.documents.domain.documents import Narrowing
from cabinet.documents.domain.texts import passages
from chassis.db import Database, Tx, connect
from chassis.migrations import migrate
from ekis_local.postgres import ensure_database

from bench.ground import Servers, clocked
from bench.report import figures, percentile

DOCUMENTS, STATUTES = 10_000, 20
LETTERS, STATUTE = 6_000, 288_000
ROUNDS, EACH, PAGE = 5, 20, 20
KEY = "SELECT 1"
WORDS = 20_000  # of the city's language; the first are in every text

Read = Callable[[Tx], Awaitable[Any]]
SYLLABLES = (
    "ба",
    "ве",
    "ги",
    "до",
    "жу",
    "за",
    "ик",
    "ло",
    "ми",
    "но",
    "пе",
    "ра",
    "су",
    "ты",
    "фо",
    "ха",
    "це",
    "чу",
    "ше",
    "эм",
)
LANGUAGE = ["".join(random.Random(n).choices(SYLLABLES, k=2 + n % 4)) + "ание" for n in range(WORDS)]
QUERIES = {
    "a word of every text": "положения",
    "two of them": "положение порядком",
    "a rare word": LANGUAGE[-7],
    "a word of names": "аттестация",
    "three words, one rare": f"положение порядком {LANGUAGE[-7]}",
    "no document": "нигде",
    "a page of words": " ".join(LANGUAGE[:60])[:300],
}

_FILL = """
INSERT INTO document_passage (version_id, no, text)
SELECT * FROM unnest($1::uuid[], $2::int[], $3::text[])
"""
_DOCUMENT = """
INSERT INTO document (document_id, number, issued_on, issuer, kind, title, specialties, audience, current_no, words,
                      version, told)
VALUES ($1, $2, $3, 'Департамент', 'order', $4, '{}', '{}', 1, document_words($2, $4, 'Департамент', $5), 1, 1)
"""
_VERSION = """
INSERT INTO document_version (version_id, document_id, no, file_id, in_force_from, is_material, is_mandatory, note,
                              published_at, text_state)
VALUES ($1, $2, 1, $3, now(), true, false, '', now(), 'done')
"""
_FILE = """
INSERT INTO file (file_id, account_id, name, kind, size, sha256, state, at)
VALUES ($1, $1, 'x.txt', 'txt', 1, '\\x00', 'attached', now())
"""


async def run(servers: Servers) -> None:
    async with _library(servers) as database:
        kinds: dict[str, Read] = {KEY: _trivial} | {name: _search(q) for name, q in QUERIES.items()}
        rows = await _measured(database, kinds)
        title = f"Search in {DOCUMENTS:,} documents, {STATUTES} of them of {STATUTE:,} letters, a page of {PAGE}"
        figures(title, ["search", "p50 ms", "p99 ms", "times `SELECT 1`, by CPU", "hits"], rows)
        print("\nHow the candidates of a common and of a rare word are found:\n")
        for q in ("положения", LANGUAGE[-7]):
            print(await _plan(database, q), end="\n\n")


async def _trivial(tx: Tx) -> list[Any]:
    return await tx.fetch(KEY)


def _search(q: str) -> Read:
    async def search(tx: Tx) -> Any:
        return await find_documents(tx, q, Narrowing(), None, PAGE)

    return search


async def _measured(database: Database, kinds: dict[str, Read]) -> list[list[str]]:
    times: dict[str, list[float]] = {name: [] for name in kinds}
    cpu = dict.fromkeys(kinds, 0.0)
    hits = dict.fromkeys(kinds, 0)
    for number in range(ROUNDS + 1):
        for name, read in kinds.items():
            with clocked() as clock:
                for _ in range(EACH):
                    begun = perf_counter()
                    async with database.transaction() as tx:
                        hits[name] = len(await read(tx))
                    times[name].append(perf_counter() - begun)
            cpu[name] += clock.cpu["client"] + clock.cpu["postgres"] if number else 0.0
    return [
        [
            name,
            f"{percentile(times[name], 0.5) * 1000:.1f}",
            f"{percentile(times[name], 0.99) * 1000:.1f}",
            f"{cpu[name] / cpu[KEY]:.0f}" if cpu[KEY] else "-",
            str(hits[name]),
        ]
        for name in kinds
    ]


async def _plan(database: Database, q: str) -> str:
    sql = f"""EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) SELECT document_id FROM document
    WHERE current_no IS NOT NULL AND words @@ websearch_to_tsquery('russian', '{q}')
    ORDER BY issued_on DESC, document_id DESC LIMIT 100"""
    async with database.transaction() as tx:
        return "\n".join(row[0] for row in await tx.fetch(sql))


@asynccontextmanager
async def _library(servers: Servers) -> AsyncIterator[Database]:
    dsn = await ensure_database(servers.postgres, "cabinet", uuid4().hex)
    await migrate(dsn, Path(cabinet.__file__).parent / "migrations")
    pool = await connect(dsn, "cabinet", 2)
    try:
        database = Database("cabinet", pool, None)  # type: ignore[arg-type] # nothing is sealed here
        await _fill(database)
        yield database
    finally:
        await pool.close()


async def _fill(database: Database) -> None:
    file_id, chance = uuid4(), random.Random(7)
    await database.pool.execute(_FILE, file_id)
    for number in range(DOCUMENTS):
        document_id, version_id = uuid4(), uuid4()
        text = _text(chance, STATUTE if number < STATUTES else LETTERS)
        title = f"О порядке {'аттестации' if number % 50 == 0 else 'работы'} {number}"
        issued_on = date(2026, 11, 1) - timedelta(days=number % 3000)
        cut = passages(text)
        async with database.transaction() as tx:
            await tx.execute(_DOCUMENT, document_id, str(number), issued_on, title, text)
            await tx.execute(_VERSION, version_id, document_id, file_id)
            await tx.execute(_FILL, [version_id] * len(cut), list(range(len(cut))), cut)
    await database.pool.execute("VACUUM ANALYZE")


def _text(chance: random.Random, letters: int) -> str:
    """Words as they are spread in a language: a few very often, most seldom (Zipf)."""
    return " ".join(("положение порядком", *_words(chance, letters)))


def _words(chance: random.Random, letters: int) -> Iterator[str]:
    length = 0
    while length < letters:
        word = LANGUAGE[int(WORDS ** chance.random()) - 1]
        length += len(word) + 1
        yield word
