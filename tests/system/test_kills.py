"""Every service killed in every window, the broker and the database too, while people file requests and leave."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from time import monotonic

import httpx
import pytest
from journal import Journal
from live import Live
from patient import enrol, enter, file, insist, somebody
from story import NEW_PASSWORD, School, Session
from waiting import until

AT_ONCE, FIRST = 12, 9  # people who ask, and how many of them are on the roll before anything breaks
ASKING = ("identity", "registry", "notify")
OF_REQUESTS = {
    # The first commits of registry are enrolments, so the sixth is most likely a verdict.
    "after-commit": {"identity": "after-commit", "registry": "after-commit:6", "notify": "after-commit"},
    "after-send": dict.fromkeys(ASKING, "after-send"),
    "before-mark": dict.fromkeys(ASKING, "before-mark"),
    "before-offset-commit": dict.fromkeys((*ASKING, "cabinet"), "before-offset-commit"),
}
OF_LEAVING = {
    "after-commit": ("cabinet", "registry"),
    "after-send": ("cabinet",),
    "before-mark": ("cabinet",),
}


@dataclass
class Fault:
    """When the last blow fell."""

    last: float = 0.0

    def fell(self) -> None:
        self.last = monotonic()


Faulty = AbstractAsyncContextManager[Fault]


async def requests_under(journal: Journal, school: School, faulty: Faulty) -> None:
    """A fault while people are enrolled and file requests; afterwards all are served once and nothing is lost."""
    people = [somebody() for _ in range(AT_ONCE)]
    await asyncio.gather(*(enrol(journal, school, person) for person in people[:FIRST]))
    await journal.recover(monotonic())
    async with faulty as fault:
        await asyncio.gather(*(enter(journal, school, person, enrolled=n < FIRST) for n, person in enumerate(people)))
    await journal.recover(fault.last)
    await journal.check()


@asynccontextmanager
async def deaths(live: Live, windows: Mapping[str, str]) -> AsyncIterator[Fault]:
    """Each of these dies by its own hand in its window, and is brought back without it."""
    await asyncio.gather(*(live.stack.restart(name, {"EKIS_CRASH_AT": window}) for name, window in windows.items()))
    fault = Fault()
    dying = [
        asyncio.create_task(death(live, name, live.stack.pids[name], window, fault)) for name, window in windows.items()
    ]
    yield fault
    await asyncio.gather(*dying)


async def death(live: Live, name: str, pid: int, window: str, fault: Fault) -> None:
    async def gone() -> bool:
        return live.stack.pids.get(name) != pid

    await until(gone, f"{name} died {window}", 60)
    fault.fell()


@pytest.mark.parametrize("window", OF_REQUESTS)
async def test_services_killed_in_a_window_lose_and_repeat_nothing(
    live: Live, journal: Journal, school: School, window: str
) -> None:
    await requests_under(journal, school, deaths(live, OF_REQUESTS[window]))


@pytest.mark.parametrize("server", ["kafka", "postgres"])
async def test_a_server_killed_under_load_loses_nothing(
    live: Live, journal: Journal, school: School, server: str
) -> None:
    await requests_under(journal, school, death_of(live, journal, server))


@asynccontextmanager
async def death_of(live: Live, journal: Journal, server: str) -> AsyncIterator[Fault]:
    """SIGKILL as soon as somebody has been accepted."""
    before, fault = len(journal.served), Fault()

    async def begun() -> bool:
        return len(journal.served) > before

    async def kill() -> None:
        await until(begun, "somebody has filed a request")
        await live.stack.kill(server)
        fault.fell()

    killing = asyncio.create_task(kill())
    yield fault
    await killing


async def test_notify_killed_after_data_repeats_credentials_and_counts_them(
    live: Live, journal: Journal, school: School
) -> None:
    """All other mails are out before, so that it dies on credentials."""
    people = [somebody() for _ in range(3)]
    for person in people:
        await journal.story.enrol(school, person, with_email=False)
    tickets = [await file(journal, school, person) for person in people]
    for ticket in tickets:
        await journal.story.reaches(ticket, "referred")
    await journal.recover(monotonic())
    registrar = await live.operator("registrar")
    async with deaths(live, {"notify": "after-data"}) as fault:
        await asyncio.gather(*(journal.story.confirm(ticket, registrar) for ticket in tickets))
    journal.served |= {ticket.number: (person, ticket) for person, ticket in zip(people, tickets, strict=True)}
    await journal.recover(fault.last)
    assert sum([await journal.unknown(ticket.number) for ticket in tickets]) > 0, "the death was on credentials"
    await journal.check()


@pytest.mark.parametrize("window", OF_LEAVING)
async def test_who_leaves_is_erased_everywhere_though_services_die(
    live: Live, journal: Journal, school: School, window: str
) -> None:
    person = somebody()
    await enrol(journal, school, person)
    _, session = await journal.story.settled_in(person, school)
    await journal.story.workplace(session)
    await journal.recover(monotonic())
    account = (await live.story.ok("GET", "/identity/me", headers=session.headers))["account_id"]

    async def erased() -> bool:
        rows = await journal.rows("identity", "SELECT state FROM account WHERE id = $1::text::uuid", account)
        return [row["state"] for row in rows] == ["erased"]

    async with deaths(live, dict.fromkeys(OF_LEAVING[window], window)) as fault:
        if window == "after-send":
            await fill_in(journal, session)
        await insist(journal, "POST", "/identity/disable-requests", {"password": NEW_PASSWORD}, **session.headers)
    await journal.recover(fault.last, erased)
    await journal.check()


async def fill_in(journal: Journal, session: Session) -> None:
    """Save a complete workplace form, and once more with another number, as a patient person does."""
    for number in ("+7 495 111-22-33", "+7 495 111-22-44"):
        await until(lambda number=number: saved(journal, session, number), "the form is saved", 60, every=0.1)  # type: ignore[misc]


async def saved(journal: Journal, session: Session, number: str) -> bool:
    """Whether the form holds the number, as it does now or as it was found: the answer to the last try may be lost."""
    try:
        form = await journal.call("GET", "/cabinet/workplace", headers=session.headers)
        if not form.is_success or form.json()["work_phone"] == number:
            return form.is_success
        place = {"subjects": ["физика"], "work_phone": number, "building": "дом 1"}
        headers = {**session.headers, "If-Match": form.headers["ETag"]}
        return (await journal.call("PUT", "/cabinet/workplace", json=place, headers=headers)).is_success
    except httpx.TransportError:
        return False
