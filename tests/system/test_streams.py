"""The inbox's stream through the gateway: not held back, ended by the cut-off, and taken up again after a restart."""

from time import monotonic

from listening import listening
from live import Live
from story import NEW_PASSWORD, Person, Session

CUT_OFF = 1.5  # seconds: within one of the cut-off, which itself takes half of one here


async def settled(live: Live) -> tuple[str, Session]:
    story, teacher = live.story, Person("Чуткая")
    school = await story.register(Person("Орлов", "Пётр"))
    await story.enrol(school, teacher)
    login, session = await story.settled_in(teacher, school)
    assert (await story.workplace(session)).status_code == 200
    return login, session


async def unread(live: Live, session: Session) -> int:
    """What the inbox says: the city's news of other tests are in it."""
    return int((await live.story.ok("GET", "/cabinet/inbox", headers=session.headers))["unread"])


async def test_a_stream_lives_through_a_restart_and_dies_with_its_token(live: Live) -> None:
    login, session = await settled(live)
    async with listening(live.client, session.headers) as before:
        await before.hears(await unread(live, session))
        begun = monotonic()
        await live.stack.restart("cabinet")
        await before.ends()
        assert monotonic() - begun < 15, "an open stream does not hold a stop up"
    again = await live.story.sign_in(login, NEW_PASSWORD)
    async with listening(live.client, again.headers) as after:
        await after.hears(await unread(live, again))
        body = {"password": NEW_PASSWORD}
        await live.story.ok("POST", "/identity/disable-requests", json=body, headers=again.headers)
        assert await after.ends() < CUT_OFF
    assert (await live.call("GET", "/cabinet/inbox", headers=again.headers)).status_code == 401
