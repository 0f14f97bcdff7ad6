"""Sign-in beside the hash alone and the plain build, refreshes, what a token costs, and everything else in a storm."""

import asyncio
import json
import os
import re
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

import asyncpg
import psutil
from chassis.db import new_id
from ekis_local.postgres import ensure_database, temporary_postgres
from ekis_local.process import Program, free_ports, http_ready, tcp_ready
from ekis_local.stack import Stack, temporary_stack
from ekis_local.supervisor import Supervisor
from identity.gateways import MEMORY, PASSES
from nacl.pwhash import argon2id

from bench.ground import Clock, cpu_seconds, tree_seconds
from bench.load import Answer, Wire
from bench.report import Entrant, Goal, Sample, figures, judged, percentile, play, rates

ROUNDS = 3
TOGETHER = 16
SIGN_INS, REFRESHES, READS = 200, 2_000, 3_000  # a round
PEOPLE = 64
STORM_SECONDS, STORMING = 10.0, 96
PASSWORD = "тихий вечер над прудом 47"
SESSIONS = "/api/identity/sessions"
_COOKIE = re.compile(rb"set-cookie: (rt=[^;]+)", re.IGNORECASE)
_ACCOUNT = """
INSERT INTO account (id, state, login, lang, roll_version, session_epoch, password_hash, credential_no, roles, version)
SELECT id, 'active', login, 'ru', 0, 1, $3, 0, '{}', 1 FROM unnest($1::uuid[], $2::text[]) AS fresh (id, login)
"""

Ask = Callable[[], Awaitable[Any]]


@dataclass
class Doors:
    """One process of identity, the plain build beside it, one guarded GET, and the same people everywhere."""

    stack: Stack
    beside: Supervisor
    ours: Wire
    plain: Wire
    guarded: Wire
    kept: bytes

    def clock(self, name: str) -> Clock:
        """CPU of this program, PostgreSQL and Kafka; whoever asks is not counted."""
        pid = {**self.stack.pids, **self.beside.pids}[name]

        def read() -> dict[str, float]:
            servers = cpu_seconds()
            return {"process": tree_seconds(psutil.Process(pid)), "postgres": servers["postgres"]}

        return Clock(read)


@asynccontextmanager
async def opened_doors() -> AsyncIterator[Doors]:
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="ekis-bench-")))
        ports = free_ports({"plain": 0, "guarded": 0})
        postgres = await stack.enter_async_context(temporary_postgres())
        ours = await stack.enter_async_context(temporary_stack(postgres=postgres.admin_dsn, seeded=False))
        for name in ("gateway", "cabinet", "registry", "notify", "mail"):
            await ours.halt(name)
        beside = await stack.enter_async_context(Supervisor())
        dsn = await ensure_database(postgres.admin_dsn, "plain", "plain")
        keys = str(ours.root / "secrets" / "keys" / "public")
        await beside.start(_program("plain", "bench.peers.plain_sign_in", ports["plain"], dsn, folder))
        await beside.start(_program("guarded", "bench.guarded", ports["guarded"], keys, folder))
        kept = argon2id.str(PASSWORD.encode(), PASSES, MEMORY)
        await _fill(ours.databases["identity"], _ACCOUNT, [new_id() for _ in range(PEOPLE)], _logins(), kept.decode())
        sql = "INSERT INTO peer_account (login, password_hash) SELECT login, $2 FROM unnest($1::text[]) AS login"
        await _fill(dsn, sql, _logins(), kept.decode())
        wires = Wire(ours.ports["identity"]), Wire(ports["plain"]), Wire(ports["guarded"])
        yield Doors(ours, beside, *wires, kept)


def _program(name: str, module: str, port: int, rest: str, folder: Path) -> Program:
    argv = [sys.executable, "-m", module, str(port), rest]
    ready = http_ready(f"http://127.0.0.1:{port}/ready") if name == "plain" else tcp_ready(port)
    return Program(name, argv, folder / f"{name}.log", ready, {})


def _logins() -> list[str]:
    return [f"bench.{number}" for number in range(PEOPLE)]


async def _fill(dsn: str, sql: str, *args: Any) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(sql, *args)
    finally:
        await connection.close()


async def _many(asks: Sequence[Ask], units: int) -> None:
    """So many in all; each of these ways to ask is used by one at a time."""
    left = iter(range(units))

    async def one_after_the_other(ask: Ask) -> None:
        for _ in left:
            await ask()

    await asyncio.gather(*map(one_after_the_other, asks))


async def _round(doors: Doors, name: str, asks: Sequence[Ask], units: int) -> Sample:
    clock = doors.clock(name)
    await _many(asks, units)
    clock.stop()
    return clock.sample(units)


async def _sign_in(wire: Wire, path: str, login: str) -> Answer:
    answer = await wire.exchange("POST", path, json.dumps({"login": login, "password": PASSWORD}).encode())
    assert answer.status == 200, answer
    return answer


async def _hashes(kept: bytes) -> Sample:
    """The limit: nothing but verifying, a thread for each core."""
    clock = Clock(lambda: {"process": process_time(), "postgres": 0.0})
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        loop = asyncio.get_running_loop()
        verify = partial(loop.run_in_executor, pool, argon2id.verify, kept, PASSWORD.encode())
        await asyncio.gather(*(verify() for _ in range(SIGN_INS)))
    clock.stop()
    return clock.sample(SIGN_INS)


async def run_sign_in() -> None:
    async with opened_doors() as doors:
        logins = _logins()[:TOGETHER]
        plain = [partial(_sign_in, doors.plain, "/sessions", login) for login in logins]
        ours = [partial(_sign_in, doors.ours, SESSIONS, login) for login in logins]
        entrants = [
            Entrant("PyNaCl's Argon2id alone", "limit", partial(_hashes, doors.kept)),
            Entrant("plain build (argon2-cffi, to_thread)", "peer", partial(_round, doors, "plain", plain, SIGN_INS)),
            Entrant("sign-in", "ours", partial(_round, doors, "identity", ours, SIGN_INS)),
        ]
        samples = await play(entrants, ROUNDS)
        goals = [Goal(entrants[0].name, 0.80), Goal(entrants[1].name, 1.5)]
        rates("sign-in", entrants, samples, goals)
        await _storm(doors)


async def _storm(doors: Doors) -> None:
    """More sign-ins than the cores can hash, of unknown logins from many sources; reads beside them."""
    until, numbers = perf_counter() + STORM_SECONDS, count()
    taken: dict[int, list[float]] = {401: [], 503: []}
    reads: list[float] = []

    async def knock() -> None:
        while perf_counter() < until:
            number = next(numbers)
            body = json.dumps({"login": f"storm.{number}", "password": PASSWORD}).encode()
            source = f"X-Forwarded-For: 10.{number % 200}.{number // 200 % 200}.1\r\n"
            begun = perf_counter()
            answer = await doors.ours.exchange("POST", SESSIONS, body, source)
            taken[answer.status].append((perf_counter() - begun) * 1e3)
            if answer.status == 503:
                await asyncio.sleep(0.1)  # an impatient client; Retry-After says a second

    async def read() -> None:
        while perf_counter() < until:
            begun = perf_counter()
            await doors.ours.exchange("GET", "/api/identity/.well-known/jwks.json")
            reads.append((perf_counter() - begun) * 1e3)
            await asyncio.sleep(0.01)

    await asyncio.gather(read(), *(knock() for _ in range(STORMING)))
    rows = [
        _row("GET beside it", reads, judged(percentile(reads, 0.99), 5, "ms p99")),
        _row("refused with 503", taken[503], judged(percentile(taken[503], 0.99), 50, "ms p99")),
        _row("verified (401)", taken[401], ""),
    ]
    figures("a storm of sign-ins", ("what", "p50 ms", "p99 ms", "samples", "goal"), rows)


def _row(name: str, taken: Sequence[float], goal: str) -> list[str]:
    return [name, f"{median(taken):.2f}", f"{percentile(taken, 0.99):.2f}", str(len(taken)), goal]


class _Device:
    """A signed-in device that refreshes."""

    def __init__(self, wire: Wire, first: Answer) -> None:
        self._wire = wire
        self._take(first)

    async def refresh(self) -> None:
        answer = await self._wire.exchange("POST", f"{SESSIONS}/refresh", headers=f"Cookie: {self._cookie}\r\n")
        assert answer.status == 200, answer
        self._take(answer)

    async def read(self, wire: Wire, path: str) -> None:
        answer = await wire.exchange("GET", f"/api/bench/{path}", headers=f"Authorization: Bearer {self.token}\r\n")
        assert answer.status == 200, answer

    def _take(self, answer: Answer) -> None:
        cookie = _COOKIE.search(answer.head)
        assert cookie
        self._cookie, self.token = cookie[1].decode(), json.loads(answer.body)["access_token"]


async def run_refresh() -> None:
    async with opened_doors() as doors:
        firsts = [await _sign_in(doors.ours, SESSIONS, login) for login in _logins()[:TOGETHER]]
        devices = [_Device(doors.ours, first) for first in firsts]
        refreshes = [device.refresh for device in devices]
        opened, guarded = ([partial(one.read, doors.guarded, path) for one in devices] for path in ("open", "guarded"))
        reads = [
            Entrant("GET without a token", "limit", partial(_round, doors, "guarded", opened, READS)),
            Entrant("GET with a token", "ours", partial(_round, doors, "guarded", guarded, READS)),
        ]
        rates("token check", reads, await play(reads, ROUNDS), [Goal(reads[0].name, 0.7)])
        entrant = Entrant("refresh with its write", "ours", partial(_round, doors, "identity", refreshes, REFRESHES))
        samples = (await play([entrant], ROUNDS))[entrant.name]
        own = 1 / median(sample.cpu["process"] for sample in samples)
        both = 1 / median(sum(sample.cpu.values()) for sample in samples)
        verdict = f"{'met' if own >= 1800 else 'MISSED'}: >= 1,800"
        rows = [
            ["a core of the service", f"{own:,.0f}", verdict],
            ["a core of service and PostgreSQL", f"{both:,.0f}", ""],
            ["in all, as measured", f"{median(sample.figure for sample in samples):,.0f}", ""],
        ]
        figures("refreshes a second", ("of", "refreshes", "goal"), rows)
