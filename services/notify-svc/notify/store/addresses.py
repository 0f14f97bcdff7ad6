"""What is kept of addresses beside the mails themselves: quotas, and where nobody reads."""

from datetime import datetime
from uuid import UUID

from chassis.db import Tx

from notify.domain.addresses import KEPT, SUPPRESSED
from notify.domain.mails import Mail
from notify.domain.priorities import QUOTA_TIME, STRANGERS

AT_ONCE = 1_000  # rows

_SUPPRESS = """
INSERT INTO suppression (recipient, mail_id, code, since) VALUES ($1, $2, $3, $4)
ON CONFLICT (recipient) DO UPDATE SET mail_id = $2, code = $3, since = $4, lifted_at = NULL, lifted_by = NULL
"""

FORGET_OLD = """
UPDATE mail SET recipient = NULL, mask = NULL, contact = NULL WHERE mail_id = ANY (ARRAY(
    SELECT mail_id FROM mail WHERE finished_at < $1 AND (recipient IS NOT NULL OR contact IS NOT NULL) LIMIT $2))
"""

FORGET_ELSEWHERE = """
WITH own AS (SELECT DISTINCT recipient FROM mail WHERE account_id = $1 AND recipient IS NOT NULL),
     gone AS (DELETE FROM suppression USING own WHERE suppression.recipient = own.recipient)
UPDATE mail SET recipient = NULL, mask = NULL, contact = NULL
WHERE recipient = ANY (ARRAY(SELECT recipient FROM own)) AND account_id IS NULL AND finished_at IS NOT NULL
"""


BY_STRANGERS = """
SELECT count(*) FROM mail
WHERE recipient = $1 AND queued_at > $2 AND purpose = ANY ($3) AND state <> 'cancelled' AND mail_id <> $4
"""


async def lock_recipient(tx: Tx, recipient: bytes) -> None:
    """Until the end of the transaction nobody else counts mails to this address."""
    await tx.execute("SELECT pg_advisory_xact_lock($1)", int.from_bytes(recipient[:8], signed=True))


async def count_by_strangers(tx: Tx, mail: Mail) -> int:
    """Other mails that strangers have caused to the same address within the time of the quota."""
    return int(await tx.fetchval(BY_STRANGERS, mail.recipient, tx.now - QUOTA_TIME, list(STRANGERS), mail.mail_id))


async def suppress_recipient(tx: Tx, mail: Mail, status: str) -> None:
    """Nobody reads there; what a desk has lifted before counts no more."""
    await tx.execute(_SUPPRESS, mail.recipient, mail.mail_id, status, tx.now)


async def is_suppressed(tx: Tx, recipient: bytes | None) -> bool:
    """Whether mails to it are not sent."""
    sql = "SELECT EXISTS (SELECT FROM suppression WHERE recipient = $1 AND lifted_at IS NULL AND since > $2)"
    return bool(await tx.fetchval(sql, recipient, tx.now - SUPPRESSED))


async def lift_suppression(tx: Tx, mail_id: UUID, by: UUID) -> datetime | None:
    """That of a mail's address; the moment, or None when there is none. Who did it stays in the row."""
    sql = """
    UPDATE suppression SET lifted_at = $2, lifted_by = $3
    WHERE lifted_at IS NULL AND (mail_id = $1 OR recipient = (SELECT recipient FROM mail WHERE mail_id = $1))
    RETURNING lifted_at
    """
    lifted: datetime | None = await tx.fetchval(sql, mail_id, tx.now, by)
    return lifted


async def forget_old_recipients(tx: Tx) -> int:
    """Of mails that have ended long ago; how many, AT_ONCE at most."""
    return await tx.execute(FORGET_OLD, tx.now - KEPT, AT_ONCE)


async def forget_old_suppressions(tx: Tx) -> int:
    """Those whose time is over."""
    return await tx.execute("DELETE FROM suppression WHERE since < $1", tx.now - SUPPRESSED)


async def forget_elsewhere(tx: Tx, account_id: UUID) -> int:
    """The address of an account in mails about requests and tickets before it, and among those where nobody reads."""
    return await tx.execute(FORGET_ELSEWHERE, account_id)


async def forget_own(tx: Tx, account_id: UUID) -> int:
    """The addresses in the mails of an account."""
    sql = "UPDATE mail SET recipient = NULL, mask = NULL, contact = NULL WHERE account_id = $1"
    return await tx.execute(sql, account_id)
