"""Mass mail: queued rows to a sink's answer, beside the usual way and postfix's own load generator."""

import asyncio
import json
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from shutil import which
from subprocess import Popen, check_call
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import psutil
from chassis.db import new_id, utc_now
from chassis.http import Runtime
from chassis.migrations import migrate
from chassis.settings import load_seals
from ekis_contracts import ForNotify
from ekis_contracts.values import Contact
from ekis_local.keys import make_keys
from ekis_local.postgres import ensure_database
from ekis_local.process import free_ports
from notify.__main__ import service
from notify.domain.priorities import BULK
from notify.loops.sending import PostOffice, send_due
from notify.store.mails import mail_of

from bench.ground import Clock, Servers, cpu_seconds, until
from bench.peers import usual_mail
from bench.report import Entrant, Goal, Sample, figures, judged, play, rates

COUNT, FEW, MANY = 3_000, 300, 100_000
ROUNDS = 3
CONNECTIONS = 8
RECIPIENTS = 500
PURPOSE = "account-activated"
LIMIT, SOURCE, PEER, OURS = "the sender alone", "postfix smtp-source", "the usual way", "notify"

_COLUMNS = (
    *("mail_id", "event_id", "subject", "event_version", "purpose", "contact", "contact_event", "params", "state"),
    *("queued_at", "due_at", "expires_at", "priority", "recipient", "mask"),
)


@dataclass(frozen=True)
class Ground:
    """notify on a database of its own, a sink, and sealed people."""

    runtime: Runtime
    connection: Any
    address: tuple[str, int]
    people: list[tuple[UUID, str, str]]

    def cpu(self) -> dict[str, float]:
        """The sink is the same for all, and the broker has nothing to do."""
        return {part: seconds for part, seconds in cpu_seconds().items() if part != "kafka"}

    async def queue(self, count: int) -> None:
        """So many bulk mails, due."""
        await self.connection.execute("TRUNCATE mail, outbox CASCADE")
        now = utc_now()
        times = (now, now, now + timedelta(days=3))
        rest = (json.dumps({"category": "employee"}), "queued", *times, BULK, b"x" * 32, "a***@mail.ru")
        people = (self.people[number % RECIPIENTS] for number in range(count))
        rows = ((uuid4(), event, subject, 1, PURPOSE, token, event, *rest) for event, subject, token in people)
        await self.connection.copy_records_to_table("mail", columns=_COLUMNS, records=rows)
        await self.connection.execute("ANALYZE mail")

    async def require_all_sent(self) -> None:
        """Whatever is put off would make the figures better."""
        sql = "SELECT state, code, count(*) FROM mail WHERE state <> 'sent' GROUP BY 1, 2"
        left = [tuple(row) for row in await self.connection.fetch(sql)]
        assert not left, left


async def run(servers: Servers) -> None:
    async with opened_notify(servers) as ground:
        await _rates(ground)
        await _many(ground)


async def _rates(ground: Ground) -> None:
    source = which("smtp-source")
    entrants = [
        Entrant(LIMIT, "limit", lambda: _sender_alone(ground)),
        Entrant(PEER, "peer", lambda: _usual(ground)),
        Entrant(OURS, "ours", lambda: _ours(ground, COUNT)),
    ]
    if source:
        entrants.insert(1, Entrant(SOURCE, "peer", lambda: _source(ground, source)))
    samples = await play(entrants, ROUNDS)
    rates("mass mail: mails/s", entrants, samples, [Goal(PEER, 8, by_cpu=True)])
    client, postgres = (sum(one.cpu[part] for one in samples[OURS]) for part in ("client", "postgres"))
    share = 100 * postgres / (client + postgres)
    row = ("PostgreSQL: claim, mark, record, events", judged(share, 20, "%"))
    figures("mass mail: the database", ("figure", "share of the CPU"), [row])


async def _ours(ground: Ground, count: int) -> Sample:
    """The loop of the service until nothing is left."""
    await ground.queue(count)
    clock = Clock(ground.cpu)
    while await send_due(ground.runtime):
        pass
    clock.stop()
    await ground.require_all_sent()
    return clock.sample(count)


async def _sender_alone(ground: Ground) -> Sample:
    """The same connections with one letter that is written already."""
    await ground.queue(1)
    office: PostOffice = ground.runtime.own.office
    row = await ground.connection.fetchrow("SELECT *, false AS suppressed FROM mail")
    letter, left = office.write(mail_of(row)), iter(range(COUNT))

    async def send() -> None:
        for _ in left:
            assert (await office.mailer.send(letter)).kind == "accepted"

    clock = Clock(ground.cpu)
    await asyncio.gather(*(send() for _ in range(CONNECTIONS)))
    clock.stop()
    return clock.sample(COUNT)


async def _usual(ground: Ground) -> Sample:
    """Fewer, for it takes long."""
    await ground.queue(FEW)
    clock = Clock(ground.cpu)
    await usual_mail.send_all(ground.connection, ground.runtime.settings.smtp_from, *ground.address)
    clock.stop()
    return clock.sample(FEW)


async def _source(ground: Ground, program: str) -> Sample:
    """C, one message for all, and no database."""
    host, port = ground.address
    before = psutil.Process().cpu_times()
    argv = [program, "-s", str(CONNECTIONS), "-m", str(COUNT), "-l", "2500", "-d", "-f", "a@x.ru", "-t", "b@x.ru"]
    clock = Clock(ground.cpu)
    await asyncio.to_thread(check_call, [*argv, f"{host}:{port}"])
    clock.stop()
    after = psutil.Process().cpu_times()
    clock.cpu["client"] += after.children_user + after.children_system - before.children_user - before.children_system
    return clock.sample(COUNT)


async def _many(ground: Ground) -> None:
    """Memory of this process before and after, and at its highest."""
    process = psutil.Process()
    await ground.queue(MANY)
    before = highest = process.memory_info().rss
    while await send_due(ground.runtime):
        highest = max(highest, process.memory_info().rss)
    await ground.require_all_sent()
    after = process.memory_info().rss
    row = [f"{value / 2**20:.0f} MB" for value in (before, highest, after)]
    figures(f"mass mail: resident memory, {MANY:,} mails", ("before", "highest", "after"), [row])


@asynccontextmanager
async def opened_notify(servers: Servers) -> AsyncIterator[Ground]:
    """Gone with the servers."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ekis-bench-")))
        make_keys(folder)
        dsn = await ensure_database(servers.postgres, "notify", uuid4().hex)
        await migrate(dsn, service.folder / "migrations")
        host, port = "127.0.0.1", free_ports({"smtp": 0})["smtp"]
        sink = await _started_sink(port)
        stack.callback(sink.kill)
        given: dict[str, Any] = {"database": dsn, "kafka": servers.kafka, "public_url": "http://bench.test"}
        given |= {"smtp": f"{host}:{port}", "smtp_from": "ЕКИС <noreply@ekis.example>", "smtp_tls": "none"}
        given |= {"smtp_connections": CONNECTIONS, "secrets": folder / "notify", "keys": folder / "public"}
        settings = service.settings(**given)
        runtime = await stack.enter_async_context(service.open(settings))
        connection = await asyncpg.connect(dsn)
        stack.push_async_callback(connection.close)
        yield Ground(runtime, connection, (host, port), _people(folder))


async def _started_sink(port: int) -> Popen[bytes]:
    """postfix's own where it is installed, else ours."""
    program = which("smtp-sink")
    own = [sys.executable, "-m", "bench.sink", str(port), str(free_ports({"news": 0})["news"])]
    argv = [program, "-u", "nobody", f"127.0.0.1:{port}", "1000"] if program else own

    async def ready() -> bool:
        with suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return True
        return False

    process = Popen(argv)  # noqa: ASYNC220 - uvloop starts no children in a thread
    await until(ready)
    return process


def _people(folder: Path) -> list[tuple[UUID, str, str]]:
    """Event, subject and sealed contact of each."""
    seals = load_seals("identity", folder / "identity", folder / "public")
    made = []
    for number in range(RECIPIENTS):
        event, subject = new_id(), str(new_id())
        seal = ForNotify(Contact(name="Анна Петровна", email=f"teacher{number}@mail.ru"))
        seals.close(seal, event, subject)
        made.append((event, subject, seal.token))
    return made
