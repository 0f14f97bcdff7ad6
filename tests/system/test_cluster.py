"""Three brokers and two replicas of each service on one machine: what is lost is nobody's loss."""

from collections.abc import AsyncIterator
from contextlib import suppress
from time import monotonic

import pytest
from chassis.kafka import by_key
from chassis.settings import SERVICES
from cluster import Cluster, Writing
from impatient import Impatient
from journal import Journal
from live import Live, live_stack
from patient import enrol, somebody
from story import NEW_PASSWORD, School, Session
from waiting import until

REQUESTED, LEFT = "account-requested", "staff-left"
BROKERS = PARTITIONS = 3
FETCHED = 1.0  # seconds; what a follower had asked for when it froze is answered within half of one


@pytest.fixture(scope="module")
async def live() -> AsyncIterator[Live]:
    async with live_stack(brokers=BROKERS, replicas=2) as it:
        yield it


@pytest.fixture
async def cluster(live: Live) -> Cluster:
    it = Cluster(live)
    await until(it.is_whole, "all brokers hold everything")
    return it


@pytest.mark.timeout(180)
async def test_a_broker_and_then_a_replica_of_each_service_are_lost(
    journal: Journal, school: School, cluster: Cluster
) -> None:
    """The broker stays away while people are served, and replicas are killed meanwhile."""
    places = await cluster.places()
    assert {len(it.replicas) for it in places.values()} == {BROKERS}
    leader = places[REQUESTED, 0].leader
    async with Writing(journal, school).running() as writing:
        await writing.more(5)
        await cluster.lose(leader)
        await writing.more(5)
        await writing.served()
        for name in SERVICES:
            await cluster.stack.kill(name)
        await writing.more(5)
        await writing.served()
    await cluster.resume(leader)
    back = monotonic()
    await until(cluster.is_whole, "all brokers hold everything again")
    await journal.recover(back)
    await journal.check()


@pytest.mark.timeout(180)
async def test_what_only_one_broker_has_does_not_count_as_sent(
    journal: Journal, school: School, cluster: Cluster
) -> None:
    """Its followers freeze, it takes an event, and dies before anybody else has it."""
    story = journal.live.story
    earlier, staff = await story.enrol(school, somebody()), await story.enrol(school, somebody())
    await story.leave(school, earlier)  # who has sent to the topic need not ask where it is, which nobody would answer
    await journal.recover(monotonic())
    at = LEFT, by_key(staff.encode(), range(PARTITIONS), ())
    leader = (await cluster.places())[at].leader
    followers, before = {1, 2, 3} - {leader}, cluster.written(leader, LEFT)

    async def fetched() -> bool:
        return monotonic() - frozen > FETCHED

    async def written() -> bool:
        return cluster.written(leader, LEFT) > before

    async def sent() -> bool:
        return not await journal.rows("registry", "SELECT 1 FROM outbox")

    async def moved() -> bool:
        return (await cluster.places())[at].leader in followers

    with cluster.frozen(followers):
        frozen = monotonic()
        await until(fetched, "no follower's question is open")
        await story.leave(school, staff)
        await until(written, "the leader has the event")
        with suppress(AssertionError):  # the real thing believes in nothing, however long one waits
            await until(sent, "it counts as sent", seconds=2)
        await cluster.lose(leader)
    await until(moved, "another leads")
    await cluster.resume(leader)
    await journal.recover(monotonic())
    await journal.check()


@pytest.mark.timeout(240)
async def test_every_process_is_restarted_and_no_request_fails(live: Live, journal: Journal, school: School) -> None:
    """One after the other by SIGTERM, under load through the gateway, by clients that ask once."""
    sessions = await sign_in_everywhere(journal, school, devices=6)
    async with Impatient(journal, school, sessions).running() as load:
        for name in live.stack.services:
            before = load.answered.copy()
            await live.stack.restart(name)
            assert (load.answered - before).keys() == {"read", "refresh", "write"}
    print("answered:", dict(load.answered))
    assert load.failed == []
    await journal.recover(monotonic())
    await journal.check()


async def sign_in_everywhere(journal: Journal, school: School, devices: int) -> list[Session]:
    """Somebody with an open cabinet and several browsers."""
    person = somebody()
    await enrol(journal, school, person)
    login, session = await journal.story.settled_in(person, school)
    await journal.story.workplace(session)
    return [session, *[await journal.story.sign_in(login, NEW_PASSWORD) for _ in range(devices - 1)]]
