"""One service opened in the test's process: HTTP over ASGI, events handed to its reactions, a clock to move."""

import json
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from ekis_contracts import Envelope, Event, Record, Sealed, Seals, decode, read, write
from joserfc.jwk import OKPKey

from chassis.auth import Principal, sign_token
from chassis.db import new_id, utc_now
from chassis.http import Runtime, create_app
from chassis.inbox import Inbox
from chassis.revocation import revocation_writer, revoking_topics
from chassis.service import Service
from chassis.settings import SERVICES, load_key_set, load_seals
from chassis.testing.database import fresh_database


class Clock:
    """Time that moves when told to."""

    def __init__(self) -> None:
        self._ahead = timedelta()
        self._stopped: datetime | None = None

    def __call__(self) -> datetime:
        """The moment by this clock."""
        return (self._stopped or utc_now()) + self._ahead

    def stop(self) -> None:
        """Stand still, however long the machine takes: from now on time moves only when told to."""
        self._stopped = utc_now()

    def move(self, step: timedelta) -> None:
        """Go forward at once."""
        self._ahead += step


class Keyring:
    """All keys of a test, so that it may sign and open anything."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.seals = {name: load_seals(name, root / name, root / "public") for name in SERVICES}
        key = load_key_set(root / "identity" / "signing_keys").keys[0]
        assert isinstance(key, OKPKey)
        self.signing = key

    def open(self, seal: Sealed[Any]) -> Any:
        """The part inside, whoever it is for."""
        return self.seals[seal.recipient].open(seal)

    def bearer(self, now: datetime, **claims: Any) -> dict[str, str]:
        """The header of somebody signed in."""
        given: dict[str, Any] = {
            "account_id": new_id(),
            "sid": new_id(),
            "epoch": 1,
            "scope": "full",
            "category": None,
            "school_id": None,
            "staff_id": None,
            "roles": frozenset(),
        } | claims
        given["roles"] = frozenset(given["roles"])
        return {"Authorization": f"Bearer {sign_token(self.signing, Principal(**given), now)}"}


@dataclass
class Opened:
    """A service under test."""

    service: Service
    runtime: Runtime
    http: httpx.AsyncClient
    clock: Clock
    keyring: Keyring
    inbox: Inbox
    dsn: str
    _positions: Any = field(default_factory=lambda: count(1))

    async def tell(
        self, event: Event, version: int = 1, *, expires: datetime | None = None, event_id: UUID | None = None
    ) -> Envelope:
        """Hand the service an event of another one, twice as the bus may. Fails if it became a dead letter."""
        source = event.producers[0]
        envelope = self._envelope(event, version, event_id or new_id(), expires, self.keyring.seals[source])
        record = write(envelope, event.topic)
        for _ in range(2):
            await self.take(Record(record.topic, record.key, record.value, record.headers, 0, next(self._positions)))
        assert not await self.dead_letters(), await self.dead_letters()
        return envelope

    def _envelope(self, event: Event, version: int, event_id: UUID, expires: datetime | None, seals: Seals) -> Envelope:
        for seal in event.seals():
            seals.close(seal, event_id, event.aggregate_id)
        return Envelope(
            id=event_id,
            type=event.type,
            source=f"/{event.producers[0]}-svc",
            subject=event.aggregate_id,
            time=self.clock(),
            sequence=version,
            data=event.model_dump_json().encode(),
            correlation="test",
            expires=expires,
        )

    def listens_to(self, topic: str) -> bool:
        """Whether any of its consumers takes this topic."""
        return topic in revoking_topics() or topic in self.service.reactions.topics

    async def take(self, record: Record) -> None:
        """Deliver one record as the consumers would: to the revocation group and to the domain."""
        if record.topic in revoking_topics():
            await revocation_writer(self.runtime.database)([record])
            await self.runtime.revocations.reread(self.runtime.database.pool)
        if record.topic in self.service.reactions.topics:
            await self.inbox.deliver([record])

    async def sent(self) -> list[Record]:
        """What the relay would carry now, in its order; taken out of the outbox."""
        rows = await self.runtime.database.pool.fetch(
            "WITH gone AS (DELETE FROM outbox RETURNING *) SELECT * FROM gone ORDER BY position"
        )
        return [
            Record(
                row["topic"],
                row["key"].encode(),
                row["value"],
                [(name, value.encode()) for name, value in json.loads(row["headers"])],
            )
            for row in rows
        ]

    async def published(self) -> list[tuple[Any, Envelope]]:
        """The events published since the last look, with their envelopes."""
        envelopes = [read(record) for record in await self.sent()]
        return [(decode(envelope), envelope) for envelope in envelopes]

    async def published_events(self) -> list[Any]:
        """The events alone."""
        return [event for event, _ in await self.published()]

    async def dead_letters(self) -> list[tuple[str, str]]:
        """Topic and reason of each."""
        rows = await self.runtime.database.pool.fetch("SELECT topic, reason FROM dead_letter ORDER BY id")
        return [(row["topic"], row["reason"]) for row in rows]

    async def run_loops(self) -> None:
        """Background work until none is due."""
        for loop in self.service.loops:
            while await loop.work(self.runtime):
                pass

    def open(self, seal: Sealed[Any]) -> Any:
        """The part inside a seal, whoever it is for."""
        return self.keyring.open(seal)

    def signed_in(self, **claims: Any) -> dict[str, str]:
        """Headers of somebody signed in: category=, school_id=, staff_id=, roles=, scope=, account_id= ..."""
        return self.keyring.bearer(self.clock(), **claims)

    async def everything(self) -> str:
        """Every table of the database as text, bytes also decoded, to look for what must not be there."""
        pool = self.runtime.database.pool
        tables = await pool.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return "\n".join([await self.table(t["tablename"]) for t in tables])

    async def table(self, name: str) -> str:
        """One of them."""
        rows = await self.runtime.database.pool.fetch(f'SELECT t::text AS row FROM "{name}" t')  # noqa: S608
        text = "\n".join(row["row"] for row in rows)
        hidden = (bytes.fromhex(it).decode(errors="replace") for it in re.findall(r"\\x((?:[0-9a-f]{2})+)", text))
        return "\n".join([text, *hidden])


@asynccontextmanager
async def opened(
    service: Service, admin_dsn: str, keyring: Keyring, clock: Clock | None = None, **settings: Any
) -> AsyncIterator[Opened]:
    """Open the service on a fresh database. `settings` are its own variables by their field names."""
    clock = clock or Clock()
    async with AsyncExitStack() as stack:
        dsn = await stack.enter_async_context(fresh_database(admin_dsn, service))
        given: dict[str, Any] = {
            "database": dsn,
            "kafka": "127.0.0.1:1",
            "public_url": "http://ekis.test",
            "secrets": keyring.root / service.name,
            "keys": keyring.root / "public",
        } | settings
        runtime = await stack.enter_async_context(service.open(service.settings(**given), clock))
        await runtime.revocations.reread(runtime.database.pool)
        transport = httpx.ASGITransport(create_app(runtime, service.router), raise_app_exceptions=False)
        http = httpx.AsyncClient(transport=transport, base_url="http://ekis.test/api")
        await stack.enter_async_context(http)
        inbox = Inbox(runtime.database, service.reactions)
        yield Opened(service, runtime, http, clock, keyring, inbox, dsn)
