"""Give final marks, and say how they are rounded."""

from collections.abc import Sequence
from typing import cast
from uuid import UUID

from chassis.errors import NotFound
from chassis.outbox import Tx

from cabinet.diary.domain.finals import Finals, Given, Rounding, Standing, changes
from cabinet.diary.domain.lessons import Author, Place
from cabinet.diary.store import finals as store
from cabinet.diary.store import pupils, setup


async def finals_of(tx: Tx, who: Author, place: Place, of: tuple[UUID, UUID, UUID | None]) -> Finals:
    """Which finals are meant. Raises NotFound for a term that is not the class's."""
    class_id, subject_id, term_id = of
    if await store.term_held(tx, who.school_id, place.year, place.grade, term_id) is None:
        raise NotFound
    return Finals(class_id, subject_id, place.year, term_id)


async def rounding_of(tx: Tx, school_id: UUID) -> Rounding:
    """The school's rule."""
    return cast(Rounding, (await setup.rules(tx, school_id))[0])


async def give_finals(
    tx: Tx, who: Author, place: Place, of: Finals, given: Sequence[Given], *, reason: str | None
) -> list[tuple[Standing, dict[str, str]]]:
    """All of a save or none; those of the year count to its last term. Raises Invalid for every wrong one, Stale with
    both values, Conflict in a closed term, NotFound for who does not teach there."""
    place.require_own()
    await pupils.lock_pupils(tx, {one.pupil_id for one in given})  # who has moved is in the lists of two classes
    await pupils.lock_classes(tx, [of.class_id])
    term = await store.term_held(tx, who.school_id, of.year, place.grade, of.term_id)
    assert term is not None
    term.require_open()
    standings = {one.pupil_id: one for one, _ in await store.standings(tx, of)}
    changed = changes(given, standings, await rounding_of(tx, who.school_id), reason)
    if changed:
        await store.save(tx, of, [one for one, _ in changed])
        await store.remember(tx, of, changed, who.account_id, reason)
    return await store.standings(tx, of)
