"""Schools as they are searched for. However common a word is, what is read is bounded."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal, get_args
from uuid import UUID

from chassis.db import Tx
from ekis_contracts.values import SchoolStatus

from registry.domain.search import LED_TO, LOOKED_AT, Near

NEAREST = 6  # words that begin like one of the query, and as many that are spelt like it
# OFFSET 0 keeps it a look-up per school, whatever the planner thinks of their number
_LOOKED_UP = """CROSS JOIN LATERAL (
    SELECT search FROM school WHERE school.school_id = led.school_id AND {} OFFSET 0
) AS known"""


@dataclass(frozen=True)
class Wanted:
    """What a search asks for beside the words: requisites, a status, a district that may be an okrug."""

    requisites: Sequence[tuple[Literal["inn", "ogrn"], str]] = ()
    status: SchoolStatus | None = None
    district: str | None = None

    @property
    def is_anything(self) -> bool:
        """Whether every school will do."""
        return not self.requisites and self.status is None and self.district is None

    def values(self) -> list[str]:
        """The parameters of the conditions."""
        rest = [value for value in (self.status, self.district) if value]
        return [*(value for _, value in self.requisites), *rest]

    def condition(self, place: int) -> str:
        """SQL whose parameters are counted from this place."""
        names = [name for name, _ in self.requisites] + ["status"] * bool(self.status)
        parts = [f"{name} = ${number}" for number, name in enumerate(names, place)]
        if self.district:
            given = f"${place + len(names)}"
            parts.append(f"(district = {given} OR okrug = {given})")
        return " AND ".join(parts) or "true"

    def ranges(self, place: int) -> list[str]:
        """The same as several conditions, each a range of one index in the order of names, and nothing else."""
        if self.requisites:
            return [self.condition(place)]
        statuses = [f"status = ${place}"] if self.status else [f"status = '{one}'" for one in get_args(SchoolStatus)]
        given = f"${place + bool(self.status)}"
        places = [f"district = {given}", f"okrug = {given}"] if self.district else ["true"]
        return [f"{one} AND {other}" for one, other in product(statuses, places)]


async def plan_for_these(tx: Tx) -> None:
    """Plan this transaction's statements for their values: what suits most districts walks all schools for one that
    has none."""
    await tx.execute("SET LOCAL plan_cache_mode = force_custom_plan")


async def near_words(tx: Tx, words: Sequence[str]) -> list[Near]:
    """The words of schools that begin like one of these or are spelt like it. Below `A` there are numbers."""
    sql = """
    SELECT (no - 1)::int AS asked, near.word, near.likeness, posted.schools::int
    FROM unnest($1::text[]) WITH ORDINALITY AS asked (text, no)
    CROSS JOIN LATERAL (
        SELECT word, max(likeness) AS likeness FROM (
            (SELECT word, 0 AS likeness FROM search_word
             WHERE word >= asked.text AND word < asked.text || chr(1114111) ORDER BY word LIMIT $2)
            UNION ALL
            (SELECT word, (100 * similarity(word, asked.text))::int AS likeness FROM search_word
             WHERE word % asked.text AND word >= 'A' ORDER BY likeness DESC, word LIMIT $2)
        ) AS found GROUP BY word
    ) AS near
    CROSS JOIN LATERAL (
        SELECT count(*) AS schools FROM (SELECT FROM school_word AS s WHERE s.word = near.word LIMIT $3) AS first
    ) AS posted
    """
    rows = await tx.fetch(sql, list(words), NEAREST, LED_TO)
    return [Near(**dict(row)) for row in rows]


async def texts_of_words(tx: Tx, near: Sequence[Near], wanted: Wanted) -> list[tuple[UUID, str]]:
    """Id and search text of the schools wanted that have one of these words, of the first words first."""
    sql = f"""
    SELECT school_id, search FROM (
        SELECT DISTINCT school_id FROM (
            SELECT posted.school_id FROM unnest($1::text[]) AS w (word) CROSS JOIN LATERAL (
                SELECT school_id FROM school_word AS s WHERE s.word = w.word ORDER BY school_id LIMIT $2
            ) AS posted LIMIT $2
        ) AS first
    ) AS led {_LOOKED_UP.format(wanted.condition(3))}
    """  # noqa: S608 - conditions from above
    rows = await tx.fetch(sql, [one.word for one in near], LED_TO, *wanted.values())
    return [(row["school_id"], row["search"]) for row in rows]


async def texts_wanted(tx: Tx, wanted: Wanted) -> list[tuple[UUID, str]]:
    """Id and search text of the first schools wanted, by name."""
    sql = f"SELECT school_id, search FROM ({_listed(wanted, None, LOOKED_AT)}) AS led {_LOOKED_UP.format('true')}"  # noqa: S608
    return [(row["school_id"], row["search"]) for row in await tx.fetch(sql, *wanted.values())]


async def school_ids_listed(tx: Tx, wanted: Wanted, after: tuple[str, UUID] | None, limit: int) -> list[UUID]:
    """By short name."""
    rows = await tx.fetch(_listed(wanted, after, limit), *(after or ()), *wanted.values())
    return [row["school_id"] for row in rows]


def _listed(wanted: Wanted, after: tuple[str, UUID] | None, limit: int) -> str:
    below = "(short_name, school_id) > ($1, $2)" if after else "true"
    order = f"ORDER BY short_name, school_id LIMIT {limit:d}"
    parts = [
        f"(SELECT short_name, school_id FROM school WHERE {below} AND {one} {order})"  # noqa: S608 - names from code
        for one in wanted.ranges(3 if after else 1)
    ]
    return f"SELECT school_id FROM ({' UNION '.join(parts)}) AS found {order}"  # noqa: S608
