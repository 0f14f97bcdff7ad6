"""Schools: registering, changing, suspending."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from chassis.errors import Conflict, NotFound, Stale
from chassis.outbox import Tx, new_id, publish
from ekis_contracts import Event
from ekis_contracts.registry import SchoolChanged, SchoolRegistered, SchoolState
from ekis_contracts.values import SchoolStatus

from registry.actions.outcomes import reject_overtaken
from registry.actions.requests import resume_requests
from registry.actions.staff import enrol
from registry.domain.schools import Change, School, SchoolForm, Source
from registry.domain.staff import StaffEntry, StaffSource
from registry.store import schools as store


async def register_school(
    tx: Tx, form: SchoolForm, source: Source, people: Sequence[StaffEntry], people_source: StaffSource
) -> School | None:
    """Register a school with its first people and judge the requests that wait for it; None if it is there already."""
    await store.lock_requisites(tx, form.inn, form.ogrn)
    school = form.school(new_id(), source)
    if not await store.insert_school(tx, school):
        return None
    tell_school(tx, school, SchoolRegistered)
    for entry in people:
        await enrol(tx, school.school_id, entry, people_source)
    await resume_requests(tx, [school])
    return school


async def known_school(tx: Tx, school_id: UUID) -> School:
    """A school as it is. Raises NotFound."""
    school = await store.school(tx, school_id)
    if school is None:
        raise NotFound
    return school


async def lock_school(tx: Tx, school_id: UUID, *requisites: str | None) -> School:
    """A school, locked after its requisites and these, as judging and registering do. Raises NotFound, Stale."""
    seen = await known_school(tx, school_id)
    await store.lock_requisites(tx, seen.facts.inn, seen.facts.ogrn, *requisites)
    school = await store.school_for_update(tx, school_id)
    assert school, "schools are never deleted"
    if school.requisites != seen.requisites:  # changed since it was seen: another's lock is held
        raise Stale(**school.facts.model_dump(mode="json"))
    return school


async def change_school(
    tx: Tx, school: School, given: Mapping[str, Any], by: str, *, reason: str | None = None
) -> School:
    """Put these fields into a locked school, keep who changed what, and tell. Nothing happens when nothing differs."""
    altered, changes = await save_changes(tx, school, given, by, reason)
    if changes:
        tell_school(tx, altered, SchoolChanged, changed=[one.field for one in changes])
    return altered


async def save_changes(
    tx: Tx, school: School, given: Mapping[str, Any], by: str, reason: str | None
) -> tuple[School, list[Change]]:
    """Put these fields into a locked school and keep who changed what; whoever calls tells it, if anything differs."""
    altered, changes = school.altered(given)
    if changes:
        altered = replace(altered, version=await store.save_school(tx, altered))
        await store.insert_changes(tx, altered, changes, by, reason)
    return altered, changes


def tell_school(tx: Tx, school: School, event: type[Event], **more: Any) -> None:
    """Tell what has happened to a school, and how it stands now, with all of its public block."""
    facts = vars(school.facts)
    publish(tx, event(**facts, **more), school.version)
    publish(tx, SchoolState(**facts), school.version)


async def tell_states(tx: Tx, after: UUID | None, limit: int) -> UUID | None:
    """Say again how schools stand, each locked so that nothing newer is overtaken. Returns the last one told."""
    schools = await store.next_schools_for_update(tx, after, limit)
    for school in schools:
        publish(tx, SchoolState(**school.facts.model_dump()), school.version)
    return schools[-1].school_id if schools else None


async def correct_school(tx: Tx, school: School, given: Mapping[str, Any], by: str) -> School:
    """A registrar's correction of a locked school; the caller holds the locks of old and new requisites.

    Other requisites may be those that somebody's request waits for, or applies with. Raises Conflict.
    """
    school.require_open()
    altered, _ = school.altered(given)
    if altered.requisites == school.requisites:
        return await change_school(tx, school, given, by)
    owner = await store.open_school_of(tx, altered.facts, but=school.school_id)
    if owner:
        raise Conflict("school-already-registered", name=owner.facts.full_name, school_id=str(owner.school_id))
    school = await change_school(tx, school, given, by)
    await resume_requests(tx, [school])
    await reject_overtaken(tx, school.facts)
    return school


async def set_status(tx: Tx, school: School, status: SchoolStatus, reason: str, by: str) -> School:
    """Suspend a locked school, or let it go on; the history keeps the reason. Raises Conflict, WrongStep."""
    school.require_step(status)
    return await change_school(tx, school, {"status": status}, by, reason=reason)
