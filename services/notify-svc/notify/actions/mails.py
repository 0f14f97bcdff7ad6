"""What notify-svc does: queue mails, take note of what became of them, forget people."""

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Protocol
from uuid import UUID

from chassis.outbox import Tx, publish
from ekis_contracts import Envelope, Sealed
from ekis_contracts.cabinet import PersonalDataErased
from ekis_contracts.notify import NotificationFailed, NotificationSent
from ekis_contracts.values import Contact

from notify.actions import notices
from notify.domain.mails import (
    LONGEST_TRY,
    Account,
    Address,
    Mail,
    Outcome,
    Step,
    farewell_id_of,
    mail_id_of,
    step_after,
)
from notify.domain.purposes import FAREWELL
from notify.store import mails as store
from notify.store import notices as notice_store
from notify.store import preferences as preference_store


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
    )


async def queue_mail(tx: Tx, mail: Mail) -> None:
    """Let it be sent soon; the second time is no time."""
    if await store.insert_mails(tx, [mail]):
        tx.wake("mail")


async def queue_account_mail(tx: Tx, account_id: UUID, mail: Mail) -> None:
    """Queue a mail about an account, unless the account has ended or a newer credential has been issued."""
    mail = replace(mail, account_id=account_id)
    account = await _note(tx, account_id, mail)
    if account.admits(mail):
        await queue_mail(tx, account.in_own_language(mail))


async def queue_confirmation(tx: Tx, account_id: UUID, mail: Mail) -> None:
    """Queue a code for an address that need not be the account's, and so is not noted; nothing after the end."""
    account = await _locked(tx, account_id)
    if not account.ended:
        await queue_mail(tx, account.in_own_language(replace(mail, account_id=account_id)))


async def queue_address_change(tx: Tx, account_id: UUID, mail: Mail) -> None:
    """Tell the new address, and the old one: now, or as soon as an older event brings it."""
    mail = replace(mail, account_id=account_id)
    old = (await _locked(tx, account_id)).address_before(mail.version)
    account = await _note(tx, account_id, mail)
    if account.admits(mail):
        mail = account.in_own_language(mail)
        await queue_mail(tx, mail)
        await queue_mail(tx, mail.to(old, "address-replaced"))


async def queue_credentials(tx: Tx, account_id: UUID, mail: Mail, credential_no: int) -> None:
    """Queue a one-time password; whatever carries an older one is called off."""
    await queue_account_mail(tx, account_id, replace(mail, credential_no=credential_no))


async def end_account(tx: Tx, account_id: UUID, farewell: Mail) -> None:
    """Nothing but the farewell is sent from now on; after it the person is forgotten. Asked again, answer again."""
    account = await _locked(tx, account_id)
    if account.receipt is not None:
        await _give_receipt(tx, account, account.receipt)
    elif not account.ended:
        ended = replace(account, ended=True)
        await store.save_account(tx, ended)
        await store.cancel_outdated(tx, ended)
        farewell = replace(farewell, mail_id=farewell_id_of(account_id), account_id=account_id)
        await queue_mail(tx, account.in_own_language(farewell))


async def claim_mails(tx: Tx, held: Sequence[UUID], limit: int, replica: str) -> list[Mail]:
    """Take mails to send under a lease."""
    due = await store.claim_due(tx, held, limit)
    return await store.mark_sending(tx, due, replica) if due else []


async def take_over(tx: Tx, replica: str) -> None:
    """A replica begins: the mails that it held in an earlier life are due again."""
    await store.end_leases(tx, replica)


async def record_outcomes(tx: Tx, outcomes: Sequence[tuple[Mail, Outcome]]) -> None:
    """Take note of attempts, tell what has come to an end, and forget whom the farewell was for."""
    steps = {mail.mail_id: step_after(mail, it, tx.now, random.random()) for mail, it in outcomes}  # noqa: S311
    gone = {mail.account_id for mail, _ in outcomes if mail.purpose == FAREWELL and mail.account_id}
    accounts = [await _locked(tx, account_id) for account_id in sorted(gone)]
    versions = await store.save_steps(tx, steps)
    done = {mail.mail_id: mail for mail, _ in outcomes if steps[mail.mail_id].due_at is None}
    for mail_id, mail in done.items():
        if mail_id in versions:
            _publish_outcome(tx, mail, steps[mail_id], versions[mail_id])
    for account in accounts:
        if farewell_id_of(account.account_id) in done and account.receipt is None:
            await _forget(tx, account)


async def _locked(tx: Tx, account_id: UUID) -> Account:
    await store.ensure_account(tx, account_id)
    return await store.account_for_update(tx, account_id)


async def _note(tx: Tx, account_id: UUID, mail: Mail) -> Account:
    """Keep what the event tells of the account and call off what it makes senseless."""
    before = await _locked(tx, account_id)
    account = before.told(mail)
    await store.save_account(tx, account)
    await store.cancel_outdated(tx, account)
    if mail.contact and mail.contact_event and not account.ended:
        address = Address(mail.contact, mail.contact_event, mail.version)
        if await store.address_waiting(tx, account_id, address):
            tx.wake("mail")
    if account.address and not before.address:
        await notices.tell_waiting(tx, account)
    return account


async def _forget(tx: Tx, account: Account) -> None:
    held = {
        "addresses": int(account.address is not None),
        "mails": await store.count_mails(tx, account.account_id),
        "preferences": await preference_store.forget_preferences(tx, account.account_id),
        "entries": await notice_store.forget_entries(tx, account.account_id),
    }
    await _give_receipt(tx, replace(account, address=None), held)


async def _give_receipt(tx: Tx, account: Account, counts: dict[str, int]) -> None:
    account = replace(account, receipt=counts, version=account.version + 1)
    await store.save_account(tx, account)
    receipt = PersonalDataErased(account_id=account.account_id, service="notify", counts=counts, erased_at=tx.now)
    publish(tx, receipt, account.version)


def _publish_outcome(tx: Tx, mail: Mail, step: Step, version: int) -> None:
    about: dict[str, Any] = {
        "notification_id": mail.mail_id,
        "about_event": mail.event_id,
        "about": mail.subject,
        "purpose": mail.purpose,
        "credential_no": mail.credential_no,
        "code": step.code,
    }
    if step.state == "failed":
        publish(tx, NotificationFailed(**about, outcome="failed"), version)
    else:
        publish(tx, NotificationSent(**about, outcome="sent" if step.state == "sent" else "unknown"), version)
