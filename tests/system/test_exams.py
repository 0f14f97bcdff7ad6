"""Exam results on the real stack, through the gateway: an editor, a head, a teacher, a stranger; a kill in between."""

import json
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import urlencode

import asyncpg
import pytest
from ekis_local.kafka import Kafka
from live import Live
from story import Person, School, Session
from topics import Witness

EXAM = {"exam": "ЕГЭ", "year": "2026", "subject": "Русский язык"}
QUERY = urlencode(EXAM)
TOPIC = "exam-results-published"
ROWS = 40_000


def witness(live: Live) -> Witness:
    broker = SimpleNamespace(address=live.stack.kafka, admin=("admin", live.stack.kafka_passwords["admin"]))
    return Witness(cast("Kafka", broker), "cabinet-svc")


def file(*lines: str) -> bytes:
    return "\n".join(["ОГРН;Код участника;Первичный балл;Тестовый балл;Статус;Основание", *lines]).encode()


async def headed(live: Live, name: str) -> tuple[School, Session]:
    """A school whose head has an open cabinet."""
    head = Person(last_name="Главная")
    school = await live.story.register(head, School(name=name))
    _, session = await live.story.settled_in(head, school, "head")
    await live.story.workplace(session)
    return school, session


async def taught(live: Live, school: School, head: Session, subject: str) -> Session:
    """A teacher whom the head has given that subject in the year of the exam."""
    person = Person(last_name="Словесная")
    await live.story.enrol(school, person)
    _, session = await live.story.settled_in(person, school)
    await live.story.workplace(session)
    me = await live.story.ok("GET", "/identity/me", headers=session.headers)
    ok, headers = live.story.ok, head.headers
    class_ = await ok("POST", "/cabinet/classes", json={"name": "11А", "year": 2025}, headers=headers)
    named = await ok("POST", "/cabinet/subjects", json={"name": subject}, headers=headers)
    load = {"class_id": class_["class_id"], "subject_id": named["subject_id"], "account_id": me["account_id"]}
    await ok("POST", "/cabinet/loads", json=load, headers=headers)
    return session


async def upload(live: Live, data: bytes, name: str = "ЕГЭ.csv", **form: str) -> str:
    editor = await live.operator("editor")
    sent = await live.story.ok(
        "POST", "/cabinet/exam-batches", files={"file": (name, data)}, data=EXAM | form, headers=editor
    )
    return str(sent["batch_id"])


async def done(live: Live, batch_id: str) -> dict[str, Any]:
    async def look() -> dict[str, Any] | None:
        editor = await live.operator("editor")
        batch = await live.story.ok("GET", f"/cabinet/exam-batches/{batch_id}", headers=editor)
        return batch if batch["state"] not in ("queued", "running") else None

    batch: dict[str, Any] = await live.settle(look)
    return batch


async def results(live: Live, who: Session) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await live.story.ok("GET", f"/cabinet/exam-results?{QUERY}", headers=who.headers))[
        "items"
    ]
    return items


async def published_since(live: Live, topic: Witness, begin: Any) -> list[dict[str, Any]]:
    """Events of what was published, of several partitions in any order, once all have left."""
    connection = await asyncpg.connect(live.stack.databases["cabinet"])

    async def have_left() -> bool:
        return not await connection.fetchval("SELECT count(*) FROM outbox")

    await live.settle(have_left)
    await connection.close()
    return [json.loads(one.value) for one in await topic.between(begin, await topic.ends(TOPIC))]


async def told(live: Live, who: Session) -> None:
    async def look() -> Any:
        inbox = await live.story.ok("GET", "/cabinet/inbox", headers=who.headers)
        return [one for one in inbox["items"] if one["kind"] == "exam-results"]

    (notice,) = await live.settle(look)
    assert notice["title"] == "ЕГЭ 2026: Русский язык"


@pytest.mark.timeout(300)  # the first one waits for the stack as well
async def test_results_reach_the_school_and_nobody_else(live: Live) -> None:
    school, head = await headed(live, "Школа экзаменов")
    other, stranger = await headed(live, "Чужая школа")
    teacher = await taught(live, school, head, "Русский язык")
    topic = witness(live)
    begin = await topic.ends(TOPIC)
    rows = [f"{school.ogrn};a-{number};{number};{50 + number};;" for number in range(6)]
    data = file(*rows, f"{school.ogrn};Иванова;1;1;;", f"{other.ogrn};b-1;40;90;;")
    tried = await done(live, await upload(live, data))
    assert (tried["state"], tried["new"], tried["rejected"], tried["published_at"]) == ("done", 7, 1, None)
    assert await results(live, head) == []
    editor = await live.operator("editor")
    report = await live.call("GET", tried["report_url"].removeprefix("/api"), headers=editor)
    assert "Имя писать нельзя" in report.text
    await live.story.ok("POST", f"/cabinet/exam-batches/{tried['batch_id']}/apply", headers=editor)
    published = await done(live, tried["batch_id"])
    assert (published["new"], published["batch_version"]) == (7, 1)
    for who in (head, teacher, stranger):
        await told(live, who)
    assert [one["test_score"] for one in await results(live, teacher)] == [50, 51, 52, 53, 54, 55]
    assert [one["code"] for one in await results(live, stranger)] == ["B-1"]
    first = (await results(live, head))[0]
    known = await live.story.ok(
        "POST", "/cabinet/exam-results/familiarisations", headers=teacher.headers,
        json={"results": [{"result_id": first["result_id"], "version": 1}]},
    )  # fmt: skip
    assert known["items"][0]["familiarised"]["by"] == "Словесная Анна Сергеевна"
    path = f"/cabinet/exam-results/{first['result_id']}/versions"
    assert (await live.call("GET", path, headers=stranger.headers)).status_code == 404
    summary = await live.story.ok("GET", f"/cabinet/exam-results/summary?{QUERY}", headers=head.headers)
    assert (summary["school"]["average"], summary["city"]["hidden"]) == (52.5, "subtraction")
    await correct(live, school, head)
    events = await published_since(live, topic, begin)
    schools = sorted((sorted(one["school_ids"]) for one in events), key=len)
    assert schools == [[school.school_id], sorted([school.school_id, other.school_id])]
    assert "a-0" not in json.dumps(events).lower()


async def correct(live: Live, school: School, head: Session) -> None:
    """An appeal is upheld: a second version, of which the pupil has still to be told; twice says nothing more."""
    data = file(f"{school.ogrn};a-0;3;60;;Апелляция удовлетворена")
    assert (await done(live, await upload(live, data, mode="apply")))["changed"] == 1
    assert (await done(live, await upload(live, data, mode="apply")))["unchanged"] == 1
    changed = (await results(live, head))[0]
    assert (changed["state"], changed["version"], changed["familiarised"]) == ("changed", 2, None)
    exported = await live.call("GET", f"/cabinet/exam-results.csv?{QUERY}", headers=head.headers)
    assert "Для служебного пользования" in exported.text


@pytest.mark.timeout(300)
async def test_a_killed_worker_is_followed_and_nothing_is_published_twice(live: Live) -> None:
    school, head = await headed(live, "Большая школа")
    topic = witness(live)
    begin = await topic.ends(TOPIC)
    batch_id = await upload(live, file(*(f"{school.ogrn};z-{n};;{n % 101};;" for n in range(ROWS))), mode="apply")
    connection = await asyncpg.connect(live.stack.databases["cabinet"])

    async def has_begun() -> bool:
        return bool(await connection.fetchval("SELECT done FROM exam_batch WHERE batch_id = $1", batch_id))

    await live.settle(has_begun)
    await live.stack.kill("cabinet")
    await live.stack.wait_ready("cabinet")
    batch = await done(live, batch_id)
    assert (batch["state"], batch["done"], batch["new"]) == ("done", ROWS, ROWS)
    assert len(await results(live, head)) == 50
    await connection.close()
    assert [one["batch_id"] for one in await published_since(live, topic, begin)] == [batch_id]
