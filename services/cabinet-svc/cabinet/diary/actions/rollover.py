"""End a school year."""

from collections.abc import Iterable
from uuid import UUID

from chassis.db import new_id
from chassis.errors import Conflict
from chassis.outbox import Tx

from cabinet.diary.actions.setup import locked_rules, open_year
from cabinet.diary.domain.calendar import today
from cabinet.diary.domain.rollover import Rollover, planned, require_time
from cabinet.diary.store import rollover as store


async def plan_rollover(tx: Tx, school_id: UUID, year: int, leaving: Iterable[UUID]) -> Rollover:
    """What would become of the year. Raises Invalid, Conflict."""
    classes = await store.classes(tx, school_id, year)
    if await store.has_ended(tx, school_id, year):
        raise Conflict("year-ended", year=year)
    return planned(year, classes, frozenset(leaving), await store.names(tx, school_id, year + 1))


async def roll_over(tx: Tx, school_id: UUID, year: int, leaving: Iterable[UUID]) -> Rollover:
    """Close the year: its classes stay as they were, to be read; who goes on is in a class a grade up from the first
    day of the new year. Raises as the plan does; Conflict too early in the year."""
    await locked_rules(tx, school_id)
    require_time(year, today(tx.now))
    await store.lock_classes(tx, school_id, year)
    plan = await plan_rollover(tx, school_id, year, leaving)
    await open_year(tx, year + 1)
    next_ids = {one.class_id: new_id() for one in plan.going_on}
    await store.raise_classes(tx, [*next_ids], [*next_ids.values()])
    ended = await store.end_memberships(tx, [one.class_id for one in plan.going_on + plan.leaving], plan.last_day)
    going_on = [(pupil_id, next_ids[class_id]) for pupil_id, class_id in ended if class_id in next_ids]
    await store.join_classes(tx, going_on, plan.first_day)
    await store.close_terms(tx, school_id, year)
    await store.end_year(tx, school_id, year)
    return plan
