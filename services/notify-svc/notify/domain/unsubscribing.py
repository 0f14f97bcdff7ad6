"""The token of an unsubscribe link (RFC 8058): whoever has it may turn off one kind of notice of one account."""

import base64
import binascii
import hmac
from typing import NamedTuple
from uuid import UUID

_ID, _MAC = 16, 16  # bytes; 128 bits of HMAC-SHA-256 (RFC 2104, section 5)


class Declined(NamedTuple):
    """Whose wish it is, and what it is not to get: a kind of notice, or `digest`."""

    account_id: UUID
    kind: str


def write_token(secret: bytes, declined: Declined) -> str:
    """Opaque, for an URL; it never expires, for old mails are unsubscribed from too."""
    said = declined.account_id.bytes + declined.kind.encode()
    return base64.urlsafe_b64encode(_mac(secret, said) + said).decode().rstrip("=")


def read_token(secret: bytes, token: str) -> Declined | None:
    """What it says, or None unless we wrote it."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    mac, said = raw[:_MAC], raw[_MAC:]
    if len(said) <= _ID or not hmac.compare_digest(mac, _mac(secret, said)):
        return None
    return Declined(UUID(bytes=said[:_ID]), said[_ID:].decode())


def _mac(secret: bytes, said: bytes) -> bytes:
    return hmac.digest(secret, b"unsubscribe " + said, "sha256")[:_MAC]
