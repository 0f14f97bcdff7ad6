"""Deeds in the database. One that changes is locked, before everything that its act locks."""

from uuid import UUID

from chassis.db import Row
from chassis.outbox import Tx

from identity.domain.deeds import Deed

_FIELDS = tuple(Deed.__dataclass_fields__)
_PLACES = ", ".join(f"${place}" for place in range(1, len(_FIELDS) + 1))
_INSERT = f"""
INSERT INTO deed ({", ".join(_FIELDS)}) VALUES ({_PLACES}) ON CONFLICT DO NOTHING RETURNING true
"""  # noqa: S608 - names of our own columns
_WAITING = """
SELECT * FROM deed
WHERE state = 'awaiting-second' AND deed_id > coalesce($1, '00000000-0000-0000-0000-000000000000'::uuid)
ORDER BY deed_id LIMIT $2
"""
_OVERDUE = """
SELECT deed_id FROM deed WHERE state = 'awaiting-second' AND expires_at <= $1 ORDER BY expires_at LIMIT $2
"""


def _deed(row: Row | None) -> Deed | None:
    return Deed(**row) if row else None


async def insert_deed(tx: Tx, deed: Deed) -> bool:
    """Whether it waits now; not while another one of this act and account does."""
    return bool(await tx.fetchval(_INSERT, *(getattr(deed, field) for field in _FIELDS)))


async def deed(tx: Tx, deed_id: UUID) -> Deed | None:
    """The deed as it is."""
    return _deed(await tx.fetchrow("SELECT * FROM deed WHERE deed_id = $1", deed_id))


async def deed_for_update(tx: Tx, deed_id: UUID) -> Deed | None:
    """The deed under its row lock."""
    return _deed(await tx.fetchrow("SELECT * FROM deed WHERE deed_id = $1 FOR UPDATE", deed_id))


async def save_decision(tx: Tx, decided: Deed) -> None:
    """It waits no more, and needs no address."""
    sql = "UPDATE deed SET state = $2, decided_by = $3, email = NULL WHERE deed_id = $1"
    await tx.execute(sql, decided.deed_id, decided.state, decided.decided_by)


async def waiting_deeds(tx: Tx, after: UUID | None, limit: int) -> list[Deed]:
    """Those that wait for a second person, the oldest first."""
    return [Deed(**row) for row in await tx.fetch(_WAITING, after, limit)]


async def overdue_deeds(tx: Tx, limit: int) -> list[UUID]:
    """Those that nobody has decided in time."""
    return [row["deed_id"] for row in await tx.fetch(_OVERDUE, tx.now, limit)]
