"""Mails, and the accounts that guard them."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.db import Row, Tx
from chassis.loops import claim

from notify.domain.mails import Account, Address, Mail, Step
from notify.domain.purposes import FAREWELL

LEASE = 60.0  # seconds

_INSERT = """
INSERT INTO mail (mail_id, event_id, subject, event_version, purpose, account_id, credential_no, contact, contact_event,
                  secret, params, state, queued_at, due_at, expires_at)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[], $5::text[], $6::uuid[], $7::int[], $8::text[],
                     $9::uuid[], $10::text[], $11::jsonb[], $12::text[], $13::timestamptz[], $14::timestamptz[],
                     $15::timestamptz[])
ON CONFLICT DO NOTHING
"""

_LOCK = """
SELECT account.*, preference.lang FROM account LEFT JOIN preference USING (account_id)
WHERE account_id = ANY ($1::uuid[]) ORDER BY account_id FOR UPDATE OF account
"""

_CANCEL = """
UPDATE mail SET state = 'cancelled', contact = NULL, secret = NULL, due_at = NULL, finished_at = $2
WHERE account_id = $1 AND state IN ('waiting', 'queued', 'sending', 'retry', 'unknown') AND purpose <> $3
  AND ($4 OR credential_no < $5)
"""

_MARK_SENDING = """
UPDATE mail SET state = 'sending', locked_by = $2, lost = lost + (state = 'sending')::int
WHERE mail_id = ANY ($1::uuid[]) RETURNING *
"""

# Accepted is the truth even where the mail was called off, or given to another replica, while it was on its way.
_SAVE_STEPS = """
UPDATE mail SET
    state = step.state, due_at = step.due_at, attempts = step.attempts, lost = step.lost, code = step.code,
    contact = CASE WHEN step.due_at IS NOT NULL THEN contact END,
    secret = CASE WHEN step.due_at IS NOT NULL THEN secret END,
    finished_at = CASE WHEN step.due_at IS NULL THEN $1::timestamptz END,
    locked_until = NULL,
    version = version + (step.due_at IS NULL)::int
FROM unnest($2::uuid[], $3::text[], $4::timestamptz[], $5::int[], $6::int[], $7::text[])
     AS step (mail_id, state, due_at, attempts, lost, code)
WHERE mail.mail_id = step.mail_id
  AND (mail.state = 'sending' OR (step.state = 'sent' AND mail.state IN ('queued', 'retry', 'unknown', 'cancelled')))
RETURNING mail.mail_id, mail.version
"""

_DELIVERIES = """
SELECT mail_id AS notification_id, subject AS about, event_id AS about_event, purpose, credential_no, state, attempts,
       code, queued_at, due_at, finished_at
FROM mail WHERE subject = $1 AND ($2::timestamptz IS NULL OR (queued_at, mail_id) < ($2, $3::uuid))
ORDER BY queued_at DESC, mail_id DESC LIMIT $4
"""


async def ensure_account(tx: Tx, account_id: UUID) -> None:
    """The row that guards everything about an account."""
    await ensure_accounts(tx, [account_id])


async def ensure_accounts(tx: Tx, account_ids: Sequence[UUID]) -> None:
    """The rows that guard everything about accounts, made in the order of the ids."""
    sql = "INSERT INTO account (account_id) SELECT unnest($1::uuid[]) ON CONFLICT DO NOTHING"
    await tx.execute(sql, list(account_ids))


async def account_for_update(tx: Tx, account_id: UUID) -> Account:
    """The account, locked. It exists."""
    (account,) = await accounts_for_update(tx, [account_id])
    return account


async def accounts_for_update(tx: Tx, account_ids: Sequence[UUID]) -> list[Account]:
    """The accounts, locked in the order of their ids."""
    return [_account(row) for row in await tx.fetch(_LOCK, list(account_ids))]


async def save_account(tx: Tx, account: Account) -> None:
    """What is known of it now."""
    address = account.address
    sql = """
    UPDATE account SET contact = $2, contact_event = $3, contact_version = $4, credential_no = $5, ended = $6,
                       receipt = $7, version = $8
    WHERE account_id = $1
    """
    place = (address.token, address.event_id, address.version) if address else (None, None, None)
    receipt = json.dumps(account.receipt) if account.receipt is not None else None
    known = (account.credential_no, account.ended, receipt, account.version)
    await tx.execute(sql, account.account_id, *place, *known)


async def insert_mails(tx: Tx, mails: Sequence[Mail]) -> int:
    """How many of them are new."""
    return await tx.execute(_INSERT, *map(list, zip(*map(_columns, mails), strict=True)))


async def address_waiting(tx: Tx, account_id: UUID, address: Address) -> int:
    """Mails to an address that was not known when they were written, and now is."""
    sql = """
    UPDATE mail SET contact = $2, contact_event = $3, state = 'queued', due_at = $5
    WHERE account_id = $1 AND state = 'waiting' AND event_version > $4
    """
    return await tx.execute(sql, account_id, address.token, address.event_id, address.version, tx.now)


async def cancel_outdated(tx: Tx, account: Account) -> None:
    """Call off what an end or a newer credential has made senseless."""
    await tx.execute(_CANCEL, account.account_id, tx.now, FAREWELL, account.ended, account.credential_no)


async def count_mails(tx: Tx, account_id: UUID) -> int:
    """The mails about an account, its farewell apart."""
    sql = "SELECT count(*) FROM mail WHERE account_id = $1 AND purpose <> $2"
    return int(await tx.fetchval(sql, account_id, FAREWELL))


async def claim_due(tx: Tx, held: Sequence[UUID], limit: int) -> list[UUID]:
    """Mails to send now, leased to this replica, which does not hold them yet."""
    due = "due_at <= $1 AND mail_id <> ALL ($3::uuid[])"
    rows = await claim(tx, "mail", due, list(held), order="due_at", limit=limit, seconds=LEASE, key="mail_id")
    return [row["mail_id"] for row in rows]


async def mark_sending(tx: Tx, mail_ids: Sequence[UUID], replica: str) -> list[Mail]:
    """From now on a lease that runs out means that somebody died while sending: whoever finds such a mail counts an
    answer that was lost. The longest due come first."""
    rows = await tx.fetch(_MARK_SENDING, list(mail_ids), replica)
    return [_mail(row) for row in sorted(rows, key=lambda row: row["due_at"])]


async def end_leases(tx: Tx, replica: str) -> None:
    """What an earlier life of this replica held when it died need not wait for the end of its lease."""
    sql = "UPDATE mail SET locked_until = NULL WHERE locked_by = $1 AND locked_until > $2 AND due_at IS NOT NULL"
    await tx.execute(sql, replica, tx.now)


async def save_steps(tx: Tx, steps: dict[UUID, Step]) -> dict[UUID, int]:
    """The versions of the mails that took their step."""
    columns = zip(*(asdict(step).values() for step in steps.values()), strict=True)
    rows = await tx.fetch(_SAVE_STEPS, tx.now, list(steps), *map(list, columns))
    return {row["mail_id"]: row["version"] for row in rows}


async def deliveries(tx: Tx, about: str, before: tuple[datetime, UUID] | None, limit: int) -> list[dict[str, Any]]:
    """Mails about one thing, the newest first, without any address."""
    moment, mail_id = before or (None, None)
    return [dict(row) for row in await tx.fetch(_DELIVERIES, about, moment, mail_id, limit)]


def _account(row: Row) -> Account:
    has_address = row["contact"] is not None
    return Account(
        account_id=row["account_id"],
        address=Address(row["contact"], row["contact_event"], row["contact_version"]) if has_address else None,
        credential_no=row["credential_no"],
        ended=row["ended"],
        receipt=json.loads(row["receipt"]) if row["receipt"] else None,
        version=row["version"],
        lang=row["lang"],
    )


def _columns(mail: Mail) -> tuple[Any, ...]:
    due_at = None if mail.state == "waiting" else mail.queued_at
    about = (mail.mail_id, mail.event_id, mail.subject, mail.version, mail.purpose, mail.account_id, mail.credential_no)
    sealed = (mail.contact, mail.contact_event, mail.secret)
    return *about, *sealed, json.dumps(mail.params), mail.state, mail.queued_at, due_at, mail.expires_at


def _mail(row: Row) -> Mail:
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
    )
