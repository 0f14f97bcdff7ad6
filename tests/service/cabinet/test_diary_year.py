"""Setting up a year, rolling it over, and the sheet to print."""

from datetime import timedelta
from typing import Any

import pytest
from chassis.testing.opened import Opened

from .school import School, opened_school


@pytest.fixture
async def school(cabinet: Opened) -> School:
    return await opened_school(cabinet)


async def test_terms_of_the_same_grades_do_not_overlap(school: School) -> None:
    year = school.year + 1
    days = {"year": year, "starts": f"{year}-09-01", "ends": f"{year}-10-25"}
    quarter = await school.head.made("/terms", **days, name="1 четверть", grade_to=9)
    await school.head.made("/terms", **days, name="1 полугодие", grade_from=10)
    refused = await school.head.post("/terms", **days, name="Ещё", grade_from=9, grade_to=10)
    assert (refused.status_code, refused.json()["code"]) == (409, "terms-overlap")
    for change, code in (
        ({"ends": f"{year + 1}-09-01"}, "outside-school-year"),
        ({"ends": f"{year}-08-01"}, "ends-too-early"),
        ({"starts": f"{year}-08-31"}, "outside-school-year"),
        ({"grade_from": 10}, "grades-order"),
        ({"name": None}, "string-type"),
    ):
        answer = await school.head.patch(f"/terms/{quarter['term_id']}", 1, **change)
        assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_a_term_keeps_its_lessons(school: School) -> None:
    await school.lesson()
    narrowed = await school.head.patch(f"/terms/{school.term_id}", 1, ends=str(school.day - timedelta(days=1)))
    assert (narrowed.status_code, narrowed.json()["code"]) == (409, "term-has-lessons")
    gone = await school.head.call("DELETE", f"/subjects/{school.subject_id}", headers={"If-Match": '"1"'})
    assert (gone.status_code, gone.json()["code"]) == (409, "in-use")


async def test_what_makes_no_sense_is_refused_with_its_field(school: School) -> None:
    day, teacher = school.day, str(school.teacher.account_id)
    lesson = await school.lesson()
    days = {"since": str(day), "until": str(day - timedelta(days=1))}
    answers = [
        await school.head.post("/substitutes", **school.teaching, account_id=teacher, **days),
        await school.head.patch(f"/classes/{school.class_id}", 1, name="6А"),
        await school.head.patch(f"/classes/{school.class_id}", 1, name="А5"),
        await school.head.patch(f"/classes/{school.class_id}", 1, year=None),
        await school.teacher.patch(f"/lessons/{lesson}", 1, date=None),
        await school.teacher.patch(f"/lessons/{lesson}", 1, class_id=school.class_id),
        await school.head.post("/timetable", **school.teaching, weekday=8, number=1),
    ]
    pointers = ["/until", "/name", "/name", "/year", "/date", "/class_id", "/weekday"]
    assert [(it.status_code, it.json()["errors"][0]["pointer"]) for it in answers] == [(422, one) for one in pointers]
    renamed = await school.head.patch(f"/classes/{school.class_id}", 1, name="5 «б»")
    assert renamed.json()["name"] == "5Б"


async def test_the_description_of_the_interface_names_every_body(school: School) -> None:
    described = (await school.it.http.get("/cabinet/openapi.json")).json()
    for path in ("terms", "classes", "subjects", "loads", "timetable", "substitutes", "leaves", "lessons"):
        one = described["paths"][f"/api/cabinet/{path}"]
        assert "$ref" in one["post"]["requestBody"]["content"]["application/json"]["schema"], path
    fields = described["components"]["schemas"]
    assert {"starts", "ends", "closed"} <= fields["TermPatch"]["properties"].keys()
    assert "required" not in fields["TermPatch"]


async def test_a_lesson_is_on_a_day_of_a_term_and_once(school: School) -> None:
    form = {**school.teaching, "date": f"{school.year + 3}-09-01", "number": 1}
    outside = await school.teacher.post("/lessons", **form)
    assert (outside.status_code, outside.json()["errors"][0]["code"]) == (422, "no-term")
    await school.lesson()
    again = await school.teacher.post("/lessons", **form | {"date": str(school.day)})
    assert (again.status_code, again.json()["code"]) == (409, "lesson-already-there")
    due = await school.teacher.post(
        "/lessons", **form | {"date": str(school.day), "number": 2, "homework": "№ 5", "homework_due": str(school.day)}
    )
    assert due.json()["errors"][0]["code"] == "due-too-early"


async def test_a_post_with_a_key_makes_one(school: School) -> None:
    body = {**school.teaching, "date": str(school.day), "number": 5}
    for path, who, form in (("/lessons", school.teacher, body), ("/subjects", school.head, {"name": "Химия"})):
        keyed = {"Idempotency-Key": "k"}
        answers = [await who.call("POST", path, json=form, headers=keyed) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [201, 201]
        assert answers[0].json() == answers[1].json()


async def test_lists_are_paged(school: School) -> None:
    for number in range(5):
        await school.head.made("/subjects", name=f"Предмет {number}")
        await school.lesson(number)
    for path, params in (("/subjects", {}), ("/lessons", school.teaching),
                         (f"/classes/{school.class_id}/pupils", {})):  # fmt: skip
        seen: list[Any] = []
        cursor: dict[str, str] = {}
        while True:
            page = (await school.head.get(path, limit="2", **params, **cursor)).json()
            seen += page["items"]
            if page["next"] is None:
                break
            cursor = {"cursor": page["next"]}
        assert seen == (await school.head.get(path, **params)).json()["items"]
        assert len(seen) == {"/subjects": 6, "/lessons": 5}.get(path, 3)


async def test_a_pupil_is_corrected_moved_once_and_leaves(school: School) -> None:
    path = f"/pupils/{school.pupils['Волков']}"
    assert (await school.leader.patch(path, 7, first_name="Илья")).status_code == 412
    changed = await school.leader.patch(path, 1, first_name="Илья", birthday="2015-05-01")
    assert (changed.json()["first_name"], changed.json()["version"]) == ("Илья", 2)
    early = await school.head.post(f"{path}/leave", until=f"{school.year}-08-01")
    assert early.json()["errors"][0]["code"] == "before-the-stay"
    same = await school.head.post(f"{path}/move", class_id=school.class_id, since=str(school.day))
    assert same.json()["code"] == "pupil-already-there"
    assert (await school.head.post(f"{path}/leave", until=str(school.day))).json()["until"] == str(school.day)
    gone = await school.head.post(f"{path}/leave", until=str(school.day))
    assert gone.json()["code"] == "pupil-in-no-class"
    assert (await school.leader.patch(path, 2, first_name="Иван")).status_code == 404


async def test_a_year_is_rolled_over_once_and_the_old_one_stays_to_be_read(school: School) -> None:
    lesson_id = await school.lesson()
    await school.give(lesson_id, school.cell("Волков", mark=5))
    ninth, tenth, last = [await school.class_(name) for name in ("9А", "9Б", "11А")]
    for class_id, name in ((ninth, "Уходов"), (tenth, "Десятов"), (last, "Выпускников")):
        await school.pupil(class_id, name)
    path = {"year": school.year, "leaving": [ninth]}
    plan = (await school.head.call("GET", "/rollover", params=path)).json()
    assert [(one["name"], one["becomes"], one["pupils"]) for one in plan["going_on"]] == [
        ("5А", "6А", 3), ("9Б", "10Б", 1)
    ]  # fmt: skip
    assert [one["name"] for one in plan["leaving"]] == ["9А", "11А"]
    wrong = await school.head.post("/rollover", year=school.year, leaving=[school.class_id])
    assert (wrong.status_code, wrong.json()["code"]) == (422, "no-last-grade")
    assert (await school.teacher.post("/rollover", **path)).status_code == 403
    assert (await school.head.post("/rollover", **path)).json() == plan
    again = await school.head.post("/rollover", **path)
    assert (again.status_code, again.json()["code"]) == (409, "already-rolled-over")
    items = (await school.head.get("/classes", year=str(school.year + 1))).json()["items"]
    assert {one["name"]: one["teacher_id"] for one in items} == {"6А": str(school.leader.account_id), "10Б": None}
    sixth = next(one["class_id"] for one in items if one["name"] == "6А")
    assert len((await school.head.get(f"/classes/{sixth}/pupils")).json()["items"]) == 3
    assert (await school.journal())["lessons"][0]["cells"]
    refused = await school.give(lesson_id, school.cell("Волков", 1, mark=4))
    assert refused.json()["code"] == "term-closed"


async def test_the_new_years_marks_have_a_place_of_their_own(school: School) -> None:
    await school.head.post("/rollover", year=school.year)
    tables = await school.it.runtime.database.pool.fetch(
        "SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'mark'::regclass ORDER BY 1"
    )
    assert [row["name"] for row in tables] == [f"mark_{school.year}", f"mark_{school.year + 1}"]


async def test_the_sheet_shows_the_journal_and_runs_nothing(school: School) -> None:
    lesson_id = await school.lesson(topic="<script>alert(1)</script>")
    await school.give(
        lesson_id, school.cell("Волков", mark=4, absence="ОП"), school.cell("Гусева", credit=True),
        school.cell("Быстрова", absence="Н"),
    )  # fmt: skip
    of = {**school.teaching, "term_id": school.term_id}
    sheet = await school.teacher.get("/journal.html", **of)
    assert sheet.headers["content-type"].startswith("text/html")
    assert sheet.headers["content-disposition"].startswith("inline")
    assert "script" not in sheet.headers["content-security-policy"]
    for shown in ("Волков Иван", "<td>ОП 4</td>", "<td>зач.</td>", "<td>Н</td>", "<td>4,00</td>", "&lt;script&gt;"):
        assert shown in sheet.text
    assert "<script" not in sheet.text
    assert (await (await school.hire("Чужая")).get("/journal.html", **of)).status_code == 404
