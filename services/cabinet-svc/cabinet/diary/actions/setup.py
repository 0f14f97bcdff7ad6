"""Set up a school year: terms, classes, subjects, loads, timetable, substitutes, leaves."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from chassis.db import new_id
from chassis.errors import Conflict, Invalid, NotFound
from chassis.outbox import Tx

from cabinet.diary.domain.calendar import Term
from cabinet.diary.domain.setup import KINDS, Kind, Row, require_order
from cabinet.diary.store import setup as store


async def known_row(tx: Tx, kind: Kind, school_id: UUID, row_id: UUID, only: UUID | None = None) -> Row:
    """One of this school, and of this account alone if one is named. Raises NotFound."""
    row = await store.row(tx, kind, school_id, row_id)
    if row is None or only not in (None, row.values.get("account_id")):
        raise NotFound
    return row


async def locked_row(tx: Tx, kind: Kind, school_id: UUID, row_id: UUID) -> Row:
    """The same, locked; of a term, so are all terms of the school. Raises NotFound."""
    if kind.thing == "term":
        await locked_rules(tx, school_id)
    row = await store.row_for_update(tx, kind, school_id, row_id)
    if row is None:
        raise NotFound
    return row


async def add_row(tx: Tx, kind: Kind, school_id: UUID, values: Mapping[str, Any]) -> UUID:
    """A new row. Raises Conflict, Invalid for what it names and the school does not have."""
    row_id = new_id()
    require_order(values)
    await _require_known(tx, kind, school_id, values)
    if kind.thing == "term":
        await locked_rules(tx, school_id)
        await _require_place(tx, school_id, _term(row_id, values))
        await open_year(tx, values["year"])
    await store.insert(tx, kind, row_id, school_id, values)
    return row_id


async def change_row(tx: Tx, kind: Kind, school_id: UUID, row: Row, values: Mapping[str, Any]) -> None:
    """Other values of a locked row. Raises Conflict, Invalid as for a new one, and for a class's grade or year: its
    lessons are of these."""
    kind.require_fixed(row.values, values)
    require_order({**row.values, **values})
    await _require_known(tx, kind, school_id, values)
    if kind.thing == "term":
        term = _term(row.id, {**row.values, **values})
        await _require_place(tx, school_id, term)
        if await store.has_lessons_outside(tx, term):
            raise Conflict("term-has-lessons")
        await open_year(tx, term.year)
    if values:
        await store.update(tx, kind, row.id, values)


async def remove_row(tx: Tx, kind: Kind, row: Row) -> None:
    """Gone, if nothing hangs on it. Raises Conflict."""
    await store.delete(tx, kind, row.id)


async def open_year(tx: Tx, year: int) -> None:
    """A place for the marks of a school year, made for the first one who needs it."""
    if not await store.has_year(tx, year):
        await store.lock_years(tx)
        if not await store.has_year(tx, year):
            await store.make_year(tx, year)


async def locked_rules(tx: Tx, school_id: UUID) -> tuple[str, int]:
    """Rounding and version, locked, and with them all terms of the school."""
    await store.ensure_rules(tx, school_id)
    return await store.rules_for_update(tx, school_id)


async def _require_known(tx: Tx, kind: Kind, school_id: UUID, values: Mapping[str, Any]) -> None:
    for column, other in kind.refs.items():
        named = values.get(column)
        if named is not None and not await store.is_of_school(tx, other, school_id, named):
            raise Invalid("not-of-this-school", f"/{column}")


def _term(term_id: UUID, values: Mapping[str, Any]) -> Term:
    return Term(term_id, **{column: values[column] for column in KINDS["term"].columns})


async def _require_place(tx: Tx, school_id: UUID, term: Term) -> None:
    term.require_order()
    if other := await store.overlapping_term(tx, school_id, term):
        raise Conflict("terms-overlap", name=other)
