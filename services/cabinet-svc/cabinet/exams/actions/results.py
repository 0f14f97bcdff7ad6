"""Who sees which results, and who has told the pupils."""

from collections.abc import Sequence
from uuid import UUID

from chassis.errors import Conflict, Invalid, NotFound
from chassis.outbox import Tx

from cabinet.exams.domain.dictionary import exam_of, is_entitled
from cabinet.exams.domain.results import Held, Result, Seen, Set, Version
from cabinet.exams.store import results as store


async def seen_by(tx: Tx, account_id: UUID, school_id: UUID, *, is_teacher: bool, wanted: Sequence[Set]) -> Seen:
    """What somebody may see of these sets of the own school; a teacher those of the own subjects. Raises NotFound for
    a teacher who is entitled to none of them."""
    if not is_teacher:
        return Seen(account_id, school_id, wanted)
    taught = await store.taught_by(tx, account_id, school_id)
    own = [one for one in wanted if is_entitled(taught, exam_of(one.exam, one.subject), one.year)]
    if not own:
        raise NotFound
    return Seen(account_id, school_id, own)


async def held_sets(tx: Tx, seen: Seen) -> list[Held]:
    """Sets with how many results the school has, and of how many the pupils know."""
    counts = await store.held(tx, seen.school_id, seen.set_ids)
    known = ((one, counts.get(one.set_id, (0, 0))) for one in seen.sets)
    return [Held(**vars(one), results=results, familiarised=told) for one, (results, told) in known]


async def known_versions(tx: Tx, seen: Seen, result_id: UUID) -> list[Version]:
    """What a result was and is. Raises NotFound."""
    if not await store.results(tx, seen.school_id, seen.set_ids, [result_id]):
        raise NotFound
    return await store.versions(tx, result_id)


async def familiarise(tx: Tx, seen: Seen, told: Sequence[tuple[UUID, int]]) -> list[Result]:
    """The pupils know these versions of their results; said again, the first time counts. All of them or none.

    Raises NotFound for what is not the caller's to see, Conflict for a version that is not the newest any more.
    """
    ids = [result_id for result_id, _ in told]
    if len(set(ids)) < len(ids):
        raise Invalid("exam-result-twice", "/results")
    found = {one.result_id: one for one in await store.results(tx, seen.school_id, seen.set_ids, ids)}
    for result_id, version in told:
        if result_id not in found:
            raise NotFound
        if found[result_id].version != version:
            raise Conflict("exam-result-newer", result_id=str(result_id), version=found[result_id].version)
    await store.insert_familiarisations(tx, seen.account_id, told)
    known = {one.result_id: one for one in await store.results(tx, seen.school_id, seen.set_ids, ids)}
    return [known[result_id] for result_id in ids]
