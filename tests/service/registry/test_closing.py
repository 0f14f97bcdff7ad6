"""Closing a school: what it does to staff and requests, what the preview shows, what is refused."""

from typing import Any
from uuid import uuid4

import pytest
from ekis_contracts.registry import SchoolClosed, StaffChanged, StaffLeft

from .conftest import SCHOOL, Registry, school_form
from .desk import Desk, emptied


async def test_a_merger_moves_everybody_and_leaves_the_old_id_readable(
    desk: Desk, registry: Registry, school_id: str, other_id: str
) -> None:
    await registry.staff(school_id)
    here, there = await desk.roll(school_id), await desk.roll(other_id)
    answer = await desk.close(school_id, other_id)
    assert (answer.status_code, answer.headers["etag"]) == (200, '"2"'), answer.text
    told = await registry.published()
    ((closed, envelope),) = [one for one in told if isinstance(one[0], SchoolClosed)]
    assert (closed.reason, closed.status, envelope.sequence) == ("reorganised", "closed", 2)
    assert (str(closed.closing_on), [str(one) for one in closed.successors]) == (desk.day(), [other_id])
    moved = {str(event.staff_id): (event, it) for event, it in told if isinstance(event, StaffChanged)}
    assert set(moved) == here
    for event, it in moved.values():
        assert (str(event.school_id), event.changed, it.sequence) == (other_id, ["school_id"], 2)
        assert registry.it.open(event.name).first_name in ("Пётр", "Анна-Мария")
    assert await desk.roll(other_id) == here | there
    assert await desk.roll(school_id) == set()
    old = await desk.read(school_id)
    assert (old["status"], old["successors"], old["closing_on"]) == ("closed", [other_id], desk.day())


async def test_a_liquidation_ends_the_roll_once_two_people_want_it(
    desk: Desk, registry: Registry, school_id: str
) -> None:
    await registry.staff(school_id)
    here = await desk.roll(school_id)
    waits = await desk.close(school_id)
    assert (waits.status_code, waits.json()["state"], waits.json()["records"]) == (202, "awaiting-second", 2)
    assert await registry.told() == []
    assert (await desk.read(school_id))["status"] == "active"
    own = await desk.approve(school_id, desk.first)
    assert (own.status_code, own.json()["code"]) == (403, "own-deed")
    done = await desk.approve(school_id)
    assert (done.status_code, done.json()["status"]) == (200, "closed")
    told = await registry.published()
    left = {str(event.staff_id): (event, it) for event, it in told if isinstance(event, StaffLeft)}
    assert set(left) == here
    assert {(event.reason, it.sequence) for event, it in left.values()} == {("school-liquidated", 2)}
    assert await desk.roll(school_id) == set()
    again = await desk.approve(school_id)
    assert (again.status_code, again.json()["code"]) == (409, "no-open-deed")
    kept = await registry.row("SELECT state, asked_by, approved_by FROM school_deed")
    assert kept["state"] == "done"
    assert kept["asked_by"] != kept["approved_by"]


async def test_an_empty_school_is_closed_by_one(desk: Desk, registry: Registry, school_id: str) -> None:
    await emptied(registry, school_id)
    answer = await desk.close(school_id, ahead=-400)
    assert (answer.status_code, answer.json()["closing_on"]) == (200, desk.day(-400))
    path = f"/registry/schools/{school_id}/history"
    lines = (await registry.http.get(path, headers=desk.first)).json()["items"]
    assert {(line["field"], line["reason"]) for line in lines} == {
        ("status", "liquidated"),
        ("closing_on", "liquidated"),
    }


async def test_the_preview_counts_what_would_happen(
    desk: Desk, registry: Registry, school_id: str, other_id: str
) -> None:
    teacher = await registry.staff(school_id)
    await desk.activated(teacher["staff_id"], school_id)
    await registry.ask(email="other@mail.example")
    await registry.apply(SCHOOL | {"kpp": "771899001", "ogrn": school_form(9)["ogrn"]})
    await registry.told()
    merger = await desk.preview(school_id, other_id, ahead=5)
    assert [head["name"] for head in merger["heads"] + merger["heads_of_successor"]] == [
        "Соловьёва Анна-Мария Петровна",
        "Орлова Анна-Мария Петровна",
    ]
    heads = {"heads", "heads_of_successor"}
    assert {key: value for key, value in merger.items() if key not in heads} == {
        "at_once": False,
        "staff_that_end": 0,
        "staff_that_move": 2,
        "with_account": 1,
        "open_referrals": 1,
        "open_applications": 1,
        "second_person": False,
        "warnings": ["several-heads"],
    }
    end = await desk.preview(school_id)
    assert (end["at_once"], end["staff_that_end"], end["staff_that_move"]) == (True, 2, 0)
    assert (end["second_person"], end["warnings"], end["heads_of_successor"]) == (True, [], [])
    assert await registry.told() == [], "looking changes nothing"


async def test_what_waited_for_a_decision_is_declined_with_the_school(
    desk: Desk, registry: Registry, school_id: str, other_id: str
) -> None:
    referred = await registry.ask()
    held = await registry.ask(school={"inn": SCHOOL["inn"], "kpp": "771802001"})
    elsewhere = await registry.ask(school={"inn": school_form(50)["inn"]})
    await registry.told()
    await desk.close(school_id, other_id)
    declined = [event for event in await registry.told() if event.topic == "account-request-declined"]
    assert [(event.request_id, event.reason) for event in declined] == [(referred, "school-not-active")]
    rows = await registry.it.runtime.database.pool.fetch("SELECT request_id, state FROM account_request")
    states = {row["request_id"]: row["state"] for row in rows}
    assert states == {referred: "declined", held: "held", elsewhere: "referred"}
    head = registry.head_of(other_id, await registry.head_id(other_id))
    late = await registry.answer(referred, head, decision="confirm", post="учитель", category="employee")
    assert late.status_code in (404, 409)


async def test_who_was_verified_before_a_merger_is_told_anew_with_the_new_school(
    desk: Desk, registry: Registry, school_id: str, other_id: str
) -> None:
    await registry.staff(school_id)
    request_id = await registry.ask()
    await desk.close(school_id, other_id)
    await registry.told()
    await registry.ask(request_id, sequence=2)
    (event,) = await registry.told()
    assert (event.topic, str(event.school_id)) == ("account-request-verified", other_id)


async def test_a_suspended_school_can_be_closed(desk: Desk, registry: Registry, school_id: str, other_id: str) -> None:
    path = f"/registry/schools/{school_id}/suspend"
    await registry.http.post(path, json={"reason": "проверка"}, headers=desk.first)
    assert (await desk.close(school_id, other_id)).status_code == 200


@pytest.mark.parametrize("state", ["suspended", "closed", "announced"])
async def test_a_successor_has_to_go_on(
    desk: Desk, registry: Registry, school_id: str, other_id: str, state: str
) -> None:
    third = await registry.school(school_form(51))
    if state == "suspended":
        await registry.http.post(f"/registry/schools/{other_id}/suspend", json={"reason": "x"}, headers=desk.first)
    else:
        await desk.close(other_id, third, ahead=2 if state == "announced" else 0)
    await registry.told()
    for answer in (
        await desk.close(school_id, other_id),
        await desk.close(school_id, third, other_id),
        await desk.call("GET", school_id, params=desk.body(other_id)),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "successor-not-active")
    assert await registry.told() == []


async def test_a_school_that_is_to_succeed_another_cannot_close_before(
    desk: Desk, registry: Registry, school_id: str, other_id: str
) -> None:
    third = await registry.school(school_form(51))
    await desk.close(other_id)  # waits for a second person, who comes too late
    await desk.close(school_id, other_id, ahead=2)
    for answer in (await desk.approve(other_id), await desk.close(third, school_id)):
        assert answer.status_code == 409
    assert (await desk.approve(other_id)).json()["code"] == "school-is-successor"
    assert (await desk.call("DELETE", other_id)).status_code == 200
    refused = await desk.close(other_id, third)
    assert (refused.status_code, refused.json()["code"]) == (409, "school-is-successor")
    await desk.pass_days(2)
    assert (await desk.close(other_id, third)).status_code == 200


async def test_successors_that_do_not_fit(desk: Desk, registry: Registry, school_id: str, other_id: str) -> None:
    tries: list[tuple[dict[str, Any], str]] = [
        (desk.body(reason="reorganised"), "successor-required"),
        (desk.body(other_id, reason="liquidated"), "successors-not-allowed"),
        (desk.body(school_id), "successor-itself"),
        (desk.body(str(uuid4())), "successor-unknown"),
    ]
    for body, code in tries:
        for answer in (
            await desk.call("POST", school_id, json=body),
            await desk.call("GET", school_id, params=body),
        ):
            assert (answer.status_code, answer.json()["code"]) == (422, code)
            assert answer.json()["errors"][0]["pointer"] == "/successors"
    assert await registry.told() == []


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"reason": "bankrupt"}, "/reason"),
        ({"reason": None}, "/reason"),
        ({"on": "завтра"}, "/on"),
        ({"on": None}, "/on"),
        ({"successors": ["x"]}, "/successors/0"),
        ({"force": True}, "/force"),
    ],
)
async def test_bad_input_names_the_field(desk: Desk, school_id: str, change: Any, pointer: str) -> None:
    answer = await desk.close(school_id, **change)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


async def test_a_closed_school_is_the_end(desk: Desk, registry: Registry, school_id: str, other_id: str) -> None:
    await desk.close(school_id, other_id)
    await registry.told()
    path, headers = f"/registry/schools/{school_id}", desk.first
    why = {"reason": "x"}
    teacher = {"last_name": "Дубов", "first_name": "Олег", "post": "учитель", "category": "employee"}
    for answer in (
        await desk.close(school_id),
        await desk.call("GET", school_id, params=desk.body()),
        await registry.http.patch(path, json={"kind": "Лицей"}, headers=headers | {"If-Match": "*"}),
        await registry.http.post(f"{path}/suspend", json=why, headers=headers),
        await registry.http.post(f"{path}/resume", json=why, headers=headers),
        await registry.http.post(f"{path}/staff", json=teacher, headers=headers),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "school-closed")
        assert SCHOOL["short_name"] in answer.json()["title"]
    assert (await desk.approve(school_id)).json()["code"] == "no-open-deed"
    assert await registry.told() == []
    assert await registry.school() != school_id, "its requisites are free again"


async def test_who_may_close(desk: Desk, registry: Registry, school_id: str) -> None:
    head = registry.head_of(school_id, await registry.head_id(school_id))
    for who, status in ((head, 403), (registry.it.signed_in(roles=["support"]), 403)):
        for answer in (
            await desk.close(school_id, who=who),
            await desk.approve(school_id, who),
            await desk.call("GET", school_id, who=who, params=desk.body()),
            await desk.call("DELETE", school_id, who=who),
            await registry.http.get("/registry/deeds", headers=who),
        ):
            assert answer.status_code == status
    unknown = str(uuid4())
    for answer in (
        await desk.close(unknown),
        await desk.approve(unknown),
        await desk.call("DELETE", unknown),
        await desk.call("GET", unknown, params=desk.body()),
    ):
        assert answer.status_code == 404
    stale = await registry.http.post(
        f"/registry/schools/{school_id}/close", json=desk.body(), headers=desk.first | {"If-Match": '"7"'}
    )
    assert (stale.status_code, stale.headers["etag"]) == (412, '"1"')
