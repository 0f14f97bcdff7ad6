"""All SQL of webhooks: subscriptions, what waits for them, the lanes that keep an order per key."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.db import Row, Tx
from chassis.loops import claim

from notify.webhooks.domain import KEPT, Greeting

LEASE = 60.0  # seconds
AT_ONCE = 5_000  # rows a round of the purge
_LAST = UUID(int=2**128 - 1)
_VISIT = 20  # deliveries of one lane at a time

_COLUMNS = """
webhook_id, name, url, types, state, reason, rate, active_since, secret_version, rotated_at, created_at, created_by
"""

_COLLECT = """
WITH told AS (
    SELECT * FROM unnest($2::uuid[], $3::text[], $4::text[], $5::bytea[], $6::timestamptz[])
        WITH ORDINALITY AS one (event_id, type, key, body, time, place)
), due AS (
    SELECT webhook_id, told.* FROM told JOIN webhook
        ON types @> ARRAY[told.type] AND active_since <= told.time AND state <> 'ended'
), lane AS (
    INSERT INTO webhook_lane (webhook_id, key, due_at)
    SELECT DISTINCT webhook_id, key, $1::timestamptz FROM due ORDER BY webhook_id, key
    ON CONFLICT (webhook_id, key) DO UPDATE SET key = excluded.key -- takes its lock: see settle_lanes
)
INSERT INTO webhook_delivery (webhook_id, key, event_id, type, body, at)
SELECT webhook_id, key, event_id, type, body, $1 FROM due ORDER BY place
"""

_OPEN = """
SELECT webhook_id, url, secret_version, rotated_at, rate, free_at FROM webhook
WHERE state = 'active' AND EXISTS (
    SELECT FROM webhook_lane WHERE webhook_lane.webhook_id = webhook.webhook_id AND due_at <= $1
      AND (webhook_lane.locked_until IS NULL OR webhook_lane.locked_until <= $1))
"""

_HEADS = """
SELECT lane.id AS lane_id, one.* FROM webhook_lane AS lane CROSS JOIN LATERAL (
    SELECT position, event_id, body, attempts, first_at FROM webhook_delivery AS waiting
    WHERE waiting.webhook_id = lane.webhook_id AND waiting.key = lane.key AND state = 'waiting'
    ORDER BY position LIMIT $2) AS one
WHERE lane.id = ANY ($1::bigint[]) ORDER BY lane.id, one.position
"""

_RECORD = """
UPDATE webhook_delivery AS it
SET state = one.state, attempts = attempts + 1, first_at = coalesce(first_at, one.begun_at), last_at = one.begun_at,
    status = one.status, code = one.code, took_ms = one.took_ms,
    body = CASE WHEN one.state = 'delivered' THEN NULL ELSE body END
FROM unnest($1::bigint[], $2::text[], $3::timestamptz[], $4::int[], $5::text[], $6::int[])
    AS one (position, state, begun_at, status, code, took_ms)
WHERE it.position = one.position AND it.state = 'waiting'
"""

_SETTLE = """
UPDATE webhook_lane AS lane SET locked_until = NULL, due_at = one.due_at
FROM unnest($1::bigint[], $2::timestamptz[]) AS one (id, due_at) WHERE lane.id = one.id
"""

_EMPTY = """
DELETE FROM webhook_lane AS lane WHERE id = ANY ($1::bigint[]) AND NOT EXISTS (
    SELECT FROM webhook_delivery AS waiting
    WHERE waiting.webhook_id = lane.webhook_id AND waiting.key = lane.key AND state = 'waiting')
"""

_REVIVE = """
WITH again AS (
    UPDATE webhook_delivery SET state = 'waiting', attempts = 0, first_at = NULL
    WHERE webhook_id = $1 AND state = 'failed' AND body IS NOT NULL RETURNING webhook_id, key)
INSERT INTO webhook_lane (webhook_id, key, due_at) SELECT DISTINCT webhook_id, key, $2::timestamptz FROM again
ON CONFLICT (webhook_id, key) DO UPDATE SET due_at = excluded.due_at
"""


@dataclass(frozen=True)
class Waiting:
    """One delivery, to be tried."""

    position: int
    event_id: UUID
    body: bytes
    attempts: int
    first_at: datetime | None


@dataclass(frozen=True)
class Lane:
    """One (subscription, key) under lease, with what waits in its order."""

    lane_id: int
    held_until: datetime
    webhook: Row
    waiting: list[Waiting]


async def insert_webhook(tx: Tx, webhook_id: UUID, fields: tuple[str, str, list[str]], by: UUID) -> None:
    """A new one (name, url, types), to be asked whether it wants to be told."""
    sql = """INSERT INTO webhook (webhook_id, name, url, types, state, free_at, handshake_at, created_at, created_by)
             VALUES ($1, $2, $3, $4, 'pending', $5, $5, $5, $6)"""
    await tx.execute(sql, webhook_id, *fields, tx.now, by)


async def webhooks(tx: Tx, owner: UUID | None, after: UUID | None, limit: int) -> list[dict[str, Any]]:
    """All of them, or those of one owner, the newest first (ids ascend in time)."""
    values = (limit, after or _LAST, owner)[: 3 if owner else 2]
    sql = f"""SELECT {_COLUMNS} FROM webhook WHERE webhook_id < $2 {"AND created_by = $3" if owner else ""}
              ORDER BY webhook_id DESC LIMIT $1"""  # noqa: S608 - the columns are above
    return [dict(row) for row in await tx.fetch(sql, *values)]


async def count_of(tx: Tx, owner: UUID) -> int:
    """How many this operator or system has."""
    count: int = await tx.fetchval("SELECT count(*) FROM webhook WHERE created_by = $1", owner)
    return count


async def webhook(tx: Tx, webhook_id: UUID, *, lock: bool = False) -> dict[str, Any] | None:
    """One of them."""
    sql = f"SELECT {_COLUMNS} FROM webhook WHERE webhook_id = $1 {'FOR NO KEY UPDATE' if lock else ''}"  # noqa: S608 - above
    row = await tx.fetchrow(sql, webhook_id)
    return dict(row) if row else None


async def change_webhook(tx: Tx, webhook_id: UUID, name: str, url: str, types: list[str]) -> None:
    """What an operator has corrected."""
    sql = "UPDATE webhook SET name = $2, url = $3, types = $4 WHERE webhook_id = $1"
    await tx.execute(sql, webhook_id, name, url, types)


async def set_state(tx: Tx, webhook_id: UUID, state: str, reason: str | None = None) -> None:
    """Of a pending one the receiver is asked at once."""
    sql = """UPDATE webhook SET state = $2, reason = $3, locked_until = NULL,
                                handshake_at = CASE WHEN $2 = 'pending' THEN $4::timestamptz END
             WHERE webhook_id = $1"""
    await tx.execute(sql, webhook_id, state, reason, tx.now)


async def pause_of(tx: Tx, owner: UUID, reason: str) -> None:
    """All that this one has made and that may still send."""
    sql = """UPDATE webhook SET state = 'paused', reason = $2, locked_until = NULL, handshake_at = NULL
             WHERE created_by = $1 AND state IN ('pending', 'active')"""
    await tx.execute(sql, owner, reason)


async def rotate_secret(tx: Tx, webhook_id: UUID) -> int:
    """The version of its next secret."""
    sql = """UPDATE webhook SET secret_version = secret_version + 1, rotated_at = $2 WHERE webhook_id = $1
             RETURNING secret_version"""
    version: int = await tx.fetchval(sql, webhook_id, tx.now)
    return version


async def delete_webhook(tx: Tx, webhook_id: UUID) -> bool:
    """With all that it was told. Whether there was one."""
    return await tx.execute("DELETE FROM webhook WHERE webhook_id = $1", webhook_id) == 1


async def claim_pending(tx: Tx, limit: int) -> list[Row]:
    """Those whose receiver is to be asked."""
    return await claim(
        tx, "webhook", "handshake_at <= $1", order="handshake_at", limit=limit, seconds=LEASE, key="webhook_id"
    )


async def record_greeting(tx: Tx, webhook_id: UUID, url: str, greeting: Greeting) -> bool:
    """What the receiver at this address has said. False when nobody waits for it any more."""
    state = "refused" if greeting.reason else "active"
    sql = """UPDATE webhook SET state = $3, reason = $4, rate = $5, handshake_at = NULL, locked_until = NULL,
                    active_since = CASE WHEN $3 = 'active' THEN coalesce(active_since, $6) ELSE active_since END
             WHERE webhook_id = $1 AND url = $2 AND state = 'pending'"""
    return await tx.execute(sql, webhook_id, url, state, greeting.reason, greeting.rate, tx.now) == 1


async def collect(tx: Tx, told: Sequence[tuple[UUID, str, str, bytes, datetime]]) -> int:
    """Events (id, type, key, body, time) for all that have subscribed to them, in this order. How many wait now."""
    return await tx.execute(_COLLECT, tx.now, *map(list, zip(*told, strict=True)))


async def is_subscribed(tx: Tx, types: Collection[str]) -> bool:
    """Whether anybody has asked for any of these types."""
    sql = "SELECT EXISTS (SELECT FROM webhook WHERE types && $1::text[] AND active_since IS NOT NULL)"
    return bool(await tx.fetchval(sql, list(types)))


async def add_one(tx: Tx, webhook_id: UUID, event_id: UUID, type_: str, body: bytes) -> None:
    """Something for one subscription alone, under a key of its own."""
    lane = """INSERT INTO webhook_lane (webhook_id, key, due_at) VALUES ($1, $2, $3)
              ON CONFLICT (webhook_id, key) DO UPDATE SET due_at = excluded.due_at"""
    await tx.execute(lane, webhook_id, str(webhook_id), tx.now)
    sql = "INSERT INTO webhook_delivery (webhook_id, key, event_id, type, body, at) VALUES ($1, $2, $3, $4, $5, $6)"
    await tx.execute(sql, webhook_id, str(webhook_id), event_id, type_, body, tx.now)


async def open_webhooks(tx: Tx) -> list[Row]:
    """The active ones for which something is due."""
    return await tx.fetch(_OPEN, tx.now)


async def lock_pace(tx: Tx, webhook_id: UUID) -> bool:
    """Keep others from sending at its rate; False when it does not allow more yet."""
    sql = "UPDATE webhook SET free_at = $2 WHERE webhook_id = $1 AND free_at <= $2"
    return await tx.execute(sql, webhook_id, tx.now) == 1


async def set_pace(tx: Tx, webhook_id: UUID, free_at: datetime) -> None:
    """When its rate allows more."""
    await tx.execute("UPDATE webhook SET free_at = $2 WHERE webhook_id = $1", webhook_id, free_at)


async def claim_lanes(tx: Tx, webhook: Row, limit: int) -> list[Lane]:
    """Lanes of one subscription under lease, with what waits in each: of a rated one a single delivery."""
    due = "webhook_id = $3 AND due_at <= $1"
    rows = await claim(tx, "webhook_lane", due, webhook["webhook_id"], order="due_at", limit=limit, seconds=LEASE)
    lanes = {row["id"]: Lane(row["id"], row["locked_until"], webhook, []) for row in rows}
    for row in await tx.fetch(_HEADS, list(lanes), 1 if webhook["rate"] else _VISIT):
        lanes[row["lane_id"]].waiting.append(Waiting(*list(row.values())[1:]))
    return list(lanes.values())


async def record_attempts(tx: Tx, rows: Sequence[tuple[int, str, datetime, int | None, str | None, int]]) -> None:
    """Attempts as (position, state, begun at, status, code, milliseconds)."""
    if rows:
        await tx.execute(_RECORD, *map(list, zip(*rows, strict=True)))


async def held_lanes(tx: Tx, lanes: Mapping[int, datetime]) -> list[int]:
    """Of these, by the end of their lease, the ones that are still held so; locked, so that nothing is added
    meanwhile."""
    sql = """SELECT id, locked_until FROM webhook_lane WHERE id = ANY ($1::bigint[])
             ORDER BY webhook_id, key FOR UPDATE"""
    return [row["id"] for row in await tx.fetch(sql, list(lanes)) if row["locked_until"] == lanes[row["id"]]]


async def settle_lanes(tx: Tx, due: Mapping[int, datetime]) -> None:
    """Give back these lanes, locked by `held_lanes`: the empty ones end, the others are due at their time."""
    await tx.execute(_EMPTY, list(due))
    await tx.execute(_SETTLE, list(due), list(due.values()))


async def revive(tx: Tx, webhook_id: UUID) -> None:
    """What was given up is tried again, each key from its oldest on."""
    await tx.execute(_REVIVE, webhook_id, tx.now)


async def hurry(tx: Tx, webhook_id: UUID) -> None:
    """Whatever waits is due now."""
    await tx.execute("UPDATE webhook_lane SET due_at = $2 WHERE webhook_id = $1 AND due_at > $2", webhook_id, tx.now)


async def deliveries(tx: Tx, webhook_id: UUID, before: int | None, limit: int) -> list[dict[str, Any]]:
    """The log of one subscription, the newest first."""
    sql = """SELECT position, event_id, type, key, state, at, attempts, last_at, status, code, took_ms
             FROM webhook_delivery WHERE webhook_id = $1 AND ($2::bigint IS NULL OR position < $2)
             ORDER BY position DESC LIMIT $3"""
    return [dict(row) for row in await tx.fetch(sql, webhook_id, before, limit)]


async def forget_old(tx: Tx) -> int:
    """The log ends after a time, and what has waited as long. How many rows."""
    sql = """DELETE FROM webhook_delivery WHERE position IN (
                 SELECT position FROM webhook_delivery WHERE at < $1 ORDER BY at LIMIT $2)"""
    return await tx.execute(sql, tx.now - KEPT, AT_ONCE)
