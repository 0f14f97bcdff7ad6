"""The audit record. The service itself has no right to change or to delete what stands there."""

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.outbox import Tx, new_id

from identity.domain.audit import Entry

_ADD = """
INSERT INTO audit (id, at, act, by_account, account_id, ticket, proof, reason, details)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""


@dataclass(frozen=True, slots=True)
class PastEntry:
    """An entry as it stands in the record."""

    at: datetime
    entry: Entry


async def add_entry(tx: Tx, entry: Entry) -> None:
    """Somebody has done something, together with what was done."""
    who, ground = (entry.by, entry.account_id), (entry.ticket, entry.proof, entry.reason)
    await tx.execute(_ADD, new_id(), tx.now, entry.act, *who, *ground, json.dumps(dict(entry.details)))


async def entries_about(tx: Tx, account_id: UUID) -> list[PastEntry]:
    """What was done to an account, in the order of time."""
    rows = await tx.fetch("SELECT * FROM audit WHERE account_id = $1 ORDER BY id", account_id)
    same = ("act", "account_id", "ticket", "proof", "reason")
    return [
        PastEntry(
            row["at"],
            Entry(by=row["by_account"], details=json.loads(row["details"]), **{field: row[field] for field in same}),
        )
        for row in rows
    ]
