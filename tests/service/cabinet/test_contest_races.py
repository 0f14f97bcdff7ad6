"""Everybody at once, over real connections: one gets the last place, the others wait in order, nobody is lost."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx
import pytest
from chassis.db import new_id
from chassis.testing.opened import Opened

from .contests import Board

CROWD = 100
FILL = """
WITH made AS (
    INSERT INTO account (account_id, state, staff_id, school_id, category, post)
    SELECT account_id, 'open', gen_random_uuid(), ($2::uuid[])[1 + number % cardinality($2)], 'employee', 'учитель'
    FROM unnest($1::uuid[]) WITH ORDINALITY AS one (account_id, number) RETURNING school_id)
INSERT INTO school (school_id, full_name, short_name, address, phones, version)
SELECT DISTINCT school_id, 'Школа', 'Школа', 'ул.', '{}'::text[], 1 FROM made ON CONFLICT DO NOTHING
"""
ENTRIES = """
SELECT account_id, school_id, state, queue_no FROM contest_entry WHERE contest_id = $1 ORDER BY queue_no NULLS FIRST
"""


class Crowd:
    """People of a few schools, each with a connection of an own."""

    def __init__(self, it: Opened, server: httpx.AsyncClient, contest_id: str, people: list[UUID]) -> None:
        self.it, self.server, self.contest_id, self.people = it, server, contest_id, people

    async def ask(self, account_id: UUID, path: str) -> Any:
        headers = self.it.signed_in(account_id=account_id, category="employee", school_id=new_id())
        return await self.server.post(f"/cabinet/contests{path}", json={}, headers=headers)

    async def enter(self, account_id: UUID) -> Any:
        return await self.ask(account_id, f"/{self.contest_id}/entries")

    async def withdraw(self, account_id: UUID, entry_id: str) -> Any:
        return await self.ask(account_id, f"/entries/{entry_id}/withdraw")

    async def rows(self) -> list[Any]:
        return await self.it.runtime.database.pool.fetch(ENTRIES, UUID(self.contest_id))


async def crowd(it: Opened, server: httpx.AsyncClient, schools: int = 1, **plan: Any) -> Crowd:
    people = [new_id() for _ in range(CROWD)]
    await it.runtime.database.pool.execute(FILL, people, [new_id() for _ in range(schools)])
    return Crowd(it, server, await Board(it).announce(**plan), people)


@pytest.fixture
async def many(server: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    """A client with as many connections as there are people."""
    limits = httpx.Limits(max_connections=CROWD)
    async with httpx.AsyncClient(base_url=server.base_url, limits=limits, timeout=60) as client:
        yield client


async def test_a_hundred_sign_up_for_the_last_place_at_once(cabinet: Opened, many: httpx.AsyncClient) -> None:
    them = await crowd(cabinet, many, schools=CROWD, capacity=1)
    answers = await asyncio.gather(*map(them.enter, them.people))
    assert [one.status_code for one in answers] == [201] * CROWD
    assert Counter(one.json()["state"] for one in answers) == {"accepted": 1, "waitlisted": CROWD - 1}
    rows = await them.rows()
    assert {row["account_id"] for row in rows} == set(them.people), "none is lost"
    assert [row["queue_no"] for row in rows] == [None, *range(1, CROWD)], "and they wait in order"
    order = [row["account_id"] for row in rows]
    given = {a.json()["entry_id"]: a.json()["waiting_no"] for a in answers}
    assert sorted(given.values(), key=lambda no: no or 0) == [None, *range(1, CROWD)]
    winner = next(a.json()["entry_id"] for a in answers if a.json()["state"] == "accepted")
    assert (await them.withdraw(order[0], winner)).status_code == 204
    after = await them.rows()
    assert [row["account_id"] for row in after if row["state"] == "accepted"] == [order[1]]


async def test_one_person_a_hundred_times_at_once_is_one_entry(cabinet: Opened, many: httpx.AsyncClient) -> None:
    them = await crowd(cabinet, many, capacity=50)
    answers = await asyncio.gather(*(them.enter(them.people[0]) for _ in range(CROWD)))
    assert Counter(one.status_code for one in answers) == {201: 1, 409: CROWD - 1}
    assert {one.json()["code"] for one in answers if one.status_code == 409} == {"already-entered"}
    assert await cabinet.runtime.database.pool.fetchval("SELECT accepted FROM contest") == 1


@pytest.mark.parametrize("quota", [None, 3])
async def test_withdrawals_race_with_sign_ups(cabinet: Opened, many: httpx.AsyncClient, quota: int | None) -> None:
    them = await crowd(cabinet, many, schools=8, capacity=20, quota=quota)
    early, late = them.people[:50], them.people[50:]
    entries = [(one, (await them.enter(one)).json()["entry_id"]) for one in early]
    work = [them.withdraw(*entries[number]) for number in random.Random(7).sample(range(50), 30)]
    work += [them.enter(one) for one in late]
    random.Random(8).shuffle(work)
    answers = await asyncio.gather(*work)
    assert Counter(one.status_code for one in answers) == {204: 30, 201: 50}
    rows = await them.rows()
    states = Counter(row["state"] for row in rows)
    assert states == {"withdrawn": 30, "accepted": 20, "waitlisted": 50}
    waiting = [row["queue_no"] for row in rows if row["state"] == "waitlisted"]
    promoted = [row["queue_no"] for row in rows if row["state"] == "accepted" and row["queue_no"]]
    assert len(set(waiting)) == len(waiting)
    if quota is None:
        assert max(promoted) < min(waiting), "nobody was overtaken"
    else:
        of_school = Counter(row["school_id"] for row in rows if row["state"] == "accepted")
        assert max(of_school.values()) <= quota
    await said_once(cabinet, states)


async def said_once(it: Opened, states: Counter[str]) -> None:
    """Each entry's events are numbered without a gap, in the order in which they leave, and end in what it is."""
    versions, last = Counter[UUID](), dict[UUID, str]()
    for event, envelope in await it.published():
        if event.topic == "contest-entry-decided":
            versions[event.entry_id] += 1
            last[event.entry_id] = event.state
            assert envelope.sequence == versions[event.entry_id]
    assert Counter(last.values()) == states
