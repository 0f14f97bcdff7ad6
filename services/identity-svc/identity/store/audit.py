"""The audit record. The service itself has no right to change or to delete what stands there."""

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.outbox import Tx, new_id

from identity.domain.audit import Entry
from identity.domain.cards import Ground

_ADD = """
INSERT INTO audit (id, at, act, by_account, account_id, ticket, proof, reason, details)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""


_OF_TICKET = "SELECT at, act, by_account, account_id, proof, reason FROM audit WHERE ticket = $1 ORDER BY id LIMIT 200"
_LAST_CUT_OFF = """
SELECT at, reason FROM audit WHERE account_id = $1 AND act IN ('suspend', 'disable') ORDER BY id DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Written:
    """An entry as it stands in the record."""

    at: datetime
    act: str
    by_account: UUID | None
    account_id: UUID | None
    proof: str | None
    reason: str | None


async def of_ticket(tx: Tx, number: str) -> list[Written]:
    """What was done on a ticket, oldest first."""
    return [Written(**row) for row in await tx.fetch(_OF_TICKET, number)]


async def last_cut_off(tx: Tx, account_id: UUID) -> Ground | None:
    """When somebody last suspended or disabled the account, and why."""
    row = await tx.fetchrow(_LAST_CUT_OFF, account_id)
    return Ground(**row) if row else None


async def add_entry(tx: Tx, entry: Entry) -> None:
    """Somebody has done something, together with what was done."""
    who, ground = (entry.by, entry.account_id), (entry.ticket, entry.proof, entry.reason)
    await tx.execute(_ADD, new_id(), tx.now, entry.act, *who, *ground, json.dumps(dict(entry.details)))
