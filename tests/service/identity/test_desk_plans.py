"""What the desk asks for is found by an index, whoever asks for it."""

import pytest
from chassis.outbox import new_id
from identity.store import accounts, tickets
from plans import Explained

from .callers import Help
from .people import Desk

WANTED = [{}, {"state": "new"}, {"kind": "fault"}, {"assigned_to": new_id()}, {"state": "new", "kind": "fault"}]


@pytest.mark.parametrize("wanted", WANTED, ids=lambda one: " ".join(one) or "all")
async def test_no_list_of_the_desk_reads_a_whole_table(helped: Help, desk: Desk, wanted: dict[str, object]) -> None:
    await helped.open()
    async with desk.it.runtime.database.transaction() as tx:
        await tx.execute("SET LOCAL enable_seqscan = off")
        looked = Explained(tx)
        for after in (None, new_id()):
            await tickets.tickets(tx, wanted, after, 50)
        await accounts.accounts_named(tx, "ivanova.am", "anna@mail.example", 10)
        await accounts.accounts_named(tx, None, "anna@mail.example", 10)
        await tickets.thread(tx, new_id(), private=True)
        await tickets.tickets_to_look(tx, 50)
        await tickets.tickets_resolved_before(tx, tx.now, 50)
        await tickets.tickets_closed_before(tx, tx.now, 50)
        assert looked.scans("Seq Scan") == []
