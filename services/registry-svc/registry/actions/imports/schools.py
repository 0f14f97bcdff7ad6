"""Rows about schools: registered all at once, changed one by one."""

from collections.abc import Container, Iterable, Sequence

from chassis.outbox import Tx, new_id
from ekis_contracts.registry import SchoolRegistered

from registry.actions.outcomes import reject_overtaken
from registry.actions.requests import resume_requests
from registry.actions.schools import change_school, tell_school
from registry.domain.imports.jobs import Job, Remark, RowVerdict, Seen
from registry.domain.imports.schools import Decision, Known, SchoolRow, compare, decide
from registry.domain.schools import School
from registry.store import imports as store
from registry.store import schools as schools_store

BY = "feed"


async def import_schools(tx: Tx, job: Job, rows: Sequence[SchoolRow], seen: Seen) -> list[RowVerdict]:
    """The verdict on each row; unless it is a dry run, what it says is done."""
    known = Known(await _schools_of(tx, rows))
    decisions = decide(rows, known, seen)
    if job.mode == "dry-run":
        return [one.verdict for one in decisions]
    moving = [one for one in decisions if one.verdict.verdict == "new" or _moves(one)]
    await _lock(tx, moving)
    if not known.holds(await _schools_of(tx, [one.row for one in moving])):
        decisions = decide(rows, Known(await _schools_of(tx, rows)), seen)
    done = {one.row.number: one for one in decisions}
    done |= await _registered(tx, [one for one in decisions if one.verdict.verdict == "new"])
    done |= await _changed(tx, [one for one in decisions if one.verdict.verdict == "changed"])
    await _mark(tx, done.values())
    return [one.verdict for one in done.values()]


async def _schools_of(tx: Tx, rows: Sequence[SchoolRow]) -> list[School]:
    said = [row.fields for row in rows]
    inns, ogrns, numbers = ([one[key] for one in said if key in one] for key in ("inn", "ogrn", "external_id"))
    return await schools_store.schools_of_rows(tx, inns, ogrns, numbers) if rows else []


def _moves(one: Decision) -> bool:
    return not {"inn", "kpp", "ogrn"}.isdisjoint(one.verdict.changed)


async def _lock(tx: Tx, moving: Sequence[Decision]) -> None:
    """From here on nobody else registers or judges by these requisites."""
    new = [one.row.fields.get(key) for one in moving for key in ("inn", "ogrn")]
    old = [key for one in moving if one.school for key in (one.school.facts.inn, one.school.facts.ogrn)]
    if new:
        await schools_store.lock_requisites(tx, *new, *old)


async def _registered(tx: Tx, fresh: Sequence[Decision]) -> dict[int, Decision]:
    """All new schools in one statement, then the requests that waited for any of them."""
    if not fresh:
        return {}
    schools = {one.row.number: one.row.school(new_id()) for one in fresh}
    there = await schools_store.insert_schools(tx, list(schools.values()))
    made = [school for school in schools.values() if school.school_id in there]
    for school in made:
        tell_school(tx, school, SchoolRegistered)
    await resume_requests(tx, made)
    await reject_overtaken(tx, *(school.facts for school in made))
    return {one.row.number: _entered(one.row, schools[one.row.number], there) for one in fresh}


def _entered(row: SchoolRow, school: School, there: Container[object]) -> Decision:
    if school.school_id in there:
        return Decision(row, row.verdict("new", school.school_id), school)
    return Decision(row, row.verdict("rejected", None, Remark("row", "import-taken-meanwhile")))


async def _changed(tx: Tx, altered: Sequence[Decision]) -> dict[int, Decision]:
    """Each under its lock; what somebody else has just put right is unchanged."""
    if not altered:
        return {}
    locked = await schools_store.schools_for_update(tx, [one.school.school_id for one in altered if one.school])
    done, moved = {}, []
    for one in altered:
        assert one.school
        school = locked[one.school.school_id]
        verdict = compare(one.row, school)
        if verdict.verdict == "changed":
            changed = await change_school(tx, school, one.row.fields, BY)
            moved += [changed] * (changed.requisites != school.requisites)
            school = changed
        done[one.row.number] = Decision(one.row, verdict, school)
    if moved:
        await resume_requests(tx, moved)
        await reject_overtaken(tx, *(school.facts for school in moved))
    return done


async def _mark(tx: Tx, done: Iterable[Decision]) -> None:
    """Know these rows again: the schools agree with them now."""
    agreed = [one.row.mark(one.school) for one in done if one.school and one.verdict.verdict != "rejected"]
    await store.save_marks(tx, [mark for mark in agreed if mark])
