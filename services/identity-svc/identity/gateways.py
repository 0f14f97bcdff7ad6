"""What is outside: libsodium's Argon2id in threads of their own, ALTCHA's proofs of work."""

import asyncio
import base64
import json
import os
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import altcha
from chassis.errors import Busy
from nacl.exceptions import InvalidkeyError
from nacl.pwhash import argon2id
from prometheus_client import Counter, Gauge

from identity.domain.credentials import digest
from identity.domain.forms import CHALLENGE_VALID

# OWASP Password Storage: Argon2id m=19456 (19 MiB), t=2, p=1
PASSES = 2
MEMORY = 19 * 1024 * 1024
NICENESS = 10
WAITING_PER_CORE = 16  # about a fifth of a second of work
RETRY_AFTER = 1  # seconds
PARAMETERS = f"$argon2id$v=19$m={MEMORY // 1024},t={PASSES},p=1$"  # as a PHC string begins

PUZZLE, ITERATIONS = "PBKDF2/SHA-256", 5_000  # of 256 tries: half a second on a desktop; checking is one try

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
