"""Lists of contests and entries, promotions and what ends with a person stay index scans on filled tables.

Not covered: counts of a contest's entries by state, which are about all of them.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest
from cabinet.__main__ import service
from cabinet.contests.store import contests, entries, reading
from chassis.db import new_id
from chassis.testing.opened import Keyring, Opened, opened
from ekis_contracts.values import Audience
from plans import Explained

LIMIT = 50
# 4,000 contests, every fourth of the city; one of 4,000 entries from 2,000 schools, half of them waiting
FILL = """
INSERT INTO school (school_id, full_name, short_name, address, phones, version)
SELECT md5(n::text)::uuid, 'Школа', 'Школа ' || n, 'ул.', '{}', 1 FROM generate_series(1, 2000) AS n;
INSERT INTO account (account_id, state, staff_id, school_id, category, post)
SELECT md5('a' || n)::uuid, 'open', md5('p' || n)::uuid, md5((n % 2000 + 1)::text)::uuid, 'employee', 'учитель'
FROM generate_series(1, 40000) AS n;
INSERT INTO staff (staff_id, school_id, post, category, version)
SELECT staff_id, school_id, post, category, 1 FROM account;
INSERT INTO workplace (account_id, subjects, classes, version)
SELECT account_id, ARRAY['Физика'], '{}', 1 FROM account;
INSERT INTO contest (contest_id, board, author_id, state, kind, title, body, place, audience, subjects, needs_approval,
                     opens_at, closes_at, starts_at, files, accepted, queue_no, promoting, version, told)
SELECT md5('c' || n)::uuid, CASE WHEN n % 4 = 0 THEN '00000000-0000-0000-0000-000000000000'
       ELSE md5((n % 2000 + 1)::text)::uuid END, md5('a' || n)::uuid, 'announced', 'event', 'x', 'y', '', '{everybody}',
       CASE WHEN n % 5 = 0 THEN ARRAY['физика'] ELSE '{}' END, false, now() - interval '9 days',
       now() + (n - 2000) * interval '1 hour', now() + interval '2000 days', '{}', 0, 0, false, 1, 1
FROM generate_series(1, 4000) AS n;
INSERT INTO contest_entry (entry_id, contest_id, account_id, staff_id, school_id, state, for_editor, text, team,
                           queue_no, at, version)
SELECT md5('e' || n)::uuid, md5('c' || CASE WHEN n <= 4000 THEN 4 ELSE n % 4000 + 1 END)::uuid, md5('a' || n)::uuid,
       md5('p' || n)::uuid, md5((n % 2000 + 1)::text)::uuid,
       CASE WHEN n % 2 = 0 THEN 'waitlisted' WHEN n % 199 = 0 THEN 'applied' ELSE 'accepted' END, n % 398 = 199, '', '',
       n, now(), 1 FROM generate_series(1, 40000) AS n;
INSERT INTO contest_entry (entry_id, contest_id, account_id, staff_id, school_id, state, for_editor, text, team, at,
                           version)
SELECT md5('m' || n)::uuid, md5('c' || 4 * n)::uuid, md5('a7')::uuid, md5('p7')::uuid, md5('8')::uuid, 'accepted',
       false, '', '', now(), 1 FROM generate_series(2, 12) AS n;
ANALYZE
"""


@pytest.fixture(scope="module")
async def filled(admin_dsn: str, keyring: Keyring, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Opened]:
    files: Path = tmp_path_factory.mktemp("files")
    async with opened(service, admin_dsn, keyring, files=str(files)) as it:
        await it.runtime.database.pool.execute(FILL.replace("{everybody}", Audience().model_dump_json()))
        yield it


async def md5(it: Opened, text: str) -> UUID:
    found: UUID = await it.runtime.database.pool.fetchval("SELECT md5($1)::uuid", text)
    return found


async def test_lists_are_two_ranges_of_an_index(filled: Opened) -> None:
    account_id = await md5(filled, "a7")
    async with filled.runtime.database.transaction() as tx:
        explained = Explained(tx)
        opened_to = await reading.open_to(tx, account_id, None, LIMIT)
        last = opened_to[-1].contest
        await reading.open_to(tx, account_id, (last.plan.closes_at, last.contest_id), LIMIT)
        past = await reading.past_of(tx, account_id, None, LIMIT)
        await reading.past_of(tx, account_id, (past[-1].contest.plan.closes_at, past[-1].contest.contest_id), LIMIT)
        assert len(opened_to) == len(past) == LIMIT
        assert explained.rows_read("contest") <= 2 * LIMIT + 12, "a few pages, and what has been entered already"
        await reading.entered_by(tx, account_id, None, LIMIT)
        await contests.written(tx, UUID(int=0), None, new_id(), LIMIT)
    assert explained.scans("Seq Scan") == []


async def test_lists_of_entries_begin_where_the_last_page_ended(filled: Opened) -> None:
    contest_id, school_id = await md5(filled, "c4"), await md5(filled, "8")
    half = UUID("80000000-0000-0000-0000-000000000000")
    async with filled.runtime.database.transaction() as tx:
        explained = Explained(tx)
        assert len(await reading.lines(tx, contest_id, None, None, after=half, limit=LIMIT)) == LIMIT
        assert len(await reading.lines(tx, contest_id, school_id, None, after=None, limit=LIMIT)) == 2
        await reading.to_decide_by_head(tx, school_id, None, LIMIT)
        await reading.to_decide_by_editor(tx, half, LIMIT)
    assert explained.rows_read("contest_entry") <= 2 * LIMIT
    assert explained.scans("Seq Scan") == []


async def test_the_first_waiting_are_found_without_the_others(filled: Opened) -> None:
    contest_id = await md5(filled, "c4")
    async with filled.runtime.database.transaction() as tx:
        explained = Explained(tx)
        assert len(await entries.first_waiting(tx, contest_id, 3)) == 3
        assert explained.rows_read("contest_entry") == 3
        assert len(await entries.first_waiting_in_quota(tx, contest_id, 7, 3)) == 3
    assert explained.scans("Seq Scan") == []


async def test_what_ends_with_a_person_is_found_by_the_person(filled: Opened) -> None:
    account_id, staff_id = await md5(filled, "a7"), await md5(filled, "p7")
    async with filled.runtime.database.transaction() as tx:
        explained = Explained(tx)
        assert len(await entries.live_of_account(tx, account_id)) == 12
        assert len(await entries.live_of_staff(tx, staff_id)) == 12
        await entries.entries_of(tx, account_id)
        await contests.written_by(tx, account_id)
    assert explained.rows_read("contest_entry") <= 2 * 12
    assert explained.scans("Seq Scan") == []
