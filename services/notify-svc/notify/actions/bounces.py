"""Mails that a server had taken and could not deliver."""

import hmac

from chassis.outbox import Tx

from notify.actions.sending import publish_outcome
from notify.domain.addresses import Report, shows_dead_mailbox
from notify.domain.mails import Mail
from notify.store import addresses, deliveries

TAG = 10  # hex digits: 40 bits against a bounce that nobody has sent us


def bounce_tag(secret: bytes, mail: Mail) -> str:
    """What only the return path of this sending of the mail holds: one that the desk has sent again may have another
    recipient. The moment tells them apart, since the recipient is forgotten and a bounce may come later."""
    again = mail.resent_at.isoformat().encode() if mail.resent_at else b""
    return hmac.digest(secret, b"bounce:" + mail.mail_id.bytes + again, "sha256").hex()[:TAG]


async def note_bounce(tx: Tx, report: Report) -> str:
    """What is made of it: `bounced`, `delayed`, `early` for a mail whose sending is not recorded yet, or `ignored`."""
    if await deliveries.account_of(tx, report.mail_id) is None:
        return "ignored"
    mail = await deliveries.mail_for_update(tx, report.mail_id)
    if not hmac.compare_digest(report.tag, bounce_tag(tx.secret, mail)):
        return "ignored"
    if report.status is None:
        return "delayed"
    version = await deliveries.mark_bounced(tx, report.mail_id, report.status)
    if version is None:
        return "early" if mail.state == "sending" else "ignored"
    publish_outcome(tx, mail, "bounced", report.status, version)
    if mail.recipient is not None and shows_dead_mailbox(report.status):
        await addresses.suppress_recipient(tx, mail, report.status)
    return "bounced"
