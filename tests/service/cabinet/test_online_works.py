"""A teacher sees what was handed in, says whose it is, marks it in the diary by the diary's rules; and attendance."""

from datetime import timedelta
from typing import Any

import pytest
from chassis.db import new_id
from chassis.testing.opened import Opened

from .online import Online, code_of, opened_online
from .school import Member


@pytest.fixture
async def online(cabinet: Opened) -> Online:
    return await opened_online(cabinet)


async def handed(online: Online, last_name: str = "Волков", **more: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """A live lesson, and a piece of work that has come."""
    lesson = await online.live(**more)
    assignment = await online.assignment(lesson)
    assert (await online.hand_in(code_of(lesson), assignment, last_name=last_name)).status_code == 201
    return lesson, (await online.works(lesson))[0]


async def cell(online: Online, last_name: str = "Волков") -> dict[str, Any]:
    """The only lesson of the journal, and what stands in it for a pupil."""
    (column,) = (await online.school.journal())["lessons"]
    shown: dict[str, Any] = column | {"cell": column["cells"].get(online.school.pupils[last_name])}
    return shown


async def test_a_graded_work_is_a_mark_of_the_diary(online: Online) -> None:
    lesson, work = await handed(online)
    assert (work["text"], work["grade"], work["class_name"], work["links"]) == ("Ответ: 7/8", None, "5А", [])
    graded = await online.grade(lesson, work, '"1"', mark=5, weight=2, comment="Верно")
    assert (graded.status_code, graded.headers["etag"]) == (200, '"2"')
    column = await cell(online)
    assert (column["topic"], column["lesson_id"]) == ("Дроби", graded.json()["lesson_id"])
    assert column["cell"] == {"version": 1, "mark": 5, "weight": 2, "comment": "Верно"}
    (seen,) = await online.works(lesson)
    assert seen["grade"] == {"lesson_id": column["lesson_id"], "mark": 5, "credit": None, "weight": 2,
                             "comment": "Верно", "version": 1}  # fmt: skip
    history = await online.school.teacher.get(
        f"/lessons/{column['lesson_id']}/marks/{online.school.pupils['Волков']}/history"
    )
    assert [(one["new"]["mark"], one["author"]["name"]) for one in history.json()["items"]] == [
        (5, "Числова Анна Петровна")
    ]


async def test_a_mark_goes_into_the_lesson_that_the_journal_has_that_day(online: Online) -> None:
    lesson, work = await handed(online)
    there = await online.school.lesson(topic="Записано раньше", number=3)
    assert (await online.grade(lesson, work, mark=4)).json()["lesson_id"] == there
    assert (await cell(online))["topic"] == "Записано раньше"


async def test_a_timetable_says_which_lesson_of_the_day_it_is(online: Online) -> None:
    day = online.moment(1).date()
    slot = {**online.school.teaching, "weekday": day.isoweekday(), "number": 4}
    await online.school.head.made("/timetable", **slot)
    lesson, work = await handed(online)
    await online.grade(lesson, work, mark=4)
    assert (await cell(online))["number"] == 4


async def test_work_of_nobody_is_given_to_its_pupil_first(online: Online) -> None:
    lesson, work = await handed(online, "Валков")
    refused = await online.grade(lesson, work, mark=5)
    assert (refused.status_code, refused.json()["code"]) == (409, "work-of-nobody")
    path = f"/online-lessons/{lesson['lesson_id']}/hand-ins/{work['work_id']}"
    teacher, pupils = online.school.teacher, online.school.pupils
    other_class = await online.school.class_("6Б")
    for stranger in (str(new_id()), await online.school.pupil(other_class, "Чужая")):
        wrong = await teacher.patch(path, 1, pupil_id=stranger)
        assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/pupil_id")
    named = await teacher.patch(path, 1, pupil_id=pupils["Волков"])
    assert (named.status_code, named.json()["pupil_id"]) == (200, pupils["Волков"])
    stale = await teacher.patch(path, 1, pupil_id=pupils["Гусева"])
    assert (stale.status_code, stale.json()["current"]["pupil_id"]) == (412, pupils["Волков"])
    assert (await online.grade(lesson, work, '"2"', mark=5)).status_code == 200
    fixed = await teacher.patch(path, 3, pupil_id=pupils["Гусева"])
    assert (fixed.status_code, fixed.json()["code"]) == (409, "work-marked")
    assert (await cell(online))["cell"]["mark"] == 5


async def test_a_mark_that_is_taken_back_sets_the_work_free(online: Online) -> None:
    lesson, work = await handed(online)
    await online.grade(lesson, work, mark=2)
    path = f"/online-lessons/{lesson['lesson_id']}/hand-ins/{work['work_id']}"
    kept = await online.school.teacher.call("DELETE", path)
    assert (kept.status_code, kept.json()["code"]) == (409, "work-marked")
    back = await online.grade(lesson, work, version=1)
    assert (back.status_code, back.json()["lesson_id"]) == (200, None)
    assert (await cell(online))["cell"] == {"version": 2}
    assert (await online.works(lesson))[0]["grade"] is None
    assert (await online.school.teacher.call("DELETE", path)).status_code == 204
    assert await online.works(lesson) == []


async def test_a_mark_that_stands_there_is_not_written_over_unseen(online: Online) -> None:
    lesson, work = await handed(online)
    assert (await online.grade(lesson, work, mark=3)).status_code == 200
    column = (await cell(online))["lesson_id"]
    changed = await online.school.give(column, online.school.cell("Волков", 1, mark=4))
    assert changed.status_code == 200
    stale = await online.grade(lesson, work, version=1, mark=5)
    assert stale.status_code == 412
    (seen,) = stale.json()["current"]["cells"]
    assert (seen["current"]["mark"], seen["current"]["version"], seen["yours"]["mark"]) == (4, 2, 5)
    assert (await online.grade(lesson, work, version=2, mark=5)).status_code == 200
    assert (await cell(online))["cell"] == {"version": 3, "mark": 5}


async def test_two_pieces_of_work_of_a_pupil_go_under_two_lessons(online: Online) -> None:
    lesson, first = await handed(online)
    second_task = await online.assignment(lesson, title="№ 6")
    await online.hand_in(code_of(lesson), second_task)
    second = (await online.works(lesson, assignment_id=second_task))[0]
    assert (await online.grade(lesson, first, mark=5)).status_code == 200
    assert (await online.grade(lesson, second, mark=4)).status_code == 412
    other = await online.school.lesson(ago=1)
    assert (await online.grade(lesson, second, mark=4, lesson_id=other)).status_code == 200
    marks = [one["cells"][online.school.pupils["Волков"]]["mark"] for one in (await online.school.journal())["lessons"]]
    assert marks == [4, 5]


async def test_a_lesson_of_another_journal_is_refused(online: Online) -> None:
    school = online.school
    lesson, work = await handed(online)
    physics = (await school.head.made("/subjects", name="Физика"))["subject_id"]
    await school.head.made(
        "/loads", class_id=school.class_id, subject_id=physics, account_id=str(school.teacher.account_id)
    )
    other = await school.lesson(subject_id=physics)
    for wrong in (other, str(new_id())):
        refused = await online.grade(lesson, work, mark=5, lesson_id=wrong)
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/lesson_id")


async def test_the_window_of_the_journal_counts_here_too(online: Online) -> None:
    school = online.school
    lesson, work = await handed(online)
    online.wait(24 * 8)
    refused = await online.grade(lesson, work, mark=5)
    assert (refused.status_code, refused.json()["code"]) == (409, "window-closed")
    leave = {"account_id": str(school.teacher.account_id), "term_id": school.term_id, "reason": "болел ученик"}
    await school.head.made("/leaves", **leave, until=str(school.day + timedelta(days=1)))
    bare = await online.grade(lesson, work, mark=5)
    assert (bare.status_code, bare.json()["errors"][0]["pointer"]) == (422, "/reason")
    assert (await online.grade(lesson, work, mark=5, reason="сдал поздно")).status_code == 200


async def test_a_closed_term_takes_no_mark(online: Online) -> None:
    lesson, work = await handed(online)
    closed = await online.school.head.patch(f"/terms/{online.school.term_id}", 1, closed=True)
    assert closed.status_code == 200
    refused = await online.grade(lesson, work, mark=5)
    assert (refused.status_code, refused.json()["code"]) == (409, "term-closed")
    assert (await online.works(lesson))[0]["grade"] is None


async def test_work_for_a_lesson_to_come_is_not_marked_before_its_day(online: Online) -> None:
    lesson = await online.plan(72, 73)
    await online.hand_in(code_of(lesson), await online.assignment(lesson, due=online.at(80)))
    (work,) = await online.works(lesson)
    refused = await online.grade(lesson, work, mark=5)
    assert (refused.status_code, refused.json()["code"]) == (409, "lesson-in-future")
    assert (await online.school.journal())["lessons"] == [], "nothing was entered for it"


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [({"mark": 1}, "/mark"), ({"mark": 6}, "/mark"), ({"mark": 5, "credit": True}, "/credit"),
     ({"mark": 5, "weight": 9}, "/weight"), ({"mark": 5, "version": -1}, "/version")],
)  # fmt: skip
async def test_a_wrong_mark_names_its_field(online: Online, wrong: dict[str, Any], pointer: str) -> None:
    lesson, work = await handed(online)
    refused = await online.grade(lesson, work, **wrong)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, pointer)


async def test_a_save_sent_again_changes_nothing(online: Online) -> None:
    lesson, work = await handed(online)
    for _ in range(2):
        assert (await online.grade(lesson, work, mark=5)).status_code == 200
    assert (await cell(online))["cell"] == {"version": 1, "mark": 5}


async def two_classes(online: Online) -> tuple[dict[str, Any], Member]:
    """A live lesson of two classes, each with work, and who leads the second."""
    school = online.school
    leader = await school.hire("Вторая")
    other = await school.class_("5Б", teacher_id=str(leader.account_id))
    load = {"subject_id": school.subject_id, "class_id": other, "account_id": str(school.teacher.account_id)}
    await school.head.made("/loads", **load)
    await school.pupil(other, "Другая")
    lesson = await online.live(class_ids=[school.class_id, other])
    assignment = await online.assignment(lesson)
    first, second = [one["code"] for one in lesson["classes"]]
    await online.hand_in(first, assignment)
    await online.hand_in(second, assignment, last_name="Другая")
    return lesson, leader


async def test_who_leads_a_class_sees_that_class_alone(online: Online) -> None:
    lesson, leader = await two_classes(online)
    for who, names, works, pupils in (
        (leader, ["5Б"], ["Другая"], ["Другая"]),
        (online.school.leader, ["5А"], ["Волков"], ["Быстрова", "Волков", "Гусева"]),
        (online.school.head, ["5А", "5Б"], ["Другая", "Волков"], ["Быстрова", "Волков", "Гусева", "Другая"]),
    ):
        assert [one["name"] for one in (await online.card(lesson["lesson_id"], who))["classes"]] == names
        assert [one["last_name"] for one in await online.works(lesson, who)] == works
        seen = (await who.get(f"/online-lessons/{lesson['lesson_id']}/attendance")).json()["pupils"]
        assert [one["last_name"] for one in seen] == pupils


async def test_works_go_on_page_by_page(online: Online) -> None:
    lesson, _ = await two_classes(online)
    path = f"/online-lessons/{lesson['lesson_id']}/hand-ins"
    first = (await online.school.teacher.get(path, limit=1)).json()
    rest = (await online.school.teacher.get(path, limit=5, cursor=first["next"])).json()
    assert [one["last_name"] for one in (*first["items"], *rest["items"])] == ["Другая", "Волков"]
    assert rest["next"] is None
