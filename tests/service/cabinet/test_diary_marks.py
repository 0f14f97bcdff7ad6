"""Marks: a column at once or none of it, versions of cells, rules, averages, and what the journal shows of it."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from chassis.db import new_id
from chassis.testing.opened import Opened

from .school import School, opened_school


@pytest.fixture
async def school(cabinet: Opened) -> School:
    return await opened_school(cabinet)


def by_name(journal: dict[str, Any]) -> dict[str, Any]:
    return {pupil["last_name"]: pupil for pupil in journal["pupils"]}


async def test_a_column_is_saved_and_stands_in_the_journal_with_averages(school: School) -> None:
    first, second = await school.lesson(1), await school.lesson(topic='Дроби "и" \\ части')
    await school.give(first, school.cell("Быстрова", mark=5), school.cell("Волков", absence="Н"))
    await school.give(second, school.cell("Быстрова", mark=4, weight=2, comment="у «доски»"))
    journal = await school.journal()
    assert [lesson["lesson_id"] for lesson in journal["lessons"]] == [first, second]
    assert journal["lessons"][1]["topic"] == 'Дроби "и" \\ части'
    cells = [lesson["cells"] for lesson in journal["lessons"]]
    quick, wolf = school.pupils["Быстрова"], school.pupils["Волков"]
    assert cells[0] == {quick: {"version": 1, "mark": 5}, wolf: {"version": 1, "absence": "Н"}}
    assert cells[1] == {quick: {"version": 1, "mark": 4, "weight": 2, "comment": "у «доски»"}}
    assert {name: one["average"] for name, one in by_name(journal).items()} == {
        "Быстрова": 4.33, "Волков": None, "Гусева": None
    }  # fmt: skip
    assert (journal["class"]["name"], journal["subject"]["name"]) == ("5А", "Математика")


async def test_one_wrong_cell_and_nothing_of_the_column_is_saved(school: School) -> None:
    lesson_id = await school.lesson()
    stranger = {"pupil_id": str(new_id()), "version": 0, "mark": 5}
    answer = await school.give(
        lesson_id, school.cell("Быстрова", mark=5), school.cell("Волков", mark=2, absence="Б"), stranger
    )
    errors = [(one["pointer"], one["code"]) for one in answer.json()["errors"]]
    assert answer.status_code == 422
    assert errors == [("/marks/1/mark", "mark-of-absent"), ("/marks/2/pupil_id", "pupil-not-in-class")]
    assert (await school.journal())["lessons"][0]["cells"] == {}


@pytest.mark.parametrize(
    ("cell", "refused"),
    [
        ({"mark": 5, "absence": "ОП"}, None),
        ({"credit": True, "absence": "УП"}, None),
        ({"credit": False}, None),
        ({"mark": 5, "absence": "УП"}, ("/marks/0/mark", "mark-of-absent")),
        ({"mark": 5, "credit": True}, ("/marks/0/credit", "mark-or-credit")),
        ({"mark": 6}, ("/marks/0/mark", "less-than-equal")),
        ({"mark": 1}, ("/marks/0/mark", "greater-than-equal")),
        ({"weight": 6, "mark": 5}, ("/marks/0/weight", "less-than-equal")),
        ({"absence": "N"}, ("/marks/0/absence", "literal-error")),
    ],
)
async def test_what_a_cell_may_say(school: School, cell: dict[str, Any], refused: tuple[str, str] | None) -> None:
    answer = await school.give(await school.lesson(), school.cell("Волков", **cell))
    errors = answer.json().get("errors", [{}])
    assert (errors[0].get("pointer"), errors[0].get("code")) == (refused or (None, None))
    assert answer.status_code == (422 if refused else 200)


async def test_a_cell_changed_by_another_is_not_overwritten_and_both_values_are_shown(school: School) -> None:
    lesson_id = await school.lesson()
    await school.give(lesson_id, school.cell("Волков", mark=3))
    answer = await school.give(lesson_id, school.cell("Быстрова", mark=5), school.cell("Волков", mark=4))
    assert (answer.status_code, answer.json()["code"]) == (412, "stale-version")
    (stale,) = answer.json()["current"]["cells"]
    assert (stale["pupil_id"], stale["current"]["mark"], stale["yours"]["mark"]) == (school.pupils["Волков"], 3, 4)
    assert list((await school.journal())["lessons"][0]["cells"]) == [school.pupils["Волков"]]


async def test_of_two_saves_at_once_one_is_told_of_the_other(school: School) -> None:
    lesson_id = await school.lesson()
    saves = (school.give(lesson_id, school.cell("Волков", mark=mark)) for mark in (3, 4, 5))
    answers = await asyncio.gather(*saves)
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412]
    kept = next(answer.json()["changed"][0]["mark"] for answer in answers if answer.status_code == 200)
    assert (await school.journal())["lessons"][0]["cells"][school.pupils["Волков"]] == {"version": 1, "mark": kept}
    assert by_name(await school.journal())["Волков"]["average"] == kept


async def test_two_schools_that_begin_a_year_at_once_both_do(school: School) -> None:
    other, year = await opened_school(school.it), school.year + 1
    term = {"year": year, "name": "1", "starts": f"{year}-09-01", "ends": f"{year}-10-25"}
    answers = await asyncio.gather(*(one.head.post("/terms", **term) for one in (school, other)))
    assert [answer.status_code for answer in answers] == [201, 201]


async def test_the_same_save_twice_writes_once(school: School) -> None:
    lesson_id = await school.lesson()
    for changed in (1, 0):
        answer = await school.give(lesson_id, school.cell("Волков", mark=3))
        assert (answer.status_code, len(answer.json()["changed"])) == (200, changed)
    history = await school.teacher.get(f"/lessons/{lesson_id}/marks/{school.pupils['Волков']}/history")
    assert len(history.json()["items"]) == 1


async def test_a_cell_given_twice_in_one_save_is_refused(school: School) -> None:
    answer = await school.give(await school.lesson(), school.cell("Волков", mark=3), school.cell("Волков", mark=4))
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "cell-twice")


async def test_a_row_of_a_pupil_is_saved_at_once_or_not(school: School) -> None:
    lessons = [await school.lesson(), await school.lesson(1)]
    cells = [{"lesson_id": lesson_id, "version": 0, "mark": 4} for lesson_id in lessons]
    path = f"/pupils/{school.pupils['Гусева']}/marks"
    cells[1]["mark"] = 9
    assert (await school.teacher.put(path, marks=cells)).status_code == 422
    cells[1]["mark"] = 5
    assert (await school.teacher.put(path, marks=cells)).status_code == 200
    assert by_name(await school.journal())["Гусева"]["average"] == 4.5


async def test_an_emptied_cell_takes_its_mark_out_of_the_average(school: School) -> None:
    lesson_id = await school.lesson()
    await school.give(lesson_id, school.cell("Волков", mark=3))
    await school.give(lesson_id, school.cell("Волков", 1))
    journal = await school.journal()
    assert by_name(journal)["Волков"]["average"] is None
    assert journal["lessons"][0]["cells"] == {school.pupils["Волков"]: {"version": 2}}


async def test_no_marks_before_the_lesson(school: School) -> None:
    lesson_id = await school.lesson(ago=-1)
    answer = await school.give(lesson_id, school.cell("Волков", mark=3))
    assert (answer.status_code, answer.json()["code"]) == (409, "lesson-in-future")


async def test_a_moved_pupil_keeps_what_was_and_takes_the_average_along(school: School) -> None:
    wolf, day = school.pupils["Волков"], school.day
    await school.give(await school.lesson(3), school.cell("Волков", mark=3))
    other = await school.class_("5Б")
    await school.head.made("/loads", class_id=other, subject_id=school.subject_id,
                           account_id=str(school.teacher.account_id))  # fmt: skip
    moved = await school.head.post(f"/pupils/{wolf}/move", class_id=other, since=str(day - timedelta(days=1)))
    assert moved.status_code == 200, moved.text
    assert len((await school.journal())["lessons"][0]["cells"]) == 1
    late = await school.give(await school.lesson(), school.cell("Волков", mark=5))
    assert late.json()["errors"][0]["code"] == "pupil-not-in-class"
    school.teaching["class_id"] = other
    assert (await school.give(await school.lesson(), school.cell("Волков", mark=5))).status_code == 200
    assert [(p["last_name"], p["average"]) for p in (await school.journal())["pupils"]] == [("Волков", 4.0)]


async def test_the_tally_and_the_columns_are_what_the_marks_say(school: School) -> None:
    """The journal is read from copies: they must never differ from the marks."""
    lessons = [await school.lesson(n) for n in range(3)]
    for version, (mark, weight) in enumerate([(5, 1), (2, 5), (4, 3)]):
        for lesson_id in lessons[version:]:
            cells = [school.cell(name, version, mark=mark, weight=weight) for name in school.pupils]
            await school.give(lesson_id, *cells)
    pool = school.it.runtime.database.pool
    differing = await pool.fetch("""
        SELECT pupil_id FROM tally FULL JOIN (
            SELECT pupil_id, subject_id, term_id, sum(mark * weight) AS total, sum(weight) AS weights
            FROM mark JOIN lesson USING (lesson_id) WHERE mark IS NOT NULL GROUP BY 1, 2, 3) AS truth
        USING (pupil_id, subject_id, term_id)
        WHERE (tally.total, tally.weights) IS DISTINCT FROM (truth.total, truth.weights)""")
    assert differing == []
    assert await pool.fetchval("SELECT count(*) FROM tally") == 3


async def test_a_pupils_week(school: School) -> None:
    due = str(school.day + timedelta(days=1))
    lesson_id = await school.lesson(topic="Дроби", homework="№ 5", homework_due=due)
    await school.give(lesson_id, school.cell("Волков", mark=5))
    weeks = [school.week(), school.week(ahead=1)]
    path = f"/pupils/{school.pupils['Волков']}/diary"
    week = (await school.teacher.get(path, week=weeks[0])).json()
    assert [(one["topic"], one["mark"], one["homework"], one["class"]) for one in week["lessons"]] == [
        ("Дроби", 5, "№ 5", "5А")
    ]
    assert [one["homework"] for one in (await school.leader.get(path, week=weeks[1])).json()["due"]] == ["№ 5"]
    bad = await school.teacher.get(path, week="2026-W77")
    assert (bad.status_code, bad.json()["errors"][0]["code"]) == (422, "week-format")
