"""The queue and the desk's lists stay index scans on a table full of mails."""

from collections.abc import AsyncIterator
from datetime import timedelta
from hashlib import md5
from typing import Any
from uuid import UUID

import pytest
from chassis.db import utc_now
from chassis.testing.opened import Keyring, Opened, opened
from notify.__main__ import service
from notify.domain.priorities import BULK
from notify.store import addresses
from notify.store.deliveries import deliveries
from notify.store.mails import claim_due
from plans import Explained

MAILS, LIMIT = 60_000, 50

FILL = """
INSERT INTO mail (mail_id, event_id, subject, event_version, purpose, params, state, queued_at, due_at, expires_at,
                  finished_at, priority, recipient, mask, ticket, contact)
SELECT md5('m' || n)::uuid, md5('e' || n)::uuid, 'subject ' || n / 5, 1, 'request-received', '{}',
       CASE WHEN due THEN 'queued' ELSE 'sent' END, moment, CASE WHEN due THEN moment END, moment + interval '3 days',
       CASE WHEN NOT due THEN moment END, 1 + n % 3, decode(md5((n / 10)::text), 'hex'), 'a***@x',
       CASE WHEN n % 7 = 0 THEN 'T26-' || n / 70 END, CASE WHEN due THEN 'seal' END
FROM generate_series(1, $1) AS n, LATERAL (
    SELECT n % 20 = 0 AS due, $2::timestamptz - n * interval '1 second' AS moment) AS made
"""


def digest(text: str) -> bytes:
    """As FILL has it."""
    return md5(text.encode(), usedforsecurity=False).digest()


@pytest.fixture(scope="module")
async def filled(admin_dsn: str, keyring: Keyring) -> AsyncIterator[Opened]:
    given: dict[str, Any] = {"smtp": "127.0.0.1:1", "smtp_from": "noreply@ekis.example"}
    async with opened(service, admin_dsn, keyring, **given) as it:
        await it.runtime.database.pool.execute(FILL, MAILS, utc_now())
        await it.runtime.database.pool.execute("ANALYZE mail")
        yield it


@pytest.mark.parametrize("bulk", [False, True])
async def test_a_claim_reads_little_more_than_it_takes(filled: Opened, bulk: bool) -> None:
    async with filled.runtime.database.transaction() as tx:
        explained = Explained(tx)
        taken = await claim_due(tx, [], LIMIT, "0", bulk=bulk)
    assert len(taken) == LIMIT
    assert {mail.priority == BULK for mail in taken} == {bulk}
    assert "mail" not in explained.scans("Seq Scan")
    assert explained.rows_read("mail") <= 8 * LIMIT


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        ({"about": "subject 7"}, 5),
        ({"event": UUID(bytes=digest("e7"))}, 1),
        ({"ticket": "T26-7"}, 10),
        ({"address": digest("7")}, 10),
        ({"about": "subject 14", "ticket": "T26-1", "address": digest("7")}, 1),
    ],
    ids=str,
)
async def test_the_desk_reads_what_it_asks_for(filled: Opened, wanted: dict[str, Any], count: int) -> None:
    async with filled.runtime.database.transaction() as tx:
        explained = Explained(tx)
        found = await deliveries(tx, wanted, None, LIMIT)
        await deliveries(tx, wanted, (utc_now() - timedelta(days=1), UUID(int=0)), LIMIT)
    assert len(found) == count
    assert "mail" not in explained.scans("Seq Scan")
    assert explained.rows_read("mail") <= 2 * LIMIT


async def test_quota_and_erasure_look_nothing_through(filled: Opened) -> None:
    async with filled.runtime.database.transaction() as tx:
        explained = Explained(tx)
        await explained(addresses.FORGET_ELSEWHERE, UUID(int=1))
        await explained(addresses.FORGET_OLD, utc_now() - timedelta(days=30), 100)
        await explained(addresses.BY_STRANGERS, b"x" * 16, utc_now() - timedelta(hours=1), ["a"], UUID(int=1))
    assert "mail" not in explained.scans("Seq Scan")
    assert explained.rows_read("mail") <= 2 * LIMIT
