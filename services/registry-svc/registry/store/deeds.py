"""Closings that wait, and what they would touch, in the database."""

from datetime import date
from typing import Any
from uuid import UUID

from chassis.db import Row, Tx

from registry.domain.deeds import Closing, Deed, Touched

_COLUMNS = (
    *("deed_id", "school_id", "state", "reason", "closes_on", "successors", "records", "asked_by", "asked_at"),
    *("expires_at", "approved_by"),
)
_LISTED = ", ".join(_COLUMNS)
_OPEN = "state IN ('awaiting-second', 'announced')"


def _deed(row: Row) -> Deed:
    fields = dict(row)
    closing = Closing(fields.pop("reason"), fields.pop("closes_on"), tuple(fields.pop("successors")))
    return Deed(closing=closing, **fields)


def _values(deed: Deed) -> list[Any]:
    closing = deed.closing
    own = {"reason": closing.reason, "closes_on": closing.on, "successors": list(closing.successors)}
    values = vars(deed) | own
    return [values[column] for column in _COLUMNS]


async def touched(tx: Tx, school_id: UUID, inn: str) -> Touched:
    """What a closing finds at this school now."""
    sql = """
    SELECT
        (SELECT count(*) FROM staff WHERE school_id = $1 AND ended_at IS NULL) AS records,
        (SELECT count(DISTINCT staff_id) FROM staff JOIN account_mark USING (staff_id)
         WHERE school_id = $1 AND ended_at IS NULL) AS accounts,
        (SELECT count(*) FROM account_request WHERE school_id = $1 AND state = 'referred') AS referrals,
        (SELECT count(*) FROM application WHERE inn = $2
         AND state IN ('submitted', 'in-review', 'clarification-requested')) AS applications
    """
    row = await tx.fetchrow(sql, school_id, inn)
    assert row
    return Touched(**dict(row))


async def insert_deed(tx: Tx, deed: Deed) -> None:
    """A new one, of a locked school that has no open one."""
    places = ", ".join(f"${place}" for place in range(1, len(_COLUMNS) + 1))
    await tx.execute(f"INSERT INTO school_deed ({_LISTED}) VALUES ({places})", *_values(deed))  # noqa: S608


async def save_deed(tx: Tx, deed: Deed) -> None:
    """Where it stands, what it ends, until when it waits, and who agreed."""
    sql = """
    UPDATE school_deed SET state = $2, records = $3, expires_at = $4, approved_by = $5 WHERE deed_id = $1
    """
    await tx.execute(sql, deed.deed_id, deed.state, deed.records, deed.expires_at, deed.approved_by)


async def open_deed(tx: Tx, school_id: UUID) -> Deed | None:
    """The one that waits at this school. The caller holds the school's row, under which deeds change."""
    row = await tx.fetchrow(f"SELECT {_LISTED} FROM school_deed WHERE school_id = $1 AND {_OPEN}", school_id)  # noqa: S608
    return _deed(row) if row else None


async def deed_naming(tx: Tx, school_id: UUID) -> Deed | None:
    """An open one that names this school a successor."""
    sql = f"SELECT {_LISTED} FROM school_deed WHERE successors @> ARRAY[$1::uuid] AND {_OPEN} LIMIT 1"  # noqa: S608
    row = await tx.fetchrow(sql, school_id)
    return _deed(row) if row else None


async def waiting_deeds(tx: Tx, after: UUID | None, limit: int) -> list[Deed]:
    """Those that wait for a second person, the oldest first."""
    sql = f"""
    SELECT {_LISTED} FROM school_deed
    WHERE state = 'awaiting-second' AND ($1::uuid IS NULL OR deed_id > $1) ORDER BY deed_id LIMIT $2
    """  # noqa: S608
    return [_deed(row) for row in await tx.fetch(sql, after, limit)]


async def schools_closing(tx: Tx, day: date, limit: int) -> list[UUID]:
    """The schools whose announced date has come."""
    sql = """
    SELECT school_id FROM school_deed WHERE state = 'announced' AND closes_on <= $1 ORDER BY closes_on LIMIT $2
    """
    return [row["school_id"] for row in await tx.fetch(sql, day, limit)]


async def schools_left_waiting(tx: Tx, limit: int) -> list[UUID]:
    """The schools whose deed no second person has agreed to in time."""
    sql = """
    SELECT school_id FROM school_deed WHERE state = 'awaiting-second' AND expires_at <= $1 ORDER BY expires_at LIMIT $2
    """
    return [row["school_id"] for row in await tx.fetch(sql, tx.now, limit)]
