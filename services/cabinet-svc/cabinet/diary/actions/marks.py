"""Keep marks: all cells of one save or none, each change remembered."""

from collections.abc import Sequence
from uuid import UUID

from chassis.db import new_id
from chassis.errors import Conflict, NotFound
from chassis.outbox import Tx

from cabinet.diary.domain.calendar import today
from cabinet.diary.domain.lessons import Author
from cabinet.diary.domain.marks import Change, Entry, Ground, Judgement
from cabinet.diary.store import marks as store


async def save_marks(tx: Tx, who: Author, entries: Sequence[Entry], reason: str | None) -> list[Change]:
    """A column, a row or one cell. Raises Invalid with a pointer for every wrong cell, Stale with both values of every
    cell changed by somebody else, Conflict, NotFound."""
    grounds = await _editable(tx, who, {one.lesson_id for one in entries}, reason)
    kept = await store.cells(tx, [(grounds[one.lesson_id].year, *one.key) for one in entries])
    members = await store.members(tx, [one.key for one in entries])
    changes = Judgement(kept, members).changes(entries, grounds)
    if changes:
        await _write(tx, who, changes, reason)
    return changes


async def undo_marks(tx: Tx, who: Author, lesson_id: UUID, reason: str | None) -> list[Change]:
    """Take back what this author saved last under a lesson, as a save of its own. Raises as a save does, and Conflict
    when there is nothing, or somebody has changed one of the cells since."""
    grounds = await _editable(tx, who, {lesson_id}, reason)
    past = await store.last_save(tx, grounds[lesson_id], who.account_id)
    if not past:
        raise Conflict("nothing-to-undo")
    return await save_marks(tx, who, [one.undone() for one in past], reason)


async def _editable(tx: Tx, who: Author, lesson_ids: set[UUID], reason: str | None) -> dict[UUID, Ground]:
    day = today(tx.now)
    grounds = await store.grounds_for_update(tx, who.school_id, sorted(lesson_ids), who.account_id, day)
    if len(grounds) < len(lesson_ids):
        raise NotFound
    for ground in grounds.values():
        ground.require_editable(day, reason)
    return grounds


async def _write(tx: Tx, who: Author, changes: Sequence[Change], reason: str | None) -> None:
    await store.save_cells(tx, changes)
    await store.remember(tx, changes, new_id(), who.account_id, reason)
    await store.add_to_tally(tx, changes)
    await store.render_cells(tx, {one.ground.lesson_id for one in changes})
