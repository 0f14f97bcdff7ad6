"""SQL of contests."""

from typing import Any
from uuid import UUID

from chassis.db import Row, Tx
from ekis_contracts.values import Audience

from cabinet.contests.domain.contests import Contest, Plan, State

_SAVE = """
INSERT INTO contest (contest_id, board, author_id, state, kind, title, body, place, audience, subjects, needs_approval,
                     opens_at, closes_at, starts_at, ends_at, capacity, quota, files, reason, version, told, accepted,
                     queue_no, promoting)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, 0, 0, false)
ON CONFLICT (contest_id) DO UPDATE SET state = $4, kind = $5, title = $6, body = $7, place = $8, audience = $9,
    subjects = $10, needs_approval = $11, opens_at = $12, closes_at = $13, starts_at = $14, ends_at = $15,
    capacity = $16, quota = $17, files = $18, reason = $19, version = $20, told = $21
"""


async def save_contest(tx: Tx, it: Contest) -> None:
    """As it is now, but for its places."""
    plan = it.plan
    said = (plan.kind, plan.title, plan.body, plan.place)
    whom = (plan.audience.model_dump_json(), list(plan.subjects), plan.needs_approval)
    times = (plan.opens_at, plan.closes_at, plan.starts_at, plan.ends_at)
    rest = (plan.capacity, plan.quota, list(plan.files), it.reason, it.version, it.told)
    await tx.execute(_SAVE, it.contest_id, it.board, it.author_id, it.state, *said, *whom, *times, *rest)


async def save_places(tx: Tx, it: Contest) -> None:
    """How many places are given, and how far the waiting list goes."""
    sql = "UPDATE contest SET accepted = $2, queue_no = $3, promoting = $4 WHERE contest_id = $1"
    await tx.execute(sql, it.contest_id, it.accepted, it.queue_no, it.promoting)


async def contest(tx: Tx, contest_id: UUID) -> Contest | None:
    """As it is."""
    row = await tx.fetchrow("SELECT * FROM contest WHERE contest_id = $1", contest_id)
    return as_contest(row) if row else None


async def contest_for_update(tx: Tx, contest_id: UUID) -> Contest | None:
    """Locked: whoever holds it gives and frees its places alone."""
    row = await tx.fetchrow("SELECT * FROM contest WHERE contest_id = $1 FOR UPDATE", contest_id)
    return as_contest(row) if row else None


async def promoting_for_update(tx: Tx) -> Contest | None:
    """One whose waiting list has places still to be given, and that nobody else has in hand."""
    sql = "SELECT * FROM contest WHERE promoting ORDER BY contest_id LIMIT 1 FOR UPDATE SKIP LOCKED"
    row = await tx.fetchrow(sql)
    return as_contest(row) if row else None


async def delete_contest(tx: Tx, contest_id: UUID) -> None:
    """A draft, which nobody has entered."""
    await tx.execute("DELETE FROM contest WHERE contest_id = $1", contest_id)


async def written(tx: Tx, board: UUID, state: State | None, before: UUID | None, limit: int) -> list[Contest]:
    """Everything on a board, the newest first."""
    sql = """
    SELECT * FROM contest WHERE board = $1 AND ($2::text IS NULL OR state = $2)
        AND ($3::uuid IS NULL OR contest_id < $3)
    ORDER BY contest_id DESC LIMIT $4
    """
    return [as_contest(row) for row in await tx.fetch(sql, board, state, before, limit)]


async def count_entries(tx: Tx, contest_id: UUID) -> dict[str, int]:
    """How many entries are in each state."""
    sql = "SELECT state, count(*) AS count FROM contest_entry WHERE contest_id = $1 GROUP BY state"
    return {row["state"]: row["count"] for row in await tx.fetch(sql, contest_id)}


async def written_by(tx: Tx, account_id: UUID) -> list[dict[str, Any]]:
    """What an account has written itself."""
    sql = "SELECT state, kind, title, body, closes_at FROM contest WHERE author_id = $1 ORDER BY contest_id"
    return [dict(row) for row in await tx.fetch(sql, account_id)]


def as_contest(row: Row) -> Contest:
    """Of a row with all columns of the table."""
    audience = Audience.model_validate_json(row["audience"])
    lists: dict[str, Any] = {"audience": audience, "subjects": tuple(row["subjects"]), "files": tuple(row["files"])}
    plan = Plan(**lists, **{field: row[field] for field in Plan.__dataclass_fields__ if field not in lists})
    return Contest(plan=plan, **{field: row[field] for field in Contest.__dataclass_fields__ if field != "plan"})
