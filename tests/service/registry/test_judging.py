"""Account requests are judged by the registry and the roll; in any order and however often they are told of."""

import asyncio
from collections.abc import Callable, Coroutine
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest
from chassis.db import new_id
from ekis_contracts.registry import (
    AccountRequestDeclined,
    AccountRequestHeld,
    AccountRequestReferred,
    AccountRequestVerified,
)
from waiting import until

from .conftest import HEAD, SCHOOL, TEACHER, Registry, school_form

Call = Callable[[], Coroutine[Any, Any, Any]]
HEAD_CLAIM: dict[str, Any] = {key: HEAD[key] for key in ("last_name", "first_name", "patronymic", "email")}


async def row(registry: Registry, request_id: UUID) -> dict[str, Any]:
    return await registry.row("SELECT * FROM account_request WHERE request_id = $1", request_id)


async def test_a_person_on_the_roll_with_its_address_is_verified(registry: Registry, school_id: str) -> None:
    record = await registry.staff(school_id)
    request_id = await registry.ask(last_name="ЕЛКИН", first_name=" Петр ", email="Elkin@School1505.example")
    ((event, envelope),) = await registry.published()
    assert isinstance(event, AccountRequestVerified)
    assert (event.request_id, event.request_version, event.by, envelope.sequence) == (request_id, 1, "roll", 1)
    assert (str(event.staff_id), event.post, event.category) == (record["staff_id"], "учитель физики", "employee")


async def test_the_rolls_category_counts_not_the_claimed_one(registry: Registry, school_id: str) -> None:
    await registry.ask(category="employee", **HEAD_CLAIM)
    (event,) = await registry.told()
    assert (event.category, event.post) == ("head", "директор")


@pytest.mark.parametrize(
    ("enrolled", "applicant", "reason"),
    [
        ({"email": None}, {}, "no-email"),
        ({}, {"email": "elkin@elsewhere.example"}, "other-email"),
        ({}, {"last_name": "Дубов"}, "not-on-roll"),
    ],
)
async def test_a_doubt_is_referred_to_the_head(
    registry: Registry, school_id: str, enrolled: dict[str, Any], applicant: dict[str, Any], reason: str
) -> None:
    await registry.staff(school_id, **enrolled)
    await registry.ask(**applicant)
    (event,) = await registry.told()
    assert isinstance(event, AccountRequestReferred)
    assert (event.to, event.reason, str(event.school_id)) == ("head", reason, school_id)
    assert event.until is not None
    assert event.contact is not None
    assert registry.it.open(event.contact).email == HEAD["email"]


async def test_namesakes_are_never_guessed(registry: Registry, school_id: str) -> None:
    await registry.staff(school_id)
    await registry.staff(school_id, email="second@school1505.example")
    await registry.ask()
    (event,) = await registry.told()
    assert event.reason == "same-names"


async def test_about_a_head_the_department_decides(registry: Registry, school_id: str) -> None:
    await registry.ask(category="head")
    await registry.ask(**(HEAD_CLAIM | {"email": "else@mail.example"}))
    for event in await registry.told():
        assert (event.to, event.until, event.contact) == ("department", None, None)


async def test_who_has_left_is_not_on_the_roll(registry: Registry, school_id: str) -> None:
    record = await registry.staff(school_id)
    path = f"/registry/schools/{school_id}/staff/{record['staff_id']}"
    await registry.http.delete(path, params={"reason": "resigned"}, headers=registry.registrar)
    await registry.told()
    await registry.ask()
    (event,) = await registry.told()
    assert event.reason == "not-on-roll"


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        ({"inn": SCHOOL["inn"], "name": "Ломоносовская гимназия № 1690"}, "requisites-mismatch"),
        ({"inn": SCHOOL["inn"], "ogrn": "1027700132195"}, "requisites-mismatch"),
        ({"inn": school_form(4)["inn"], "ogrn": SCHOOL["ogrn"]}, "requisites-mismatch"),
    ],
)
async def test_contradictions_are_declined(
    registry: Registry, school_id: str, claim: dict[str, Any], reason: str
) -> None:
    await registry.ask(school=claim)
    (event,) = await registry.told()
    assert isinstance(event, AccountRequestDeclined)
    assert event.reason == reason


@pytest.mark.parametrize("status", ["suspended", "closed"])
async def test_a_school_that_does_not_work_takes_nobody(registry: Registry, school_id: str, status: str) -> None:
    await registry.it.runtime.database.pool.execute("UPDATE school SET status = $1", status)
    await registry.ask()
    (event,) = await registry.told()
    assert event.reason == "school-not-active"


async def test_a_request_waits_for_its_school_and_resumes_by_itself(registry: Registry) -> None:
    request_id = await registry.ask(category="head", **HEAD_CLAIM)
    stranger = await registry.ask()
    elsewhere = await registry.ask(school={"inn": school_form(6)["inn"]})
    held = await registry.told()
    assert [event.topic for event in held] == ["account-request-held"] * 3
    assert isinstance(held[0], AccountRequestHeld)
    assert registry.it.open(held[0].contact).model_dump() == {
        "name": "Анна-Мария Петровна",
        "email": HEAD["email"],
        "lang": "ru",
    }
    await registry.decide((await registry.apply())["number"], "approve")
    told = {(event.topic, event.aggregate_id): envelope for event, envelope in await registry.published()}
    assert told["account-request-verified", str(request_id)].sequence == 2
    assert told["account-request-referred", str(stranger)].sequence == 2
    assert str(elsewhere) not in {subject for _, subject in told}


async def test_the_applicants_language_is_kept_for_the_mails_to_come(registry: Registry) -> None:
    request_id = await registry.ask(lang="en")
    await registry.ask(request_id)
    held = await registry.told()
    assert [registry.it.open(event.contact).lang for event in held] == ["en", "en"]


async def test_another_branch_of_the_inn_does_not_end_the_wait(registry: Registry) -> None:
    request_id = await registry.ask(school={"inn": SCHOOL["inn"], "kpp": "771802001"})
    await registry.told()
    await registry.school()
    assert (await row(registry, request_id))["version"] == 1
    await registry.school(SCHOOL | {"kpp": "771802001", "ogrn": school_form(2)["ogrn"]})
    assert (await row(registry, request_id))["state"] == "referred"


async def test_registration_and_judging_may_race(registry: Registry) -> None:
    """Whoever comes first, nobody is left waiting for a school that is there."""
    for serial in range(1, 41):
        school = school_form(serial)
        number = (await registry.apply(school, email=f"h{serial}@b.example"))["number"]
        approved, asked = registry.decide(number, "approve"), registry.ask(school={"inn": school["inn"]})
        await asyncio.gather(*((approved, asked) if serial % 2 else (asked, approved)))
    assert await states(registry) == {"referred": 40}


@pytest.mark.parametrize("by_ogrn", [False, True])
async def test_judged_at_the_very_moment_of_registration(registry: Registry, by_ogrn: bool) -> None:
    """Both have come as far as the lock of the requisites, on two connections, and are let go at once."""
    pool = registry.it.runtime.database.pool
    for serial in range(1, 21):
        school = school_form(serial)
        number = (await registry.apply(school))["number"]
        key = school["ogrn" if by_ogrn else "inn"]
        claim = {"inn": school["inn"]} | ({"ogrn": school["ogrn"]} if by_ogrn else {})
        calls: list[Call] = [lambda: registry.decide(number, "approve"), lambda: registry.ask(school=claim)]  # noqa: B023
        async with pool.acquire() as connection, connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", key)
            tasks = []
            for waiting, call in enumerate(calls if serial % 2 else calls[::-1], 1):
                tasks.append(asyncio.create_task(call()))
                await until(lambda: _waits(registry, waiting), "it waits for the lock", every=0.001)  # noqa: B023
        await asyncio.gather(*tasks)
    assert await states(registry) == {"referred": 20}


async def _waits(registry: Registry, number: int) -> bool:
    sql = "SELECT count(*) = $1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    return bool(await registry.it.runtime.database.pool.fetchval(sql, number))


async def states(registry: Registry) -> dict[str, int]:
    rows = await registry.it.runtime.database.pool.fetch("SELECT state, count(*) FROM account_request GROUP BY state")
    return {row["state"]: row["count"] for row in rows}


async def test_asked_again_it_answers_again(registry: Registry, school_id: str) -> None:
    request_id = await registry.ask()
    for again in (2, 3):
        await registry.ask(request_id, sequence=again)
    told = await registry.published()
    assert [envelope.sequence for _, envelope in told] == [1, 2, 3]
    assert len({(event.topic, event.reason, event.until) for event, _ in told}) == 1


async def test_asked_again_after_a_decision_it_repeats_the_decision(registry: Registry, school_id: str) -> None:
    request_id = await registry.ask()
    head = registry.head_of(school_id, await registry.head_id(school_id))
    await registry.answer(request_id, head, decision="confirm", post="учитель", category="employee")
    await registry.told()
    await registry.ask(request_id, sequence=2)
    ((event, envelope),) = await registry.published()
    assert (event.topic, event.by, envelope.sequence) == ("account-request-verified", "head", 3)


async def test_asked_again_when_the_verified_has_left_it_judges_anew(registry: Registry, school_id: str) -> None:
    record = await registry.staff(school_id)
    request_id = await registry.ask()
    path = f"/registry/schools/{school_id}/staff/{record['staff_id']}"
    await registry.http.delete(path, params={"reason": "resigned"}, headers=registry.registrar)
    await registry.told()
    await registry.ask(request_id, sequence=2)
    (event,) = await registry.told()
    assert (event.topic, event.reason) == ("account-request-referred", "not-on-roll")


async def test_a_corrected_address_is_judged_anew_and_an_old_version_never(registry: Registry, school_id: str) -> None:
    """A stranger files under a teacher's address, then corrects it to the own one: no verdict carries over."""
    await registry.staff(school_id)
    request_id = await registry.ask(version=1)
    await registry.ask(request_id, 2, email="stranger@mail.example")
    await registry.ask(request_id, 1, sequence=3)
    told = await registry.told()
    assert [(event.topic, event.request_version) for event in told] == [
        ("account-request-verified", 1),
        ("account-request-referred", 2),
    ]


async def test_a_request_that_was_closed_first_is_never_judged(registry: Registry, school_id: str) -> None:
    request_id = new_id()
    await registry.close(request_id)
    await registry.ask(request_id)
    await registry.ask(request_id, 2)
    assert await registry.told() == []
    assert (await row(registry, request_id))["state"] == "closed"


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_any_order_ends_alike(registry: Registry, school_id: str, order: tuple[int, ...]) -> None:
    await registry.staff(school_id)
    request_id = new_id()
    for step in order:
        if step < 2:
            await registry.ask(request_id, step + 1)
        else:
            await registry.close(request_id)
    kept = await row(registry, request_id)
    assert kept["state"] == "closed"
    assert {kept[name] for name in ("last_name", "first_name", "patronymic", "email", "inn", "reason")} == {None}


async def test_nothing_of_the_applicant_stays_once_closed(registry: Registry, school_id: str) -> None:
    request_id = await registry.ask(last_name="Незнакомцев", email="canary@mail.example")
    await registry.told()
    assert "canary@mail.example" in await registry.it.everything()
    await registry.close(request_id)
    everything = await registry.it.everything()
    assert "canary@mail.example" not in everything
    assert "Незнакомцев" not in everything
    listed = await registry.http.get("/registry/referrals", headers=registry.registrar)
    assert listed.json()["items"] == []


async def test_no_name_or_address_travels_in_clear(registry: Registry, school_id: str) -> None:
    await registry.staff(school_id)
    await registry.ask()
    await registry.ask(email="other@mail.example")
    await registry.ask(school={"inn": school_form(3)["inn"]})
    for record in await registry.it.sent():
        text = (record.value or b"").decode() + repr(record.headers)
        for personal in (TEACHER["last_name"], TEACHER["email"], HEAD["last_name"], HEAD["email"], "other@mail"):
            assert personal not in text, record.topic
