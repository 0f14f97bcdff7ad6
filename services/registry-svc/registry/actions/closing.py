"""Closing schools: seen first, asked for, agreed to by a second person where much ends, done on its date."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from chassis.errors import Conflict, NotFound
from chassis.outbox import Tx, new_id
from ekis_contracts.registry import SchoolClosed

from registry.actions.requests import judge_referred
from registry.actions.schools import change_school, lock_school, save_changes, tell_school
from registry.actions.staff import end_roll, move_roll
from registry.domain.deeds import PATIENCE, Closing, Deed, DeedState, Preview
from registry.domain.schools import School
from registry.store import deeds as store
from registry.store import schools as schools_store
from registry.store import staff as staff_store

LIQUIDATED = "school-liquidated"  # why everybody has left
SCHEDULE = "schedule"  # who closes on the announced date
NOT_ANNOUNCED: dict[str, Any] = {"closing_on": None, "successors": []}


async def preview_closing(tx: Tx, school_id: UUID, closing: Closing) -> Preview:
    """What would happen. Raises what asking for it would."""
    school = await schools_store.school(tx, school_id)
    if school is None:
        raise NotFound
    await _require_possible(tx, school, closing)
    return await _preview(tx, school, closing)


async def ask_to_close(tx: Tx, school: School, closing: Closing, by: UUID) -> School | Deed:
    """Close a locked school now, announce it for its date, or let it wait for a second person: then the deed.

    Raises Conflict, Invalid.
    """
    await _require_possible(tx, school, closing)
    preview = await _preview(tx, school, closing)
    if preview.at_once and not preview.second_person:
        return await _close(tx, school, closing, str(by))
    deed = Deed.asked(new_id(), preview, school.school_id, by=by, now=tx.now)
    await store.insert_deed(tx, deed)
    return deed if preview.second_person else await _announce(tx, school, closing, by)


async def approve_closing(tx: Tx, school: School, by: UUID) -> School:
    """A second person agrees to what waits at a locked school. Raises Conflict, Forbidden, Invalid."""
    deed = await _open_deed(tx, school)
    closing = deed.closing
    preview = await _preview(tx, school, closing)
    deed.require_second(by, preview.ends, tx.now)
    await _require_fit(tx, school, closing)
    await store.save_deed(tx, replace(deed, state="done" if preview.at_once else "announced", approved_by=by))
    if preview.at_once:
        return await _close(tx, school, closing, str(by))
    return await _announce(tx, school, closing, by)


async def take_back_closing(tx: Tx, school: School, by: str, state: DeedState = "taken-back") -> School:
    """What waits at a locked school shall not happen. Raises Conflict when nothing does."""
    deed = await _open_deed(tx, school)
    await store.save_deed(tx, replace(deed, state=state))
    return await change_school(tx, school, NOT_ANNOUNCED, by, reason=state)


async def close_on_date(tx: Tx, school_id: UUID) -> None:
    """The announced date has come: close, or wait for a second person if the roll has outgrown what was agreed."""
    school = await lock_school(tx, school_id)
    deed = await store.open_deed(tx, school_id)
    if deed is None or deed.state != "announced" or not deed.closing.is_due(tx.now):
        return
    preview = await _preview(tx, school, deed.closing)
    if deed.exceeds(preview.ends, preview.touched.records):
        deed = replace(deed, state="awaiting-second", records=preview.ends, expires_at=tx.now + PATIENCE)
        await store.save_deed(tx, deed)
    else:
        await store.save_deed(tx, replace(deed, state="done"))
        await _close(tx, school, deed.closing, SCHEDULE)


async def expire_deed(tx: Tx, school_id: UUID) -> None:
    """No second person has agreed in time; what was announced is so no more."""
    school = await lock_school(tx, school_id)
    deed = await store.open_deed(tx, school_id)
    if deed and deed.state == "awaiting-second" and deed.expires_at <= tx.now:
        await take_back_closing(tx, school, SCHEDULE, "expired")


async def _require_possible(tx: Tx, school: School, closing: Closing) -> None:
    """Raises Conflict, Invalid for what cannot be asked for."""
    school.require_step("closed")
    if await store.open_deed(tx, school.school_id):
        raise Conflict("deed-open", name=school.facts.short_name)
    await _require_fit(tx, school, closing)


async def _require_fit(tx: Tx, school: School, closing: Closing) -> None:
    """Raises Conflict, Invalid unless the successors can go on and nobody counts on this school to do so."""
    closing.require_successors(school, await schools_store.schools_for_share(tx, closing.successors))
    named = await store.deed_naming(tx, school.school_id)
    if named:
        other = await schools_store.school(tx, named.school_id)
        raise Conflict("school-is-successor", name=other.facts.short_name if other else "")


async def _preview(tx: Tx, school: School, closing: Closing) -> Preview:
    touched = await store.touched(tx, school.school_id, school.facts.inn)
    here = await staff_store.heads_of(tx, school.school_id)
    there = await staff_store.heads_of(tx, closing.successors[0]) if closing.successors else []
    return Preview(closing, closing.is_due(tx.now), touched, here, there)


async def _open_deed(tx: Tx, school: School) -> Deed:
    deed = await store.open_deed(tx, school.school_id)
    if deed is None:
        raise Conflict("no-open-deed")
    return deed


async def _announce(tx: Tx, school: School, closing: Closing, by: UUID) -> School:
    return await change_school(tx, school, closing.fields, str(by), reason=closing.reason)


async def _close(tx: Tx, school: School, closing: Closing, by: str) -> School:
    """The end, told on this day; requests before staff, for that is the order in which deciders lock."""
    given = {"status": "closed"} | closing.fields
    closed, _ = await save_changes(tx, school, given, by, closing.reason)
    tell_school(tx, closed, SchoolClosed, reason=closing.reason)
    await judge_referred(tx, closed)
    if closing.reason == "liquidated":
        await end_roll(tx, closed.school_id, LIQUIDATED)
    else:
        await move_roll(tx, closed.school_id, closing.successors[0])
    return closed
