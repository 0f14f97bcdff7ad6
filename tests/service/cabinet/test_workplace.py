"""The workplace form: suggestions, partial saves, stale edits, refusals, and what the registry hears."""

import asyncio
from typing import Any

import pytest
from chassis.testing.opened import Opened
from ekis_contracts.cabinet import WorkplaceCompleted

from .conftest import Person

FULL = {
    "building": "Москва, Школьная улица, дом 1",
    "subjects": ["математика", "Математика", "геометрия"],
    "classes": ["5а", "10 Б"],
    "employment": "part-time",
    "work_phone": "8 495 765-43-21",
    "room": "217",
    "proposed_post": "Завуч",
}


async def save(it: Opened, person: Person, body: Any, match: str = '"0"') -> Any:
    return await it.http.put("/cabinet/workplace", json=body, headers=person.headers(it, If_Match=match))


async def test_an_empty_form_says_what_is_known_missing_and_meant(cabinet: Opened, settled: Person) -> None:
    answer = await cabinet.http.get("/cabinet/workplace", headers=settled.headers(cabinet))
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"0"')
    form = answer.json()
    assert form["school"]["short_name"] == "Школа № 1"
    assert (form["post"], form["division"], form["category"]) == (
        "Учитель математики",
        "Кафедра точных наук",
        "employee",
    )
    assert form["employment"] == "main"
    assert (form["required"], form["complete"]) == (["building", "work_phone", "subjects"], False)
    assert form["suggestions"]["buildings"] == ["Москва, Школьная улица, дом 1"]
    assert form["suggestions"]["phones"] == ["+74951234567", "+74951234568"]
    assert "Математика" in form["suggestions"]["subjects"]
    assert form["hints"]["classes"].startswith("Классы")


async def test_hints_are_in_the_callers_language(cabinet: Opened, settled: Person) -> None:
    headers = settled.headers(cabinet, Accept_Language="en")
    form = (await cabinet.http.get("/cabinet/workplace", headers=headers)).json()
    assert form["hints"]["room"] == "The number of your room, if you have one."


async def test_a_half_filled_form_is_kept_and_the_registry_hears_only_of_a_whole_one(
    cabinet: Opened, settled: Person
) -> None:
    half = await save(cabinet, settled, {"room": "217"})
    assert (half.status_code, half.headers["ETag"]) == (200, '"1"')
    assert half.json()["required"] == ["building", "work_phone", "subjects"]
    assert await cabinet.published() == []
    whole = (await save(cabinet, settled, FULL, '"1"')).json()
    assert (whole["complete"], whole["required"]) == (True, [])
    assert whole["subjects"] == ["Математика", "Геометрия"]
    assert whole["classes"] == ["5А", "10Б"]
    assert (whole["work_phone"], whole["employment"]) == ("+74957654321", "part-time")
    ((event, envelope),) = await cabinet.published()
    assert isinstance(event, WorkplaceCompleted)
    assert (event.account_id, event.staff_id, envelope.sequence) == (settled.account_id, settled.staff_id, 1)
    work = cabinet.open(event.work)
    assert (work.work_phone, work.room, work.proposed_post) == ("+74957654321", "217", "Завуч")
    again = await save(cabinet, settled, FULL | {"room": "218"}, '"2"')
    assert again.headers["ETag"] == '"3"'
    ((event, envelope),) = await cabinet.published()
    assert (cabinet.open(event.work).room, envelope.sequence) == ("218", 2)


async def test_saving_the_same_changes_nothing_and_tells_nobody(cabinet: Opened, settled: Person) -> None:
    await save(cabinet, settled, FULL)
    await cabinet.published()
    same = await save(cabinet, settled, FULL, '"1"')
    assert (same.status_code, same.headers["ETag"]) == (200, '"1"')
    assert await cabinet.published() == []


@pytest.mark.parametrize("match", ['"0"', None, "W/1", "1"])
async def test_a_stale_edit_is_answered_with_both_values(cabinet: Opened, settled: Person, match: str | None) -> None:
    await save(cabinet, settled, {"room": "1"})
    headers = settled.headers(cabinet) | ({"If-Match": match} if match else {})
    stale = await cabinet.http.put("/cabinet/workplace", json={"room": "2"}, headers=headers)
    problem = stale.json()
    assert (stale.status_code, problem["code"], stale.headers["ETag"]) == (412, "stale-version", '"1"')
    assert (problem["current"]["room"], problem["yours"]["room"]) == ("1", "2")


async def test_of_two_edits_at_once_one_is_stale(cabinet: Opened, settled: Person) -> None:
    pool = cabinet.runtime.database.pool
    async with pool.acquire() as other, other.transaction():
        await other.execute("SELECT FROM account FOR UPDATE")
        edits = [asyncio.create_task(save(cabinet, settled, {"room": room})) for room in ("1", "2")]
        blocked = (
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        while await pool.fetchval(blocked) < len(edits):  # noqa: ASYNC110 - another process has to get there
            await asyncio.sleep(0.01)
    assert sorted([(await edit).status_code for edit in edits]) == [200, 412]


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"subjects": ["Физика", "5"]}, "/subjects/1", "subject-format"),
        ({"subjects": [""]}, "/subjects/0", "empty"),
        ({"subjects": "Физика"}, "/subjects", "tuple-type"),
        ({"subjects": ["Физика"] * 41}, "/subjects", "too-long"),
        ({"classes": ["5А", "13Б"]}, "/classes/1", "class-format"),
        ({"work_phone": "кабинет"}, "/work_phone", "phone-format"),
        ({"room": "2\u202e17"}, "/room", "forbidden-characters"),
        ({"room": "2\u000017"}, "/room", "forbidden-characters"),
        ({"room": "x" * 301}, "/room", "string-too-long"),
        ({"employment": "sometimes"}, "/employment", "literal-error"),
        ({"post": "Директор"}, "/post", "extra-forbidden"),
    ],
)
async def test_wrong_values_are_named(
    cabinet: Opened, settled: Person, body: dict[str, Any], pointer: str, code: str
) -> None:
    answer = await save(cabinet, settled, body)
    assert answer.status_code == 422
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [(pointer, code)]


async def test_the_roll_fixes_the_post_also_later(cabinet: Opened, settled: Person) -> None:
    await cabinet.tell(settled.moved(post="Директор", category="head", division=None), 2)
    form = (await cabinet.http.get("/cabinet/workplace", headers=settled.headers(cabinet))).json()
    assert (form["post"], form["category"], form["division"]) == ("Директор", "head", None)
    assert form["required"] == ["building", "work_phone"]
    assert form["suggestions"]["subjects"] == []


async def test_a_form_opens_before_the_copies_have_come(cabinet: Opened, alla: Person) -> None:
    await cabinet.tell(alla.activated(), 2)
    form = (await cabinet.http.get("/cabinet/workplace", headers=alla.headers(cabinet))).json()
    assert (form["school"], form["post"], form["suggestions"]["buildings"]) == (None, "Учитель математики", [])


async def test_who_may_not(cabinet: Opened, settled: Person) -> None:
    path = "/cabinet/workplace"
    assert (await cabinet.http.get(path)).status_code == 401
    operator = cabinet.signed_in(roles=["admin", "support"])
    assert (await cabinet.http.get(path, headers=operator)).status_code == 403
    activating = cabinet.signed_in(account_id=settled.account_id, category="employee", scope="activation")
    assert (await cabinet.http.get(path, headers=activating)).status_code == 403
    stranger = await cabinet.http.get(path, headers=Person().headers(cabinet))
    assert (stranger.status_code, stranger.json()["code"]) == (409, "cabinet-closed")
