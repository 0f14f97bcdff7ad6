"""A notice, and what becomes of it for each of the people it is addressed to."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from notify.domain.mails import LONGEST_TRY, Account, Mail, mail_id_of
from notify.domain.preferences import Preferences
from notify.domain.priorities import priority_of
from notify.domain.purposes import DIGEST

PATIENCE = timedelta(days=3)  # for an address, unless the event says otherwise
MOST_IN_DIGEST = 100  # lines; further ones are counted


@dataclass(frozen=True)
class Notice:
    """What a mail or a line of a digest says. Nothing in it is personal."""

    notice_id: UUID
    event_id: UUID
    kind: str
    title: str
    page: str
    due: datetime | None
    expires_at: datetime
    personal: bool = False  # answers what the person has done

    @property
    def said(self) -> dict[str, Any]:
        """As templates take it."""
        due = self.due.isoformat() if self.due else None
        return {"kind": self.kind, "title": self.title, "page": self.page, "due": due}


class Reader(NamedTuple):
    """Somebody a notice is addressed to."""

    account: Account
    preferences: Preferences


class Line(NamedTuple):
    """A line of a digest: whose, when that digest comes, and the notice."""

    account_id: UUID
    due_at: datetime
    notice: Notice


@dataclass
class Sorting:
    """What becomes of notices: mails, lines of digests, and what waits for an address."""

    mails: list[Mail] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    waiting: list[tuple[UUID, Notice]] = field(default_factory=list)

    def add(self, reader: Reader, notice: Notice, now: datetime) -> None:
        """Sort one in. Who has ended or declines the kind gets nothing, and nobody gets what has expired."""
        account, preferences = reader
        wish = preferences.kinds.get(notice.kind, "now")
        if account.ended or wish == "off" or notice.expires_at <= now:
            return
        if account.address is None:
            self.waiting.append((account.account_id, notice))
        elif wish == "digest" and not notice.personal:
            self.lines.append(Line(account.account_id, preferences.next_digest(now), notice))
        else:
            self.mails.append(notice_mail(account, notice, now))


def notice_mail(account: Account, notice: Notice, now: datetime) -> Mail:
    """The mail of one notice to an account whose address is known."""
    mail = _mail(account, f"notice-{notice.kind}", notice.notice_id, notice.event_id, now)
    return replace(mail, params=notice.said | mail.params, expires_at=min(notice.expires_at, mail.expires_at))


def digest_mail(account: Account, due_at: datetime, notices: list[Notice], now: datetime) -> Mail | None:
    """The one mail of these notices, the oldest first, named by the hour it was due. None for nobody or nothing: what
    has expired while it waited is not told of."""
    notices = [notice for notice in notices if notice.expires_at > now]
    if account.ended or account.address is None or not notices:
        return None
    mail = _mail(account, DIGEST, due_at.isoformat(), notices[0].event_id, now)
    entries = [notice.said for notice in notices[:MOST_IN_DIGEST]]
    return replace(mail, params={"entries": entries, "total": len(notices)} | mail.params)


def _mail(account: Account, purpose: str, once: object, event_id: UUID, now: datetime) -> Mail:
    assert account.address is not None
    mail = Mail(
        mail_id=mail_id_of(account.account_id, purpose, once),
        event_id=event_id,
        subject=str(account.account_id),
        version=0,
        purpose=purpose,
        contact=account.address.token,
        contact_event=account.address.event_id,
        queued_at=now,
        expires_at=now + LONGEST_TRY,
        account_id=account.account_id,
        priority=priority_of(purpose),
    )
    return account.in_own_language(mail)
