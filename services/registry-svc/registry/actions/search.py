"""Searching schools: by words, the most alike first, or by name."""

from collections.abc import Sequence
from uuid import UUID

from chassis.outbox import Tx

from registry.domain.schools import School
from registry.domain.search import LED_TO, Near, Query
from registry.store import schools as schools_store
from registry.store import search as store
from registry.store.search import Wanted


async def list_schools(tx: Tx, wanted: Wanted, after: tuple[str, UUID] | None, limit: int) -> list[School]:
    """By short name."""
    await store.plan_for_these(tx)
    return await schools_store.schools(tx, await store.school_ids_listed(tx, wanted, after, limit))


async def find_schools(
    tx: Tx, query: Query, wanted: Wanted, after: tuple[int, UUID] | None, limit: int
) -> list[tuple[int, School]]:
    """By likeness to the words of a query. Of words that too many schools have, the first schools are looked at."""
    await store.plan_for_these(tx)
    near = await store.near_words(tx, query.words)
    ranked = query.ranked(near, await _texts(tx, query.leading(near), wanted))
    page = [one for one in ranked if after is None or (-one[0], one[1]) > (-after[0], after[1])][:limit]
    schools = await schools_store.schools(tx, [school_id for _, school_id in page])
    return [(alike, school) for (alike, _), school in zip(page, schools, strict=True)]


async def _texts(tx: Tx, leading: Sequence[Near], wanted: Wanted) -> list[tuple[UUID, str]]:
    """Through the words; when those lead to too many schools, through what else is wanted as well."""
    texts = await store.texts_of_words(tx, leading, wanted)
    if wanted.is_anything or sum(one.schools for one in leading) < LED_TO:
        return texts
    return list({**dict(texts), **dict(await store.texts_wanted(tx, wanted))}.items())
