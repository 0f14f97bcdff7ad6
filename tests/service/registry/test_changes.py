"""City systems follow the schools: whatever is committed is read, however late, in pages without gap."""

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest
from chassis.db import Tx, new_id
from chassis.paging import read_cursor, write_cursor
from registry.actions.schools import change_school
from registry.domain.pace import BURST
from registry.store import schools

from .conftest import Registry, school_form

LONG_AGO = "2020-01-01T00:00:00Z"


async def changed(registry: Registry, since: str, **query: Any) -> dict[str, Any]:
    params = {"changed_since": since, **query}
    headers = registry.system("schools:read")
    answer = await registry.http.get("/registry/schools", params=params, headers=headers)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def ids(page: dict[str, Any]) -> list[str]:
    return [one["school_id"] for one in page["items"]]


async def rename(tx: Tx, school_id: str, name: str) -> None:
    school = await schools.school_for_update(tx, UUID(school_id))
    assert school
    await change_school(tx, school, {"short_name": name}, "feed")


async def follow(registry: Registry, since: str, seen: dict[str, str]) -> str:
    """Read until there is nothing more; returns where to go on."""
    while True:
        page = await changed(registry, since, limit=2)
        seen |= {one["school_id"]: one["short_name"] for one in page["items"]}
        since = page["since"]
        if page["next"] is None:
            return since


async def test_new_changed_and_closed_schools_come_once_each_where_they_changed_last(registry: Registry) -> None:
    one, two, three = [await registry.school(school_form(n)) for n in (101, 102, 103)]
    first = await changed(registry, LONG_AGO)
    assert (ids(first), first["next"]) == ([one, two, three], None)
    assert await changed(registry, first["since"]) == {"items": [], "next": None, "since": first["since"]}
    async with registry.it.runtime.database.transaction() as tx:
        await rename(tx, two, "Лицей")
    await registry.it.runtime.database.pool.execute(
        "UPDATE school SET status = 'closed', changed_at = DEFAULT, changed_in = DEFAULT WHERE school_id = $1",
        UUID(one),
    )
    then = await changed(registry, first["since"])
    assert [(it["school_id"], it["status"]) for it in then["items"]] == [(two, "active"), (one, "closed")]
    assert ids(await changed(registry, LONG_AGO)) == [three, two, one]


async def test_pages_go_on_without_gap_or_repeat(registry: Registry) -> None:
    made = [await registry.school(school_form(n)) for n in range(101, 106)]
    pages, since = [], LONG_AGO
    for _ in range(3):
        page = await changed(registry, since, limit=2)
        pages += ids(page)
        since = page["since"]
    assert pages == made
    assert page["next"] is None


async def test_a_commit_that_comes_late_is_not_lost(registry: Registry) -> None:
    """The first writer has begun, and written, before the second; it commits after the second was read."""
    early, late = await registry.school(school_form(101)), await registry.school(school_form(102))
    since = (await changed(registry, LONG_AGO))["since"]
    database = registry.it.runtime.database
    async with database.transaction() as slow:
        await rename(slow, early, "Медленная")
        async with database.transaction() as tx:
            await rename(tx, late, "Быстрая")
        seen: dict[str, str] = {}
        since = await follow(registry, since, seen)
        assert seen == {}, "what is above an open transaction waits for it"
    await follow(registry, since, seen)
    assert seen == {early: "Медленная", late: "Быстрая"}


async def test_a_moment_misses_nobody_who_is_still_writing(registry: Registry) -> None:
    early, late = await registry.school(school_form(101)), await registry.school(school_form(102))
    database, seen = registry.it.runtime.database, dict[str, str]()
    async with database.transaction() as slow:
        await rename(slow, early, "Медленная")
        async with database.transaction() as tx:
            await rename(tx, late, "Быстрая")
        now = await registry.it.runtime.database.pool.fetchval("SELECT now()")
        since = await follow(registry, now.isoformat(), seen)
    await follow(registry, since, seen)
    assert seen == {early: "Медленная", late: "Быстрая"}


async def test_a_moment_finds_who_wrote_before_an_older_transaction(registry: Registry) -> None:
    one, other = await registry.school(school_form(101)), await registry.school(school_form(102))
    database = registry.it.runtime.database
    since = (await database.pool.fetchval("SELECT now()")).isoformat()
    async with database.transaction() as older:
        await older.fetchval("SELECT now()")
        async with database.transaction() as tx:
            await rename(tx, one, "Начата позже, записана раньше")
        await rename(older, other, "Начата раньше, записана позже")
    assert ids(await changed(registry, since)) == [one, other]


async def test_among_many_writers_nobody_is_lost(registry: Registry) -> None:
    """Six writers, each with rows of its own, and a reader that goes on all the while."""
    made = [await registry.school(school_form(n)) for n in range(201, 213)]
    database, seen = registry.it.runtime.database, dict[str, str]()
    since = await follow(registry, LONG_AGO, seen)

    async def write(writer: int) -> None:
        mine = made[writer::6]
        for number in range(6):
            async with database.transaction() as tx:
                for one in mine:
                    await rename(tx, one, f"{writer}-{number}")
                    await asyncio.sleep(0)

    writers = [asyncio.create_task(write(writer)) for writer in range(6)]
    while not all(task.done() for task in writers):
        since = await follow(registry, since, seen)
    await asyncio.gather(*writers)
    await follow(registry, since, seen)
    assert seen == {one: f"{place % 6}-5" for place, one in enumerate(made)}


async def test_a_place_of_another_history_is_told(registry: Registry) -> None:
    await registry.school()
    history, change, school_id = read_cursor((await changed(registry, LONG_AGO))["since"])
    for other in (("1", change, school_id), (history, 2**62, school_id)):
        headers, params = registry.system("schools:read"), {"changed_since": write_cursor(*other)}
        answer = await registry.http.get("/registry/schools", params=params, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (422, "changed-since-of-before")


async def ask(registry: Registry, headers: dict[str, str] | None = None, **query: Any) -> httpx.Response:
    params = {"changed_since": LONG_AGO, **query}
    answer: httpx.Response = await registry.http.get("/registry/schools", params=params, headers=headers)
    return answer


async def test_changes_are_for_systems_with_that_scope(registry: Registry) -> None:
    assert (await ask(registry)).status_code == 401
    assert (await ask(registry, registry.registrar)).status_code == 403
    assert (await ask(registry, registry.system("roster:read", "webhooks"))).status_code == 403
    assert (await ask(registry, registry.system("schools:read"))).status_code == 200
    assert (await registry.http.get("/registry/schools")).json()["since"] is None


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"changed_since": "yesterday"}, "/changed_since"),
        ({"changed_since": "2026-09-01T00:00:00"}, "/changed_since"),
        ({"changed_since": ""}, "/changed_since"),
        ({"changed_since": "WzFd"}, "/changed_since"),
        ({"changed_since": "WyI" * 60}, "/changed_since"),
        ({"q": "школа"}, "/q"),
        ({"cursor": "W10"}, "/cursor"),
        ({"limit": 201}, "/limit"),
    ],
)
async def test_bad_questions(registry: Registry, query: dict[str, Any], pointer: str) -> None:
    answer = await ask(registry, registry.system("schools:read"), **query)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


async def test_a_system_that_has_read_too_much_waits_and_holds_up_no_other(registry: Registry) -> None:
    system_id, later = new_id(), registry.it.clock().timestamp() + 3600
    mine = registry.it.signed_in(scope="system", roles=["schools:read"], account_id=system_id)
    for _ in range(BURST):
        registry.it.runtime.own.take(system_id, later)
    answer = await ask(registry, mine)
    assert (answer.status_code, answer.json()["code"]) == (429, "too-many-reads")
    assert answer.headers["retry-after"] == "1"
    assert (await ask(registry, registry.system("schools:read"))).status_code == 200
