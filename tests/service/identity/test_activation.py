"""The first sign-in: status, new password, once."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from ekis_contracts.identity import AccessRestored, AccountActivated, AccountRequestClosed, SessionsRevoked
from ekis_contracts.registry import SchoolRegistered

from .people import NEW_PASSWORD, Desk, Person, bearer


def school(person: Person, **more: Any) -> SchoolRegistered:
    facts: dict[str, Any] = {
        "school_id": person.school_id,
        "inn": "7707083893",
        "kpp": "770701001",
        "ogrn": None,
        "full_name": "Государственное учреждение «Преображенская гимназия»",
        "short_name": "Преображенская гимназия",
        "kind": "Гимназия",
        "district": None,
        "address": "Москва",
        "phones": [],
        "emails": [],
        "site": None,
        "status": "active",
        "source": "feed",
    }
    return SchoolRegistered(**facts | more)


async def test_activation_opens_a_full_session_and_closes_the_request(desk: Desk) -> None:
    issued = await desk.issued()
    first = await desk.sign_in(issued.login, issued.password, remember_me=True)
    done = await desk.activate(first)
    assert (done.status_code, done.json()["scope"], done.json()["required"]) == (200, "full", [])
    assert "Max-Age" in done.headers["set-cookie"], "remembered as wished at the first sign-in"
    told = {type(event): (event, envelope) for event, envelope in await desk.published()}
    assert set(told) == {AccountActivated, AccountRequestClosed}
    activated, envelope = told[AccountActivated]
    assert (activated.state, envelope.sequence, activated.session_epoch) == ("active", 2, 3)
    assert desk.it.open(activated.name) == issued.person.name
    closed, envelope = told[AccountRequestClosed]
    assert (closed.outcome, closed.contact, envelope.sequence) == ("activated", None, 2)
    assert await desk.state(issued.ticket) == "activated"
    assert (await desk.http.get("/identity/me", headers=bearer(done))).status_code == 200
    assert (await desk.sign_in(issued.login, issued.password)).status_code == 401
    assert (await desk.sign_in(issued.login, NEW_PASSWORD)).status_code == 200
    again = await desk.activate(first)
    assert (again.status_code, again.json()["code"]) == (409, "wrong-step")


async def test_a_wrong_status_is_refused_with_a_way_on(desk: Desk) -> None:
    issued = await desk.issued()
    first = await desk.sign_in(issued.login, issued.password)
    answer = await desk.activate(first, status="head")
    assert (answer.status_code, answer.json()["code"], answer.json()["ask"]) == (409, "status-mismatch", "head")
    assert "руководителю" in answer.json()["title"]
    resumed = await desk.sign_in(issued.login, issued.password)
    assert (await desk.activate(resumed)).status_code == 200


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("короткий пароль"[:14], "password-too-short"),
        ("й" * 7 + "и\u0306" * 7, "password-too-short"),  # 14 after NFC
        ("вечер над прудом " * 10, "password-too-long"),
        ("qwertyuiopasdfghjkl", "password-common"),
        ("ЙЦУКЕНГШЩЗХЪфывапролдж", "password-common"),
        ("password123456789", "password-common"),
        ("парольпарольпароль", "password-common"),
        ("aaaaaaaaaaaaaaaaaaaa", "password-common"),
        ("Gfhjkm123!Gfhjkm123!", "password-common"),
        ("98765432109876543210", "password-common"),
        ("снег иванова лежит тихо", "password-context"),
        ("мой кабинет в ЕКИС тихий", "password-context"),
        ("преображенская тишина 7", "password-context"),
        ("my ivanova.am garden", "password-context"),
    ],
)
async def test_a_weak_password_is_refused_with_its_reason(desk: Desk, password: str, code: str) -> None:
    person = Person()
    await desk.it.tell(school(person))
    issued = await desk.issued(person)
    first = await desk.sign_in(issued.login, issued.password)
    answer = await desk.activate(first, password=password)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.json()["errors"][0]["pointer"] == "/new_password"
    assert (await desk.activate(first)).status_code == 200


async def test_a_password_typed_on_two_devices_is_one(desk: Desk) -> None:
    issued = await desk.issued()
    first = await desk.sign_in(issued.login, issued.password)
    assert (await desk.activate(first, password="тихий вечер над йодом 47")).status_code == 200
    assert (await desk.sign_in(issued.login, "тихий вечер над и\u0306одом 47")).status_code == 200
    assert (await desk.sign_in(issued.login, " тихий вечер над йодом 47")).status_code == 401


async def test_of_fifty_activations_at_once_one_succeeds(desk: Desk) -> None:
    issued = await desk.issued()
    firsts = [await desk.sign_in(issued.login, issued.password) for _ in range(5)]
    answers = await asyncio.gather(*(desk.activate(firsts[number % 5]) for number in range(50)))
    statuses = sorted(one.status_code for one in answers)
    assert statuses.count(200) == 1
    assert set(statuses) <= {200, 409, 503}
    kinds = [type(event) for event in await desk.told()]
    assert sorted(kind.__name__ for kind in kinds) == ["AccountActivated", "AccountRequestClosed"]


async def test_a_full_session_cannot_activate(desk: Desk) -> None:
    active = await desk.active()
    answer = await desk.activate(active.session)
    assert (answer.status_code, answer.json()["code"]) == (403, "not-allowed")


async def test_a_new_password_ends_the_other_sessions_and_this_one_goes_on(desk: Desk) -> None:
    active = await desk.active()
    other = await desk.sign_in(active.login, NEW_PASSWORD)
    mine = await desk.sign_in(active.login, NEW_PASSWORD)
    fresh = "ранняя весна за оврагом 8"
    body = {"current_password": NEW_PASSWORD, "new_password": fresh}
    assert (await desk.http.put("/identity/password", json=body, headers=bearer(mine))).status_code == 204
    revoked = await desk.said(SessionsRevoked)
    assert (revoked.reason, revoked.session_epoch, revoked.sids) == ("password-changed", 4, [])
    assert desk.address(revoked.contact) == "anna@mail.example"
    path = "/identity/sessions/refresh"
    desk.http.cookies.clear()
    dead = await desk.http.post(path, headers={"Cookie": f"rt={other.cookies['rt']}"})
    alive = await desk.http.post(path, headers={"Cookie": f"rt={mine.cookies['rt']}"})
    assert (dead.status_code, alive.status_code) == (401, 200)
    assert (await desk.http.get("/identity/me", headers=bearer(alive))).status_code == 200
    assert (await desk.sign_in(active.login, NEW_PASSWORD)).status_code == 401
    assert (await desk.sign_in(active.login, fresh)).status_code == 200


async def test_a_new_password_needs_the_old_one_and_the_rules(desk: Desk) -> None:
    active = await desk.active()
    headers = bearer(active.session)
    wrong = {"current_password": "не тот пароль совсем", "new_password": "ранняя весна за оврагом 8"}
    answer = await desk.http.put("/identity/password", json=wrong, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid-credentials")
    short = {"current_password": NEW_PASSWORD, "new_password": "коротко"}
    answer = await desk.http.put("/identity/password", json=short, headers=headers)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/new_password")
    assert await desk.published() == []


async def test_a_one_time_password_ends_after_three_days_and_with_the_next_one(desk: Desk) -> None:
    issued = await desk.issued()
    desk.it.clock.move(timedelta(days=2, hours=23))
    first = await desk.sign_in(issued.login, issued.password)
    assert first.status_code == 200
    desk.it.clock.move(timedelta(hours=1, minutes=1))
    assert (await desk.sign_in(issued.login, issued.password)).status_code == 401, "expired"
    again = await desk.http.post(f"{issued.ticket.path}/resend", headers=issued.ticket.headers)
    assert again.status_code == 202
    newer = desk.credentials(await desk.said(AccessRestored)).one_time_password
    assert (await desk.sign_in(issued.login, issued.password)).status_code == 401, "issued anew"
    assert (await desk.activate(first)).status_code in (401, 409), "nor does a session begun with the old one help"
    assert (await desk.sign_in(issued.login, newer)).status_code == 200


async def test_a_one_time_password_is_of_one_person_and_for_activation_alone(desk: Desk) -> None:
    issued = await desk.issued()
    other = await desk.active(Person(), "other@mail.example")
    assert (await desk.sign_in(other.login, issued.password)).status_code == 401
    body = {"password": issued.password}
    answer = await desk.http.post("/identity/disable-requests", json=body, headers=bearer(other.session))
    assert answer.status_code == 401
    first = await desk.sign_in(issued.login, issued.password)
    assert (await desk.http.get("/identity/me", headers=bearer(first))).status_code == 403
