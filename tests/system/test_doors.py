"""Guessing and storms on the running stack, through the gateway; a client's source is the local address it binds to."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import cycle
from typing import Any

import httpx
import pytest
from identity.domain.attempts import LOGIN, ONE
from live import Live

WAITED = 4  # guesses more that become due while 200 are answered: after 1, 2, 4 and 8 s
WRONG = "совсем другой пароль 99"
STORM = 300


@asynccontextmanager
async def at(live: Live, source: str) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.AsyncHTTPTransport(local_address=source, limits=httpx.Limits(max_connections=200))
    async with httpx.AsyncClient(base_url=live.client.base_url, transport=transport, timeout=60) as client:
        yield client


@asynccontextmanager
async def everywhere(live: Live, sources: Sequence[str]) -> AsyncIterator[list[httpx.AsyncClient]]:
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(at(live, source)) for source in sources]


async def sign_in(client: httpx.AsyncClient, login: str, password: str = WRONG, **headers: str) -> httpx.Response:
    body = {"login": login, "password": password, "remember_me": False}
    return await client.post("/identity/sessions", json=body, headers=headers)


async def all_at_once(clients: Sequence[httpx.AsyncClient], login: str) -> Counter[int]:
    answers = await asyncio.gather(*(sign_in(client, login) for client, _ in zip(cycle(clients), range(200))))
    return Counter(answer.status_code for answer in answers)


async def hashes(live: Live) -> float:
    async with httpx.AsyncClient() as client:
        text = (await client.get(f"{live.stack.service_url('identity')}/metrics")).text
    (line,) = [line for line in text.splitlines() if line.startswith("ekis_password_hashes_total ")]
    return float(line.split()[1])


async def known_device(live: Live, role: str) -> dict[str, str]:
    """The cookie of a device at which this operator has signed in."""
    await live.operator(role)
    password = live.stack.passwords["operators", role]
    answer = await live.call("POST", "/identity/sessions", json={"login": role, "password": password})
    name, value = next((name, value) for name, value in answer.cookies.items() if name.startswith("device-"))
    return {"Cookie": f"{name}={value}"}


async def test_of_200_guesses_at_once_from_one_source_five_are_verified(live: Live) -> None:
    before = await hashes(live)
    async with at(live, "127.0.1.1") as client:
        counted = await all_at_once([client], "one.source")
    assert counted[401] == await hashes(live) - before
    assert ONE.free <= counted[401] <= ONE.free + WAITED


async def test_an_invented_forwarded_address_is_no_other_source(live: Live) -> None:
    async with at(live, "127.0.1.2") as client:
        answers = [
            await sign_in(client, "invented.source", **{"X-Forwarded-For": f"203.0.113.{number}", "X-Real-IP": "::1"})
            for number in range(7)
        ]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429] * 2


async def test_of_200_guesses_from_many_sources_twenty_are_verified_and_the_owner_gets_in(live: Live) -> None:
    device = await known_device(live, "security")
    before = await hashes(live)
    async with everywhere(live, [f"127.0.2.{number}" for number in range(1, 51)]) as clients:
        counted = await all_at_once(clients, "security")
        assert counted[401] == await hashes(live) - before
        assert LOGIN.free <= counted[401] <= LOGIN.free + WAITED
        password = live.stack.passwords["operators", "security"]
        assert (await sign_in(clients[0], "security", password, **device)).status_code == 200


@pytest.mark.timeout(300)
async def test_a_storm_is_refused_at_once_and_everything_else_goes_on(live: Live) -> None:
    before, storming = await hashes(live), True
    others: list[int] = []

    async def read(client: httpx.AsyncClient) -> None:
        while storming:
            others.append((await client.get("/identity/.well-known/jwks.json")).status_code)

    async with everywhere(live, [f"127.0.3.{number}" for number in range(1, 6)]) as clients:
        reading = asyncio.create_task(read(clients[0]))
        storm: list[Any] = [sign_in(client, f"storm.{n}") for client, n in zip(cycle(clients), range(STORM))]
        answers = await asyncio.gather(*storm)
        storming = False
        await reading
    counted = Counter(answer.status_code for answer in answers)
    assert set(counted) == {401, 503}
    assert counted[401] == await hashes(live) - before, "the excess costs no hash"
    excess = [answer for answer in answers if answer.status_code == 503]
    assert {answer.json()["code"] for answer in excess} == {"sign-in-busy"}
    assert {answer.headers["retry-after"] for answer in excess} == {"1"}
    assert set(others) == {200}
    assert len(others) > 1
