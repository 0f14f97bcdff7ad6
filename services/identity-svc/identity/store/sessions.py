"""Sessions. All that changes one holds the row lock of its account."""

from datetime import datetime
from uuid import UUID

from chassis.outbox import Tx

from identity.domain.sessions import IDLE, Session

_FIELDS = tuple(Session.__dataclass_fields__)
_INSERT = f"""
INSERT INTO session ({", ".join(_FIELDS)}) VALUES ({", ".join(f"${n}" for n in range(1, len(_FIELDS) + 1))})
"""  # noqa: S608 - names of our own columns
_LIVE = """
SELECT session.* FROM session JOIN account ON account.id = session.account_id AND session_epoch = epoch
WHERE account_id = $1 AND expires_at > $2 AND (remembered OR rotated_at > $3) AND ($4::uuid IS NULL OR session.id > $4)
ORDER BY session.id LIMIT $5
"""
_EXPIRED = """
DELETE FROM session WHERE id IN (SELECT id FROM session WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)
"""


async def insert_session(tx: Tx, session: Session) -> None:
    """A device has signed in."""
    await tx.execute(_INSERT, *(getattr(session, field) for field in _FIELDS))


async def session(tx: Tx, session_id: UUID) -> Session | None:
    """The session as it is."""
    row = await tx.fetchrow("SELECT * FROM session WHERE id = $1", session_id)
    return Session(**row) if row else None


async def save_rotation(tx: Tx, rotated: Session) -> None:
    """The session has a new generation."""
    sql = "UPDATE session SET generation = $2, rotated_at = $3, exchanged = $4 WHERE id = $1"
    await tx.execute(sql, rotated.id, rotated.generation, rotated.rotated_at, rotated.exchanged)


async def lift_session(tx: Tx, session_id: UUID, epoch: int) -> None:
    """Carry one session over to the account's new epoch."""
    await tx.execute("UPDATE session SET epoch = $2 WHERE id = $1", session_id, epoch)


async def note_proof(tx: Tx, session_id: UUID) -> None:
    """A code of the second factor was shown now."""
    await tx.execute("UPDATE session SET proven_at = $2 WHERE id = $1", session_id, tx.now)


async def fulfil_session(tx: Tx, session_id: UUID) -> None:
    """The last first step is done, by a code: from its next refresh on it is a full one."""
    await tx.execute("UPDATE session SET scope = 'full', proven_at = $2 WHERE id = $1", session_id, tx.now)


async def end_session(tx: Tx, session_id: UUID) -> None:
    """It is over."""
    await tx.execute("DELETE FROM session WHERE id = $1", session_id)


async def live_sessions(tx: Tx, account_id: UUID, after: UUID | None, limit: int) -> list[Session]:
    """Full sessions of an account that have not ended, in the order of their beginning."""
    return [Session(**row) for row in await tx.fetch(_LIVE, account_id, tx.now, tx.now - IDLE, after, limit)]


async def end_sessions(tx: Tx, account_id: UUID, but: UUID | None = None) -> list[UUID]:
    """All of an account are over, but this one; returns which."""
    sql = "DELETE FROM session WHERE account_id = $1 AND id IS DISTINCT FROM $2 RETURNING id"
    return [row["id"] for row in await tx.fetch(sql, account_id, but)]


async def end_all(tx: Tx) -> int:
    """Everybody signs in anew. Returns how many there were."""
    return await tx.execute("DELETE FROM session")


async def drop_expired(tx: Tx, moment: datetime, limit: int) -> int:
    """Forget sessions that ended before then; returns how many."""
    return await tx.execute(_EXPIRED, moment, limit)
