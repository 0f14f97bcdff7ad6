"""The effect that all react with: a copy of the school, newer versions only, in ours and in the peers' transactions."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from chassis.db import Tx
from chassis.inbox import Reactions, Told
from ekis_contracts import Envelope
from ekis_contracts.registry import SchoolRegistered

REMEMBER = """
INSERT INTO inbox (reaction, source, event_id, topic, partition, position)
SELECT 'copy_schools', source, event_id, $1, $2, position
FROM unnest($3::text[], $4::uuid[], $5::bigint[]) AS told (source, event_id, position)
ON CONFLICT DO NOTHING RETURNING event_id
"""
COPY = """
INSERT INTO school_copy AS known (id, version, inn, name, kind, status)
SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[])
ON CONFLICT (id) DO UPDATE SET version = excluded.version, inn = excluded.inn, name = excluded.name,
    kind = excluded.kind, status = excluded.status
WHERE known.version < excluded.version
"""

Fact = tuple[UUID, int, str, str, str, str]


def fact(event: SchoolRegistered, version: int) -> Fact:
    return event.school_id, version, event.inn, event.full_name, event.kind, event.status


def columns(facts: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*facts, strict=True)]


def in_batches() -> Reactions:
    reactions = Reactions()

    @reactions.on_batch(SchoolRegistered)
    async def copy_schools(tx: Tx, told: list[Told]) -> None:
        await tx.execute(COPY, *columns([fact(one.event, one.envelope.sequence) for one in told]))

    return reactions


def one_by_one() -> Reactions:
    reactions = Reactions()

    @reactions.on(SchoolRegistered)
    async def copy_school(tx: Tx, event: SchoolRegistered, envelope: Envelope) -> None:
        await tx.execute(COPY, *columns([fact(event, envelope.sequence)]))

    return reactions


async def react(connection: Any, place: tuple[str, int], said: Sequence[tuple[str, UUID, int, Fact]]) -> None:
    """A peer's transaction for these of one partition; `said` is source, id, position and fact of each."""
    async with connection.transaction():
        sources, ids, positions, facts = columns(said)
        fresh = {row["event_id"] for row in await connection.fetch(REMEMBER, *place, sources, ids, positions)}
        new = [one for event_id, one in zip(ids, facts, strict=True) if event_id in fresh]
        if new:
            await connection.execute(COPY, *columns(new))
