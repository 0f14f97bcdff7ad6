"""Anybody searches schools and reads one."""

from typing import Any
from uuid import uuid4

import pytest

from .conftest import SCHOOL, Registry, school_form


@pytest.fixture
async def three(registry: Registry) -> list[str]:
    names = {101: "Берёзовая гимназия № 101", 102: "Лицей «Зелёная роща» № 102", 103: "Школа № 1010"}
    districts = {101: "Заречный", 102: "Заречный", 103: "Речной"}
    return [
        await registry.school(school_form(n, full_name=f"Учреждение «{name}»", short_name=name, district=districts[n]))
        for n, name in names.items()
    ]


async def found(registry: Registry, **query: Any) -> list[str]:
    answer = await registry.http.get("/registry/schools", params=query)
    assert answer.status_code == 200, answer.text
    return [item["school_id"] for item in answer.json()["items"]]


@pytest.mark.parametrize(
    ("q", "first"),
    [
        ("берёзовая", 0),
        ("БЕРЕЗОВАЯ гимназия", 0),
        ("бирезовая", 0),  # a typo
        ("гимнзия", 0),
        ("роща зеленая", 1),
        ("зелен", 1),
        ("1010", 2),
        ("лицей 102", 1),
    ],
)
async def test_a_part_of_the_name_is_enough_and_typos_are_forgiven(
    registry: Registry, three: list[str], q: str, first: int
) -> None:
    assert (await found(registry, q=q))[0] == three[first]


async def test_exact_filters(registry: Registry, three: list[str]) -> None:
    one = school_form(102)
    assert await found(registry, inn=one["inn"]) == [three[1]]
    assert await found(registry, ogrn=one["ogrn"]) == [three[1]]
    assert set(await found(registry, district="Заречный")) == {three[0], three[1]}
    assert await found(registry, district="Речной", status="active") == [three[2]]
    assert await found(registry, status="closed") == []
    assert await found(registry, q="гимназия", district="Речной") == []
    assert set(await found(registry, q="", inn="", ogrn="", district="")) == set(three)


@pytest.mark.parametrize("query", [{}, {"q": "№ 10"}, {"q": "школа лицей гимназия 10"}, {"district": "Заречный"}])
async def test_pages_go_on_without_gap_or_repeat(registry: Registry, three: list[str], query: dict[str, str]) -> None:
    whole = await found(registry, **query)
    pages, cursor = [], None
    while True:
        params = query | {"limit": "1"} | ({"cursor": cursor} if cursor else {})
        answer = (await registry.http.get("/registry/schools", params=params)).json()
        pages += [item["school_id"] for item in answer["items"]]
        cursor = answer["next"]
        if cursor is None:
            break
    assert pages == whole


async def test_a_school_is_public_with_its_contacts(registry: Registry, school_id: str) -> None:
    answer = await registry.http.get(f"/registry/schools/{school_id}")
    assert answer.headers["etag"] == '"1"'
    school = answer.json()
    assert school["school_id"] == school_id
    assert (school["phones"], school["emails"]) == (["+74959637677"], ["office@school1505.example"])
    assert {key: school[key] for key in ("inn", "kpp", "ogrn")} == {key: SCHOOL[key] for key in ("inn", "kpp", "ogrn")}
    assert "Соловьёва" not in answer.text


async def test_an_unknown_school_is_not_found(registry: Registry) -> None:
    answer = await registry.http.get(f"/registry/schools/{uuid4()}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"q": "x" * 301}, "/q"),
        ({"q": "a\x00b"}, "/q"),
        ({"district": "a\u202eb"}, "/district"),
        ({"status": "gone"}, "/status"),
        ({"limit": "0"}, "/limit"),
        ({"limit": "201"}, "/limit"),
        ({"cursor": "%%%"}, "/cursor"),
        ({"cursor": "WzFd"}, "/cursor"),  # [1]
        ({"cursor": "WyJhIiwgImIiXQ"}, "/cursor"),  # ["a", "b"]
        (
            {"q": "школа", "cursor": "Wzk5OTk5OTk5OTk5LCAiMDFhMjBhYjgtNDBmNS03MjA1LTg3MmYtODA3YzFlYTU2YWJiIl0"},
            "/cursor",
        ),
    ],
)
async def test_bad_queries(registry: Registry, query: dict[str, str], pointer: str) -> None:
    answer = await registry.http.get("/registry/schools", params=query)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


async def test_every_filter_has_an_index(registry: Registry) -> None:
    """With sequential scans forbidden the planner must find an index for each."""
    queries = ["inn = '1'", "ogrn = '1'", "district = 'a'", "status = 'active'", "'школа' <% search"]
    async with registry.it.runtime.database.transaction() as tx:
        await tx.execute("SET LOCAL enable_seqscan = off")
        for where in queries:
            plan = await tx.fetch(f"EXPLAIN SELECT * FROM school WHERE {where}")
            assert any("Index" in row[0] and "Cond" in row[0] for row in plan), (where, plan)
