"""Closing beside others who work on the same school, and at size."""

import asyncio
from uuid import UUID

from .conftest import Registry
from .desk import Desk


async def test_two_who_close_at_once_close_it_once(
    desk: Desk, registry: Registry, school_id: str, other_id: str
) -> None:
    lock = "SELECT 1 FROM school WHERE school_id = $1 FOR UPDATE"
    calls = [desk.close(school_id, other_id, who=who) for who in (desk.first, desk.second)]
    answers = await registry.race(lock, UUID(school_id), *calls)
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert [event.topic for event in await registry.told()] == ["school-closed", "staff-changed"]


async def test_nobody_is_enrolled_into_a_school_while_it_closes(
    desk: Desk, registry: Registry, school_id: str, other_id: str
) -> None:
    """The closing has looked at the roll and waits for one of its records; who comes now comes too late."""
    teacher = {"last_name": "Дубов", "first_name": "Олег", "post": "учитель", "category": "employee"}
    path = f"/registry/schools/{school_id}/staff"
    head, pool = UUID(await registry.head_id(school_id)), registry.it.runtime.database.pool
    async with pool.acquire() as connection, connection.transaction():
        await connection.fetch("SELECT 1 FROM staff WHERE staff_id = $1 FOR UPDATE", head)
        closing = asyncio.create_task(desk.close(school_id, other_id))
        await registry.waiting(1)
        enrolling = asyncio.create_task(registry.http.post(path, json=teacher, headers=desk.second))
        while not enrolling.done() and await registry.count_waiting() < 2:
            pass
    assert (await closing).status_code == 200
    refused = await enrolling
    assert (refused.status_code, refused.json()["code"]) == (409, "school-closed")
    assert await desk.roll(school_id) == set()


async def test_a_correction_beside_a_closing_has_a_version_of_its_own(
    desk: Desk, registry: Registry, school_id: str, other_id: str
) -> None:
    head = await registry.head_id(school_id)
    path, change = f"/registry/schools/{school_id}/staff/{head}", {"division": "администрация"}
    correct = registry.http.patch(path, json=change, headers=desk.second)
    lock = "SELECT 1 FROM staff WHERE staff_id = $1 FOR UPDATE"
    answers = await registry.race(lock, UUID(head), correct, desk.close(school_id, other_id))
    assert answers[1].status_code == 200
    told = [envelope.sequence for event, envelope in await registry.published() if event.aggregate_id == head]
    assert told in ([2, 3], [2]), "the correction came first, or too late"
    assert (await registry.row("SELECT version FROM staff WHERE staff_id = $1", UUID(head)))["version"] == told[-1]


async def test_a_decision_and_a_closing_do_not_block_each_other(
    desk: Desk, registry: Registry, school_id: str, other_id: str
) -> None:
    request_id = await registry.ask()
    head = registry.head_of(school_id, await registry.head_id(school_id))
    decide = registry.answer(request_id, head, decision="confirm", post="учитель", category="employee")
    lock = "SELECT 1 FROM account_request WHERE request_id = $1 FOR UPDATE"
    answers = await registry.race(lock, request_id, desk.close(school_id, other_id), decide)
    assert answers[0].status_code == 200, answers[0].text
    assert answers[1].status_code in (200, 409), answers[1].text
    assert await desk.roll(school_id) == set()


async def test_a_large_roll_is_ended_by_one_statement(desk: Desk, registry: Registry, school_id: str) -> None:
    await registry.it.runtime.database.pool.execute(
        """
        INSERT INTO staff (staff_id, school_id, version, last_name, first_name, name_key, post, category, employment,
            source)
        SELECT gen_random_uuid(), $1, 1, 'Иванов', 'Иван', 'иванов иван', 'учитель', 'employee', 'main', 'feed'
        FROM generate_series(1, 600)
        """,
        UUID(school_id),
    )
    await desk.close(school_id)
    assert (await desk.approve(school_id)).status_code == 200
    left = [event for event in await registry.told() if event.topic == "staff-left"]
    assert len({event.staff_id for event in left}) == 601
    versions = await registry.row("SELECT min(version) AS least, max(version) AS most FROM staff")
    assert versions == {"least": 2, "most": 2}


async def test_every_question_about_deeds_has_an_index(registry: Registry) -> None:
    queries = {
        "school_deed": [
            "school_id = '01a20eda-541c-7187-a1a7-4b8d195b4f76' AND state IN ('awaiting-second', 'announced')",
            "state = 'awaiting-second' ORDER BY deed_id",
            "state = 'awaiting-second' AND expires_at <= now()",
            "state = 'announced' AND closes_on <= current_date",
        ],
        "application": ["school ->> 'inn' = '1' AND state IN ('submitted', 'in-review', 'clarification-requested')"],
        "account_mark": ["staff_id = '01a20eda-541c-7187-a1a7-4b8d195b4f76'"],
        "school_change": ["school_id = '01a20eda-541c-7187-a1a7-4b8d195b4f76' ORDER BY change_id DESC"],
    }
    async with registry.it.runtime.database.transaction() as tx:
        await tx.execute("SET LOCAL enable_seqscan = off")
        for table, wheres in queries.items():
            for where in wheres:
                plan = await tx.fetch(f"EXPLAIN SELECT * FROM {table} WHERE {where}")
                assert any("Index" in row[0] for row in plan), (where, plan)
                assert not any("Seq Scan" in row[0] for row in plan), (where, plan)
