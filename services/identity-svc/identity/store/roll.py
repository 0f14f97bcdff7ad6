"""Copies of what registry tells: staff records and schools."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis.outbox import Tx
from ekis_contracts.values import Category

from identity.domain.accounts import Staff

_COPY_STAFF = """
INSERT INTO staff AS known (staff_id, version, school_id, category, post, name_token, name_event)
SELECT DISTINCT ON (staff_id) * FROM unnest(
    $1::uuid[], $2::int[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::uuid[]
) AS told (staff_id, version, school_id, category, post, name_token, name_event)
ORDER BY staff_id, version DESC
ON CONFLICT (staff_id) DO UPDATE SET version = excluded.version, school_id = excluded.school_id,
    category = excluded.category, post = excluded.post,
    name_token = CASE WHEN NOT known.nameless THEN excluded.name_token END,
    name_event = CASE WHEN NOT known.nameless THEN excluded.name_event END
WHERE known.version < excluded.version
"""
_COPY_SCHOOLS = """
INSERT INTO school AS known (school_id, version, full_name, short_name, status)
SELECT DISTINCT ON (school_id) * FROM unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::text[])
    AS told (school_id, version, full_name, short_name, status)
ORDER BY school_id, version DESC
ON CONFLICT (school_id) DO UPDATE SET version = excluded.version, full_name = excluded.full_name,
    short_name = excluded.short_name, status = excluded.status
WHERE known.version < excluded.version
"""
_END_STAFF = """
INSERT INTO staff (staff_id, has_left) VALUES ($1, true) ON CONFLICT (staff_id) DO UPDATE SET has_left = true
"""

_FORGET_NAME = """
INSERT INTO staff (staff_id, nameless) SELECT $1, true
WHERE NOT EXISTS (SELECT FROM account WHERE staff_id = $1 AND state IN ('issued', 'active', 'suspended'))
ON CONFLICT (staff_id) DO UPDATE SET nameless = true, name_token = NULL, name_event = NULL
"""


@dataclass(frozen=True, slots=True)
class StaffRecord:
    """What is known of a staff record; `staff` is None while only its end is. The name stays sealed."""

    staff_id: UUID
    version: int
    has_left: bool
    staff: Staff | None
    name_token: str | None
    name_event: UUID | None


async def copy_staff(tx: Tx, columns: Sequence[Sequence[Any]]) -> None:
    """Keep the newest of each: ids, versions, school_ids, categories, posts, sealed names, their events."""
    await tx.execute(_COPY_STAFF, *map(list, columns))


async def ensure_staff(tx: Tx, staff_id: UUID) -> None:
    """A row to lock, if nothing is known yet."""
    await tx.execute("INSERT INTO staff (staff_id) VALUES ($1) ON CONFLICT DO NOTHING", staff_id)


async def staff_for_update(tx: Tx, staff_id: UUID) -> StaffRecord:
    """The record under its row lock."""
    row = await tx.fetchrow("SELECT * FROM staff WHERE staff_id = $1 FOR UPDATE", staff_id)
    assert row, "ensure_staff comes first"
    category: Category = row["category"]
    known = Staff(staff_id, row["school_id"], category, row["post"]) if row["version"] else None
    return StaffRecord(staff_id, row["version"], row["has_left"], known, row["name_token"], row["name_event"])


async def lock_staff(tx: Tx, staff_id: UUID) -> None:
    """The row lock alone, of a record that may be unknown."""
    await tx.execute("SELECT FROM staff WHERE staff_id = $1 FOR UPDATE", staff_id)


async def end_staff(tx: Tx, staff_id: UUID) -> None:
    """The record has ended for good, whatever else comes."""
    await tx.execute(_END_STAFF, staff_id)


async def forget_name(tx: Tx, staff_id: UUID) -> None:
    """Unless a live account needs the sealed name, it goes, and no late copy brings it back."""
    await tx.execute(_FORGET_NAME, staff_id)


async def need_name(tx: Tx, staff_id: UUID) -> None:
    """An account has been opened for the record: the next copies of it bring the name again."""
    await tx.execute("UPDATE staff SET nameless = false WHERE staff_id = $1", staff_id)


async def copy_schools(tx: Tx, columns: Sequence[Sequence[Any]]) -> None:
    """Keep the newest of each: ids, versions, full names, short names, statuses."""
    await tx.execute(_COPY_SCHOOLS, *map(list, columns))


async def school_names(tx: Tx, school_id: UUID) -> list[str]:
    """How the school is called; empty while it is unknown here."""
    row = await tx.fetchrow("SELECT full_name, short_name FROM school WHERE school_id = $1", school_id)
    return [row["full_name"], row["short_name"]] if row else []


async def school_status(tx: Tx, school_id: UUID) -> str | None:
    """As registry says; None while the school is unknown here."""
    status: str | None = await tx.fetchval("SELECT status FROM school WHERE school_id = $1", school_id)
    return status


async def is_school_closed(tx: Tx, school_id: UUID) -> bool:
    """Whether the school is known to have ended."""
    sql = "SELECT EXISTS (SELECT FROM school WHERE school_id = $1 AND status = 'closed')"
    return bool(await tx.fetchval(sql, school_id))
