"""Any order across topics and any duplication end in the same state: a property of every service's projections."""

from collections import Counter, defaultdict, deque
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from chassis.testing.opened import Keyring, Opened, opened
from ekis_contracts import Record
from ekis_local.devmail import Fault
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from story import NEW_PASSWORD, Person, School, Session, Story, Ticket
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
        "request": """SELECT id, state, shown, request_version, account_id IS NULL AS without_account, email
                   FROM account_request""",
        "account": "SELECT request_id, staff_id, state, email, credential_no FROM account",
        "receipt": "SELECT account_id, service, counts FROM erasure_receipt",
    },
    "registry": {
        "request": """SELECT request_id, state, CASE WHEN state <> 'closed' THEN request_version END AS request_version,
                   last_name, email FROM account_request""",
        "account": "SELECT account_id, staff_id, activated_at, erased_at IS NOT NULL AS erased FROM account_mark",
        "workplace": "SELECT account_id, work_phone, room FROM workplace",
    },
}
# What identity made of what people did; the copies of the roll it has to learn anew.
OF_IDENTITY = ("account_request", "open_request", "account", "taken_login", "erasure")
MOST = 260  # records of the life
OF_MAILS = ("notification-sent", "notification-failed")
Projections = dict[str, dict[str, list[str]]]
SETTINGS: dict[str, dict[str, Any]] = {
    "notify": {"smtp": "127.0.0.1:1", "smtp_from": "ЕКИС <noreply@ekis.example>", "smtp_tls": "none"},
    "identity": {"operator_second_factor": "optional"},
}


Rows = dict[str, str]


@dataclass(repr=False)  # too long to be shown with a failure
class Life:
    """Everything that was published in a full life of a school, and what it comes to in its own order.

    `begun` are identity's rows after what people did and before what others said of it.
    """

    services: dict[str, Opened]
    records: list[Record]
    begun: Rows
    expected: Projections = field(default_factory=dict)


@pytest.fixture(scope="module")
async def life(admin_dsn: str, keyring: Keyring) -> AsyncIterator[Life]:
    async with opened_world(admin_dsn, keyring, seed=0) as world:
        begun = await live_it(world)
        records = world.bus.log
    async with AsyncExitStack() as stack:
        services = {}
        for name in PROJECTIONS:
            service = import_module(f"{name}.__main__").service
            it = opened(service, admin_dsn, keyring, **SETTINGS.get(name, {}))
            services[name] = await stack.enter_async_context(it)
        life = Life(services, records, begun)
        life.expected = await projections(life, records)
        yield life


async def live_it(world: World) -> Rows:
    """Two schools end; two people settle in, one asks with a wrong address and gives up, one leaves; then others come,
    and identity is deaf to what is said of them."""
    story = world.story
    deaf_to(world, OF_MAILS)
    school = await story.register(Person("Орлова", "Вера"))
    await end_schools(world, school)
    teacher, leaver, wanderer = Person("Остаева", "Ия"), Person("Уходова", "Зоя"), Person("Правкина", "Яна")
    await story.enrol(school, teacher)
    leaver_id = await story.enrol(school, leaver)
    _, session = await story.settled_in(teacher, school)
    await story.settled_in(leaver, school)
    await correct(story, await story.ask(wanderer, school), withdraw=world)
    await fill_in(story, session)
    await story.leave(school, leaver_id)
    await world.bus.drain()
    begun = await others_come(world, school, session)
    await world.bus.drain()
    return begun


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


async def correct(story: Story, ticket: Ticket, withdraw: World | None = None) -> None:
    path = f"/identity/account-requests/{ticket.number}"
    if withdraw:
        await story.reaches(ticket, "referred")
    await story.ok("PATCH", path, json={"email": f"other{ticket.number}@mail.example"}, headers=ticket.headers)
    if withdraw:
        await withdraw.bus.drain()
        await story.ok("POST", f"{path}/withdraw", headers=ticket.headers)


async def fill_in(story: Story, session: Session) -> None:
    form = await story.workplace(session)
    headers = {**session.headers, "If-Match": form.headers["ETag"]}
    place = {"subjects": ["физика"], "work_phone": "+7 495 111-22-33", "building": "дом 1"}
    await story.ok("PUT", "/cabinet/workplace", json=place, headers=headers)


async def others_come(world: World, school: School, session: Session) -> Rows:
    """One whose credentials bounce; then at once: one who is on the roll, one of an unknown school, one whose address
    on the roll is corrected to another, which is declined, and the teacher disables the account."""
    story, unlucky, lucky = world.story, Person("Недоходова", "Ася"), Person("Быстрова", "Ева")
    victim = Person("Лишнева", "Инна")
    for person in (unlucky, lucky, victim):
        await story.enrol(school, person)
    world.mail.faults.append(Fault(stage="rcpt", action="reply", reply="550 5.1.1 unknown", count=2))
    await story.reaches(await story.ask(unlucky, school), "issued")
    unknown = School()
    await story.ask(lucky, school)
    await story.ask(Person("Ожидаева", "Ада"), unknown)
    ticket = await story.ask(victim, school)
    await correct(story, ticket)
    await story.ok("POST", "/identity/disable-requests", json={"password": NEW_PASSWORD}, headers=session.headers)
    begun = await rows_of(world.services["identity"])
    deaf_to(world, world.services["identity"].service.reactions.topics)
    await world.bus.drain()
    registrar = await world.operator("registrar")
    referral = await story.referral(ticket, registrar)
    path = f"/registry/referrals/{referral['request_id']}/decision"
    await story.ok("POST", path, json={"decision": "decline"}, headers=registrar)
    await story.register(Person("Новова", "Ольга"), unknown)
    return begun


def deaf_to(world: World, topics: Sequence[str]) -> None:
    """From now on identity hears nothing of these."""
    identity = world.services["identity"]
    heard = set(identity.service.reactions.topics) - set(topics)
    setattr(identity, "listens_to", lambda topic: topic in heard)  # noqa: B010 - of this one only


async def rows_of(it: Opened) -> Rows:
    pool = it.runtime.database.pool
    return {
        table: await pool.fetchval(f"SELECT coalesce(json_agg(t), '[]')::text FROM {table} t") for table in OF_IDENTITY
    }


async def begin_anew(it: Opened, begun: Rows) -> None:
    """Nothing but these rows."""
    pool = it.runtime.database.pool
    tables = await pool.fetch(
        "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'migration'"
    )
    await pool.execute(f"TRUNCATE {', '.join(table['name'] for table in tables)}")
    for table, rows in begun.items():
        await pool.execute(f"INSERT INTO {table} SELECT * FROM json_populate_recordset(NULL::{table}, $1)", rows)


def lane(record: Record) -> tuple[str, bytes | None]:
    """Within it Kafka keeps the order."""
    return record.topic, record.key


def delivered(records: Sequence[Record], places: Sequence[int], repeats: Sequence[tuple[int, int]]) -> list[Record]:
    """Another order in which Kafka might deliver: each key of each topic in its order, repeats anywhere later."""
    lanes: defaultdict[tuple[str, bytes | None], deque[Record]] = defaultdict(deque)
    for record in records:
        lanes[lane(record)].append(record)
    order = [lanes[lane(records[place])].popleft() for place in places]
    for place, later in sorted(repeats, reverse=True):
        order.insert(place + 1 + later % (len(order) - place), order[place])
    return order


async def projection(it: Opened, order: Sequence[Record], begun: Rows) -> dict[str, list[str]]:
    await begin_anew(it, begun)
    for record in order:
        await it.take(record)
    assert not await it.dead_letters()
    pool = it.runtime.database.pool
    tables = PROJECTIONS[it.service.name]
    return {name: sorted(str(dict(row)) for row in await pool.fetch(sql)) for name, sql in tables.items()}


async def projections(life: Life, order: Sequence[Record]) -> Projections:
    return {
        name: await projection(it, order, life.begun if name == "identity" else {})
        for name, it in life.services.items()
    }


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


async def test_identity_hears_of_its_own_requests(life: Life) -> None:
    """Every end is there, or the property is poorer than it says."""
    found = life.expected["identity"]
    states = Counter(row.split("'state': '")[1].split("'")[0] for row in found["request"])
    assert states == {"activated": 4, "withdrawn": 1, "undeliverable": 1, "issued": 1, "referred": 1, "declined": 1}
    assert [len(found["receipt"]), sum("'state': 'erased'" in row for row in found["account"])] == [6, 2]


@pytest.mark.timeout(900)  # a failure is made small before it is shown
@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(order=st.permutations(range(MOST)), repeats=st.lists(st.tuples(st.integers(0, MOST - 1), st.integers(0, MOST))))
async def test_any_order_ends_in_the_same_state(life: Life, order: list[int], repeats: list[tuple[int, int]]) -> None:
    count = len(life.records)
    assert count <= MOST
    places = [place for place in order if place < count]
    again = [(place % count, later) for place, later in repeats]
    found = await projections(life, delivered(life.records, places, again))
    assert differences(found, life.expected) == []
