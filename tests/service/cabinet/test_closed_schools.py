"""A closed school is read only, in whatever order it is told; who goes on at the successor writes there."""

from itertools import permutations
from typing import Any

import pytest
from chassis.db import new_id
from chassis.testing.opened import Opened
from ekis_contracts import Event
from ekis_contracts.registry import SchoolChanged, SchoolClosed

from .conftest import Person
from .test_workplace import FULL, save


def changed(person: Person, **changes: Any) -> Event:
    facts = person.school(**changes).model_dump()
    return SchoolChanged(**facts, changed=list(changes))


def closed(person: Person) -> Event:
    return SchoolClosed(**person.school(status="closed").model_dump(), reason="reorganised")


@pytest.mark.parametrize("order", list(permutations([1, 2, 3])))
async def test_the_newest_of_a_school_is_kept_in_any_order(
    cabinet: Opened, alla: Person, order: tuple[int, ...]
) -> None:
    told = {1: alla.school(), 2: changed(alla, short_name="Лицей № 1"), 3: closed(alla)}
    for version in order:
        await cabinet.tell(told[version], version)
    rows = await cabinet.runtime.database.pool.fetch("SELECT short_name, status, version FROM school")
    assert [tuple(row) for row in rows] == [("Школа № 1", "closed", 3)]


async def test_at_a_closed_school_all_can_be_read_and_nothing_written(cabinet: Opened, settled: Person) -> None:
    await save(cabinet, settled, FULL)
    await cabinet.published()
    await cabinet.tell(closed(settled), 2)
    form = await cabinet.http.get("/cabinet/workplace", headers=settled.headers(cabinet))
    assert (form.status_code, form.json()["room"], form.json()["school"]["status"]) == (200, "217", "closed")
    refused = await save(cabinet, settled, FULL | {"room": "1"}, '"1"')
    assert (refused.status_code, refused.json()["code"]) == (409, "school-closed")
    assert "Школа № 1" in refused.json()["title"]
    assert await cabinet.published() == []


async def test_a_suspended_school_is_worked_at(cabinet: Opened, settled: Person) -> None:
    await cabinet.tell(changed(settled, status="suspended"), 2)
    assert (await save(cabinet, settled, FULL)).status_code == 200


async def test_who_goes_on_at_the_successor_keeps_the_form_and_writes(cabinet: Opened, settled: Person) -> None:
    await save(cabinet, settled, FULL)
    await cabinet.tell(closed(settled), 2)
    settled.school_id = new_id()
    await cabinet.tell(settled.school(short_name="Школа № 2"))
    await cabinet.tell(settled.moved(), 2)
    await cabinet.tell(settled.changed(), 3)
    form = await cabinet.http.get("/cabinet/workplace", headers=settled.headers(cabinet))
    assert (form.json()["school"]["short_name"], form.json()["room"]) == ("Школа № 2", "217")
    assert (await save(cabinet, settled, FULL | {"room": "1"}, '"1"')).status_code == 200
