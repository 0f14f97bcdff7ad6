"""Over real SMTP: refusals, silence, drops, a server that is away; one effect each, and nothing lost."""

import asyncio
import contextlib
import os
import signal
import sys
from datetime import timedelta

import pytest
from chassis.testing.opened import Opened
from ekis_contracts.notify import NotificationFailed, NotificationSent
from ekis_local.devmail import Devmail
from notify.__main__ import service
from notify.loops.sending import POSSIBLE_DUPLICATES, send_due

from .conftest import OpenNotify, Person, fault, states, tell, wait_and_send


async def people(it: Opened, count: int) -> None:
    """So many activated accounts, told at once."""
    for number in range(count):
        await it.tell(Person(email=f"teacher{number}@mail.ru").activated())


def duplicates() -> float:
    samples = {sample.name: sample.value for metric in POSSIBLE_DUPLICATES.collect() for sample in metric.samples}
    return samples["ekis_mail_possible_duplicates_total"]


async def lost(it: Opened) -> int:
    """How many sendings may have arrived unknown."""
    return int(await it.runtime.database.pool.fetchval("SELECT sum(lost) FROM mail"))


@pytest.mark.parametrize("stage", ["mail", "rcpt", "data", "eod"])
@pytest.mark.parametrize("reply", ["451 4.7.1 later", "421 4.3.2 closing"])
async def test_a_temporary_refusal_is_tried_again(notify: Opened, mail: Devmail, stage: str, reply: str) -> None:
    fault(mail, stage, "reply", reply, count=2)
    before = duplicates()
    await tell(notify, Person().activated())
    assert await states(notify) == {"account-activated": "retry"}
    assert (await notify.published(), len(mail.messages)) == ([], 0)
    await wait_and_send(notify, minutes=1)
    await wait_and_send(notify, minutes=1)
    assert await states(notify) == {"account-activated": "sent"}
    assert len(mail.messages) == 1
    assert duplicates() == before


@pytest.mark.parametrize("stage", ["mail", "rcpt", "data", "eod"])
async def test_a_permanent_refusal_ends_at_once(notify: Opened, mail: Devmail, stage: str) -> None:
    fault(mail, stage, "reply", "550 5.1.1 <anna@mail.ru> no such user")
    await tell(notify, Person().activated())
    (failed,) = await notify.published_events()
    assert isinstance(failed, NotificationFailed)
    assert (failed.outcome, failed.code) == ("failed", "550-5.1.1")
    assert len(mail.messages) == 0
    await tell(notify, Person().activated())
    assert len(mail.messages) == 1, "the connection goes on"
    assert len(mail.connections) == 1


@pytest.mark.parametrize("action", ["drop", "hang"])
@pytest.mark.parametrize("stage", ["connect", "mail", "rcpt", "data"])
async def test_silence_before_the_message_is_out_is_a_delay(
    notify: Opened, mail: Devmail, stage: str, action: str
) -> None:
    fault(mail, stage, action)
    await tell(notify, Person().activated())
    assert await states(notify) == {"account-activated": "retry"}
    await wait_and_send(notify, minutes=1)
    assert (await states(notify), len(mail.messages)) == ({"account-activated": "sent"}, 1)


@pytest.mark.parametrize("action", ["drop", "hang"])
async def test_a_lost_answer_is_asked_for_once_more_and_counted(notify: Opened, mail: Devmail, action: str) -> None:
    before = duplicates()
    fault(mail, "eod", action)
    await tell(notify, Person().activated())
    assert await states(notify) == {"account-activated": "unknown"}
    await wait_and_send(notify, minutes=1)
    assert await states(notify) == {"account-activated": "sent"}
    assert len({message.view["message_id"] for message in mail.messages}) == 1
    assert len(mail.messages) == 2
    assert duplicates() == before + 1


async def test_after_two_lost_answers_nobody_tries_on(notify: Opened, mail: Devmail) -> None:
    fault(mail, "eod", "drop", count=9)
    await tell(notify, Person().activated())
    for _ in range(5):
        await wait_and_send(notify, hours=2)
    assert len(mail.messages) == 2
    (told,) = await notify.published_events()
    assert isinstance(told, NotificationSent)
    assert told.outcome == "unknown"


async def test_a_server_that_is_away_delays_for_three_days_at_most(notify: Opened, mail: Devmail) -> None:
    fault(mail, "connect", "reply", "554 5.3.2 closed for today", count=999)
    await tell(notify, Person().activated())
    half_hours = 0
    while not (events := await notify.published_events()):
        await wait_and_send(notify, minutes=30)
        half_hours += 1
    assert 2 * 70 <= half_hours <= 2 * 72
    assert [event.outcome for event in events] == ["failed"]


async def test_a_refused_connection_is_a_delay(open_notify: OpenNotify) -> None:
    async with open_notify(smtp="127.0.0.1:1") as notify:
        await tell(notify, Person().activated())
        assert await states(notify) == {"account-activated": "retry"}
        assert await notify.runtime.database.pool.fetchval("SELECT code FROM mail") == "connect"


async def test_many_mails_share_four_connections(notify: Opened, mail: Devmail) -> None:
    await people(notify, 120)
    most = 0

    async def watch() -> None:
        nonlocal most
        while True:
            most = max(most, len(mail.connections))
            await asyncio.sleep(0)

    watching = asyncio.create_task(watch())
    await notify.run_loops()
    watching.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await watching
    assert len({message.to[0] for message in mail.messages}) == len(mail.messages) == 120
    assert 1 < most <= 4
    assert len(await notify.published()) == 120


async def test_a_slow_mail_does_not_hold_up_the_others(open_notify: OpenNotify, mail: Devmail) -> None:
    async with open_notify(smtp_timeout=30) as notify:
        fault(mail, "rcpt", "hang")
        await people(notify, 12)
        assert await send_due(notify.runtime)
        assert len(mail.messages) == 11
        await people(notify, 1)
        assert await send_due(notify.runtime)
        assert len(mail.messages) == 12
        assert sorted(await notify.runtime.database.pool.fetchval("SELECT array_agg(state) FROM mail")) == [
            "sending",
            *["sent"] * 12,
        ]
        for connection in list(mail.connections):
            connection.abort()


async def test_an_idle_connection_is_asked_first_and_a_dead_one_replaced(notify: Opened, mail: Devmail) -> None:
    await tell(notify, Person().activated())
    for connection in list(mail.connections):
        connection.abort()
    await tell(notify, Person().activated())
    assert len(mail.messages) == 2


async def test_who_dies_while_sending_gives_the_mail_back_after_a_minute(notify: Opened, mail: Devmail) -> None:
    before = duplicates()
    await notify.tell(Person().activated())
    died = "UPDATE mail SET state = 'sending', locked_until = $1"
    await notify.runtime.database.pool.execute(died, notify.clock() + timedelta(seconds=60))
    await notify.run_loops()
    assert len(mail.messages) == 0
    await wait_and_send(notify, seconds=61)
    assert len(mail.messages) == 1
    assert duplicates() == before + 1
    assert await lost(notify) == 1, "it may have arrived before"


async def test_after_a_death_and_a_lost_answer_nobody_tries_on(notify: Opened, mail: Devmail) -> None:
    await notify.tell(Person().activated())
    await notify.runtime.database.pool.execute("UPDATE mail SET state = 'sending'")
    fault(mail, "eod", "drop", count=9)
    for _ in range(5):
        await wait_and_send(notify, hours=2)
    assert len(mail.messages) == 1
    assert (await states(notify), await lost(notify)) == ({"account-activated": "unknown"}, 2)


DYING = """
import asyncio
from notify.actions import sending as actions
from notify.__main__ import service
from notify.loops.sending import send_due

async def main():
    async with service.open(service.settings()) as runtime:
        await send_due(runtime)

asyncio.run(main())
"""


async def test_a_process_killed_after_the_server_has_taken_the_mail_loses_nothing(
    notify: Opened, mail: Devmail
) -> None:
    await people(notify, 20)
    given = {
        name: getattr(notify.runtime.settings, name) for name in ("kafka", "public_url", "secrets", "keys", "smtp")
    }
    given |= {
        "database": notify.dsn,
        "smtp_from": "noreply@ekis.example",
        "smtp_tls": "none",
        "crash_at": "after-data:5",
    }
    env = os.environ | {f"EKIS_{name.upper()}": str(value) for name, value in given.items()}
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", DYING, env=env)
    assert await process.wait() == -signal.SIGKILL
    assert len(mail.messages) >= 5
    await wait_and_send(notify, seconds=61)
    assert len({message.to[0] for message in mail.messages}) == 20
    repeated = len(mail.messages) - 20
    assert 1 <= repeated <= 4, "the one, and what the other connections had just handed over"
    assert repeated <= await lost(notify) <= 20 - (5 - repeated)
    assert set((await states(notify)).values()) == {"sent"}


async def test_two_replicas_share_the_work(notify: Opened, mail: Devmail) -> None:
    await people(notify, 110)
    async with service.open(notify.runtime.settings.model_copy(update={"instance": "second"})) as second:
        while any(await asyncio.gather(send_due(notify.runtime), send_due(second))):
            pass
    assert len({message.to[0] for message in mail.messages}) == len(mail.messages) == 110
    assert len(await notify.published()) == 110


async def test_a_stopping_service_records_what_was_on_its_way(notify: Opened, mail: Devmail) -> None:
    await people(notify, 12)
    async with service.open(notify.runtime.settings) as dying:
        working = asyncio.create_task(send_due(dying))
        while not mail.connections:  # noqa: ASYNC110 - the moment to strike is between two steps of the loop
            await asyncio.sleep(0)
        working.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await working
    rows = await notify.runtime.database.pool.fetch("SELECT state, locked_until FROM mail")
    assert {(row["state"], row["locked_until"]) for row in rows} == {("sent", None), ("retry", None)}
    await notify.run_loops()
    assert len({message.to[0] for message in mail.messages}) == len(mail.messages) == 12


async def test_a_stopping_service_takes_no_turns_for_mails_that_stay(open_notify: OpenNotify, mail: Devmail) -> None:
    loop = asyncio.get_running_loop()
    async with open_notify(smtp_rate=20) as notify:
        await people(notify, 100)
        async with service.open(notify.runtime.settings) as stopping:
            assert await send_due(stopping)
            begun = loop.time()
        taken = loop.time() - begun
    assert len(mail.messages) < 30
    assert taken < 2, "the turns of the mails that go back would take four seconds"


async def test_an_outcome_waits_for_the_database(notify: Opened, mail: Devmail) -> None:
    await notify.tell(Person().activated())
    pool = notify.runtime.database.pool
    await pool.execute("ALTER TABLE outbox RENAME TO away")
    with contextlib.suppress(Exception):
        await send_due(notify.runtime)
    assert len(mail.messages) == 1
    notify.clock.move(timedelta(minutes=5))
    with contextlib.suppress(Exception):
        await send_due(notify.runtime)
    await pool.execute("ALTER TABLE away RENAME TO outbox")
    await notify.run_loops()
    assert len(mail.messages) == 1
    assert [event.outcome for event in await notify.published_events()] == ["sent"]


async def test_a_mail_for_an_address_beyond_ascii(notify: Opened, mail: Devmail) -> None:
    await tell(notify, Person(email="анна@почта.рф").activated())
    assert [message.to for message in mail.messages] == [["анна@xn--80a1acny.xn--p1ai"]]


async def test_a_hostile_address_harms_nobody_else(notify: Opened, mail: Devmail) -> None:
    await notify.tell(Person(email="a@mail.ru>\r\nRCPT TO:<b@mail.ru").activated())
    await notify.tell(Person().activated())
    await notify.run_loops()
    assert [message.to for message in mail.messages] == [["anna@mail.ru"]]
    assert {event.code for event in await notify.published_events()} == {"address-invalid", None}
