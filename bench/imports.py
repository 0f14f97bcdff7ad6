"""Registry import: schools a second from an uploaded file to rows, events and verdicts, beside COPY and an ORM."""

import asyncio
import csv
import io
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

import asyncpg
import psutil
from chassis.db import new_id
from chassis.http import Runtime
from chassis.migrations import migrate
from ekis_local.keys import make_keys
from ekis_local.postgres import ensure_database
from ekis_local.process import free_ports, http_ready
from registry.__main__ import service
from registry.actions.imports.jobs import start_import
from registry.domain.imports.jobs import Mode, Order
from registry.domain.requisites import inn_check_digit, ogrn_check_digit
from registry.loops.imports import work_imports

from bench.ground import Servers, clocked
from bench.peers import orm_import
from bench.report import Entrant, Goal, Sample, figures, judged, play, rates

COUNT = 10_000
MANY = 50_000
ROUNDS = 3
CHUNK = 256 * 1024
_HEADER = ("ID", "Полное наименование", "Краткое наименование", "Вид", "ИНН", "ОГРН", "КПП", "Округ", "Директор")
_CONTACTS = ("Адрес", "Телефон", "Почта", "Сайт")
_STREETS = ("Школьная", "Садовая", "Лесная", "Полевая", "Весенняя", "Озёрная", "Кленовая", "Рябиновая", "Солнечная")
_KINDS = ("Гимназия", "Лицей", "Детский сад", "Центр образования", "Средняя общеобразовательная школа")
_EMPTIED = "school, school_word, search_word, school_change, feed_mark, import, import_chunk, import_row, outbox"


async def run(servers: Servers) -> None:
    async with opened_registry(servers) as ground:
        await _rates(ground)
        await _memory(ground, servers)


@dataclass(frozen=True)
class Ground:
    """The registry on a database of its own, and a connection beside it."""

    runtime: Runtime
    dsn: str
    folder: Path
    connection: Any

    async def empty(self) -> None:
        await self.connection.execute(f"TRUNCATE {_EMPTIED} CASCADE")
        await self.connection.execute("CHECKPOINT")


@asynccontextmanager
async def opened_registry(servers: Servers) -> AsyncIterator[Ground]:
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ekis-bench-")))
        make_keys(folder)
        dsn = await ensure_database(servers.postgres, "registry", uuid4().hex)
        await migrate(dsn, service.folder / "migrations")
        given: dict[str, Any] = {"database": dsn, "kafka": servers.kafka, "public_url": "http://bench.test"}
        settings = service.settings(**given, secrets=folder / "registry", keys=folder / "public")
        admin = await asyncpg.connect(servers.postgres)
        await admin.execute("GRANT pg_checkpoint TO registry")
        await admin.close()
        connection = await asyncpg.connect(dsn)
        stack.push_async_callback(connection.close)
        yield Ground(await stack.enter_async_context(service.open(settings)), dsn, folder, connection)


def rows(count: int) -> Iterator[Sequence[str]]:
    for number in range(count):
        inn, ogrn, title = f"77{number:07d}", f"10277{number:07d}", f"{_KINDS[number % 5]} № {number}"
        yield (
            *(str(number + 1), f'Государственное бюджетное общеобразовательное учреждение города "{title}"'),
            *(f"ГБОУ {title}", _KINDS[number % 5], inn + inn_check_digit(inn)),
            *(ogrn + ogrn_check_digit(ogrn), "770101001", "Восточное окружное управление образования"),
            *("и.о. директора Сырова Мария Андреевна", f"г. Примерный, ул. {_STREETS[number % 9]}, д. {number % 120}"),
            *(
                f"(495) {number % 900 + 100}-{number % 90 + 10}-35",
                f"office{number}@school.ru",
                f"sch{number}.school.ru",
            ),
        )


def file_of(count: int) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([(*_HEADER, *_CONTACTS), *rows(count)])
    return text.getvalue().encode("utf-8-sig")


async def queue(ground: Ground, data: bytes, mode: Mode = "apply") -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for first in range(0, len(data), CHUNK):
            yield data[first : first + CHUNK]

    async with ground.runtime.database.transaction() as tx:
        await start_import(tx, Order("schools", mode, False, {}, None, new_id()), chunks())


async def _rates(ground: Ground) -> None:
    contest = await Contest.prepared(ground)
    entrants = [
        Entrant("COPY into school, its indexes", "limit", contest.copied),
        Entrant("SQLAlchemy ORM, add_all of ready rows", "peer", contest.added),
        Entrant("import of new schools", "ours", contest.new),
        Entrant("the same file again", "part", contest.unchanged),
        Entrant("ready rows that the feed has not brought", "part", contest.compared),
    ]
    goals = [Goal("COPY into school, its indexes", 0.4), Goal("SQLAlchemy ORM, add_all of ready rows", 2.5)]
    rates(f"registry import: schools/s, {COUNT} in a file", entrants, await play(entrants, ROUNDS), goals)


@dataclass(frozen=True)
class Contest:
    """One file, and the rows that an import makes of it."""

    ground: Ground
    data: bytes
    columns: Sequence[str]
    ready: Sequence[tuple[Any, ...]]

    @classmethod
    async def prepared(cls, ground: Ground) -> Self:
        data, connection = file_of(COUNT), ground.connection
        await ground.empty()
        await queue(ground, data)
        await work_imports(ground.runtime)
        columns = [row["attname"] for row in await connection.fetch(_COLUMNS)]
        ready = [tuple(row) for row in await connection.fetch(f"SELECT {', '.join(columns)} FROM school")]
        return cls(ground, data, columns, ready)

    async def copied(self) -> Sample:
        await self.ground.empty()
        with clocked() as clock:
            await self._copy()
        return clock.sample(COUNT)

    async def added(self) -> Sample:
        await self.ground.empty()
        schools = [dict(zip(self.columns, row, strict=True)) for row in self.ready]
        with clocked() as clock:
            await orm_import.add_all(self.ground.dsn, schools)
        return clock.sample(COUNT)

    async def new(self) -> Sample:
        await self.ground.empty()
        return await self._imported()

    async def compared(self) -> Sample:
        await self.ground.empty()
        await self._copy()
        return await self._imported()

    async def unchanged(self) -> Sample:
        await self.new()
        return await self._imported()

    async def _copy(self) -> None:
        await self.ground.connection.copy_records_to_table("school", records=self.ready, columns=self.columns)

    async def _imported(self) -> Sample:
        await queue(self.ground, self.data)
        await self.ground.connection.execute("CHECKPOINT")
        with clocked() as clock:
            await work_imports(self.ground.runtime)
        row = await self.ground.connection.fetchrow(_LAST)
        assert row
        assert (row["state"], row["well"]) == ("done", COUNT), row
        return clock.sample(COUNT)


_LAST = "SELECT state, new + unchanged AS well FROM import ORDER BY import_id DESC LIMIT 1"
_COLUMNS = """
SELECT attname FROM pg_attribute WHERE attrelid = 'school'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum
"""


async def _memory(ground: Ground, servers: Servers) -> None:
    """The real process, its relay and consumers at work, with a large file."""
    await ground.empty()
    port = free_ports({"registry": 0})["registry"]
    user, password = servers.admin
    env = {
        "EKIS_DATABASE": ground.dsn,
        "EKIS_KAFKA": servers.kafka,
        "EKIS_KAFKA_USER": user,
        "EKIS_KAFKA_PASSWORD": password,
        "EKIS_PUBLIC_URL": "http://bench.test",
        "EKIS_SECRETS": str(ground.folder / "registry"),
        "EKIS_KEYS": str(ground.folder / "public"),
        "EKIS_LISTEN": f"127.0.0.1:{port}",
    }
    command = [sys.executable, "-m", "registry", "run"]
    process = await asyncio.create_subprocess_exec(*command, env=env, stdout=asyncio.subprocess.DEVNULL)
    try:
        ready = http_ready(f"http://127.0.0.1:{port}/ready")
        while not await ready():  # noqa: ASYNC110
            await asyncio.sleep(0.1)
        watched = psutil.Process(process.pid)
        idle = watched.memory_info().rss
        await queue(ground, file_of(MANY))
        most = await _most(ground, watched)
    finally:
        process.terminate()
        await process.wait()
    megabyte = 1024 * 1024
    row = [f"{idle / megabyte:.0f} MB", judged(most / megabyte, 150, "MB")]
    figures(f"registry import: resident memory of the service, {MANY} schools", ("before", "at most"), [row])


async def _most(ground: Ground, watched: psutil.Process) -> int:
    most = 0
    while await ground.connection.fetchval("SELECT count(*) FROM import WHERE state IN ('queued', 'running')"):
        most = max(most, watched.memory_info().rss)
        await asyncio.sleep(0.05)
    return most
