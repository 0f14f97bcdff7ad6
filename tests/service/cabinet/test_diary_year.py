"""Setting up a year, rolling it over, and the sheet to print."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from chassis.testing.opened import Opened
from waiting import until

from .conftest import Person
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
    early = await school.head.post("/rollover", **path)
    assert (early.status_code, early.json()["code"]) == (409, "rollover-too-early")
    school.to_its_end()
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
    assert (again.status_code, again.json()["code"]) == (409, "year-ended")
    items = (await school.head.get("/classes", year=str(school.year + 1))).json()["items"]
    assert {one["name"]: one["teacher_id"] for one in items} == {"6А": str(school.leader.account_id), "10Б": None}
    sixth = next(one["class_id"] for one in items if one["name"] == "6А")
    assert len((await school.head.get(f"/classes/{sixth}/pupils")).json()["items"]) == 3
    assert (await school.journal())["lessons"][0]["cells"]
    refused = await school.give(lesson_id, school.cell("Волков", 1, mark=4))
    assert refused.json()["code"] == "term-closed"
    assert refused.json()["term"] == "1 четверть"


async def test_a_year_of_which_all_left_is_not_rolled_over_again(school: School) -> None:
    await school.head.call("DELETE", f"/terms/{school.term_id}", headers={"If-Match": '"1"'})
    school.year -= 1
    last = await school.class_("11А")
    await school.pupil(last, "Выпускников")
    for status in (200, 409):
        answer = await school.head.post("/rollover", year=school.year)
        assert answer.status_code == status, answer.text
    assert answer.json()["code"] == "year-ended"


async def test_the_classes_of_an_ended_year_take_no_pupils(school: School) -> None:
    other = await school.class_("5Б")
    school.to_its_end()
    assert (await school.head.post("/rollover", year=school.year)).status_code == 200
    form = {"last_name": "Опоздалов", "first_name": "Иван", "since": str(school.day)}
    lists = {"file": ("класс.csv", "Фамилия;Имя\nОпоздалов;Иван\n".encode())}
    refused = [
        await school.head.post(f"/classes/{other}/pupils", **form),
        await school.head.post(
            f"/pupils/{school.pupils['Волков']}/move", class_id=other, since=f"{school.year + 2}-01-15"
        ),
        await school.head.call("POST", f"/classes/{other}/pupils/import", files=lists, data={"mode": "apply"}),
    ]
    assert [(one.status_code, one.json()["code"]) for one in refused] == [(409, "year-ended")] * 3


@pytest.mark.parametrize("what", ["adds", "moves", "leaves"])
async def test_who_comes_and_goes_during_a_roll_over_is_in_one_class(school: School, what: str) -> None:
    other = await school.class_("5Б")
    school.to_its_end()
    path = {"adds": f"/classes/{other}/pupils"}.get(what, f"/pupils/{school.pupils['Волков']}/{what[:-1]}")
    body = {
        "adds": {"last_name": "Новиков", "first_name": "Иван"},
        "moves": {"class_id": other, "since": str(school.day)},
        "leaves": {"until": str(school.day)},
    }[what]
    pool = school.it.runtime.database.pool
    async with pool.acquire() as held, held.transaction():
        await held.execute("LOCK TABLE membership IN SHARE MODE")
        coming = asyncio.create_task(school.head.post(path, **body))
        await until(waiting(pool, 1), "the pupil is about to come or go")
        rolling = asyncio.create_task(school.head.post("/rollover", year=school.year))
        await until(waiting(pool, 2), "the year is about to end")
    assert (await rolling).status_code == 200, (await rolling).text
    assert (await coming).status_code in (200, 201), (await coming).text
    rows = await pool.fetch("SELECT school_class.year, until FROM membership JOIN school_class USING (class_id)")
    still = [row["year"] for row in rows if row["until"] is None]
    assert still == [school.year + 1] * {"adds": 4, "moves": 3, "leaves": 2}[what]


def waiting(pool: Any, count: int) -> Callable[[], Awaitable[bool]]:
    """Whether so many wait for a lock."""

    async def wait() -> bool:
        return bool(await pool.fetchval("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted") == count)

    return wait


async def test_a_load_that_is_granted_during_the_erasure_does_not_stay(school: School) -> None:
    colleague = await school.hire("Уходящая")
    leaver = Person(account_id=colleague.account_id, school_id=school.school_id)
    pool = school.it.runtime.database.pool
    async with pool.acquire() as held, held.transaction():
        await held.execute("LOCK TABLE teaching_load IN SHARE MODE")
        load = {**school.teaching, "account_id": str(colleague.account_id)}
        granting = asyncio.create_task(school.head.post("/loads", **load))
        await until(waiting(pool, 1), "the load is about to be written")
        ending = asyncio.create_task(school.it.tell(leaver.disabled(), 3))
        await until(waiting(pool, 2), "the erasure has begun")
    assert (await granting).status_code == 201
    await ending
    assert not await pool.fetchval("SELECT count(*) FROM teaching_load WHERE account_id = $1", colleague.account_id)


async def test_the_new_years_marks_have_a_place_of_their_own(school: School) -> None:
    school.to_its_end()
    await school.head.post("/rollover", year=school.year)
    tables = await school.it.runtime.database.pool.fetch(
        "SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'mark'::regclass ORDER BY 1"
    )
    assert [row["name"] for row in tables] == [f"mark_{school.year}", f"mark_{school.year + 1}"]


async def test_a_term_that_moves_to_another_year_takes_marks_there(school: School) -> None:
    before = school.year
    await school.head.call("DELETE", f"/terms/{school.term_id}", headers={"If-Match": '"1"'})
    term = await school.head.made("/terms", name="Год", year=before + 5, starts=f"{before + 5}-09-01",
                                  ends=f"{before + 6}-05-31")  # fmt: skip
    days = {"starts": f"{before - 1}-09-01", "ends": f"{before}-05-31"}
    moved = await school.head.patch(f"/terms/{term['term_id']}", 1, year=before - 1, **days)
    assert moved.status_code == 200, moved.text
    class_id = (await school.head.made("/classes", name="4А", year=before - 1))["class_id"]
    teaching = {"class_id": class_id, "subject_id": school.subject_id}
    await school.head.made("/loads", **teaching, account_id=str(school.teacher.account_id))
    pupil_id = await school.pupil(class_id, "Прошлый", since=days["starts"])
    form = {**teaching, "date": f"{before - 1}-09-02", "number": 1}
    lesson_id = (await school.teacher.made("/lessons", **form))["lesson_id"]
    leave = {"account_id": str(school.teacher.account_id), "term_id": term["term_id"], "until": str(school.day)}
    await school.head.made("/leaves", **leave, reason="Перенос")
    cell = {"pupil_id": pupil_id, "version": 0, "mark": 5}
    given = await school.teacher.put(f"/lessons/{lesson_id}/marks", marks=[cell], reason="Перенос")
    assert given.status_code == 200, given.text


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
