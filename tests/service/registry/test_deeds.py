"""Closings that wait: for their date, which they never precede, or for a second person who agrees."""

from datetime import timedelta

from .conftest import Registry
from .desk import Desk, emptied


async def test_a_closing_is_announced_and_done_on_its_date(
    desk: Desk, registry: Registry, school_id: str, other_id: str
) -> None:
    answer = await desk.close(school_id, other_id, ahead=3)
    assert (answer.status_code, answer.json()["closing_on"], answer.json()["status"]) == (200, desk.day(3), "active")
    (event,) = await registry.told()
    assert (event.topic, set(event.changed)) == ("school-changed", {"closing_on", "successors"})
    await desk.pass_days(2)
    assert await registry.told() == [], "never before"
    await desk.pass_days(1)
    topics = [event.topic for event in await registry.told()]
    assert topics == ["school-closed", "staff-changed"]
    assert (await desk.read(school_id))["status"] == "closed"
    await desk.pass_days(1)
    assert await registry.told() == []


async def test_an_announced_liquidation_is_agreed_to_before_it_is_announced(
    desk: Desk, registry: Registry, school_id: str
) -> None:
    assert (await desk.close(school_id, ahead=3)).status_code == 202
    assert (await desk.read(school_id))["closing_on"] is None
    done = await desk.approve(school_id)
    assert (done.status_code, done.json()["closing_on"], done.json()["status"]) == (200, desk.day(3), "active")
    await registry.told()
    await desk.pass_days(3)
    assert [event.topic for event in await registry.told()] == ["school-closed", "staff-left"]


async def test_an_announcement_is_taken_back(desk: Desk, registry: Registry, school_id: str, other_id: str) -> None:
    await desk.close(school_id, other_id, ahead=3)
    await registry.told()
    answer = await desk.call("DELETE", school_id, who=desk.second)
    assert (answer.status_code, answer.json()["closing_on"], answer.json()["successors"]) == (200, None, [])
    (event,) = await registry.told()
    assert (event.topic, event.closing_on) == ("school-changed", None)
    await desk.pass_days(4)
    assert await registry.told() == []
    again = await desk.call("DELETE", school_id)
    assert (again.status_code, again.json()["code"]) == (409, "no-open-deed")
    assert (await desk.close(school_id, other_id)).status_code == 200


async def test_what_waits_for_a_second_person_is_listed_and_can_be_taken_back(
    desk: Desk, registry: Registry, school_id: str, other_id: str
) -> None:
    made = [(await desk.close(one)).json() for one in (school_id, other_id)]
    page = (await registry.http.get("/registry/deeds", params={"limit": 1}, headers=desk.second)).json()
    rest = await registry.http.get("/registry/deeds", params={"cursor": page["next"]}, headers=desk.second)
    assert page["items"] + rest.json()["items"] == made
    assert (await desk.call("DELETE", school_id)).status_code == 200
    left = (await registry.http.get("/registry/deeds", headers=desk.second)).json()["items"]
    assert [one["school_id"] for one in left] == [other_id]
    assert await registry.told() == []


async def test_only_one_closing_waits_per_school(desk: Desk, school_id: str, other_id: str) -> None:
    await desk.close(school_id)
    for answer in (
        await desk.close(school_id),
        await desk.close(school_id, other_id, ahead=2, who=desk.second),
        await desk.call("GET", school_id, params=desk.body()),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "deed-open")
    await desk.call("DELETE", school_id)
    await desk.close(school_id, other_id, ahead=2)
    assert (await desk.close(school_id)).json()["code"] == "deed-open"


async def test_what_nobody_agrees_to_in_7_days_is_off(desk: Desk, registry: Registry, school_id: str) -> None:
    await desk.close(school_id)
    desk.registry.it.clock.move(timedelta(days=7))
    late = await desk.approve(school_id, registry.registrar)
    assert (late.status_code, late.json()["code"]) == (409, "deed-expired")
    await desk.pass_days(0)
    assert (await registry.http.get("/registry/deeds", headers=registry.registrar)).json()["items"] == []
    assert await registry.told() == []
    assert (await desk.close(school_id)).status_code == 202


async def test_nobody_agrees_to_more_than_was_seen(desk: Desk, registry: Registry, school_id: str) -> None:
    await desk.close(school_id)
    newcomer = await registry.staff(school_id)
    grown = await desk.approve(school_id)
    assert (grown.status_code, grown.json()["code"]) == (409, "roll-has-grown")
    assert (grown.json()["approved"], grown.json()["now"]) == (1, 2)
    path = f"/registry/schools/{school_id}/staff/{newcomer['staff_id']}"
    await registry.http.delete(path, params={"reason": "mistake"}, headers=desk.first)
    assert (await desk.approve(school_id)).status_code == 200


async def test_a_roll_that_outgrew_what_was_announced_waits_for_a_second_person(
    desk: Desk, registry: Registry, school_id: str
) -> None:
    await emptied(registry, school_id)
    assert (await desk.close(school_id, ahead=3)).status_code == 200
    await registry.staff(school_id)
    await desk.pass_days(3)
    await registry.told()
    assert (await desk.read(school_id))["status"] == "active"
    (deed,) = (await registry.http.get("/registry/deeds", headers=desk.first)).json()["items"]
    assert deed["records"] == 1
    assert (await desk.approve(school_id)).status_code == 200
    assert [event.topic for event in await registry.told()] == ["school-closed", "staff-left"]


async def test_an_announcement_that_nobody_agrees_to_is_taken_back(
    desk: Desk, registry: Registry, school_id: str
) -> None:
    await emptied(registry, school_id)
    await desk.close(school_id, ahead=3)
    await registry.staff(school_id)
    await desk.pass_days(3)
    await desk.pass_days(7)
    school = await desk.read(school_id)
    assert (school["status"], school["closing_on"]) == ("active", None)
