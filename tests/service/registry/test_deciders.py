"""Who decides a referral: any head, no deputy, nobody while the school is suspended."""

from itertools import product
from uuid import UUID

import pytest

from .conftest import HEAD, Registry

NEW_PLACE = {"post": "учитель физики", "category": "employee"}


@pytest.fixture
async def head(registry: Registry, school_id: str) -> dict[str, str]:
    return registry.head_of(school_id, await registry.head_id(school_id))


async def test_while_the_school_is_suspended_nobody_is_confirmed(
    registry: Registry, school_id: str, head: dict[str, str]
) -> None:
    record = await registry.staff(school_id, email=None)
    first, second = await registry.ask(), await registry.ask(email="second@mail.example")
    await registry.told()
    status = "UPDATE school SET status = $1"
    await registry.it.runtime.database.pool.execute(status, "suspended")
    for who, body in product((head, registry.registrar), ({"staff_id": record["staff_id"]}, NEW_PLACE)):
        answer = await registry.answer(first, who, decision="confirm", **body)
        assert (answer.status_code, answer.json()["code"]) == (409, "school-not-active")
    assert await registry.told() == []
    assert (await registry.answer(second, head, decision="decline")).status_code == 200
    await registry.it.runtime.database.pool.execute(status, "active")
    assert (await registry.answer(first, head, decision="confirm", staff_id=record["staff_id"])).status_code == 200


async def test_any_head_may_decide_and_a_deputy_may_not(
    registry: Registry, school_id: str, head: dict[str, str]
) -> None:
    second = await registry.staff(school_id, last_name="Белова", email=None, category="head", post="директор")
    deputy = await registry.staff(school_id, last_name="Чернов", post="заместитель директора")
    first, other = await registry.ask(last_name="Дубов"), await registry.ask(last_name="Вязов")
    told = await registry.told()
    assert {registry.it.open(event.contact).email for event in told} == {HEAD["email"]}, "who can be written to"
    as_deputy = registry.it.signed_in(category="employee", school_id=UUID(school_id), staff_id=UUID(deputy["staff_id"]))
    assert (await registry.answer(first, as_deputy, decision="confirm", **NEW_PLACE)).status_code == 403
    for request_id, staff_id in ((first, second["staff_id"]), (other, await registry.head_id(school_id))):
        who = registry.head_of(school_id, staff_id)
        assert (await registry.answer(request_id, who, decision="confirm", **NEW_PLACE)).status_code == 200


async def test_of_two_heads_one_decides_about_the_address_of_the_other(registry: Registry, school_id: str) -> None:
    second = await registry.staff(school_id, last_name="Белова", email="belova@b.example", category="head")
    request_id = await registry.ask(email=HEAD["email"])
    ((event, _),) = await registry.it.published()
    assert (event.to, registry.it.open(event.contact).email) == ("head", "belova@b.example")
    own = registry.head_of(school_id, await registry.head_id(school_id))
    assert (await registry.answer(request_id, own, decision="confirm", **NEW_PLACE)).status_code == 403
    other = registry.head_of(school_id, second["staff_id"])
    assert (await registry.answer(request_id, other, decision="confirm", **NEW_PLACE)).status_code == 200
