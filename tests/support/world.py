"""All four services in one process on real PostgreSQL and real SMTP; the bus in memory is worse than Kafka."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
from bounced import made_maildir
from chassis.settings import SERVICES
from chassis.testing.bus import MemoryBus
from chassis.testing.opened import Clock, Keyring, Opened, opened
from ekis_local.devmail import Devmail
from story import Check, Mail, Story


@dataclass
class World:
    """The city in one process."""

    services: dict[str, Opened]
    bus: MemoryBus
    clock: Clock
    mail: Devmail
    bounces: Path

    @property
    def story(self) -> Story:
        return Story(self.call, self.mailbox, self.operator, self.settle)

    async def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Like the gateway: the first part of the path says which service."""
        client = self.services[path.split("/")[1]].http
        client.cookies = options.pop("cookies", httpx.Cookies())
        answer = await client.request(method, path, **options)
        client.cookies = httpx.Cookies()
        return answer

    async def mailbox(self, address: str) -> list[Mail]:
        return [one.view for one in self.mail.messages if address in one.to]

    async def operator(self, role: str) -> dict[str, str]:
        return self.services["identity"].signed_in(roles=[role])

    async def settle(self, check: Check) -> Any:
        await self.bus.drain()
        found = await check()
        assert found, "everything has fallen silent and it did not happen"
        return found

    async def pass_time(self, step: timedelta) -> None:
        """Let time pass, and everything happen that is due by then."""
        self.clock.move(step)
        await self.bus.drain()


@asynccontextmanager
async def opened_world(admin_dsn: str, keyring: Keyring, seed: int) -> AsyncIterator[World]:
    """Four services on fresh databases; `seed` orders what the bus delivers."""
    clock = Clock()
    async with AsyncExitStack() as stack:
        mail = await stack.enter_async_context(Devmail())
        bounces = made_maildir(Path(stack.enter_context(TemporaryDirectory(prefix="ekis-bounces-"))))
        address: dict[str, Any] = {
            "smtp": f"127.0.0.1:{mail.smtp_port}",
            "smtp_from": "ЕКИС <noreply@ekis.example>",
            "smtp_tls": "none",
            "bounce_address": "bounces@ekis.example",
            "bounce_maildir": bounces,
        }
        special: dict[str, dict[str, Any]] = {"identity": {"operator_second_factor": "optional"}, "notify": address}
        special["cabinet"] = {"files": stack.enter_context(TemporaryDirectory(prefix="ekis-files-"))}
        services = {}
        for name in SERVICES:
            service = import_module(f"{name}.__main__").service
            it = opened(service, admin_dsn, keyring, clock, **special.get(name, {}))
            services[name] = await stack.enter_async_context(it)
        yield World(services, MemoryBus(list(services.values()), seed), clock, mail, bounces)
