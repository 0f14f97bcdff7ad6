"""Online lessons: a form is looked through, steps are taken in their order, edits see each other."""

from typing import Any

import pytest
from chassis.db import new_id
from chassis.testing.opened import Opened

from .online import LINK, Online, opened_online


@pytest.fixture
async def online(cabinet: Opened) -> Online:
    return await opened_online(cabinet)


async def test_a_lesson_is_planned_begins_and_ends(online: Online) -> None:
    lesson = await online.plan()
    assert (lesson["state"], lesson["title"], lesson["link"], lesson["subject"]) == (
        "planned",
        "Дроби",
        LINK,
        "Математика",
    )
    assert (lesson["teacher"], lesson["is_own"], lesson["reason"]) == ("Числова Анна Петровна", True, None)
    assert [one["name"] for one in lesson["classes"]] == ["5А"]
    early = await online.step(lesson["lesson_id"], "start")
    assert (early.status_code, early.json()["code"]) == (409, "lesson-too-early")
    online.wait(0.8)
    live = await online.step(lesson["lesson_id"], "start")
    assert (live.status_code, live.json()["state"], live.headers["etag"]) == (200, "live", '"2"')
    over = await online.step(lesson["lesson_id"], "finish")
    assert (over.status_code, over.json()["state"]) == (200, "finished")
    assert await online.card(lesson["lesson_id"]) == over.json()


WRONG = [
    ([], "finish", "planned"),
    (["start"], "start", "live"),
    (["start", "finish"], "start", "finished"),
    (["start", "finish"], "cancel", "finished"),
    (["cancel"], "start", "cancelled"),
    (["cancel"], "finish", "cancelled"),
    (["cancel"], "cancel", "cancelled"),
]


@pytest.mark.parametrize(("done", "wrong", "state"), WRONG, ids=[f"{one[2]}-{one[1]}" for one in WRONG])
async def test_a_wrong_step_is_refused_by_name(online: Online, done: list[str], wrong: str, state: str) -> None:
    lesson_id = (await online.plan())["lesson_id"]
    online.wait(1)
    reason: dict[str, dict[str, Any]] = {"cancel": {"reason": "болезнь"}}
    for name in done:
        assert (await online.step(lesson_id, name, **reason.get(name, {}))).status_code == 200
    refused = await online.step(lesson_id, wrong, **reason.get(wrong, {}))
    assert refused.status_code == 409
    said = refused.json()
    assert (said["code"], said["state"]) == ("wrong-step", state)
    assert (await online.card(lesson_id))["state"] == state


async def test_nothing_begins_after_its_time_or_without_a_link(online: Online) -> None:
    bare = await online.plan(link=None)
    late = await online.plan(3, 4)
    online.wait(1)
    refused = await online.step(bare["lesson_id"], "start")
    assert (refused.status_code, refused.json()["code"]) == (409, "lesson-without-link")
    online.wait(3)
    refused = await online.step(late["lesson_id"], "start")
    assert (refused.status_code, refused.json()["code"]) == (409, "lesson-time-over")
    assert (await online.step(late["lesson_id"], "cancel", reason="Не было света")).json()["reason"] == "Не было света"


async def test_who_forgets_to_end_a_lesson_finds_it_ended(online: Online) -> None:
    lesson = await online.live()
    online.wait(1.9)
    await online.it.run_loops()
    assert (await online.card(lesson["lesson_id"]))["state"] == "live"
    online.wait(0.2)
    await online.it.run_loops()
    ended = await online.card(lesson["lesson_id"])
    assert (ended["state"], ended["version"]) == ("finished", 3)


FORMS: list[tuple[dict[str, Any], str, str]] = [
    ({"link": "http://telemost.yandex.ru/j/1"}, "/link", "https-link"),
    ({"link": "https://localhost/j"}, "/link", "https-link"),
    ({"link": "https://user:pw@zoom.us/j"}, "/link", "https-link"),
    ({"link": "javascript:alert(1)"}, "/link", "https-link"),
    ({"link": "https://[::1/x"}, "/link", "https-link"),
    ({"link": "https://zoom.us:99999/j"}, "/link", "https-link"),
    ({"title": " "}, "/title", "empty"),
    ({"class_ids": []}, "/class_ids", "too-short"),
    ({"class_ids": ["x"]}, "/class_ids/0", "uuid-parsing"),
    ({"starts": "2026-11-25T09:00:00"}, "/starts", "timezone-aware"),
    ({"starts": "0001-01-01T00:00:00+14:00", "ends": "0001-01-01T01:00:00+14:00"}, "/starts", "lesson-out-of-range"),
    ({"starts": "9999-12-31T22:00:00Z", "ends": "9999-12-31T23:59:00Z"}, "/starts", "lesson-out-of-range"),
]


@pytest.mark.parametrize(("wrong", "pointer", "code"), FORMS, ids=[str(one[0]) for one in FORMS])
async def test_a_wrong_form_names_the_field(online: Online, wrong: dict[str, Any], pointer: str, code: str) -> None:
    answer = await online.school.teacher.post("/online-lessons", **online.form() | wrong)
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0] | {"detail": ""} == {"pointer": pointer, "code": code, "detail": ""}


HOURS = [(1, 1, 422), (2, 1, 422), (1, 1.05, 422), (1, 5.01, 422), (1, 5, 201), (-2, -1, 422), (-1, 0.5, 201),
         (24 * 370, 24 * 370 + 1, 422)]  # fmt: skip


@pytest.mark.parametrize(("begin", "end", "status"), HOURS)
async def test_how_long_a_lesson_may_be_and_when(online: Online, begin: float, end: float, status: int) -> None:
    online.it.clock.stop()
    answer = await online.school.teacher.post("/online-lessons", **online.form(begin, end))
    assert answer.status_code == status, answer.text


async def test_one_who_does_not_teach_there_plans_nothing(online: Online) -> None:
    school = online.school
    other_class = await school.class_("6Б")
    elsewhere = await opened_online(online.it)
    for form in (
        online.form(class_ids=[other_class]),
        online.form(class_ids=[school.class_id, other_class]),
        online.form(class_ids=[elsewhere.school.class_id]),
        online.form(subject_id=elsewhere.school.subject_id),
        online.form(class_ids=[str(new_id())]),
    ):
        assert (await school.teacher.post("/online-lessons", **form)).status_code == 404
    for stranger in (school.head, school.leader, elsewhere.school.teacher):
        assert (await stranger.post("/online-lessons", **online.form())).status_code == 404


async def test_a_key_makes_no_second_lesson(online: Online) -> None:
    form, key = online.form(), {"Idempotency-Key": "k1"}
    first, again = [await online.school.teacher.call("POST", "/online-lessons", json=form, headers=key) for _ in "12"]
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()


async def test_a_stale_edit_shows_what_is_there(online: Online) -> None:
    lesson_id = (await online.plan())["lesson_id"]
    path = f"/online-lessons/{lesson_id}"
    assert (await online.school.teacher.patch(path, 1, title="Десятичные дроби")).json()["version"] == 2
    stale = await online.school.teacher.patch(path, 1, title="Проценты")
    assert (stale.status_code, stale.headers["etag"]) == (412, '"2"')
    assert stale.json()["current"]["title"] == "Десятичные дроби"
    assert stale.json()["yours"] == {"title": "Проценты"}
    bare = await online.school.teacher.call("POST", f"{path}/start", json={})
    assert bare.status_code == 412


async def test_of_a_live_lesson_title_and_link_may_change(online: Online) -> None:
    lesson = await online.live()
    path = f"/online-lessons/{lesson['lesson_id']}"
    other = await online.school.teacher.patch(path, 2, title="Другая", link="https://zoom.us/j/5")
    assert (other.status_code, other.json()["link"]) == (200, "https://zoom.us/j/5")
    refused = await online.school.teacher.patch(path, 3, ends=online.at(1.5))
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong-step")
