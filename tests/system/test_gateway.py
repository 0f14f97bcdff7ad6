"""What the gateway asks again when a service closes the connection at that moment, and what it leaves to the caller."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from chassis.settings import SERVICES
from ekis_local.gateway import gateway
from ekis_local.process import free_ports, tcp_ready
from ekis_local.supervisor import Supervisor

BODY = b"x" * 5000
KEY = {"Idempotency-Key": "one"}


class Stopping:
    """A service that answers once on each connection and closes it when the next request comes, as one that stops."""

    def __init__(self) -> None:
        self.answered: list[bytes] = []
        self.left: list[bytes] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.answered.append(await whole_request(reader))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        if left := await whole_request(reader):
            self.left.append(left)
        writer.close()


async def whole_request(reader: asyncio.StreamReader) -> bytes:
    """Method, path and body; nothing when there is none."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")
    except asyncio.IncompleteReadError:
        return b""
    lengths = [int(line.partition(b":")[2]) for line in head if line.lower().startswith(b"content-length:")]
    return head[0] + await reader.readexactly(sum(lengths))


@pytest.fixture
async def service() -> AsyncIterator[tuple[Stopping, int]]:
    stopping = Stopping()
    async with await asyncio.start_server(stopping.serve, "127.0.0.1", 0) as server:
        yield stopping, server.sockets[0].getsockname()[1]


@pytest.fixture
async def client(service: tuple[Stopping, int], tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """Of the real gateway, which has a connection to the service already."""
    port = free_ports({"gateway": 0})["gateway"]
    program = gateway(tmp_path, port, {name: [service[1]] for name in SERVICES}, tmp_path / "gateway.log")
    async with Supervisor() as supervisor:
        await supervisor.start(replace(program, ready=tcp_ready(port)))
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}/api", timeout=10, trust_env=False) as client:
            assert (await client.get("/identity/me")).is_success
            yield client


@pytest.mark.parametrize(
    ("line", "headers", "body"),
    [
        ("GET /identity/me", {}, b""),
        ("PUT /identity/password", {}, BODY),
        ("DELETE /identity/sessions/current", {}, b""),
        ("POST /identity/account-requests", KEY, BODY),
        ("POST /identity/sessions/refresh", {}, b""),
    ],
)
async def test_what_may_be_done_twice_is_asked_again(
    service: tuple[Stopping, int], client: httpx.AsyncClient, line: str, headers: dict[str, str], body: bytes
) -> None:
    answer = await client.request(*line.split(), headers=headers, content=body)
    assert answer.status_code == 200
    assert service[0].answered[1:] == service[0].left, "it came whole, twice"


async def test_what_may_not_is_left_to_the_caller(service: tuple[Stopping, int], client: httpx.AsyncClient) -> None:
    answer = await client.post("/identity/sessions", content=BODY)
    assert (answer.status_code, len(service[0].left), len(service[0].answered)) == (502, 1, 1)
