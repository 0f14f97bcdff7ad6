"""Erasures of disabled accounts, and the receipts that other services have given."""

import json
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from chassis.db import Row
from chassis.outbox import Tx

from identity.domain.erasures import Erasure, Receipt

_SAVE = """
INSERT INTO erasure (account_id, disabled_at, asks, ask_at, is_escalated, counts, erased_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (account_id) DO UPDATE SET asks = excluded.asks, ask_at = excluded.ask_at,
    is_escalated = excluded.is_escalated, counts = excluded.counts, erased_at = excluded.erased_at
"""
_ADD_RECEIPT = """
INSERT INTO erasure_receipt (account_id, service, counts, erased_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING
"""
_WAITING = """
SELECT * FROM erasure
WHERE erased_at IS NULL AND ($1::timestamptz IS NULL OR disabled_at <= $1) AND ($2::uuid IS NULL OR account_id > $2)
ORDER BY account_id LIMIT $3
"""
_TO_ESCALATE = """
SELECT account_id FROM erasure WHERE erased_at IS NULL AND disabled_at <= $1 AND NOT is_escalated
ORDER BY disabled_at LIMIT $2
"""


def _erasure(row: Row) -> Erasure:
    return Erasure(**{**dict(row), "counts": json.loads(row["counts"])})


def _receipt(row: Row) -> Receipt:
    return Receipt(row["service"], json.loads(row["counts"]), row["erased_at"])


async def save_erasure(tx: Tx, erasure: Erasure) -> None:
    """Keep how far it is; the account is locked."""
    one = erasure
    state = (one.asks, one.ask_at, one.is_escalated, json.dumps(dict(one.counts)), one.erased_at)
    await tx.execute(_SAVE, one.account_id, one.disabled_at, *state)


async def erasure(tx: Tx, account_id: UUID) -> Erasure | None:
    """Of this account, once it is disabled."""
    row = await tx.fetchrow("SELECT * FROM erasure WHERE account_id = $1", account_id)
    return _erasure(row) if row else None


async def erasures_to_ask(tx: Tx, limit: int) -> list[UUID]:
    """Accounts of which somebody has not answered in time."""
    sql = "SELECT account_id FROM erasure WHERE erased_at IS NULL AND ask_at <= $1 ORDER BY ask_at LIMIT $2"
    return [row["account_id"] for row in await tx.fetch(sql, tx.now, limit)]


async def erasures_to_escalate(tx: Tx, disabled_by: datetime, limit: int) -> list[UUID]:
    """Accounts whose erasure is overdue, and nobody has been told."""
    return [row["account_id"] for row in await tx.fetch(_TO_ESCALATE, disabled_by, limit)]


async def count_waiting(tx: Tx, disabled_by: datetime) -> int:
    """How many erasures of accounts that were disabled by then still wait."""
    sql = "SELECT count(*) FROM erasure WHERE erased_at IS NULL AND disabled_at <= $1"
    return int(await tx.fetchval(sql, disabled_by))


async def waiting(tx: Tx, disabled_by: datetime | None, after: UUID | None, limit: int) -> list[Erasure]:
    """Erasures that wait for an answer, in the order of the opening of their accounts."""
    return [_erasure(row) for row in await tx.fetch(_WAITING, disabled_by, after, limit)]


async def add_receipt(tx: Tx, account_id: UUID, receipt: Receipt) -> None:
    """One service has erased; a second receipt of it changes nothing."""
    await tx.execute(_ADD_RECEIPT, account_id, receipt.service, json.dumps(dict(receipt.counts)), receipt.erased_at)


async def receipts(tx: Tx, account_id: UUID) -> list[Receipt]:
    """Who has erased so far."""
    sql = "SELECT service, counts, erased_at FROM erasure_receipt WHERE account_id = $1 ORDER BY service"
    return [_receipt(row) for row in await tx.fetch(sql, account_id)]


async def receipts_of(tx: Tx, account_ids: Sequence[UUID]) -> dict[UUID, list[Receipt]]:
    """Who has erased so far what of each of these accounts."""
    sql = "SELECT account_id, service, counts, erased_at FROM erasure_receipt WHERE account_id = ANY ($1::uuid[])"
    found: dict[UUID, list[Receipt]] = {account_id: [] for account_id in account_ids}
    for row in await tx.fetch(sql, list(account_ids)):
        found[row["account_id"]].append(_receipt(row))
    return found
