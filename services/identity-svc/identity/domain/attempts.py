"""Guessing of secrets: what is counted, and how long the next guess has to wait.

A guess is counted as a failure before it is looked at; a right one is taken back. Failures leak away with time: there
is no lock, and no wait is longer than 15 minutes. NIST SP 800-63B-4 (3.2.2) allows 100 failures in a row: with this
leak never more than 31 are held against a login, and then strangers together have one guess in 15 minutes at it.
ASVS 5.0: 6.1.1, 6.3.1.
"""

import base64
import hmac
import ipaddress
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from chassis.errors import Busy

from identity.domain.credentials import digest

LONGEST_WAIT = 15 * 60.0  # seconds
KEPT = timedelta(days=1)  # by then every counter that may still matter has leaked
IPV6_NETWORK = 64  # bits that one subscriber has
NONCE_BYTES = 16


class Delayed(Busy, status=429):
    """Too many wrong guesses; the same for known and unknown logins."""


@dataclass(frozen=True, slots=True)
class Limit:
    """`free` failures cost nothing, each `doubling` more doubles a wait of a second; every `leak` forgets one."""

    free: int
    doubling: int
    leak: timedelta


ONE = Limit(5, 1, timedelta(minutes=15))  # a login from one source, a known device, somebody signed in
LOGIN = Limit(20, 1, timedelta(minutes=15))  # a login from all strangers together
SOURCE = Limit(100, 10, timedelta(minutes=1))  # an address: there may be a school behind it


@dataclass(frozen=True, slots=True)
class Counted:
    """One counter of a guess: `own` ones are the guesser's alone, and empty again once the guess was right."""

    key: bytes
    limit: Limit
    login: bytes | None = None
    own: bool = False


@dataclass(frozen=True, slots=True)
class Tally:
    """What a counter holds, as of its last failure."""

    level: float
    at: datetime


def source_of(host: str) -> str:
    """The address whose guesses are counted together: IPv4 as it is, IPv6 by its /64; anything else is one source."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((int(address), IPV6_NETWORK), strict=False))


def login_mark(secret: bytes, login: str) -> bytes:
    """A login as its counters name it."""
    return digest(secret, "attempts-on", login)


def at_the_door(secret: bytes, login: str, source: str, device: bytes | None) -> list[Counted]:
    """What a sign-in counts for. Strangers' failures are not held against a device that has signed in before."""
    mark = login_mark(secret, login)
    if device is not None:
        return [Counted(digest(secret, "attempts-device", login, device.hex()), ONE, mark, own=True)]
    return [
        Counted(digest(secret, "attempts-pair", login, source), ONE, mark, own=True),
        Counted(mark, LOGIN, mark),
        Counted(digest(secret, "attempts-source", source), SOURCE),
    ]


def at_confirmations(secret: bytes, source: str) -> list[Counted]:
    """What a code of a mail, shown by anybody, counts for."""
    return [Counted(digest(secret, "attempts-confirmation", source), SOURCE)]


def at_the_token_endpoint(secret: bytes, client: object, source: str) -> list[Counted]:
    """What an assertion of a city system counts for. Strangers' failures are not held against the system."""
    return [
        Counted(digest(secret, "attempts-system", client, source), ONE, own=True),
        Counted(digest(secret, "attempts-source", source), SOURCE),
    ]


def once_inside(secret: bytes, account_id: object, login: str) -> list[Counted]:
    """What the current password, asked for again of somebody signed in, counts for."""
    key = digest(secret, "attempts-account", account_id)
    return [Counted(key, ONE, login_mark(secret, login), own=True)]


def _leaked(tally: Tally, limit: Limit, now: datetime) -> float:
    return max(0.0, tally.level - max(timedelta(), now - tally.at) / limit.leak)


def wait(tally: Tally, limit: Limit, now: datetime) -> float:
    """Seconds until the next guess is looked at."""
    over = ceil(tally.level) - limit.free
    if over < 0:
        return 0.0
    pause: float = min(2.0 ** (over / limit.doubling), LONGEST_WAIT)
    return max(0.0, pause - (now - tally.at).total_seconds())


def delayed_until(tallies: Mapping[bytes, Tally], mark: bytes, now: datetime) -> tuple[datetime, bool] | None:
    """When the longest wait at a login ends, and whether all strangers have to wait; None without any.

    `tallies`: its counters by their keys, of which its `mark` is everybody's.
    """
    waits = {key: wait(tally, LOGIN if key == mark else ONE, now) for key, tally in tallies.items()}
    if everywhere := waits.get(mark):
        return now + timedelta(seconds=everywhere), True
    longest = max(waits.values(), default=0.0)
    return (now + timedelta(seconds=longest), False) if longest else None


def guess(tallies: Sequence[tuple[Tally, Limit]], now: datetime) -> list[float]:
    """The levels with one more failure each. Raises Delayed when one of them makes it wait."""
    longest = max(wait(tally, limit, now) for tally, limit in tallies)
    if longest > 0:
        raise Delayed("too-many-attempts", ceil(longest))
    return [_leaked(tally, limit, now) + 1 for tally, limit in tallies]


def device_name(secret: bytes, login: str) -> str:
    """The name of an account's device cookie: several people may use one computer."""
    return digest(secret, "device-name", login)[:4].hex()


def device_token(secret: bytes, login: str, nonce: bytes | None) -> str:
    """What a device that has signed in keeps (OWASP "device cookies"): good for its own counter and nothing else."""
    nonce = nonce or secrets.token_bytes(NONCE_BYTES)
    return base64.urlsafe_b64encode(nonce + digest(secret, "device", login, nonce.hex())).decode().rstrip("=")


def known_device(secret: bytes, login: str, token: str) -> bytes | None:
    """The nonce of a token that we gave to a device of this login; None for anything else."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return None
    nonce, seal = raw[:NONCE_BYTES], raw[NONCE_BYTES:]
    return nonce if hmac.compare_digest(seal, digest(secret, "device", login, nonce.hex())) else None
