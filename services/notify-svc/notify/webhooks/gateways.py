"""HTTP out: to the address that was looked at and to no other. Redirects are not followed, bodies are not kept."""

import asyncio
import socket
import time
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime
from functools import partial

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from notify.webhooks.domain import Answer, Greeting, Network, greet, is_address, is_outside, is_within, seconds_of

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
    (aiohttp.ClientSSLError, "certificate"),
    (aiohttp.ClientConnectorError, "no-connection"),
    (aiohttp.ClientOSError, "connection-lost"),
    (aiohttp.ServerDisconnectedError, "connection-lost"),
    (aiohttp.ClientPayloadError, "connection-lost"),
    (aiohttp.ClientResponseError, "no-http"),
)


async def look_up(host: str, port: int) -> list[str]:
    """All addresses of a name, as the system resolves it."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError):
        return []
    return [str(one[4][0]) for one in found]


class _Checked(AbstractResolver):
    """Tells a connection no address but those that it has checked: a name that changes meanwhile changes nothing."""

    def __init__(self, resolve: Resolve, may: Callable[[str], bool]) -> None:
        self._resolve, self._may = resolve, may

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_INET,  # noqa: ARG002 - both are wanted
    ) -> list[ResolveResult]:
        """Raises NameUnknown, AddressRefused unless every address may be reached."""
        addresses = await self._resolve(host, port)
        if not addresses:
            raise NameUnknown
        if not all(self._may(address) for address in addresses):
            raise AddressRefused
        kinds = (socket.AF_INET6 if ":" in address else socket.AF_INET for address in addresses)
        return [
            ResolveResult(hostname=host, host=address, port=port, family=kind, proto=0, flags=socket.AI_NUMERICHOST)
            for address, kind in zip(addresses, kinds, strict=True)
        ]

    async def close(self) -> None:
        """Nothing is held."""


class Receivers:
    """The receivers of city systems. http goes to `networks` alone; https also to the public internet."""

    def __init__(self, origin: str, networks: Sequence[Network], resolve: Resolve = look_up) -> None:
        self._origin, self._networks, self._resolve = origin, networks, resolve
        self._sessions: dict[str, aiohttp.ClientSession] = {}

    async def greet(self, url: str) -> Greeting:
        """The handshake (CloudEvents HTTP 1.1 Web Hooks, section 4), over a connection of its own."""
        asked = {"WebHook-Request-Origin": self._origin, "WebHook-Request-Rate": _ASKED_RATE}
        async with self._session(url) as session:
            status, headers, code = await self._ask(session, "OPTIONS", url, asked, b"")
        return Greeting(code) if code else greet(status, headers, self._origin)

    async def post(self, url: str, headers: Mapping[str, str], body: bytes, now: datetime) -> Answer:
        """One attempt; what hinders it is a code, never an error."""
        begun = time.perf_counter()
        if url not in self._sessions:
            self._sessions[url] = self._session(url)
        said = {"Content-Type": "application/cloudevents+json; charset=utf-8", **headers}
        status, answered, code = await self._ask(self._sessions[url], "POST", url, said, body)
        took = int((time.perf_counter() - begun) * 1000)
        return Answer(took, status or None, code, seconds_of(answered.get("retry-after"), now))

    async def keep(self, urls: Collection[str]) -> None:
        """Close the connections to all others."""
        for url in self._sessions.keys() - set(urls):
            await self._sessions.pop(url).close()

    def _session(self, url: str) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                resolver=_Checked(self._resolve, partial(self._may, url)),
                use_dns_cache=False,
                limit=CONNECTIONS,
                keepalive_timeout=IDLE,
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=TIMEOUT),
            auto_decompress=False,
            headers={"User-Agent": "EKIS"},
        )

    async def _ask(
        self, session: aiohttp.ClientSession, method: str, url: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, dict[str, str], str | None]:
        """Status, headers in lower case, and instead of both the code of what has hindered it."""
        target = URL(url, encoded=True)
        try:
            self._require_literal(url, target.host or "")
            async with session.request(method, target, headers=headers, data=body, allow_redirects=False) as answer:
                await _drain(answer)
                return answer.status, {name.lower(): value for name, value in answer.headers.items()}, None
        except Exception as error:
            code = next((code for kind, code in _HINDRANCES if isinstance(error, kind)), None)
            if code is None:
                raise
            return 0, {}, code

    def _require_literal(self, url: str, host: str) -> None:
        """What the client takes for an address it connects to unasked, also `127.1`. Raises AddressRefused."""
        is_literal = ":" in host or host.replace(".", "").isdigit()
        if is_literal and not (is_address(host) and self._may(url, host)):
            raise AddressRefused

    def _may(self, url: str, address: str) -> bool:
        return is_within(address, self._networks) or (not url.startswith("http:") and is_outside(address))


async def _drain(answer: aiohttp.ClientResponse) -> None:
    """Read a short answer to its end; a long one costs its connection."""
    left = _READ
    async for part in answer.content.iter_any():
        left -= len(part)
        if left < 0:
            return
