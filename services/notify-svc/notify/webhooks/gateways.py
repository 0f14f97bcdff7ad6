"""HTTP out: to the address that was looked at and to no other. Redirects are not followed, bodies are not kept."""

import asyncio
import socket
import ssl
import time
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

import httpcore

from notify.webhooks.domain import Answer, Greeting, Network, greet, is_outside, is_within, seconds_of

TIMEOUT = 10.0  # seconds for one attempt, all in all
CONNECTIONS = 16  # to one receiver
IDLE = 5.0  # seconds until a connection is closed, so that a name is looked up again
_READ = 2**16  # bytes of an answer that are read, so that its connection can be used again
_ASKED_RATE = "60000"  # a minute

Resolve = Callable[[str, int], Awaitable[list[str]]]


class AddressRefused(Exception):
    """The name leads, or also leads, where nobody outside may send us."""


class NameUnknown(Exception):
    """The name has no address."""


_HINDRANCES: tuple[tuple[type[Exception], str], ...] = (
    (AddressRefused, "address-refused"),
    (NameUnknown, "name-unknown"),
    (TimeoutError, "timeout"),
    (httpcore.TimeoutException, "timeout"),
    (httpcore.ConnectError, "no-connection"),
    (httpcore.NetworkError, "connection-lost"),
    (httpcore.ProtocolError, "no-http"),
)


async def look_up(host: str, port: int) -> list[str]:
    """All addresses of a name, as the system resolves it."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError):
        return []
    return [str(one[4][0]) for one in found]


class _Checked(httpcore.AsyncNetworkBackend):
    """Connects to the address that it has checked: a name that changes meanwhile changes nothing. TLS keeps the
    name."""

    def __init__(self, resolve: Resolve, may: Callable[[str], bool]) -> None:
        self._resolve, self._may, self._net = resolve, may, httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.AsyncNetworkStream:
        """Raises AddressRefused unless every address may be reached."""
        addresses = await self._resolve(host, port)
        if not addresses:
            raise NameUnknown
        if not all(self._may(address) for address in addresses):
            raise AddressRefused
        return await self._net.connect_tcp(addresses[0], port, timeout, local_address, socket_options)


class Receivers:
    """The receivers of city systems. http goes to `networks` alone; https also to the public internet."""

    def __init__(self, origin: str, networks: Sequence[Network], resolve: Resolve = look_up) -> None:
        self._origin, self._networks, self._resolve = origin, networks, resolve
        self._tls = ssl.create_default_context()
        self._pools: dict[str, httpcore.AsyncConnectionPool] = {}

    async def greet(self, url: str) -> Greeting:
        """The handshake (CloudEvents HTTP 1.1 Web Hooks, section 4), over a connection of its own."""
        asked = {"WebHook-Request-Origin": self._origin, "WebHook-Request-Rate": _ASKED_RATE}
        async with self._pool(url) as pool:
            status, headers, code = await _ask(pool, "OPTIONS", url, asked, b"")
        return Greeting(code) if code else greet(status, headers, self._origin)

    async def post(self, url: str, headers: Mapping[str, str], body: bytes, now: datetime) -> Answer:
        """One attempt; what hinders it is a code, never an error."""
        begun = time.perf_counter()
        if url not in self._pools:
            self._pools[url] = self._pool(url)
        said = {"Content-Type": "application/cloudevents+json; charset=utf-8", **headers}
        status, answered, code = await _ask(self._pools[url], "POST", url, said, body)
        took = int((time.perf_counter() - begun) * 1000)
        return Answer(took, status or None, code, seconds_of(answered.get("retry-after"), now))

    async def keep(self, urls: Collection[str]) -> None:
        """Close the connections to all others."""
        for url in self._pools.keys() - set(urls):
            await self._pools.pop(url).aclose()

    def _pool(self, url: str) -> httpcore.AsyncConnectionPool:
        backend = _Checked(self._resolve, partial(self._may, is_open=url.startswith("http:")))
        return httpcore.AsyncConnectionPool(
            self._tls, max_connections=CONNECTIONS, keepalive_expiry=IDLE, network_backend=backend
        )

    def _may(self, address: str, *, is_open: bool) -> bool:
        return is_within(address, self._networks) or (not is_open and is_outside(address))


async def _ask(
    pool: httpcore.AsyncConnectionPool, method: str, url: str, headers: Mapping[str, str], body: bytes
) -> tuple[int, dict[str, str], str | None]:
    """Status, headers in lower case, and instead of both the code of what has hindered it."""
    said = {"User-Agent": "EKIS", **headers}
    try:
        async with (
            asyncio.timeout(TIMEOUT),
            pool.stream(method, url, headers=list(said.items()), content=body) as answer,
        ):
            await _drain(answer)
            return answer.status, {k.decode().lower(): v.decode("latin-1") for k, v in answer.headers}, None
    except Exception as error:
        code = _code(error)
        if code is None:
            raise
        return 0, {}, code


def _code(error: Exception) -> str | None:
    """Why there is no answer; None for what is our own mistake."""
    if isinstance(error, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError):
        return "certificate"
    return next((code for kind, code in _HINDRANCES if isinstance(error, kind)), None)


async def _drain(answer: httpcore.Response) -> None:
    """Read a short answer to its end; a long one costs its connection."""
    left = _READ
    async for part in answer.aiter_stream():
        left -= len(part)
        if left < 0:
            return
