"""Schools in the database."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, is_dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.db import Row, Tx
from ekis_contracts.values import SchoolFacts

from registry.domain.schools import Building, Change, Details, School, SchoolForm, search_text

COLUMNS = (
    "school_id, version, inn, kpp, ogrn, full_name, short_name, kind, district, okrug, address, phones, emails, site, "
    "status, source, closing_on, successors, head_name, head_post, buildings, external_id"
)


@dataclass(frozen=True)
class Entry:
    """A line of a school's history; `by` is an account, or `feed` or `schedule`; `reason` was given with the change."""

    change_id: int
    version: int
    at: datetime
    by: str
    field: str
    old: Any
    new: Any
    reason: str | None


def school_of_row(row: Row) -> School:
    """As it stands in the table."""
    facts = SchoolFacts(**{field: row[field] for field in SchoolFacts.model_fields})
    buildings = tuple(Building(**one) for one in json.loads(row["buildings"]))
    details = Details(row["head_name"], row["head_post"], buildings, row["external_id"])
    return School(row["version"], facts, details)


def _values(school: School) -> dict[str, Any]:
    """Every column with its value."""
    buildings = school.details.buildings
    details = vars(school.details) | {"buildings": _json(buildings) if buildings else "[]"}
    own = {"version": school.version, "search": search_text(school.facts)}
    return vars(school.facts) | details | own


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=lambda one: vars(one) if is_dataclass(one) else str(one))


async def insert_school(tx: Tx, school: School) -> bool:
    """False if another school has these requisites."""
    values = _values(school)
    places = ", ".join(f"${place}" for place in range(1, len(values) + 1))
    sql = f"INSERT INTO school ({', '.join(values)}) VALUES ({places}) ON CONFLICT DO NOTHING"  # noqa: S608 - columns
    return await tx.execute(sql, *values.values()) == 1


async def insert_schools(tx: Tx, schools: Sequence[School]) -> set[UUID]:
    """Many at once. Returns the ids of those whose requisites no other school has."""
    columns = ", ".join(_values(schools[0]))
    sql = f"""
    INSERT INTO school ({columns}) SELECT {columns} FROM jsonb_populate_recordset(NULL::school, $1::jsonb)
    ON CONFLICT DO NOTHING RETURNING school_id
    """  # noqa: S608 - columns
    rows = [_values(school) | {"buildings": [vars(one) for one in school.details.buildings]} for school in schools]
    return {row["school_id"] for row in await tx.fetch(sql, _json(rows))}


async def save_school(tx: Tx, school: School) -> int:
    """All of it but the requisites' owner. Returns the raised version. Raises UniqueViolation for another's."""
    values = _values(school)
    school_id, _ = values.pop("school_id"), values.pop("version")
    places = ", ".join(f"{column} = ${place}" for place, column in enumerate(values, 2))
    changed = "version = version + 1, changed_at = DEFAULT, changed_in = DEFAULT"
    sql = f"UPDATE school SET {changed}, {places} WHERE school_id = $1 RETURNING version"  # noqa: S608
    version: int = await tx.fetchval(sql, school_id, *values.values())
    return version


async def insert_changes(tx: Tx, school: School, changes: Sequence[Change], by: str, reason: str | None = None) -> None:
    """The history of this version: who changed what from what to what, and why if that was said."""
    sql = """
    INSERT INTO school_change (school_id, version, at, by, reason, field, old, new)
    SELECT $1, $2, $3, $4, $5, field, old, new FROM unnest($6::text[], $7::jsonb[], $8::jsonb[]) AS c (field, old, new)
    """
    fields = [change.field for change in changes]
    old, new = [_json(change.old) for change in changes], [_json(change.new) for change in changes]
    await tx.execute(sql, school.school_id, school.version, tx.now, by, reason, fields, old, new)


async def history_page(tx: Tx, school_id: UUID, before: int | None, limit: int) -> list[Entry]:
    """The newest first."""
    sql = """
    SELECT change_id, version, at, by, field, old, new, reason FROM school_change
    WHERE school_id = $1 AND ($2::bigint IS NULL OR change_id < $2) ORDER BY change_id DESC LIMIT $3
    """
    rows = [dict(row) for row in await tx.fetch(sql, school_id, before, limit)]
    return [Entry(**row | {side: json.loads(row[side]) for side in ("old", "new")}) for row in rows]


async def school_for_update(tx: Tx, school_id: UUID) -> School | None:
    """One school, locked."""
    sql = f"SELECT {COLUMNS} FROM school WHERE school_id = $1 FOR NO KEY UPDATE"  # noqa: S608
    row = await tx.fetchrow(sql, school_id)
    return school_of_row(row) if row else None


async def next_schools_for_update(tx: Tx, after: UUID | None, limit: int) -> list[School]:
    """The next schools, locked, by their ids."""
    sql = f"""
    SELECT {COLUMNS} FROM school WHERE $1::uuid IS NULL OR school_id > $1
    ORDER BY school_id LIMIT $2 FOR NO KEY UPDATE
    """  # noqa: S608
    return [school_of_row(row) for row in await tx.fetch(sql, after, limit)]


async def school_for_share(tx: Tx, school_id: UUID) -> School | None:
    """One school that cannot change before this transaction ends."""
    row = await tx.fetchrow(f"SELECT {COLUMNS} FROM school WHERE school_id = $1 FOR SHARE", school_id)  # noqa: S608
    return school_of_row(row) if row else None


async def schools_for_share(tx: Tx, school_ids: Sequence[UUID]) -> list[School]:
    """Those of these schools that are there; none can change before this transaction ends."""
    sql = f"SELECT {COLUMNS} FROM school WHERE school_id = ANY ($1::uuid[]) ORDER BY school_id FOR SHARE"  # noqa: S608
    return [school_of_row(row) for row in await tx.fetch(sql, list(school_ids))]


async def school(tx: Tx, school_id: UUID) -> School | None:
    """One school."""
    row = await tx.fetchrow(f"SELECT {COLUMNS} FROM school WHERE school_id = $1", school_id)  # noqa: S608
    return school_of_row(row) if row else None


async def schools(tx: Tx, school_ids: Sequence[UUID]) -> list[School]:
    """These, in this order."""
    rows = await tx.fetch(f"SELECT {COLUMNS} FROM school WHERE school_id = ANY ($1::uuid[])", list(school_ids))  # noqa: S608
    known = {row["school_id"]: row for row in rows}
    return [school_of_row(known[school_id]) for school_id in school_ids]


async def open_school_of(tx: Tx, form: SchoolForm | SchoolFacts, but: UUID | None = None) -> School | None:
    """The school not closed, and not this one, that has the OGRN, or the INN and KPP, of this form."""
    sql = f"""
    SELECT {COLUMNS} FROM school
    WHERE (ogrn = $1 OR (inn = $2 AND kpp = $3)) AND status <> 'closed' AND school_id IS DISTINCT FROM $4 LIMIT 1
    """  # noqa: S608
    row = await tx.fetchrow(sql, form.ogrn, form.inn, form.kpp, but)
    return school_of_row(row) if row else None


async def schools_like(tx: Tx, form: SchoolForm, limit: int) -> list[School]:
    """Those of the same INN, OGRN, address or phone, closed ones too; so many of each at most."""
    same = ("inn = $1", "ogrn = $2", "address = $3", "phones && ARRAY[$4]")
    found = " UNION ".join(f"(SELECT school_id FROM school WHERE {one} LIMIT $5)" for one in same)  # noqa: S608
    sql = f"SELECT {COLUMNS} FROM school WHERE school_id = ANY (ARRAY({found}))"  # noqa: S608
    return [school_of_row(row) for row in await tx.fetch(sql, form.inn, form.ogrn, form.address, form.phone, limit)]


async def schools_of(tx: Tx, inn: str, ogrn: str | None) -> list[School]:
    """Every school of this INN or this OGRN, closed ones too."""
    sql = f"SELECT {COLUMNS} FROM school WHERE inn = $1 OR ogrn = $2 ORDER BY school_id"  # noqa: S608
    return [school_of_row(row) for row in await tx.fetch(sql, inn, ogrn)]


async def schools_of_rows(
    tx: Tx, inns: Sequence[str], ogrns: Sequence[str], external_ids: Sequence[str] = ()
) -> list[School]:
    """Every school of these INNs, OGRNs, or numbers of the feed, closed ones too."""
    sql = f"""
    SELECT {COLUMNS} FROM school WHERE school_id IN (
        SELECT school_id FROM unnest($1::text[]) AS said JOIN school ON inn = said
        UNION SELECT school_id FROM unnest($2::text[]) AS said JOIN school ON ogrn = said
        UNION SELECT school_id FROM unnest($3::text[]) AS said JOIN school ON external_id = said
    ) ORDER BY school_id
    """  # noqa: S608
    return [school_of_row(row) for row in await tx.fetch(sql, list(inns), list(ogrns), list(external_ids))]


async def schools_for_update(tx: Tx, school_ids: Sequence[UUID]) -> dict[UUID, School]:
    """These schools, locked in the order of their ids."""
    sql = f"SELECT {COLUMNS} FROM school WHERE school_id = ANY ($1::uuid[]) ORDER BY school_id FOR NO KEY UPDATE"  # noqa: S608
    schools = [school_of_row(row) for row in await tx.fetch(sql, list(school_ids))]
    return {school.school_id: school for school in schools}


async def registered_inns(tx: Tx, inns: Sequence[str]) -> set[str]:
    """Those of these INNs that some school has."""
    rows = await tx.fetch("SELECT DISTINCT inn FROM school WHERE inn = ANY ($1::text[])", list(inns))
    return {row["inn"] for row in rows}


async def branches_of(tx: Tx, school_id: UUID) -> list[UUID]:
    """The school and every other of its INN."""
    sql = "SELECT b.school_id FROM school a JOIN school b USING (inn) WHERE a.school_id = $1"
    return [row["school_id"] for row in await tx.fetch(sql, school_id)]


async def lock_requisites(tx: Tx, *keys: str | None) -> None:
    """Until the end of this transaction nobody else judges by, or registers, these requisites."""
    sql = """
    SELECT pg_advisory_xact_lock(hashtextextended(key, 0))
    FROM (SELECT DISTINCT key FROM unnest($1::text[]) AS key ORDER BY key) AS sorted
    """
    await tx.execute(sql, [key for key in keys if key])
