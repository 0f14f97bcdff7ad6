"""What the desk asks for is found by an index, whoever asks for it, however many tickets there have been."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
from chassis.outbox import new_id
from chassis.testing.opened import Keyring, Opened, opened
from identity.__main__ import service
from identity.store import accounts, tickets
from plans import Explained

MANY, LIMIT = 20_000, 50
SOMEBODY = UUID(int=7)
# One ticket in a hundred is in each state but closed, and one of those that are closed is not forgotten
FILL = f"""
INSERT INTO support_ticket (id, number, kind, channel, state, lang, opened_at, email, assigned_to, account_id,
    resolved_at, closed_at, look_at, waits_since)
SELECT gen_random_uuid(), 'T' || n, CASE n % 7 WHEN 0 THEN 'fault' ELSE 'question' END, 'form', state, 'ru', now(),
    CASE WHEN n % 100 < 5 THEN 'a@b.ru' END, CASE WHEN n % 100 < 2 THEN '{SOMEBODY}'::uuid END, NULL,
    CASE WHEN state IN ('resolved', 'closed') THEN now() END, CASE state WHEN 'closed' THEN now() END,
    CASE state WHEN 'new' THEN now() END, CASE state WHEN 'waiting-for-user' THEN now() END
FROM (
    SELECT n, coalesce((ARRAY['new', 'assigned', 'waiting-for-user', 'resolved'])[n % 100 + 1], 'closed') AS state
    FROM generate_series(1, {MANY}) AS n
) AS numbered;
INSERT INTO support_message (id, ticket_id, at, author, private, text)
SELECT gen_random_uuid(), id, now(), 'guest', false, 'x' FROM support_ticket, generate_series(1, 2);
INSERT INTO account (id, staff_id, state, lang, session_epoch, login, email)
SELECT gen_random_uuid(), gen_random_uuid(), 'active', 'ru', 1, 'person' || n, 'person' || n || '@mail.example'
FROM generate_series(1, {MANY}) AS n;
ANALYZE support_ticket, support_message, account
"""
WANTED = [{}, {"state": "new"}, {"kind": "fault"}, {"assigned_to": SOMEBODY}, {"state": "new", "kind": "fault"}]


@pytest.fixture(scope="module")
async def filled(admin_dsn: str, keyring: Keyring) -> AsyncIterator[Opened]:
    async with opened(service, admin_dsn, keyring) as it:
        await it.runtime.database.pool.execute(FILL)
        yield it


@pytest.mark.parametrize("wanted", WANTED, ids=lambda one: " ".join(one) or "all")
async def test_a_page_of_the_queue_reads_little_more_than_it_shows(filled: Opened, wanted: dict[str, Any]) -> None:
    async with filled.runtime.database.transaction() as tx:
        looked = Explained(tx)
        for after in (None, UUID(int=1 << 127)):
            assert await tickets.tickets(tx, wanted, after, LIMIT)
    assert looked.scans("Seq Scan") == []
    most = LIMIT if len(wanted) < 2 else MANY // 100
    assert 0 < looked.rows_read("support_ticket") <= most


async def test_what_is_due_is_read_without_what_is_not(filled: Opened) -> None:
    async with filled.runtime.database.transaction() as tx:
        for due in (
            tickets.tickets_to_look(tx, LIMIT),
            tickets.tickets_waiting_since(tx, tx.now, LIMIT),
            tickets.tickets_resolved_before(tx, tx.now, LIMIT),
            tickets.tickets_closed_before(tx, tx.now, LIMIT),
        ):
            looked = Explained(tx)
            assert len(await due) == LIMIT
            tx.fetch = looked._fetch
            assert looked.rows_read("support_ticket") == LIMIT


async def test_people_and_threads_are_found_by_what_names_them(filled: Opened) -> None:
    async with filled.runtime.database.transaction() as tx:
        (ticket, *_) = await tickets.tickets(tx, {"state": "new"}, None, 1)
        looked = Explained(tx)
        assert len(await accounts.accounts_named(tx, "person7", "person8@mail.example", 10)) == 2
        assert len(await accounts.accounts_named(tx, None, "person9@mail.example", 10)) == 1
        assert len(await tickets.thread(tx, ticket.id, private=True)) == 2
        assert await tickets.thread(tx, new_id(), private=True) == []
        assert await tickets.count_of_guest(tx, ticket.id) == 2
    assert looked.scans("Seq Scan") == []
    assert looked.rows_read("account") <= 10
    assert looked.rows_read("support_message") <= 10
    assert looked.rows_read("support_ticket") <= 10
