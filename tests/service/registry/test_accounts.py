"""What the registry keeps of an account, and the receipt when it is erased."""

from datetime import UTC, datetime
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest
from chassis.db import new_id
from ekis_contracts import Event, ForCabinet, ForNotify, ForRegistry
from ekis_contracts.cabinet import PersonalDataErased, WorkplaceCompleted
from ekis_contracts.identity import AccountActivated, AccountDisabled
from ekis_contracts.values import Contact, PersonName, WorkContact

from .conftest import Registry

MOMENT = datetime(2026, 11, 23, tzinfo=UTC)


class Account:
    """One account of a staff record, and the events about it."""

    def __init__(self, school_id: str, staff_id: str) -> None:
        self.account_id = new_id()
        self.facts: dict[str, Any] = {
            "account_id": self.account_id,
            "staff_id": UUID(staff_id),
            "school_id": UUID(school_id),
            "category": "employee",
            "post": "учитель",
            "session_epoch": 1,
        }

    def activated(self) -> Event:
        contact, name = Contact(name="Пётр", email="p@b.ru"), PersonName(last_name="Ёлкин", first_name="Пётр")
        return AccountActivated(
            **self.facts, state="active", activated_at=MOMENT, contact=ForNotify(contact), name=ForCabinet(name)
        )

    def disabled(self) -> Event:
        contact = ForNotify(Contact(name="Пётр", email="p@b.ru"))
        return AccountDisabled(**self.facts, state="disabled", channel="form", disabled_at=MOMENT, contact=contact)

    def workplace(self, **work: Any) -> Event:
        staff_id, sealed = self.facts["staff_id"], ForRegistry(WorkContact(**work))
        return WorkplaceCompleted(account_id=self.account_id, staff_id=staff_id, subjects=["физика"], work=sealed)


@pytest.fixture
async def account(registry: Registry, school_id: str) -> Account:
    return Account(school_id, (await registry.staff(school_id))["staff_id"])


async def shown(registry: Registry, account: Account) -> dict[str, Any]:
    path = f"/registry/schools/{account.facts['school_id']}/staff"
    items = (await registry.http.get(path, headers=registry.registrar)).json()["items"]
    return next(one for one in items if one["staff_id"] == str(account.facts["staff_id"]))


async def test_the_workplace_enriches_the_record_and_its_post_is_a_proposal(
    registry: Registry, account: Account
) -> None:
    await registry.it.tell(account.workplace(work_phone="+74951234567", room="301", proposed_post="завуч"), 1)
    one = await shown(registry, account)
    assert (one["work_phone"], one["room"], one["proposed_post"]) == ("+74951234567", "301", "завуч")
    assert one["post"] == "учитель физики"
    assert await registry.told() == []


async def test_the_post_that_is_a_fact_is_no_proposal(registry: Registry, account: Account) -> None:
    await registry.it.tell(account.workplace(proposed_post="учитель физики"), 1)
    assert (await shown(registry, account))["proposed_post"] is None


@pytest.mark.parametrize("order", list(permutations((1, 2, 3))))
async def test_the_newest_workplace_stays(registry: Registry, account: Account, order: tuple[int, ...]) -> None:
    for version in order:
        await registry.it.tell(account.workplace(room=str(version)), version)
    assert (await shown(registry, account))["room"] == "3"


async def test_erasing_drops_what_was_brought_and_keeps_the_roll(
    registry: Registry, school_id: str, account: Account
) -> None:
    await registry.ask()  # verified, and not yet closed
    await registry.it.tell(account.workplace(work_phone="+74950000042", room="301"), 1)
    await registry.it.tell(account.activated(), 2)
    await registry.told()
    await registry.it.tell(account.disabled(), 3)
    ((event, envelope),) = await registry.published()
    assert isinstance(event, PersonalDataErased)
    assert (event.service, event.counts, envelope.sequence) == ("registry", {"requests": 1, "workplaces": 1}, 1)
    assert (event.account_id, envelope.subject) == (account.account_id, str(account.account_id))
    one = await shown(registry, account)
    assert (one["last_name"], one["email"], one["room"]) == ("Ёлкин", "elkin@school1505.example", None)
    assert "+74950000042" not in await registry.it.everything()


async def test_an_account_that_left_nothing_gets_a_receipt_of_zeros(registry: Registry, account: Account) -> None:
    await registry.it.tell(account.disabled(), 3)
    (event,) = await registry.told()
    assert event.counts == {"requests": 0, "workplaces": 0}


async def test_a_receipt_is_given_once_and_again_when_asked_anew(registry: Registry, account: Account) -> None:
    await registry.it.tell(account.workplace(room="301"), 1)
    for version in (3, 3, 2):
        await registry.it.tell(account.disabled(), version)
    first = await registry.published()
    await registry.it.tell(account.disabled(), 4)
    again = await registry.published()
    assert [envelope.sequence for _, envelope in first + again] == [1, 2]
    assert first[0][0] == again[0][0]


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_any_order_ends_with_nothing_held(registry: Registry, account: Account, order: tuple[int, ...]) -> None:
    events = [account.activated(), account.workplace(work_phone="+74950000042"), account.disabled()]
    for step in order:
        await registry.it.tell(events[step], step + 1)
    assert "+74950000042" not in await registry.it.everything()
    assert [event.topic for event in await registry.told()] == ["personal-data-erased"]
    mark = await registry.row("SELECT staff_id, erased_at FROM account_mark")
    assert mark["staff_id"] is None
    assert mark["erased_at"] is not None


async def test_activation_is_marked(registry: Registry, account: Account) -> None:
    await registry.it.tell(account.activated(), 2)
    mark = await registry.row("SELECT * FROM account_mark")
    assert (mark["account_id"], mark["activated_at"]) == (account.account_id, MOMENT)
