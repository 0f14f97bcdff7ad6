"""Counters of wrong guesses. Rows are locked in the order of their keys by all who want several."""

from collections.abc import Sequence
from datetime import datetime

from chassis.outbox import Tx

from identity.domain.attempts import Counted, Tally

# The update changes nothing: it locks the row and returns it
_LOCK = """
INSERT INTO attempt AS held (key, login, level, at)
SELECT key, login, 0, $3 FROM unnest($1::bytea[], $2::bytea[]) AS wanted (key, login) ORDER BY key
ON CONFLICT (key) DO UPDATE SET key = held.key
RETURNING key, level, at
"""
_SAVE = """
UPDATE attempt SET level = fresh.level, at = $3 FROM unnest($1::bytea[], $2::float8[]) AS fresh (key, level)
WHERE attempt.key = fresh.key
"""
_TAKE_BACK = """
WITH held AS MATERIALIZED (SELECT key FROM attempt WHERE key = ANY ($1::bytea[]) ORDER BY key FOR UPDATE)
UPDATE attempt SET level = CASE WHEN attempt.key = ANY ($2::bytea[]) THEN 0 ELSE greatest(level - 1, 0) END
FROM held WHERE attempt.key = held.key
"""
_FORGET = """
WITH held AS MATERIALIZED (SELECT key FROM attempt WHERE login = $1 ORDER BY key FOR UPDATE)
DELETE FROM attempt USING held WHERE attempt.key = held.key
"""
_DROP = "DELETE FROM attempt WHERE key IN (SELECT key FROM attempt WHERE at <= $1 ORDER BY at LIMIT $2)"


async def tallies_for_update(tx: Tx, counted: Sequence[Counted]) -> list[Tally]:
    """The counters as they are, in the order given; new ones are empty."""
    rows = await tx.fetch(_LOCK, [one.key for one in counted], [one.login for one in counted], tx.now)
    found = {row["key"]: Tally(row["level"], row["at"]) for row in rows}
    return [found[one.key] for one in counted]


async def save_levels(tx: Tx, counted: Sequence[Counted], levels: Sequence[float]) -> None:
    """Keep what locked counters hold now."""
    await tx.execute(_SAVE, [one.key for one in counted], list(levels), tx.now)


async def take_back(tx: Tx, counted: Sequence[Counted]) -> None:
    """The guess was right: its own counters are empty, the shared ones have one failure less."""
    await tx.execute(_TAKE_BACK, [one.key for one in counted], [one.key for one in counted if one.own])


async def tallies_of_login(tx: Tx, login: bytes) -> dict[bytes, Tally]:
    """What is held against a login, by the keys of the counters; `login` is its mark."""
    rows = await tx.fetch("SELECT key, level, at FROM attempt WHERE login = $1", login)
    return {row["key"]: Tally(row["level"], row["at"]) for row in rows}


async def forget_login(tx: Tx, login: bytes) -> None:
    """Nothing is held against this login any more, whoever has guessed; `login` is its mark."""
    await tx.execute(_FORGET, login)


async def drop_attempts(tx: Tx, moment: datetime, limit: int) -> int:
    """Forget counters whose last failure was before then; returns how many."""
    return await tx.execute(_DROP, moment, limit)
