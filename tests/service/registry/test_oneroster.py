"""The registry in the words of OneRoster 1.2, for entitled systems; who reads people is on record."""

import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import httpx
import pytest

from .conftest import Registry, school_form

BASE = "/registry/oneroster/v1p2"


async def get(registry: Registry, path: str, scope: str = "roster:read", **query: Any) -> httpx.Response:
    answer: httpx.Response = await registry.http.get(f"{BASE}{path}", params=query, headers=registry.system(scope))
    return answer


async def orgs(registry: Registry, **query: Any) -> list[dict[str, Any]]:
    answer = await get(registry, "/orgs", "schools:read", **query)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["orgs"])


async def users(registry: Registry, **query: Any) -> list[dict[str, Any]]:
    answer = await get(registry, "/users", **query)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["users"])


async def test_schools_are_orgs(registry: Registry, school_id: str) -> None:
    (org,) = await orgs(registry)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", org["dateLastModified"])
    assert {name: org[name] for name in ("sourcedId", "status", "name", "type", "identifier")} == {
        "sourcedId": school_id,
        "status": "active",
        "name": "ГБОУ Школа № 1505",
        "type": "school",
        "identifier": "1027739123455",
    }
    assert org["metadata"]["inn"] == "7718084659"
    assert "Соловьёва" not in json.dumps(org, ensure_ascii=False)
    for path in (f"/orgs/{school_id}", f"/schools/{school_id}"):
        assert (await get(registry, path, "schools:read")).json() == {"org": org}
    assert (await get(registry, "/schools", "schools:read")).json() == {"orgs": [org]}
    assert (await get(registry, f"/orgs/{uuid4()}", "schools:read")).status_code == 404


async def test_the_roll_is_users(registry: Registry, school_id: str) -> None:
    teacher = await registry.staff(school_id)
    director, user = await users(registry)
    assert director["roles"][0]["role"] == "principal"
    at = {"href": f"http://ekis.test/api{BASE}/orgs/{school_id}", "sourcedId": school_id, "type": "org"}
    assert user | {"dateLastModified": ""} == {
        "sourcedId": teacher["staff_id"],
        "status": "active",
        "dateLastModified": "",
        "enabledUser": "true",
        "givenName": "Пётр",
        "familyName": "Ёлкин",
        "middleName": "Ильич",
        "roles": [
            {
                "roleType": "primary",
                "role": "teacher",
                "org": at,
                "beginDate": None,
                "endDate": None,
                "metadata": {"post": "учитель физики"},
            }
        ],
        "primaryOrg": at,
        "email": "elkin@school1505.example",
    }
    assert (await get(registry, f"/users/{teacher['staff_id']}")).json() == {"user": user}
    cook = await registry.staff(school_id, last_name="Поварова", post="повар")
    assert (await users(registry))[-1]["sourcedId"] == cook["staff_id"]
    assert (await users(registry))[-1]["roles"][0]["role"] == "ext:employee"


async def test_of_who_has_left_the_id_alone_is_told(registry: Registry, school_id: str) -> None:
    teacher = await registry.staff(school_id)
    path = f"/registry/schools/{school_id}/staff/{teacher['staff_id']}?reason=resigned"
    assert (await registry.http.delete(path, headers=registry.registrar)).status_code == 204
    answer = await get(registry, "/users", filter="status='tobedeleted'")
    (user,) = answer.json()["users"]
    assert (user["sourcedId"], user["status"], user["enabledUser"]) == (teacher["staff_id"], "tobedeleted", "false")
    for word in ("Ёлкин", "Пётр", "elkin", "физики"):
        assert word not in answer.text.encode().decode("unicode_escape", "ignore") + json.dumps(
            user, ensure_ascii=False
        )


def links(answer: httpx.Response) -> dict[str, dict[str, str]]:
    """The query of each link."""
    found = re.findall(r'<([^>]+)>; rel="(\w+)"', answer.headers["link"])
    return {rel: {k: v[0] for k, v in parse_qs(urlsplit(url).query).items()} for url, rel in found}


@pytest.mark.parametrize("sort", ["sourcedId", "dateLastModified"])
@pytest.mark.parametrize("limit", ["2", "1"])
async def test_pages_count_and_link(registry: Registry, sort: str, limit: str) -> None:
    made = [await registry.school(school_form(n)) for n in range(101, 105)]
    seen, query = [], {"limit": limit, "sort": sort}
    while query:
        answer = await get(registry, "/orgs", "schools:read", **query)
        assert answer.headers["x-total-count"] == "4"
        seen += [one["sourcedId"] for one in answer.json()["orgs"]]
        found = links(answer)
        assert (found["first"]["offset"], found["last"]["offset"]) == ("0", str(4 - int(limit)))
        assert all(one["sort"] == sort for one in found.values())
        query = found.get("next", {})
    assert seen == made
    assert [one["sourcedId"] for one in await orgs(registry, orderBy="desc", limit=2)] == made[:1:-1]


async def test_offsets_are_taken_too(registry: Registry) -> None:
    made = [await registry.school(school_form(n)) for n in range(101, 106)]
    answer = await get(registry, "/orgs", "schools:read", limit=2, offset=2)
    assert [one["sourcedId"] for one in answer.json()["orgs"]] == made[2:4]
    found = links(answer)
    assert found["prev"]["offset"] == "0"
    following = await get(registry, "/orgs", "schools:read", **found["next"])
    assert [one["sourcedId"] for one in following.json()["orgs"]] == made[4:]
    assert "next" not in links(following)
    refused = await get(registry, "/orgs", "schools:read", offset=300_001)
    assert (refused.json()["errors"][0]["code"], "next" in refused.json()["title"]) == ("offset-too-far", True)


async def test_what_changes_meanwhile_is_told_again(registry: Registry) -> None:
    made = [await registry.school(school_form(n)) for n in range(101, 104)]
    moment = "dateLastModified>'2026-01-01T00:00:00Z'"
    first = await get(registry, "/orgs", "schools:read", filter=moment, limit=2)
    assert [one["sourcedId"] for one in first.json()["orgs"]] == made[:2], "by time, since time was asked for"
    changed = "UPDATE school SET changed_at = now() + interval '1 hour' WHERE school_id = $1"
    await registry.it.runtime.database.pool.execute(changed, UUID(made[0]))
    rest = await get(registry, "/orgs", "schools:read", **links(first)["next"])
    assert [one["sourcedId"] for one in rest.json()["orgs"]] == [made[2], made[0]]


@pytest.mark.parametrize("cursor", ["x", "ё", "W10", "WzFd", "bnVsbA", "W1tdXQ", "WyItMSIsICJhIl0", "e30", "WzFd" * 9])
async def test_a_cursor_that_is_none_is_refused(registry: Registry, cursor: str) -> None:
    answer = await get(registry, "/orgs", "schools:read", cursor=cursor)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "cursor-malformed")


async def test_a_cursor_of_another_order_is_refused(registry: Registry) -> None:
    for n in range(101, 103):
        await registry.school(school_form(n))
    found = links(await get(registry, "/orgs", "schools:read", limit=1))["next"]
    answer = await get(registry, "/orgs", "schools:read", **found | {"sort": "dateLastModified"})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "cursor-malformed")


async def test_filters(registry: Registry) -> None:
    one, two = await registry.school(school_form(101)), await registry.school(school_form(102))
    first, second = [(it["sourcedId"], it["dateLastModified"]) for it in await orgs(registry)]
    assert (first[0], second[0]) == (one, two)

    async def found(text: str) -> list[str]:
        return [it["sourcedId"] for it in await orgs(registry, filter=text, sort="dateLastModified")]

    assert await found(f"dateLastModified>'{first[1]}'") == [two]
    assert await found(f"dateLastModified>='{first[1]}'") == [one, two]
    assert await found(f"dateLastModified='{second[1]}'") == [two]
    assert await found(f"status='active' AND dateLastModified > '{first[1]}'") == [two]
    assert await found("status='tobedeleted'") == []
    await registry.it.runtime.database.pool.execute(
        "UPDATE school SET status = 'closed' WHERE school_id = $1", UUID(one)
    )
    assert await found("status='tobedeleted'") == [one]
    assert await found("dateLastModified>'2026-01-01'") == [one, two]


@pytest.mark.parametrize(
    "query",
    [
        {"filter": "familyName='Иванова'"},
        {"filter": "status!='active'"},
        {"filter": "status='active' OR status='tobedeleted'"},
        {"filter": "status='active' AND"},
        {"filter": "status='gone'"},
        {"filter": "status>'active'"},
        {"filter": "dateLastModified>'yesterday'"},
        {"filter": "dateLastModified<'2026-01-01'"},
        {"filter": "dateLastModified>'0001-01-01T00:00:00+14:00'"},
        {"filter": "status='active' AND status='active'"},
        {"filter": "'; DROP TABLE school"},
        {"sort": "name"},
        {"orderBy": "up"},
        {"fields": "sourcedId,password"},
    ],
)
async def test_what_is_not_understood_is_said_in_words(registry: Registry, query: dict[str, str]) -> None:
    answer = await get(registry, "/orgs", "schools:read", **query)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, f"/{next(iter(query))}")
    assert len(answer.json()["title"]) > 20


@pytest.mark.parametrize("query", [{"limit": "0"}, {"limit": "1001"}, {"offset": "-1"}, {"offset": "300001"}])
async def test_pages_are_bounded(registry: Registry, query: dict[str, str]) -> None:
    answer = await get(registry, "/users", **query)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, f"/{next(iter(query))}")


async def test_fields_are_chosen(registry: Registry, school_id: str) -> None:
    assert await orgs(registry, fields="sourcedId, name") == [{"sourcedId": school_id, "name": "ГБОУ Школа № 1505"}]


PATHS = {"/orgs": "schools:read", "/schools": "schools:read", "/users": "roster:read", "/users/{id}": "roster:read"}
PATHS |= {"/orgs/{id}": "schools:read", "/schools/{id}": "schools:read"}


@pytest.mark.parametrize("path", PATHS)
async def test_only_the_scope_opens(registry: Registry, path: str) -> None:
    path, right = path.format(id=uuid4()), PATHS[path]
    for scope in ("schools:read", "roster:read", "webhooks"):
        answer = await get(registry, path, scope)
        if scope == right:
            assert answer.status_code in (200, 404)
        else:
            assert (answer.status_code, answer.json()["code"]) == (403, "not-allowed")
    assert (await registry.http.get(f"{BASE}{path}")).status_code == 401
    persons = await registry.http.get(f"{BASE}{path}", headers=registry.it.signed_in(roles=["admin", right]))
    assert persons.status_code == 403


async def test_a_system_opens_nothing_of_persons(registry: Registry, school_id: str) -> None:
    for path in (f"/schools/{school_id}/card", f"/schools/{school_id}/staff", "/applications", "/system-reads"):
        headers = registry.system("schools:read", "roster:read")
        assert (await registry.http.get(f"/registry{path}", headers=headers)).status_code == 403, path


async def test_who_has_read_people_is_on_record(registry: Registry, school_id: str) -> None:
    teacher = await registry.staff(school_id)
    await users(registry)
    await get(registry, f"/users/{teacher['staff_id']}")
    await orgs(registry)
    listed = await registry.http.get("/registry/system-reads", headers=registry.it.signed_in(roles=["security"]))
    assert [(one["what"], one["count"]) for one in listed.json()["items"]] == [("user", 1), ("users", 2)]
    assert "Ёлкин" not in await registry.it.table("system_read")
    for who in (registry.registrar, registry.head_of(school_id, None)):
        assert (await registry.http.get("/registry/system-reads", headers=who)).status_code == 403
