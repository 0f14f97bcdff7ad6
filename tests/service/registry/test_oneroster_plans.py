"""The lists of OneRoster read their own page from an index, and count by an index alone: of 200,000 staff records the
older half has left."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest
from chassis.testing.opened import Keyring, Opened, opened
from plans import Explained
from registry.__main__ import service
from registry.domain.oneroster import Question
from registry.store import reading

STAFF, SCHOOLS, LIMIT = 200_000, 20_000, 100
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)

FILL = """
INSERT INTO school (school_id, version, inn, kpp, ogrn, full_name, short_name, kind, district, okrug, address, phones,
    emails, status, source, search, changed_at)
SELECT lpad(n::text, 32, '0')::uuid, 1, (7700000000 + n)::text, '770001001', (1027700000000 + n)::text, 'Школа ' || n,
    'Школа ' || n, 'Школа', 'Район', 'Округ', 'д.', '{}', '{}', CASE WHEN n * 2 <= $1 THEN 'closed' ELSE 'active' END,
    'feed', '', $2::timestamptz + n % 1000 * interval '1 minute'
FROM generate_series(1, $1::int) AS n
"""
FILL_STAFF = """
INSERT INTO staff (staff_id, school_id, version, last_name, first_name, name_key, post, category, employment, source,
    ended_at, changed_at)
SELECT lpad(n::text, 32, '0')::uuid, lpad((n % $3 + 1)::text, 32, '0')::uuid, 1, 'Иванова', 'Анна', 'иванова анна',
    'учитель', 'employee', 'main', 'feed', CASE WHEN n * 2 <= $1 THEN now() END,
    $2::timestamptz + n % 1000 * interval '1 minute'
FROM generate_series(1, $1::int) AS n
"""


@pytest.fixture(scope="module")
async def filled(admin_dsn: str, keyring: Keyring) -> AsyncIterator[Opened]:
    async with opened(service, admin_dsn, keyring) as it:
        pool = it.runtime.database.pool
        await pool.execute(FILL, SCHOOLS, NOON)
        await pool.execute(FILL_STAFF, STAFF, NOON, SCHOOLS)
        await pool.execute("VACUUM (ANALYZE) school, staff")
        yield it


LISTS: dict[str, Any] = {"users": ("staff", STAFF, reading.users), "orgs": ("school", SCHOOLS, reading.orgs)}
STATUSES: tuple[Any, ...] = (None, "active", "tobedeleted")
SINCE: tuple[Any, ...] = ((), ((">=", NOON.replace(hour=20)),))  # half of them
ORDERS = [
    Question(LIMIT, 0, status, since, by, descending)
    for status, since, by, descending in product(STATUSES, SINCE, ("sourcedId", "dateLastModified"), (False, True))
    if not since or by == "dateLastModified"
]


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("asked", ORDERS, ids=lambda it: f"{it.status} {len(it.since)} {it.by} {it.descending}")
async def test_a_page_reads_its_own_rows_and_is_counted_once(filled: Opened, name: str, asked: Question) -> None:
    table, _, page = LISTS[name]
    async with filled.runtime.database.transaction() as tx:
        explained = Explained(tx)
        rows, total = await page(tx, asked)
        item, changed_at = rows[LIMIT - 1]
        place = asked.place(item.staff_id if name == "users" else item.school_id, changed_at)
        following, kept = await page(tx, replace(asked, after=place, total=total))
    assert (len(following), kept) == (LIMIT + 1, total)
    assert rows[LIMIT] == following[0], "goes on after the last one that was shown"
    assert explained.scans("Seq Scan") == []
    assert explained.rows_read(table) <= 2 * (LIMIT + 1), "their ids, then the rows"


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("asked", ORDERS, ids=lambda it: f"{it.status} {len(it.since)} {it.by} {it.descending}")
async def test_counting_and_passing_over_read_an_index_alone(filled: Opened, name: str, asked: Question) -> None:
    table, count, page = LISTS[name]
    async with filled.runtime.database.transaction() as tx:
        explained = Explained(tx)
        tx.fetchval = explained.value
        await page(tx, replace(asked, offset=count // 4))
    assert explained.scans("Seq Scan") == []
    assert explained.rows_of("Index Only Scan", table) >= count // 4
    assert explained.rows_of("Index Scan", table) <= LIMIT + 1
    assert explained.rows_of("Bitmap Heap Scan", table) == 0
