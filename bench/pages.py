"""A city system without Kafka reads all schools by pages, its tokens included, beside the plainest route there is."""

import json
import re
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import UUID, uuid4

import asyncpg
import httpx
import psutil
from chassis.db import new_id
from ekis_local.postgres import temporary_postgres
from ekis_local.process import Program, free_ports, tcp_ready
from ekis_local.stack import Stack, temporary_stack
from ekis_local.supervisor import Supervisor
from joserfc import jwt
from joserfc.jwk import OKPKey

from bench.ground import Clock, cpu_seconds, tree_seconds
from bench.load import Wire
from bench.registers import fill
from bench.report import Entrant, Sample, play, rates

COUNT, ROUNDS = 50_000, 3
CHANGES, ORGS = 200, 1_000  # the most on a page
EACH = 50  # pages by one system: more at once is refused
BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
SYSTEM = """
INSERT INTO city_system (id, version, name, contact, keys, scopes, state, session_epoch, registered_at)
VALUES ($1::uuid, 1, $1::uuid::text, 'it@city.example', $2, '{schools:read}', 'active', 0, now())
"""
_NEXT = re.compile(rb'<([^>]+)>; rel="next"')

Forward = Callable[[bytes, bytes], tuple[int, str | None]]  # head and body of a page -> schools on it, the next path


@dataclass
class Arena:
    """identity and registry as they are started, and the peer beside them."""

    stack: Stack
    beside: Supervisor
    identity: httpx.AsyncClient
    registry: Wire
    plain: Wire
    key: OKPKey = field(default_factory=lambda: OKPKey.generate_key("Ed25519"))

    def cpu(self) -> dict[str, float]:
        """Of whoever answers; who asks is not counted."""
        pids = {**self.stack.pids, **self.beside.pids}
        names = ("registry", "identity", "peer")
        service = sum(tree_seconds(psutil.Process(pids[name])) for name in names)
        return {"service": service, "postgres": cpu_seconds()["postgres"]}

    async def system(self) -> UUID:
        """A new one, with this key."""
        system_id, key = new_id(), self.key.as_dict(private=False)
        kept = json.dumps([{"kid": self.key.thumbprint(), "jwk": key}])
        connection = await asyncpg.connect(self.stack.databases["identity"])
        try:
            await connection.execute(SYSTEM, system_id, kept)
        finally:
            await connection.close()
        return system_id

    async def token(self, system_id: UUID) -> str:
        """By client credentials, as docs/subscribe/read-api.md says. The header's line."""
        endpoint, now = f"{self.stack.gateway}/api/identity/oauth/token", int(time.time())
        claims: dict[str, Any] = {"iss": str(system_id), "sub": str(system_id), "aud": endpoint, "jti": str(uuid4())}
        claims |= {"iat": now, "exp": now + 60}
        signed = jwt.encode({"alg": "Ed25519"}, claims, self.key, algorithms=["Ed25519"])
        form = {"grant_type": "client_credentials", "client_assertion_type": BEARER, "client_assertion": signed}
        answer = await self.identity.post("/api/identity/oauth/token", data=form)
        assert answer.status_code == 200, answer.text
        return f"Authorization: Bearer {answer.json()['access_token']}\r\n"


async def run() -> None:
    """A table for each of the two reads."""
    async with _opened() as arena:
        for title, size, path, forward in (
            ("changed_since by 200", CHANGES, "/api/registry/schools?changed_since=2020-01-01T00:00:00Z", _changes),
            ("OneRoster orgs by 1,000", ORGS, "/api/registry/oneroster/v1p2/orgs?sort=sourcedId", _orgs),
        ):
            entrants = [
                Entrant("FastAPI and asyncpg, rows as they are", "peer", partial(_plain, arena, size)),
                Entrant("registry, tokens by identity", "ours", partial(_ours, arena, size, path, forward)),
            ]
            rates(f"{title}: schools a second of {COUNT:,}", entrants, await play(entrants, ROUNDS), [])


@asynccontextmanager
async def _opened() -> AsyncIterator[Arena]:
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="ekis-bench-")))
        port = free_ports({"peer": 0})["peer"]
        postgres = await stack.enter_async_context(temporary_postgres())
        ours = await stack.enter_async_context(temporary_stack(postgres=postgres.admin_dsn, seeded=False))
        for name in ("gateway", "cabinet", "notify", "mail"):
            await ours.halt(name)
        connection = await asyncpg.connect(ours.databases["registry"])
        await fill(connection, 0, COUNT)
        await connection.execute("ANALYZE school")
        await connection.close()
        beside = await stack.enter_async_context(Supervisor())
        argv = [sys.executable, "-m", "bench.peers.plain_pages", str(port), ours.databases["registry"]]
        await beside.start(Program("peer", argv, folder / "peer.log", tcp_ready(port), {}))
        identity = await stack.enter_async_context(httpx.AsyncClient(base_url=ours.service_url("identity")))
        yield Arena(ours, beside, identity, Wire(ours.ports["registry"]), Wire(port))


async def _plain(arena: Arena, size: int) -> Sample:
    clock, seen, path = Clock(arena.cpu), 0, f"/schools?limit={size}"
    while path:
        answer = await arena.plain.exchange("GET", path)
        found = json.loads(answer.body)
        seen += len(found["items"])
        path = found["next"] and f"/schools?limit={size}&after={found['next']}"
    clock.stop()
    assert seen == COUNT, seen
    return clock.sample(COUNT)


async def _ours(arena: Arena, size: int, path: str, forward: Forward) -> Sample:
    """Pages one after the other, by as many systems as one would be too fast for."""
    systems = [await arena.system() for _ in range(COUNT // size // EACH + 1)]
    clock, seen, asked = Clock(arena.cpu), 0, 0
    token, following = "", f"{path}&limit={size}"
    while following:
        if asked % EACH == 0:
            token = await arena.token(systems[asked // EACH])
        answer = await arena.registry.exchange("GET", following, headers=token)
        assert answer.status == 200, answer
        (count, found), asked = forward(answer.head, answer.body), asked + 1
        seen, following = seen + count, found or ""
    clock.stop()
    assert seen == COUNT, seen
    return clock.sample(COUNT)


def _changes(_: bytes, body: bytes) -> tuple[int, str | None]:
    found = json.loads(body)
    path = f"/api/registry/schools?changed_since={quote(found['since'])}&limit={CHANGES}"
    return len(found["items"]), path if found["next"] else None


def _orgs(head: bytes, body: bytes) -> tuple[int, str | None]:
    link = _NEXT.search(head)
    parts = urlsplit(link[1].decode()) if link else None
    return len(json.loads(body)["orgs"]), f"{parts.path}?{parts.query}" if parts else None
