"""Addresses as they are compared, shown, and given back by a bounce."""

import re
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

KEPT = timedelta(days=30)  # after a mail's end: whom it was for, as the desk sees it
SUPPRESSED = timedelta(days=180)
LONGEST_DOMAIN = 255  # RFC 1035

_DEAD_MAILBOX = re.compile(r"5\.(1\.\d{1,3}|2\.1)")  # RFC 3463: addressing; mailbox disabled


@dataclass(frozen=True)
class Report:
    """What a bounce says (RFC 3464): of which mail, by its tagged return path; `status` only when all is over."""

    mail_id: UUID
    tag: str
    status: str | None


def shows_dead_mailbox(status: str) -> bool:
    """Whether a status of RFC 3463 speaks of the mailbox, not of this message, a full disk or a policy."""
    return _DEAD_MAILBOX.fullmatch(status) is not None


def normal_address(address: str) -> str:
    """One spelling for one mailbox: case, compatibility forms, an IDN's two faces and a `+tag` do not count."""
    local, _, domain = unicodedata.normalize("NFKC", address.strip()).casefold().rpartition("@")
    with suppress(UnicodeError):
        domain = domain.encode("idna").decode()
    return f"{local.partition('+')[0]}@{domain}"


def masked(address: str) -> str:
    """As the desk may see it: `a***@mail.ru`; whatever is no address shows nothing that no page could."""
    local, at, domain = address.rpartition("@")
    shown = f"{local[:1]}***@{domain[:LONGEST_DOMAIN]}" if at else "***"
    return "".join(letter for letter in shown if letter.isprintable())


def tagged_return_path(bounces: str, mail_id: UUID, tag: str) -> str:
    """Where bounces of one mail go; the tag shows that we made it."""
    local, _, domain = bounces.partition("@")
    return f"{local}+{mail_id.hex}{tag}@{domain}"
