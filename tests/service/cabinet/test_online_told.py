"""Who sees which online lessons, who hears what becomes of them, and what stays when an account ends."""

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
