"""The diary's two reads beside a constant answer and the textbook's build, from ten thousand to ten million marks."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import cabinet
import psutil
from cabinet.diary.store import reading
from chassis.auth import Principal, sign_token
from chassis.db import Database, connect, utc_now
from chassis.migrations import migrate
from chassis.settings import load_key_set
from ekis_local.keys import make_keys
from ekis_local.postgres import ensure_database, temporary_postgres
from ekis_local.process import Program, free_ports, http_ready
from ekis_local.supervisor import Supervisor
from joserfc.jwk import OKPKey

from bench.ground import Clock, cpu_seconds, tree_seconds
from bench.journals import MARKS, PUPILS, SUBJECTS, fill, journal_of, made_id, viewer
from bench.report import Entrant, Goal, Sample, figures, play, rates

SIZES = (10_000, 1_000_000, 10_000_000)
ROUNDS, REQUESTS, TOGETHER = 3, 400, 8
TOKENS = 64  # classes that are asked for, spread over all of them
WEEK, MONDAY = "2026-W38", "2026-09-14"


@dataclass
class Arena:
    """PostgreSQL, cabinet as a service starts it, and the peer beside it."""

    database: Database
    running: Supervisor
    ports: dict[str, int]
    key: OKPKey
    classes: int = 0

    def cpu(self) -> dict[str, float]:
        """Seconds so far of whoever answers; the asking is not counted."""
        pids = self.running.pids
        service = sum(tree_seconds(psutil.Process(pids[name])) for name in ("cabinet", "peer"))
        return {"service": service, "postgres": cpu_seconds()["postgres"]}

    def token(self, number: int) -> str:
        """Of the teacher of a class."""
        account, _, _, school = viewer(number)
        claims: dict[str, Any] = {"epoch": 1, "scope": "full", "category": "employee", "roles": frozenset()}
        who = Principal(account_id=account, sid=uuid4(), school_id=school, staff_id=uuid4(), **claims)
        return sign_token(self.key, who, utc_now())

    @property
    def asked(self) -> list[int]:
        """Numbers of classes."""
        return [self.classes * place // TOKENS for place in range(TOKENS)]


async def run() -> None:
    """A table for each read at each size, then what PostgreSQL touches for it."""
    async with _opened() as arena:
        for size in SIZES:
            beyond = max(1, round(size / MARKS))
            await fill(arena.database, arena.classes, beyond)
            arena.classes = beyond
            for read, paths in (("journal of 30 x 40 marks", _journals), ("pupil's week", _weeks)):
                await _compare(arena, read, paths)
            await _show_plans(arena)


@asynccontextmanager
async def _opened() -> AsyncIterator[Arena]:
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="ekis-bench-")))
        make_keys(folder)
        ports = free_ports({"cabinet": 0, "peer": 0})
        postgres = await stack.enter_async_context(temporary_postgres())
        dsn = await ensure_database(postgres.admin_dsn, "cabinet", uuid4().hex)
        await migrate(dsn, Path(cabinet.__file__).parent / "migrations")
        pool = await connect(dsn, "cabinet", 2)
        stack.push_async_callback(pool.close)
        await pool.execute("ALTER ROLE cabinet SET statement_timeout = 0")
        running = await stack.enter_async_context(Supervisor())
        for program in (cabinet_program(dsn, ports["cabinet"], folder), _peer(dsn, ports["peer"], folder)):
            await running.start(program)
        key = load_key_set(folder / "identity" / "signing_keys").keys[0]
        assert isinstance(key, OKPKey)
        seals: Any = None  # nothing is published here
        yield Arena(Database("cabinet", pool, seals), running, ports, key)


def cabinet_program(dsn: str, port: int, folder: Path) -> Program:
    """The service as it is started, without its broker."""
    env = {"EKIS_DATABASE": dsn, "EKIS_KAFKA": "127.0.0.1:1", "EKIS_LISTEN": f"127.0.0.1:{port}",
           "EKIS_PUBLIC_URL": "http://bench.test", "EKIS_KEYS": str(folder / "public"),
           "EKIS_SECRETS": str(folder / "cabinet")}  # fmt: skip
    ready = http_ready(f"http://127.0.0.1:{port}/ready")
    return Program("cabinet", [sys.executable, "-m", "cabinet", "api"], folder / "cabinet.log", ready, env)


def _peer(dsn: str, port: int, folder: Path) -> Program:
    env = {"PEER_DATABASE": dsn.replace("postgresql:", "postgresql+asyncpg:"), "PEER_PORT": str(port)}
    ready = http_ready(f"http://127.0.0.1:{port}/hello")
    return Program("peer", [sys.executable, "-m", "bench.peers.textbook_diary"], folder / "peer.log", ready, env)


Paths = Callable[[int], tuple[str, str]]  # number of a class -> path at cabinet, path at the peer


def _journals(number: int) -> tuple[str, str]:
    class_id, subject_id, term_id = journal_of(number, number % SUBJECTS)
    query = f"class_id={class_id}&subject_id={subject_id}&term_id={term_id}"
    return f"/api/cabinet/journal?{query}", f"/journal?{query}"


def _weeks(number: int) -> tuple[str, str]:
    pupil_id = made_id("pupil", number * PUPILS + number % PUPILS)
    return f"/api/cabinet/pupils/{pupil_id}/diary?week={WEEK}", f"/week?pupil_id={pupil_id}&monday={MONDAY}"


async def _compare(arena: Arena, read: str, paths: Paths) -> None:
    tokens = {number: arena.token(number) for number in arena.asked}
    ours = [_request(paths(number)[0], tokens[number]) for number in arena.asked]
    peer = [_request(paths(number)[1]) for number in arena.asked]
    ports = arena.ports
    entrants = [
        Entrant("FastAPI hello", "limit", partial(_round, arena, ports["peer"], [_request("/hello")], 4 * REQUESTS)),
        Entrant("textbook", "peer", partial(_round, arena, ports["peer"], peer, REQUESTS // 16)),
        Entrant("cabinet", "ours", partial(_round, arena, ports["cabinet"], ours, REQUESTS)),
    ]
    goals = [Goal("FastAPI hello", 0.30), Goal("textbook", 1.5)]
    rates(f"{read}, {arena.classes * MARKS:,} marks", entrants, await play(entrants, ROUNDS), goals)


async def _round(arena: Arena, port: int, requests: Sequence[bytes], count: int) -> Sample:
    clock = Clock(arena.cpu)
    lines = [await _Line.opened(port) for _ in range(TOGETHER)]
    waiting = iter(requests[number % len(requests)] for number in range(count))
    await asyncio.gather(*(_one_after_the_other(line, waiting) for line in lines))
    clock.stop()
    for line in lines:
        line.close()
    return clock.sample(count)


async def _one_after_the_other(line: "_Line", waiting: Any) -> None:
    for request in waiting:
        await line.ask(request)


def _request(path: str, token: str = "") -> bytes:
    bearer = f"Authorization: Bearer {token}\r\n" if token else ""
    return f"GET {path} HTTP/1.1\r\nHost: bench\r\n{bearer}\r\n".encode()


class _Line(asyncio.Protocol):
    """A keep-alive connection that costs the asking side little: an answer is counted, not read."""

    @classmethod
    async def opened(cls, port: int) -> "_Line":
        _, line = await asyncio.get_running_loop().create_connection(cls, "127.0.0.1", port)
        return line

    def connection_made(self, transport: Any) -> None:
        self._transport, self._left, self._head = transport, 0, b""

    async def ask(self, request: bytes) -> None:
        self._answered: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        await self._answered

    def data_received(self, data: bytes) -> None:
        if not self._left:
            self._head += data
            head, end, rest = self._head.partition(b"\r\n\r\n")
            if not end:
                return
            assert head[9:12] == b"200", head
            self._left = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
            self._head, data = b"", rest
        self._left -= len(data)
        if not self._left:
            self._answered.set_result(None)

    def close(self) -> None:
        self._transport.close()


async def _show_plans(arena: Arena) -> None:
    """Pages and time of both statements."""
    rows, monday = [], date.fromisoformat(MONDAY)
    for read, ask in (
        ("journal", lambda asked, n: reading.journal(asked, viewer(n), journal_of(n, n % SUBJECTS))),
        ("week", lambda asked, n: reading.week(asked, viewer(n), made_id("pupil", n * PUPILS), monday)),
    ):
        seen = [await _explained(arena, partial(ask, n=number)) for number in arena.asked]
        pages, took = sorted(one[0] for one in seen), sorted(one[1] for one in seen)
        rows.append([read, f"{arena.classes * MARKS:,}", str(pages[len(pages) // 2]), f"{took[len(took) // 2]:.2f}"])
    figures("what PostgreSQL touches", ("read", "marks", "pages", "ms in the server (EXPLAIN)"), rows)


async def _explained(arena: Arena, ask: Any) -> tuple[int, float]:
    plans: list[dict[str, Any]] = []

    class Asked:
        async def fetchval(self, query: str, *args: Any) -> bytes:
            sql = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {query}"
            plans.extend(json.loads(await arena.database.pool.fetchval(sql, *args)))
            return b""

    await ask(Asked())
    top = plans[0]["Plan"]
    return top["Shared Hit Blocks"] + top["Shared Read Blocks"], plans[0]["Execution Time"]
