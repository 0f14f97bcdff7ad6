"""The roll of a school: kept by its head and the registrar."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from ekis_contracts.registry import StaffChanged, StaffEnrolled, StaffLeft

from .conftest import TEACHER, Registry, school_form

PLACE = {"post": "учитель физики", "category": "employee"}


@pytest.fixture
async def head(registry: Registry, school_id: str) -> dict[str, str]:
    return registry.head_of(school_id, await registry.head_id(school_id))


async def test_a_head_enrols_a_teacher(registry: Registry, school_id: str, head: dict[str, str]) -> None:
    body = TEACHER | PLACE | {"since": "2026-09-01", "division": "естественные науки"}
    answer = await registry.http.post(f"/registry/schools/{school_id}/staff", json=body, headers=head)
    assert (answer.status_code, answer.headers["etag"]) == (201, '"1"')
    (event,) = await registry.told()
    assert isinstance(event, StaffEnrolled)
    assert (str(event.staff_id), event.post, event.employment) == (answer.json()["staff_id"], PLACE["post"], "main")
    assert registry.it.open(event.name).last_name == "Ёлкин"
    roll = await registry.http.get(f"/registry/schools/{school_id}/staff", headers=head)
    assert [one["last_name"] for one in roll.json()["items"]] == ["Соловьёва", "Ёлкин"]
    assert roll.json()["items"][1]["since"] == "2026-09-01"


async def test_a_repeated_post_enrols_once(registry: Registry, school_id: str, head: dict[str, str]) -> None:
    path, headers = f"/registry/schools/{school_id}/staff", head | {"Idempotency-Key": "k"}
    answers = [await registry.http.post(path, json=TEACHER | PLACE, headers=headers) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert len(await registry.told()) == 1


async def test_a_correction_is_told_once_and_only_if_it_changes(registry: Registry, school_id: str) -> None:
    record = await registry.staff(school_id)
    path = f"/registry/schools/{school_id}/staff/{record['staff_id']}"
    change = {"post": "учитель химии", "patronymic": None}
    answers = [await registry.http.patch(path, json=change, headers=registry.registrar) for _ in range(2)]
    assert [answer.headers["etag"] for answer in answers] == ['"2"', '"2"']
    ((event, envelope),) = await registry.published()
    assert isinstance(event, StaffChanged)
    assert (event.changed, event.post, envelope.sequence) == (["name", "post"], "учитель химии", 2)
    assert registry.it.open(event.name_for_identity).patronymic is None


async def test_a_stale_correction_shows_the_current_values(registry: Registry, school_id: str) -> None:
    record = await registry.staff(school_id)
    path = f"/registry/schools/{school_id}/staff/{record['staff_id']}"
    headers = registry.registrar | {"If-Match": '"1"'}
    first = await registry.http.patch(path, json={"post": "завуч"}, headers=headers)
    second = await registry.http.patch(path, json={"post": "лаборант"}, headers=headers)
    assert (first.status_code, second.status_code) == (200, 412)
    assert (second.json()["code"], second.json()["current"]["post"]) == ("stale-version", "завуч")


async def test_who_leaves_has_left_for_good(registry: Registry, school_id: str, head: dict[str, str]) -> None:
    record = await registry.staff(school_id)
    path = f"/registry/schools/{school_id}/staff/{record['staff_id']}"
    first = await registry.http.delete(path, params={"reason": "Уволилась Ёлкина"}, headers=head)
    assert (first.status_code, first.content) == (204, b"")
    ((event, envelope),) = await registry.published()
    assert isinstance(event, StaffLeft)
    assert (event.reason, envelope.sequence) == ("other", 2)
    for answer in (
        await registry.http.delete(path, params={"reason": "resigned"}, headers=head),
        await registry.http.patch(path, json={"post": "завуч"}, headers=head),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "staff-has-left")
    roll = await registry.http.get(f"/registry/schools/{school_id}/staff", headers=head)
    assert record["staff_id"] not in {one["staff_id"] for one in roll.json()["items"]}
    back = await registry.staff(school_id)
    assert back["staff_id"] != record["staff_id"]


async def test_two_who_end_one_record_at_once(registry: Registry, school_id: str) -> None:
    record = await registry.staff(school_id)
    path = f"/registry/schools/{school_id}/staff/{record['staff_id']}"
    both = (registry.http.delete(path, params={"reason": "resigned"}, headers=registry.registrar) for _ in range(2))
    answers = await registry.race("SELECT 1 FROM staff WHERE staff_id = $1 FOR UPDATE", record["staff_id"], *both)
    assert sorted(answer.status_code for answer in answers) == [204, 409]
    assert [event.topic for event in await registry.told()] == ["staff-left"]


async def test_heads_are_the_departments_to_make_and_end(
    registry: Registry, school_id: str, head: dict[str, str]
) -> None:
    base, teacher = f"/registry/schools/{school_id}/staff", await registry.staff(school_id)
    own = f"{base}/{await registry.head_id(school_id)}"
    for answer in (
        await registry.http.post(base, json=TEACHER | PLACE | {"category": "head"}, headers=head),
        await registry.http.patch(f"{base}/{teacher['staff_id']}", json={"category": "head"}, headers=head),
        await registry.http.patch(own, json={"email": "else@b.ru"}, headers=head),
        await registry.http.delete(own, params={"reason": "resigned"}, headers=head),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "head-by-department")
    assert await registry.told() == []
    for answer in (
        await registry.http.patch(
            f"{base}/{teacher['staff_id']}", json={"category": "head"}, headers=registry.registrar
        ),
        await registry.http.delete(own, params={"reason": "resigned"}, headers=registry.registrar),
    ):
        assert answer.status_code in (200, 204)


async def test_another_schools_roll_is_not_to_be_known(registry: Registry, school_id: str) -> None:
    record = await registry.staff(school_id)
    other = await registry.school(school_form(2))
    stranger = registry.head_of(other, await registry.head_id(other))
    base = f"/registry/schools/{school_id}/staff"
    one = f"{base}/{record['staff_id']}"
    crossed = f"/registry/schools/{other}/staff/{record['staff_id']}"
    answers = [
        await registry.http.get(base, headers=stranger),
        await registry.http.post(base, json=TEACHER | PLACE, headers=stranger),
        await registry.http.patch(one, json={"post": "завуч"}, headers=stranger),
        await registry.http.delete(one, params={"reason": "resigned"}, headers=stranger),
        await registry.http.patch(crossed, json={"post": "завуч"}, headers=stranger),
        await registry.http.patch(crossed, json={"post": "завуч"}, headers=registry.registrar),
        await registry.http.post(
            f"/registry/schools/{uuid4()}/staff", json=TEACHER | PLACE, headers=registry.registrar
        ),
    ]
    assert {answer.status_code for answer in answers} == {404}


@pytest.mark.parametrize(
    ("claims", "status"),
    [(None, 401), ({"category": "employee"}, 403), ({"roles": ["support"]}, 403), ({"scope": "activation"}, 403)],
)
async def test_others_have_no_business_with_the_roll(
    registry: Registry, school_id: str, claims: dict[str, Any] | None, status: int
) -> None:
    headers = registry.it.signed_in(school_id=UUID(school_id), **claims) if claims is not None else {}
    base = f"/registry/schools/{school_id}/staff"
    read = await registry.http.get(base, headers=headers)
    written = await registry.http.post(base, json=TEACHER | PLACE, headers=headers)
    assert (read.status_code, written.status_code) == (status, status)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"last_name": "Ёлкин2"}, "/last_name"),
        ({"last_name": "x" * 101}, "/last_name"),
        ({"category": "director"}, "/category"),
        ({"email": "не почта"}, "/email"),
        ({"since": "вчера"}, "/since"),
        ({"post": None}, "/post"),
        ({"post": "a\u200bb"}, "/post"),
        ({"salary": 1}, "/salary"),
    ],
)
async def test_bad_input_names_the_field(registry: Registry, school_id: str, change: Any, pointer: str) -> None:
    record = await registry.staff(school_id)
    base = f"/registry/schools/{school_id}/staff"
    for answer in (
        await registry.http.post(base, json=TEACHER | PLACE | change, headers=registry.registrar),
        await registry.http.patch(f"{base}/{record['staff_id']}", json=change, headers=registry.registrar),
    ):
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
    left = await registry.http.delete(f"{base}/{record['staff_id']}", headers=registry.registrar)
    assert (left.status_code, left.json()["errors"][0]["pointer"]) == (422, "/reason")


async def test_the_roll_is_paged(registry: Registry, school_id: str) -> None:
    made = [await registry.head_id(school_id)] + [(await registry.staff(school_id))["staff_id"] for _ in range(3)]
    seen, cursor = [], None
    while True:
        params = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        path = f"/registry/schools/{school_id}/staff"
        answer = (await registry.http.get(path, params=params, headers=registry.registrar)).json()
        seen += [one["staff_id"] for one in answer["items"]]
        cursor = answer["next"]
        if cursor is None:
            break
    assert seen == made
    bad = await registry.http.get(path, params={"cursor": "WzFd"}, headers=registry.registrar)
    assert bad.json()["code"] == "cursor-malformed"
