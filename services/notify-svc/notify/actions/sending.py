"""Hand out mails to send, and take note of what became of them."""

import random
from collections.abc import Sequence
from typing import Any

from chassis.outbox import Tx, publish
from ekis_contracts.notify import NotificationFailed, NotificationSent

from notify.actions.accounts import forget_account, locked_account
from notify.domain.mails import Mail, Outcome, State, farewell_id_of, step_after
from notify.domain.priorities import BULK
from notify.domain.purposes import FAREWELL
from notify.store import mails as store


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


async def record_outcomes(tx: Tx, outcomes: Sequence[tuple[Mail, Outcome]], replica: str) -> None:
    """Take note of this replica's attempts, tell what has come to an end, and forget whom the farewell was for."""
    steps = {mail.mail_id: step_after(mail, it, tx.now, random.random()) for mail, it in outcomes}  # noqa: S311
    gone = {mail.account_id for mail, _ in outcomes if mail.purpose == FAREWELL and mail.account_id}
    accounts = [await locked_account(tx, account_id) for account_id in sorted(gone)]
    versions = await store.save_steps(tx, steps, replica)
    done = {it.mail_id: it for it, _ in outcomes if it.mail_id in versions and steps[it.mail_id].due_at is None}
    for mail_id, mail in done.items():
        publish_outcome(tx, mail, steps[mail_id].state, steps[mail_id].code, versions[mail_id])
    for account in accounts:
        if farewell_id_of(account.account_id) in done and account.receipt is None:
            await forget_account(tx, account)


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
        publish(tx, NotificationFailed(**about, outcome=state), version, traceparent=mail.traceparent)
    else:
        sent = NotificationSent(**about, outcome="sent" if state == "sent" else "unknown")
        publish(tx, sent, version, traceparent=mail.traceparent)
