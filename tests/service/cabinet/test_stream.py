"""The stream of the inbox: counts at once and at every change, one look for all, and an end when the token is dead."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

import httpx
import pytest
from cabinet.notices.domain import Unread
from cabinet.notices.gateways import Stream, Streams
from chassis.db import new_id
from chassis.testing.opened import Opened
from ekis_contracts.identity import SessionsRevoked
from ekis_contracts.values import Audience
from listening import listening
from prometheus_client import REGISTRY
from waiting import until

from .conftest import Person
from .people import put, settle

EVERYBODY = Audience()


def failures() -> float:
    """Rounds of the follower that have failed."""
    return REGISTRY.get_sample_value("ekis_loop_errors_total", {"loop": "follow-inboxes"}) or 0.0


async def test_the_count_comes_at_once_and_with_every_change(
    cabinet: Opened, server: httpx.AsyncClient, settled: Person
) -> None:
    await put(cabinet, EVERYBODY)
    headers = settled.headers(cabinet)
    async with listening(server, headers) as alla, listening(server, headers) as on_her_phone:
        await alla.hears(1)
        await put(cabinet, [settled.account_id])
        await alla.hears(2)
        await server.post("/cabinet/inbox/read-all", headers=headers)
        await alla.hears(0)
        await on_her_phone.hears(0)
    assert alla.unread == [1, 2, 0]
    assert [one["event"] for one in alla.events] == ["unread"] * 3


async def test_only_those_whom_it_concerns_are_told(
    cabinet: Opened, server: httpx.AsyncClient, settled: Person
) -> None:
    stranger = await settle(cabinet, Person())
    async with (
        listening(server, settled.headers(cabinet)) as alla,
        listening(server, stranger.headers(cabinet)) as other,
    ):
        await other.hears(0)
        await put(cabinet, Audience(school_ids=(settled.school_id,)))
        await alla.hears(1)
        await put(cabinet, EVERYBODY)
        await alla.hears(2)
        await other.hears(1)
    assert other.unread == [0, 1]


async def test_who_comes_back_learns_what_has_come_meanwhile(
    cabinet: Opened, server: httpx.AsyncClient, settled: Person
) -> None:
    await put(cabinet, EVERYBODY)
    async with listening(server, settled.headers(cabinet)) as before:
        await before.hears(1)
    await put(cabinet, EVERYBODY)
    await put(cabinet, EVERYBODY)
    async with listening(server, settled.headers(cabinet, Last_Event_ID=before.events[-1]["id"])) as after:
        await after.hears(3)
    assert after.events[0]["data"] == {"unread": 3, "new": 2}
    for nonsense in ("x", "-1", "9" * 400, "²"):
        headers = settled.headers(cabinet, Last_Event_ID=nonsense.encode())
        async with listening(server, headers) as again:
            await again.hears(3)


@pytest.mark.parametrize("end", ["suspended", "this session", "expired", "process stops"])
async def test_the_stream_ends_with_the_right_to_it(
    cabinet: Opened, server: httpx.AsyncClient, settled: Person, end: str
) -> None:
    sid = new_id()
    claims = {"category": "employee", "school_id": settled.school_id, "sid": sid}
    async with listening(server, cabinet.signed_in(account_id=settled.account_id, **claims)) as alla:
        await alla.hears(0)
        if end == "suspended":
            await cabinet.tell(settled.suspended().model_copy(update={"session_epoch": 2}), 3)
        elif end == "this session":
            facts = {"account_id": settled.account_id, "reason": "signed-out", "session_epoch": 1, "contact": None}
            await cabinet.tell(SessionsRevoked(**facts, sids=[sid]), 3)
        elif end == "expired":
            cabinet.clock.move(timedelta(minutes=5))
        else:
            cabinet.runtime.stopping.set()
        await alla.ends()
    assert len(cabinet.runtime.own.streams) == 0


@asynccontextmanager
async def nothing_can_be_counted(cabinet: Opened) -> AsyncIterator[None]:
    """A table of the count is away."""
    pool = cabinet.runtime.database.pool
    await pool.execute("ALTER TABLE notice_reach RENAME TO gone")
    try:
        yield
    finally:
        await pool.execute("ALTER TABLE gone RENAME TO notice_reach")


async def test_the_stream_ends_with_its_token_though_nothing_can_be_counted(
    cabinet: Opened, server: httpx.AsyncClient, settled: Person
) -> None:
    async def has_failed() -> bool:
        sql = "INSERT INTO inbox_change (place) VALUES ($1)"
        await cabinet.runtime.database.pool.execute(sql, settled.account_id)
        return failures() > before + 1

    async with listening(server, settled.headers(cabinet)) as alla:
        await alla.hears(0)
        before = failures()
        async with nothing_can_be_counted(cabinet):
            await until(has_failed, "two rounds have failed")
        await put(cabinet, [settled.account_id])
        await alla.hears(1)
        async with nothing_can_be_counted(cabinet):
            cabinet.clock.move(timedelta(minutes=5))
            await alla.ends()
    assert len(cabinet.runtime.own.streams) == 0


async def test_the_stream_ends_with_its_token_while_counting_waits(
    cabinet: Opened, server: httpx.AsyncClient, settled: Person
) -> None:
    pool = cabinet.runtime.database.pool
    async with listening(server, settled.headers(cabinet)) as alla:
        await alla.hears(0)
        async with pool.acquire() as held, held.transaction():
            await held.execute("LOCK TABLE inbox_change")

            async def waits() -> bool:
                return bool(await pool.fetchval("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)"))

            await until(waits, "the count waits")
            cabinet.clock.move(timedelta(minutes=5))
            await alla.ends()


async def test_what_changes_between_the_first_count_and_listening_is_told() -> None:
    stream = Stream(new_id(), None, "token", None)
    stream.tell(Unread(0, 0, None))
    streams = Streams()
    streams.add(stream)
    assert streams.due(10) == [stream]


async def test_a_client_that_leaves_is_forgotten(cabinet: Opened, server: httpx.AsyncClient, settled: Person) -> None:
    streams = cabinet.runtime.own.streams
    async with listening(server, settled.headers(cabinet)) as alla:
        await alla.hears(0)
        assert len(streams) == 1

    async def is_forgotten() -> bool:
        return len(streams) == 0

    await until(is_forgotten, "nobody listens")


async def test_a_seventh_stream_of_one_person_ends_the_first(
    cabinet: Opened, server: httpx.AsyncClient, settled: Person
) -> None:
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(listening(server, settled.headers(cabinet)))
        await first.hears(0)
        for _ in range(6):
            another = await stack.enter_async_context(listening(server, settled.headers(cabinet)))
            await another.hears(0)
        await first.ends()
        assert len(cabinet.runtime.own.streams) == 6


async def test_who_may_not_listen(cabinet: Opened, server: httpx.AsyncClient, settled: Person) -> None:
    path = "/cabinet/inbox/stream"
    assert (await server.get(path)).status_code == 401
    assert (await server.get(path, headers=cabinet.signed_in(roles=["editor"]))).status_code == 403
    closed = await server.get(path, headers=Person().headers(cabinet))
    assert (closed.status_code, closed.json()["code"]) == (409, "cabinet-closed")
