"""Online lessons: planned without a clash, given step by step, moved and called off with word to whom it concerns."""

import asyncio
from typing import Any

import pytest
from cabinet.mydata.actions import EXPORTS
from chassis.db import new_id
from chassis.testing.opened import Opened
from ekis_contracts import ForNotify
from ekis_contracts.identity import AccountDisabled
from ekis_contracts.registry import SchoolClosed
from ekis_contracts.values import Contact

from .conftest import Person
from .online import LINK, Online, code_of, opened_online


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


async def test_a_teacher_or_a_class_is_at_one_lesson_at_a_time(online: Online) -> None:
    school = online.school
    other_class = await school.class_("6Б")
    colleague = await school.hire("Коллегина")
    for class_id, account in ((other_class, school.teacher), (school.class_id, colleague)):
        load = {"subject_id": school.subject_id, "class_id": class_id, "account_id": str(account.account_id)}
        await school.head.made("/loads", **load)
    first = await online.plan(1, 2)
    busy = await school.teacher.post("/online-lessons", **online.form(1.5, 2.5, class_ids=[other_class]))
    said = busy.json()
    assert (busy.status_code, said["code"], said["lesson"]["title"]) == (409, "teacher-busy", "Дроби")
    assert said["lesson"]["starts"][:16] == first["starts"][:16]
    assert "Дроби" in said["title"]
    taken = await colleague.post("/online-lessons", **online.form(0.5, 1.1))
    assert (taken.status_code, taken.json()["code"], taken.json()["class_name"]) == (409, "class-busy", "5А")
    assert "5А" in taken.json()["title"]
    online.it.clock.stop()
    second = await online.plan(2.001, 3, colleague)
    moved = await online.school.teacher.patch(f"/online-lessons/{first['lesson_id']}", 1, ends=second["ends"])
    assert (moved.status_code, moved.json()["code"]) == (409, "class-busy")
    assert (await online.step(second["lesson_id"], "cancel", colleague, reason="Совпало")).status_code == 200
    moved = await online.school.teacher.patch(f"/online-lessons/{first['lesson_id']}", 1, ends=second["ends"])
    assert moved.status_code == 200, moved.text


async def test_lessons_may_follow_each_other_at_once(online: Online) -> None:
    first = await online.plan(1, 2)
    following = online.form(2, 3, starts=first["ends"])
    assert (await online.school.teacher.post("/online-lessons", **following)).status_code == 201


async def test_of_parallel_ones_for_the_same_time_one_is_planned(online: Online) -> None:
    forms = [online.form(1 + part / 100, 2 + part / 100) for part in range(12)]
    answers = await asyncio.gather(*(online.school.teacher.post("/online-lessons", **form) for form in forms))
    assert sorted(one.status_code for one in answers) == [201] + [409] * 11
    assert {one.json()["code"] for one in answers if one.status_code == 409} == {"teacher-busy"}
    assert await online.it.runtime.database.pool.fetchval("SELECT count(*) FROM online_lesson") == 1


async def test_of_two_teachers_who_want_a_class_at_once_one_gets_it(online: Online) -> None:
    school = online.school
    teachers = [await school.hire(f"Учитель{letter}") for letter in "абвгде"]
    for one in teachers:
        await school.head.made("/loads", **school.teaching, account_id=str(one.account_id))
    answers = await asyncio.gather(*(one.post("/online-lessons", **online.form()) for one in teachers))
    assert sorted(one.status_code for one in answers) == [201] + [409] * 5
    assert {one.json()["code"] for one in answers if one.status_code == 409} == {"class-busy"}


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


async def test_a_week_shows_to_everybody_what_is_theirs(online: Online) -> None:
    school, it = online.school, online.it
    week = online.moment(1).astimezone().strftime("%G-W%V")
    later = await online.plan(2.5, 3, title="Вторая")
    await online.plan(1, 2, title="Первая")
    await online.plan(24 * 8, 24 * 8 + 1, title="Через неделю")
    other, colleague = await opened_online(it), await school.hire("Иная")
    await other.plan()

    async def seen(who: Any, **asked: Any) -> list[Any]:
        answer = await who.get("/online-lessons", week=week, **asked)
        assert answer.status_code == 200, answer.text
        return [(one["title"], one["is_own"], one["waiting"]) for one in answer.json()["items"]]

    assert await seen(school.teacher) == [("Первая", True, 0), ("Вторая", True, 0)]
    assert await seen(school.head) == [("Первая", False, 0), ("Вторая", False, 0)]
    assert await seen(school.leader) == [("Первая", False, None), ("Вторая", False, None)]
    assert await seen(colleague) == []
    assert await seen(other.school.head) == [("Дроби", False, 0)]
    day = str(online.moment(2).date())
    replacing = {"account_id": str(colleague.account_id), "since": day, "until": day}
    await school.head.made("/substitutes", **school.teaching, **replacing)
    assert ("Вторая", True, 0) in await seen(colleague)
    first = (await school.teacher.get("/online-lessons", week=week, limit=1)).json()
    rest = (await school.teacher.get("/online-lessons", week=week, cursor=first["next"])).json()
    assert [one["lesson_id"] for one in rest["items"]] == [later["lesson_id"]]
    assert first["items"][0]["classes"] == ["5А"]


@pytest.mark.parametrize("week", ["2026-48", "2026-W99", "", "x" * 50, "0001-W01", "9999-W52"])
async def test_a_wrong_week_is_refused(online: Online, week: str) -> None:
    answer = await online.school.teacher.get("/online-lessons", week=week)
    assert answer.status_code == (200 if week == "9999-W52" else 422), answer.text


async def notices(online: Online, who: Any) -> list[tuple[str, str]]:
    answer = (await who.get("/inbox")).json()
    return [(one["title"], one["page"]) for one in answer["items"] if one["kind"] == "lesson"]


async def test_whoever_is_concerned_hears_that_a_lesson_is_off(online: Online) -> None:
    school = online.school
    replacing, bystander = await school.hire("Заменова"), await school.hire("Иная")
    lesson = await online.plan(1, 2)
    day = str(online.moment(1).date())
    of = {**school.teaching, "account_id": str(replacing.account_id), "since": day, "until": day}
    await school.head.made("/substitutes", **of)
    online.wait(1)
    cancelled = await online.step(lesson["lesson_id"], "cancel", reason="Учитель заболел")
    assert (cancelled.status_code, cancelled.json()["state"]) == (200, "cancelled")
    told = await notices(online, school.leader)
    assert [page for _, page in told] == [f"/lessons/{lesson['lesson_id']}"]
    assert told[0][0].startswith("Математика, 5А: урок ")
    assert told[0][0].endswith("отменён")
    assert "заболел" not in told[0][0]
    for who in (replacing, school.head):
        assert await notices(online, who) == told
    for who in (school.teacher, bystander):
        assert await notices(online, who) == []


async def test_of_a_lesson_called_off_days_before_the_head_is_not_told(online: Online) -> None:
    lesson = await online.plan(72, 73)
    assert (await online.step(lesson["lesson_id"], "cancel", reason="Экскурсия")).status_code == 200
    assert len(await notices(online, online.school.leader)) == 1
    assert await notices(online, online.school.head) == []


async def test_a_moved_lesson_is_told_of_a_renamed_one_is_not(online: Online) -> None:
    lesson = await online.plan(72, 73)
    path = f"/online-lessons/{lesson['lesson_id']}"
    await online.school.teacher.patch(path, 1, title="Иначе")
    assert await notices(online, online.school.leader) == []
    moved = await online.school.teacher.patch(path, 2, starts=online.at(96), ends=online.at(97))
    assert moved.status_code == 200, moved.text
    ((title, _),) = await notices(online, online.school.leader)
    assert "перенесён на" in title


async def test_a_substitute_gives_the_lesson_of_that_day_and_no_other(online: Online) -> None:
    school = online.school
    replacing = await school.hire("Заменова")
    lesson, later = await online.plan(1, 2), await online.plan(24 * 9, 24 * 9 + 1)
    day = str(online.moment(1).date())
    of = {**school.teaching, "account_id": str(replacing.account_id), "since": day, "until": day}
    await school.head.made("/substitutes", **of)
    online.wait(1)
    assert (await online.step(lesson["lesson_id"], "start", replacing)).status_code == 200
    assert (await online.step(later["lesson_id"], "cancel", replacing, reason="x")).status_code == 404
    assert (await replacing.get(f"/online-lessons/{later['lesson_id']}")).status_code == 404


async def test_a_class_with_a_lesson_cannot_be_deleted(online: Online) -> None:
    school = online.school
    class_id = await school.class_("7Г")
    load = {"subject_id": school.subject_id, "class_id": class_id, "account_id": str(school.teacher.account_id)}
    made = await school.head.made("/loads", **load)
    await online.plan(class_ids=[class_id])
    match = {"If-Match": "*"}
    assert (await school.head.call("DELETE", f"/loads/{made['load_id']}", headers=match)).status_code == 204
    refused = await school.head.call("DELETE", f"/classes/{class_id}", headers=match)
    assert (refused.status_code, refused.json()["code"]) == (409, "in-use")


async def test_an_ended_account_leaves_lessons_without_its_room_or_name(online: Online) -> None:
    school, teacher = online.school, online.school.teacher
    lesson = await online.plan()
    code = code_of(lesson)
    gone = AccountDisabled(
        account_id=teacher.account_id, staff_id=new_id(), school_id=school.school_id, state="disabled",
        category="employee", post="Учитель", session_epoch=2, contact=ForNotify(Contact(name="А", email="a@mail.ru")),
        channel="own", disabled_at=online.it.clock(),
    )  # fmt: skip
    await online.it.tell(gone, 3)
    (receipt,) = [event for event in await online.it.published_events() if type(event).__name__ == "PersonalDataErased"]
    assert receipt.counts["online-rooms"] == 1
    left = await online.card(lesson["lesson_id"], school.head)
    assert (left["teacher"], left["link"], left["title"]) == ("Бывший сотрудник № 1", None, "Дроби")
    assert LINK not in await online.it.everything()
    assert (await online.join(code)).status_code == 200


async def test_the_own_data_name_the_lessons_one_has_given(online: Online) -> None:
    lesson = await online.plan()
    async with online.it.runtime.database.transaction() as tx:
        mine = await EXPORTS["online-lessons"](tx, online.school.teacher.account_id)
        assert await EXPORTS["online-lessons"](tx, online.school.leader.account_id) == []
    (shown,) = mine
    assert (shown["title"], shown["subject"], shown["link"], shown["state"]) == ("Дроби", "Математика", LINK, "planned")
    assert shown["at"].isoformat()[:16] == lesson["starts"][:16]


async def test_a_closed_school_reads_its_lessons_and_plans_none(online: Online) -> None:
    lesson = await online.plan()
    school = Person(school_id=online.school.school_id).school(status="closed").model_dump()
    await online.it.tell(SchoolClosed(**school, reason="liquidated"), 2)
    assert (await online.card(lesson["lesson_id"]))["title"] == "Дроби"
    for answer in (
        await online.school.teacher.post("/online-lessons", **online.form(3, 4)),
        await online.step(lesson["lesson_id"], "start"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "school-closed")
