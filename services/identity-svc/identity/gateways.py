"""What is outside: libsodium's Argon2id in threads of their own, ALTCHA's proofs of work, keys of city systems."""

import asyncio
import base64
import json
import os
import sys
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import altcha
from chassis.errors import Busy, Fault
from joserfc import jwt
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import ECKey, OKPKey
from nacl.exceptions import InvalidkeyError
from nacl.pwhash import argon2id
from prometheus_client import Counter, Gauge

from identity.domain.credentials import digest
from identity.domain.forms import CHALLENGE_VALID
from identity.domain.systems import SystemKey, TokenRefused

# OWASP Password Storage: Argon2id m=19456 (19 MiB), t=2, p=1
PASSES = 2
MEMORY = 19 * 1024 * 1024
NICENESS = 10
WAITING_PER_CORE = 16  # about a fifth of a second of work
RETRY_AFTER = 1  # seconds
PARAMETERS = f"$argon2id$v=19$m={MEMORY // 1024},t={PASSES},p=1$"  # as a PHC string begins

PUZZLE, ITERATIONS = "PBKDF2/SHA-256", 5_000  # of 256 tries: half a second on a desktop; checking is one try

ASSERTION_ALGORITHMS = ("Ed25519", "EdDSA", "ES256")  # EdDSA: how libraries before RFC 9864 name Ed25519
ASSERTION_LASTS, CLOCKS_DIFFER = timedelta(minutes=5), timedelta(seconds=30)
JWK_PARTS = ("kty", "crv", "x", "y")
LONGEST_ASSERTION, LONGEST_JTI = 8_000, 200
_UNREADABLE = (JoseError, ArithmeticError, ValueError, KeyError, TypeError, AttributeError, RecursionError)

HASHES = Counter("ekis_password_hashes_total", "Argon2 computations")
SEATS = Gauge("ekis_password_hash_seats_taken", "Requests that compute or wait for Argon2")
TURNED_AWAY = Counter("ekis_password_hash_turned_away_total", "Requests for which no seat was free")


class Hasher:
    """Hashes passwords on every core at lower priority; when every seat is taken, the rest are told at once."""

    def __init__(self) -> None:
        cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
        self._pool = ThreadPoolExecutor(cores, "argon2", initializer=_step_back)
        self._seats = cores * WAITING_PER_CORE
        self._nobodys = argon2id.str(os.urandom(16), PASSES, MEMORY)

    @contextmanager
    def seat(self) -> Iterator["Seat"]:
        """A place in the queue, taken before anything else is done: the excess costs nothing. Raises Busy."""
        if not self._seats:
            TURNED_AWAY.inc()
            raise Busy("sign-in-busy", RETRY_AFTER)
        self._seats -= 1
        try:
            with SEATS.track_inprogress():
                yield Seat(self._pool, self._nobodys)
        finally:
            self._seats += 1

    def close(self) -> None:
        """Let the threads end."""
        self._pool.shutdown(wait=False, cancel_futures=True)


@dataclass(frozen=True, slots=True)
class Seat:
    """One who may have something hashed."""

    pool: ThreadPoolExecutor
    nobodys: bytes

    async def hash(self, password: str) -> str:
        """What is kept of a password."""
        made: bytes = await self._run(argon2id.str, password.encode(), PASSES, MEMORY)
        return made.decode()

    async def fits(self, password_hash: str | None, password: str) -> bool:
        """Whether the password fits. Without a hash it does not, and takes as long."""
        kept = password_hash.encode() if password_hash else self.nobodys
        try:
            await self._run(argon2id.verify, kept, password.encode())
        except InvalidkeyError:
            return False
        return password_hash is not None

    async def renewed(self, password_hash: str | None, password: str) -> str | None:
        """The hash of a password that fits, by the parameters of today; None if it is so already."""
        is_current = password_hash is None or password_hash.startswith(PARAMETERS)
        return None if is_current else await self.hash(password)

    async def _run(self, work: Any, *args: Any) -> Any:
        HASHES.inc()
        return await asyncio.get_running_loop().run_in_executor(self.pool, work, *args)


def _step_back() -> None:
    """On Linux each thread has a priority of its own: requests go before hashing."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)


@dataclass(frozen=True)
class Own:
    """What identity has besides the runtime: its hasher, and how the newest keys of access tokens are had.

    `signing_key` gives the first of the private set, `public_keys` the JWKS as the services have it.
    """

    hasher: Hasher
    signing_key: Callable[[], Any]
    public_keys: Callable[[], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Solved:
    """A challenge of ours that was solved, and when it ends anyway."""

    signature: str
    until: datetime


def new_challenge(secret: bytes, now: datetime) -> dict[str, Any]:
    """A signed challenge, as ALTCHA's widget takes it."""
    key = digest(secret, "challenge")
    made: dict[str, Any] = altcha.create_challenge(
        PUZZLE, ITERATIONS, expires_at=now + CHALLENGE_VALID, hmac_secret=key
    ).to_dict()
    return made


def solved_challenge(secret: bytes, solution: str, now: datetime) -> Solved | None:
    """The challenge of a right solution (base64 of JSON, as the widget gives it) that has not ended; else None."""
    try:
        challenge = altcha.Challenge.from_dict(json.loads(base64.b64decode(solution))["challenge"])
        until = datetime.fromtimestamp(challenge.parameters.expires_at or 0, UTC)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, OSError, RecursionError):
        return None
    if now >= until or not altcha.verify_solution(solution, digest(secret, "challenge")).verified:
        return None
    return Solved(challenge.signature or "", until)


def public_key(text: str) -> SystemKey:
    """The Ed25519 or P-256 key of a JWK, of a JWK set of one, or of PEM. Raises Fault; never repeats the text."""
    key = _key(text.strip())
    if key.is_private:
        raise Fault("key-private")
    if key.curve_name not in ("Ed25519", "P-256"):
        raise Fault("key-kind")
    shown: Mapping[str, Any] = key.as_dict(private=False)
    jwk = {part: str(shown[part]) for part in JWK_PARTS if part in shown}
    return SystemKey(key.thumbprint(), jwk)


def _key(text: str) -> OKPKey | ECKey:
    for kind in (OKPKey, ECKey):
        with suppress(*_UNREADABLE):
            return kind.import_key(_jwk(text) if text.startswith("{") else text)
    raise Fault("key-format")


def _jwk(text: str) -> dict[str, Any]:
    shown: dict[str, Any] = json.loads(text)
    (jwk,) = shown.get("keys", [shown])
    return {part: value for part, value in jwk.items() if part in (*JWK_PARTS, "d")}


@dataclass(frozen=True, slots=True)
class Assertion:
    """What counts of a client assertion: its own mark, and when it ends anyway."""

    jti: str
    until: datetime


def who_asserts(text: str) -> UUID | None:
    """Whom an assertion names, nothing of it looked at yet."""
    try:
        payload = text.split(".")[1]
        return UUID(json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["iss"])
    except (*_UNREADABLE, IndexError):
        return None


def checked_assertion(
    text: str, keys: Sequence[Mapping[str, str]], audiences: Sequence[str], client: str, now: datetime
) -> Assertion:
    """A client assertion (RFC 7523, 3) signed by one of these keys. Raises TokenRefused."""
    for jwk in keys if len(text) <= LONGEST_ASSERTION else ():
        with suppress(*_UNREADABLE), warnings.catch_warnings():
            warnings.simplefilter("ignore", SecurityWarning)  # of the name EdDSA: the key says the curve
            key = (OKPKey if jwk["kty"] == "OKP" else ECKey).import_key(dict(jwk))
            claims = jwt.decode(text, key, algorithms=list(ASSERTION_ALGORITHMS)).claims
            return _assertion(claims, audiences, client, now)
    raise TokenRefused("invalid_client", "no key of this system has signed the assertion (Ed25519, EdDSA or ES256)")


def _assertion(claims: Mapping[str, Any], audiences: Sequence[str], client: str, now: datetime) -> Assertion:
    said = claims.get("aud"), claims.get("iss"), claims.get("sub"), claims.get("jti"), claims.get("iat")
    audience, issuer, subject, jti, made = said
    seconds, ends = now.timestamp(), claims.get("exp")
    named = audience if isinstance(audience, list) else [audience]
    if (issuer, subject) != (client, client):
        raise TokenRefused("invalid_client", "iss and sub have to be the id of the system")
    if len(named) != 1 or named[0] not in audiences:
        raise TokenRefused("invalid_client", f"aud has to be {audiences[0]} alone")
    if not isinstance(jti, str) or not 0 < len(jti) <= LONGEST_JTI:
        raise TokenRefused("invalid_client", f"jti has to be a text of 1-{LONGEST_JTI} characters")
    if type(ends) is not int or type(made) is not int:
        raise TokenRefused("invalid_client", "exp and iat have to be whole seconds")
    if not made - CLOCKS_DIFFER.total_seconds() <= seconds < ends <= made + ASSERTION_LASTS.total_seconds():
        raise TokenRefused("invalid_client", "exp has passed, or is later than 5 minutes after iat, or iat is to come")
    return Assertion(jti, datetime.fromtimestamp(ends, UTC))
