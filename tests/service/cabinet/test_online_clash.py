"""A teacher and a class are at one online lesson at a time, also of two that are planned at once."""

import asyncio

import pytest
from chassis.testing.opened import Opened

from .online import Online, opened_online


@pytest.fixture
async def online(cabinet: Opened) -> Online:
    return await opened_online(cabinet)


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
