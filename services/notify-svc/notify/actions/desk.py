"""What the desk may do about a mail: send it again, let an address be written to again."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.errors import Conflict, NotFound
from chassis.outbox import Tx

from notify.actions.accounts import locked_account
from notify.actions.mails import recipient_of
from notify.actions.preferences import preferences_of
from notify.domain.mails import Address, Mail, require_resendable
from notify.store import addresses, deliveries


async def send_again(tx: Tx, mail_id: UUID, by: UUID) -> None:
    """To the address on file, else to the same one. Raises NotFound, WrongStep, Conflict."""
    row = await deliveries.account_of(tx, mail_id)
    if row is None:
        raise NotFound
    account = await locked_account(tx, row["account_id"]) if row["account_id"] else None
    mail = await deliveries.mail_for_update(tx, mail_id)
    address = account.address if account else _own_address(mail)
    recipient, mask = recipient_of(tx, address.token, address.event_id, mail.subject) if address else (None, None)
    suppressed = await addresses.is_suppressed(tx, recipient)
    off = (await preferences_of(tx, account.account_id)).off if account else []
    ended = account is not None and account.ended
    require_resendable(mail, address, ended=ended, suppressed=suppressed, off=off)
    assert address is not None
    where: dict[str, Any] = {
        "contact": address.token,
        "contact_event": address.event_id,
        "recipient": recipient,
        "mask": mask,
    }
    await deliveries.send_again(tx, replace(mail, **where), by)
    tx.wake("mail")


async def lift_suppression(tx: Tx, mail_id: UUID, by: UUID) -> datetime:
    """Mails to this mail's address are sent again. Raises NotFound, Conflict."""
    if await deliveries.account_of(tx, mail_id) is None:
        raise NotFound
    lifted_at = await addresses.lift_suppression(tx, mail_id, by)
    if lifted_at is None:
        raise Conflict("not-suppressed")
    return lifted_at


def _own_address(mail: Mail) -> Address | None:
    if mail.contact is None or mail.contact_event is None:
        return None
    return Address(mail.contact, mail.contact_event, mail.version)
