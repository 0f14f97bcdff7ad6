"""The staff roll in the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from chassis.db import Row, Tx
from ekis_contracts.values import PersonName

from registry.domain.names import name_key
from registry.domain.staff import Staff, StaffEntry, StaffSource, Workplace

COLUMNS = (
    "staff_id, school_id, version, last_name, first_name, patronymic, post, category, division, email, employment, "
    "since, external_id, until, ended_at"
)
_ENTRY = ("post", "category", "division", "email", "employment", "since", "external_id")


@dataclass(frozen=True)
class Place:
    """A staff record with what the person wrote about the own workplace."""

    staff: Staff
    workplace: Workplace


def staff_of_row(row: Row) -> Staff:
    """As it stands in the table."""
    fields = dict(row)
    name = PersonName(**{part: fields.pop(part) for part in PersonName.model_fields})
    entry = {key: fields.pop(key) for key in _ENTRY}
    own = {key: fields[key] for key in ("staff_id", "school_id", "version", "until", "ended_at")}
    return Staff(entry=StaffEntry(name, **entry), **own)


async def insert_staff(tx: Tx, staff: Staff, source: StaffSource) -> None:
    """A new record."""
    sql = f"""
    INSERT INTO staff ({COLUMNS}, name_key, source)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
    """  # noqa: S608 - a constant
    name, entry = staff.entry.name, staff.entry
    person = (name.last_name, name.first_name, name.patronymic)
    place = (getattr(entry, field) for field in _ENTRY)
    own = (staff.staff_id, staff.school_id, staff.version)
    await tx.execute(sql, *own, *person, *place, staff.until, staff.ended_at, name_key(name), source)


async def staff(tx: Tx, staff_id: UUID) -> Staff | None:
    """One record."""
    row = await tx.fetchrow(f"SELECT {COLUMNS} FROM staff WHERE staff_id = $1", staff_id)  # noqa: S608
    return staff_of_row(row) if row else None


async def staff_for_update(tx: Tx, school_id: UUID, staff_id: UUID) -> Staff | None:
    """One record of this school, locked."""
    sql = f"SELECT {COLUMNS} FROM staff WHERE staff_id = $1 AND school_id = $2 FOR NO KEY UPDATE"  # noqa: S608
    row = await tx.fetchrow(sql, staff_id, school_id)
    return staff_of_row(row) if row else None


async def live_staff_for_share(tx: Tx, staff_id: UUID) -> Staff | None:
    """One live record that cannot end before this transaction does."""
    sql = f"SELECT {COLUMNS} FROM staff WHERE staff_id = $1 AND ended_at IS NULL FOR SHARE"  # noqa: S608
    row = await tx.fetchrow(sql, staff_id)
    return staff_of_row(row) if row else None


async def save_staff(tx: Tx, staff: Staff) -> int:
    """The entry. Returns the raised version."""
    sql = """
    UPDATE staff SET version = version + 1, changed_at = DEFAULT, last_name = $2, first_name = $3, patronymic = $4,
        name_key = $5, post = $6, category = $7, division = $8, email = $9, employment = $10, since = $11,
        external_id = $12
    WHERE staff_id = $1 RETURNING version
    """
    name, entry = staff.entry.name, staff.entry
    person = (name.last_name, name.first_name, name.patronymic, name_key(name))
    place = (getattr(entry, field) for field in _ENTRY)
    version: int = await tx.fetchval(sql, staff.staff_id, *person, *place)
    return version


async def end_staff(tx: Tx, staff_id: UUID, until: date, reason: str) -> int:
    """The record has ended for good. Returns the raised version."""
    sql = """
    UPDATE staff SET version = version + 1, changed_at = DEFAULT, until = $2, ended_at = $3, end_reason = $4
    WHERE staff_id = $1 RETURNING version
    """
    version: int = await tx.fetchval(sql, staff_id, until, tx.now, reason)
    return version


async def roll_page(tx: Tx, school_id: UUID, after: UUID | None, limit: int) -> list[Place]:
    """The live records of a school."""
    sql = f"""
    SELECT {COLUMNS}, work_phone, room, proposed_post FROM staff LEFT JOIN LATERAL (
        SELECT work_phone, room, proposed_post FROM workplace
        WHERE workplace.staff_id = staff.staff_id ORDER BY account_id DESC LIMIT 1
    ) AS written ON true
    WHERE school_id = $1 AND ended_at IS NULL AND ($2::uuid IS NULL OR staff_id > $2) ORDER BY staff_id LIMIT $3
    """  # noqa: S608
    rows = await tx.fetch(sql, school_id, after, limit)
    return [Place(staff_of_row(row), Workplace(row["work_phone"], row["room"], row["proposed_post"])) for row in rows]


async def roll_to_judge(tx: Tx, school_ids: Sequence[UUID], name: PersonName) -> list[Staff]:
    """The live records of these schools that bear this name, and their heads, none of which can end meanwhile."""
    sql = f"""
    SELECT {COLUMNS} FROM staff
    WHERE school_id = ANY ($1::uuid[]) AND ended_at IS NULL AND (name_key = $2 OR category = 'head')
    ORDER BY staff_id FOR SHARE
    """  # noqa: S608
    return [staff_of_row(row) for row in await tx.fetch(sql, list(school_ids), name_key(name))]


async def live_staff(tx: Tx, staff_ids: Sequence[UUID]) -> list[Staff]:
    """Those of these records that are live."""
    sql = f"SELECT {COLUMNS} FROM staff WHERE staff_id = ANY ($1::uuid[]) AND ended_at IS NULL"  # noqa: S608
    return [staff_of_row(row) for row in await tx.fetch(sql, list(staff_ids))]


async def heads_of(tx: Tx, school_id: UUID) -> list[Staff]:
    """The live heads of a school."""
    sql = f"""
    SELECT {COLUMNS} FROM staff WHERE school_id = $1 AND ended_at IS NULL AND category = 'head' ORDER BY staff_id
    """  # noqa: S608
    return [staff_of_row(row) for row in await tx.fetch(sql, school_id)]


async def roll_for_update(tx: Tx, school_id: UUID) -> list[Staff]:
    """The whole live roll of a school, locked in the order in which others lock."""
    sql = f"""
    SELECT {COLUMNS} FROM staff WHERE school_id = $1 AND ended_at IS NULL ORDER BY staff_id FOR NO KEY UPDATE
    """  # noqa: S608
    return [staff_of_row(row) for row in await tx.fetch(sql, school_id)]


async def staff_for_update_of(tx: Tx, staff_ids: Sequence[UUID]) -> list[Staff]:
    """Those of these records that are live, locked in the order in which others lock."""
    sql = f"""
    SELECT {COLUMNS} FROM staff WHERE staff_id = ANY ($1::uuid[]) AND ended_at IS NULL
    ORDER BY staff_id FOR NO KEY UPDATE
    """  # noqa: S608
    return [staff_of_row(row) for row in await tx.fetch(sql, list(staff_ids))]


async def roll_sizes(tx: Tx, school_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many live records each of these schools has."""
    sql = """
    SELECT school_id, count(*) AS size FROM staff WHERE school_id = ANY ($1::uuid[]) AND ended_at IS NULL GROUP BY 1
    """
    return {row["school_id"]: row["size"] for row in await tx.fetch(sql, list(school_ids))}


async def end_roll(tx: Tx, staff_ids: Sequence[UUID], until: date, reason: str) -> None:
    """Locked live records have ended for good; each version is one higher."""
    sql = """
    UPDATE staff SET version = version + 1, changed_at = DEFAULT, until = $2, ended_at = $3, end_reason = $4
    WHERE staff_id = ANY ($1::uuid[])
    """
    await tx.execute(sql, list(staff_ids), until, tx.now, reason)


async def move_roll(tx: Tx, staff_ids: Sequence[UUID], school_id: UUID) -> None:
    """Locked live records belong to another school; each version is one higher."""
    sql = (
        "UPDATE staff SET version = version + 1, changed_at = DEFAULT, school_id = $2 WHERE staff_id = ANY ($1::uuid[])"
    )
    await tx.execute(sql, list(staff_ids), school_id)


async def roll_of_rows(
    tx: Tx, school_ids: Sequence[UUID], names: Sequence[PersonName], numbers: Sequence[str]
) -> list[Staff]:
    """The live records of these schools that bear one of these names, or of these numbers of the feed."""
    sql = f"""
    SELECT {COLUMNS} FROM staff WHERE school_id = ANY ($1::uuid[]) AND ended_at IS NULL
        AND (name_key = ANY ($2::text[]) OR external_id = ANY ($3::text[]))
    """  # noqa: S608
    keys = [name_key(name) for name in names]
    return [staff_of_row(row) for row in await tx.fetch(sql, list(school_ids), keys, list(numbers))]
