"""What spans cost: the same service without a collector, with one, and with one that is away."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import cabinet
import psutil
from chassis.migrations import migrate
from ekis_local.keys import make_keys
from ekis_local.postgres import ensure_database, temporary_postgres
from ekis_local.process import free_ports
from ekis_local.supervisor import Supervisor

from bench.diary import cabinet_program
from bench.ground import Clock, tree_seconds
from bench.load import Wire
from bench.report import Entrant, Sample, play, rates

ROUNDS, REQUESTS, TOGETHER = 5, 2_000, 8
PATHS = {"an unknown path": "/api/cabinet/nothing", "a public read of one statement": "/api/cabinet/news/public"}


async def run() -> None:
    """A table for each path."""
    async with AsyncExitStack() as stack:
        collector = await stack.enter_async_context(_collector())
        ports = free_ports({"off": 0, "on": 0, "away": 0})
        endpoints = {"off": "", "on": collector, "away": "http://127.0.0.1:1/v1/traces"}
        running = await stack.enter_async_context(_running(ports, endpoints))
        for what, path in PATHS.items():
            doing = {name: partial(_round, running, name, port, path) for name, port in ports.items()}
            entrants = [
                Entrant("without traces", "limit", doing["off"]),
                Entrant("the collector is away", "part", doing["away"]),
                Entrant("traces", "ours", doing["on"]),
            ]
            rates(what, entrants, await play(entrants, ROUNDS), [])


@asynccontextmanager
async def _running(ports: dict[str, int], endpoints: dict[str, str]) -> AsyncIterator[Supervisor]:
    """One database, and a process for each."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="ekis-bench-")))
        make_keys(folder)
        postgres = await stack.enter_async_context(temporary_postgres())
        dsn = await ensure_database(postgres.admin_dsn, "cabinet", uuid4().hex)
        await migrate(dsn, Path(cabinet.__file__).parent / "migrations")
        running = await stack.enter_async_context(Supervisor())
        for name, port in ports.items():
            program = cabinet_program(dsn, port, folder)
            env = {**program.env, "EKIS_TRACES": endpoints[name]}
            await running.start(replace(program, name=name, log=folder / f"{name}.log", env=env))
        yield running


async def _round(running: Supervisor, name: str, port: int, path: str) -> Sample:
    clock = Clock(lambda: {"service": tree_seconds(psutil.Process(running.pids[name]))})
    wire, waiting = Wire(port), iter(range(REQUESTS))

    async def one_after_the_other(waiting: Iterator[int]) -> None:
        for _ in waiting:
            await wire.exchange("GET", path)

    await asyncio.gather(*(one_after_the_other(waiting) for _ in range(TOGETHER)))
    clock.stop()
    return clock.sample(REQUESTS)


@asynccontextmanager
async def _collector() -> AsyncIterator[str]:
    """It takes everything and looks at nothing."""

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = re.search(rb"content-length: (\d+)", head.lower())
                await reader.readexactly(int(length[1]) if length else 0)
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        except asyncio.IncompleteReadError:
            writer.close()

    async with await asyncio.start_server(take, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1/traces"
