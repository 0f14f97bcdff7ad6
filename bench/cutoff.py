"""The cut-off: from the 202 of a disabling until each service refuses the live access token, under load.

The native stack runs as `make run` starts it, without the gateway. Accounts are put into identity's database; tokens
are signed with the stack's own key, as sign-in would sign them.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import Any
from uuid import UUID

import httpx
from chassis.auth import Principal, sign_token
from chassis.db import Database, new_id, utc_now
from chassis.settings import SERVICES, load_key_set
from ekis_contracts.values import PersonName
from ekis_local.stack import Stack, temporary_stack
from identity.__main__ import service as identity
from identity.domain.accounts import Account, Staff
from identity.gateways import Hasher
from identity.store.accounts import insert_account

from bench.ground import until
from bench.report import figures, judged, percentile

DISABLED, BUSY = 200, 20  # accounts that end, and accounts that make the load
GOAL = 1_000.0  # milliseconds, p99
EVERY = 0.005  # seconds between two questions
PASSWORD = "тихий вечер над прудом 47"
DOORS = {
    "identity": "/api/identity/me",
    "registry": "/api/registry/referrals",
    "cabinet": "/api/cabinet/workplace",
    "notify": "/api/notify/deliveries?about=x",
}


@dataclass
class Scene:
    """The stack, a client of each service, and how tokens are signed."""

    stack: Stack
    clients: dict[str, httpx.AsyncClient]
    key: Any

    def headers(self, account_id: UUID, **claims: Any) -> dict[str, str]:
        given = {"category": "employee", "school_id": new_id(), "staff_id": new_id(), "roles": frozenset()} | claims
        who = Principal(account_id=account_id, sid=new_id(), epoch=1, scope="full", **given)
        return {"Authorization": f"Bearer {sign_token(self.key, who, utc_now())}"}


async def run() -> None:
    async with temporary_stack(seeded=False) as stack, _scene(stack) as scene:
        await stack.halt("gateway")
        ended, busy = [new_id() for _ in range(DISABLED)], [new_id() for _ in range(BUSY)]
        await _fill(scene, [*ended, *busy])
        admin = scene.headers(new_id(), category=None, school_id=None, staff_id=None, roles=frozenset({"admin"}))
        async with _load(scene) as done:
            ground = {"reason": "bench", "ticket": await _ticket(scene)}
            taken = [await _cut_off(scene, account_id, admin, ground) for account_id in ended]
        _show(taken, done)


@asynccontextmanager
async def _scene(stack: Stack) -> AsyncIterator[Scene]:
    key = load_key_set(stack.root / "secrets" / "keys" / "identity" / "signing_keys").keys[0]
    clients = {name: httpx.AsyncClient(base_url=stack.service_url(name), timeout=30) for name in SERVICES}
    try:
        yield Scene(stack, clients, key)
    finally:
        await asyncio.gather(*(client.aclose() for client in clients.values()))


async def _fill(scene: Scene, account_ids: list[UUID]) -> None:
    hasher = Hasher()
    with hasher.seat() as seat:
        password_hash = await seat.hash(PASSWORD)
    hasher.close()
    variables = {name.removeprefix("EKIS_").lower(): value for name, value in scene.stack.env("identity").items()}
    given: dict[str, Any] = variables
    async with identity.open(identity.settings(**given)) as runtime:
        for number, account_id in enumerate(account_ids):
            await _insert(runtime.database, account_id, number, password_hash)


async def _insert(database: Database, account_id: UUID, number: int, password_hash: str) -> None:
    account = Account(
        id=account_id,
        state="active",
        login=f"person{number}",
        name=PersonName(last_name="Тестов", first_name="Андрей", patronymic=None),
        email=f"person{number}@bench.example",
        staff=Staff(new_id(), new_id(), "employee", "учитель"),
        password_hash=password_hash,
        activated_at=utc_now(),
    )
    async with database.transaction() as tx:
        await insert_account(tx, account, raised=0)


async def _ticket(scene: Scene) -> str:
    call = {"kind": "disable-account", "contact": {"email": "caller@bench.example"}, "text": "bench"}
    answer = await scene.clients["identity"].post("/api/identity/support/tickets", json=call)
    return str(answer.raise_for_status().json()["number"])


async def _cut_off(scene: Scene, account_id: UUID, admin: dict[str, str], ground: dict[str, str]) -> dict[str, float]:
    """Milliseconds from the answer 202 until each service says 401 to the token."""
    token = scene.headers(account_id)
    before = [await scene.clients[name].get(path, headers=token) for name, path in DOORS.items()]
    assert all(answer.status_code != httpx.codes.UNAUTHORIZED for answer in before), "the token is alive"
    path = f"/api/identity/accounts/{account_id}/disable"
    answer = await scene.clients["identity"].post(path, json=ground, headers=admin)
    decided = perf_counter()
    assert answer.status_code == httpx.codes.ACCEPTED, answer.text

    async def shut(name: str) -> float:
        await until(partial(refuses, name), EVERY)
        return (perf_counter() - decided) * 1e3

    async def refuses(name: str) -> bool:
        answer = await scene.clients[name].get(DOORS[name], headers=token)
        return answer.status_code == httpx.codes.UNAUTHORIZED

    return dict(zip(DOORS, await asyncio.gather(*map(shut, DOORS)), strict=True))


@asynccontextmanager
async def _load(scene: Scene) -> AsyncIterator[dict[str, int]]:
    """Sign-ins, refreshes and reads, at a steady pace, until the end; returns how many of each were answered 200."""
    done = {"sign-ins": 0, "refreshes": 0, "reads": 0}
    tokens: list[str] = []

    async def sign_in(number: int) -> bool:
        body = {"login": f"person{DISABLED + number % BUSY}", "password": PASSWORD, "remember_me": True}
        answer = await _alone(scene, "/api/identity/sessions", content=json.dumps(body).encode())
        tokens[BUSY:] = []
        tokens.extend([answer.cookies["rt"]] if answer.is_success else [])
        return answer.is_success

    async def refresh(number: int) -> bool:
        if not tokens:
            return False
        place = number % len(tokens)
        answer = await _alone(scene, "/api/identity/sessions/refresh", headers={"Cookie": f"rt={tokens[place]}"})
        if answer.is_success:
            tokens[place] = answer.cookies["rt"]
        return answer.is_success

    async def read(_: int) -> bool:
        return (await scene.clients["registry"].get("/api/registry/schools?limit=50")).is_success

    paces = {"sign-ins": (sign_in, 4.0), "refreshes": (refresh, 20.0), "reads": (read, 40.0)}
    tasks = [asyncio.create_task(_steadily(work, pace, done, name)) for name, (work, pace) in paces.items()]
    yield done
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _alone(scene: Scene, path: str, **options: Any) -> httpx.Response:
    """A device with no cookies but its own."""
    client = scene.clients["identity"]
    client.cookies.clear()
    headers = {"Content-Type": "application/json"} | options.pop("headers", {})
    return await client.post(path, headers=headers, **options)


async def _steadily(work: Callable[[int], Awaitable[bool]], pace: float, done: dict[str, int], name: str) -> None:
    for number in range(10**9):
        begun = perf_counter()
        done[name] += await work(number)
        await asyncio.sleep(max(0.0, 1 / pace - (perf_counter() - begun)))


def _show(taken: list[dict[str, float]], done: dict[str, int]) -> None:
    rows = []
    for name in (*DOORS, "all four"):
        found = [max(one.values()) if name == "all four" else one[name] for one in taken]
        p50, p99 = percentile(found, 0.5), percentile(found, 0.99)
        rows.append([name, f"{p50:.0f}", judged(p99, GOAL, "ms"), f"{max(found):.0f}", str(len(found))])
    figures("cut-off: from the 202 to the refusal", ("service", "p50 ms", "p99", "max ms", "samples"), rows)
    print(f"Beside it were answered: {', '.join(f'{count} {name}' for name, count in done.items())}.")
