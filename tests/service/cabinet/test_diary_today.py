"""What somebody teaches today: by the timetable, in a term, in the own place or somebody else's."""

from datetime import date, timedelta
from typing import Any

import pytest
from chassis.testing.opened import Opened

from .school import Member, School, opened_school


@pytest.fixture
async def school(cabinet: Opened) -> School:
    return await opened_school(cabinet)


async def planned(school: School, number: int, ahead: int = 0, **more: Any) -> dict[str, Any]:
    weekday = (school.day + timedelta(days=ahead)).isoweekday()
    return await school.head.made("/timetable", **school.teaching | {"weekday": weekday, "number": number} | more)


async def lessons_of(who: Member) -> list[dict[str, Any]]:
    answer = await who.get("/today")
    assert answer.status_code == 200, answer.text
    shown: list[dict[str, Any]] = answer.json()["lessons"]
    return shown


async def test_a_teacher_sees_the_lessons_of_the_day_in_their_order(school: School) -> None:
    await planned(school, 3, room="217")
    await planned(school, 1)
    await planned(school, 2, ahead=1)
    lesson_id = await school.lesson(number=1, topic="Дроби")
    first, second = await lessons_of(school.teacher)
    assert (first["number"], first["lesson_id"], first["topic"]) == (1, lesson_id, "Дроби")
    assert second == {
        **school.teaching, "class": "5А", "subject": "Математика", "number": 3, "room": "217", "replaces": False,
        "lesson_id": None, "topic": None,
    }  # fmt: skip
    assert (await school.teacher.get("/today")).json()["date"] == str(school.day)


async def test_others_have_a_day_of_their_own(school: School) -> None:
    await planned(school, 1)
    assert await lessons_of(school.leader) == []
    assert await lessons_of(school.head) == []


async def test_who_replaces_has_the_lesson_on_these_days_alone(school: School) -> None:
    await planned(school, 1)
    for account, since in ((school.leader, 0), (school.head, 1)):
        days = {"since": str(school.day + timedelta(days=since)), "until": str(school.day + timedelta(days=7))}
        await school.head.made("/substitutes", **school.teaching, account_id=str(account.account_id), **days)
    (only,) = await lessons_of(school.leader)
    assert only["replaces"]
    assert await lessons_of(school.head) == []


async def test_holidays_have_no_lessons(school: School) -> None:
    await planned(school, 1)
    assert len(await lessons_of(school.teacher)) == 1
    weeks = (date(school.year + 1, 8, 31) - school.day) // timedelta(weeks=1) + 1
    school.it.clock.move(timedelta(weeks=weeks))  # the same day of the week, after the term
    assert await lessons_of(school.teacher) == []
