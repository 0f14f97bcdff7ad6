"""Who may do what in the diary: role by object by verb, own class and subject or not, and another school's."""

from typing import Any

import pytest
from cabinet.rights import RIGHTS
from chassis.db import new_id
from chassis.testing.opened import Opened

from .school import Member, School, opened_school

ELSEWHERE = {"workplace", "inbox", "news", "school-news", "file", "document", "acknowledgement", "export"}
ELSEWHERE |= {"online-lesson", "attendance", "hand-in"}
ELSEWHERE |= {"contest", "school-contest", "contest-entry"}
DIARY = sorted({*RIGHTS.table["head"]} - ELSEWHERE)
SETUP = {
    "terms": "term",
    "classes": "class",
    "subjects": "subject",
    "loads": "load",
    "timetable": "slot",
    "substitutes": "substitute",
    "leaves": "leave",
}


@pytest.fixture
async def school(cabinet: Opened) -> School:
    return await opened_school(cabinet)


@pytest.fixture
async def other(cabinet: Opened) -> School:
    return await opened_school(cabinet)


def forms(school: School) -> dict[str, dict[str, Any]]:
    """A body for every kind of row."""
    teacher, day = str(school.teacher.account_id), str(school.day)
    return {
        "terms": {"year": school.year + 1, "name": "1", "starts": f"{school.year + 1}-09-01",
                  "ends": f"{school.year + 1}-10-25"},
        "classes": {"name": "7В", "year": school.year},
        "subjects": {"name": "Физика"},
        "loads": {**school.teaching, "account_id": str(school.leader.account_id)},
        "timetable": {**school.teaching, "weekday": 1, "number": 2, "room": "217"},
        "substitutes": {**school.teaching, "account_id": teacher, "since": day, "until": day},
        "leaves": {"account_id": teacher, "term_id": school.term_id, "until": day, "reason": "болела"},
    }  # fmt: skip


async def statuses(who: Member, school: School) -> dict[tuple[str, str], int]:
    """What somebody is answered who tries everything with things of a school."""
    lesson_id, pupil = await school.lesson(), school.pupils["Волков"]
    column = f"/lessons/{lesson_id}/marks"
    of = {**school.teaching, "term_id": school.term_id}
    week = school.week()
    cell = school.cell("Волков", mark=5)
    asked = {
        ("pupil", "read"): await who.get(f"/classes/{school.class_id}/pupils"),
        ("pupil", "write"): await who.post(f"/classes/{school.class_id}/pupils", last_name="Но", first_name="Ли"),
        ("lesson", "read"): await who.get(f"/lessons/{lesson_id}"),
        ("lesson", "list"): await who.get("/lessons", **school.teaching),
        ("lesson", "write"): await who.patch(f"/lessons/{lesson_id}", 1, topic="Дроби"),
        ("mark", "read"): await who.get("/journal", **of),
        ("mark", "column"): await who.get(column),
        ("mark", "history"): await who.get(f"{column}/{pupil}/history"),
        ("mark", "write"): await who.put(column, marks=[cell]),
        ("mark", "undo"): await who.post(f"{column}/undo"),
        ("week", "read"): await who.get(f"/pupils/{pupil}/diary", week=week),
        ("class", "move"): await who.post(f"/pupils/{new_id()}/leave", until=str(school.day)),
    }
    return {what: answer.status_code for what, answer in asked.items()}


READS = [("pupil", "read"), ("lesson", "read"), ("lesson", "list"), ("mark", "read"), ("mark", "column"),
         ("mark", "history"), ("week", "read")]  # fmt: skip


async def test_the_head_reads_all_and_writes_lists_but_no_marks(school: School) -> None:
    seen = await statuses(school.head, school)
    assert [seen[what] for what in READS] == [200] * len(READS)
    assert (seen["pupil", "write"], seen["class", "move"]) == (201, 404)
    assert {seen["lesson", "write"], seen["mark", "write"], seen["mark", "undo"]} == {404}


async def test_who_teaches_reads_and_writes_the_own_class_and_subject(school: School) -> None:
    seen = await statuses(school.teacher, school)
    assert [seen[what] for what in READS] == [200] * len(READS)
    assert (seen["lesson", "write"], seen["mark", "write"], seen["mark", "undo"]) == (200, 200, 200)
    assert (seen["pupil", "write"], seen["class", "move"]) == (404, 403)


async def test_who_leads_the_class_reads_all_of_it_and_keeps_its_list(school: School) -> None:
    seen = await statuses(school.leader, school)
    assert [seen[what] for what in READS] == [200] * len(READS)
    assert (seen["pupil", "write"], seen["class", "move"]) == (201, 403)
    assert {seen["lesson", "write"], seen["mark", "write"], seen["mark", "undo"]} == {404}


async def test_a_colleague_with_another_class_sees_nothing(school: School) -> None:
    colleague = await school.hire("Чужая")
    other_class = await school.class_("9А")
    await school.head.made(
        "/loads", class_id=other_class, subject_id=school.subject_id, account_id=str(colleague.account_id)
    )
    assert {status for what, status in (await statuses(colleague, school)).items() if what != ("class", "move")} == {
        404
    }


async def test_a_colleague_of_another_subject_sees_the_pupils_week_without_the_foreign_marks(school: School) -> None:
    colleague = await school.hire("Физика")
    physics = (await school.head.made("/subjects", name="Физика"))["subject_id"]
    await school.head.made("/loads", class_id=school.class_id, subject_id=physics, account_id=str(colleague.account_id))
    seen = await statuses(colleague, school)
    assert {what for what, status in seen.items() if status == 200} == {("pupil", "read"), ("week", "read")}
    week = school.week()
    shown = await colleague.get(f"/pupils/{school.pupils['Волков']}/diary", week=week)
    assert shown.json()["lessons"] == []


@pytest.mark.parametrize("role", ["head", "teacher", "leader"])
async def test_things_of_another_school_are_not_to_be_known(school: School, other: School, role: str) -> None:
    seen = await statuses(getattr(other, role), school)
    refused = {403} if role != "head" else {404}
    assert {status for what, status in seen.items() if what != ("class", "move")} == {404}
    assert {seen["class", "move"]} == refused


async def test_operators_and_the_half_signed_in_have_no_diary(school: School) -> None:
    operator = school.it.signed_in(roles=["admin", "registrar", "editor"])
    half = school.it.signed_in(account_id=school.teacher.account_id, category="employee", scope="activation")
    for path in ("/journal", *(f"/{path}" for path in SETUP)):
        params = {**school.teaching, "term_id": school.term_id}
        for headers, status in ((operator, 403), (half, 403), ({}, 401)):
            answer = await school.it.http.get(f"/cabinet{path}", params=params, headers=headers)
            assert answer.status_code == status, (path, answer.text)


@pytest.mark.parametrize("path", SETUP)
async def test_setting_up_is_the_heads(school: School, other: School, path: str) -> None:
    thing = SETUP[path]
    form = forms(school)[path]
    for who in (school.teacher, school.leader):
        assert (await who.post(f"/{path}", **form)).status_code == 403
        assert (await who.get(f"/{path}")).status_code == 200
    made = await school.head.made(f"/{path}", **form)
    row_id = next(value for key, value in made.items() if key.endswith("_id"))
    one = f"/{path}/{row_id}"
    change = {key: value for key, value in form.items() if key in ("name", "room", "until", "ends")}
    assert (await school.head.get(one)).json() == made
    assert (await school.head.patch(one, 9, **change)).status_code == 412
    for stranger in (other.head, other.teacher):
        assert (await stranger.get(one)).status_code == 404
        assert row_id not in (await stranger.get(f"/{path}")).text
    assert (await other.head.patch(one, 1, **change)).status_code == 404
    assert (await other.head.call("DELETE", one, headers={"If-Match": '"1"'})).status_code == 404
    changed = await school.head.patch(one, 1, **change)
    assert (changed.status_code, changed.json()["version"]) == (200, 2 if change else 1)
    gone = await school.head.call("DELETE", one, headers={"If-Match": changed.headers["etag"]})
    assert (gone.status_code, (await school.head.get(one)).status_code) == (204, 404)
    assert RIGHTS.table["head"][thing]["write"] == "own-school"


async def test_nothing_of_another_school_can_be_named(school: School, other: School) -> None:
    for path in ("loads", "timetable", "substitutes"):
        form = forms(school)[path] | {"class_id": other.class_id}
        answer = await school.head.post(f"/{path}", **form)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/class_id")
    foreign = {"class_id": school.class_id, "subject_id": other.subject_id, "term_id": school.term_id}
    assert (await school.head.get("/journal", **foreign)).status_code == 404
    moved = await school.head.post(
        f"/pupils/{school.pupils['Волков']}/move", class_id=other.class_id, since=str(school.day)
    )
    assert (moved.status_code, moved.json()["errors"][0]["pointer"]) == (422, "/class_id")


async def test_a_leave_is_seen_by_the_head_and_by_whom_it_is_for(school: School) -> None:
    leave = await school.head.made("/leaves", **forms(school)["leaves"])
    assert [len((await who.get("/leaves")).json()["items"]) for who in (school.teacher, school.leader)] == [1, 0]
    assert (await school.leader.get(f"/leaves/{leave['leave_id']}")).status_code == 404
    assert (await school.teacher.get(f"/leaves/{leave['leave_id']}")).status_code == 200


@pytest.mark.parametrize("thing", DIARY)
def test_no_role_may_do_what_the_table_does_not_say(thing: str) -> None:
    assert [role for role, table in RIGHTS.table.items() if thing in table] in (["head"], ["head", "employee"])
    assert {*RIGHTS.table["employee"].get(thing, {})} <= {*RIGHTS.table["head"][thing]}
