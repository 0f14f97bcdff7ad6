"""Who goes first, how many a stranger may cause, what is wiped when; and the figures of the queue."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from chassis.testing.opened import Opened
from ekis_contracts.identity import AccountRequested
from ekis_local.devmail import Devmail
from notify.actions.mails import TOO_MANY, queue_mail
from notify.actions.sending import claim_mails
from notify.domain.priorities import QUOTA
from notify.loops.sending import MAILS, send_due
from notify.loops.upkeep import AGE, DEPTH, measure_queue
from notify.store.mails import mail_of
from prometheus_client import Counter, Gauge
from waiting import until

from .conftest import OpenNotify, Person, addressed, fault, rows, tell, wait_and_send


def value(metric: Counter | Gauge, **labels: str) -> float:
    return float(next((s.value for m in metric.collect() for s in m.samples if s.labels == labels), 0))


async def make_bulk(it: Opened, count: int, *, but: int = 0) -> None:
    """Turn all waiting mails into a mass mailing that was there first; the newest few stay what they are."""
    sql = """
    UPDATE mail SET priority = 3, due_at = due_at - interval '1 hour' WHERE state = 'queued' AND mail_id NOT IN (
        SELECT mail_id FROM mail ORDER BY queued_at DESC LIMIT $1)
    """
    assert await it.runtime.database.pool.execute(sql, but) == f"UPDATE {count}"


async def people(it: Opened, count: int) -> list[Person]:
    made = [Person(email=f"teacher{number}@mail.ru") for number in range(count)]
    for person in made:
        await it.tell(person.activated())
    return made


async def test_security_mails_overtake_the_rest(open_notify: OpenNotify, mail: Devmail) -> None:
    async with open_notify(smtp_connections=2) as notify:
        await people(notify, 10)
        await notify.tell(Person(email="anna@mail.ru").created())
        await notify.run_loops()
    assert "anna@mail.ru" in [message.to[0] for message in list(mail.messages)[:2]]
    assert len(mail.messages) == 11


async def test_a_mass_mailing_holds_up_nobody(open_notify: OpenNotify, mail: Devmail) -> None:
    async with open_notify(smtp_connections=2) as notify:
        await people(notify, 150)
        await make_bulk(notify, 150)
        await send_due(notify.runtime)
        await notify.tell(Person(email="anna@mail.ru").created())
        before = len(mail.messages)
        assert 0 < before < 150
        await notify.run_loops()
        notify.clock.move(timedelta(hours=1))  # for a mail that a busy machine has put off
        await notify.run_loops()
    assert "anna@mail.ru" in [message.to[0] for message in list(mail.messages)[before : before + 60]]
    assert len(mail.messages) == 151


async def test_a_mass_mailing_leaves_a_connection_free(open_notify: OpenNotify, mail: Devmail) -> None:
    async with open_notify(smtp_connections=3, smtp_timeout=5) as notify:
        await people(notify, 20)
        await make_bulk(notify, 20)
        fault(mail, "eod", "hang", count=2)
        await send_due(notify.runtime)
        await notify.tell(Person(email="anna@mail.ru").created())
        await send_due(notify.runtime)
    assert [message.to[0] for message in mail.messages][-1] == "anna@mail.ru"
    assert len(mail.messages) == 3, "two hang with what the server has taken"


async def test_a_mass_mailing_is_not_starved_by_the_others(notify: Opened, mail: Devmail) -> None:
    await people(notify, 300)
    await make_bulk(notify, 20, but=280)
    await send_due(notify.runtime)
    taken = await rows(notify, "priority", "state")
    assert ("sent" in {state for priority, state in taken if priority == 3}) or (3, "sending") in taken


async def test_notices_are_bulk_and_shown_to_the_desk_like_other_mails(notify: Opened) -> None:
    teachers = await people(notify, 3)
    await notify.tell(addressed("task", *teachers))
    assert (await rows(notify, "purpose", "priority", "mask", "recipient IS NULL"))[3:] == [
        ("notice-task", 3, "t***@mail.ru", False)
    ] * 3


async def test_a_stranger_causes_ten_mails_an_hour_to_one_address(notify: Opened, mail: Devmail) -> None:
    before = TOO_MANY._value.get()
    for number in range(QUOTA + 5):
        await notify.tell(Person(email=f"Anna+{number}@mail.ru").requested())
    await notify.tell(Person(email="boris@mail.ru").requested())
    await notify.tell(Person().activated())
    await notify.run_loops()
    assert len(mail.messages) == QUOTA + 2
    assert sorted(message.to[0] for message in mail.messages)[-2:] == ["anna@mail.ru", "boris@mail.ru"]
    cancelled = [row for row in await rows(notify, "state", "code", "contact", "secret") if row[0] == "cancelled"]
    assert cancelled == [("cancelled", "too-many", None, None)] * 5
    assert TOO_MANY._value.get() == before + 5
    notify.clock.move(timedelta(hours=1))
    await tell(notify, Person().requested())
    assert len(mail.messages) == QUOTA + 3


async def test_a_mail_told_again_counts_once(notify: Opened, mail: Devmail) -> None:
    request = Person().requested()
    assert isinstance(request, AccountRequested)
    for version in range(QUOTA + 3):
        again = request.model_copy(update={"contact": Person().contact()})
        await notify.tell(again, version + 1)
    await tell(notify, Person().requested())
    assert len(mail.messages) == 2


async def test_two_at_once_do_not_pass_the_quota_together(notify: Opened) -> None:
    database = notify.runtime.database
    await notify.tell(Person().requested())
    (row,) = await database.pool.fetch("SELECT *, false AS suppressed FROM mail")
    mail = mail_of(row)

    async def queue_another() -> None:
        async with database.transaction() as tx:
            await queue_mail(tx, replace(mail, mail_id=uuid4()))

    for _ in range(QUOTA - 2):
        await queue_another()
    async with database.transaction() as tx:
        await queue_mail(tx, replace(mail, mail_id=uuid4()))
        second = asyncio.create_task(queue_another())

        async def waits_or_is_done() -> bool:
            return second.done() or await database.pool.fetchval("SELECT bool_or(NOT granted) FROM pg_locks")

        await until(waits_or_is_done, "the second waits for the first")
    await second
    states = [state for (state,) in await rows(notify, "state")]
    assert (states.count("queued"), states.count("cancelled")) == (QUOTA, 1)


async def test_secrets_go_with_the_end_of_every_kind(notify: Opened, mail: Devmail) -> None:
    fault(mail, "rcpt", "reply", "550 5.7.1 no")
    await tell(notify, Person().created())
    await tell(notify, Person().created(), 1)
    anna = Person()
    fault(mail, "rcpt", "reply", "451 4.7.1 later")
    await tell(notify, anna.created())
    assert sum(secret is not None for (secret,) in await rows(notify, "secret")) == 1, "one is still on its way"
    await tell(notify, anna.restored(2), 2)
    assert set(await rows(notify, "contact", "secret")) == {(None, None)}
    assert {state for (state,) in await rows(notify, "state")} == {"failed", "sent", "cancelled"}


async def test_a_server_that_stays_away_keeps_no_secret_past_its_time(open_notify: OpenNotify) -> None:
    async with open_notify(smtp="127.0.0.1:1") as notify:
        await tell(notify, Person().created(expires_at=notify.clock() + timedelta(hours=3)))
        assert (await rows(notify, "state"))[0] == ("retry",)
        for _ in range(8):
            await wait_and_send(notify, hours=1)
        assert await rows(notify, "state", "code", "contact", "secret") == [("failed", "expired", None, None)]
        (told,) = await notify.published_events()
        assert (told.outcome, told.code, told.credential_no) == ("failed", "expired", 1)


async def test_a_mail_that_waits_for_an_address_ends_with_its_time(notify: Opened, mail: Devmail) -> None:
    await tell(notify, Person().changed("email"), 2)
    assert sorted(await rows(notify, "purpose", "state")) == [
        ("address-changed", "sent"),
        ("address-replaced", "waiting"),
    ]
    await wait_and_send(notify, hours=73)
    assert ("address-replaced", "failed", "expired") in await rows(notify, "purpose", "state", "code")
    assert len(mail.messages) == 1


async def test_whom_a_mail_was_for_is_forgotten_after_a_month(notify: Opened, mail: Devmail) -> None:
    fault(mail, "rcpt", "reply", "550 5.7.1 no")
    await tell(notify, Person().referred())
    await tell(notify, Person().activated())
    kept = await rows(notify, "mask", "recipient IS NULL", "contact IS NULL")
    assert sorted(kept) == [("a***@mail.ru", False, False), ("a***@mail.ru", False, True)]
    await wait_and_send(notify, days=31)
    assert set(await rows(notify, "mask", "recipient", "contact")) == {(None, None, None)}


async def test_an_erased_persons_address_is_nowhere(notify: Opened, mail: Devmail, anna: Person) -> None:
    await tell(notify, anna.requested())
    await tell(notify, anna.created())
    await tell(notify, anna.activated(), 2)
    boris = Person(email="boris@mail.ru")
    await tell(notify, boris.activated())
    await tell(notify, addressed("task", anna, boris))
    await tell(notify, anna.disabled(), 3)
    shown = await rows(notify, "mask", "recipient IS NULL")
    assert [row for row in shown if row[0]] == [("b***@mail.ru", False)] * 2
    assert shown.count((None, True)) == 5


NO_ADDRESSES = [
    *(
        "anna@mail.ru, thief@mail.ru",
        "a@x.ru>\r\nRCPT TO:<b@x.ru",
        "a" * 320,
        "a b@x.ru",
        "<a@x.ru>",
        "a@x",
        "@x.ru",
        "a@",
    ),
    *('"a"@x.ru', "a@[127.0.0.1]", "a@x..ru", "a@x.ru\x00", "\x00@x.ru", "a\u202e@x.ru", "a@x.ru\n"),
    f"{'a' * 65}@{'b' * 63}.{'c' * 63}.{'d' * 63}.ru",
]


@pytest.mark.parametrize("wrong", NO_ADDRESSES)
async def test_an_address_that_is_none_reaches_nobody(notify: Opened, mail: Devmail, wrong: str) -> None:
    await notify.tell(Person(email=wrong).activated())
    await notify.tell(Person(email=wrong).requested())
    await tell(notify, Person().activated())
    assert [message.to for message in mail.messages] == [["anna@mail.ru"]]
    failed = [row for row in await rows(notify, "state", "code") if row[0] == "failed"]
    assert failed == [("failed", "address-invalid")] * 2


async def test_a_seal_that_was_moved_to_another_event_is_never_opened(notify: Opened, mail: Devmail) -> None:
    stolen = Person(email="thief@mail.ru").activated()
    await notify.tell(stolen)
    (seal,) = [seal for seal in stolen.seals() if seal.recipient == "notify"]
    await notify.runtime.database.pool.execute("UPDATE mail SET state = 'sent', due_at = NULL")
    await notify.tell(Person().created())
    await notify.runtime.database.pool.execute("UPDATE mail SET contact = $1 WHERE state = 'queued'", seal.token)
    await notify.run_loops()
    assert len(mail.messages) == 0
    assert ("failed", "seal-broken", None, None) in await rows(notify, "state", "code", "contact", "secret")


async def test_every_mail_has_one_recipient_on_the_wire(notify: Opened, mail: Devmail) -> None:
    await people(notify, 30)
    await notify.tell(Person().created())
    await notify.run_loops()
    assert {len(message.to) for message in mail.messages} == {1}
    assert all(message.raw.count(b"\r\nTo: ") == 1 for message in mail.messages)
    assert not any(b"\r\nBcc:" in message.raw or b"\r\nCc:" in message.raw for message in mail.messages)


async def test_a_name_that_breaks_lines_breaks_no_header(notify: Opened, mail: Devmail) -> None:
    evil = Person(first_name="Анна\r\nBcc: thief@mail.ru\r\n\r\n<script>")
    await tell(notify, evil.activated())
    (message,) = mail.messages
    assert (message.to, b"Bcc" in message.raw) == (["anna@mail.ru"], False)
    assert "<script>" not in message.view["html"]


async def test_the_queue_is_measured(notify: Opened, mail: Devmail) -> None:
    fault(mail, "connect", "reply", "421 4.3.2 later", count=99)
    before = value(MAILS, outcome="deferred", reply="421")
    await tell(notify, Person().created())
    await notify.tell(Person().referred())
    notify.clock.move(timedelta(minutes=10))
    await measure_queue(notify.runtime)
    assert [value(DEPTH, priority=name) for name in ("security", "transactional", "bulk")] == [1, 1, 0]
    assert value(AGE, priority="transactional") >= 600
    assert value(AGE, priority="bulk") == 0
    assert value(MAILS, outcome="deferred", reply="421") == before + 1


@pytest.mark.parametrize(
    ("told", "counted"),
    [
        (("rcpt", "reply", "552 5.2.2 full"), {"outcome": "refused", "reply": "552"}),
        (("rcpt", "reply", "550 no"), {"outcome": "refused", "reply": "550"}),
        (("data", "reply", "451 4.7.1 later"), {"outcome": "deferred", "reply": "451"}),
        (("eod", "drop"), {"outcome": "lost", "reply": "none"}),
        (("ehlo", "hide", "PIPELINING"), {"outcome": "accepted", "reply": "250"}),
    ],
)
async def test_attempts_are_counted_by_the_code_of_the_reply(
    notify: Opened, mail: Devmail, told: tuple[str, ...], counted: dict[str, str]
) -> None:
    fault(mail, *told)
    before = value(MAILS, **counted)
    await tell(notify, Person().referred())
    assert value(MAILS, **counted) == before + 1


async def test_a_claim_takes_bulk_and_the_rest_from_places_of_their_own(notify: Opened) -> None:
    await people(notify, 12)
    await make_bulk(notify, 9, but=3)
    async with notify.runtime.database.transaction() as tx:
        taken = await claim_mails(tx, [], 5, "0")
    assert len(taken) == 3 + 5
    async with notify.runtime.database.transaction() as tx:
        assert len(await claim_mails(tx, taken, 5, "0")) == 0
