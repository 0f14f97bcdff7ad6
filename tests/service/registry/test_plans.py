"""Lists and searches stay index scans that read a bounded number of rows, whatever is asked, on filled tables."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from chassis.testing.opened import Keyring, Opened, opened
from plans import Explained
from registry.__main__ import service
from registry.actions import search
from registry.actions.review import review_application
from registry.domain.search import LED_TO, LOOKED_AT, Query
from registry.store.applications import Queue, applications_listed, counts, reject_overtaken
from registry.store.search import Wanted, near_words

SCHOOLS, APPLICATIONS = 20_000, 100_000
LIMIT = 50

FILL_SCHOOLS = """
INSERT INTO school (school_id, version, inn, kpp, ogrn, full_name, short_name, kind, district, okrug, address, phones,
    emails, status, source, search)
SELECT gen_random_uuid(), 1, (7700000000 + n)::text, '770001001', (1027700000000 + n)::text, name, name, 'Школа',
    'Район ' || n % 125, 'Округ ' || n % 12, 'д. ' || n, ARRAY['+7495' || n], '{}',
    CASE n % 50 WHEN 0 THEN 'closed' ELSE 'active' END, 'feed', name
FROM generate_series(1, $1) AS n, LATERAL (
    SELECT CASE n % 2 WHEN 0 THEN 'школа ' ELSE 'детский сад ' END || n % 3000 || CASE n % 3 WHEN 0 THEN ''
        ELSE ' ' || translate(substr(md5((n % 2000)::text), 1, 8), '0123456789', 'ежзиклмнор') END AS name
) AS named
"""
FILL_APPLICATIONS = """
INSERT INTO application (application_id, number, version, state, school, applicant, submitted_at, changed_at, search)
SELECT gen_random_uuid(), 'A26-' || n, 1,
    CASE n % 1000 WHEN 0 THEN 'submitted' WHEN 1 THEN 'in-review' WHEN 2 THEN 'clarification-requested'
        ELSE (ARRAY['approved', 'rejected', 'withdrawn', 'expired'])[n % 4 + 1] END,
    jsonb_build_object('full_name', 'Школа', 'short_name', 'Школа', 'kind', 'Школа', 'inn', (7700000000 + n)::text,
        'kpp', '770001001', 'ogrn', (1027700000000 + n)::text, 'address', 'ул.', 'phone', '1', 'email', 'a@b.ru'),
    jsonb_build_object('last_name', 'Иванова', 'first_name', 'Анна', 'post', 'директор', 'email', 'a@b.ru', 'ground',
        CASE n % 10 WHEN 0 THEN 'authorised' ELSE 'head' END),
    now() - n * interval '1 minute', now(),
    ' a26 ' || n || ' ' || 7700000000 + n || ' школа иванова ' || substr(md5(n::text), 1, 6)
FROM generate_series(1, $1) AS n
"""


@pytest.fixture(scope="module")
async def filled(admin_dsn: str, keyring: Keyring) -> AsyncIterator[Opened]:
    async with opened(service, admin_dsn, keyring) as it:
        await it.runtime.database.pool.execute(FILL_SCHOOLS, SCHOOLS)
        await it.runtime.database.pool.execute(FILL_APPLICATIONS, APPLICATIONS)
        await it.runtime.database.pool.execute("ANALYZE school, school_word, search_word, application")
        yield it


PLACES: list[dict[str, Any]] = [{}, {"district": "Район 7"}, {"district": "Округ 7"}, {"district": "Нигде"}]
STATUSES: list[dict[str, Any]] = [{}, {"status": "active"}, {"status": "closed"}, {"status": "suspended"}]
REQUISITES: list[dict[str, Any]] = [
    {},
    {"requisites": [("inn", "7700000007")]},
    {"requisites": [("ogrn", "1027700000007"), ("inn", "7700000008")]},
]
FILTERS = [one | other | third for one, other, third in product(PLACES, STATUSES, REQUISITES)]
QUERIES = [
    "школа",
    "детский сад",
    "ш",
    "ш" * 300,
    "школа 1505",
    "щкола 5",
    "детский лицей",
    "1 2 3 4 5 6 7 8",
    "аб' %_\\",
]


@pytest.mark.parametrize("filters", FILTERS, ids=str)
async def test_every_combination_of_filters_is_a_range_of_an_index(filled: Opened, filters: dict[str, Any]) -> None:
    async with filled.runtime.database.transaction() as tx:
        explained = Explained(tx)
        first = await search.list_schools(tx, Wanted(**filters), None, LIMIT)
        last = first[-1].facts if len(first) == LIMIT else None
        if last:
            await search.list_schools(tx, Wanted(**filters), (last.short_name, last.school_id), LIMIT)
    assert explained.scans("Seq Scan") == []
    assert explained.rows_read("school") <= 6 * LIMIT, "two columns by three statuses"


@pytest.mark.parametrize("q", QUERIES)
async def test_every_query_reads_a_bounded_number_of_schools(filled: Opened, q: str) -> None:
    query = Query(q)
    for filters in (one | other for one, other in product(PLACES, STATUSES)):
        async with filled.runtime.database.transaction() as tx:
            near = await near_words(tx, query.words)
            explained = Explained(tx)
            await search.find_schools(tx, query, Wanted(**filters), None, LIMIT)
        assert explained.scans("Seq Scan") == [], (q, filters)
        assert explained.rows_read("school") <= (7 * LOOKED_AT if filters else LED_TO), (q, filters)
        assert explained.rows_read("school_word") <= len(near) * LED_TO, (q, filters)


TIME = datetime(2026, 11, 1, tzinfo=UTC)
QUEUES: list[dict[str, Any]] = [
    {},
    {"states": ["submitted"]},
    {"states": ["submitted", "in-review", "clarification-requested"]},
    {"states": ["approved", "rejected"]},
    {"q": "a26-77"},
    {"q": "7700000777"},
    {"q": "школа"},
    {"q": "иванова", "states": ["submitted"]},
    {"q": "ш"},
    {"q": "яя"},
    {"since": TIME},
    {"until": TIME},
    {"since": TIME, "until": TIME + timedelta(days=1), "states": ["rejected"]},
    {"ground": "authorised"},
    {"ground": "authorised", "states": ["in-review"], "q": "иванова", "since": TIME},
]


@pytest.mark.parametrize("queue", QUEUES, ids=str)
async def test_the_registrars_queue_is_read_by_indexes(filled: Opened, queue: dict[str, Any]) -> None:
    async with filled.runtime.database.transaction() as tx:
        explained = Explained(tx)
        first = await applications_listed(tx, Queue(**queue), None, LIMIT)
        if first:
            after = (first[-1].submitted_at, first[-1].application_id)
            await applications_listed(tx, Queue(**queue), after, LIMIT)
    assert explained.scans("Seq Scan") == []


async def test_counting_by_state_reads_the_index_alone(filled: Opened) -> None:
    await filled.runtime.database.pool.execute("VACUUM application")
    async with filled.runtime.database.transaction() as tx:
        explained = Explained(tx)
        counted = await counts(tx)
    assert sum(counted.values()) == APPLICATIONS
    assert explained.scans("Seq Scan") == []


async def test_reviewing_and_overtaking_look_nothing_through(filled: Opened) -> None:
    async with filled.runtime.database.transaction() as tx:
        explained = Explained(tx)
        found = await review_application(tx, "A26-1000")
        await reject_overtaken(tx, [found.application.school])
    assert found.application.school.inn in {one.school.facts.inn for one in found.schools}
    assert explained.scans("Seq Scan") == []
