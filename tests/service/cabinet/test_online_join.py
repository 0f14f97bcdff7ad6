"""Pupils come by the link of their class: they see their lesson and nothing else, and hand in under any name."""

import asyncio
import json
import re
from typing import Any
from uuid import UUID

import pytest
from cabinet.online.actions.joining import hand_in, visit
from cabinet.online.domain.works import MOST_WORKS, Typed
from chassis.testing.opened import Opened
from waiting import until

from .online import FIRST, LINK, Online, code_of, opened_online
from .uploads import uploaded

SHOWN = {"title", "subject", "class_name", "school", "starts", "ends", "state", "link", "materials", "assignments"}


@pytest.fixture
async def online(cabinet: Opened) -> Online:
    return await opened_online(cabinet)


async def refused(online: Online, code: str) -> tuple[int, str]:
    answer = await online.join(code)
    return answer.status_code, answer.json().get("code", "")


GONE = (404, "no-such-code")


async def test_a_class_sees_its_lesson_and_the_way_in_while_it_goes_on(online: Online) -> None:
    lesson = await online.plan()
    page = await online.join(code_of(lesson))
    assert (page.status_code, page.headers["cache-control"]) == (200, "no-store")
    seen = page.json()
    assert set(seen) == SHOWN
    assert (seen["title"], seen["class_name"], seen["subject"], seen["school"]) == (
        "Дроби",
        "5А",
        "Математика",
        "Школа № 1",
    )
    assert (seen["state"], seen["link"]) == ("planned", None), "before the lesson nobody waits in the room"
    online.wait(1)
    await online.step(lesson["lesson_id"], "start")
    live = (await online.join(code_of(lesson))).json()
    assert (live["state"], live["link"]) == ("live", LINK)
    await online.step(lesson["lesson_id"], "finish")
    assert (await online.join(code_of(lesson))).json()["link"] is None


async def test_a_page_says_nothing_of_people(online: Online) -> None:
    school = online.school
    lesson = await online.live()
    assignment = await online.assignment(lesson)
    await online.hand_in(code_of(lesson), assignment, text="Чужой ответ", last_name="Быстрова")
    (work,) = await online.works(lesson)
    assert (await online.grade(lesson, work, mark=5, comment="Тайная похвала")).status_code == 200
    await online.step(lesson["lesson_id"], "finish")
    page = (await online.join(code_of(lesson))).text
    for word in ("Быстрова", "Волков", "Гусева", "Числова", "Чужой", "похвала", "+7495", *school.pupils.values()):
        assert word not in page, word
    assert str(school.teacher.account_id) not in page
    assert json.loads(page)["assignments"][0]["title"] == "№ 5"


async def test_why_a_lesson_is_off_is_not_for_pupils(online: Online) -> None:
    lesson = await online.plan()
    await online.step(lesson["lesson_id"], "cancel", reason="Учитель в больнице")
    page = await online.join(code_of(lesson))
    assert (page.json()["state"], page.json()["link"]) == ("cancelled", None)
    assert "больнице" not in page.text
    online.wait(2.1)
    assert await refused(online, code_of(lesson)) == GONE, "it dies with the end that was planned"


async def test_codes_are_long_different_and_typed_in_any_way(online: Online) -> None:
    school = online.school
    other = await school.class_("5Б")
    load = {"subject_id": school.subject_id, "class_id": other, "account_id": str(school.teacher.account_id)}
    await school.head.made("/loads", **load)
    codes = [one["code"] for one in (await online.plan(class_ids=[school.class_id, other]))["classes"]]
    codes += [code_of(await online.plan(3, 4))]
    assert len(set(codes)) == 3
    assert all(re.fullmatch(r"(?:[0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}", one) for one in codes)
    typed = codes[0].lower().replace("-", "").replace("0", "o").replace("1", "l")
    assert [(await online.join(one)).json()["class_name"] for one in (*codes, typed)] == ["5А", "5Б", "5А", "5А"]


async def test_no_code_lies_in_the_database(online: Online) -> None:
    lesson = await online.plan()
    assignment = await online.assignment(lesson)
    await online.it.http.post(
        f"/cabinet/join/{code_of(lesson)}/hand-ins",
        json={"assignment_id": assignment, **FIRST, "text": "x"}, headers={"Idempotency-Key": "k"},
    )  # fmt: skip
    everything = await online.it.everything()
    assert LINK in everything
    assert code_of(lesson) not in everything
    assert code_of(lesson).replace("-", "") not in everything


@pytest.mark.parametrize(
    "code", ["x", "0000-0000-0000-0000", "'", "%00", "x" * 3000, "%F0%9F%98%80", "%D0%96", "%ED%A0%80"]
)
async def test_what_is_no_code_opens_nothing(online: Online, code: str) -> None:
    await online.plan()
    assert await refused(online, code) == GONE


async def test_a_renewed_code_is_the_only_one(online: Online) -> None:
    lesson = await online.plan()
    old = code_of(lesson)
    path = f"codes/{online.school.class_id}"
    renewed = await online.step(lesson["lesson_id"], path, match='"1"')
    assert (renewed.status_code, renewed.json()["version"]) == (200, 2)
    assert await refused(online, old) == GONE
    assert (await online.join(code_of(renewed.json()))).status_code == 200
    assert code_of(await online.card(lesson["lesson_id"])) == code_of(renewed.json())
    assert (await online.step(lesson["lesson_id"], path, match='"1"')).status_code == 412
    assert (await online.step(lesson["lesson_id"], f"codes/{lesson['lesson_id']}")).status_code == 404


async def test_a_code_lives_as_long_as_something_can_be_handed_in(online: Online) -> None:
    lesson, short = await online.plan(), await online.plan(3, 4)
    due = await online.assignment(lesson, due=online.at(72))
    online.wait(4 + 23.9)
    assert (await online.join(code_of(short))).status_code == 200
    online.wait(0.2)
    assert await refused(online, code_of(short)) == GONE
    assert (await online.hand_in(code_of(lesson), due)).status_code == 201
    online.wait(72 - 28.2)
    assert (await online.hand_in(code_of(lesson), due)).status_code == 201
    online.wait(0.2)
    late = await online.hand_in(code_of(lesson), due)
    assert (late.status_code, late.json()["code"]) == (409, "assignment-over")
    online.wait(24)
    assert await refused(online, code_of(lesson)) == GONE
    assert (await online.hand_in(code_of(lesson), due)).status_code == 404


async def test_a_known_name_and_an_unknown_one_are_answered_alike(online: Online) -> None:
    online.it.clock.stop()
    lesson = await online.plan()
    code, assignment = code_of(lesson), await online.assignment(lesson)
    known = await online.hand_in(code, assignment)
    unknown = await online.hand_in(code, assignment, last_name="Никакой")
    spelt = await online.hand_in(code, assignment, last_name="  ВОЛКОВ ", first_name="иван")
    assert [one.status_code for one in (known, unknown, spelt)] == [201] * 3
    assert known.text == unknown.text == spelt.text
    assert set(known.json()) == {"received_at"}
    pupils = [one["pupil"] and one["pupil"]["pupil_id"] for one in await online.works(lesson)]
    volkov = online.school.pupils["Волков"]
    assert pupils == [volkov, None, volkov]
    assert [one["last_name"] for one in await online.works(lesson)] == ["ВОЛКОВ", "Никакой", "Волков"]


async def test_of_namesakes_nobody_is_guessed(online: Online) -> None:
    school = online.school
    await school.pupil(school.class_id, "Волков", patronymic="Олегович")
    await school.pupil(school.class_id, "Соловьёв")
    moved = await school.pupil(school.class_id, "Ушлый")
    leaving = {"until": str(school.day)}
    assert (await school.head.post(f"/pupils/{moved}/leave", **leaving)).status_code == 200
    lesson = await online.plan(48, 49)
    code, assignment = code_of(lesson), await online.assignment(lesson)
    for name in ("Волков", "Соловьев", "Ушлый"):
        await online.hand_in(code, assignment, last_name=name)
    found = [(one["last_name"], one["pupil"] and one["pupil"]["last_name"]) for one in await online.works(lesson)]
    assert found == [("Ушлый", None), ("Соловьев", "Соловьёв"), ("Волков", None)]


async def test_a_pupil_of_another_class_or_school_is_nobody_here(online: Online) -> None:
    other = await opened_online(online.it)
    await other.school.pupil(other.school.class_id, "Дальняя")
    another_class = await online.school.class_("6Б")
    await online.school.pupil(another_class, "Соседова")
    lesson = await online.plan()
    code, assignment = code_of(lesson), await online.assignment(lesson)
    for name in ("Дальняя", "Соседова"):
        assert (await online.hand_in(code, assignment, last_name=name)).status_code == 201
    assert [one["pupil"] for one in await online.works(lesson)] == [None, None]


async def test_an_assignment_of_another_lesson_takes_nothing(online: Online) -> None:
    lesson, other = await online.plan(), await online.plan(3, 4)
    assignment = await online.assignment(other)
    answer = await online.hand_in(code_of(lesson), assignment)
    assert (answer.status_code, answer.json()["code"]) == (422, "assignment-unknown")


FORMS: list[tuple[dict[str, Any], str, str]] = [
    ({"text": None}, "/text", "work-empty"),
    ({"text": "x" * 5001}, "/text", "string-too-long"),
    ({"links": ["http://disk.ru/1"]}, "/links/0", "https-link"),
    ({"links": ["javascript:alert(1)"]}, "/links/0", "https-link"),
    ({"links": ["https://disk.yandex.ru/1"] * 6}, "/links", "too-long"),
    ({"last_name": ""}, "/last_name", "empty"),
    ({"first_name": "<b>"}, "/first_name", "name-letters"),
    ({"last_name": "Я" * 101}, "/last_name", "string-too-long"),
    ({"pupil_id": "x"}, "/pupil_id", "extra-forbidden"),
    ({"text": "а\u202eб"}, "/text", "forbidden-characters"),
]


@pytest.mark.parametrize(("wrong", "pointer", "code"), FORMS, ids=[str(one[0])[:40] for one in FORMS])
async def test_wrong_work_names_the_field(online: Online, wrong: dict[str, Any], pointer: str, code: str) -> None:
    lesson = await online.plan()
    answer = await online.hand_in(code_of(lesson), await online.assignment(lesson), **wrong)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer), answer.text
    assert answer.json()["errors"][0]["code"] == code
    assert await online.works(lesson) == []


async def test_links_alone_are_work_and_a_repeated_key_is_one(online: Online) -> None:
    lesson = await online.plan()
    body = {"assignment_id": await online.assignment(lesson), **FIRST, "links": ["https://disk.yandex.ru/i/1"]}
    path = f"/cabinet/join/{code_of(lesson)}/hand-ins"
    sent = [await online.it.http.post(path, json=body, headers={"Idempotency-Key": "one"}) for _ in range(2)]
    assert [one.status_code for one in sent] == [201, 201]
    assert sent[0].json() == sent[1].json()
    (work,) = await online.works(lesson)
    assert (work["text"], work["links"]) == (None, ["https://disk.yandex.ru/i/1"])


async def test_a_cancelled_lesson_takes_no_work(online: Online) -> None:
    lesson = await online.plan()
    assignment = await online.assignment(lesson)
    await online.step(lesson["lesson_id"], "cancel", reason="x")
    answer = await online.hand_in(code_of(lesson), assignment)
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong-step")


async def test_a_flood_of_work_stops_at_a_bound(online: Online) -> None:
    lesson = await online.plan()
    assignment = await online.assignment(lesson)
    fill = """
    INSERT INTO online_work (work_id, lesson_id, assignment_id, class_id, last_name, first_name, links, at, version)
    SELECT gen_random_uuid(), $1, $2, $3, 'А', 'Б', '{}', now(), 1 FROM generate_series(1, $4)
    """
    ids = (lesson["lesson_id"], assignment, online.school.class_id)
    await online.it.runtime.database.pool.execute(fill, *ids, MOST_WORKS - 1)
    pool = online.it.runtime.database.pool

    async def is_waiting() -> bool:
        return second.done() or await pool.fetchval("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")

    async with online.it.runtime.database.transaction() as tx:
        share = (await visit(tx, code_of(lesson), "")).opened()
        await hand_in(tx, share, UUID(assignment), Typed("Волков", "Иван", "x", ()))
        second = asyncio.create_task(online.hand_in(code_of(lesson), assignment, "198.51.100.9"))
        await until(is_waiting, "the second one sees the first")
    full = await second
    assert (full.status_code, full.json()["code"]) == (409, "too-many-works")


async def test_files_and_links_of_a_lesson_are_there_for_its_class_alone(online: Online) -> None:
    school, it = online.school, online.it
    lesson, other = await online.plan(), await online.plan(3, 4)
    content = "Правило".encode()
    file_id = await uploaded(it, school.teacher.headers, content, "правило.txt")
    path = f"/online-lessons/{lesson['lesson_id']}/materials"
    await school.teacher.made(path, file_id=file_id)
    made: Any = await school.teacher.made(path, url="https://resh.edu.ru/5", title="Урок РЭШ")
    file, link = made
    assert (file["title"], file["kind"], file["size"]) == ("правило.txt", "txt", len(content))
    page = (await online.join(code_of(lesson))).json()
    assert page["materials"] == [file, link]
    there = f"/cabinet/join/{code_of(lesson)}/materials/{file['material_id']}/file"
    got = await it.http.get(there)
    assert (got.status_code, got.content, got.headers["x-content-type-options"]) == (200, content, "nosniff")
    assert got.headers["content-disposition"].startswith("attachment")
    for wrong in (
        there.replace(code_of(lesson), code_of(other)),
        there.replace(file["material_id"], link["material_id"]),
        there.replace(file["material_id"], file_id),
    ):
        assert (await it.http.get(wrong)).status_code == 404
    gone = await school.teacher.call("DELETE", f"{path}/{file['material_id']}")
    assert gone.status_code == 204
    assert (await it.http.get(there)).status_code == 404
    assert await it.runtime.database.pool.fetchval("SELECT state FROM file WHERE file_id = $1", file_id) == "kept"
