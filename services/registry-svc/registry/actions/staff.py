"""The staff roll: enrol, correct, end."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from chassis.errors import NotFound
from chassis.outbox import Tx, new_id, publish
from ekis_contracts import ForCabinet, ForIdentity
from ekis_contracts.days import today
from ekis_contracts.registry import StaffChanged, StaffEnrolled, StaffLeft

from registry.domain.staff import (
    By,
    Staff,
    StaffEntry,
    StaffSource,
    changed_fields,
    corrected,
    reason_code,
    require_department,
    require_live,
)
from registry.store import schools as schools_store
from registry.store import staff as store


async def enrol(tx: Tx, school_id: UUID, entry: StaffEntry, source: StaffSource) -> Staff:
    """Put a person on the roll."""
    staff = Staff(staff_id=new_id(), school_id=school_id, version=1, entry=entry)
    await store.insert_staff(tx, staff, source)
    name = entry.name
    facts = staff.facts.model_dump()
    publish(tx, StaffEnrolled(**facts, name=ForCabinet(name), name_for_identity=ForIdentity(name)), staff.version)
    return staff


async def enrol_by_hand(tx: Tx, school_id: UUID, entry: StaffEntry, by: By) -> Staff:
    """Put a person on the roll of a school that somebody may manage. Raises Conflict, Forbidden, NotFound."""
    require_department(by, entry.category)
    await require_open_school(tx, school_id)
    return await enrol(tx, school_id, entry, "hand")


async def require_open_school(tx: Tx, school_id: UUID) -> None:
    """The school stays open until this transaction ends. Raises NotFound, Conflict."""
    school = await schools_store.school_for_share(tx, school_id)
    if school is None:
        raise NotFound
    school.require_open()


async def known_staff(tx: Tx, staff_id: UUID) -> Staff:
    """A record, live or not. Raises NotFound."""
    staff = await store.staff(tx, staff_id)
    if staff is None:
        raise NotFound
    return staff


async def locked_staff(tx: Tx, school_id: UUID, staff_id: UUID) -> Staff:
    """A live record of this school, locked. Raises NotFound, Conflict."""
    staff = await store.staff_for_update(tx, school_id, staff_id)
    if staff is None:
        raise NotFound
    require_live(staff)
    return staff


async def change_staff(tx: Tx, staff: Staff, given: Mapping[str, Any], by: By) -> Staff:
    """Correct a locked record. Nothing is told when nothing differs."""
    entry = corrected(staff.entry, given)
    changed = changed_fields(staff.entry, entry)
    if not changed:
        return staff
    require_department(by, staff.entry.category, entry.category)
    staff = replace(staff, entry=entry)
    staff = replace(staff, version=await store.save_staff(tx, staff))
    _tell_changed(tx, staff, changed)
    return staff


def _tell_changed(tx: Tx, staff: Staff, changed: list[str]) -> None:
    name, facts = staff.entry.name, staff.facts.model_dump()
    sealed = {"name": ForCabinet(name), "name_for_identity": ForIdentity(name)}
    publish(tx, StaffChanged(**facts, changed=changed, **sealed), staff.version)


async def end_staff(tx: Tx, staff: Staff, reason: str, by: By) -> None:
    """The person has left, for good."""
    require_department(by, staff.entry.category)
    version = await store.end_staff(tx, staff.staff_id, today(tx.now), reason)
    publish(tx, StaffLeft(staff_id=staff.staff_id, school_id=staff.school_id, reason=reason_code(reason)), version)


async def end_roll(tx: Tx, school_id: UUID, reason: str) -> None:
    """Everybody has left, for good: one statement, an event each."""
    await end_all(tx, await store.roll_for_update(tx, school_id), reason)


async def end_all(tx: Tx, locked: Sequence[Staff], reason: str) -> None:
    """The people of these locked live records have left, for good."""
    await store.end_roll(tx, [staff.staff_id for staff in locked], today(tx.now), reason)
    for staff in locked:
        left = StaffLeft(staff_id=staff.staff_id, school_id=staff.school_id, reason=reason_code(reason))
        publish(tx, left, staff.version + 1)


async def move_roll(tx: Tx, school_id: UUID, to: UUID) -> None:
    """Everybody goes on at another school under the same record: one statement, an event each."""
    roll = await store.roll_for_update(tx, school_id)
    await store.move_roll(tx, [staff.staff_id for staff in roll], to)
    for staff in roll:
        _tell_changed(tx, replace(staff, school_id=to, version=staff.version + 1), ["school_id"])
