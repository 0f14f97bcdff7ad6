"""Admins make operators and change their roles and access; one admin always stays."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pyotp
import pytest
from chassis.outbox import new_id
from ekis_contracts.identity import SessionsRevoked
from identity.__main__ import service

from .conftest import OpenService
from .people import NEW_PASSWORD, Desk, bearer
from .test_second_factor import refusal

WHY = {"reason": "уволен"}


async def add(desk: Desk, login: str = "first.line", roles: tuple[str, ...] = ("support",), **more: Any) -> Any:
    body = {"login": login, "roles": list(roles)}
    answer = await desk.http.post("/identity/operators", json=body, headers=desk.by("admin") | more)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def activate(desk: Desk, login: str, made: Any) -> httpx.Response:
    first = await desk.sign_in(login, made["one_time_password"])
    body = {"new_password": NEW_PASSWORD}
    return await desk.http.post("/identity/activation", json=body, headers=bearer(first))


async def active(desk: Desk, login: str, *roles: str) -> str:
    """The id of an operator who has signed in."""
    made = await add(desk, login, roles)
    assert (await activate(desk, login, made)).status_code == 200
    await desk.published()
    return str(made["operator_id"])


async def change(desk: Desk, operator_id: str, *roles: str, by: str | None = None) -> httpx.Response:
    who = desk.it.signed_in(roles=["admin"], account_id=by or new_id())
    return await desk.http.patch(f"/identity/operators/{operator_id}", json={"roles": list(roles)}, headers=who)


async def act(desk: Desk, operator_id: str, step: str, by: str | None = None) -> httpx.Response:
    who = desk.it.signed_in(roles=["admin"], account_id=by or new_id())
    return await desk.http.post(f"/identity/operators/{operator_id}/{step}", json=WHY, headers=who)


async def test_a_new_operator_replaces_the_password_that_was_shown_once(desk: Desk) -> None:
    made = await add(desk, roles=("support", "editor"))
    assert made["one_time_password"].replace("-", "") not in (await desk.it.everything()).replace("-", "")
    first = await desk.sign_in("first.line", made["one_time_password"])
    assert (first.json()["scope"], first.json()["required"]) == ("activation", ["change-password"])
    stating = {"status": "employee", "new_password": NEW_PASSWORD}
    refused = await desk.http.post("/identity/activation", json=stating, headers=bearer(first))
    assert refusal(refused) == (409, "status-mismatch")
    full = await activate(desk, "first.line", made)
    assert (full.json()["scope"], full.json()["required"]) == ("full", [])
    me = (await desk.http.get("/identity/me", headers=bearer(full))).json()
    assert (me["roles"], me["login"]) == (["editor", "support"], "first.line")
    assert [event.reason for event in await desk.told()] == ["password-changed"]
    assert (await desk.sign_in("first.line", made["one_time_password"])).status_code == 401


async def test_a_person_still_has_to_state_the_status(desk: Desk) -> None:
    issued = await desk.issued()
    first = await desk.sign_in(issued.login, issued.password)
    body = {"new_password": NEW_PASSWORD}
    answer = await desk.http.post("/identity/activation", json=body, headers=bearer(first))
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/status")


async def test_where_a_factor_is_required_it_is_the_last_first_step(open_service: OpenService) -> None:
    async with open_service(service) as it:
        desk = Desk(it)
        made = await add(desk)
        first = await desk.sign_in("first.line", made["one_time_password"])
        assert first.json()["required"] == ["change-password", "enrol-second-factor"]
        early = await desk.http.post("/identity/second-factor", json={}, headers=bearer(first))
        assert refusal(early) == (409, "wrong-step")
        next_ = await activate(desk, "first.line", made)
        assert (next_.json()["scope"], next_.json()["required"]) == ("activation", ["enrol-second-factor"])
        shown = (await desk.http.post("/identity/second-factor", json={}, headers=bearer(next_))).json()
        code = {"code": pyotp.TOTP(shown["secret"]).at(it.clock())}
        await desk.http.post("/identity/second-factor/confirm", json=code, headers=bearer(next_))
        full = await desk.http.post("/identity/sessions/refresh", headers={"Cookie": f"rt={next_.cookies['rt']}"})
        assert full.json()["scope"] == "full"


async def test_one_key_makes_one_operator_and_shows_the_same_password(desk: Desk) -> None:
    who, body = desk.by("admin") | {"Idempotency-Key": "k1"}, {"login": "first.line", "roles": ["support"]}
    answers = [await desk.http.post("/identity/operators", json=body, headers=who) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    again = await desk.http.post("/identity/operators", json=body, headers=desk.by("admin"))
    assert refusal(again) == (409, "login-taken")


async def test_after_three_days_another_password_is_needed(desk: Desk) -> None:
    made = await add(desk)
    desk.it.clock.move(timedelta(days=3))
    assert (await desk.sign_in("first.line", made["one_time_password"])).status_code == 401
    path = f"/identity/operators/{made['operator_id']}/one-time-password"
    renewed = (await desk.http.post(path, headers=desk.by("admin"))).json()
    assert renewed["one_time_password"] != made["one_time_password"]
    assert (await activate(desk, "first.line", renewed)).status_code == 200
    assert refusal(await desk.http.post(path, headers=desk.by("admin"))) == (409, "wrong-step")


async def test_a_smaller_right_ends_sessions_and_a_larger_one_does_not(desk: Desk) -> None:
    operator_id = await active(desk, "first.line", "support")
    assert (await change(desk, operator_id, "support", "editor")).json()["roles"] == ["editor", "support"]
    assert await desk.published() == []
    assert (await change(desk, operator_id, "editor")).json()["roles"] == ["editor"]
    assert (await desk.said(SessionsRevoked)).reason == "operator-changed"


async def test_suspended_and_disabled_operators_are_out(desk: Desk) -> None:
    operator_id = await active(desk, "first.line", "support")
    assert (await act(desk, operator_id, "suspend")).json()["state"] == "suspended"
    assert (await desk.said(SessionsRevoked)).reason == "operator-changed"
    assert (await desk.sign_in("first.line", NEW_PASSWORD)).status_code == 401
    assert (await act(desk, operator_id, "resume")).json()["state"] == "active"
    assert (await desk.sign_in("first.line", NEW_PASSWORD)).status_code == 200
    assert (await act(desk, operator_id, "disable")).json()["state"] == "disabled"
    assert refusal(await act(desk, operator_id, "resume")) == (409, "wrong-step")
    desk.it.clock.move(timedelta(days=30))
    await desk.it.run_loops()
    assert {type(event) for event in await desk.told()} == {SessionsRevoked}


async def test_nobody_changes_the_own_rights(desk: Desk) -> None:
    one = await active(desk, "boss.one", "admin")
    await active(desk, "boss.two", "admin")
    assert refusal(await change(desk, one, "admin", "security", by=one)) == (403, "own-operator")
    for step in ("suspend", "resume", "disable"):
        answer = await act(desk, one, step, by=one)
        assert answer.status_code in (403, 409), step
    assert (await act(desk, one, "suspend", by=one)).json()["code"] == "own-operator"


@pytest.mark.parametrize("step", ["roles", "suspend", "disable"])
async def test_of_two_admins_who_oust_each_other_one_stays(desk: Desk, step: str) -> None:
    one, two = await active(desk, "boss.one", "admin"), await active(desk, "boss.two", "admin")

    async def oust(other: str, by: str) -> httpx.Response:
        return await (change(desk, other, "editor", by=by) if step == "roles" else act(desk, other, step, by=by))

    assert await desk.meet("account WHERE id", [UUID(one), UUID(two)], oust(two, one), oust(one, two)) == [200, 409]
    assert refusal(await (oust(one, two) if await is_admin(desk, one) else oust(two, one))) == (409, "last-admin")


async def is_admin(desk: Desk, operator_id: str) -> bool:
    listed = (await desk.http.get("/identity/operators", headers=desk.by("admin"))).json()["items"]
    admins = [one["operator_id"] for one in listed if one["state"] == "active" and "admin" in one["roles"]]
    return operator_id in admins


async def test_operators_are_listed_for_admins_and_security(desk: Desk) -> None:
    made = [await active(desk, f"line.{number}", "support") for number in range(3)]
    page = (await desk.http.get("/identity/operators?limit=2", headers=desk.by("security"))).json()
    rest = await desk.http.get(f"/identity/operators?cursor={page['next']}", headers=desk.by("admin"))
    listed = page["items"] + rest.json()["items"]
    assert [item["operator_id"] for item in listed] == made
    assert listed[0] | {"activated_at": None} == {
        "operator_id": made[0],
        "login": "line.0",
        "roles": ["support"],
        "state": "active",
        "activated_at": None,
        "second_factor": False,
    }
    accounts = (await desk.http.get("/identity/accounts", headers=desk.by("admin"))).json()["items"]
    assert accounts == []


async def test_a_persons_account_is_no_operator(desk: Desk) -> None:
    person = await desk.active()
    for operator_id in (str(person.account_id), str(new_id())):
        assert refusal(await change(desk, operator_id, "admin")) == (404, "not-found")
        assert refusal(await act(desk, operator_id, "disable")) == (404, "not-found")


@pytest.mark.parametrize(
    "body",
    [
        {"login": "R", "roles": ["admin"]},
        {"login": "оператор", "roles": ["admin"]},
        {"login": "first.line", "roles": []},
        {"login": "first.line", "roles": ["king"]},
        {"login": "first.line"},
    ],
)
async def test_malformed_operators_are_refused(desk: Desk, body: dict[str, Any]) -> None:
    answer = await desk.http.post("/identity/operators", json=body, headers=desk.by("admin"))
    assert answer.status_code == 422
