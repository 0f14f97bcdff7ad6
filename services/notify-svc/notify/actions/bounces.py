"""Mails that a server had taken and could not deliver."""

import hmac
from uuid import UUID

from chassis.outbox import Tx

from notify.actions.sending import publish_outcome
from notify.domain.addresses import Report, shows_dead_mailbox
from notify.store import addresses, deliveries

TAG = 10  # hex digits: 40 bits against a bounce that nobody has sent us


def bounce_tag(secret: bytes, mail_id: UUID) -> str:
    """What only the return path of this mail holds."""
    return hmac.digest(secret, b"bounce:" + mail_id.bytes, "sha256").hex()[:TAG]


async def note_bounce(tx: Tx, report: Report) -> str:
    """What is made of it: `bounced`, `delayed`, `early` for a mail whose sending is not recorded yet, or `ignored`."""
    if not hmac.compare_digest(report.tag, bounce_tag(tx.secret, report.mail_id)):
        return "ignored"
    if report.status is None:
        return "delayed"
    if await deliveries.account_of(tx, report.mail_id) is None:
        return "ignored"
    version = await deliveries.mark_bounced(tx, report.mail_id, report.status)
    mail = await deliveries.mail_for_update(tx, report.mail_id)
    if version is None:
        return "early" if mail.state == "sending" else "ignored"
    publish_outcome(tx, mail, "bounced", report.status, version)
    if mail.recipient is not None and shows_dead_mailbox(report.status):
        await addresses.suppress_recipient(tx, mail, report.status)
    return "bounced"
