"""Inboxes, news, documents, matrices and pages of people stay index scans on filled tables.

Not covered: the counts of an editor (`count_by_school`, `count_all`, `count_readers`), which are about everybody in the
city and look all accounts through.
"""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from cabinet.__main__ import service
from cabinet.documents.actions.texts import find_documents
from cabinet.documents.domain.documents import Narrowing
from cabinet.documents.store import acknowledgements, documents
from cabinet.news import store as news
from cabinet.notices import store as notices
from chassis.db import new_id
from chassis.testing.opened import Keyring, Opened, opened
from ekis_contracts.values import Audience
from plans import Explained

LIMIT = 50
TODAY = date(2026, 11, 25)
EVERYBODY = Audience().model_dump_json()

FILL = """
INSERT INTO school (school_id, full_name, short_name, address, phones, version)
SELECT md5(n::text)::uuid, 'Школа', 'Школа ' || n, 'ул.', '{}', 1 FROM generate_series(1, 2000) AS n;
INSERT INTO staff (staff_id, school_id, post, category, version)
SELECT md5('p' || n)::uuid, md5((n % 2000 + 1)::text)::uuid, 'учитель', 'employee', 1
FROM generate_series(1, 40000) AS n;
INSERT INTO account (account_id, state, staff_id, school_id, category, post)
SELECT md5('a' || n)::uuid, 'open', md5('p' || n)::uuid, md5((n % 2000 + 1)::text)::uuid, 'employee', 'учитель'
FROM generate_series(1, 40000) AS n;
INSERT INTO notice (notice_id, kind, about, title, page, at, until, audience, told_at)
SELECT md5('n' || n)::uuid, 'news', md5('n' || n)::uuid, 'x', '/', now(), now() + interval '30 days', '{everybody}',
       now() FROM generate_series(1, 20000) AS n;
INSERT INTO notice_reach
SELECT CASE WHEN n % 100 = 0 THEN '00000000-0000-0000-0000-000000000000' ELSE md5((n % 2000 + 1)::text)::uuid END,
       md5('n' || n)::uuid FROM generate_series(1, 20000) AS n;
INSERT INTO news (news_id, board, author_id, state, title, body, audience, pinned, published_at, version, told,
                  is_public)
SELECT md5('w' || n)::uuid, CASE WHEN n % 100 = 0 THEN '00000000-0000-0000-0000-000000000000'
       ELSE md5((n % 2000 + 1)::text)::uuid END, md5('a1')::uuid, 'published', 'x', 'y', '{everybody}', n % 500 = 0,
       now() - n * interval '1 minute', 1, 1, n % 100 = 0 FROM generate_series(1, 50000) AS n;
INSERT INTO notice_read SELECT md5('a' || n)::uuid, md5('n' || 100 * part)::uuid, now()
FROM generate_series(1, 1000) AS n, generate_series(1, 20) AS part;
INSERT INTO news_read SELECT md5('w' || 100 * part)::uuid, md5('a' || n)::uuid, now()
FROM generate_series(1, 1000) AS n, generate_series(1, 20) AS part;
INSERT INTO document (document_id, number, issued_on, issuer, kind, title, specialties, audience, current_no,
                      required_no, acknowledge_by, words, version, told)
SELECT md5('d' || n)::uuid, n::text, date '2026-11-01' - n % 3000, 'Департамент', 'order', 'О порядке ' || n,
       ARRAY['предмет ' || n % 50], '{everybody}', 1, CASE WHEN n % 100 = 0 THEN 1 END, now() + interval '9 days',
       document_words(n::text, 'О порядке ' || n, 'Департамент', 'Общие положения ' || n), 1, 1
FROM generate_series(1, 10000) AS n;
INSERT INTO file (file_id, account_id, name, kind, size, sha256, state, at)
VALUES (md5('f')::uuid, md5('a1')::uuid, 'x.txt', 'txt', 1, '\\x00', 'attached', now());
INSERT INTO document_version (version_id, document_id, no, file_id, in_force_from, is_material, is_mandatory, note,
                              published_at, text_state)
SELECT md5('v' || n)::uuid, md5('d' || n)::uuid, 1, md5('f')::uuid, date '2026-11-01', true, true, '', now(), 'done'
FROM generate_series(1, 10000) AS n;
INSERT INTO document_passage (version_id, no, text)
SELECT md5('v' || n)::uuid, part, 'Общие положения ' || n
FROM generate_series(1, 10000) AS n, generate_series(1, 3) AS part;
INSERT INTO acknowledgement (document_id, no, account_id, school_id, at, sha256)
SELECT md5('d100')::uuid, 1, md5('a' || n)::uuid, md5((n % 2000 + 1)::text)::uuid, now(), '\\x00'
FROM generate_series(1, 20000) AS n;
ANALYZE
"""


@pytest.fixture(scope="module")
async def filled(admin_dsn: str, keyring: Keyring, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Opened]:
    files: Path = tmp_path_factory.mktemp("files")
    async with opened(service, admin_dsn, keyring, files=str(files)) as it:
        await it.runtime.database.pool.execute(FILL.replace("{everybody}", EVERYBODY))
        yield it


async def md5(it: Opened, text: str) -> UUID:
    found: UUID = await it.runtime.database.pool.fetchval("SELECT md5($1)::uuid", text)
    return found


async def test_an_inbox_is_read_by_its_three_places(filled: Opened) -> None:
    account_id = await md5(filled, "a7")
    async with filled.runtime.database.transaction() as tx:
        explained = Explained(tx)
        await notices.inbox_page(tx, account_id, None, LIMIT)
        await notices.inbox_page(tx, account_id, new_id(), LIMIT)
        await notices.inbox_page(tx, account_id, new_id(), LIMIT, only_unread=True)
        await notices.unread(tx, [(account_id, None)])
    assert explained.scans("Seq Scan") == []
    assert explained.rows_read("notice") <= 250, "200 of the city, 10 of the school"


async def test_news_are_two_ranges_of_an_index(filled: Opened) -> None:
    account_id = await md5(filled, "a7")
    async with filled.runtime.database.transaction() as tx:
        explained = Explained(tx)
        await news.headlines(tx, account_id, None, LIMIT)
        await news.headlines(tx, account_id, (False, datetime(2026, 11, 1, tzinfo=UTC), new_id()), LIMIT, "city")
    assert explained.scans("Seq Scan") == []
    assert explained.rows_read("news") <= 2 * LIMIT + 2


async def test_public_news_are_a_range_of_an_index(filled: Opened) -> None:
    async with filled.runtime.database.transaction() as tx:
        explained = Explained(tx)
        await news.public_headlines(tx, None, LIMIT)
        await news.public_headlines(tx, (False, datetime(2026, 11, 25, tzinfo=UTC), new_id()), LIMIT)
    assert explained.scans("Seq Scan") == []
    assert explained.rows_read("news") <= LIMIT


@pytest.mark.parametrize(
    "to", [Narrowing(), Narrowing("предмет 7"), Narrowing("предмет 7", TODAY), Narrowing(None, TODAY)]
)
async def test_lists_of_documents_are_ranges_of_an_index(filled: Opened, to: Narrowing) -> None:
    account_id = await md5(filled, "a7")
    async with filled.runtime.database.transaction() as tx:
        explained = Explained(tx)
        first = await documents.latest(tx, to, None, LIMIT)
        shown = await documents.shown_these(tx, account_id, first)
        last = shown[first[-1]].document
        await documents.latest(tx, to, (last.card.issued_on, last.document_id), LIMIT)
        await documents.waiting_for(tx, account_id, LIMIT)
    assert explained.scans("Seq Scan") == []


@pytest.mark.parametrize("to", [Narrowing(), Narrowing(None, TODAY)])
@pytest.mark.parametrize("q", ["общие положения", "порядок 77", "нигде", "77"])
async def test_a_search_reads_by_words(filled: Opened, q: str, to: Narrowing) -> None:
    async with filled.runtime.database.transaction() as tx:
        explained = Explained(tx)
        await find_documents(tx, q, to, None, LIMIT)
    assert explained.scans("Seq Scan") == []


async def test_pages_of_people_begin_where_the_last_one_ended(filled: Opened) -> None:
    document_id, school_id = await md5(filled, "d100"), await md5(filled, "8")
    half = UUID("80000000-0000-0000-0000-000000000000")
    async with filled.runtime.database.transaction() as tx:
        document = await documents.document(tx, document_id)
        assert document
        explained = Explained(tx)
        assert len(await notices.readers_page(tx, Audience(), half, LIMIT)) == LIMIT
        assert len(await acknowledgements.unsigned_page(tx, document, half, LIMIT)) == LIMIT
        assert explained.rows_read("account") < 10 * LIMIT
        assert len(await notices.readers_page(tx, Audience(school_ids=(school_id,)), UUID(int=0), LIMIT)) == 20
    assert "account" not in explained.scans("Seq Scan")


async def test_a_matrix_reads_one_school(filled: Opened) -> None:
    document_id, school_id = await md5(filled, "d100"), await md5(filled, "8")
    async with filled.runtime.database.transaction() as tx:
        document = await documents.document(tx, document_id)
        assert document
        explained = Explained(tx)
        lines: list[Any] = await acknowledgements.matrix(tx, document, school_id, 0, 200)
    assert len(lines) == 20
    assert explained.scans("Seq Scan") == []
