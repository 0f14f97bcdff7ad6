"""Any order across topics and any duplication end in the same state: a property of every service's projections."""

import random
from collections import defaultdict, deque
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from chassis.testing.opened import Keyring, Opened, opened
from ekis_contracts import Record
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from story import NEW_PASSWORD, Person, School
from world import World, opened_world

# What a service is told alone must fix these. Times, random ids and counters of its own words are not told.
PROJECTIONS = {
    "cabinet": {
        "school": "SELECT * FROM school",
        "staff": "SELECT * FROM staff",
        "account": "SELECT account_id, state, staff_id, category, post, facts_version, last_name FROM account",
        "workplace": "SELECT account_id FROM workplace",
    },
    "notify": {
        "account": """SELECT account_id, ended, CASE WHEN NOT ended THEN credential_no END AS credential_no,
                   CASE WHEN NOT ended THEN contact_version END AS contact_version FROM account""",
        "mail": "SELECT event_id, purpose, subject, credential_no FROM mail WHERE state <> 'cancelled'",
    },
    "identity": {
        "staff": "SELECT staff_id, version, school_id, category, post, has_left FROM staff",
        "school": "SELECT * FROM school",
    },
    "registry": {
        "request": """SELECT request_id, state, CASE WHEN state <> 'closed' THEN request_version END AS request_version,
                   last_name, email FROM account_request""",
        "account": "SELECT account_id, staff_id, activated_at, erased_at IS NOT NULL AS erased FROM account_mark",
        "workplace": "SELECT account_id, work_phone, room FROM workplace",
    },
}
# Identity owns accounts and requests, so a verdict or a receipt of an unknown one cannot come to it.
COPIED_BY_IDENTITY = (
    *("school-registered", "school-changed", "school-closed"),
    *("staff-enrolled", "staff-changed", "staff-left"),
)
Projections = dict[str, dict[str, list[str]]]
SETTINGS: dict[str, dict[str, Any]] = {
    "notify": {"smtp": "127.0.0.1:1", "smtp_from": "ЕКИС <noreply@ekis.example>", "smtp_tls": "none"},
    "identity": {"operator_second_factor": "optional"},
}


class Life:
    """Everything that was published in a full life of a school, and what it comes to in its own order."""

    def __init__(self, records: list[Record], expected: "Projections") -> None:
        self.records = records
        self.expected = expected


@pytest.fixture(scope="module")
async def life(admin_dsn: str, keyring: Keyring) -> Life:
    async with opened_world(admin_dsn, keyring, seed=0) as world:
        await live_it(world)
        return Life(world.bus.log, await projections(admin_dsn, keyring, world.bus.log))


async def live_it(world: World) -> None:
    story = world.story
    school = await story.register(Person("Орлова", "Вера"))
    teacher, leaver, wanderer = Person("Остаева", "Ия"), Person("Уходова", "Зоя"), Person("Правкина", "Яна")
    await story.enrol(school, teacher)
    leaver_id = await story.enrol(school, leaver)
    _, session = await story.settled_in(teacher, school)
    await story.settled_in(leaver, school)
    ticket = await story.ask(wanderer, school)
    await story.reaches(ticket, "referred")
    correction = {"email": "other@mail.example"}
    await story.ok("PATCH", f"/identity/account-requests/{ticket.number}", json=correction, headers=ticket.headers)
    await world.bus.drain()
    await story.ok("POST", f"/identity/account-requests/{ticket.number}/withdraw", headers=ticket.headers)
    form = await story.workplace(session)
    headers = {**session.headers, "If-Match": form.headers["ETag"]}
    place = {"subjects": ["физика"], "work_phone": "+7 495 111-22-33", "building": "дом 1"}
    await story.ok("PUT", "/cabinet/workplace", json=place, headers=headers)
    await story.leave(school, leaver_id)
    await world.bus.drain()
    await story.ok("POST", "/identity/disable-requests", json={"password": NEW_PASSWORD}, headers=session.headers)
    await world.bus.drain()
    await end_schools(world, school)


async def end_schools(world: World, successor: School) -> None:
    """One school is corrected, suspended, resumed and merged, with somebody at work; another is liquidated."""
    story, mover, loser = world.story, Person("Переходова", "Нина"), Person("Последнева", "Ада")
    merged, ended = await story.register(Person("Старова", "Ева")), await story.register(Person("Конева", "Лия"))
    await story.enrol(merged, mover)
    await story.enrol(ended, loser)
    _, session = await story.settled_in(mover, merged)
    await story.settled_in(loser, ended)
    form = await story.workplace(session)
    headers = {**session.headers, "If-Match": form.headers["ETag"]}
    await story.ok("PUT", "/cabinet/workplace", json={"room": "7"}, headers=headers)
    path = f"/registry/schools/{merged.school_id}"
    registrar = await story.operator("registrar")
    changes = {"short_name": "Лицей № 7", "phone": "+7 495 222-33-44"}
    await story.ok("PATCH", path, json=changes, headers=registrar | {"If-Match": "*"})
    for step in ("suspend", "resume"):
        await story.ok("POST", f"{path}/{step}", json={"reason": "проверка"}, headers=registrar)
    await world.bus.drain()
    await story.close(merged, successor)
    await story.close(ended)
    await world.bus.drain()
    await world.pass_time(timedelta(days=15))


def shuffled(records: Sequence[Record], chance: random.Random) -> list[Record]:
    """Another order in which Kafka might deliver: each key of each topic in its order, repeats anywhere later."""
    lanes: defaultdict[tuple[str, bytes | None], deque[Record]] = defaultdict(deque)
    for record in records:
        lanes[record.topic, record.key].append(record)
    order: list[Record] = []
    while lanes:
        lane = chance.choice(sorted(lanes, key=str))
        order.append(lanes[lane].popleft())
        if not lanes[lane]:
            del lanes[lane]
        if chance.random() < 0.5:
            order.append(chance.choice(order))
    return order


async def projection(it: Opened, order: Sequence[Record]) -> dict[str, list[str]]:
    for record in order:
        if it.service.name != "identity" or record.topic in COPIED_BY_IDENTITY:
            await it.take(record)
    assert not await it.dead_letters()
    pool = it.runtime.database.pool
    tables = PROJECTIONS[it.service.name]
    return {name: sorted(str(dict(row)) for row in await pool.fetch(sql)) for name, sql in tables.items()}


async def projections(admin_dsn: str, keyring: Keyring, order: Sequence[Record]) -> Projections:
    found = {}
    async with AsyncExitStack() as stack:
        for name in PROJECTIONS:
            service = import_module(f"{name}.__main__").service
            it = await stack.enter_async_context(opened(service, admin_dsn, keyring, **SETTINGS.get(name, {})))
            found[name] = await projection(it, order)
    return found


def differences(found: Projections, expected: Projections) -> list[tuple[str, str, str]]:
    """The rows that only one side has."""
    return [
        (service, table, row)
        for service, tables in expected.items()
        for table, rows in tables.items()
        for row in set(rows) ^ set(found[service][table])
    ]


async def test_the_life_fills_every_projection(life: Life) -> None:
    empty = [(name, table) for name, tables in life.expected.items() for table, rows in tables.items() if not rows]
    erased = [("cabinet", "workplace"), ("registry", "workplace")]
    assert empty == erased, "the rest must hold something, or the property is empty"
    topics = {record.topic for record in life.records}
    assert {"school-changed", "school-closed", "staff-changed", "account-changed"} <= topics


@settings(
    max_examples=6, deadline=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck)
)
@given(seed=st.integers(min_value=0, max_value=2**32))
async def test_any_order_ends_in_the_same_state(life: Life, admin_dsn: str, keyring: Keyring, seed: int) -> None:
    found = await projections(admin_dsn, keyring, shuffled(life.records, random.Random(seed)))
    assert differences(found, life.expected) == []
