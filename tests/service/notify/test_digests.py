"""The digest: one mail a day at the person's hour, from what has gathered; nothing twice and nothing lost."""

import asyncio
from datetime import datetime, timedelta

import pytest
from chassis.db import Tx
from chassis.testing.opened import Opened
from ekis_local.devmail import Devmail
from notify.actions import notices as actions
from notify.domain.preferences import MORNING, MOSCOW
from notify.loops import digests

from .conftest import Person, addressed, rows, subjects, tell, wait_and_send

ONE, TWO = "1 новое сообщение в кабинете ЕКИС", "2 новых сообщения в кабинете ЕКИС"


@pytest.fixture
async def reader(notify: Opened, mail: Devmail, anna: Person) -> Person:
    """Somebody known, just after the morning's digest."""
    await tell(notify, anna.activated())
    mail.messages.clear()
    now = notify.clock().astimezone(MOSCOW)
    await until(notify, now.replace(hour=MORNING, minute=5) + timedelta(days=now.hour >= MORNING))
    return anna


async def until(it: Opened, moment: datetime) -> None:
    """Let time pass until then, and what is due be done."""
    it.clock.move(moment - it.clock())
    await it.run_loops()
    await it.run_loops()


async def left(it: Opened) -> int:
    number: int = await it.runtime.database.pool.fetchval(
        "SELECT (SELECT count(*) FROM entry) + (SELECT count(*) FROM digest)"
    )
    return number


async def test_a_day_has_one_digest_with_all_that_has_come(notify: Opened, mail: Devmail, reader: Person) -> None:
    await tell(notify, addressed("news", reader, title="Каникулы"))
    await wait_and_send(notify, hours=8)
    await tell(notify, addressed("poll", reader, title="Дневник"))
    assert subjects(mail) == []
    await wait_and_send(notify, hours=16)
    assert subjects(mail) == [TWO]
    text = mail.messages[0].view["text"]
    assert "- Каникулы: http://ekis.test/news/1" in text
    assert "- Дневник: http://ekis.test/poll/1" in text
    assert await left(notify) == 0
    assert ("digest", 3, "a***@mail.ru") in await rows(notify, "purpose", "priority", "mask"), "bulk holds up nobody"
    await wait_and_send(notify, days=1)
    assert len(mail.messages) == 1, "where nothing has gathered no mail is written"


async def test_what_comes_after_the_digest_comes_with_the_next(notify: Opened, mail: Devmail, reader: Person) -> None:
    for _ in range(2):
        await tell(notify, addressed("news", reader))
        await wait_and_send(notify, days=1)
    assert subjects(mail) == [ONE, ONE]


@pytest.mark.parametrize(("kinds", "arrives"), [(["news", "poll"], [ONE]), (["news"], [])])
async def test_a_line_whose_time_is_over_is_not_told_of(
    notify: Opened, mail: Devmail, reader: Person, kinds: list[str], arrives: list[str]
) -> None:
    for kind in kinds:
        expires = notify.clock() + timedelta(hours=5) if kind == "news" else None
        await tell(notify, addressed(kind, reader, title=kind), expires=expires)
    await wait_and_send(notify, days=1)
    assert subjects(mail) == arrives
    assert all("- poll: " in message.view["text"] and "news" not in message.view["text"] for message in mail.messages)
    assert await left(notify) == 0


async def test_who_dies_between_taking_and_writing_loses_nothing(notify: Opened, mail: Devmail, reader: Person) -> None:
    await tell(notify, addressed("news", reader))
    notify.clock.move(timedelta(days=1))
    async with notify.runtime.database.transaction() as tx:
        assert await actions.claim_digests(tx, 10) == [reader.account_id]
    assert not await digests.compose_due(notify.runtime), "it is another replica's for the time of a lease"
    await wait_and_send(notify, minutes=1)
    assert subjects(mail) == [ONE]


async def test_who_dies_while_writing_leaves_all_or_nothing(notify: Opened, mail: Devmail, reader: Person) -> None:
    await tell(notify, addressed("news", reader))
    notify.clock.move(timedelta(days=1))
    async with notify.runtime.database.pool.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        await actions.compose_digests(Tx(connection, notify.runtime.database), [reader.account_id])
        await transaction.rollback()
    await notify.run_loops()
    assert subjects(mail) == [ONE]
    assert await left(notify) == 0


async def test_replicas_at_the_same_moment_write_one_mail(notify: Opened, mail: Devmail, reader: Person) -> None:
    await tell(notify, addressed("news", reader))
    notify.clock.move(timedelta(days=1))
    await asyncio.gather(*(digests.compose_due(notify.runtime) for _ in range(4)))
    await notify.run_loops()
    assert subjects(mail) == [ONE]


async def test_a_late_lease_of_a_slow_replica_writes_nothing_more(
    notify: Opened, mail: Devmail, reader: Person
) -> None:
    await tell(notify, addressed("news", reader))
    await wait_and_send(notify, days=1)
    await tell(notify, addressed("news", reader))
    async with notify.runtime.database.transaction() as tx:
        await actions.compose_digests(tx, [reader.account_id])
    await notify.run_loops()
    assert subjects(mail) == [ONE], "today's lines are not due"
    assert await left(notify) == 2


async def test_a_whole_school_at_the_same_hour_is_taken_in_handfuls(
    notify: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digests, "HANDFUL", 7)
    people = [Person(email=f"{number}@mail.ru") for number in range(20)]
    for person in people:
        await notify.tell(person.activated())
    await notify.tell(addressed("news", *people))
    notify.clock.move(timedelta(days=1))
    rounds = 0
    while await digests.compose_due(notify.runtime):
        rounds += 1
    assert rounds == 3
    composed = "SELECT count(DISTINCT account_id) FROM mail WHERE purpose = 'digest'"
    assert await notify.runtime.database.pool.fetchval(composed) == 20
    assert await left(notify) == 0
