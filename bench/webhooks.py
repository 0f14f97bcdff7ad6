"""Webhooks: what waits in lanes to a sink's answer, in order per key, beside a plain loop without a database."""

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
from chassis.db import new_id, utc_now
from chassis.http import Runtime
from chassis.migrations import migrate
from ekis_contracts import Envelope
from ekis_contracts.examples import example
from ekis_contracts.registry import SchoolChanged
from ekis_local.keys import make_keys
from ekis_local.postgres import ensure_database
from ekis_local.process import free_ports, tcp_ready
from notify.__main__ import service
from notify.webhooks import store
from notify.webhooks.domain import body_of, secret_of, signed
from notify.webhooks.gateways import CONNECTIONS, Receivers
from notify.webhooks.loops import deliver_due

from bench.ground import Clock, Servers, cpu_seconds, until
from bench.report import Entrant, Goal, Sample, figures, play, rates

KEYS, VERSIONS = 300, 10
COUNT = KEYS * VERSIONS
ROUNDS = 3
LIMIT, PEER, OURS = "the client alone", "an httpx loop", "notify"

Told = tuple[UUID, str, str, bytes, Any]


@dataclass(frozen=True)
class Ground:
    """notify on a database of its own, one active subscription, a sink."""

    runtime: Runtime
    connection: Any
    url: str
    webhook_id: UUID

    def cpu(self) -> dict[str, float]:
        """The sink is the same for all, and the broker has nothing to do."""
        return {part: seconds for part, seconds in cpu_seconds().items() if part != "kafka"}

    def told(self) -> list[Told]:
        """So many changes of so many schools."""
        schools, now = [str(uuid4()) for _ in range(KEYS)], utc_now()
        data = SchoolChanged.model_validate(example(SchoolChanged)).model_dump_json().encode()
        made: list[Told] = []
        for version in range(1, VERSIONS + 1):
            for key in schools:
                about = new_id(), SchoolChanged.type, "/registry-svc", key, now, version, data, "bench"
                envelope = Envelope(*about)
                made.append((envelope.id, envelope.type, key, body_of(envelope, SchoolChanged.topic, None), now))
        return made

    async def queue(self) -> None:
        """All of it waits."""
        await self.connection.execute("TRUNCATE webhook_delivery, webhook_lane")
        async with self.runtime.database.transaction() as tx:
            assert await store.collect(tx, self.told()) == COUNT
        await self.connection.execute("ANALYZE webhook_delivery, webhook_lane")

    async def require_order(self) -> None:
        """All came, each key in its order."""
        async with httpx.AsyncClient() as client:
            count, inversions = map(int, (await client.get(self.url)).text.split())
        assert (count, inversions) == (COUNT, 0), (count, inversions)


async def run(servers: Servers) -> None:
    async with opened(servers) as ground:
        entrants = [
            Entrant(LIMIT, "limit", lambda: _client_alone(ground)),
            Entrant(PEER, "peer", lambda: _plain(ground)),
            Entrant(OURS, "ours", lambda: _ours(ground)),
        ]
        samples = await play(entrants, ROUNDS)
        rates("webhooks: calls/s", entrants, samples, [Goal(PEER, 0.5)])
        slowest = min(sample.figure for sample in samples[OURS])
        verdict = "met" if slowest >= 1000 else "MISSED"
        figures("webhooks: goal", ("figure", "slowest round"), [("calls/s", f"{slowest:,.0f} ({verdict}: >= 1,000)")])


async def _ours(ground: Ground) -> Sample:
    """The loop of the service until nothing is left."""
    await ground.queue()
    clock = Clock(ground.cpu)
    while await deliver_due(ground.runtime):
        pass
    clock.stop()
    await ground.require_order()
    return clock.sample(COUNT)


async def _client_alone(ground: Ground) -> Sample:
    """Our client and signature on the same connections, each with its share of the keys; no database."""
    receivers = Receivers("bench", ground.runtime.settings.webhook_networks)

    async def post(headers: dict[str, str], body: bytes) -> None:
        assert (await receivers.post(ground.url, headers, body, utc_now())).status == httpx.codes.NO_CONTENT

    sample = await _shared_out(ground, post)
    await receivers.keep(())
    return sample


async def _plain(ground: Ground) -> Sample:
    """The same bodies and signatures by httpx; who dies begins anew or loses."""
    limits = httpx.Limits(max_connections=CONNECTIONS)
    async with httpx.AsyncClient(limits=limits) as client:

        async def post(headers: dict[str, str], body: bytes) -> None:
            (await client.post(ground.url, headers=headers, content=body)).raise_for_status()

        return await _shared_out(ground, post)


async def _shared_out(ground: Ground, post: Callable[[dict[str, str], bytes], Awaitable[None]]) -> Sample:
    secret = secret_of(b"bench", ground.webhook_id, 1)
    told = ground.told()
    keys = {key: number for number, key in enumerate({one[2] for one in told})}
    shares = [[one for one in told if keys[one[2]] % CONNECTIONS == place] for place in range(CONNECTIONS)]

    async def carry(share: list[Told]) -> None:
        for event_id, _, _, body, _ in share:
            await post(signed([secret], event_id, body, utc_now()), body)

    clock = Clock(ground.cpu)
    await asyncio.gather(*map(carry, shares))
    clock.stop()
    await ground.require_order()
    return clock.sample(COUNT)


@asynccontextmanager
async def opened(servers: Servers) -> AsyncIterator[Ground]:
    """Gone with the servers."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ekis-bench-")))
        make_keys(folder)
        dsn = await ensure_database(servers.postgres, "notify", uuid4().hex)
        await migrate(dsn, service.folder / "migrations")
        port = free_ports({"sink": 0})["sink"]
        sink = stack.enter_context(Popen([sys.executable, "-m", "bench.websink", str(port)]))  # noqa: ASYNC220 - uvloop starts no children in a thread
        stack.callback(sink.kill)
        await until(tcp_ready(port))
        given: dict[str, Any] = {"database": dsn, "kafka": servers.kafka, "public_url": "http://bench.test"}
        given |= {"smtp": "127.0.0.1:1", "smtp_from": "bench@ekis.example", "smtp_tls": "none"}
        given |= {"secrets": folder / "notify", "keys": folder / "public", "webhook_networks": ["127.0.0.0/8"]}
        runtime = await stack.enter_async_context(service.open(service.settings(**given)))
        connection = await asyncpg.connect(dsn)
        stack.push_async_callback(connection.close)
        url, webhook_id = f"http://127.0.0.1:{port}/", new_id()
        async with runtime.database.transaction() as tx:
            await store.insert_webhook(tx, webhook_id, ("bench", url, [SchoolChanged.type]), uuid4())
            await store.set_state(tx, webhook_id, "active")
        await connection.execute("UPDATE webhook SET active_since = created_at")
        yield Ground(runtime, connection, url, webhook_id)
