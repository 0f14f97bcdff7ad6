"""Lists of polls, answers and counts stay index scans on filled tables.

Not covered: `count_asked`, which is about everybody in the audience, and `tally` and `texts`, which read all ballots of
their one poll, by index.
"""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args
from uuid import UUID

import pytest
from cabinet.__main__ import service
from cabinet.notices.domain import CITY
from cabinet.polls.domain.polls import Own
from cabinet.polls.store import answers, polls
from chassis.db import new_id
from chassis.testing.opened import Keyring, Opened, opened
from ekis_contracts.values import Audience
from plans import Explained

LIMIT = 50
FILL = """
INSERT INTO school (school_id, full_name, short_name, address, phones, version)
SELECT md5(n::text)::uuid, 'Школа', 'Школа ' || n, 'ул.', '{}', 1 FROM generate_series(1, 2000) AS n;
INSERT INTO staff (staff_id, school_id, post, category, version)
SELECT md5('s' || n)::uuid, md5((n % 2000 + 1)::text)::uuid, 'учитель', 'employee', 1
FROM generate_series(1, 40000) AS n;
INSERT INTO account (account_id, state, staff_id, school_id, category, post)
SELECT md5('a' || n)::uuid, 'open', md5('s' || n)::uuid, md5((n % 2000 + 1)::text)::uuid, 'employee', 'учитель'
FROM generate_series(1, 40000) AS n;
INSERT INTO poll (poll_id, board, author_id, state, title, intro, audience, anonymous, shares_results, questions,
                  closes_at, published_at, closed_at, counted_at, remind_at, version, told)
SELECT md5('p' || n)::uuid, CASE WHEN n % 100 = 0 THEN '00000000-0000-0000-0000-000000000000'
       ELSE md5((n % 2000 + 1)::text)::uuid END, md5('a1')::uuid,
       CASE WHEN n % 10 = 0 THEN 'published' ELSE 'closed' END,
       'x', '', '{everybody}', true, false, '[]', now() + n * interval '1 minute', now() - n * interval '1 minute',
       now(), CASE WHEN n % 1000 <> 1 THEN now() END,
       CASE WHEN n % 10 = 0 THEN now() + n * interval '1 minute' END, 1, 1
FROM generate_series(1, 20000) AS n;
INSERT INTO poll_voter SELECT md5('p' || 10 * part)::uuid, md5('a' || (n + 200 * part) % 40000)::uuid
FROM generate_series(1, 200) AS n, generate_series(1, 500) AS part;
INSERT INTO poll_envelope SELECT gen_random_uuid(), md5('p' || 10 * part)::uuid, 'x'
FROM generate_series(1, 200) AS n, generate_series(1, 500) AS part;
INSERT INTO poll_ballot SELECT gen_random_uuid(), md5('p' || part)::uuid, '{"q": [0]}'
FROM generate_series(1, 20) AS n, generate_series(1, 5000) AS part;
INSERT INTO poll_answer SELECT md5('p' || part)::uuid, md5('a' || n)::uuid, '{"q": [0]}', now()
FROM generate_series(1, 20) AS n, generate_series(1, 5000) AS part;
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


@pytest.mark.parametrize("own", [None, *get_args(Own)])
async def test_lists_are_ranges_of_an_index(filled: Opened, own: Own | None) -> None:
    account_id = await md5(filled, "a7")
    async with filled.runtime.database.transaction() as tx:
        explained = Explained(tx)
        await polls.listed(tx, account_id, own, None, LIMIT)
        await polls.listed(tx, account_id, own, (datetime(2026, 11, 20, tzinfo=UTC), new_id()), LIMIT)
        assert await polls.written(tx, CITY, None, None, LIMIT)
        await polls.written(tx, CITY, "published", new_id(), LIMIT)
    assert explained.scans("Seq Scan") == []
    assert explained.rows_read("poll") <= 4 * LIMIT + 20, "two boards; of the city all that are out, if few wait"


async def test_envelopes_and_answers_are_taken_by_their_poll(filled: Opened) -> None:
    open_id, closed_id = await md5(filled, "p10"), await md5(filled, "p1")
    async with filled.runtime.database.transaction() as tx:
        poll = await polls.poll(tx, closed_id)
        assert poll
        explained = Explained(tx)
        tx.fetchval, tx.fetchrow = explained.value, explained.row
        await answers.take_envelopes(tx, open_id, 100)
        await answers.count_envelopes(tx, open_id, 200)
        await answers.is_answered(tx, closed_id)
        await answers.count_answers(tx, poll)
        await answers.tally(tx, poll, 20)
        await answers.named_page(tx, closed_id, new_id(), LIMIT)
        await polls.due_for_update(tx)
        await polls.uncounted_for_update(tx)
        await polls.due_reminder_for_update(tx)
        await answers.answered_by(tx, await md5(filled, "a7"))
    assert explained.scans("Seq Scan") == []
