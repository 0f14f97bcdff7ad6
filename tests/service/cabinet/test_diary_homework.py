"""Files that go with a homework: given with the lesson, seen by who sees it, let go with it."""

from datetime import timedelta

import pytest
from chassis.db import new_id
from chassis.testing.opened import Opened

from .school import Member, School, opened_school
from .uploads import uploaded


@pytest.fixture
async def school(cabinet: Opened) -> School:
    return await opened_school(cabinet)


async def sheet(who: Member, name: str = "задачи.txt") -> str:
    return await uploaded(who.it, who.headers, f"№ 5 из {name}".encode(), name)


async def state_of(school: School, file_id: str) -> str:
    sql = "SELECT state FROM file WHERE file_id = $1::uuid"
    return str(await school.it.runtime.database.pool.fetchval(sql, file_id))


async def test_files_are_given_with_the_homework_and_read_by_colleagues_who_see_it(school: School) -> None:
    first, second = await sheet(school.teacher), await sheet(school.teacher, "карта.txt")
    due = str(school.day + timedelta(days=1))
    lesson_id = await school.lesson(homework="По листу", homework_due=due, files=[second, first, second])
    for reader in (school.teacher, school.leader, school.head):
        lesson = (await reader.get(f"/lessons/{lesson_id}")).json()
        assert [one["name"] for one in lesson["attached"]] == ["карта.txt", "задачи.txt"]
        answer = await reader.get(f"/lessons/{lesson_id}/files/{first}")
        assert (answer.status_code, answer.text) == (200, "№ 5 из задачи.txt")
        assert answer.headers["Content-Disposition"].startswith("attachment")
    path = f"/pupils/{school.pupils['Волков']}/diary"
    (given,) = (await school.leader.get(path, week=school.week())).json()["lessons"]
    assert [one["file_id"] for one in given["attached"]] == [second, first]
    assert [one["attached"] for one in (await school.leader.get(path, week=school.week(ahead=1))).json()["due"]] == [
        given["attached"]
    ]


async def test_a_lesson_without_files_says_so(school: School) -> None:
    lesson_id = await school.lesson(homework="№ 5")
    assert (await school.teacher.get(f"/lessons/{lesson_id}")).json()["attached"] == []
    path = f"/pupils/{school.pupils['Волков']}/diary"
    assert (await school.teacher.get(path, week=school.week())).json()["lessons"][0]["attached"] is None


async def test_an_edit_names_all_files_and_silence_keeps_them(school: School) -> None:
    first, second = await sheet(school.teacher), await sheet(school.teacher)
    lesson_id = await school.lesson(homework="По листу", files=[first])
    kept = await school.teacher.patch(f"/lessons/{lesson_id}", 1, topic="Дроби")
    assert (kept.json()["files"], kept.json()["version"]) == ([first], 2)
    changed = await school.teacher.patch(f"/lessons/{lesson_id}", 2, files=[second])
    assert ([one["file_id"] for one in changed.json()["attached"]], changed.json()["version"]) == ([second], 3)
    assert (await state_of(school, first), await state_of(school, second)) == ("kept", "attached")
    assert (await school.teacher.get(f"/lessons/{lesson_id}/files/{first}")).status_code == 404
    stale = await school.teacher.patch(f"/lessons/{lesson_id}", 2, files=[])
    assert (stale.status_code, stale.json()["current"]["files"]) == (412, [second])


async def test_files_of_a_lesson_that_is_removed_are_let_go(school: School) -> None:
    file_id = await sheet(school.teacher)
    lesson_id = await school.lesson(homework="По листу", files=[file_id])
    answer = await school.teacher.call("DELETE", f"/lessons/{lesson_id}", headers={"If-Match": '"1"'})
    assert (answer.status_code, await state_of(school, file_id)) == (204, "kept")


async def test_foreign_used_and_unknown_files_are_refused_by_their_place(school: School) -> None:
    own, used = await sheet(school.teacher), await sheet(school.teacher)
    await school.lesson(homework="По листу", files=[used])
    for stranger in (used, await sheet(school.leader), str(new_id())):
        form = {**school.teaching, "date": str(school.day), "number": 2, "files": [own, stranger]}
        answer = await school.teacher.post("/lessons", **form)
        (error,) = answer.json()["errors"]
        assert (answer.status_code, error["pointer"], error["code"]) == (422, "/files/1", "file-unknown")
    assert await state_of(school, own) == "kept"
    many = await school.teacher.post("/lessons", **form | {"files": [str(new_id()) for _ in range(11)]})
    assert (many.status_code, many.json()["errors"][0]["pointer"]) == (422, "/files")


async def test_who_may_not_see_the_lesson_gets_no_file(cabinet: Opened, school: School) -> None:
    file_id = await sheet(school.teacher)
    lesson_id = await school.lesson(homework="По листу", files=[file_id])
    other = await opened_school(cabinet)
    for stranger in (other.head, other.teacher, await school.hire("Чужая")):
        assert (await stranger.get(f"/lessons/{lesson_id}/files/{file_id}")).status_code == 404
