"""Whom the roll leaves in doubt, a person decides."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from chassis.db import new_id

from .conftest import HEAD, SCHOOL, TEACHER, Registry, school_form

NEW_PLACE = {"post": "учитель физики", "category": "employee"}


@pytest.fixture
async def head(registry: Registry, school_id: str) -> dict[str, str]:
    return registry.head_of(school_id, await registry.head_id(school_id))


async def listed(registry: Registry, headers: dict[str, str], **params: Any) -> list[dict[str, Any]]:
    answer = await registry.http.get("/registry/referrals", params=params, headers=headers)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def test_the_head_sees_who_asks_and_who_it_may_be(
    registry: Registry, school_id: str, head: dict[str, str]
) -> None:
    record = await registry.staff(school_id, email=None)
    request_id = await registry.ask(post="физик")
    (item,) = await listed(registry, head)
    assert set(item) >= {"request_id", "number", "applicant", "category", "reason", "to", "until", "candidates"}
    assert (item["request_id"], item["number"], item["reason"], item["to"]) == (
        str(request_id),
        "R26-000001",
        "no-email",
        "head",
    )
    assert item["applicant"] == TEACHER | {"post": "физик", "lang": "ru"}
    assert [one["staff_id"] for one in item["candidates"]] == [record["staff_id"]]


async def test_confirming_a_candidate_verifies(registry: Registry, school_id: str, head: dict[str, str]) -> None:
    record = await registry.staff(school_id, email=None)
    request_id = await registry.ask()
    await registry.told()
    answer = await registry.answer(request_id, head, decision="confirm", staff_id=record["staff_id"])
    assert (answer.status_code, answer.json()["state"]) == (200, "verified")
    ((event, envelope),) = await registry.published()
    assert (event.topic, event.by, str(event.staff_id)) == ("account-request-verified", "head", record["staff_id"])
    assert (event.request_version, envelope.sequence) == (1, 2)
    assert await listed(registry, head) == []


async def test_confirming_a_newcomer_enrols_in_the_same_step(
    registry: Registry, school_id: str, head: dict[str, str]
) -> None:
    request_id = await registry.ask()
    await registry.told()
    assert (await registry.answer(request_id, head, decision="confirm", **NEW_PLACE)).status_code == 200
    enrolled, verified = await registry.told()
    assert (enrolled.topic, verified.topic) == ("staff-enrolled", "account-request-verified")
    assert enrolled.staff_id == verified.staff_id
    assert registry.it.open(enrolled.name).last_name == TEACHER["last_name"]
    roll = await registry.http.get(f"/registry/schools/{school_id}/staff", headers=head)
    assert [one["email"] for one in roll.json()["items"]] == [HEAD["email"], None]


async def test_a_decision_counts_for_the_address_that_was_read(
    registry: Registry, school_id: str, head: dict[str, str]
) -> None:
    record = await registry.staff(school_id, email=None)
    request_id = await registry.ask()
    (item,) = await listed(registry, head)
    assert item["request_version"] == 1
    await registry.ask(request_id=request_id, version=2, email="stranger@mail.example")
    confirm = {"decision": "confirm", "staff_id": record["staff_id"]}
    stale = await registry.answer(request_id, head, **confirm)
    assert (stale.status_code, stale.json()["code"]) == (409, "referral-changed")
    assert (await registry.answer(request_id, head, **confirm, request_version=1)).status_code == 409
    (item,) = await listed(registry, head)
    assert (item["request_version"], item["applicant"]["email"]) == (2, "stranger@mail.example")
    assert (await registry.answer(request_id, head, **confirm, request_version=1)).status_code == 409
    assert (await registry.answer(request_id, head, **confirm)).status_code == 200


async def test_declining_tells_a_code_and_keeps_the_words(
    registry: Registry, school_id: str, head: dict[str, str]
) -> None:
    request_id = await registry.ask()
    await registry.told()
    answer = await registry.answer(request_id, head, decision="decline", reason="Ёлкин у нас не работает")
    assert answer.json() == {"request_id": str(request_id), "state": "declined"}
    (event,) = await registry.told()
    assert (event.topic, event.reason) == ("account-request-declined", "declined-by-head")
    assert "у нас не работает" in await registry.it.everything()
    await registry.close(request_id, "declined")
    assert "у нас не работает" not in await registry.it.everything()


async def test_a_head_sees_and_decides_the_own_school_only(
    registry: Registry, school_id: str, head: dict[str, str]
) -> None:
    other = await registry.school(school_form(2))
    stranger = registry.head_of(other, await registry.head_id(other))
    request_id = await registry.ask()
    heads_business = await registry.ask(category="head")
    assert [one["request_id"] for one in await listed(registry, head)] == [str(request_id)]
    assert await listed(registry, stranger) == []
    everything = await listed(registry, registry.registrar)
    assert [one["request_id"] for one in everything] == sorted([str(request_id), str(heads_business)])
    for headers, asked in [(stranger, request_id), (head, heads_business), (head, new_id()), (stranger, new_id())]:
        answer = await registry.answer(asked, headers, decision="confirm", **NEW_PLACE)
        assert answer.status_code == 404
    assert (await registry.answer(new_id(), registry.registrar, decision="decline")).status_code == 404


@pytest.mark.parametrize(
    "applicant",
    [
        {key: HEAD[key] for key in ("last_name", "first_name", "patronymic")} | {"email": "else@mail.example"},
        {"last_name": "Соловьева", "first_name": "Анна Мария", "patronymic": None},
        {"email": HEAD["email"].upper()},
    ],
)
async def test_nobody_decides_an_own_request(
    registry: Registry, school_id: str, head: dict[str, str], applicant: dict[str, Any]
) -> None:
    request_id = await registry.ask(**applicant)
    await registry.told()
    answer = await registry.answer(request_id, head, decision="confirm", **NEW_PLACE)
    assert (answer.status_code, answer.json()["code"]) == (403, "own-request")
    assert await registry.told() == []


async def test_a_head_makes_no_heads(registry: Registry, school_id: str, head: dict[str, str]) -> None:
    own = await registry.head_id(school_id)
    request_id = await registry.ask()
    for body in ({"post": "директор", "category": "head"}, {"staff_id": own}):
        answer = await registry.answer(request_id, head, decision="confirm", **body)
        assert (answer.status_code, answer.json()["code"]) == (403, "head-by-department")
    answer = await registry.answer(request_id, registry.registrar, decision="confirm", staff_id=own)
    assert answer.status_code == 200


async def test_somebody_has_to_be_named(registry: Registry, school_id: str, head: dict[str, str]) -> None:
    other = await registry.school(school_form(2))
    gone = await registry.staff(school_id)
    path = f"/registry/schools/{school_id}/staff/{gone['staff_id']}"
    await registry.http.delete(path, params={"reason": "resigned"}, headers=head)
    request_id = await registry.ask()
    elsewhere = (await registry.staff(other))["staff_id"]
    for body in (
        {},
        {"post": "учитель"},
        {"category": "employee"},
        *({"staff_id": one} for one in (elsewhere, str(new_id()), gone["staff_id"])),
    ):
        answer = await registry.answer(request_id, head, decision="confirm", **body)
        assert (answer.status_code, answer.json()["code"]) == (422, "staff-required")
        assert answer.json()["errors"][0]["pointer"] == "/staff_id"


async def test_a_decision_is_taken_once(registry: Registry, school_id: str, head: dict[str, str]) -> None:
    request_id = await registry.ask()
    await registry.told()
    body: dict[str, Any] = {"decision": "confirm", **NEW_PLACE}
    lock = "SELECT 1 FROM account_request WHERE request_id = $1 FOR UPDATE"
    both = (registry.answer(request_id, who, **body) for who in (head, registry.registrar))
    answers = await registry.race(lock, request_id, *both)
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    (refused,) = [answer.json()["code"] for answer in answers if answer.status_code == 409]
    assert refused == "already-decided"
    assert [event.topic for event in await registry.told()] == ["staff-enrolled", "account-request-verified"]


async def test_a_closed_request_is_not_decided(registry: Registry, school_id: str, head: dict[str, str]) -> None:
    request_id = await registry.ask()
    await registry.close(request_id)
    for who in (head, registry.registrar):
        answer = await registry.answer(request_id, who, decision="decline")
        assert (answer.status_code, answer.json()["code"]) == (409, "request-closed")


async def test_without_an_answer_the_department_gets_it(
    registry: Registry, school_id: str, head: dict[str, str]
) -> None:
    request_id = await registry.ask()
    (referred,) = await registry.told()
    registry.it.clock.move(referred.until - registry.it.clock() - timedelta(minutes=1))
    await registry.it.run_loops()
    assert await registry.told() == []
    registry.it.clock.move(timedelta(minutes=2))
    await registry.it.run_loops()
    ((event, envelope),) = await registry.published()
    assert (event.topic, event.to, event.until, event.contact) == ("account-request-referred", "department", None, None)
    assert (event.reason, event.request_version, envelope.sequence) == (referred.reason, 1, 2)
    head = registry.head_of(school_id, await registry.head_id(school_id))  # the token of before has expired
    assert await listed(registry, head) == []
    assert (await registry.answer(request_id, head, decision="decline")).status_code == 404
    answer = await registry.answer(request_id, registry.registrar, decision="decline")
    assert answer.status_code == 200
    (declined,) = await registry.told()
    assert declined.reason == "declined-by-department"


async def test_of_several_branches_the_department_chooses(registry: Registry, school_id: str) -> None:
    branch = await registry.school(SCHOOL | {"kpp": "771802001", "ogrn": school_form(2)["ogrn"]})
    record = await registry.staff(branch, email=None)
    request_id = await registry.ask()
    (item,) = await listed(registry, registry.registrar)
    assert (item["reason"], item["to"]) == ("several-branches", "department")
    assert [(one["staff_id"], one["school_id"]) for one in item["candidates"]] == [(record["staff_id"], branch)]
    newcomer = await registry.answer(request_id, registry.registrar, decision="confirm", **NEW_PLACE)
    assert (newcomer.status_code, newcomer.json()["code"]) == (422, "staff-required")
    await registry.told()
    await registry.answer(request_id, registry.registrar, decision="confirm", staff_id=record["staff_id"])
    (event,) = await registry.told()
    assert str(event.school_id) == branch


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        (None, 401),
        ({"category": "employee"}, 403),
        ({"roles": ["support"]}, 403),
        ({"category": "head", "staff_id": new_id()}, 403),  # a head who is on no roll any more
    ],
)
async def test_others_decide_nothing(
    registry: Registry, school_id: str, claims: dict[str, Any] | None, status: int
) -> None:
    request_id = await registry.ask()
    headers = registry.it.signed_in(school_id=UUID(school_id), **claims) if claims is not None else {}
    assert (await registry.answer(request_id, headers, decision="decline")).status_code == status


async def test_a_head_without_a_school_sees_nothing(registry: Registry, school_id: str) -> None:
    await registry.ask()
    answer = await registry.http.get("/registry/referrals", headers=registry.it.signed_in(category="head"))
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/decision"),
        ({"decision": "maybe"}, "/decision"),
        ({"decision": "confirm", "staff_id": "x"}, "/staff_id"),
        ({"decision": "confirm", "post": "x" * 301, "category": "employee"}, "/post"),
        ({"decision": "confirm", "post": "x", "category": "boss"}, "/category"),
        ({"decision": "decline", "reason": "\u0007"}, "/reason"),
        ({"decision": "decline", "why": "x"}, "/why"),
    ],
)
async def test_bad_input_names_the_field(
    registry: Registry, school_id: str, head: dict[str, str], body: dict[str, Any], pointer: str
) -> None:
    answer = await registry.answer(await registry.ask(), head, **body)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


async def test_referrals_are_paged(registry: Registry, school_id: str, head: dict[str, str]) -> None:
    made = sorted([str(await registry.ask(last_name=f"Дубов{letter}")) for letter in "абв"])
    seen: list[str] = []
    cursor: str | None = None
    while True:
        params = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        answer = (await registry.http.get("/registry/referrals", params=params, headers=head)).json()
        seen += [one["request_id"] for one in answer["items"]]
        cursor = answer["next"]
        if cursor is None:
            break
    assert seen == made
