"""The audit record. The service itself has no right to change or to delete what stands there."""

import json

from chassis.outbox import Tx, new_id

from identity.domain.audit import Entry

_ADD = """
INSERT INTO audit (id, at, act, by_account, account_id, ticket, proof, reason, details)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""


async def add_entry(tx: Tx, entry: Entry) -> None:
    """Somebody has done something, together with what was done."""
    who, ground = (entry.by, entry.account_id), (entry.ticket, entry.proof, entry.reason)
    await tx.execute(_ADD, new_id(), tx.now, entry.act, *who, *ground, json.dumps(dict(entry.details)))
