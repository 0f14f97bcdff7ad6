"""SQL of polls themselves."""

from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.db import Row, Tx
from ekis_contracts.values import Audience
from pydantic import TypeAdapter

from cabinet.notices.domain import CITY
from cabinet.polls.domain.polls import Draft, Listed, Own, Poll, Question, State

_FITS = "audience_fits(audience, reader.district, reader.okrug, reader.school_id, reader.category, reader.post)"
_LATEST = "ORDER BY published_at DESC, poll_id DESC LIMIT $2"
_INTRO = 300  # letters of it in a list
_ANSWERED = "EXISTS (SELECT FROM poll_voter WHERE poll_voter.poll_id = poll.poll_id AND poll_voter.account_id = $1)"
_OWN: dict[Own | None, str] = {
    None: "state <> 'draft'",
    "open": f"state = 'published' AND NOT {_ANSWERED}",
    "answered": f"state = 'published' AND {_ANSWERED}",
    "closed": "state = 'closed'",
}
_QUESTIONS = TypeAdapter(tuple[Question, ...])
_SAVE = """
INSERT INTO poll (poll_id, board, author_id, state, title, intro, audience, anonymous, shares_results, questions,
                  closes_at, published_at, closed_at, counted_at, remind_at, version, told)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
ON CONFLICT (poll_id) DO UPDATE SET state = $4, title = $5, intro = $6, audience = $7, anonymous = $8,
    shares_results = $9, questions = $10, closes_at = $11, published_at = $12, closed_at = $13, counted_at = $14,
    remind_at = $15, version = $16, told = $17
"""


async def save_poll(tx: Tx, it: Poll) -> None:
    """As it is now."""
    text = (it.draft.title, it.draft.intro, it.draft.audience.model_dump_json())
    asked = (it.draft.anonymous, it.draft.shares_results, _QUESTIONS.dump_json(it.draft.questions).decode())
    times = (it.draft.closes_at, it.published_at, it.closed_at, it.counted_at, it.remind_at)
    await tx.execute(_SAVE, it.poll_id, it.board, it.author_id, it.state, *text, *asked, *times, it.version, it.told)


async def delete_poll(tx: Tx, poll_id: UUID) -> None:
    """One that nobody has answered."""
    await tx.execute("DELETE FROM poll WHERE poll_id = $1", poll_id)


async def poll(tx: Tx, poll_id: UUID) -> Poll | None:
    """As it is."""
    row = await tx.fetchrow("SELECT * FROM poll WHERE poll_id = $1", poll_id)
    return _poll(row) if row else None


async def version_of(tx: Tx, poll_id: UUID) -> int:
    """For its entity tag."""
    version: int = await tx.fetchval("SELECT version FROM poll WHERE poll_id = $1", poll_id)
    return version


async def poll_for_update(tx: Tx, poll_id: UUID) -> Poll | None:
    """Locked: nobody answers meanwhile."""
    row = await tx.fetchrow("SELECT * FROM poll WHERE poll_id = $1 FOR UPDATE", poll_id)
    return _poll(row) if row else None


async def due_for_update(tx: Tx) -> Poll | None:
    """One whose end has come and that nobody else has in hand."""
    sql = """
    SELECT * FROM poll WHERE state = 'published' AND closes_at <= $1 ORDER BY closes_at LIMIT 1 FOR UPDATE SKIP LOCKED
    """
    row = await tx.fetchrow(sql, tx.now)
    return _poll(row) if row else None


async def uncounted_for_update(tx: Tx) -> Poll | None:
    """A closed one with envelopes. Any of them: one whose seals cannot be opened keeps no other waiting."""
    sql = """
    SELECT * FROM poll WHERE state = 'closed' AND counted_at IS NULL ORDER BY random() LIMIT 1 FOR UPDATE SKIP LOCKED
    """
    row = await tx.fetchrow(sql)
    return _poll(row) if row else None


async def due_reminder_for_update(tx: Tx) -> tuple[Poll, UUID] | None:
    """One whose people are to be reminded, and how far that has got."""
    sql = "SELECT * FROM poll WHERE remind_at <= $1 ORDER BY remind_at LIMIT 1 FOR UPDATE SKIP LOCKED"
    row = await tx.fetchrow(sql, tx.now)
    return (_poll(row), row["reminded_through"]) if row else None


async def save_reminded(tx: Tx, poll_id: UUID, through: UUID | None) -> None:
    """How far people have been reminded; None: to the end."""
    sql = """
    UPDATE poll SET reminded_through = coalesce($2::uuid, '00000000-0000-0000-0000-000000000000'),
        remind_at = CASE WHEN $2 IS NOT NULL THEN remind_at END WHERE poll_id = $1
    """
    await tx.execute(sql, poll_id, through)


async def poll_for_reader(tx: Tx, account_id: UUID, poll_id: UUID) -> Poll | None:
    """One that is out and that is for this account."""
    row = await tx.fetchrow(_for_reader(), account_id, poll_id)
    return _poll(row) if row else None


async def poll_for_answer(tx: Tx, account_id: UUID, poll_id: UUID) -> Poll | None:
    """The same, locked against whoever edits or closes it; who answers too is not kept waiting."""
    row = await tx.fetchrow(_for_reader() + " FOR SHARE OF poll", account_id, poll_id)
    return _poll(row) if row else None


def _for_reader() -> str:
    return f"""
    SELECT poll.* FROM reader JOIN poll ON poll_id = $2 AND board IN ('{CITY}', reader.school_id)
    WHERE reader.account_id = $1 AND poll.state <> 'draft' AND {_FITS}
    """  # noqa: S608 - conditions from above


async def listed(
    tx: Tx, account_id: UUID, own: Own | None, before: tuple[datetime, UUID] | None, limit: int
) -> list[Listed]:
    """What is for this account, the newest first."""
    below = "AND (published_at, poll_id) < ($3, $4)" if before else ""
    of_board = f"""
    SELECT poll_id, board, state, title, left(intro, {_INTRO}) AS intro, anonymous, shares_results, published_at,
           closes_at, closed_at, {_ANSWERED} AS answered
    FROM poll WHERE board = {{}} AND state <> 'draft' AND {_OWN[own]} AND {_FITS} {below} {_LATEST}
    """  # noqa: S608 - conditions from above
    sql = f"""
    SELECT item.* FROM reader CROSS JOIN LATERAL (
        SELECT * FROM (({of_board.format(f"'{CITY}'")}) UNION ALL ({of_board.format("reader.school_id")})) AS two
        {_LATEST}
    ) AS item WHERE reader.account_id = $1 ORDER BY published_at DESC, poll_id DESC
    """  # noqa: S608 - conditions from above
    return [_listed(row) for row in await tx.fetch(sql, account_id, limit, *(before or ()))]


async def written(tx: Tx, board: UUID, state: State | None, before: UUID | None, limit: int) -> list[Poll]:
    """Everything on a board, the newest first."""
    sql = """
    SELECT * FROM poll WHERE board = $1 AND ($2::text IS NULL OR state = $2) AND ($3::uuid IS NULL OR poll_id < $3)
    ORDER BY poll_id DESC LIMIT $4
    """
    return [_poll(row) for row in await tx.fetch(sql, board, state, before, limit)]


async def written_by(tx: Tx, account_id: UUID) -> list[dict[str, Any]]:
    """What an account has written itself."""
    sql = "SELECT poll_id, state, title, intro AS body, published_at FROM poll WHERE author_id = $1 ORDER BY poll_id"
    return [dict(row) for row in await tx.fetch(sql, account_id)]


def questions_of(row: Row) -> tuple[Question, ...]:
    """From the column."""
    return _QUESTIONS.validate_json(row["questions"])


def _poll(row: Row) -> Poll:
    said: dict[str, Any] = {one: row[one] for one in ("title", "intro", "anonymous", "shares_results", "closes_at")}
    audience = Audience.model_validate_json(row["audience"])
    own = ("poll_id", "board", "author_id", "state", "published_at", "closed_at", "counted_at", "remind_at")
    numbers = {"version": row["version"], "told": row["told"]}
    draft = Draft(audience=audience, questions=questions_of(row), **said)
    return Poll(draft=draft, **{one: row[one] for one in own}, **numbers)


def _listed(row: Row) -> Listed:
    waiting: Own = "answered" if row["answered"] else "open"
    own: Own = "closed" if row["state"] == "closed" else waiting
    shown = {one: row[one] for one in Listed.__dataclass_fields__ if one not in ("is_department", "own")}
    return Listed(is_department=row["board"] == CITY, own=own, **shown)
