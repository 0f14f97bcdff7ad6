"""Queue mails: each once, by its priority, under the quota of its address."""

import hmac
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Protocol
from uuid import UUID

from chassis.outbox import Tx, thread
from ekis_contracts import Envelope, ForNotify, Sealed, SealError
from ekis_contracts.values import Contact
from prometheus_client import Counter

from notify.domain.addresses import masked, normal_address
from notify.domain.mails import LONGEST_TRY, Mail, mail_id_of
from notify.domain.priorities import QUOTA, STRANGERS, priority_of
from notify.store import addresses
from notify.store import mails as store

TOO_MANY = Counter("ekis_mails_over_quota_total", "Mails called off: a stranger has caused too many to one address")


class Told(Protocol):
    """An event that seals into itself whom to write to."""

    @property
    def aggregate_id(self) -> str:
        """The aggregate's id."""
        ...

    @property
    def contact(self) -> Sealed[Contact] | None:
        """Where to."""
        ...


def mail_about(
    tx: Tx,
    event: Told,
    envelope: Envelope,
    purpose: str,
    *,
    once: object = None,
    secret: Sealed[Any] | None = None,
    **params: Any,
) -> Mail:
    """The mail that an event causes: a single one per `once`, else per event. `params` hold nothing personal."""
    last = tx.now + LONGEST_TRY
    return Mail(
        mail_id=mail_id_of(event.aggregate_id, purpose, once or envelope.id),
        event_id=envelope.id,
        subject=event.aggregate_id,
        version=envelope.sequence,
        purpose=purpose,
        contact=event.contact.token if event.contact else None,
        contact_event=envelope.id,
        secret=secret.token if secret else None,
        params=params,
        queued_at=tx.now,
        expires_at=min(envelope.expires or last, last),
        priority=priority_of(purpose),
        ticket=getattr(event, "number" if hasattr(event, "ticket_id") else "ticket", None),
    )


async def queue_mail(tx: Tx, mail: Mail) -> None:
    """Let it be sent soon; the second time is no time."""
    await queue_mails(tx, [mail])


async def queue_mails(tx: Tx, mails: Sequence[Mail]) -> None:
    """Let them be sent soon, but for those that are over the quota of their address; together they take one statement.
    A stranger causes one mail at a time, so those of one call do not count for each other."""
    if not mails:
        return
    mails = [await _within_quota(tx, addressed(tx, mail)) for mail in mails]
    new = await store.insert_mails(tx, mails)
    TOO_MANY.inc(sum(mail.state == "cancelled" and mail.mail_id in new for mail in mails))
    if new:
        tx.wake("mail")


def addressed(tx: Tx, mail: Mail) -> Mail:
    """With what the desk may know of its recipient, and the span to which its sending belongs."""
    recipient, mask = recipient_of(tx, mail.contact, mail.contact_event, mail.subject)
    return replace(mail, recipient=recipient, mask=mask, traceparent=thread().traceparent)


async def _within_quota(tx: Tx, mail: Mail) -> Mail:
    """The mail, called off if a stranger has caused too many to the same address."""
    if mail.purpose not in STRANGERS or mail.recipient is None:
        return mail
    await addresses.lock_recipient(tx, mail.recipient)
    over = await addresses.count_by_strangers(tx, mail) >= QUOTA
    return mail.cancelled("too-many", tx.now) if over else mail


def recipient_of(tx: Tx, token: str | None, event_id: UUID | None, subject: str) -> tuple[bytes | None, str | None]:
    """The address in a seal under our own key, and its mask; nothing for a seal that will be refused anyway."""
    if token is None or event_id is None:
        return None, None
    try:
        email = tx.seals.open(ForNotify.stored(Contact, token, event_id, subject)).email
    except SealError:
        return None, None
    return address_key(tx, email), masked(email)


def address_key(tx: Tx, email: str) -> bytes:
    """One mailbox, one key; without the service's secret nobody can tell whose."""
    return hmac.digest(tx.secret, b"address:" + normal_address(email).encode(errors="replace"), "sha256")
