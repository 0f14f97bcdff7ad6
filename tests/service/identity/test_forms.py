"""Public forms: a source that files many has to work for each; one address is mailed a handful of times a day."""

from base64 import b64encode
from collections.abc import AsyncIterator
from datetime import timedelta
from json import dumps
from typing import Any

import altcha
import httpx
import pytest
from ekis_contracts.identity import AccountRequestClosed, AccountRequested
from identity.__main__ import service

from .conftest import OpenService
from .people import Desk

QUIET = 3


@pytest.fixture
async def busy(open_service: OpenService) -> AsyncIterator[Desk]:
    """A desk at which this source has filed as many forms as a quiet one may."""
    async with open_service(service, quiet_forms=QUIET) as it:
        desk = Desk(it)
        for number in range(QUIET):
            await desk.ask(f"person{number}@mail.example")
        yield desk


async def solution(desk: Desk) -> str:
    answer = await desk.http.get("/identity/challenge")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    challenge = altcha.Challenge.from_dict(answer.json())
    solved = altcha.solve_challenge(challenge)
    assert solved
    return payload(challenge.to_dict(), solved.to_dict())


def payload(challenge: dict[str, Any], solved: dict[str, Any]) -> str:
    return b64encode(dumps({"challenge": challenge, "solution": solved}).encode()).decode()


async def file(desk: Desk, proof: str | None = None) -> httpx.Response:
    headers = {} if proof is None else {"Proof-Of-Work": proof}
    return await desk.http.post("/identity/account-requests", json=desk.body("late@mail.example"), headers=headers)


async def test_a_busy_source_works_once_for_each_form(busy: Desk) -> None:
    refused = await file(busy)
    assert (refused.status_code, refused.json()["code"]) == (429, "proof-of-work-required")
    assert refused.json()["challenge"] == "/api/identity/challenge"
    proof = await solution(busy)
    assert (await file(busy, proof)).status_code == 202
    assert (await file(busy, proof)).status_code == 429, "each challenge is used once"
    assert (await file(busy, await solution(busy))).status_code == 202


async def test_a_ticket_is_a_form_like_any_other_but_the_desk_writes_down_calls(busy: Desk) -> None:
    form = {"kind": "question", "contact": {"email": "guest@mail.example"}, "text": "Помогите, пожалуйста."}
    path = "/identity/support/tickets"
    for headers in ({}, busy.it.signed_in(category="employee"), busy.by("editor")):
        refused = await busy.http.post(path, json=form, headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (429, "proof-of-work-required")
    assert (await busy.http.post(path, json=form, headers={"Proof-Of-Work": await solution(busy)})).status_code == 202
    for _ in range(QUIET + 1):
        assert (await busy.http.post(path, json=form, headers=busy.by("support"))).status_code == 202


async def test_a_quiet_source_never_sees_it(busy: Desk) -> None:
    assert (await file(busy.at("203.0.113.5"))).status_code == 202
    busy.it.clock.move(timedelta(hours=1))
    assert (await file(busy)).status_code == 202


async def test_what_was_refused_is_not_counted(busy: Desk) -> None:
    for _ in range(3):
        assert (await file(busy)).status_code == 429
    assert await busy.it.runtime.database.pool.fetchval("SELECT max(used) FROM quota") == QUIET


@pytest.mark.parametrize("proof", ["", "x", "я", b64encode(b"[1]").decode(), b64encode(b'{"challenge":{}}').decode()])
async def test_rubbish_proves_nothing(busy: Desk, proof: str) -> None:
    headers = {b"Proof-Of-Work": proof.encode()}
    answer = await busy.http.post("/identity/account-requests", json=busy.body(), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (429, "proof-of-work-required")


async def test_an_own_challenge_an_old_one_and_a_wrong_solution_prove_nothing(busy: Desk) -> None:
    easy = altcha.create_challenge("PBKDF2/SHA-256", 1, expires_at=2**31, hmac_secret=b"another key")
    solved = altcha.solve_challenge(easy)
    assert solved
    assert (await file(busy, payload(easy.to_dict(), solved.to_dict()))).status_code == 429
    ours = (await busy.http.get("/identity/challenge")).json()
    assert (await file(busy, payload(ours, solved.to_dict()))).status_code == 429
    proof = await solution(busy)
    busy.it.clock.move(timedelta(minutes=11))
    assert (await file(busy, proof)).status_code == 429


async def test_an_address_named_a_hundred_times_is_told_five_times(desk: Desk) -> None:
    answers = [
        await desk.at(f"203.0.113.{number}").http.post(
            "/identity/account-requests", json=desk.body() | {"school": {"inn": inn}}
        )
        for number, inn in enumerate(["7707083893", "7736050003", "7728168971", "7702070139"] * 25)
    ]
    assert {one.status_code for one in answers} == {202}
    assert {frozenset(one.json()) for one in answers} == {frozenset({"number", "tracking_code"})}
    told = await desk.told()
    assert [type(event) for event in told] == [AccountRequested] * 4 + [AccountRequestClosed]
    last = answers[-1].json()
    page = await desk.http.get(
        f"/identity/account-requests/{last['number']}", headers={"Tracking-Code": last["tracking_code"]}
    )
    assert page.json()["state"] == "verifying"
    desk.it.clock.move(timedelta(days=1))
    await desk.ask("ANNA@mail.example")


async def test_other_addresses_are_told_meanwhile(desk: Desk) -> None:
    for _ in range(7):
        await desk.at("203.0.113.1").http.post("/identity/account-requests", json=desk.body())
    await desk.published()
    await desk.ask("boris@mail.example")


async def test_corrections_name_an_address_too(desk: Desk) -> None:
    tickets = [await desk.ask(f"own{number}@mail.example") for number in range(7)]
    for ticket in tickets:
        answer = await desk.correct(ticket, "victim@mail.example")
        assert (answer.status_code, answer.json()["state"]) == (200, "verifying")
    events = await desk.told()
    told = [event for event in events if event.contact and desk.address(event.contact) == "victim@mail.example"]
    assert len(told) == 5
    silent = [event for event in events if isinstance(event, AccountRequestClosed) and event.contact is None]
    assert len(silent) == 2, "registry forgets them all the same"
