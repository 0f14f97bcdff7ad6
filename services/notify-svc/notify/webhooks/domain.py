"""What a webhook may be told, how what it is told is signed, and what follows from its answer."""

import base64
import hmac
import ipaddress
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, Literal
from urllib.parse import urlsplit
from uuid import UUID

from ekis_contracts import Envelope, Event, cabinet, identity, registry, write
from ekis_contracts.fault import Fault

# Events without sealed parts, one for each fact; what services tell each other of mails and notices is left out
OFFERED: tuple[type[Event], ...] = (
    registry.SchoolRegistered,
    registry.SchoolChanged,
    registry.SchoolClosed,
    registry.StaffLeft,
    registry.AccountRequestVerified,
    registry.AccountRequestDeclined,
    identity.AccountErased,
    cabinet.PollPublished,
    cabinet.PollClosed,
    cabinet.ExamResultsPublished,
    cabinet.ContestAnnounced,
    cabinet.ContestEntryDecided,
    cabinet.DocumentPublished,
    cabinet.NewsPublished,
)
TYPES = tuple(event.type for event in OFFERED)
TEST_TYPE = "ekis.webhook-test.v1"

MOST_OWN = 10  # of one city system
PATIENCE = timedelta(hours=24)  # from the first attempt on
ROTATION = timedelta(hours=24)  # both secrets sign
KEPT = timedelta(days=30)
_SUCCESS = range(200, 300)
_FIRST_PAUSE, _LONGEST_PAUSE = 5.0, 3600.0  # seconds

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052
_NAT64_LOCAL = ipaddress.ip_network("64:ff9b:1::/48")  # RFC 8215: leads wherever the own network says

State = Literal["pending", "active", "refused", "paused", "ended"]


@dataclass(frozen=True)
class Answer:
    """What came of one attempt: a status, or the code of why there is none."""

    took_ms: int
    status: int | None = None
    code: str | None = None
    retry_after: float | None = None  # seconds


@dataclass(frozen=True)
class Verdict:
    """What an attempt comes to; `pause` is how long the key waits."""

    kind: Literal["delivered", "retry", "failed", "gone"]
    pause: timedelta = timedelta()


@dataclass(frozen=True)
class Greeting:
    """What a receiver said to the handshake: refused for a reason, or allowed, with its rate a minute."""

    reason: str | None = None
    rate: int | None = None


def judge(answer: Answer, attempts: int, first_at: datetime, now: datetime, luck: float) -> Verdict:
    """After this many attempts; `luck` in [0, 1) spreads the next. CloudEvents HTTP 1.1 Web Hooks, section 2.2."""
    status = answer.status or 0
    if status in _SUCCESS:
        return Verdict("delivered")
    if status == HTTPStatus.GONE:
        return Verdict("gone")
    pause = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** min(attempts - 1, 20)) * (0.5 + luck / 2)
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE) and answer.retry_after is not None:
        pause = max(pause, min(answer.retry_after, PATIENCE.total_seconds()))
    if now - first_at >= PATIENCE:
        return Verdict("failed")
    return Verdict("retry", timedelta(seconds=pause))


def greet(status: int, headers: Mapping[str, str], origin: str) -> Greeting:
    """What the answer to the OPTIONS request allows; the names of `headers` are in lower case."""
    if status not in _SUCCESS:
        return Greeting("handshake-status")
    if headers.get("webhook-allowed-origin", "").strip().lower() not in ("*", origin.lower()):
        return Greeting("handshake-origin")
    rate = headers.get("webhook-allowed-rate", "*").strip()
    if rate == "*":
        return Greeting()
    if not rate.isascii() or not rate.isdigit() or int(rate[:9]) == 0:
        return Greeting("handshake-rate")
    return Greeting(rate=int(rate[:9]))


def seconds_of(retry_after: str | None, now: datetime) -> float | None:
    """`Retry-After` (RFC 9110, section 10.2.3) as seconds from now, or None when it says nothing."""
    if retry_after is None:
        return None
    if retry_after.isascii() and retry_after.isdigit():
        return float(retry_after[:9])
    try:
        moment = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    return max(0.0, ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now).total_seconds())


def body_of(envelope: Envelope, topic: str, schemas: str | None) -> bytes:
    """The event in structured mode (CloudEvents JSON format 1.0), as clear as it is on its topic."""
    headers = {name: value.decode() for name, value in write(envelope, topic, schemas).headers}
    headers["ce_datacontenttype"] = headers.pop("content-type")
    attributes = {name.removeprefix("ce_"): value for name, value in headers.items()}
    return json.dumps(attributes | {"data": json.loads(envelope.data)}, ensure_ascii=False).encode()


def test_body(event_id: UUID, webhook_id: UUID, now: datetime) -> bytes:
    """An event that says nothing, for a receiver to try itself with."""
    said: dict[str, Any] = {"specversion": "1.0", "id": str(event_id), "type": TEST_TYPE, "source": "/notify-svc"}
    return json.dumps(said | {"subject": str(webhook_id), "time": now.isoformat(), "data": {}}).encode()


def secret_of(key: bytes, webhook_id: UUID, version: int) -> bytes:
    """The 32 bytes that sign for this subscription: derived, so that no database holds them."""
    return hmac.digest(key, b"webhook %b %d" % (webhook_id.bytes, version), "sha256")


def written(secret: bytes) -> str:
    """As receivers configure it (Standard Webhooks, symmetric)."""
    return "whsec_" + base64.b64encode(secret).decode()


def signed(secrets: Sequence[bytes], event_id: UUID, body: bytes, now: datetime) -> dict[str, str]:
    """The headers of Standard Webhooks; one signature for each secret that is valid now."""
    stamp = str(int(now.timestamp()))
    said = b"%b.%b." % (str(event_id).encode(), stamp.encode()) + body
    marks = [base64.b64encode(hmac.digest(secret, said, "sha256")).decode() for secret in secrets]
    signatures = " ".join(f"v1,{mark}" for mark in marks)
    return {"webhook-id": str(event_id), "webhook-timestamp": stamp, "webhook-signature": signatures}


def require_target(url: str) -> str:
    """An address that may be written down: https (http is for `EKIS_WEBHOOK_NETWORKS`), no name and password in it, no
    fragment. Whether it leads outside is asked at each connection. Raises Fault."""
    try:
        parts = urlsplit(url)
        is_named = bool(parts.hostname) and parts.port != 0
    except ValueError:
        raise Fault("webhook-url") from None
    odd = "@" in parts.netloc or parts.fragment or not url.isascii() or not url.isprintable() or " " in url
    if parts.scheme not in ("https", "http") or not is_named or odd:
        raise Fault("webhook-url")
    return url


def require_types(types: list[str]) -> list[str]:
    """At least one, each on offer. Raises Fault."""
    unknown = sorted(set(types) - set(TYPES))
    if unknown or not types:
        raise Fault("webhook-types", types=", ".join(TYPES))
    return sorted(set(types))


def is_address(text: str) -> bool:
    """Whether it is an address, and no name."""
    try:
        ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return True


def is_outside(text: str) -> bool:
    """Whether this address is one of the public internet, also when another one is written inside it."""
    address: Address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        if address.teredo or address in _NAT64_LOCAL:
            return False
        inner = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        address = inner or address
    return address.is_global and not address.is_multicast


def is_within(text: str, networks: Sequence[Network]) -> bool:
    """Whether an operator of the machine has allowed this address by its network."""
    address = ipaddress.ip_address(text.partition("%")[0])
    return any(address.version == network.version and address in network for network in networks)
