"""What the department and the head tell people: an editor's order, a head's news, a teacher who reads, a stranger."""

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

from story import NEW_PASSWORD, Person, School, Session
from world import World

CARD = {"number": "15-р", "issued_on": "2026-11-01", "issuer": "Департамент образования", "kind": "order"}


async def entered(world: World, school: School, last_name: str, category: str = "employee") -> Session:
    person = Person(last_name)
    if category == "employee":
        await world.story.enrol(school, person)
    _, session = await world.story.settled_in(person, school, category)
    await world.bus.drain()
    return session


async def school_of_two(world: World) -> tuple[Session, Session]:
    """A head and a teacher with open cabinets."""
    head = Person("Директорова", "Вера")
    school = await world.story.register(head)
    teacher = Person("Учителева")
    await world.story.enrol(school, teacher)
    _, teachers = await world.story.settled_in(teacher, school)
    _, heads = await world.story.settled_in(head, school, "head")
    await world.bus.drain()
    return heads, teachers


async def ok(world: World, method: str, path: str, headers: dict[str, str], **options: Any) -> Any:
    return await world.story.ok(method, f"/cabinet{path}", headers=headers | {"If-Match": "*"}, **options)


async def mandatory_order(world: World) -> str:
    """Published by an editor; its text has been read."""
    editor = await world.operator("editor")
    file = {"file": ("приказ.txt", "Об аттестации педагогических работников".encode())}
    uploaded = await ok(world, "POST", "/files", editor, files=file)
    document = await ok(world, "POST", "/documents", editor, json=CARD | {"title": "Об аттестации"})
    path = f"/documents/{document['document_id']}/versions"
    deadline = (world.clock() + timedelta(days=10)).isoformat()
    version = {"file_id": uploaded["file_id"], "in_force_from": "2026-12-01", "is_mandatory": True}
    await ok(world, "POST", path, editor, json=version | {"acknowledge_by": deadline})
    await ok(world, "POST", f"{path}/1/publish", editor)
    await world.bus.drain()
    return str(document["document_id"])


async def test_an_order_is_told_found_read_acknowledged_and_outlives_the_teacher(world: World) -> None:
    heads, teachers = await school_of_two(world)
    document_id = await mandatory_order(world)

    (notice,) = (await ok(world, "GET", "/inbox", teachers.headers))["items"]
    assert (notice["kind"], notice["page"]) == ("document", f"/documents/{document_id}")
    (hit,) = (await ok(world, "GET", "/documents?q=аттестация работника", teachers.headers))["items"]
    assert "<mark>аттестации</mark>" in hit["found"]
    path = f"/documents/{document_id}"
    file = await world.call("GET", f"/cabinet{path}/versions/1/file", headers=teachers.headers)
    assert file.content.decode() == "Об аттестации педагогических работников"
    evidence = await ok(world, "POST", f"{path}/acknowledgement", teachers.headers, json={"version": 1})

    matrix = await ok(world, "GET", f"{path}/acknowledgements", heads.headers)
    signed = {one["last_name"]: one["acknowledged"] for one in matrix["items"]}
    assert signed == {"Директорова": None, "Учителева": evidence}
    editor = await world.operator("editor")
    counts = await ok(world, "GET", f"{path}/acknowledgements/counts", editor)
    assert (counts["asked"], counts["acknowledged"]) == (2, 1)

    body = {"password": NEW_PASSWORD}
    await world.story.ok("POST", "/identity/disable-requests", json=body, headers=teachers.headers)
    await world.bus.drain()
    matrix = await ok(world, "GET", f"{path}/acknowledgements", heads.headers)
    assert [one["acknowledged"] for one in matrix["items"] if one["is_former"]] == [evidence]
    assert evidence["sha256"] not in str([one for one in matrix["items"] if one["last_name"]])


async def test_news_of_a_school_reach_its_teacher_and_no_stranger(world: World) -> None:
    heads, teachers = await school_of_two(world)
    other = await world.story.register(Person("Орлов", "Пётр"))
    stranger = await entered(world, other, "Посторонняя")
    news = {"title": "Педсовет", "body": "Во вторник."}
    written = await ok(world, "POST", "/news", heads.headers, json=news)
    path = f"/news/{written['news_id']}"
    await ok(world, "POST", f"{path}/publish", heads.headers)
    await world.bus.drain()
    assert (await ok(world, "GET", "/inbox", teachers.headers))["unread"] == 1
    assert (await ok(world, "GET", path, teachers.headers))["body"] == "Во вторник."
    assert (await ok(world, "GET", "/inbox", teachers.headers))["unread"] == 0
    counts = await ok(world, "GET", f"/news/written/{written['news_id']}/counts", heads.headers)
    assert counts == {"addressed": 2, "read": 1}

    assert (await ok(world, "GET", "/inbox", stranger.headers))["items"] == []
    assert (await ok(world, "GET", "/news", stranger.headers))["items"] == []
    for method in ("GET", "PUT"):
        body = {"json": news} if method == "PUT" else {}
        answer = await world.call(method, f"/cabinet{path}", headers=stranger.headers | {"If-Match": "*"}, **body)
        assert answer.status_code in (403, 404)


async def test_who_comes_a_week_later_finds_the_order_and_takes_the_data_along(world: World) -> None:
    document_id = await mandatory_order(world)
    await world.pass_time(timedelta(days=7))
    school = await world.story.register(Person("Орлов", "Пётр"))
    late = await entered(world, school, "Поздняя")
    asked = (await ok(world, "GET", "/documents?asked=true", late.headers))["items"]
    assert [one["document_id"] for one in asked] == [document_id]
    told = (await ok(world, "GET", "/inbox", late.headers))["items"]
    assert document_id in [one["about"] for one in told]
    answer = await world.call("GET", "/cabinet/export", headers=late.headers)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        (known,) = json.loads(archive.read("names.json"))
    assert known["last_name"] == "Поздняя"


async def test_the_archive_asks_for_a_proof_anew_and_takes_what_identity_was_shown(world: World) -> None:
    school = await world.story.register(Person("Орлов", "Пётр"))
    late = await entered(world, school, "Осторожная")
    await world.pass_time(timedelta(minutes=6))

    async def renewed() -> dict[str, str]:
        answer = await world.call("POST", "/identity/sessions/refresh", cookies=late.cookies)
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}

    async def status(headers: dict[str, str]) -> int:
        return (await world.call("GET", "/cabinet/export", headers=headers)).status_code

    headers = await renewed()
    refused = await world.call("GET", "/cabinet/export", headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (401, "proof-required")
    proof = {"password": NEW_PASSWORD}
    assert (await world.call("POST", "/identity/second-factor/proof", json=proof, headers=headers)).status_code == 204
    assert await status(headers) == 401, "the token was signed before"
    assert await status(await renewed()) == 200
