"""Schools: registering and changing."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from chassis.outbox import Tx, new_id, publish
from ekis_contracts.registry import SchoolChanged, SchoolRegistered

from registry.actions.requests import resume_requests
from registry.actions.staff import enrol
from registry.domain.schools import School, SchoolForm, Source
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
    publish(tx, SchoolRegistered(**school.facts.model_dump()), school.version)
    for entry in people:
        await enrol(tx, school.school_id, entry, people_source)
    await resume_requests(tx, school)
    return school


async def change_school(tx: Tx, school: School, given: Mapping[str, Any], by: str) -> School:
    """Put these fields into a locked school, keep who changed what, and tell. Nothing happens when nothing differs."""
    altered, changes = school.altered(given)
    if not changes:
        return school
    altered = replace(altered, version=await store.save_school(tx, altered))
    await store.insert_changes(tx, altered, changes, by)
    publish(tx, SchoolChanged(**altered.facts.model_dump(), changed=[one.field for one in changes]), altered.version)
    return altered
