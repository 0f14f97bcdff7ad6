"""What the registry keeps of accounts, in the database."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.db import Tx

from registry.domain.staff import Workplace


@dataclass(frozen=True)
class Mark:
    """What is remembered of an account. `answered` is the version of the last asking for a receipt."""

    account_id: UUID
    erased_at: datetime | None
    counts: Mapping[str, int] | None
    answered: int


async def ensured_mark(tx: Tx, account_id: UUID) -> Mark:
    """The mark of an account, locked; an empty one if nothing was known of it."""
    sql = """
    INSERT INTO account_mark AS known (account_id) VALUES ($1)
    ON CONFLICT (account_id) DO UPDATE SET answered = known.answered
    RETURNING account_id, erased_at, counts, answered
    """
    (row,) = await tx.fetch(sql, account_id)
    counts = json.loads(row["counts"]) if row["counts"] else None
    return Mark(row["account_id"], row["erased_at"], counts, row["answered"])


async def save_activation(tx: Tx, account_id: UUID, staff_id: UUID, activated_at: datetime) -> None:
    """The account is open."""
    sql = "UPDATE account_mark SET staff_id = $2, activated_at = $3 WHERE account_id = $1"
    await tx.execute(sql, account_id, staff_id, activated_at)


async def save_erasure(tx: Tx, mark: Mark) -> int:
    """Nothing is held any more. Returns the raised version of the account's receipts."""
    sql = """
    UPDATE account_mark SET erased_at = $2, counts = $3, answered = $4, staff_id = NULL, activated_at = NULL,
        version = version + 1
    WHERE account_id = $1 RETURNING version
    """
    counts = json.dumps(dict(mark.counts or {}))
    version: int = await tx.fetchval(sql, mark.account_id, mark.erased_at, counts, mark.answered)
    return version


async def save_workplace(tx: Tx, account_id: UUID, staff_id: UUID, version: int, workplace: Workplace) -> None:
    """What the person wrote, unless a newer version is known."""
    sql = """
    INSERT INTO workplace AS known (account_id, staff_id, version, work_phone, room, proposed_post)
    VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (account_id) DO UPDATE SET staff_id = excluded.staff_id, version = excluded.version,
        work_phone = excluded.work_phone, room = excluded.room, proposed_post = excluded.proposed_post
    WHERE known.version < excluded.version
    """
    written = (workplace.work_phone, workplace.room, workplace.proposed_post)
    await tx.execute(sql, account_id, staff_id, version, *written)


async def drop_workplace(tx: Tx, account_id: UUID) -> int:
    """Forget what the person wrote. Returns how many rows held it."""
    return await tx.execute("DELETE FROM workplace WHERE account_id = $1", account_id)
