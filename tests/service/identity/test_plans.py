"""Whatever is asked of the audit record, and the lists of deeds and operators, is read by an index."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import Any
from uuid import UUID

import pytest
from chassis.testing.opened import Keyring, Opened, opened
from identity.__main__ import service
from identity.domain.audit import Wanted
from identity.store import audit, deeds, operators
from plans import Explained

ENTRIES, LIMIT = 100_000, 50
FEW = ENTRIES // 1000  # deeds that wait, and operators

# A tenth is about one account, by one operator, of one act; one ticket in a hundred
FILL_AUDIT = """
INSERT INTO audit (id, at, act, by_account, account_id, ticket, details)
SELECT gen_random_uuid(), '2026-11-01Z'::timestamptz + n * interval '1 second',
    CASE n % 10 WHEN 0 THEN 'suspend' ELSE 'signed-in' END,
    CASE n % 10 WHEN 0 THEN $2 ELSE gen_random_uuid() END,
    CASE n % 10 WHEN 0 THEN $2 ELSE gen_random_uuid() END, 'T26-' || n % 1000, '{}'
FROM generate_series(1, $1) AS n
"""
FILL_DEEDS = """
INSERT INTO deed (deed_id, act, account_id, state, channel, reason, asked_by, asked_at, expires_at)
SELECT gen_random_uuid(), 'disable', gen_random_uuid(), CASE n % 1000 WHEN 0 THEN 'awaiting-second' ELSE 'done' END,
    'desk', 'x', gen_random_uuid(), now(), now()
FROM generate_series(1, $1) AS n
"""
FILL_ACCOUNTS = """
INSERT INTO account (id, state, lang, session_epoch, roles)
SELECT gen_random_uuid(), 'active', 'ru', 1, CASE n % 1000 WHEN 0 THEN ARRAY['admin'] ELSE '{}' END
FROM generate_series(1, $1) AS n
"""
SOMEBODY = UUID(int=7)
BEGUN = datetime(2026, 11, 1, tzinfo=UTC)
FILTERS: dict[str, Any] = {
    "account_id": SOMEBODY,
    "by": SOMEBODY,
    "act": "suspend",
    "ticket": "T26-10",
    "since": BEGUN + timedelta(hours=1),
    "until": BEGUN + timedelta(hours=9),
}
QUESTIONS = [dict(some) for size in range(4) for some in combinations(FILTERS.items(), size)]


@pytest.fixture(scope="module")
async def filled(admin_dsn: str, keyring: Keyring) -> AsyncIterator[Opened]:
    async with opened(service, admin_dsn, keyring) as it:
        pool = it.runtime.database.pool
        await pool.execute(FILL_AUDIT, ENTRIES, SOMEBODY)
        await pool.execute(FILL_DEEDS, ENTRIES)
        await pool.execute(FILL_ACCOUNTS, ENTRIES)
        await pool.execute("ANALYZE audit, deed, account")
        yield it


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda it: "+".join(it) or "everything")
async def test_every_question_to_the_record_is_a_range_of_an_index(filled: Opened, question: dict[str, Any]) -> None:
    async with filled.runtime.database.transaction() as tx:
        explained = Explained(tx)
        first = await audit.entries(tx, Wanted(**question), None, LIMIT)
        assert first
        await audit.entries(tx, Wanted(**question), (first[-1].at, first[-1].id), LIMIT)
    assert explained.scans("Seq Scan") == []


@pytest.mark.parametrize("name", FILTERS)
async def test_a_question_of_one_filter_reads_a_bounded_number_of_entries(filled: Opened, name: str) -> None:
    async with filled.runtime.database.transaction() as tx:
        explained = Explained(tx)
        await audit.entries(tx, Wanted(**{name: FILTERS[name]}), None, LIMIT)
    assert explained.rows_read("audit") <= 20 * LIMIT, "where an act is common, time alone is an index good enough"


async def test_deeds_and_operators_are_listed_by_indexes(filled: Opened) -> None:
    async with filled.runtime.database.transaction() as tx:
        fetch = tx.fetch

        async def asked(table: str, question: Callable[[], Awaitable[list[Any]]]) -> list[Any]:
            tx.fetch = fetch
            explained = Explained(tx)
            found = await question()
            assert explained.scans("Seq Scan") == []
            assert 0 < explained.rows_read(table) <= FEW, "what is listed, and nothing else"
            return found

        waiting = await asked("deed", lambda: deeds.waiting_deeds(tx, None, LIMIT))
        assert len(await asked("deed", lambda: deeds.waiting_deeds(tx, waiting[-1].deed_id, LIMIT))) == LIMIT
        assert len(await asked("deed", lambda: deeds.overdue_deeds(tx, LIMIT))) == LIMIT
        some = await asked("account", lambda: operators.operators(tx, None, LIMIT))
        assert len(await asked("account", lambda: operators.operators(tx, some[-1].id, LIMIT))) == LIMIT
        assert len(await asked("account", lambda: operators.active_admins_for_update(tx))) == FEW
