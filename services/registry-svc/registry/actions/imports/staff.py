"""Rows about people: enrolled and corrected like anybody by the department."""

from collections.abc import Sequence
from dataclasses import replace

from chassis.outbox import Tx

from registry.actions.staff import change_staff, enrol
from registry.domain.imports.jobs import Job, Remark, RowVerdict, Seen
from registry.domain.imports.staff import Decision, StaffRow, decide, find_school
from registry.domain.schools import School
from registry.domain.staff import Staff
from registry.store import schools as schools_store
from registry.store import staff as staff_store


async def import_staff(tx: Tx, job: Job, rows: Sequence[StaffRow], seen: Seen) -> list[RowVerdict]:
    """The verdict on each row; unless it is a dry run, what it says is done."""
    inns, ogrns = [row.inn for row in rows if row.inn], [row.ogrn for row in rows if row.ogrn]
    known = await schools_store.schools_of_rows(tx, inns, ogrns)
    if job.mode == "apply":  # two files about the same school, judging and closing it, take turns
        await schools_store.lock_requisites(tx, *(school.facts.inn for school in known))
        known = await schools_store.schools_of_rows(tx, inns, ogrns)
    decisions = decide(rows, known, await _roll(tx, rows, known), seen)
    if job.mode == "dry-run":
        return [one.verdict for one in decisions]
    return [await _done(tx, one) for one in decisions]


async def _roll(tx: Tx, rows: Sequence[StaffRow], known: Sequence[School]) -> list[Staff]:
    whole = [row for row in rows if not row.reasons]
    places = [place for row in whole if isinstance(place := find_school(row, known), School)]
    numbers = [row.external_id for row in whole if row.external_id]
    ids = list({school.school_id for school in places})
    return await staff_store.roll_of_rows(tx, ids, [row.name for row in whole], numbers)


async def _done(tx: Tx, one: Decision) -> RowVerdict:
    if one.verdict.verdict == "new" and one.school:
        staff = await enrol(tx, one.school.school_id, one.row.entry, "feed")
        return replace(one.verdict, staff_id=staff.staff_id)
    if one.verdict.verdict == "changed" and one.school and one.staff:
        locked = await staff_store.staff_for_update(tx, one.school.school_id, one.staff.staff_id)
        if locked is None or not locked.is_live:
            return one.row.verdict("rejected", one.school, None, Remark("row", "import-taken-meanwhile"))
        await change_staff(tx, locked, one.row.fields, "department")
    return one.verdict
