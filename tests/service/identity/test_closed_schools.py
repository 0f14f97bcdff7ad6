"""A closed school gets no new account: who moves on is asked about again, who has left is declined."""

from datetime import timedelta
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest
from chassis.outbox import new_id
from ekis_contracts import Event
from ekis_contracts.identity import AccountChanged, AccountCreated, AccountRequestClosed, AccountRequested
from ekis_contracts.registry import SchoolChanged, SchoolClosed, SchoolRegistered, StaffLeft

from .people import Desk, Person


def school(school_id: UUID, kind: type[Event] = SchoolRegistered, **changes: Any) -> Event:
    facts: dict[str, Any] = {
        "school_id": school_id,
        "inn": "7707083893",
        "kpp": "770701001",
        "ogrn": None,
        "full_name": "Школа № 1 имени первого учителя",
        "short_name": "Школа № 1",
        "kind": "school",
        "district": None,
        "address": "Москва, Школьная улица, дом 1",
        "phones": [],
        "emails": [],
        "site": None,
        "status": "active",
        "source": "feed",
    }
    own: dict[Any, dict[str, Any]] = {
        SchoolChanged: {"changed": ["short_name"]},
        SchoolClosed: {"reason": "reorganised", "status": "closed"},
    }
    return kind.model_validate(facts | own.get(kind, {}) | changes)


async def copies(desk: Desk) -> list[tuple[Any, ...]]:
    rows = await desk.it.runtime.database.pool.fetch("SELECT short_name, status, version FROM school")
    return [tuple(row) for row in rows]


async def closed(desk: Desk, person: Person, version: int = 2) -> None:
    await desk.it.tell(school(person.school_id, SchoolClosed), version)


@pytest.mark.parametrize("order", list(permutations([1, 2, 3])))
async def test_the_newest_of_a_school_is_kept_in_any_order(desk: Desk, order: tuple[int, ...]) -> None:
    school_id = new_id()
    told = {
        1: school(school_id),
        2: school(school_id, SchoolChanged, short_name="Лицей № 1"),
        3: school(school_id, SchoolClosed, short_name="Лицей № 1"),
    }
    for version in order:
        await desk.it.tell(told[version], version)
    assert await copies(desk) == [("Лицей № 1", "closed", 3)]


async def test_a_verdict_for_a_closed_school_opens_nothing_and_is_asked_for_again(desk: Desk) -> None:
    person = Person()
    ticket = await desk.ask()
    await closed(desk, person)
    await desk.verify(ticket, person)
    assert await desk.published() == []
    assert await desk.state(ticket) == "verifying"
    desk.it.clock.move(timedelta(hours=1))
    await desk.it.run_loops()
    asked = await desk.said(AccountRequested)
    assert (asked.request_id, asked.request_version) == (ticket.request_id, 1)


async def test_also_one_that_a_person_had_to_decide(desk: Desk) -> None:
    person = Person()
    ticket = await desk.ask()
    await desk.refer(ticket, version=1)
    await closed(desk, person)
    await desk.verify(ticket, person, version=2)
    desk.it.clock.move(timedelta(hours=1))
    await desk.it.run_loops()
    assert await desk.said(AccountRequested)


async def test_who_moved_to_the_successor_gets_the_account_there(desk: Desk) -> None:
    person = Person()
    ticket = await desk.ask()
    await desk.enrol(person)
    await closed(desk, person)
    await desk.verify(ticket, person)
    person.school_id = new_id()
    await desk.change(person, 2, ["school_id"])
    await desk.verify(ticket, person, version=2)
    assert (await desk.said(AccountCreated)).school_id == person.school_id


async def test_the_roll_may_be_ahead_of_the_verdict(desk: Desk) -> None:
    person, successor = Person(), new_id()
    ticket = await desk.ask()
    moved = Person(person.staff_id, successor)
    await desk.change(moved, 2, ["school_id"])
    await closed(desk, person)
    await desk.verify(ticket, person)
    assert (await desk.said(AccountCreated)).school_id == successor


async def test_who_left_with_a_liquidated_school_is_declined(desk: Desk) -> None:
    person = Person()
    ticket = await desk.ask()
    await closed(desk, person)
    await desk.it.tell(StaffLeft(staff_id=person.staff_id, school_id=person.school_id, reason="school-liquidated"))
    await desk.verify(ticket, person)
    end = await desk.said(AccountRequestClosed)
    assert (end.outcome, end.reason) == ("declined", "left-roll")


async def test_an_account_that_is_there_follows_its_record(desk: Desk) -> None:
    active = await desk.active()
    await closed(desk, active.person)
    assert await desk.published() == []
    active.person.school_id = new_id()
    await desk.change(active.person, 2, ["school_id"])
    changed = await desk.said(AccountChanged)
    assert (changed.school_id, changed.changed) == (active.person.school_id, ["school_id"])
    assert changed.session_epoch > active.created.session_epoch
