"""A client of a stream of server-sent events: what it has been told, until the stream ends."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import httpx
from waiting import until


@dataclass
class Listener:
    """Its events in the order they came: `id`, `event`, `data`; comments are counted."""

    events: list[dict[str, Any]] = field(default_factory=list)
    beats: int = 0
    status: int = 0
    has_ended: bool = False

    @property
    def unread(self) -> list[int]:
        """The counts it was told."""
        return [one["data"]["unread"] for one in self.events]

    async def hears(self, count: int) -> None:
        """Return when the newest count is this one."""

        async def is_told() -> bool:
            return self.unread[-1:] == [count]

        await until(is_told, f"unread {count}, told so far {self.unread}")

    async def ends(self) -> float:
        """How many seconds it took."""

        async def is_over() -> bool:
            return self.has_ended

        return await until(is_over, "the stream ends", every=0.01)

    async def follow(self, client: httpx.AsyncClient, headers: Mapping[str, str]) -> None:
        """Listen until the end."""
        with suppress(httpx.RemoteProtocolError, httpx.ReadError):
            async with client.stream("GET", "/cabinet/inbox/stream", headers=headers, timeout=None) as answer:
                self.status, event = answer.status_code, dict[str, Any]()
                async for line in answer.aiter_lines():
                    event = self._take(line, event)
        self.has_ended = True

    def _take(self, line: str, event: dict[str, Any]) -> dict[str, Any]:
        name, _, value = line.partition(": ")
        if name == "" and value:
            self.beats += 1
        elif line:
            return event | {name: json.loads(value) if name == "data" else value}
        elif event:
            self.events.append(event)
        return {}


@asynccontextmanager
async def listening(client: httpx.AsyncClient, headers: Mapping[str, str]) -> AsyncIterator[Listener]:
    """Listens until left."""
    listener = Listener()
    following = asyncio.create_task(listener.follow(client, headers))
    try:
        yield listener
    finally:
        following.cancel()
        with suppress(asyncio.CancelledError):
            await following
