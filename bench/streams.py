"""Open streams of the inbox: what 1,000 of them cost one process, and how soon a notice to everybody is on all."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import cabinet.__main__ as cabinet
import psutil
from cabinet.notices.actions import address_notice
from cabinet.notices.domain import Notice
from chassis.db import Database, connect, new_id, utc_now
from chassis.testing.opened import Keyring
from ekis_contracts.values import Audience
from ekis_local.keys import make_keys
from ekis_local.postgres import ensure_database, temporary_postgres
from ekis_local.process import Program, free_ports, http_ready
from ekis_local.process import run as run_command
from ekis_local.supervisor import Supervisor

from bench.ground import until
from bench.report import figures, judged, percentile

PEOPLE, STREAMS, NOTICES = 40_000, 1_000, 200
IDLE_SECONDS = 20.0
MOST_MEGABYTES = 100.0

_FILL = """
INSERT INTO account (account_id, state, school_id, category, post)
SELECT gen_random_uuid(), 'open', gen_random_uuid(), 'employee', 'учитель' FROM generate_series(1, $1)
"""


@dataclass
class Service:
    """The process that is measured, its database, and how to sign in."""

    process: psutil.Process
    port: int
    database: Database
    keyring: Keyring

    @property
    def megabytes(self) -> float:
        return float(self.process.memory_info().rss) / 2**20

    @property
    def cpu(self) -> float:
        times = self.process.cpu_times()
        return float(times.user + times.system)

    async def notify_everybody(self) -> None:
        async with self.database.transaction() as tx:
            await address_notice(tx, Notice("news", new_id(), "Новость для всех", "/news"), Audience())


@dataclass
class Client:
    """One raw connection: 1,000 of any client library would weigh on the same cores."""

    heard: list[float] = field(default_factory=list)

    async def follow(self, port: int, headers: dict[str, str]) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        writer.write(f"GET /api/cabinet/inbox/stream HTTP/1.1\r\nHost: bench\r\n{lines}\r\n".encode())
        try:
            while line := await reader.readline():
                if line.startswith(b"data:"):
                    self.heard.append(perf_counter())
        finally:
            writer.close()


async def run() -> None:
    async with _service() as service:
        for _ in range(NOTICES):
            await service.notify_everybody()
        rows = await service.database.pool.fetch("SELECT account_id FROM account LIMIT $1", STREAMS)
        before = service.megabytes
        clients = [Client() for _ in rows]
        following = [
            asyncio.create_task(client.follow(service.port, _headers(service, row["account_id"])))
            for client, row in zip(clients, rows, strict=True)
        ]
        await until(lambda: _heard(clients, 1))
        _report(service, before, *await _measured(service, clients))
        for one in following:
            one.cancel()
        await asyncio.gather(*following, return_exceptions=True)


async def _heard(clients: list[Client], count: int) -> bool:
    return all(len(client.heard) >= count for client in clients)


async def _measured(service: Service, clients: list[Client]) -> tuple[float, list[float]]:
    begun, cpu = perf_counter(), service.cpu
    await asyncio.sleep(IDLE_SECONDS)
    share = (service.cpu - cpu) / (perf_counter() - begun)
    begun = perf_counter()
    await service.notify_everybody()
    await until(lambda: _heard(clients, 2))
    return share, [client.heard[1] - begun for client in clients]


def _report(service: Service, before: float, share: float, delays: list[float]) -> None:
    now = service.megabytes
    rows = [
        ["resident before the first stream", f"{before:.0f} MB"],
        [f"{STREAMS:,} streams more", judged(now - before, MOST_MEGABYTES, "MB")],
        ["resident with them", f"{now:.0f} MB"],
        ["share of a core while nothing happens", f"{share:.1%}"],
        ["a notice to everybody, on half of the streams", f"{percentile(delays, 0.5):.2f} s"],
        ["... on all of them", f"{max(delays):.2f} s"],
    ]
    figures(f"Streams of the inbox, {PEOPLE:,} accounts, {NOTICES} notices each", ["figure", ""], rows)


def _headers(service: Service, account_id: UUID) -> dict[str, str]:
    return service.keyring.bearer(utc_now(), account_id=account_id, category="employee", school_id=uuid4())


@asynccontextmanager
async def _service() -> AsyncIterator[Service]:
    with TemporaryDirectory(prefix="ekis-bench-") as name:
        folder = Path(name)
        make_keys(folder)
        async with temporary_postgres() as postgres, Supervisor() as supervisor:
            dsn = await ensure_database(postgres.admin_dsn, "cabinet", uuid4().hex)
            port = free_ports({"api": 0})["api"]
            env = _environment(dsn, port, folder)
            await run_command([sys.executable, "-m", "cabinet", "migrate"], env=env)
            await _fill(dsn)
            ready = http_ready(f"http://127.0.0.1:{port}/ready")
            argv = [sys.executable, "-m", "cabinet", "api"]
            await supervisor.start(Program("cabinet", argv, folder / "cabinet.log", ready, env))
            keyring = Keyring(folder)
            pool = await connect(dsn, "cabinet", 2)
            try:
                process = psutil.Process(supervisor.pids["cabinet"])
                yield Service(process, port, Database("cabinet", pool, keyring.seals["cabinet"]), keyring)
            finally:
                await pool.close()


def _environment(dsn: str, port: int, folder: Path) -> dict[str, str]:
    return {
        "EKIS_DATABASE": dsn,
        "EKIS_KAFKA": "127.0.0.1:1",
        "EKIS_LISTEN": f"127.0.0.1:{port}",
        "EKIS_PUBLIC_URL": "http://bench.test",
        "EKIS_SECRETS": str(folder / cabinet.service.name),
        "EKIS_KEYS": str(folder / "public"),
    }


async def _fill(dsn: str) -> None:
    connection: Any = await asyncpg.connect(dsn)
    try:
        await connection.execute(_FILL, PEOPLE)
        await connection.execute("ANALYZE account")
    finally:
        await connection.close()
