"""What city systems read: schools as they changed, collections of OneRoster, and who has read people.

Changes come in the order of `changed_in`, the transaction that wrote the row last, and only from transactions below the
horizon: the oldest one that was still open when the statement began (`pg_snapshot_xmin`). All of those are over, so a
row that commits later has a greater `changed_in` than any that was shown, and a cursor loses none; a time, or a number
drawn before the commit, would. A long transaction anywhere in the cluster of PostgreSQL holds the horizon back for as
long as it lasts: late, never lost.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.db import Tx

from registry.domain.oneroster import Question
from registry.domain.schools import School
from registry.domain.staff import Staff
from registry.store.schools import COLUMNS as SCHOOL
from registry.store.schools import school_of_row
from registry.store.staff import COLUMNS as STAFF
from registry.store.staff import staff_of_row

_HORIZON = "pg_snapshot_xmin(pg_current_snapshot())::text::bigint"


async def history_id(tx: Tx) -> str:
    """Which database this is: numbers of transactions of another one mean nothing here."""
    return str(await tx.fetchval("SELECT system_identifier FROM pg_control_system()"))


async def place_of_moment(tx: Tx, since: datetime) -> int:
    """A place before every change made since then. Transactions write in another order than they begin, so some changes
    of before may stand behind it too."""
    sql = f"SELECT least({_HORIZON}, (SELECT min(changed_in) FROM school WHERE changed_at >= $1)) - 1"  # noqa: S608
    place: int = await tx.fetchval(sql, since)
    return place


async def is_place(tx: Tx, place: int) -> bool:
    """Whether changes of this place may have been shown already."""
    return bool(await tx.fetchval(f"SELECT $1 < {_HORIZON}", place))


async def schools_changed(tx: Tx, after: tuple[int, UUID], limit: int) -> list[tuple[int, School]]:
    """The next ones, closed ones too, each with its place; every school once, where it changed last."""
    sql = f"""
    SELECT {SCHOOL}, changed_in FROM school WHERE (changed_in, school_id) > ($1, $2) AND changed_in < {_HORIZON}
    ORDER BY changed_in, school_id LIMIT $3
    """  # noqa: S608 - constants
    return [(row["changed_in"], school_of_row(row)) for row in await tx.fetch(sql, *after, limit)]


async def orgs(tx: Tx, asked: Question) -> tuple[list[tuple[School, datetime]], int]:
    """A part of the schools and one more, each with the moment of its last change, and how many there are."""
    ended = "status = 'closed'", "status <> 'closed'"
    rows, total = await _collection(tx, ("school", SCHOOL, "school_id", ended), asked)
    return [(school_of_row(row), row["changed_at"]) for row in rows], total


async def users(tx: Tx, asked: Question) -> tuple[list[tuple[Staff, datetime]], int]:
    """A part of all staff records and one more, each with the moment of its last change, and how many there are."""
    ended = "ended_at IS NOT NULL", "ended_at IS NULL"
    rows, total = await _collection(tx, ("staff", STAFF, "staff_id", ended), asked)
    return [(staff_of_row(row), row["changed_at"]) for row in rows], total


async def _collection(tx: Tx, of: tuple[str, str, str, tuple[str, str]], asked: Question) -> tuple[list[Any], int]:
    """Ids first, from an index alone however many are passed over, then their rows. Counted once, at the start."""
    table, columns, key, (ended, living) = of
    keys = (key,) if asked.by == "sourcedId" else ("changed_at", key)
    values: list[Any] = [moment for _, moment in asked.since]
    parts = [f"changed_at {operator} ${place}" for place, (operator, _) in enumerate(asked.since, 1)]
    parts += [living if asked.status == "active" else ended] if asked.status else []
    found, going_on = f"FROM {table} WHERE {' AND '.join(parts) or 'true'}", ""
    if asked.after:
        places = ", ".join(f"${len(values) + place}" for place in range(1, len(keys) + 1))
        going_on = f"AND ({', '.join(keys)}) {'<' if asked.descending else '>'} ({places})"
    ordered = "ORDER BY " + ", ".join(f"{one} {'DESC' if asked.descending else 'ASC'}" for one in keys)
    part = f"SELECT {key} {found} {going_on} {ordered} LIMIT {asked.limit + 1:d} OFFSET {asked.offset:d}"
    whole = f"SELECT {columns}, changed_at FROM {table} WHERE {key} = ANY(ARRAY({part})) {ordered}"  # noqa: S608 - ours
    rows = await tx.fetch(whole, *values, *(asked.after or ()))
    return rows, await tx.fetchval(f"SELECT count(*) {found}", *values) if asked.total is None else asked.total


async def org(tx: Tx, school_id: UUID) -> tuple[School, datetime] | None:
    """One school."""
    row = await tx.fetchrow(f"SELECT {SCHOOL}, changed_at FROM school WHERE school_id = $1", school_id)  # noqa: S608
    return (school_of_row(row), row["changed_at"]) if row else None


async def user(tx: Tx, staff_id: UUID) -> tuple[Staff, datetime] | None:
    """One staff record."""
    row = await tx.fetchrow(f"SELECT {STAFF}, changed_at FROM staff WHERE staff_id = $1", staff_id)  # noqa: S608
    return (staff_of_row(row), row["changed_at"]) if row else None


async def note_read(tx: Tx, system_id: UUID, what: str, count: int) -> None:
    """A system was shown so many people."""
    sql = "INSERT INTO system_read (system_id, what, count, at) VALUES ($1, $2, $3, $4)"
    await tx.execute(sql, system_id, what, count, tx.now)


async def reads(tx: Tx, before: int | None, limit: int) -> list[dict[str, Any]]:
    """The newest first."""
    sql = "SELECT * FROM system_read WHERE $1::bigint IS NULL OR read_id < $1 ORDER BY read_id DESC LIMIT $2"
    return [dict(row) for row in await tx.fetch(sql, before, limit)]
