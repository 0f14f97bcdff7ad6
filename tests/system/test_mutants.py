"""The suites check themselves: each damage to the chassis must be seen by the very functions that find none in it."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from itertools import cycle
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
import toy
from chassis.db import Database, connect
from chassis.inbox import Inbox
from chassis.outbox import Relay, Tx, _send
from chassis.testing.opened import Opened
from delivery import Damage, World
from ekis_contracts.registry import AccountRequestDeclined, AccountRequestVerified
from records import record_of
from scenarios import killed_at, killed_while_processing, publish_receipt, written_by_many

OpenService = Callable[..., AbstractAsyncContextManager[Opened]]

DEATHS = 8  # what comes again after one of them may be nothing that counts

_NEXT_UNLOCKED = """
DELETE FROM outbox WHERE position IN (SELECT position FROM outbox ORDER BY position LIMIT 10 FOR UPDATE SKIP LOCKED)
RETURNING *
"""


async def test_a_dropped_inbox_insert_is_seen(world: World) -> None:
    """The real thing: test_a_kill_in_every_window_costs_nothing."""
    for _ in range(DEATHS):
        damage, _ = await killed_at(world, "before-offset-commit:10", module=("mutants", "without-inbox"))
        print(damage)
        if damage.doubled:
            return
    pytest.fail("nothing was counted twice")


async def test_auto_commit_is_seen(world: World) -> None:
    """The real thing: test_an_offset_never_passes_a_record_in_work."""
    damage = await killed_while_processing(world, module=("mutants", "with-auto-commit"))
    print(damage)
    assert (damage.lost, damage.skipped) == (1, 1)


_pauses = cycle((0, 0.01))


class SkippingRelay(Relay):
    """Takes what no other relay holds, without being the only one; one of two is slower, as any may be."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._pause = next(_pauses)

    async def _lead(self) -> None:
        connection = await asyncpg.connect(self._dsn)
        try:
            while True:
                await self._produce(connection)
        finally:
            connection.terminate()

    async def drain(self, connection: Any, producer: Any) -> None:
        while True:
            async with connection.transaction():
                rows = sorted(await connection.fetch(_NEXT_UNLOCKED), key=lambda row: row["position"])
                await asyncio.sleep(self._pause)
                await asyncio.gather(*await _send(producer, rows))
            if not rows:
                return


async def test_relays_that_skip_locked_rows_are_seen(world: World) -> None:
    """The real thing, as of the next: test_order_in_kafka_is_the_order_of_versions."""
    damage = await written_by_many(world, relay=SkippingRelay)
    print(damage)
    assert damage.disorder > 0
    assert damage._replace(disorder=0) == Damage(), "nothing else is wrong"


async def step_without_lock(tx: Tx, thing: UUID) -> None:
    version = await tx.fetchval("SELECT version FROM counted WHERE id = $1", thing) + 1
    publish_receipt(tx, thing, version)
    await tx.execute("UPDATE counted SET version = $2 WHERE id = $1", thing, version)


async def test_publishing_without_the_rows_lock_is_seen(world: World) -> None:
    damage = await written_by_many(world, step=step_without_lock)
    print(damage)
    assert damage.disorder > 0


async def missed_meetings(it: Opened) -> int:
    """Two replicas are told the two halves of 100 pairs at the same time; how many never met."""
    subjects = [uuid4() for _ in range(100)]
    pool = await connect(it.dsn, "second", 5)
    second = Inbox(Database("registry", pool, it.runtime.database.seals), it.service.reactions)
    ids = {"staff_id": uuid4(), "school_id": uuid4()}
    for subject in subjects:
        about = {"request_id": subject, "request_version": 1}
        verified = AccountRequestVerified(**about, **ids, post="", category="head", by="roll")
        declined = AccountRequestDeclined(**about, reason="")
        await asyncio.gather(it.inbox.deliver([record_of(verified)]), second.deliver([record_of(declined)]))
    await pool.close()
    met = await it.runtime.database.pool.fetch("SELECT times FROM met WHERE times > 0")
    assert {row["times"] for row in met} <= {1}
    return len(subjects) - len(met)


async def test_a_removed_lock_of_the_subject_is_seen(
    open_service: OpenService, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lock_nothing(_tx: Tx, _subject: UUID) -> None: ...

    async with open_service(toy.service) as it:
        assert await missed_meetings(it) == 0
    monkeypatch.setattr(toy, "lock_subject", lock_nothing)
    async with open_service(toy.service) as it:
        missed = await missed_meetings(it)
    print(f"{missed} of 100 pairs missed each other")
    assert missed > 0
