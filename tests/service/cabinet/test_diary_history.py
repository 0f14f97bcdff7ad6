"""When marks may be changed and by whom: the window, leaves, substitutes, closed terms; and what is remembered."""

from datetime import timedelta
from uuid import UUID

import pytest
from chassis.testing.opened import Opened
from ekis_contracts import ForNotify
from ekis_contracts.identity import AccountDisabled
from ekis_contracts.registry import SchoolClosed
from ekis_contracts.values import Contact

from .conftest import Person
from .school import Member, School, opened_school


@pytest.fixture
async def school(cabinet: Opened) -> School:
    return await opened_school(cabinet)


async def leave(school: School, **more: str) -> None:
    day = {"until": str(school.day), "reason": "болела"}
    await school.head.made("/leaves", account_id=str(school.teacher.account_id), term_id=school.term_id, **day | more)


async def refusal(school: School, lesson_id: str, version: int = 0, **more: str) -> str | None:
    answer = await school.give(lesson_id, school.cell("Волков", version, mark=4), **more)
    code: str | None = answer.json().get("code")
    return code


async def erase(it: Opened, who: Member) -> None:
    await it.tell(
        AccountDisabled(
            account_id=who.account_id, staff_id=who.account_id, school_id=who.school_id, state="disabled",
            category="employee", post="Учитель", session_epoch=2, channel="own", disabled_at=it.clock(),
            contact=ForNotify(Contact(name="Анна", email="a@mail.ru")),
        ),
        3,
    )  # fmt: skip


async def test_marks_are_changed_for_seven_days_and_then_with_leave_and_a_reason(school: School) -> None:
    assert await refusal(school, await school.lesson(7)) is None
    late = await school.lesson(8)
    assert await refusal(school, late) == "window-closed"
    await leave(school)
    assert await refusal(school, late) == "reason-required"
    assert await refusal(school, late, reason="Контрольную сдали позже") is None


@pytest.mark.parametrize("other", ["class", "subject", "day"])
async def test_a_leave_counts_for_what_it_names(school: School, other: str) -> None:
    late = await school.lesson(8)
    if other == "class":
        await leave(school, class_id=await school.class_("5Б"), subject_id=school.subject_id)
    elif other == "subject":
        subject_id = (await school.head.made("/subjects", name="Физика"))["subject_id"]
        await leave(school, subject_id=subject_id)
    else:
        await leave(school, until=str(school.day - timedelta(days=1)))
    assert await refusal(school, late, reason="Поздно") == "window-closed"
    await leave(school, class_id=school.class_id, subject_id=school.subject_id)
    assert await refusal(school, late, reason="Поздно") is None


async def test_a_substitute_gives_the_lessons_of_those_days_and_no_other(school: School) -> None:
    helper = await school.hire("Запасная")
    day = school.day
    days = {"since": str(day - timedelta(days=1)), "until": str(day)}
    await school.head.made("/substitutes", **school.teaching, account_id=str(helper.account_id), **days)
    before, within = await school.lesson(2), await school.lesson(1)
    cell = school.cell("Волков", mark=5)
    assert (await helper.put(f"/lessons/{before}/marks", marks=[cell])).status_code == 404
    assert (await helper.put(f"/lessons/{within}/marks", marks=[cell])).status_code == 200
    own = await helper.post("/lessons", **school.teaching, date=str(day), number=3)
    assert own.status_code == 201
    after = await helper.post("/lessons", **school.teaching, date=str(day + timedelta(days=1)), number=3)
    assert after.status_code == 404
    school.it.clock.move(timedelta(days=8))
    assert (await helper.get("/journal", **school.teaching, term_id=school.term_id)).status_code == 404


async def test_in_a_closed_term_nothing_is_changed_until_it_is_opened_again(school: School) -> None:
    lesson_id = await school.lesson()
    assert (await school.head.patch(f"/terms/{school.term_id}", 1, closed=True)).status_code == 200
    assert await refusal(school, lesson_id) == "term-closed"
    topic = await school.teacher.patch(f"/lessons/{lesson_id}", 1, topic="Дроби")
    assert (topic.status_code, topic.json()["code"]) == (409, "term-closed")
    assert (await school.journal())["term"]["closed"] is True
    await school.head.patch(f"/terms/{school.term_id}", 2, closed=False)
    assert await refusal(school, lesson_id) is None


async def test_every_change_is_remembered_with_its_author_and_reason(school: School) -> None:
    lesson_id = await school.lesson(8)
    await leave(school)
    for version, mark in enumerate((3, 4)):
        await school.give(lesson_id, school.cell("Волков", version, mark=mark), reason=f"Причина {mark}")
    path = f"/lessons/{lesson_id}/marks/{school.pupils['Волков']}/history"
    first = (await school.head.call("GET", path, params={"limit": 1})).json()
    rest = (await school.head.call("GET", path, params={"limit": 5, "cursor": first["next"]})).json()
    told = [
        (one["version"], one["old"].get("mark"), one["new"]["mark"], one["reason"], one["author"]["name"])
        for one in first["items"] + rest["items"]
    ]
    assert told == [
        (2, 3, 4, "Причина 4", "Числова Анна Петровна"),
        (1, None, 3, "Причина 3", "Числова Анна Петровна"),
    ]


async def test_erased_authors_are_former_employees_with_numbers_of_the_school(school: School) -> None:
    lesson_id = await school.lesson()
    await school.give(lesson_id, school.cell("Волков", mark=5))
    another = await school.hire("Вторая")
    for who in (another, school.teacher):
        await erase(school.it, who)
    path = f"/lessons/{lesson_id}/marks/{school.pupils['Волков']}/history"
    (change,) = (await school.head.get(path)).json()["items"]
    assert (change["author"]["name"], change["author"]["former_no"]) == ("Бывший сотрудник № 2", 2)
    assert "Числова" not in await school.it.everything()
    assert (await school.journal(school.head))["lessons"][0]["cells"]


async def test_what_an_account_was_given_ends_with_it(school: School) -> None:
    await leave(school, reason="Лежала в больнице")
    await school.head.made("/substitutes", **school.teaching, account_id=str(school.teacher.account_id),
                           since=str(school.day), until=str(school.day))  # fmt: skip
    assert school.teacher.account_id in await teachers(school)
    for who in (school.teacher, school.leader):
        await erase(school.it, who)
    receipts = [event.counts for event in await school.it.published_events()]
    kinds = ("teaching-loads", "substitutes", "late-leaves", "classes-led")
    assert [[counts[kind] for kind in kinds] for counts in receipts] == [[1, 1, 1, 0], [0, 0, 0, 1]]
    assert "больнице" not in await school.it.everything()
    assert await teachers(school) == {school.head.account_id}
    assert (await school.head.get(f"/classes/{school.class_id}")).json()["teacher_id"] is None


async def teachers(school: School) -> set[UUID]:
    items = (await school.head.get("/teachers")).json()["items"]
    return {UUID(one["account_id"]) for one in items}


async def test_the_own_last_save_is_taken_back_and_brought_back(school: School) -> None:
    lesson_id = await school.lesson()
    await school.give(lesson_id, school.cell("Волков", mark=3))
    await school.give(lesson_id, school.cell("Волков", 1, mark=5), school.cell("Гусева", mark=5))
    marks: list[list[int | None]] = []
    for _ in range(2):
        undone = await school.teacher.post(f"/lessons/{lesson_id}/marks/undo")
        assert undone.status_code == 200, undone.text
        cells = (await school.journal())["lessons"][0]["cells"]
        marks.append([cells[school.pupils[name]].get("mark") for name in ("Волков", "Гусева")])
    assert marks == [[3, None], [5, 5]]


async def test_what_another_has_changed_since_is_not_taken_back(school: School) -> None:
    lesson_id = await school.lesson()
    second = await school.hire("Вторая")
    await school.head.made("/loads", **school.teaching, account_id=str(second.account_id))
    await school.give(lesson_id, school.cell("Волков", mark=3))
    nothing = await second.post(f"/lessons/{lesson_id}/marks/undo")
    assert (nothing.status_code, nothing.json()["code"]) == (409, "nothing-to-undo")
    await second.put(f"/lessons/{lesson_id}/marks", marks=[school.cell("Волков", 1, mark=4)])
    undone = await school.teacher.post(f"/lessons/{lesson_id}/marks/undo")
    assert (undone.status_code, undone.json()["code"]) == (409, "changed-since")


async def test_at_a_closed_school_the_journal_is_read_and_nothing_written(school: School) -> None:
    lesson_id = await school.lesson()
    facts = Person(school_id=school.school_id).school(status="closed").model_dump()
    await school.it.tell(SchoolClosed(**facts, reason="liquidated"), 2)
    assert await refusal(school, lesson_id) == "school-closed"
    assert (await school.head.post("/subjects", name="Физика")).json()["code"] == "school-closed"
    assert len((await school.journal())["lessons"]) == 1


async def test_a_lesson_with_marks_keeps_its_day_for_the_window_is_counted_from_it(school: School) -> None:
    lesson_id = await school.lesson(3)
    await school.give(lesson_id, school.cell("Волков", mark=3))
    moved = await school.teacher.patch(f"/lessons/{lesson_id}", 1, date=str(school.day))
    assert (moved.status_code, moved.json()["code"]) == (409, "lesson-has-marks")
    gone = await school.teacher.call("DELETE", f"/lessons/{lesson_id}", headers={"If-Match": '"1"'})
    assert (gone.status_code, gone.json()["code"]) == (409, "lesson-has-marks")
    empty = await school.lesson(4)
    assert (await school.teacher.patch(f"/lessons/{empty}", 1, date=str(school.day))).status_code == 200


async def test_names_of_pupils_are_in_no_event(school: School) -> None:
    await school.give(await school.lesson(), school.cell("Волков", mark=3))
    assert await school.it.published() == []
