"""The audit record. The service itself has no right to change or to delete what stands there."""

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.db import Row
from chassis.outbox import Tx, new_id

from identity.domain.audit import Act, Entry, Recorded, Wanted
from identity.domain.cards import Ground

_ADD = """
INSERT INTO audit (id, at, act, by_account, account_id, ticket, proof, reason, details)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
_RECORD = """
WITH gone AS (
    DELETE FROM refusal WHERE id IN (SELECT id FROM refusal ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED) RETURNING *
), kept AS (
    INSERT INTO audit (id, at, act, by_account, account_id, details)
    SELECT id, at, 'sign-in-refused', operator_id, operator_id, '{}' FROM gone WHERE operator_id IS NOT NULL
)
SELECT count(*) FROM gone
"""
_OF_TICKET = "SELECT * FROM audit WHERE ticket = $1 ORDER BY at, id LIMIT 200"
_LAST_CUT_OFF = """
SELECT at, reason FROM audit WHERE account_id = $1 AND act IN ('suspend', 'disable') ORDER BY at DESC, id DESC LIMIT 1
"""


async def entries_of_ticket(tx: Tx, number: str) -> list[Recorded]:
    """What was done on a ticket, oldest first."""
    return [_recorded(row) for row in await tx.fetch(_OF_TICKET, number)]


async def last_cut_off(tx: Tx, account_id: UUID) -> Ground | None:
    """When somebody last suspended or disabled the account, and why."""
    row = await tx.fetchrow(_LAST_CUT_OFF, account_id)
    return Ground(**row) if row else None


async def add_entry(tx: Tx, entry: Entry) -> None:
    """Somebody has done something, together with what was done."""
    who, ground = (entry.by, entry.account_id), (entry.ticket, entry.proof, entry.reason)
    await tx.execute(_ADD, new_id(), tx.now, entry.act, *who, *ground, json.dumps(dict(entry.details)))


async def note_refusal(tx: Tx, operator_id: UUID | None) -> None:
    """A sign-in was refused: a row alike for everybody, which `record_refusals` takes away."""
    await tx.execute("INSERT INTO refusal (id, at, operator_id) VALUES ($1, $2, $3)", new_id(), tx.now, operator_id)


async def record_refusals(tx: Tx, limit: int) -> int:
    """Those of operators become entries, as of their moment; the others are forgotten. Returns how many there were."""
    gone: int = await tx.fetchval(_RECORD, limit)
    return gone


async def entries(tx: Tx, wanted: Wanted, after: tuple[datetime, UUID] | None, limit: int) -> list[Recorded]:
    """What is looked for, the newest first; `after` is the moment and the id of the last one seen."""
    where, values = _conditions(wanted, after)
    sql = f"SELECT * FROM audit WHERE {where} ORDER BY at DESC, id DESC LIMIT ${len(values) + 1}"  # noqa: S608
    return [_recorded(row) for row in await tx.fetch(sql, *values, limit)]


def _conditions(wanted: Wanted, after: tuple[datetime, UUID] | None) -> tuple[str, list[Any]]:
    """Only what is asked stands in the statement, so that each question has an index of its own."""
    asked: list[tuple[str, Any]] = [
        ("account_id =", wanted.account_id),
        ("by_account =", wanted.by),
        ("act =", wanted.act),
        ("ticket =", wanted.ticket),
        ("at >=", wanted.since),
        ("at <", wanted.until),
    ]
    given = [(sql, value) for sql, value in asked if value is not None]
    parts = [f"{sql} ${place}" for place, (sql, _) in enumerate(given, 1)]
    if after:
        parts.append(f"(at, id) < (${len(given) + 1}, ${len(given) + 2})")
    return " AND ".join(parts) or "true", [*(value for _, value in given), *(after or ())]


def _recorded(row: Row) -> Recorded:
    ground = row["ticket"], row["proof"], row["reason"], json.loads(row["details"])
    return Recorded(row["id"], row["at"], Entry(row["act"], row["by_account"], row["account_id"], *ground))


async def entries_about(tx: Tx, account_id: UUID, acts: Collection[Act]) -> list[Recorded]:
    """Which of these acts were done to an account, in the order of time."""
    sql = "SELECT * FROM audit WHERE account_id = $1 AND act = ANY ($2) ORDER BY at, id"
    rows = await tx.fetch(sql, account_id, list(acts))
    return [_recorded(row) for row in rows]
