"""Nothing is told by how long an answer takes (B10): 500 pairs, answered in turn, by the test of Mann and Whitney.

This is a statistical test, not a timed one: a slow or busy machine slows both sides of a pair alike. Of equal
distributions one round in a hundred fails, so a failed round is played once more; a real difference fails twice.
"""

import random
from collections.abc import Awaitable, Callable
from time import perf_counter

import httpx
import pytest
from ranks import likelihood

from .people import NEW_PASSWORD, Desk, Person
from .test_operator_accounts import active as operator
from .test_sessions import WRONG, act

PAIRS = 500
LEAST = 0.01

Ask = Callable[[], Awaitable[httpx.Response]]

pytestmark = pytest.mark.timeout(600)


async def timed(ask: Ask) -> float:
    begun = perf_counter()
    answer = await ask()
    taken = perf_counter() - begun
    assert answer.status_code in (401, 202), answer.text
    return taken


async def play(desk: Desk, one: Ask, other: Ask) -> float:
    """p of one round. What slows guessing and flooding down is emptied between the pairs."""
    pool = desk.it.runtime.database.pool
    taken: tuple[list[float], list[float]] = [], []
    for _ in range(PAIRS):
        await pool.execute("DELETE FROM attempt; DELETE FROM quota")
        for side in random.sample((0, 1), 2):
            taken[side].append(await timed((one, other)[side]))
    return likelihood(*taken)


async def look_alike(desk: Desk, one: Ask, other: Ask) -> None:
    found = [await play(desk, one, other)]
    if found[0] < LEAST:
        found.append(await play(desk, one, other))
    assert max(found) >= LEAST, f"p = {found}"


def signing_in(desk: Desk, login: str, password: str) -> Ask:
    return lambda: desk.sign_in(login, password)


async def test_an_unknown_login_takes_as_long_as_a_wrong_password(desk: Desk) -> None:
    active = await desk.active()
    await look_alike(desk, signing_in(desk, active.login, WRONG), signing_in(desk, "nobody.here", WRONG))


async def test_an_issued_account_takes_as_long(desk: Desk) -> None:
    active, issued = await desk.active(), await desk.issued(Person(), "other@mail.example")
    await look_alike(desk, signing_in(desk, active.login, WRONG), signing_in(desk, issued.login, WRONG))


async def test_an_operators_login_takes_as_long_as_an_unknown_one(desk: Desk) -> None:
    await operator(desk, "first.line", "support")
    await look_alike(desk, signing_in(desk, "first.line", WRONG), signing_in(desk, "nobody.here", WRONG))


@pytest.mark.parametrize("step", ["suspend", "disable"])
async def test_a_cut_off_account_takes_as_long_with_its_right_password(desk: Desk, step: str) -> None:
    active, gone = await desk.active(), await desk.active(Person(), "other@mail.example")
    await act(desk, gone, step)
    await look_alike(desk, signing_in(desk, active.login, WRONG), signing_in(desk, gone.login, NEW_PASSWORD))


async def test_an_address_with_a_request_takes_as_long_as_one_without(desk: Desk) -> None:
    await desk.ask("known@mail.example")
    fresh = iter(range(10**6))

    def file(address: str) -> Awaitable[httpx.Response]:
        return desk.http.post("/identity/account-requests", json=desk.body(address))

    await look_alike(desk, lambda: file("known@mail.example"), lambda: file(f"new.{next(fresh)}@mail.example"))


def test_the_test_sees_a_difference() -> None:
    noise = random.Random(1)
    slow = [noise.gauss(10.3, 1) for _ in range(PAIRS)]
    alike = [noise.gauss(10, 1) for _ in range(PAIRS)]
    assert likelihood(slow, [noise.gauss(10, 1) for _ in range(PAIRS)]) < LEAST
    assert likelihood(alike, [noise.gauss(10, 1) for _ in range(PAIRS)]) >= LEAST
