"""How much somebody has used of what is limited, and what counted once is spent: proofs of work, assertions."""

from datetime import datetime, timedelta

from chassis.outbox import Tx

_USE = """
INSERT INTO quota AS held (key, used, until) VALUES ($1, 1, $3)
ON CONFLICT (key) DO UPDATE SET used = CASE WHEN held.until <= $2 THEN 1 ELSE held.used + 1 END,
    until = CASE WHEN held.until <= $2 THEN $3 ELSE held.until END
RETURNING used
"""
_SPEND = "INSERT INTO used_challenge (signature, until) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING true"
_DROP = "DELETE FROM quota WHERE key IN (SELECT key FROM quota WHERE until <= $1 ORDER BY until LIMIT $2)"
_DROP_SPENT = """
DELETE FROM used_challenge WHERE signature IN
    (SELECT signature FROM used_challenge WHERE until <= $1 ORDER BY until LIMIT $2)
"""


async def use(tx: Tx, key: bytes, window: timedelta) -> int:
    """Once more; returns how often within this window, which begins with the first use."""
    used: int = await tx.fetchval(_USE, key, tx.now, tx.now + window)
    return used


async def spend_challenge(tx: Tx, signature: str, until: datetime) -> bool:
    """Whether the challenge, or the assertion of this mark, was not used before, for it is now."""
    return bool(await tx.fetchval(_SPEND, signature, until))


async def drop_quotas(tx: Tx, limit: int) -> int:
    """Forget windows that are over; returns how many."""
    return await tx.execute(_DROP, tx.now, limit)


async def drop_spent(tx: Tx, limit: int) -> int:
    """Forget what nobody takes any more; returns how many."""
    return await tx.execute(_DROP_SPENT, tx.now, limit)
