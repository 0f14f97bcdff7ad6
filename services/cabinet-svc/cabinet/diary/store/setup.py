"""SQL of what a head sets up: one form of statement for every kind of row."""

# ruff: noqa: S608 - tables and columns are constants of the domain; every value is a parameter

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
from chassis.db import Row as Record
from chassis.db import Tx
from chassis.errors import Conflict

from cabinet.diary.domain.calendar import Term
from cabinet.diary.domain.setup import KINDS, Kind, Row

_OVERLAPPING = """
SELECT name FROM term WHERE school_id = $1 AND year = $2 AND term_id <> $3 AND starts <= $5 AND ends >= $4
    AND grade_from <= $7 AND grade_to >= $6
LIMIT 1
"""
_TERM_OF_DAY = """
SELECT term_id, year, name, starts, ends, grade_from, grade_to, closed
FROM term WHERE school_id = $1 AND year = $2 AND $3 BETWEEN starts AND ends AND $4 BETWEEN grade_from AND grade_to
FOR SHARE
"""
_LESSONS_OUTSIDE = """
SELECT EXISTS (SELECT FROM lesson WHERE term_id = $1 AND date < $2)
    OR EXISTS (SELECT FROM lesson WHERE term_id = $1 AND date > $3)
    OR EXISTS (SELECT FROM lesson JOIN school_class USING (class_id) WHERE term_id = $1 AND grade NOT BETWEEN $4 AND $5)
"""
_MADE_LAST = "mark_change"  # of the partitions of a year


def _row(kind: Kind, record: Record) -> Row:
    return Row(record[kind.key], record["version"], {column: record[column] for column in kind.columns})


async def insert(tx: Tx, kind: Kind, row_id: UUID, school_id: UUID, values: Mapping[str, Any]) -> None:
    """A new row. Raises Conflict where there is one already."""
    columns = ", ".join(values)
    places = ", ".join(f"${number}" for number in range(3, len(values) + 3))
    sql = f"INSERT INTO {kind.table} ({kind.key}, school_id, {columns}) VALUES ($1, $2, {places})"
    try:
        await tx.execute(sql, row_id, school_id, *values.values())
    except asyncpg.UniqueViolationError:
        raise Conflict("already-there") from None


async def update(tx: Tx, kind: Kind, row_id: UUID, values: Mapping[str, Any]) -> None:
    """Other values, the next version. Raises Conflict where there is such a row already."""
    places = ", ".join(f"{column} = ${number}" for number, column in enumerate(values, 2))
    sql = f"UPDATE {kind.table} SET {places}, version = version + 1 WHERE {kind.key} = $1"
    try:
        await tx.execute(sql, row_id, *values.values())
    except asyncpg.UniqueViolationError:
        raise Conflict("already-there") from None


async def delete(tx: Tx, kind: Kind, row_id: UUID) -> None:
    """Gone. Raises Conflict while something hangs on it."""
    try:
        await tx.execute(f"DELETE FROM {kind.table} WHERE {kind.key} = $1", row_id)
    except asyncpg.ForeignKeyViolationError:
        raise Conflict("in-use") from None


async def row(tx: Tx, kind: Kind, school_id: UUID, row_id: UUID) -> Row | None:
    """One row of this school."""
    sql = f"SELECT * FROM {kind.table} WHERE {kind.key} = $1 AND school_id = $2"
    record = await tx.fetchrow(sql, row_id, school_id)
    return _row(kind, record) if record else None


async def row_for_update(tx: Tx, kind: Kind, school_id: UUID, row_id: UUID) -> Row | None:
    """Locked."""
    sql = f"SELECT * FROM {kind.table} WHERE {kind.key} = $1 AND school_id = $2 FOR NO KEY UPDATE"
    record = await tx.fetchrow(sql, row_id, school_id)
    return _row(kind, record) if record else None


async def rows(
    tx: Tx, kind: Kind, school_id: UUID, wanted: Mapping[str, Any], page: tuple[UUID | None, int]
) -> list[Row]:
    """A page in the order in which they were made: so many after this one."""
    asked = {column: value for column, value in wanted.items() if value is not None}
    also = "".join(f" AND {column} = ${number}" for number, column in enumerate(asked, 4))
    sql = f"""SELECT * FROM {kind.table} WHERE school_id = $1 AND ($2::uuid IS NULL OR {kind.key} > $2){also}
              ORDER BY {kind.key} LIMIT $3"""
    return [_row(kind, record) for record in await tx.fetch(sql, school_id, *page, *asked.values())]


async def is_of_school(tx: Tx, kind: str, school_id: UUID, row_id: UUID) -> bool:
    """Whether this school has such a row, or such an account that is not erased, nor will be in this transaction."""
    table, key, more = ("account", "account_id", " AND state <> 'erased' FOR SHARE") if kind == "account" else (
        KINDS[kind].table, KINDS[kind].key, "")  # fmt: skip
    sql = f"SELECT true FROM {table} WHERE {key} = $1 AND school_id = $2{more}"
    return bool(await tx.fetchval(sql, row_id, school_id))


async def ensure_rules(tx: Tx, school_id: UUID) -> None:
    """The row that guards a school's terms and keeps its rules."""
    await tx.execute("INSERT INTO diary_rules (school_id) VALUES ($1) ON CONFLICT DO NOTHING", school_id)


async def rules_for_update(tx: Tx, school_id: UUID) -> tuple[str, int]:
    """Locked: rounding and version."""
    record = await tx.fetchrow("SELECT rounding, version FROM diary_rules WHERE school_id = $1 FOR UPDATE", school_id)
    assert record is not None
    return record["rounding"], record["version"]


async def rules(tx: Tx, school_id: UUID) -> tuple[str, int]:
    """Rounding and version; those of a school that has said nothing."""
    record = await tx.fetchrow("SELECT rounding, version FROM diary_rules WHERE school_id = $1", school_id)
    return (record["rounding"], record["version"]) if record else ("from-50", 0)


async def save_rules(tx: Tx, school_id: UUID, rounding: str) -> None:
    """The next version."""
    sql = "UPDATE diary_rules SET rounding = $2, version = version + 1 WHERE school_id = $1"
    await tx.execute(sql, school_id, rounding)


async def overlapping_term(tx: Tx, school_id: UUID, term: Term) -> str | None:
    """The name of another term on the same days for the same grades."""
    days = (term.starts, term.ends, term.grade_from, term.grade_to)
    name: str | None = await tx.fetchval(_OVERLAPPING, school_id, term.year, term.term_id, *days)
    return name


async def has_lessons_outside(tx: Tx, term: Term) -> bool:
    """Whether it has lessons on other days than these, or of other grades."""
    days = (term.starts, term.ends, term.grade_from, term.grade_to)
    return bool(await tx.fetchval(_LESSONS_OUTSIDE, term.term_id, *days))


async def term_of_day(tx: Tx, school_id: UUID, year: int, day: date, grade: int) -> Term | None:
    """The term of a lesson, held open until the transaction ends."""
    record = await tx.fetchrow(_TERM_OF_DAY, school_id, year, day, grade)
    return Term(**record) if record else None


async def has_year(tx: Tx, year: int) -> bool:
    """Whether marks of a school year have a place. to_regclass() would not see what was made while one waited."""
    sql = "SELECT EXISTS (SELECT FROM pg_class WHERE relname = $1 AND relnamespace = current_schema()::regnamespace)"
    return bool(await tx.fetchval(sql, f"{_MADE_LAST}_{int(year)}"))


async def make_year(tx: Tx, year: int) -> None:
    """The partitions of a school year, by the owner of the tables."""
    await tx.execute("SELECT make_year($1)", year)


async def lock_years(tx: Tx) -> None:
    """One after the other."""
    await tx.execute("SELECT pg_advisory_xact_lock(hashtext('diary years'))")
