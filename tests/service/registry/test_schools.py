"""Anybody searches schools and reads one."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from registry.actions.schools import change_school
from registry.store import schools

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
        ("101", 0),
        ("№101", 0),
        ("гимназия101", 0),
        ("школа № 1010", 2),
        ("сош 1010", 2),
        ("лицей 102", 1),
        ("лецей 102", 1),
        (school_form(102)["inn"], 1),
        (f"ИНН {school_form(103)['inn']} гимназия", 2),
        (school_form(102)["ogrn"], 1),
        ("б' OR 1=1 -- берёзовая", 0),
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
    assert await found(registry, q="гимназия", status="closed") == []
    assert await found(registry, q="гимназия", inn=one["inn"]) == []
    assert await found(registry, q="лицей", inn=one["inn"], ogrn=one["ogrn"]) == [three[1]]
    assert await found(registry, q=school_form(101)["inn"], inn=one["inn"]) == []
    assert await found(registry, q="юююю") == []
    assert set(await found(registry, q="", inn="", ogrn="", district="")) == set(three)


async def test_a_district_may_be_an_okrug(registry: Registry, three: list[str]) -> None:
    okrug = "UPDATE school SET okrug = $2 WHERE school_id = $1"
    for school_id, name in zip(three, ("Северный", "Заречный", "Северный"), strict=True):
        await registry.it.runtime.database.pool.execute(okrug, UUID(school_id), name)
    for query in ({}, {"q": "школа"}):
        assert set(await found(registry, district="Северный", **query)) == {three[0], three[2]}
        assert sorted(await found(registry, district="Заречный", **query)) == sorted(three[:2]), "none of them twice"
        assert await found(registry, district="Северный", status="active", limit=1, **query)


@pytest.mark.parametrize("q", ["%", "_", "'", '"', "\\", "школа государственное", "г", " "])
async def test_signs_and_what_all_schools_share_narrow_nothing(registry: Registry, three: list[str], q: str) -> None:
    assert three[2] in await found(registry, q=q)


async def test_another_name_is_found_by_its_own_words_only(registry: Registry, three: list[str]) -> None:
    """The words follow the school when it is renamed."""
    async with registry.it.runtime.database.transaction() as tx:
        school = await schools.school_for_update(tx, UUID(three[0]))
        assert school
        await change_school(tx, school, {"full_name": "Ясеневый лицей № 7", "short_name": "Лицей № 7"}, "feed")
    assert await found(registry, q="ясеневый") == [three[0]]
    assert await found(registry, q="берёзовая") == []
    assert three[0] not in await found(registry, q="гимназия 101")


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
