"""What every workload stands on: PostgreSQL, Apache Kafka, one migrated database, and clocks of CPU time."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time
from typing import Any
from uuid import uuid4

import asyncpg
import psutil
from chassis.db import Database, connect
from chassis.kafka import Broker
from chassis.migrations import migrate
from chassis.settings import ServiceSettings, load_seals
from ekis_local.kafka import temporary_kafka
from ekis_local.keys import make_keys
from ekis_local.postgres import ensure_database, temporary_postgres

from bench.report import Sample

SERVICE = "registry"
TIME_LIMIT = 120.0


@dataclass(frozen=True)
class Ground:
    """Servers of this run, and the database of one service on them."""

    database: Database
    settings: ServiceSettings
    broker: Broker

    @property
    def dsn(self) -> str:
        return self.settings.database.get_secret_value()

    @property
    def reach(self) -> dict[str, Any]:
        """How a peer's own Kafka client reaches the broker."""
        assert self.settings.kafka_password
        return {
            "bootstrap_servers": self.settings.kafka,
            "security_protocol": "SASL_PLAINTEXT",
            "sasl_mechanism": "SCRAM-SHA-512",
            "sasl_plain_username": self.settings.kafka_user,
            "sasl_plain_password": self.settings.kafka_password.get_secret_value(),
        }

    async def empty(self, *tables: str) -> None:
        """Forget all rows, and leave no vacuum or checkpoint to the next competitor."""
        await self.database.pool.execute(f"TRUNCATE {', '.join(tables)}")

    async def settle(self) -> None:
        """As `empty`, for an administrator's part: write out what is dirty before the clock starts."""
        connection = await asyncpg.connect(self.dsn)
        try:
            await connection.execute("CHECKPOINT")
        finally:
            await connection.close()


@dataclass(frozen=True)
class Servers:
    """Addresses, and the administrator's login of the broker."""

    kafka: str
    admin: tuple[str, str]
    postgres: str


@asynccontextmanager
async def opened_servers() -> AsyncIterator[Servers]:
    """On free ports, gone afterwards."""
    async with temporary_kafka() as kafka, temporary_postgres() as postgres:
        yield Servers(kafka.address, kafka.admin, postgres.admin_dsn)


@asynccontextmanager
async def opened_ground(servers: Servers) -> AsyncIterator[Ground]:
    """A migrated database and keys, gone with the servers."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ekis-bench-")))
        make_keys(folder)
        dsn = await ensure_database(servers.postgres, SERVICE, uuid4().hex)
        await _allow_checkpoints(servers.postgres)
        await migrate(dsn, Path(__file__).parent / "migrations")
        given: dict[str, Any] = {"database": dsn, "kafka": servers.kafka, "public_url": "http://bench.test"}
        given |= {"kafka_user": servers.admin[0], "kafka_password": servers.admin[1]}
        settings = ServiceSettings(**given, secrets=folder / SERVICE, keys=folder / "public")
        pool = await connect(dsn, SERVICE, settings.pool_size)
        stack.push_async_callback(pool.close)
        seals = load_seals(SERVICE, settings.secrets, settings.keys)
        yield Ground(Database(SERVICE, pool, seals), settings, Broker(settings, SERVICE))


async def _allow_checkpoints(admin_dsn: str) -> None:
    connection = await asyncpg.connect(admin_dsn)
    try:
        await connection.execute(f"GRANT pg_checkpoint TO {SERVICE}")
    finally:
        await connection.close()


class Clock:
    """Wall and CPU seconds since it was made; `read` tells the CPU seconds so far of each part that counts."""

    def __init__(self, read: Callable[[], dict[str, float]] | None = None) -> None:
        self._read = read or cpu_seconds
        self.begun, self._cpu = perf_counter(), self._read()
        self.wall = 0.0
        self.cpu: dict[str, float] = {}

    def stop(self) -> None:
        self.wall = perf_counter() - self.begun
        self.cpu = {part: seconds - self._cpu[part] for part, seconds in self._read().items()}

    def sample(self, units: int) -> Sample:
        """So many units were done meanwhile."""
        return Sample(units / self.wall, {part: seconds / units for part, seconds in self.cpu.items()})


@contextmanager
def clocked() -> Iterator[Clock]:
    clock = Clock()
    yield clock
    clock.stop()


async def until(check: Callable[[], Awaitable[bool]], every: float = 0.1) -> None:
    """Return when it is so. Raises TimeoutError."""
    async with asyncio.timeout(TIME_LIMIT):
        while not await check():  # noqa: ASYNC110 - what is waited for happens in other processes
            await asyncio.sleep(every)


def cpu_seconds() -> dict[str, float]:
    """Of this process, and of the servers beside it."""
    children = psutil.Process().children()
    return {
        "client": process_time(),
        "postgres": sum(map(tree_seconds, _named(children, "postgres"))),
        "kafka": sum(map(tree_seconds, _named(children, "java"))),
    }


def _named(processes: Sequence[psutil.Process], name: str) -> list[psutil.Process]:
    return [process for process in processes if process.name() == name]


def tree_seconds(process: psutil.Process) -> float:
    """Of a process, its living children and those that have ended."""
    own = process.cpu_times()
    total = own.user + own.system + own.children_user + own.children_system
    for child in process.children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            times = child.cpu_times()
            total += times.user + times.system
    return float(total)
