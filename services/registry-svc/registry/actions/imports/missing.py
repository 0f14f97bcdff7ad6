"""What a full copy of the feed no longer has: ended only as it was seen, much of it only by two people."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from chassis.errors import Conflict, Invalid
from chassis.outbox import Tx
from ekis_contracts.days import today

from registry.actions.closing import ask_to_close
from registry.actions.imports.jobs import locked_import
from registry.actions.schools import lock_school
from registry.actions.staff import end_all
from registry.domain.deeds import MOST_BY_ONE, Closing, needs_second_person
from registry.domain.imports.jobs import Ending, Job
from registry.domain.schools import School
from registry.domain.staff import Staff
from registry.store import imports as store
from registry.store import schools as schools_store
from registry.store import staff as staff_store

MOST_SCHOOLS = 1_000  # each takes two locks of the server's few thousand

LIQUIDATED: Literal["liquidated"] = "liquidated"


@dataclass(frozen=True)
class Ended:
    """How many have ended, wait for a second person, or stay because something else is going on with them."""

    ended: int = 0
    waiting: int = 0
    kept: int = 0


async def end_missing(tx: Tx, import_id: UUID, expected: int, reason: str, by: UUID) -> Ended:
    """End what is missing, if it is as many as were seen. Raises NotFound, WrongStep, Conflict, Invalid."""
    job = await locked_import(tx, import_id)
    job.require_closable()
    missing = await store.missing_subjects(tx, import_id)
    job.require_expected(expected, len(missing))
    if job.kind == "schools":
        if reason != LIQUIDATED:
            raise Invalid("import-reason-liquidated", "/reason")
        return await _close_schools(tx, job, missing, by)
    staff = await staff_store.staff_for_update_of(tx, missing)
    if await _is_much(tx, staff):
        await store.save_ending(tx, import_id, Ending(expected, reason, by, tx.now))
        return Ended(waiting=len(staff))
    return await _end_staff(tx, job, staff, reason)


async def approve_ending(tx: Tx, import_id: UUID, by: UUID) -> Ended:
    """A second person agrees to what waits. Raises NotFound, WrongStep, Conflict, Forbidden."""
    job = await locked_import(tx, import_id)
    job.require_closable()
    if job.ending is None:
        raise Conflict("no-open-deed")
    job.ending.require_second(by, tx.now)
    staff = await staff_store.staff_for_update_of(tx, await store.missing_subjects(tx, import_id))
    job.require_expected(job.ending.count, len(staff))
    return await _end_staff(tx, job, staff, job.ending.reason)


async def _is_much(tx: Tx, staff: Sequence[Staff]) -> bool:
    """By the roll of any school, or all together."""
    ends = Counter(one.school_id for one in staff)
    rolls = await staff_store.roll_sizes(tx, list(ends))
    return len(staff) > MOST_BY_ONE or any(needs_second_person(count, rolls[it]) for it, count in ends.items())


async def _end_staff(tx: Tx, job: Job, staff: Sequence[Staff], reason: str) -> Ended:
    await end_all(tx, staff, reason)
    await store.save_missing_closed(tx, job.import_id)
    return Ended(ended=len(staff))


async def _close_schools(tx: Tx, job: Job, missing: Sequence[UUID], by: UUID) -> Ended:
    """Each as if it had been closed by hand, today; a roll that would end waits among the deeds. Raises Conflict."""
    if len(missing) > MOST_SCHOOLS:
        raise Conflict("import-missing-many", missing=len(missing), most=MOST_SCHOOLS)
    closing = Closing(LIQUIDATED, today(tx.now))
    known = [await schools_store.school(tx, school_id) for school_id in missing]
    keys = [key for one in known if one for key in (one.facts.inn, one.facts.ogrn)]
    await schools_store.lock_requisites(tx, *keys)
    done: Counter[str] = Counter()
    for school_id in sorted(missing):
        try:
            closed = await ask_to_close(tx, await lock_school(tx, school_id), closing, by)
        except Conflict:  # a deed of its own is open, or somebody's staff is to move there
            done["kept"] += 1
        else:
            done["ended" if isinstance(closed, School) else "waiting"] += 1
    await store.save_missing_closed(tx, job.import_id)
    return Ended(**done)
