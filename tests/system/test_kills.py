"""Every service killed in every window, the broker and the database too, while people file requests and leave."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import httpx
import pytest
from chassis.db import new_id
from journal import Journal
from live import Live
from story import NEW_PASSWORD, Person, School, Ticket
from waiting import until

AT_ONCE = 12
VOWELS = "аеиоуыэюя"
OF_REQUESTS = {
    "after-commit": ("identity", "registry", "notify"),
    "after-send": ("identity", "registry", "notify"),
    "before-mark": ("identity", "registry", "notify"),
    "before-offset-commit": ("identity", "registry", "cabinet", "notify"),
    "after-data": ("notify",),
}
OF_LEAVING = {
    "after-commit": ("cabinet", "registry"),
    "after-send": ("cabinet",),
    "before-mark": ("cabinet",),
}


@pytest.fixture(scope="module")
async def journal(live: Live) -> Journal:
    return Journal(live)


@pytest.fixture(scope="module")
async def school(live: Live) -> School:
    return await live.story.register(Person("Орлов", "Пётр"))


async def insist(live: Live, path: str, body: dict[str, object], **headers: str) -> httpx.Response:
    """Post as a patient client does: the same key until it is accepted."""
    headers = {"Idempotency-Key": str(new_id()), **headers}
    answers: list[httpx.Response] = []

    async def accepted() -> bool:
        try:
            answers.append(await live.call("POST", path, json=body, headers=headers))
        except httpx.TransportError:
            return False
        return answers[-1].is_success

    await until(accepted, f"{path} is accepted", 60, every=0.1)
    return answers[-1]


async def enrolled(live: Live, journal: Journal, school: School) -> list[Person]:
    """People on the roll by their own addresses, before anything breaks."""
    first = len(journal.accepted)
    names = [f"Учитель{VOWELS[n % 9] * (1 + n // 9)}" for n in range(first, first + AT_ONCE)]
    people = [Person(name, "Анна") for name in names]
    for person in people:
        await live.story.enrol(school, person)
    await journal.quiet()
    return people


async def file(live: Live, journal: Journal, school: School, person: Person) -> None:
    claim = {"inn": school.inn, "kpp": school.kpp, "name": school.name}
    applicant = {**person.name, "email": person.email}
    body = {"applicant": applicant, "school": claim, "category": "employee", "consent": True}
    made = (await insist(live, "/identity/account-requests", body)).json()
    journal.accepted[made["number"]] = (person, Ticket(made["number"], made["tracking_code"]))


async def requests_under(
    live: Live, journal: Journal, people: Sequence[Person], school: School, fault: AbstractAsyncContextManager[None]
) -> None:
    """A fault while people file requests; afterwards everything is served once and nothing is lost."""
    async with fault:
        await asyncio.gather(*(file(live, journal, school, person) for person in people))
    await live.stack.wait_ready()
    await journal.quiet()
    await journal.check()


@asynccontextmanager
async def deaths(live: Live, services: Sequence[str], window: str) -> AsyncIterator[None]:
    """Each of these dies by its own hand in the window, and is brought back without it."""
    await asyncio.gather(*(live.stack.restart(service, {"EKIS_CRASH_AT": window}) for service in services))
    armed = {service: live.stack.pids[service] for service in services}
    yield
    for service, pid in armed.items():
        await until(lambda service=service, pid=pid: gone(live, service, pid), f"{service} died {window}", 60)  # type: ignore[misc]


async def gone(live: Live, service: str, pid: int) -> bool:
    return live.stack.pids.get(service) != pid


@pytest.mark.parametrize("window", OF_REQUESTS)
async def test_services_killed_in_a_window_lose_and_repeat_nothing(
    live: Live, journal: Journal, school: School, window: str
) -> None:
    people = await enrolled(live, journal, school)
    await requests_under(live, journal, people, school, deaths(live, OF_REQUESTS[window], window))


@pytest.mark.parametrize("server", ["kafka", "postgres"])
async def test_a_server_killed_under_load_loses_nothing(
    live: Live, journal: Journal, school: School, server: str
) -> None:
    people = await enrolled(live, journal, school)
    await requests_under(live, journal, people, school, death_of(live, journal, server))


@asynccontextmanager
async def death_of(live: Live, journal: Journal, server: str) -> AsyncIterator[None]:
    """SIGKILL as soon as somebody has been accepted."""
    before = len(journal.accepted)

    async def kill() -> None:
        await until(lambda: begun(journal, before), "somebody has filed a request")
        await live.stack.kill(server)

    killing = asyncio.create_task(kill())
    yield
    await killing


async def begun(journal: Journal, before: int) -> bool:
    return len(journal.accepted) > before


@pytest.mark.parametrize("window", OF_LEAVING)
async def test_who_leaves_is_erased_everywhere_though_services_die(
    live: Live, journal: Journal, school: School, window: str
) -> None:
    person = Person(f"Уходящ{'ая' * (1 + list(OF_LEAVING).index(window))}", "Анна")
    await live.story.enrol(school, person)
    _, session = await live.story.settled_in(person, school)
    await journal.quiet()
    account = (await live.story.ok("GET", "/identity/me", headers=session.headers))["account_id"]
    async with deaths(live, OF_LEAVING[window], window):
        await insist(live, "/identity/disable-requests", {"password": NEW_PASSWORD}, **session.headers)
    await live.stack.wait_ready()
    await until(lambda: erased(journal, account), "every holder has answered", 60, every=0.25)
    await journal.check()


async def erased(journal: Journal, account: str) -> bool:
    rows = await journal.rows("identity", "SELECT state FROM account WHERE id = $1::text::uuid", account)
    return [row["state"] for row in rows] == ["erased"]
