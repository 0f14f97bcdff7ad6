"""City systems in the database."""

import json
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

import asyncpg
from chassis.db import Row
from chassis.outbox import Tx

from identity.domain.systems import CitySystem, SystemKey, Terms

_OWN = ("id", "version", "state", "session_epoch", "registered_at", "last_token_at")

_INSERT = """
INSERT INTO city_system (id, version, name, contact, keys, scopes, state, session_epoch, registered_at)
VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING
"""
_SAVE = """
UPDATE city_system SET version = version + 1, name = $2, contact = $3, keys = $4, scopes = $5, state = $6,
    session_epoch = $7
WHERE id = $1
"""
_LISTED = "SELECT * FROM city_system WHERE $1::uuid IS NULL OR id > $1 ORDER BY id LIMIT $2"


def _system(row: Row) -> CitySystem:
    terms = Terms(row["name"], row["contact"], frozenset(row["scopes"]))
    keys = tuple(SystemKey(**one) for one in json.loads(row["keys"]))
    own = {field: row[field] for field in _OWN}
    return CitySystem(**own, terms=terms, keys=keys)


def _values(system: CitySystem) -> tuple[object, ...]:
    keys = json.dumps([asdict(key) for key in system.keys])
    terms = system.terms
    return system.id, terms.name, terms.contact, keys, sorted(terms.scopes), system.state, system.session_epoch


async def insert_system(tx: Tx, system: CitySystem) -> bool:
    """False if another one that has not ended has this name."""
    return await tx.execute(_INSERT, *_values(system), system.registered_at) == 1


async def save_system(tx: Tx, system: CitySystem) -> bool:
    """Keep a locked one, its version raised. False, and nothing more can be asked, if another has its name."""
    with suppress(asyncpg.UniqueViolationError):
        return await tx.execute(_SAVE, *_values(system)) == 1
    return False


async def system(tx: Tx, system_id: UUID) -> CitySystem | None:
    """One of them."""
    row = await tx.fetchrow("SELECT * FROM city_system WHERE id = $1", system_id)
    return _system(row) if row else None


async def system_for_update(tx: Tx, system_id: UUID) -> CitySystem | None:
    """The same, locked."""
    row = await tx.fetchrow("SELECT * FROM city_system WHERE id = $1 FOR UPDATE", system_id)
    return _system(row) if row else None


async def system_named_for_update(tx: Tx, name: str) -> CitySystem | None:
    """The one of this name, whatever its letters' case, that has not ended; locked."""
    sql = "SELECT * FROM city_system WHERE lower(name) = lower($1) AND state <> 'ended' FOR UPDATE"
    row = await tx.fetchrow(sql, name)
    return _system(row) if row else None


async def systems(tx: Tx, after: UUID | None, limit: int) -> list[CitySystem]:
    """All of them, in the order in which they were registered."""
    return [_system(row) for row in await tx.fetch(_LISTED, after, limit)]


async def note_token(tx: Tx, system_id: UUID, now: datetime) -> None:
    """It was given a token; not a change of the system."""
    await tx.execute("UPDATE city_system SET last_token_at = $2 WHERE id = $1", system_id, now)
