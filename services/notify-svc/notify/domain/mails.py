"""What mails there are, who may get one, and what becomes of it after each attempt."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal, Self
from uuid import NAMESPACE_URL, UUID, uuid5

from chassis.errors import Conflict, WrongStep
from ekis_contracts.values import Confirmation, Contact, Credentials, Lang

from notify.domain.priorities import TRANSACTIONAL
from notify.domain.purposes import DIGEST, FAREWELL, NOTICES, PURPOSES, Secret

State = Literal["waiting", "queued", "sending", "retry", "unknown", "sent", "failed", "bounced", "cancelled"]

LONGEST_TRY = timedelta(days=3)
SHORTEST_PAUSE = timedelta(seconds=1)
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=1)
MOST_DOUBLINGS = 10
MOST_LOST = 2  # the first sending, and one more after its answer was lost


class Unsendable(Exception):
    """A mail that must not leave, whatever the server says."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Address:
    """A contact as it came: sealed, with the event whose seal it is, and that event's version."""

    token: str
    event_id: UUID
    version: int


@dataclass(frozen=True)
class Mail:
    """A mail as a row. `contact` and `secret` are sealed, and wiped when nothing is left to do.

    `version` is that of the event it is about; `lost` counts sendings whose answer never came, or came to
    somebody who died. `recipient` is the address under the service's own key, `mask` what the desk sees of it;
    `suppressed` is whether a bounce has shown that nobody reads there; `accepted` is what somebody who died has seen;
    `traceparent` is the span that queued it.
    """

    mail_id: UUID
    event_id: UUID
    subject: str
    version: int
    purpose: str
    contact: str | None
    contact_event: UUID | None
    queued_at: datetime
    expires_at: datetime
    secret: str | None = None
    account_id: UUID | None = None
    credential_no: int | None = None
    params: dict[str, Any] = field(default_factory=dict)
    state: State = "queued"
    attempts: int = 0
    lost: int = 0
    priority: int = TRANSACTIONAL
    recipient: bytes | None = None
    mask: str | None = None
    ticket: str | None = None
    code: str | None = None
    suppressed: bool = False
    accepted: bool = False
    finished_at: datetime | None = None
    resent_at: datetime | None = None
    traceparent: str | None = None

    def cancelled(self, code: str, now: datetime) -> Self:
        """Nothing of it is sent, and nobody told."""
        return replace(self, state="cancelled", contact=None, secret=None, code=code, finished_at=now)

    def to(self, address: Address | None, purpose: str) -> Self:
        """The same news for another address, which may be yet unknown."""
        mail_id = mail_id_of(self.subject, purpose, self.event_id)
        if address is None:
            return replace(self, mail_id=mail_id, purpose=purpose, state="waiting", contact=None, contact_event=None)
        return replace(self, mail_id=mail_id, purpose=purpose, contact=address.token, contact_event=address.event_id)


def mail_id_of(subject: object, purpose: str, number: object) -> UUID:
    """An effect happens once per subject, purpose and number; this names it, the mail and its Message-ID."""
    return uuid5(NAMESPACE_URL, f"urn:ekis:mail:{subject}:{purpose}:{number}")


def farewell_id_of(account_id: UUID) -> UUID:
    """An account ends once."""
    return mail_id_of(account_id, FAREWELL, 1)


@dataclass(frozen=True)
class Account:
    """What notify knows of an account: the newest address and credential, whether it has ended, its receipt; `lang` is
    what the person has chosen, over what the contact says."""

    account_id: UUID
    address: Address | None = None
    credential_no: int = 0
    ended: bool = False
    receipt: dict[str, int] | None = None
    version: int = 0
    lang: Lang | None = None

    def told(self, mail: Mail) -> Self:
        """After an event about it: the newest address and the newest credential are kept."""
        if self.ended or mail.contact is None or mail.contact_event is None:
            return self
        newer = self.address is None or self.address.version < mail.version
        address = Address(mail.contact, mail.contact_event, mail.version) if newer else self.address
        return replace(self, address=address, credential_no=max(self.credential_no, mail.credential_no or 0))

    def address_before(self, version: int) -> Address | None:
        """The address that an event of this version replaced, when it is known."""
        return self.address if self.address and self.address.version < version else None

    def admits(self, mail: Mail) -> bool:
        """Whether the mail still makes sense: no end has come, no newer credential has been issued."""
        return not self.ended and (mail.credential_no is None or mail.credential_no >= self.credential_no)

    def in_own_language(self, mail: Mail) -> Mail:
        """The mail as this person wants to read it."""
        return replace(mail, params=mail.params | {"lang": self.lang}) if self.lang else mail


@dataclass(frozen=True)
class Letter:
    """A mail ready to leave: one recipient, the message as it goes over the wire, whom a bounce would go to."""

    recipient: str
    message: bytes
    return_path: str | None = None


@dataclass(frozen=True)
class Outcome:
    """What an attempt came to; `returned` means that none was made."""

    kind: Literal["accepted", "deferred", "refused", "lost", "returned"]
    code: str | None = None


@dataclass(frozen=True)
class Step:
    """What becomes of a mail; without `due_at` nothing is left to do."""

    state: State
    due_at: datetime | None
    attempts: int
    lost: int
    code: str | None


def step_after(mail: Mail, outcome: Outcome, now: datetime, chance: float) -> Step:
    """The next step. `chance` (0 to 1) spreads retries apart, so that a healed server is not stormed."""
    lost = mail.lost + (outcome.kind == "lost")
    unfinished: State = "unknown" if lost else "retry"
    if outcome.kind == "returned":
        return Step(unfinished, now, mail.attempts, lost, None)
    attempts = mail.attempts + 1
    if outcome.kind == "accepted":
        return Step("sent", None, attempts, lost, None)
    due_at = now + _pause(attempts, chance)
    tries_on = outcome.kind == "deferred" or (outcome.kind == "lost" and lost < MOST_LOST)
    if tries_on and due_at < mail.expires_at:
        return Step(unfinished, due_at, attempts, lost, outcome.code)
    return Step("unknown" if lost else "failed", None, attempts, lost, outcome.code)


def _pause(attempts: int, chance: float) -> timedelta:
    """Exponential back-off with full jitter."""
    doubled = FIRST_PAUSE * (1 << min(attempts - 1, MOST_DOUBLINGS))
    return max(SHORTEST_PAUSE, min(doubled, LONGEST_PAUSE) * chance)


def require_wanted(mail: Mail, now: datetime) -> None:
    """Raises Unsendable for a mail whose time is over, and for an address where nobody reads."""
    if mail.expires_at <= now:
        raise Unsendable("expired")
    if mail.suppressed:
        raise Unsendable("suppressed")


def require_sendable(contact: Contact, secret: Secret | None, now: datetime) -> None:
    """Raises Unsendable for a secret that is meant for another address, or whose own time is over."""
    if secret is not None and secret.to != contact.email:
        raise Unsendable("seal-mismatch")
    if isinstance(secret, Credentials | Confirmation) and secret.expires_at <= now:
        raise Unsendable("expired")


def is_declined(mail: Mail, off: Collection[str]) -> bool:
    """Whether a mail is about nothing but kinds of notice that are off; of a digest, all that it lists."""
    listed = mail.params["entries"] if mail.purpose == DIGEST else [{"kind": NOTICES.get(mail.purpose)}]
    return all(entry["kind"] in off for entry in listed)


def require_resendable(
    mail: Mail, address: Address | None, *, ended: bool, suppressed: bool, off: Collection[str]
) -> None:
    """Raises WrongStep for a mail that has not failed, Conflict for one whose content or address is gone, or that its
    reader has declined since."""
    if mail.finished_at is None or mail.state not in ("failed", "bounced", "unknown"):
        raise WrongStep(mail.state, "resend")
    if PURPOSES[mail.purpose] is not None:
        raise Conflict("secret-gone")
    if ended or address is None:
        raise Conflict("address-gone")
    if is_declined(mail, off):
        raise Conflict("declined")
    if suppressed:
        raise Conflict("address-suppressed")


_REASONS = {
    "expired": "expired",
    "suppressed": "suppressed",
    "too-many": "too-many",
    "newer-credential": "newer-credential",
    "account-ended": "account-ended",
    "declined": "declined",
    "address-invalid": "address",
    "seal-missing": "seal",
    "seal-broken": "seal",
    "seal-mismatch": "seal",
    "timeout": "server-away",
    "connect": "server-away",
    "disconnected": "server-away",
    "malformed-answer": "server-away",
}
_REPLIES = (
    (re.compile(r"(\d{3}-)?5\.(1\.\d+|2\.1)"), "mailbox"),
    (re.compile("4"), "later"),
    (re.compile("5"), "refused"),
)


def reason_of(state: str, code: str | None) -> str | None:
    """Which text says why a mail is not where it should be; None when it is."""
    if state == "unknown":
        return "unknown"
    if code is None or state == "sent":
        return None
    return _REASONS.get(code) or next((reason for shape, reason in _REPLIES if shape.match(code)), "internal")
