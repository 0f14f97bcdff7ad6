"""Codes by mail: whoever shows one reads the mail box that it went to. Single use, soon over, kept as a digest."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from chassis.errors import AppError
from ekis_contracts.codes import ALPHABET, plain

from identity.domain.credentials import digest

Purpose = Literal["restore", "email-change", "email-code"]

VALID: dict[Purpose, timedelta] = {
    "restore": timedelta(minutes=30),
    "email-change": timedelta(hours=24),
    "email-code": timedelta(minutes=10),
}
RESTORES_AN_HOUR = 3  # mails to one account, whoever asks for them
QUOTA_WINDOW = timedelta(hours=1)
REMEMBERED = timedelta(days=7)  # after its end a code is "expired", later unknown
ALOUD_LETTERS = 10  # 50 bits for 10 minutes (NIST SP 800-63B-4 asks for 20 of an out-of-band code)


class Gone(AppError, status=410):
    """It was there, and is over."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A code that was mailed to `email`. `void`: a later one, or another use, has taken its place."""

    id: UUID
    purpose: Purpose
    account_id: UUID
    ticket_id: UUID | None
    email: str
    state: Literal["open", "used", "void"]
    created_at: datetime
    expires_at: datetime

    @property
    def subject_id(self) -> UUID:
        """What it is told about: the account, or the ticket for which a code is read aloud."""
        return self.ticket_id if self.purpose == "email-code" and self.ticket_id else self.account_id


def code_digest(secret: bytes, purpose: Purpose, code: str) -> bytes:
    """What is kept of a code."""
    return digest(secret, "confirmation", purpose, plain(code))


def aloud(secret: bytes) -> str:
    """A code that can be read over the phone: `XXXXX-XXXXX`."""
    letters = "".join(ALPHABET[byte & 31] for byte in secret[:ALOUD_LETTERS])
    return f"{letters[:5]}-{letters[5:]}"


def require_open(confirmation: Confirmation, now: datetime) -> None:
    """Raises Gone."""
    if confirmation.state == "used":
        raise Gone("confirmation-used")
    if confirmation.state == "void" or now >= confirmation.expires_at:
        raise Gone("confirmation-expired")
