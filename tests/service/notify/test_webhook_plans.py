"""Lanes, log and the question whether anybody has subscribed stay index scans on a table full of deliveries."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
from chassis.db import new_id, utc_now
from chassis.testing.opened import Keyring, Opened, opened
from notify.__main__ import service
from notify.webhooks import store
from plans import Explained

DELIVERIES, LIMIT = 60_000, 50
WEBHOOK = UUID(int=5)

FILL = """
INSERT INTO webhook_delivery (webhook_id, key, event_id, type, body, state, at)
SELECT $2, 'key ' || n % 20000, md5('e' || n)::uuid, 'ekis.news-published.v1', 'body',
       CASE WHEN n % 20 = 0 THEN 'waiting' ELSE 'delivered' END, $3::timestamptz - n * interval '1 second'
FROM generate_series(1, $1) AS n
"""

LANES = """
INSERT INTO webhook_lane (webhook_id, key, due_at)
SELECT DISTINCT webhook_id, key, $1::timestamptz FROM webhook_delivery WHERE state = 'waiting'
"""


@pytest.fixture(scope="module")
async def filled(admin_dsn: str, keyring: Keyring) -> AsyncIterator[Opened]:
    given: dict[str, Any] = {"smtp": "127.0.0.1:1", "smtp_from": "noreply@ekis.example"}
    async with opened(service, admin_dsn, keyring, **given) as it:
        async with it.runtime.database.transaction() as tx:
            await store.insert_webhook(
                tx, WEBHOOK, ("портал", "https://a.example/", ["ekis.news-published.v1"]), new_id()
            )
            await store.set_state(tx, WEBHOOK, "active")
            await tx.execute(FILL, DELIVERIES, WEBHOOK, utc_now())
            await tx.execute(LANES, tx.now)
        await it.runtime.database.pool.execute("ANALYZE webhook_delivery, webhook_lane")
        yield it


async def test_a_claim_reads_little_more_than_it_takes(filled: Opened) -> None:
    async with filled.runtime.database.transaction() as tx:
        (webhook,) = await store.open_webhooks(tx)
        explained = Explained(tx)
        lanes = await store.claim_lanes(tx, webhook, LIMIT)
    assert len(lanes) == LIMIT
    assert all(lane.waiting for lane in lanes)
    assert "webhook_delivery" not in explained.scans("Seq Scan")
    assert explained.rows_read("webhook_delivery") <= 8 * LIMIT


async def test_the_log_reads_its_page_alone(filled: Opened) -> None:
    async with filled.runtime.database.transaction() as tx:
        explained = Explained(tx)
        page = await store.deliveries(tx, WEBHOOK, None, LIMIT)
    assert len(page) == LIMIT
    assert "webhook_delivery" not in explained.scans("Seq Scan")
    assert explained.rows_read("webhook_delivery") <= 2 * LIMIT
