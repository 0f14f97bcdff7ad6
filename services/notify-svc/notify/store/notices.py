"""What waits for people: lines of digests and notices whose address is yet unknown. All under the account's lock."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from chassis.db import Row, Tx
from chassis.loops import claim

from notify.domain.notices import Line, Notice

LEASE = 30.0  # seconds
# Without `personal`: nobody whose address is unknown yet has done anything that a notice could answer
_KEPT = ("notice_id", "event_id", "kind", "title", "page", "due", "expires_at")

_INSERT = """
INSERT INTO entry (account_id, notice_id, event_id, kind, title, page, due, at, expires_at, waits)
SELECT account_id, notice_id, event_id, kind, title, page, due, $1, expires_at, $2
FROM unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::timestamptz[],
            $10::timestamptz[]) AS one (account_id, notice_id, event_id, kind, title, page, due, expires_at)
ON CONFLICT DO NOTHING
"""

_EXPECT = """
INSERT INTO digest (account_id, due_at)
SELECT account_id, min(due_at) FROM unnest($1::uuid[], $2::timestamptz[]) AS one (account_id, due_at)
GROUP BY account_id ORDER BY account_id
ON CONFLICT DO NOTHING
"""

_EXPIRED = """
DELETE FROM entry WHERE (account_id, notice_id) IN (
    SELECT account_id, notice_id FROM entry WHERE waits AND expires_at <= $1
    ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED)
"""


async def insert_entries(tx: Tx, entries: Sequence[tuple[UUID, Notice]], *, waits: bool) -> None:
    """Keep notices, each for an account: for its digest, or until its address is known."""
    columns = [(account_id, *(getattr(notice, name) for name in _KEPT)) for account_id, notice in entries]
    await tx.execute(_INSERT, tx.now, waits, *map(list, zip(*columns, strict=True)))


async def expect_digests(tx: Tx, lines: Sequence[Line]) -> None:
    """Let each of these accounts have a digest at its time, unless one is expected already."""
    await tx.execute(_EXPECT, [line.account_id for line in lines], [line.due_at for line in lines])


async def move_digest(tx: Tx, account_id: UUID, due_at: datetime) -> None:
    """The expected digest, if there is one, comes at this time."""
    await tx.execute("UPDATE digest SET due_at = $2 WHERE account_id = $1", account_id, due_at)


async def take_waiting(tx: Tx, account_id: UUID) -> list[Notice]:
    """What has waited for the address of this account, the oldest first; it waits no more."""
    rows = await tx.fetch("DELETE FROM entry WHERE account_id = $1 AND waits RETURNING *", account_id)
    return [_notice(row) for row in sorted(rows, key=lambda row: row["at"])]


async def claim_digests(tx: Tx, limit: int) -> list[UUID]:
    """Accounts whose digest is due, leased to this replica."""
    rows = await claim(tx, "digest", "due_at <= $1", order="due_at", limit=limit, seconds=LEASE, key="account_id")
    return [row["account_id"] for row in rows]


async def take_due(tx: Tx, account_ids: Sequence[UUID]) -> dict[UUID, datetime]:
    """Of these the digests that are due, with their time; nobody expects them any more."""
    sql = "DELETE FROM digest WHERE account_id = ANY ($1::uuid[]) AND due_at <= $2 RETURNING account_id, due_at"
    return {row["account_id"]: row["due_at"] for row in await tx.fetch(sql, list(account_ids), tx.now)}


async def take_lines(tx: Tx, account_ids: Collection[UUID]) -> dict[UUID, list[Notice]]:
    """The lines of these accounts' digests, the oldest first; they are gone from here."""
    sql = "DELETE FROM entry WHERE account_id = ANY ($1::uuid[]) AND NOT waits RETURNING *"
    lines: defaultdict[UUID, list[Notice]] = defaultdict(list)
    for row in sorted(await tx.fetch(sql, list(account_ids)), key=lambda row: (row["at"], row["notice_id"])):
        lines[row["account_id"]].append(_notice(row))
    return lines


async def drop_kinds(tx: Tx, account_id: UUID, kinds: Collection[str]) -> None:
    """What somebody has just declined is not kept for the next digest."""
    await tx.execute("DELETE FROM entry WHERE account_id = $1 AND kind = ANY ($2::text[])", account_id, list(kinds))


async def forget_entries(tx: Tx, account_id: UUID) -> int:
    """How many there were."""
    await tx.execute("DELETE FROM digest WHERE account_id = $1", account_id)
    return await tx.execute("DELETE FROM entry WHERE account_id = $1", account_id)


async def drop_expired(tx: Tx, limit: int) -> int:
    """Notices for accounts that nobody has told us of in time. How many, `limit` at most."""
    return await tx.execute(_EXPIRED, tx.now, limit)


def _notice(row: Row) -> Notice:
    return Notice(*(row[name] for name in _KEPT))
