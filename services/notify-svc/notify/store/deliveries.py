"""What the desk reads and does, and the figures of the queue."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from chassis.db import Row, Tx

from notify.domain.addresses import SUPPRESSED
from notify.domain.mails import LONGEST_TRY, Mail
from notify.store.mails import mail_of

# The columns by which the desk may ask; each has an index.
FILTERS = {"about": "subject", "event": "event_id", "ticket": "ticket", "address": "recipient"}

_SUPPRESSED = """EXISTS (
    SELECT FROM suppression WHERE suppression.recipient = mail.recipient AND lifted_at IS NULL AND since > $1
) AS suppressed"""

_SHOWN = f"""
SELECT mail_id AS notification_id, subject AS about, event_id AS about_event, ticket, purpose, credential_no,
       mask AS "to", priority, state, attempts, code, queued_at, due_at, finished_at, resent_at, {_SUPPRESSED}
FROM mail WHERE ($2::timestamptz IS NULL OR (queued_at, mail_id) < ($2, $3::uuid))
"""  # noqa: S608 - the fragment is above

_SEND_AGAIN = """
UPDATE mail SET state = 'queued', attempts = 0, lost = 0, accepted = false, code = NULL, contact = $2,
                contact_event = $3, recipient = $4, mask = $5, due_at = $6, expires_at = $7, finished_at = NULL,
                resent_by = $8, resent_at = $6
WHERE mail_id = $1
"""

_QUEUE = """
SELECT priority, count(*) AS depth, min(due_at) AS oldest FROM mail WHERE due_at IS NOT NULL GROUP BY priority
"""


async def deliveries(
    tx: Tx, wanted: Mapping[str, Any], before: tuple[datetime, UUID] | None, limit: int
) -> list[dict[str, Any]]:
    """Mails by any of FILTERS, the newest first; of an address its mask alone."""
    conditions = "".join(f" AND {FILTERS[name]} = ${place}" for place, name in enumerate(wanted, 5))
    sql = f"{_SHOWN}{conditions} ORDER BY queued_at DESC, mail_id DESC LIMIT $4"
    moment, mail_id = before or (None, None)
    rows = await tx.fetch(sql, tx.now - SUPPRESSED, moment, mail_id, limit, *wanted.values())
    return [dict(row) for row in rows]


async def account_of(tx: Tx, mail_id: UUID) -> Row | None:
    """The account that a mail is about, as a row that holds None for none; no row for no mail."""
    return await tx.fetchrow("SELECT account_id FROM mail WHERE mail_id = $1", mail_id)


async def mail_for_update(tx: Tx, mail_id: UUID) -> Mail:
    """The mail, locked. It exists."""
    row = await tx.fetchrow("SELECT *, false AS suppressed FROM mail WHERE mail_id = $1 FOR UPDATE", mail_id)
    assert row is not None
    return mail_of(row)


async def send_again(tx: Tx, mail: Mail, by: UUID) -> None:
    """As if it had never been tried, to the address that it holds now; who asked for it stays in the row."""
    to = (mail.contact, mail.contact_event, mail.recipient, mail.mask)
    await tx.execute(_SEND_AGAIN, mail.mail_id, *to, tx.now, tx.now + LONGEST_TRY, by)


async def mark_bounced(tx: Tx, mail_id: UUID, code: str) -> int | None:
    """The mail's next version, or None when it has not been sent."""
    sql = """
    UPDATE mail SET state = 'bounced', code = $2, contact = NULL, secret = NULL, due_at = NULL, finished_at = $3,
                    version = version + 1
    WHERE mail_id = $1 AND state IN ('sent', 'unknown') RETURNING version
    """
    version: int | None = await tx.fetchval(sql, mail_id, code, tx.now)
    return version


async def queue(tx: Tx) -> dict[int, tuple[int, timedelta]]:
    """By priority: how many wait, and how long the oldest has been due."""
    rows = await tx.fetch(_QUEUE)
    return {row["priority"]: (row["depth"], max(timedelta(), tx.now - row["oldest"])) for row in rows}
