"""Where the mail workload takes place: the native stack, the usual stack beside it, a sink, one roll in both."""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import asyncpg
import psutil
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic
from ekis_kafka.broker import client_settings
from ekis_local.postgres import ensure_database, temporary_postgres
from ekis_local.process import Program, free_ports, http_ready, tcp_ready
from ekis_local.stack import Stack, temporary_stack
from ekis_local.supervisor import Supervisor
from registry.__main__ import service as registry

from bench.ground import cpu_seconds, tree_seconds, until
from bench.load import Door, Postbox
from bench.people import POST, Crowd, Person, enrol

SERVICES = ("identity", "registry", "notify")
PEER_TOPICS = ("usual-requested", "usual-verified", "usual-created")
CREDENTIALS_SUBJECT = "Логин и одноразовый пароль"
PARTITIONS = 3
MAILS = 2  # for each request: that it was taken in, and the credentials


@dataclass
class Arena:
    """Everything that runs, and the crowd that asks."""

    stack: Stack
    beside: Supervisor
    ports: dict[str, int]
    crowd: Crowd
    postbox: Postbox
    databases: dict[str, Any]

    @property
    def ours(self) -> Door:
        return Door(self.stack.ports["identity"], "/api/identity/account-requests")

    @property
    def peer(self) -> Door:
        return Door(self.ports["peer"], "/account-requests")

    async def only(self, *names: str) -> None:
        """Let these services run and no other; the peer is one of them."""
        running = {*self.stack.pids, *self.beside.pids} & {*SERVICES, "peer"}
        for name in running - {*names}:
            await (self.beside.stop(name) if name == "peer" else self.stack.halt(name))
        for name in {*names} - running:
            await (self.beside.resume(name) if name == "peer" else self.stack.resume(name))

    def cpu(self) -> dict[str, float]:
        """Seconds so far of what does the work; whoever asks is not counted."""
        pids = {**self.stack.pids, **self.beside.pids}
        servers = cpu_seconds()
        return {
            "services": sum(_seconds(pids[name]) for name in (*SERVICES, "peer") if name in pids),
            "postgres": servers["postgres"],
            "kafka": servers["kafka"],
            "sink": _seconds(pids["sink"]),
        }

    async def outboxes_empty(self, names: Iterable[str]) -> bool:
        return not any([await self.databases[name].fetchval("SELECT 1 FROM outbox LIMIT 1") for name in names])

    async def done(self, service: str, reaction: str) -> int:
        """How many events this reaction has settled."""
        count: int = await self.databases[service].fetchval("SELECT count(*) FROM inbox WHERE reaction = $1", reaction)
        return count

    async def settled(self) -> None:
        """Return when nothing is left to do for any request: both mails sent, and noted by whom it concerns."""
        await until(self._is_settled)

    async def _is_settled(self) -> bool:
        asked = await self.databases["identity"].fetchval("SELECT count(*) FROM account_request")
        noted = [await self.done("identity", "note_sent"), await self.done("registry", "note_sent_mails")]
        return noted == [asked * MAILS] * 2 and await self.outboxes_empty(SERVICES)


def _seconds(pid: int) -> float:
    return tree_seconds(psutil.Process(pid))


@asynccontextmanager
async def opened_arena(people: int) -> AsyncIterator[Arena]:
    """Servers, services, peer and sink; everybody of the crowd is on both rolls."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="ekis-bench-")))
        ports = free_ports({"sink": 0, "news": 0, "peer": 0})
        postgres = await stack.enter_async_context(temporary_postgres())
        beside = await stack.enter_async_context(Supervisor())
        await beside.start(_sink(ports, folder))
        smtp = {"notify": {"EKIS_SMTP": f"127.0.0.1:{ports['sink']}"}}
        ours = await stack.enter_async_context(temporary_stack(postgres=postgres.admin_dsn, seeded=False, env=smtp))
        for name in ("gateway", "cabinet", "mail"):
            await ours.halt(name)
        postbox = Postbox(CREDENTIALS_SUBJECT)
        following = asyncio.create_task(postbox.follow(ports["news"]))
        stack.callback(following.cancel)
        databases = {}
        for name in SERVICES:
            databases[name] = await asyncpg.create_pool(ours.databases[name], min_size=1, max_size=1)
            stack.push_async_callback(databases[name].close)
        arena = Arena(ours, beside, ports, Crowd(people), postbox, databases)
        await _fill(arena)
        await _start_peer(arena, await ensure_database(postgres.admin_dsn, "usual", uuid4().hex), folder)
        yield arena


def _sink(ports: dict[str, int], folder: Path) -> Program:
    argv = [sys.executable, "-m", "bench.sink", str(ports["sink"]), str(ports["news"])]
    return Program("sink", argv, folder / "sink.log", tcp_ready(ports["sink"]))


async def _fill(arena: Arena) -> None:
    """Our roll: enrolled in registry, copied by identity."""
    given: dict[str, Any] = {
        name.removeprefix("EKIS_").lower(): value for name, value in arena.stack.env("registry").items()
    }
    async with registry.open(registry.settings(**given)) as runtime:
        await enrol(runtime, arena.crowd.everybody)

    async def is_copied() -> bool:
        count: int = await arena.databases["identity"].fetchval("SELECT count(*) FROM staff")
        return count == len(arena.crowd.everybody)

    await until(is_copied)


async def _start_peer(arena: Arena, dsn: str, folder: Path) -> None:
    stack, ports = arena.stack, arena.ports
    login = "admin", stack.kafka_passwords["admin"]
    client = AdminClient(client_settings(stack.kafka, login))
    for made in client.create_topics([NewTopic(topic, PARTITIONS, 1) for topic in PEER_TOPICS]).values():
        await asyncio.wrap_future(made)
    env = {
        "PEER_DATABASE": dsn,
        "PEER_KAFKA": stack.kafka,
        "PEER_KAFKA_USER": login[0],
        "PEER_KAFKA_PASSWORD": login[1],
        "PEER_SMTP": f"127.0.0.1:{ports['sink']}",
        "PEER_PORT": str(ports["peer"]),
    }
    argv = [sys.executable, "-m", "bench.peers.usual_stack"]
    ready = http_ready(f"http://127.0.0.1:{ports['peer']}/ready")
    await arena.beside.start(Program("peer", argv, folder / "peer.log", ready, env))
    connection = await asyncpg.connect(dsn)
    try:
        rows = [_peer_row(person) for person in arena.crowd.everybody]
        await connection.copy_records_to_table("staff", records=rows)
    finally:
        await connection.close()


def _peer_row(person: Person) -> tuple[Any, ...]:
    return uuid4(), person.school.inn, person.name.last_name, person.name.first_name, person.email, POST
