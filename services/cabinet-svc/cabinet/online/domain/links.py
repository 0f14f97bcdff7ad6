"""Links that people give, and the codes by which a class comes to its lesson."""

import hashlib
import hmac
import ipaddress
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from urllib.parse import urlsplit
from uuid import UUID

from chassis.errors import AppError, Busy
from ekis_contracts.codes import plain, spell
from ekis_contracts.fault import Fault

from cabinet.online.domain.lessons import State

CODE_BYTES = 10  # 80 bits, 16 letters
LONGEST_CODE = 40
AFTERWARDS = timedelta(days=1)  # a code opens its page so long after the end of all that can be done there
IPV6_NETWORK = 64  # bits that one subscriber has
_HOST = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_]{2,24}")


def https_link(text: str) -> str:
    """An address of the web over TLS, without a login in it; kept as it is. Raises Fault."""
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise Fault("https-link") from None
    if parts.scheme != "https" or not _HOST.fullmatch(host) or "@" in parts.netloc or " " in text:
        raise Fault("https-link")
    return text


def keyed(secret: bytes, purpose: str, *parts: object) -> bytes:
    """HMAC-SHA256 under a key of this purpose alone."""
    key = hmac.digest(secret, purpose.encode(), hashlib.sha256)
    return hmac.digest(key, "\0".join(map(str, parts)).encode(), hashlib.sha256)


def join_code(secret: bytes, lesson_id: UUID, class_id: UUID, no: int) -> str:
    """The code of a class for a lesson: derived, so that it is kept nowhere; a renewed one has the next number."""
    return spell(keyed(secret, "join-code", lesson_id, class_id, no)[:CODE_BYTES])


def code_mark(secret: bytes, code: str) -> bytes:
    """By which a code, however it was typed, is found."""
    return keyed(secret, "join-mark", plain(code))


@dataclass(frozen=True)
class Share:
    """What a code opens: the lesson as one class sees it."""

    lesson_id: UUID
    school_id: UUID
    class_id: UUID
    class_name: str
    school: str | None
    subject: str
    title: str
    starts: datetime
    ends: datetime
    state: State
    link: str | None
    last_due: datetime | None

    @property
    def closes(self) -> datetime:
        """When the code dies: with the planned end of a cancelled lesson, else a day after all can be handed in."""
        if self.state == "cancelled":
            return self.ends
        return max(self.ends, self.last_due or self.ends) + AFTERWARDS

    @property
    def door(self) -> str | None:
        """Where the lesson is held, while it is."""
        return self.link if self.state == "live" else None


class TooManyVisits(Busy, status=429):
    """This source, or this code, has asked too much lately."""

    def __init__(self, seconds: int) -> None:
        super().__init__("too-many-visits", seconds)


@dataclass(frozen=True)
class Limit:
    """How much may come at once, and how much of it is forgotten in a second."""

    burst: float
    leak: float

    def refusal(self, cost: float) -> AppError:
        """Of what costs so much: there is room for it after that long."""
        return TooManyVisits(ceil(cost / self.leak))


# A school of a thousand is behind one address and comes at nine; a code is opened by one class, again and again
LOOKS_OF_SOURCE, LOOKS_OF_CODE = Limit(2000, 20), Limit(600, 10)
WORKS_OF_SOURCE, WORKS_OF_CODE = Limit(400, 1), Limit(150, 0.2)
KNOWN, UNKNOWN = 1.0, 50.0  # cost of a look: forty wrong codes at once, then one in 2.5 s
KEPT = timedelta(hours=1)  # by then every count has leaked


def source_of(host: str) -> str:
    """The address that is counted: IPv4 as it is, IPv6 by its /64; anything else is one source."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address) and not address.ipv4_mapped:
        return str(ipaddress.ip_network((int(address), IPV6_NETWORK), strict=False))
    return str(getattr(address, "ipv4_mapped", None) or address)
