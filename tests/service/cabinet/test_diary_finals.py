"""Finals of a term and of the year: the rule of the school, reasons, versions, and who may give them."""

import asyncio
from typing import Any

import httpx
import pytest
from chassis.testing.opened import Opened
from waiting import until

from .school import School, opened_school


@pytest.fixture
async def school(cabinet: Opened) -> School:
    """With an average of 4.5 for Волков and 4.33 for Быстрова; Гусева has no mark."""
    school = await opened_school(cabinet)
    for ago, (one, other) in enumerate([(4, 5), (5, 4), (None, 4)]):
        cells = [school.cell("Быстрова", mark=other)] + ([school.cell("Волков", mark=one)] if one else [])
        await school.give(await school.lesson(ago), *cells)
    return school


async def give(school: School, *finals: dict[str, Any], year: bool = False, **more: Any) -> httpx.Response:
    of = {**school.teaching, "term_id": None if year else school.term_id}
    return await school.teacher.put("/finals", **of, finals=list(finals), **more)


async def finals(school: School, year: bool = False) -> dict[str, dict[str, Any]]:
    of = school.teaching if year else {**school.teaching, "term_id": school.term_id}
    answer = (await school.teacher.get("/finals", **of)).json()
    return {one["last_name"]: one for one in answer["items"]}


async def test_a_final_follows_from_the_average_by_the_schools_rule(school: School) -> None:
    shown = await finals(school)
    assert {name: (one["average"], one["proposed"]) for name, one in shown.items()} == {
        "Быстрова": (4.33, 4), "Волков": (4.5, 5), "Гусева": (None, None)
    }  # fmt: skip
    await school.head.call("PUT", "/rules", json={"rounding": "from-60"}, headers={"If-Match": '"0"'})
    assert (await finals(school))["Волков"]["proposed"] == 4
    stale = await school.head.call("PUT", "/rules", json={"rounding": "teacher"}, headers={"If-Match": '"0"'})
    assert (stale.status_code, stale.json()["current"]) == (412, {"rounding": "from-60"})
    await school.head.call("PUT", "/rules", json={"rounding": "teacher"}, headers={"If-Match": '"1"'})
    assert (await finals(school))["Волков"]["allowed"] == [4, 5]
    assert (await school.teacher.put("/rules", rounding="teacher")).status_code == 403


async def test_finals_are_saved_together_or_not_and_off_the_rule_with_a_reason(school: School) -> None:
    right, off = school.cell("Быстрова", mark=4), school.cell("Волков", mark=4)
    refused = await give(school, right, off)
    assert [(one["pointer"], one["code"]) for one in refused.json()["errors"]] == [
        ("/finals/1/mark", "final-off-average")
    ]
    assert (await finals(school))["Быстрова"]["version"] == 0
    saved = await give(school, right, off, school.cell("Гусева", credit=True), reason="Решение педсовета")
    assert saved.status_code == 200, saved.text
    journal = {one["last_name"]: one["final"] for one in (await school.journal())["pupils"]}
    assert journal["Волков"] == {"mark": 4, "credit": None, "version": 1}
    assert journal["Гусева"] == {"mark": None, "credit": True, "version": 1}


async def test_a_final_changed_by_another_is_not_overwritten(school: School) -> None:
    await give(school, school.cell("Волков", mark=5))
    assert (await give(school, school.cell("Волков", mark=5))).status_code == 200
    stale = await give(school, school.cell("Волков", mark=4), reason="Так")
    (one,) = stale.json()["current"]["finals"]
    assert (stale.status_code, one["current"]["mark"], one["yours"]["mark"]) == (412, 5, 4)


async def test_every_final_is_remembered(school: School) -> None:
    await give(school, school.cell("Волков", mark=5))
    await give(school, school.cell("Волков", 1, mark=4), reason="Решение педсовета")
    path = f"/finals/{school.pupils['Волков']}/history"
    told = (await school.head.get(path, **school.teaching, term_id=school.term_id)).json()["items"]
    assert [(one["old"]["mark"], one["new"]["mark"], one["reason"], one["author"]["name"]) for one in told] == [
        (5, 4, "Решение педсовета", "Числова Анна Петровна"),
        (None, 5, None, "Числова Анна Петровна"),
    ]


async def test_the_year_comes_from_its_terms_and_a_closed_term_ends_both(school: School) -> None:
    await give(school, school.cell("Волков", mark=5), school.cell("Быстрова", mark=4))
    assert (await finals(school, year=True))["Волков"]["proposed"] == 5
    assert (await give(school, school.cell("Волков", mark=5), year=True)).status_code == 200
    assert (await finals(school, year=True))["Волков"]["mark"] == 5
    assert (await finals(school))["Волков"]["version"] == 1
    await school.head.patch(f"/terms/{school.term_id}", 1, closed=True)
    for year in (False, True):
        refused = await give(school, school.cell("Быстрова", 1 - year, mark=4), year=year, reason="Так")
        assert (refused.status_code, refused.json()["code"]) == (409, "term-closed")


async def test_others_give_no_finals_and_strangers_see_none(school: School) -> None:
    of = {**school.teaching, "term_id": school.term_id}
    cell = [school.cell("Волков", mark=5)]
    colleague = await school.hire("Чужая")
    for who in (school.head, school.leader, colleague):
        assert (await who.put("/finals", **of, finals=cell)).status_code == 404
    assert [(await who.get("/finals", **of)).status_code for who in (school.head, school.leader, colleague)] == [
        200, 200, 404
    ]  # fmt: skip
    other = await opened_school(school.it)
    assert (await other.head.get("/finals", **of)).status_code == 404
    assert (await other.teacher.put("/finals", **of, finals=cell)).status_code == 404


async def test_of_two_classes_that_give_a_moved_pupil_a_final_at_once_one_is_told(school: School) -> None:
    other = await school.class_("5Б")
    await school.head.made("/loads", class_id=other, subject_id=school.subject_id,
                           account_id=str(school.teacher.account_id))  # fmt: skip
    moved = {"class_id": other, "since": str(school.day)}
    answer = await school.head.post(f"/pupils/{school.pupils['Волков']}/move", **moved)
    assert answer.status_code == 200, answer.text
    of = {"subject_id": school.subject_id, "term_id": school.term_id, "reason": "Решение педсовета"}
    pool = school.it.runtime.database.pool
    async with pool.acquire() as held, held.transaction():
        await held.execute("LOCK TABLE final IN SHARE MODE")
        giving = [
            asyncio.create_task(school.teacher.put("/finals", **of, class_id=one, finals=[cell]))
            for one, cell in (
                (school.class_id, school.cell("Волков", mark=5)), (other, school.cell("Волков", mark=4))
            )
        ]  # fmt: skip

        async def both_wait() -> bool:
            sql = "SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted"
            return bool(await pool.fetchval(sql) == len(giving))

        await until(both_wait, "both are about to write")
    assert sorted([(await one).status_code for one in giving]) == [200, 412]
