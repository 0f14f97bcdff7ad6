"""Mails: the queue and its history."""

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any
from uuid import UUID

from chassis.db import Row, Tx
from ekis_contracts.notify import NotificationFailed, NotificationSent

from notify.domain.addresses import SUPPRESSED
from notify.domain.mails import Account, Address, Mail, Step
from notify.domain.priorities import BULK
from notify.domain.purposes import DIGEST, FAREWELL, NOTICES

LEASE = 60.0  # seconds

_INSERT = """
INSERT INTO mail (mail_id, event_id, subject, event_version, purpose, account_id, credential_no, contact, contact_event,
                  secret, params, state, queued_at, due_at, expires_at, priority, recipient, mask, ticket, code,
                  finished_at, traceparent)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[], $5::text[], $6::uuid[], $7::int[], $8::text[],
                     $9::uuid[], $10::text[], $11::jsonb[], $12::text[], $13::timestamptz[], $14::timestamptz[],
                     $15::timestamptz[], $16::smallint[], $17::bytea[], $18::text[], $19::text[], $20::text[],
                     $21::timestamptz[], $22::text[])
ON CONFLICT DO NOTHING RETURNING mail_id
"""

_RECALL = """
INSERT INTO mail (mail_id, event_id, subject, event_version, purpose, credential_no, account_id, params, state, code,
                  queued_at, expires_at, finished_at, version)
SELECT mail_id, event_id, subject, 0, purpose, credential_no,
       CASE WHEN credential_no IS NOT NULL THEN subject::uuid END, '{}', state, code, $9, $9, $9, version
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::int[], $6::text[], $7::text[], $8::bigint[])
     AS told (mail_id, event_id, subject, purpose, credential_no, state, code, version)
ON CONFLICT (mail_id) DO UPDATE SET state = excluded.state, code = excluded.code, version = excluded.version,
    finished_at = excluded.finished_at, due_at = NULL, contact = NULL, secret = NULL, locked_until = NULL
"""

_CANCEL = """
UPDATE mail SET state = 'cancelled', contact = NULL, secret = NULL, due_at = NULL, finished_at = $2,
                code = CASE WHEN $4 THEN 'account-ended' ELSE 'newer-credential' END
WHERE account_id = $1 AND state IN ('waiting', 'queued', 'sending', 'retry', 'unknown') AND purpose <> $3
  AND ($4 OR credential_no < $5)
"""

# Whatever is left to do: also what is on its way, and would be tried again. Of digests those that list nothing else.
_DECLINE = f"""
UPDATE mail SET state = 'cancelled', contact = NULL, secret = NULL, due_at = NULL, finished_at = $2, code = 'declined'
WHERE account_id = $1 AND due_at IS NOT NULL AND (purpose = ANY ($3) OR (purpose = '{DIGEST}' AND NOT EXISTS (
    SELECT FROM jsonb_array_elements(params -> 'entries') AS entry WHERE entry ->> 'kind' <> ALL ($4))))
"""  # noqa: S608 - a constant

# One statement, one version of a wide row: chassis.loops.claim and a mark after it would write two.
_CLAIM = """
WITH free AS MATERIALIZED ( -- as a subquery it may run twice, and take more than the limit
    SELECT mail_id FROM mail
    WHERE {queue} AND due_at <= $1 AND mail_id <> ALL ($2::uuid[]) AND (locked_until IS NULL OR locked_until <= $1)
    ORDER BY priority, due_at LIMIT $3 FOR UPDATE SKIP LOCKED)
UPDATE mail SET locked_until = $4, locked_by = $5, state = 'sending',
                lost = lost + (state = 'sending' AND NOT accepted)::int
WHERE mail_id = ANY (ARRAY(SELECT mail_id FROM free)) -- as a join it may go through the whole table
RETURNING mail.*, EXISTS (
    SELECT FROM suppression WHERE suppression.recipient = mail.recipient AND lifted_at IS NULL AND since > $6
) AS suppressed
"""
_CLAIMS = {bulk: _CLAIM.format(queue=f"priority {'=' if bulk else '<'} {BULK}") for bulk in (False, True)}

_MARK_ACCEPTED = """
WITH unflushed AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
UPDATE mail SET accepted = true FROM unflushed WHERE mail_id = ANY ($1::uuid[])
"""

# What failed may be sent again, so its address stays where no account has it; a secret goes in any case.
# Accepted is the truth even where the mail was called off, or given to another replica, while it was on its way;
# anything else counts only from who still holds the lease.
_SAVE_STEPS = """
UPDATE mail SET
    state = step.state, due_at = step.due_at, attempts = step.attempts, lost = step.lost, code = step.code,
    contact = CASE WHEN step.due_at IS NOT NULL
                     OR (step.state <> 'sent' AND secret IS NULL AND account_id IS NULL) THEN contact END,
    secret = CASE WHEN step.due_at IS NOT NULL THEN secret END,
    finished_at = CASE WHEN step.due_at IS NULL THEN $1::timestamptz END,
    locked_until = NULL,
    version = version + (step.due_at IS NULL)::int
FROM unnest($2::uuid[], $3::text[], $4::timestamptz[], $5::int[], $6::int[], $7::text[])
     AS step (mail_id, state, due_at, attempts, lost, code)
WHERE mail.mail_id = step.mail_id
  AND ((mail.state = 'sending' AND mail.locked_by = $8)
    OR (step.state = 'sent' AND mail.state IN ('sending', 'queued', 'retry', 'unknown', 'cancelled')))
RETURNING mail.mail_id, mail.version
"""


async def insert_mails(tx: Tx, mails: Sequence[Mail]) -> set[UUID]:
    """Those of them that are new."""
    rows = await tx.fetch(_INSERT, *map(list, zip(*map(_columns, mails), strict=True)))
    return {row["mail_id"] for row in rows}


async def recall_mails(tx: Tx, ended: Sequence[tuple[NotificationSent | NotificationFailed, int]]) -> None:
    """Mails that are over as these events say, with their versions: made without an address, or taken off the queue."""
    events = [event for event, _ in ended]
    about = ("notification_id", "about_event", "about", "purpose", "credential_no", "outcome", "code")
    columns = [[getattr(event, field) for event in events] for field in about]
    await tx.execute(_RECALL, *columns, [version for _, version in ended], tx.now)


async def address_waiting(tx: Tx, account_id: UUID, address: Address, recipient: bytes | None, mask: str | None) -> int:
    """Mails to an address that was not known when they were written, and now is."""
    sql = """
    UPDATE mail SET contact = $2, contact_event = $3, recipient = $6, mask = $7, state = 'queued', due_at = $5
    WHERE account_id = $1 AND state = 'waiting' AND event_version > $4
    """
    known = (address.token, address.event_id, address.version)
    return await tx.execute(sql, account_id, *known, tx.now, recipient, mask)


async def cancel_outdated(tx: Tx, account: Account) -> None:
    """Call off what an end or a newer credential has made senseless."""
    await tx.execute(_CANCEL, account.account_id, tx.now, FAREWELL, account.ended, account.credential_no)


async def cancel_declined(tx: Tx, account_id: UUID, off: Collection[str]) -> None:
    """Call off what is about nothing but these kinds of notice."""
    purposes = [purpose for purpose, kind in NOTICES.items() if kind in off]
    await tx.execute(_DECLINE, account_id, tx.now, purposes, list(off))


async def count_mails(tx: Tx, account_id: UUID) -> int:
    """The mails about an account, its farewell apart."""
    sql = "SELECT count(*) FROM mail WHERE account_id = $1 AND purpose <> $2"
    return int(await tx.fetchval(sql, account_id, FAREWELL))


async def claim_due(tx: Tx, held: Sequence[UUID], limit: int, replica: str, *, bulk: bool) -> list[Mail]:
    """Mails to send now, leased to this replica, which does not hold them yet; those of the first priority come first,
    of these the longest due. A lease that runs out means that somebody died while sending: whoever finds such a mail
    counts an answer that was lost."""
    times = (tx.now + timedelta(seconds=LEASE), replica, tx.now - SUPPRESSED)
    rows = await tx.fetch(_CLAIMS[bulk], tx.now, list(held), limit, *times)
    return [mail_of(row) for row in sorted(rows, key=lambda row: (row["priority"], row["due_at"]))]


async def mark_accepted(pool: Any, mail_ids: Sequence[UUID]) -> None:
    """At once and by itself, since a mail must not be sent again when its sender dies before the outcome is recorded.
    It need not survive the database's own crash, and so is not flushed."""
    await pool.execute(_MARK_ACCEPTED, list(mail_ids))


async def end_leases(tx: Tx, replica: str) -> None:
    """What an earlier life of this replica held when it died need not wait for the end of its lease."""
    sql = "UPDATE mail SET locked_until = NULL WHERE locked_by = $1 AND locked_until > $2 AND due_at IS NOT NULL"
    await tx.execute(sql, replica, tx.now)


async def save_steps(tx: Tx, steps: dict[UUID, Step], replica: str) -> dict[UUID, int]:
    """The versions of the mails that took their step from this replica."""
    columns = zip(*(asdict(step).values() for step in steps.values()), strict=True)
    rows = await tx.fetch(_SAVE_STEPS, tx.now, list(steps), *map(list, columns), replica)
    return {row["mail_id"]: row["version"] for row in rows}


def _columns(mail: Mail) -> tuple[Any, ...]:
    due_at = {"waiting": mail.expires_at, "cancelled": None}.get(mail.state, mail.queued_at)
    about = (mail.mail_id, mail.event_id, mail.subject, mail.version, mail.purpose, mail.account_id, mail.credential_no)
    sealed = (mail.contact, mail.contact_event, mail.secret)
    rest = (json.dumps(mail.params), mail.state, mail.queued_at, due_at, mail.expires_at)
    shown = (mail.priority, mail.recipient, mail.mask, mail.ticket, mail.code, mail.finished_at, mail.traceparent)
    return *about, *sealed, *rest, *shown


def mail_of(row: Row) -> Mail:
    """A row as a mail."""
    return Mail(
        mail_id=row["mail_id"],
        event_id=row["event_id"],
        subject=row["subject"],
        version=row["event_version"],
        purpose=row["purpose"],
        contact=row["contact"],
        contact_event=row["contact_event"],
        queued_at=row["queued_at"],
        expires_at=row["expires_at"],
        secret=row["secret"],
        account_id=row["account_id"],
        credential_no=row["credential_no"],
        params=json.loads(row["params"]),
        state=row["state"],
        attempts=row["attempts"],
        lost=row["lost"],
        priority=row["priority"],
        recipient=row["recipient"],
        mask=row["mask"],
        ticket=row["ticket"],
        code=row["code"],
        suppressed=row["suppressed"],
        accepted=row["accepted"],
        finished_at=row["finished_at"],
        resent_at=row["resent_at"],
        traceparent=row["traceparent"],
    )
