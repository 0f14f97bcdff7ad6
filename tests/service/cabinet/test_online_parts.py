"""Attendance, assignments and materials of an online lesson."""

from typing import Any

import pytest
from chassis.db import new_id
from chassis.testing.opened import Opened

from .online import Online, code_of, opened_online


@pytest.fixture
async def online(cabinet: Opened) -> Online:
    return await opened_online(cabinet)


async def test_attendance_is_noted_pupil_by_pupil(online: Online) -> None:
    lesson = await online.plan()
    path, teacher = f"/online-lessons/{lesson['lesson_id']}/attendance", online.school.teacher
    pupils = online.school.pupils
    empty = await teacher.get(path)
    assert [(one["last_name"], one["is_present"]) for one in empty.json()["pupils"]] == [
        ("Быстрова", None), ("Волков", None), ("Гусева", None)]  # fmt: skip

    async def put(match: str, **present: bool) -> Any:
        body = {"pupils": [{"pupil_id": pupils[name], "is_present": is_there} for name, is_there in present.items()]}
        return await teacher.call("PUT", path, json=body, headers={"If-Match": match})

    early = await put('"0"', Волков=True)
    assert (early.status_code, early.json()["code"]) == (409, "attendance-too-early")
    online.wait(1)
    noted = await put(empty.headers["etag"], Волков=True, Быстрова=False)
    assert (noted.status_code, noted.headers["etag"]) == (200, '"1"')
    assert [one["is_present"] for one in noted.json()["pupils"]] == [False, True, None]
    stale = await put('"0"', Гусева=True)
    assert (stale.status_code, stale.json()["current"]["pupils"][1]["is_present"]) == (412, True)
    assert stale.json()["yours"]["pupils"][0]["pupil_id"] == pupils["Гусева"]
    assert (await put('"1"', Быстрова=True)).json()["pupils"][0]["is_present"] is True
    assert (await online.card(lesson["lesson_id"]))["version"] == 1, "the card has not changed"
    await online.step(lesson["lesson_id"], "cancel", reason="x")
    assert (await put('"2"', Гусева=True)).json()["code"] == "wrong-step"


async def test_attendance_of_a_stranger_is_refused_by_place(online: Online) -> None:
    lesson = await online.live()
    pupils = [{"pupil_id": online.school.pupils["Волков"], "is_present": True},
              {"pupil_id": str(new_id()), "is_present": True}]  # fmt: skip
    path = f"/online-lessons/{lesson['lesson_id']}/attendance"
    refused = await online.school.teacher.call("PUT", path, json={"pupils": pupils}, headers={"If-Match": "*"})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/pupils/1/pupil_id")
    seen = (await online.school.teacher.get(path)).json()["pupils"]
    assert {one["is_present"] for one in seen} == {None}


async def test_assignments_are_changed_and_removed_until_work_comes(online: Online) -> None:
    lesson, teacher = await online.plan(), online.school.teacher
    assignment = await online.assignment(lesson)
    path = f"/online-lessons/{lesson['lesson_id']}/assignments/{assignment}"
    form = {"title": "№ 7", "text": None, "due": online.at(48)}
    changed = await teacher.call("PUT", path, json=form, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.json()["title"], changed.headers["etag"]) == (200, "№ 7", '"2"')
    stale = await teacher.call("PUT", path, json=form, headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.json()["current"]["title"]) == (412, "№ 7")
    for due in (-1, 24 * 121):
        wrong = await teacher.call("PUT", path, json=form | {"due": online.at(due)}, headers={"If-Match": '"2"'})
        assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/due")
    await online.hand_in(code_of(lesson), assignment)
    kept = await teacher.call("DELETE", path)
    assert (kept.status_code, kept.json()["code"]) == (409, "assignment-has-works")
    (work,) = await online.works(lesson)
    hand_in = f"/online-lessons/{lesson['lesson_id']}/hand-ins/{work['work_id']}"
    assert (await teacher.call("DELETE", hand_in)).status_code == 204
    assert (await teacher.call("DELETE", path)).status_code == 204
    assert (await online.card(lesson["lesson_id"]))["assignments"] == []


async def test_what_a_lesson_may_have_is_bounded(online: Online) -> None:
    lesson, teacher = await online.plan(), online.school.teacher
    for number in range(20):
        await teacher.made(f"/online-lessons/{lesson['lesson_id']}/materials", url=f"https://resh.edu.ru/{number}")
    more = await teacher.post(f"/online-lessons/{lesson['lesson_id']}/materials", url="https://resh.edu.ru/x")
    assert (more.status_code, more.json()["code"]) == (409, "too-many-materials")
    for _ in range(10):
        await online.assignment(lesson)
    form = {"title": "x", "due": online.at(2)}
    more = await teacher.post(f"/online-lessons/{lesson['lesson_id']}/assignments", **form)
    assert (more.status_code, more.json()["code"]) == (409, "too-many-assignments")


@pytest.mark.parametrize("body", [{}, {"url": "https://a.ru", "file_id": str(new_id())}, {"file_id": str(new_id())},
                                  {"url": "http://a.ru"}])  # fmt: skip
async def test_a_material_is_a_link_or_an_own_file(online: Online, body: dict[str, Any]) -> None:
    lesson = await online.plan()
    refused = await online.school.teacher.post(f"/online-lessons/{lesson['lesson_id']}/materials", **body)
    assert refused.status_code == 422, refused.text
