"""Following the schools by what has changed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.errors import Invalid
from chassis.outbox import Tx

from registry.domain.schools import School
from registry.store import reading as store


@dataclass(frozen=True)
class Place:
    """How far somebody has read: in which database, up to which change, of which school."""

    history: str
    change: int
    school_id: UUID


async def read_changes(tx: Tx, since: Place | datetime, limit: int) -> tuple[list[School], Place]:
    """The next changed schools, and how far that is. Raises Invalid for a place of another history."""
    place = await _place(tx, since)
    changed = await store.schools_changed(tx, (place.change, place.school_id), limit)
    if not changed:
        return [], place
    last, school = changed[-1]
    return [one for _, one in changed], Place(place.history, last, school.school_id)


async def _place(tx: Tx, since: Place | datetime) -> Place:
    history = await store.history_id(tx)
    if isinstance(since, datetime):
        return Place(history, await store.place_of_moment(tx, since), UUID(int=2**128 - 1))
    if since.history != history or not await store.is_place(tx, since.change):
        raise Invalid("changed-since-of-before", "/changed_since")
    return since
