"""A receiver of webhooks inside the test: it answers as told and keeps what came."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


@dataclass
class Call:
    """One call as it came."""

    method: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """Answers the handshake with `greeting`, and a delivery with what `answers` says (204 by itself)."""

    greeting: dict[str, str] = field(default_factory=lambda: {"WebHook-Allowed-Origin": "*"})
    answers: list[Response] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    port: int = 0
    at_work: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    most_at_once: int = 0
    name_of: Callable[[bytes], str] = lambda _: ""

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/events?who=city"

    @property
    def posts(self) -> list[Call]:
        """Deliveries alone."""
        return [call for call in self.calls if call.method == "POST"]

    async def _take(self, request: Request) -> Response:
        body = await request.body()
        self.calls.append(Call(request.method, dict(request.headers), body))
        if request.method == "OPTIONS":
            return Response(status_code=200, headers=self.greeting)
        name = self.name_of(body)
        self.at_work[name] += 1
        self.most_at_once = max(self.most_at_once, self.at_work[name])
        await asyncio.sleep(0)
        self.at_work[name] -= 1
        return self.answers.pop(0) if self.answers else Response(status_code=204)

    async def __aenter__(self) -> Self:
        methods = ["OPTIONS", "POST", "GET"]
        app = Starlette(routes=[Route("/{rest:path}", self._take, methods=methods)])
        config = uvicorn.Config(app, "127.0.0.1", 0, log_config=None, lifespan="off", access_log=False)
        self._server = uvicorn.Server(config)
        self._socket = config.bind_socket()
        self.port = self._socket.getsockname()[1]
        self._task = asyncio.create_task(self._server.serve([self._socket]))
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.should_exit = True
        with suppress(asyncio.CancelledError):
            await self._task
        self._socket.close()
