"""SQL of entries: made, placed, decided, freed."""

from typing import Any
from uuid import UUID

from chassis.db import Row, Tx

from cabinet.contests.domain.contests import Contest
from cabinet.contests.domain.entries import Entrant, Entry, Said

_SAVE = """
INSERT INTO contest_entry (entry_id, contest_id, account_id, staff_id, school_id, state, for_editor, text, team, pupils,
                           reason, queue_no, at, decided_at, decided_by, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
ON CONFLICT (contest_id, account_id) DO UPDATE SET staff_id = $4, school_id = $5, state = $6, for_editor = $7,
    text = $8, team = $9, pupils = $10, reason = $11, queue_no = $12, at = $13, decided_at = $14, decided_by = $15,
    version = $16
"""
_LIVE = "state IN ('applied', 'accepted', 'waitlisted')"
# Whether a contest takes what is freed in it, as `Contest.is_running` says
_RUNNING = """
(contest.state = 'announced' AND (starts_at IS NULL OR starts_at > $2) OR contest.state = 'closed' AND starts_at > $2)
"""


async def save_entry(tx: Tx, it: Entry) -> None:
    """As it is now; under the lock of its contest."""
    said = (it.said.text, it.said.team, it.said.pupils, it.reason, it.queue_no, it.at, it.decided_at, it.decided_by)
    who = (it.entry_id, it.contest_id, it.account_id, it.staff_id, it.school_id)
    await tx.execute(_SAVE, *who, it.state, it.for_editor, *said, it.version)


async def entry(tx: Tx, entry_id: UUID) -> Entry | None:
    """As it is."""
    row = await tx.fetchrow("SELECT * FROM contest_entry WHERE entry_id = $1", entry_id)
    return _entry(row) if row else None


async def entry_of(tx: Tx, contest_id: UUID, account_id: UUID) -> Entry | None:
    """A person's entry to a contest."""
    sql = "SELECT * FROM contest_entry WHERE contest_id = $1 AND account_id = $2"
    row = await tx.fetchrow(sql, contest_id, account_id)
    return _entry(row) if row else None


async def entrant(tx: Tx, account_id: UUID, it: Contest) -> Entrant | None:
    """A person as this contest sees them. None without an open cabinet at a school."""
    sql = """
    SELECT account_id, staff_id, school_id, category,
           audience_fits($2::jsonb, district, okrug, school_id, category, post) AS fits,
           $3::text[] = '{}' OR EXISTS (
               SELECT FROM workplace, unnest(workplace.subjects) AS taught
               WHERE workplace.account_id = $1 AND lower(taught) = ANY ($3)) AS suits
    FROM reader WHERE account_id = $1 AND school_id IS NOT NULL AND category IS NOT NULL
    """
    row = await tx.fetchrow(sql, account_id, it.plan.audience.model_dump_json(), list(it.plan.subjects))
    return Entrant(**dict(row)) if row else None


async def count_accepted(tx: Tx, contest_id: UUID, school_id: UUID) -> int:
    """Places of a school."""
    sql = "SELECT count(*) FROM contest_entry WHERE contest_id = $1 AND school_id = $2 AND state = 'accepted'"
    count: int = await tx.fetchval(sql, contest_id, school_id)
    return count


async def first_waiting(tx: Tx, contest_id: UUID, limit: int) -> list[Entry]:
    """The waiting list, from its beginning."""
    sql = """
    SELECT * FROM contest_entry WHERE contest_id = $1 AND state = 'waitlisted' ORDER BY queue_no LIMIT $2
    """
    return [_entry(row) for row in await tx.fetch(sql, contest_id, limit)]


async def first_waiting_in_quota(tx: Tx, contest_id: UUID, quota: int, limit: int) -> list[Entry]:
    """The same without those whose school has all its places, or would have with those of it that come before."""
    sql = """
    WITH given AS (
        SELECT school_id, count(*) AS places FROM contest_entry WHERE contest_id = $1 AND state = 'accepted'
        GROUP BY school_id),
    waiting AS (
        SELECT *, row_number() OVER (PARTITION BY school_id ORDER BY queue_no) AS nth FROM contest_entry
        WHERE contest_id = $1 AND state = 'waitlisted')
    SELECT waiting.* FROM waiting LEFT JOIN given USING (school_id)
    WHERE nth + coalesce(places, 0) <= $2::int ORDER BY queue_no LIMIT $3
    """
    return [_entry(row) for row in await tx.fetch(sql, contest_id, quota, limit)]


async def live_accounts(tx: Tx, contest_id: UUID) -> list[tuple[UUID, UUID]]:
    """Whom a contest concerns: entries and their authors."""
    sql = f"SELECT entry_id, account_id FROM contest_entry WHERE contest_id = $1 AND {_LIVE}"  # noqa: S608 - from above
    return [(row["entry_id"], row["account_id"]) for row in await tx.fetch(sql, contest_id)]


async def live_of_account(tx: Tx, account_id: UUID) -> list[tuple[UUID, UUID]]:
    """Contests, in the order of their locks, and a person's entries in them, as far as a place can still be freed."""
    sql = f"""
    SELECT contest_id, entry_id FROM contest_entry AS it JOIN contest USING (contest_id)
    WHERE account_id = $1 AND it.{_LIVE} AND {_RUNNING} ORDER BY contest_id
    """  # noqa: S608 - conditions from above
    return [(row["contest_id"], row["entry_id"]) for row in await tx.fetch(sql, account_id, tx.now)]


async def live_of_staff(tx: Tx, staff_id: UUID) -> list[tuple[UUID, UUID]]:
    """The same of a staff record."""
    sql = f"""
    SELECT contest_id, entry_id FROM contest_entry AS it JOIN contest USING (contest_id)
    WHERE staff_id = $1 AND it.{_LIVE} AND {_RUNNING} ORDER BY contest_id
    """  # noqa: S608 - conditions from above
    return [(row["contest_id"], row["entry_id"]) for row in await tx.fetch(sql, staff_id, tx.now)]


async def forget_said(tx: Tx, account_id: UUID) -> int:
    """What a person has written into entries; that they took part stays. How many entries there were."""
    sql = "UPDATE contest_entry SET text = '', team = '' WHERE account_id = $1"
    return await tx.execute(sql, account_id)


async def entries_of(tx: Tx, account_id: UUID) -> list[dict[str, Any]]:
    """What an account has entered, and what became of it."""
    sql = """
    SELECT title, it.state, it.at, decided_at, it.reason, team, pupils, text
    FROM contest_entry AS it JOIN contest USING (contest_id) WHERE account_id = $1 ORDER BY entry_id
    """
    return [dict(row) for row in await tx.fetch(sql, account_id)]


def _entry(row: Row) -> Entry:
    said = Said(row["text"], row["team"], row["pupils"])
    return Entry(said=said, **{field: row[field] for field in Entry.__dataclass_fields__ if field != "said"})
