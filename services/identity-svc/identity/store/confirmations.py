"""Confirmations by mail. All that changes one holds the row lock of its account, of an `email-code` its ticket's."""

from datetime import datetime
from uuid import UUID

from chassis.db import Row
from chassis.outbox import Tx

from identity.domain.confirmations import Confirmation, Purpose

_FIELDS = tuple(Confirmation.__dataclass_fields__)
_INSERT = f"""
INSERT INTO confirmation ({", ".join(_FIELDS)}, digest)
VALUES ({", ".join(f"${place}" for place in range(1, len(_FIELDS) + 2))})
"""  # noqa: S608 - names of our own columns
_EXPIRED = """
DELETE FROM confirmation WHERE id IN (SELECT id FROM confirmation WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)
"""
_VOID = """
UPDATE confirmation SET state = 'void'
WHERE account_id = $1 AND purpose = $2 AND ticket_id IS NOT DISTINCT FROM coalesce($3, ticket_id) AND state = 'open'
"""


def _confirmation(row: Row) -> Confirmation:
    return Confirmation(**{field: row[field] for field in _FIELDS})


async def insert_confirmation(tx: Tx, confirmation: Confirmation, digest: bytes) -> None:
    """A code was mailed."""
    await tx.execute(_INSERT, *(getattr(confirmation, field) for field in _FIELDS), digest)


async def confirmation(tx: Tx, digest: bytes) -> Confirmation | None:
    """By its code, as it is."""
    row = await tx.fetchrow("SELECT * FROM confirmation WHERE digest = $1", digest)
    return _confirmation(row) if row else None


async def use_confirmation(tx: Tx, confirmation_id: UUID) -> None:
    """It has done what it was for."""
    await tx.execute("UPDATE confirmation SET state = 'used' WHERE id = $1", confirmation_id)


async def void_confirmations(tx: Tx, account_id: UUID, purpose: Purpose, ticket_id: UUID | None = None) -> None:
    """Open ones about an account (of one ticket, if it is given) are worth nothing any more."""
    await tx.execute(_VOID, account_id, purpose, ticket_id)


async def count_since(tx: Tx, account_id: UUID, purpose: Purpose, moment: datetime) -> int:
    """How many were mailed since then."""
    sql = "SELECT count(*) FROM confirmation WHERE account_id = $1 AND purpose = $2 AND created_at > $3"
    count: int = await tx.fetchval(sql, account_id, purpose, moment)
    return count


async def forget_confirmations(tx: Tx, account_id: UUID) -> None:
    """Nothing of an erased account stays."""
    await tx.execute("DELETE FROM confirmation WHERE account_id = $1", account_id)


async def drop_expired(tx: Tx, moment: datetime, limit: int) -> int:
    """Forget those that ended before then; returns how many."""
    return await tx.execute(_EXPIRED, moment, limit)
