"""Operators act on a head's account by two, and so do admins who take off a lost second factor."""

import asyncio
import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from chassis.outbox import new_id
from ekis_contracts.identity import AccountDisabled, AccountSuspended, SessionsRevoked

from .callers import CALLED, Help
from .people import NEW_PASSWORD, Desk, Issued, Person, bearer
from .test_second_factor import refusal, with_phone


async def head(desk: Desk, school_id: UUID | None = None, email: str = "head@mail.example") -> Issued:
    return await desk.active(Person(category="head", post="директор", school_id=school_id or new_id()), email)


async def ask(
    desk: Desk, account_id: UUID, step: str, who: dict[str, str], ticket: str | None = None
) -> httpx.Response:
    """Without a ticket of its own on one about nobody."""
    body = {"reason": "по служебной записке", "ticket": ticket or await desk.case()}
    return await desk.http.post(f"/identity/accounts/{account_id}/{step}", json=body, headers=who)


async def decide(desk: Desk, deed_id: str, verdict: str, who: dict[str, str]) -> httpx.Response:
    await desk.employ_askers()
    return await desk.http.post(f"/identity/deeds/{deed_id}/{verdict}", headers=who)


async def acts(desk: Desk, account_id: UUID) -> list[tuple[str, dict[str, Any]]]:
    sql = "SELECT act, details FROM audit WHERE account_id = $1 AND act NOT LIKE '%password%' ORDER BY id"
    rows = await desk.it.runtime.database.pool.fetch(sql, account_id)
    return [(row["act"], json.loads(row["details"])) for row in rows]


@pytest.mark.parametrize("step", ["suspend", "disable"])
async def test_a_heads_account_waits_for_a_second_operator(desk: Desk, step: str) -> None:
    last, admin, second = await head(desk), desk.by("admin"), new_id()
    asked = await ask(desk, last.account_id, step, admin)
    assert (asked.status_code, asked.json()["state"]) == (202, "awaiting-second")
    assert await desk.published() == []
    deed_id = asked.json()["deed_id"]
    approved = await decide(desk, deed_id, "approve", desk.it.signed_in(roles=["support"], account_id=second))
    assert (approved.status_code, approved.json()["state"]) == (200, "done")
    (told,) = await desk.told()
    assert (type(told), told.account_id) == (
        AccountSuspended if step == "suspend" else AccountDisabled,
        last.account_id,
    )
    deed = {"deed": deed_id, "act": step}
    assert await acts(desk, last.account_id) == [
        ("deed-asked", deed),
        (step, {"second": str(second), "deed": deed_id}),
        ("deed-approved", deed),
    ]


async def test_an_employees_needs_one_operator_and_resuming_a_head_too(desk: Desk) -> None:
    one, chief = await desk.active(), await head(desk)
    ones, chiefs = [await desk.case(it.account_id) for it in (one, chief)]
    assert (await ask(desk, one.account_id, "suspend", desk.by("support"), ones)).json() == {"state": "suspended"}
    await ask(desk, chief.account_id, "suspend", desk.by("admin"))
    assert (await desk.approve(chief.account_id, desk.by("admin"))).status_code == 200
    assert (await ask(desk, chief.account_id, "resume", desk.by("support"), chiefs)).json() == {"state": "active"}


async def test_who_asked_cannot_agree_but_may_take_it_back(desk: Desk) -> None:
    last, admin = await head(desk), desk.by("admin")
    deed_id = (await ask(desk, last.account_id, "disable", admin)).json()["deed_id"]
    assert refusal(await decide(desk, deed_id, "approve", admin)) == (403, "own-deed")
    assert (await decide(desk, deed_id, "refuse", admin)).json()["state"] == "refused"
    for verdict in ("approve", "refuse"):
        assert refusal(await decide(desk, deed_id, verdict, desk.by("admin"))) == (409, "deed-decided")
    assert await desk.published() == []
    assert (await ask(desk, last.account_id, "disable", admin)).status_code == 202


async def test_asked_twice_it_waits_once(desk: Desk) -> None:
    last = await head(desk)
    answers = await asyncio.gather(*(ask(desk, last.account_id, "disable", desk.by("admin")) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [202, 409, 409, 409, 409]
    assert {answer.json().get("code") for answer in answers if answer.status_code == 409} == {"deed-open"}
    assert (await ask(desk, last.account_id, "suspend", desk.by("admin"))).status_code == 202


async def test_of_many_who_agree_at_once_one_does_it(desk: Desk) -> None:
    last = await head(desk)
    deed_id = (await ask(desk, last.account_id, "disable", desk.by("admin"))).json()["deed_id"]
    answers = await asyncio.gather(*(decide(desk, deed_id, "approve", desk.by("admin")) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [200, *[409] * 5]
    assert [type(event) for event in await desk.told()] == [AccountDisabled]


async def test_agreed_to_and_refused_at_once_one_of_them_counts(desk: Desk) -> None:
    last = await head(desk)
    deed_id = (await ask(desk, last.account_id, "disable", desk.by("admin"))).json()["deed_id"]
    verdicts = [decide(desk, deed_id, verdict, desk.by("admin")) for verdict in ("approve", "refuse")]
    assert await desk.meet("deed WHERE deed_id", [UUID(deed_id)], *verdicts) == [200, 409]


async def test_after_seven_days_it_is_off(desk: Desk) -> None:
    last = await head(desk)
    deed_id = (await ask(desk, last.account_id, "disable", desk.by("admin"))).json()["deed_id"]
    desk.it.clock.move(timedelta(days=7))
    assert refusal(await decide(desk, deed_id, "approve", desk.by("admin"))) == (409, "deed-expired")
    await desk.it.run_loops()
    assert refusal(await decide(desk, deed_id, "approve", desk.by("admin"))) == (409, "deed-decided")
    assert [act for act, _ in await acts(desk, last.account_id)] == ["deed-asked", "deed-expired"]
    assert (await desk.sign_in(last.login, NEW_PASSWORD)).status_code == 200


async def test_what_the_account_does_not_allow_any_more_is_not_done(desk: Desk) -> None:
    school_id = new_id()
    first = await head(desk, school_id)
    second = await head(desk, school_id, "second@mail.example")
    waiting = []
    for one in (first, second):
        case = await Help(desk).linked("disable-account", one)
        asked = await desk.http.post(f"{case.path}/disable-account", json=CALLED, headers=desk.by("support"))
        waiting.append(asked.json()["deed_id"])
    assert (await decide(desk, waiting[0], "approve", desk.by("admin"))).status_code == 200
    assert refusal(await decide(desk, waiting[1], "approve", desk.by("admin"))) == (409, "last-head")
    assert refusal(await ask(desk, first.account_id, "suspend", desk.by("admin"))) == (409, "wrong-step")
    assert (await decide(desk, waiting[1], "refuse", desk.by("support"))).status_code == 200


async def test_the_heads_own_wish_needs_nobody_else(desk: Desk) -> None:
    school_id = new_id()
    one = await head(desk, school_id)
    await head(desk, school_id, "second@mail.example")
    wish = {"password": NEW_PASSWORD}
    answer = await desk.http.post("/identity/disable-requests", json=wish, headers=bearer(one.session))
    assert (answer.status_code, answer.json()["state"]) == (202, "disabled")


async def test_a_lost_factor_is_reset_by_two_admins(desk: Desk) -> None:
    phone = await with_phone(desk)
    account_id, path = phone.person.account_id, "second-factor/reset"
    assert refusal(await ask(desk, account_id, path, desk.by("support"))) == (403, "not-allowed")
    deed_id = (await ask(desk, account_id, path, desk.by("admin"))).json()["deed_id"]
    assert refusal(await phone.sign_in()) == (401, "second-factor-required")
    assert refusal(await decide(desk, deed_id, "approve", desk.by("support"))) == (403, "not-allowed")
    devices = (await desk.http.get("/identity/sessions", headers=phone.headers)).json()["items"]
    (sid,) = [one["session_id"] for one in devices if one["current"]]
    himself = desk.it.signed_in(roles=["admin"], account_id=account_id, sid=sid)
    assert refusal(await decide(desk, deed_id, "approve", himself)) == (403, "own-deed")
    assert (await decide(desk, deed_id, "approve", desk.by("admin"))).status_code == 200
    assert (await desk.said(SessionsRevoked)).reason == "second-factor-changed"
    assert (await phone.sign_in()).status_code == 200
    assert refusal(await ask(desk, account_id, path, desk.by("admin"))) == (409, "no-second-factor")
    assert refusal(await ask(desk, new_id(), path, desk.by("admin"))) == (404, "not-found")


async def test_whoever_agrees_has_to_prove_a_code(desk: Desk) -> None:
    phone, last = await with_phone(desk), await head(desk)
    deed_id = (await ask(desk, last.account_id, "disable", desk.by("admin"))).json()["deed_id"]
    who = desk.it.signed_in(roles=["admin"], account_id=phone.person.account_id)
    for verdict in ("approve", "refuse"):
        assert refusal(await decide(desk, deed_id, verdict, who)) == (401, "proof-required")
    assert refusal(await ask(desk, last.account_id, "disable", who)) == (401, "proof-required")


async def test_what_waits_is_listed_for_operators_alone(desk: Desk) -> None:
    people = [await head(desk, email=f"head{number}@mail.example") for number in range(3)]
    for one in people:
        await ask(desk, one.account_id, "disable", desk.by("admin"))
    page = (await desk.http.get("/identity/deeds?limit=2", headers=desk.by("security"))).json()
    rest = await desk.http.get(f"/identity/deeds?cursor={page['next']}", headers=desk.by("admin"))
    listed = [item["account_id"] for item in page["items"] + rest.json()["items"]]
    assert listed == [str(one.account_id) for one in people]
    assert page["items"][0]["reason"] == "по служебной записке"
    schools_head = desk.it.signed_in(category="head", school_id=people[0].person.school_id)
    assert (await desk.http.get("/identity/deeds", headers=schools_head)).status_code == 403
    deed_id = page["items"][0]["deed_id"]
    assert refusal(await decide(desk, deed_id, "approve", schools_head)) == (404, "not-found")
    assert refusal(await decide(desk, deed_id, "approve", desk.by("security"))) == (403, "not-allowed")
    assert refusal(await decide(desk, str(new_id()), "approve", desk.by("admin"))) == (404, "not-found")


GONE = {"suspended": "state = 'suspended'", "of another role": "roles = '{editor}'", "unknown": None}


@pytest.mark.parametrize("how", GONE)
async def test_a_deed_falls_with_who_has_asked_for_it(desk: Desk, how: str) -> None:
    last, pool = await head(desk), desk.it.runtime.database.pool
    deed_id = (await ask(desk, last.account_id, "disable", desk.by("admin"))).json()["deed_id"]
    if change := GONE[how]:
        await desk.employ_askers()
        await pool.execute(f"UPDATE account SET {change} WHERE staff_id IS NULL")
    approve = f"/identity/deeds/{deed_id}/approve"
    assert refusal(await desk.http.post(approve, headers=desk.by("admin"))) == (409, "asker-gone")
    assert (await desk.sign_in(last.login, NEW_PASSWORD)).status_code == 200, "nothing has happened"
    refuse = f"/identity/deeds/{deed_id}/refuse"
    assert (await desk.http.post(refuse, headers=desk.by("admin"))).status_code == 200
