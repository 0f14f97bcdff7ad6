"""What is outside: libsodium's Argon2id, in threads of their own."""

import asyncio
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from chassis.errors import Busy
from nacl.exceptions import InvalidkeyError
from nacl.pwhash import argon2id
from prometheus_client import Counter

# OWASP Password Storage: Argon2id m=19456 (19 MiB), t=2, p=1
PASSES = 2
MEMORY = 19 * 1024 * 1024
NICENESS = 10
WAITING_PER_CORE = 16  # about a fifth of a second of work
RETRY_AFTER = 1  # seconds

HASHES = Counter("ekis_password_hashes_total", "Argon2 computations")


class Hasher:
    """Hashes passwords on every core at lower priority; when too many wait, the rest are told at once."""

    def __init__(self) -> None:
        cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
        self._pool = ThreadPoolExecutor(cores, "argon2", initializer=_step_back)
        self._most = cores * WAITING_PER_CORE
        self._waiting = 0
        self._nobodys = argon2id.str(os.urandom(16), PASSES, MEMORY)

    async def hash(self, password: str) -> str:
        """What is kept of a password. Raises Busy."""
        made: bytes = await self._run(argon2id.str, password.encode(), PASSES, MEMORY)
        return made.decode()

    async def fits(self, password_hash: str | None, password: str) -> bool:
        """Whether the password fits. Without a hash it does not, and takes as long. Raises Busy."""
        kept = password_hash.encode() if password_hash else self._nobodys
        try:
            await self._run(argon2id.verify, kept, password.encode())
        except InvalidkeyError:
            return False
        return password_hash is not None

    def close(self) -> None:
        """Let the threads end."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def _run(self, work: Any, *args: Any) -> Any:
        if self._waiting >= self._most:
            raise Busy("sign-in-busy", RETRY_AFTER)
        self._waiting += 1
        HASHES.inc()
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work, *args)
        finally:
            self._waiting -= 1


def _step_back() -> None:
    """On Linux each thread has a priority of its own: requests go before hashing."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)


@dataclass(frozen=True)
class Own:
    """What identity has besides the runtime: its hasher, the key that signs access tokens, the public keys."""

    hasher: Hasher
    signing_key: Any
    public_keys: dict[str, Any]
