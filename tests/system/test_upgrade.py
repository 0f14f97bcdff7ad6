"""An upgrade and a rollback: the previous release and this one on one schema and one stream of events."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from time import monotonic

import pytest
from chassis.settings import SERVICES
from ekis_local.services import migrate, numbered
from journal import Journal
from live import Live, live_stack
from patient import somebody
from release import unpack_previous
from story import NEW_PASSWORD, Person, School, Session

THIS = {"PYTHONPATH": ""}  # the packages of this checkout, installed
FIRST, SECOND = SERVICES, [numbered(name, 2)[1] for name in SERVICES]


@pytest.fixture
async def live(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Live]:
    """The previous release on its own schema, two replicas of each service."""
    previous = unpack_previous(tmp_path_factory.mktemp("previous"))
    async with live_stack(replicas=2, env=dict.fromkeys(SERVICES, previous)) as it:
        yield it


@pytest.mark.timeout(300)
async def test_releases_work_side_by_side_and_back_again(live: Live) -> None:
    """Each step lives through the main story; who came in the step before is still known, and leaves."""
    journal = Journal(live)
    city = City(journal, await journal.story.register(Person("Орлов", "Пётр")))
    await city.lives_on()

    await asyncio.gather(*(migrate(name, live.stack.owner_env(name) | THIS) for name in SERVICES))
    await city.lives_on()

    await restart(live, SECOND, THIS)
    await nothing_is_gone(live)
    for _ in range(2):  # one release answers, the other listens, by chance
        await city.lives_on()
    await journal.recover(monotonic())

    await restart(live, SECOND, {})  # back: the previous release alone, on what this one has left
    await city.lives_on()

    await restart(live, (*FIRST, *SECOND), THIS)
    await city.lives_on()
    await journal.recover(monotonic())
    await journal.check()


class City:
    """One school, and people who come and go."""

    def __init__(self, journal: Journal, school: School) -> None:
        self._journal, self._school, self._story = journal, school, journal.story
        self._session: Session | None = None

    async def lives_on(self) -> None:
        """Who came before refreshes the session and leaves; one is confirmed by hand, one by the roll, and moves in."""
        if self._session:
            await self._leave(self._session)
        await self._confirmed()
        person = somebody()
        await self._story.enrol(self._school, person)
        _, self._session = await self._story.settled_in(person, self._school)
        await self._fill_in(self._session)

    async def _confirmed(self) -> None:
        person = somebody()
        await self._story.enrol(self._school, person, with_email=False)
        ticket = await self._story.ask(person, self._school)
        await self._story.reaches(ticket, "referred")
        await self._story.confirm(ticket, await self._journal.live.operator("registrar"))
        self._journal.served[ticket.number] = person, ticket

    async def _fill_in(self, session: Session) -> None:
        form = await self._story.workplace(session)
        place = {"subjects": ["физика"], "work_phone": "+7 495 111-22-33", "building": "дом 1"}
        headers = {**session.headers, "If-Match": form.headers["ETag"]}
        await self._story.ok("PUT", "/cabinet/workplace", json=place, headers=headers)

    async def _leave(self, session: Session) -> None:
        refreshed = await self._journal.live.call("POST", "/identity/sessions/refresh", cookies=session.cookies)
        assert refreshed.is_success, refreshed.text
        token = {"Authorization": f"Bearer {refreshed.json()['access_token']}"}
        account = (await self._story.ok("GET", "/identity/me", headers=token))["account_id"]
        await self._story.ok("POST", "/identity/disable-requests", json={"password": NEW_PASSWORD}, headers=token)

        async def erased() -> bool:
            sql = "SELECT state FROM account WHERE id = $1::text::uuid"
            return [row["state"] for row in await self._journal.rows("identity", sql, account)] == ["erased"]

        await self._story.settle(erased)


async def restart(live: Live, replicas: Sequence[str], code: Mapping[str, str]) -> None:
    """All of them at once, with this code."""
    await asyncio.gather(*(live.stack.restart(name, code) for name in replicas))


async def nothing_is_gone(live: Live) -> None:
    """Whatever could be asked of the previous release can be asked of this one, which knows more."""
    for before, now in zip(FIRST, SECOND, strict=True):
        known, asked = [await paths(live, before, it) for it in (now, before)]
        assert asked <= known
    assert asked != known, "there are two releases"


async def paths(live: Live, service: str, replica: str) -> set[tuple[str, str]]:
    """Methods and paths of the interface that a replica tells."""
    answer = await live.client.get(f"{live.stack.service_url(replica)}/api/{service}/openapi.json")
    return {(method, path) for path, item in answer.json()["paths"].items() for method in item}
