"""Queue mails, take note of what became of them, forget people."""

import hmac
import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Protocol
from uuid import UUID

from chassis.outbox import Tx, publish
from ekis_contracts import Envelope, ForNotify, Sealed, SealError
from ekis_contracts.cabinet import PersonalDataErased
from ekis_contracts.notify import NotificationFailed, NotificationSent
from ekis_contracts.values import Contact
from prometheus_client import Counter

from notify.domain.addresses import masked, normal_address
from notify.domain.mails import (
    FAREWELL,
    LONGEST_TRY,
    Account,
    Address,
    Mail,
    Outcome,
    State,
    farewell_id_of,
    mail_id_of,
    step_after,
)
from notify.domain.priorities import BULK, QUOTA, STRANGERS, priority_of
from notify.store import addresses
from notify.store import mails as store

TOO_MANY = Counter("ekis_mails_over_quota_total", "Mails called off: a stranger has caused too many to one address")


class Told(Protocol):
    """An event that seals into itself whom to write to."""

    @property
    def subject(self) -> str:
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
        mail_id=mail_id_of(event.subject, purpose, once or envelope.id),
        event_id=envelope.id,
        subject=event.subject,
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
    """Let it be sent soon, unless a stranger has caused too many to the same address; the second time is no time."""
    mail = addressed(tx, mail)
    if await _is_over_quota(tx, mail):
        mail = mail.cancelled("too-many", tx.now)
    if not await store.insert_mail(tx, mail):
        return
    if mail.state == "cancelled":
        TOO_MANY.inc()
    tx.wake("mail")


def addressed(tx: Tx, mail: Mail) -> Mail:
    """With what the desk may know of its recipient."""
    recipient, mask = recipient_of(tx, mail.contact, mail.contact_event, mail.subject)
    return replace(mail, recipient=recipient, mask=mask)


async def _is_over_quota(tx: Tx, mail: Mail) -> bool:
    if mail.purpose not in STRANGERS or mail.recipient is None:
        return False
    await addresses.lock_recipient(tx, mail.recipient)
    return await addresses.count_by_strangers(tx, mail) >= QUOTA


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


async def queue_account_mail(tx: Tx, account_id: UUID, mail: Mail) -> None:
    """Queue a mail about an account, unless the account has ended or a newer credential has been issued."""
    mail = replace(mail, account_id=account_id)
    account = await _note(tx, account_id, mail)
    if account.admits(mail):
        await queue_mail(tx, mail)


async def queue_address_change(tx: Tx, account_id: UUID, mail: Mail) -> None:
    """Tell the new address, and the old one: now, or as soon as an older event brings it."""
    mail = replace(mail, account_id=account_id)
    old = (await locked_account(tx, account_id)).address_before(mail.version)
    account = await _note(tx, account_id, mail)
    if account.admits(mail):
        await queue_mail(tx, mail)
        await queue_mail(tx, mail.to(old, "address-replaced"))


async def queue_credentials(tx: Tx, account_id: UUID, mail: Mail, credential_no: int) -> None:
    """Queue a one-time password; whatever carries an older one is called off."""
    await queue_account_mail(tx, account_id, replace(mail, credential_no=credential_no))


async def end_account(tx: Tx, account_id: UUID, farewell: Mail) -> None:
    """Nothing but the farewell is sent from now on; after it the person is forgotten. Asked again, answer again."""
    account = await locked_account(tx, account_id)
    if account.receipt is not None:
        await _give_receipt(tx, account, account.receipt)
    elif not account.ended:
        ended = replace(account, ended=True)
        await store.save_account(tx, ended)
        await store.cancel_outdated(tx, ended)
        await queue_mail(tx, replace(farewell, mail_id=farewell_id_of(account_id), account_id=account_id))


async def claim_mails(tx: Tx, held: Sequence[Mail], limit: int, replica: str) -> list[Mail]:
    """Take mails to send under a lease: bulk and the rest have `limit` places each."""
    due: list[Mail] = []
    for bulk in (False, True):
        in_hand = [mail.mail_id for mail in held if (mail.priority == BULK) == bulk]
        if len(in_hand) < limit:
            due += await store.claim_due(tx, in_hand, limit - len(in_hand), replica, bulk=bulk)
    return due


async def take_over(tx: Tx, replica: str) -> None:
    """A replica begins: the mails that it held in an earlier life are due again."""
    await store.end_leases(tx, replica)


async def record_outcomes(tx: Tx, outcomes: Sequence[tuple[Mail, Outcome]]) -> None:
    """Take note of attempts, tell what has come to an end, and forget whom the farewell was for."""
    steps = {mail.mail_id: step_after(mail, it, tx.now, random.random()) for mail, it in outcomes}  # noqa: S311
    gone = {mail.account_id for mail, _ in outcomes if mail.purpose == FAREWELL and mail.account_id}
    accounts = [await locked_account(tx, account_id) for account_id in sorted(gone)]
    versions = await store.save_steps(tx, steps)
    done = {mail.mail_id: mail for mail, _ in outcomes if steps[mail.mail_id].due_at is None}
    for mail_id, mail in done.items():
        if mail_id in versions:
            publish_outcome(tx, mail, steps[mail_id].state, steps[mail_id].code, versions[mail_id])
    for account in accounts:
        if farewell_id_of(account.account_id) in done and account.receipt is None:
            await _forget(tx, account)


async def locked_account(tx: Tx, account_id: UUID) -> Account:
    """What is known of it, nothing at first; locked."""
    await store.ensure_account(tx, account_id)
    return await store.account_for_update(tx, account_id)


async def _note(tx: Tx, account_id: UUID, mail: Mail) -> Account:
    """Keep what the event tells of the account and call off what it makes senseless."""
    account = (await locked_account(tx, account_id)).told(mail)
    await store.save_account(tx, account)
    await store.cancel_outdated(tx, account)
    if mail.contact and mail.contact_event and not account.ended:
        address = Address(mail.contact, mail.contact_event, mail.version)
        shown = recipient_of(tx, address.token, address.event_id, str(account_id))
        if await store.address_waiting(tx, account_id, address, *shown):
            tx.wake("mail")
    return account


async def _forget(tx: Tx, account: Account) -> None:
    held = {"addresses": int(account.address is not None), "mails": await store.count_mails(tx, account.account_id)}
    await addresses.forget_elsewhere(tx, account.account_id)
    await addresses.forget_own(tx, account.account_id)
    await _give_receipt(tx, replace(account, address=None), held)


async def _give_receipt(tx: Tx, account: Account, counts: dict[str, int]) -> None:
    account = replace(account, receipt=counts, version=account.version + 1)
    await store.save_account(tx, account)
    receipt = PersonalDataErased(account_id=account.account_id, service="notify", counts=counts, erased_at=tx.now)
    publish(tx, receipt, account.version)


def publish_outcome(tx: Tx, mail: Mail, state: State, code: str | None, version: int) -> None:
    """Tell what a mail has come to."""
    about: dict[str, Any] = {
        "notification_id": mail.mail_id,
        "about_event": mail.event_id,
        "about": mail.subject,
        "purpose": mail.purpose,
        "credential_no": mail.credential_no,
        "code": code,
    }
    if state in ("failed", "bounced"):
        publish(tx, NotificationFailed(**about, outcome=state), version)
    else:
        publish(tx, NotificationSent(**about, outcome="sent" if state == "sent" else "unknown"), version)
