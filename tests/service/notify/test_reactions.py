"""Each fact becomes its mail, once; guards hold in any order."""

from collections.abc import Callable
from datetime import timedelta
from itertools import permutations

import pytest
from chassis.db import new_id, utc_now
from chassis.testing.opened import Opened
from ekis_contracts import Event, ForNotify, ForRegistry
from ekis_contracts.cabinet import PersonalDataErased
from ekis_contracts.identity import (
    AccountRequestClosed,
    AccountRequested,
    SupportTicketAnswered,
    SupportTicketOpened,
    SupportTicketResolved,
)
from ekis_contracts.notify import NotificationSent
from ekis_contracts.registry import (
    AccountRequestHeld,
    AccountRequestReferred,
    SchoolApplicationDecided,
    SchoolApplicationSubmitted,
)
from ekis_contracts.values import Applicant, Contact, SchoolClaim, Tracking
from ekis_local.devmail import Devmail

from .conftest import PASSWORD, Person, fault, states, subjects, tell, wait_and_send
from .desk import confirmation, contact, ticket


def tracking() -> ForNotify[Tracking]:
    return ForNotify(Tracking(to="anna@mail.ru", tracking_code="AB12-CD34"))


def requested(version: int = 1) -> Event:
    return AccountRequested(
        request_id=new_id(),
        number="R26-000042",
        request_version=version,
        school=SchoolClaim(inn="7707083893"),
        category="employee",
        applicant=ForRegistry(Applicant(last_name="Петрова", first_name="Анна", email="anna@mail.ru")),
        contact=contact(),
        tracking=tracking(),
    )


def submitted() -> Event:
    given = {"application_id": new_id(), "number": "A26-000042", "inn": "7707083893", "state": "submitted"}
    return SchoolApplicationSubmitted(**given, contact=contact(), tracking=tracking())


def decided(decision: str) -> Callable[[], Event]:
    given = {"number": "A26-000042", "decision": decision, "reason": None, "school_id": None}
    return lambda: SchoolApplicationDecided.model_validate({"application_id": new_id(), **given, "contact": contact()})


def held() -> Event:
    given = {"request_id": new_id(), "request_version": 1, "reason": "school-not-registered"}
    return AccountRequestHeld.model_validate({**given, "contact": contact()})


def referred(to: str, seal: ForNotify[Contact] | None) -> Event:
    given = {"request_id": new_id(), "request_version": 1, "school_id": new_id(), "to": to, "reason": "not-on-roll"}
    return AccountRequestReferred.model_validate({**given, "until": utc_now() + timedelta(days=5), "contact": seal})


def closed(outcome: str, seal: ForNotify[Contact] | None = None, reason: str | None = None) -> Event:
    given = {"request_id": new_id(), "outcome": outcome, "reason": reason, "contact": seal or contact()}
    return AccountRequestClosed.model_validate(given)


@pytest.mark.parametrize(
    ("event", "subject"),
    [
        (submitted, "Заявка A26-000042 на внесение школы принята"),
        (decided("approved"), "Школа внесена в реестр, заявка A26-000042"),
        (decided("rejected"), "Заявка A26-000042 отклонена"),
        (decided("clarification-requested"), "Нужно уточнение по заявке A26-000042"),
        (decided("withdrawn"), "Заявка A26-000042 отозвана"),
        (decided("expired"), "Заявка A26-000042 закрыта: мы не получили ответа"),
        (requested, "Запрос R26-000042 на доступ к ЕКИС принят"),
        (held, "Вашей школы пока нет в реестре ЕКИС"),
        (lambda: referred("head", contact()), "Подтвердите сотрудника вашей школы"),
        (lambda: closed("declined"), "Запрос на доступ к ЕКИС отклонён"),
        (lambda: closed("withdrawn"), "Запрос на доступ к ЕКИС отозван"),
        (lambda: closed("expired"), "Запрос на доступ к ЕКИС закрыт"),
        (lambda: closed("duplicate", reason="has-account"), "У вас уже есть кабинет в ЕКИС"),
        (lambda: closed("duplicate", reason="open-request"), "Ваш запрос на доступ к ЕКИС уже рассматривается"),
        (lambda: Person().created(), "Логин и одноразовый пароль для входа в ЕКИС"),
        (lambda: Person().restored(2), "Новый одноразовый пароль для входа в ЕКИС"),
        (lambda: Person().activated(), "Ваш кабинет в ЕКИС открыт"),
        (lambda: Person().suspended(), "Вход в ЕКИС приостановлен"),
        (lambda: Person().resumed(), "Вход в ЕКИС снова открыт"),
        (lambda: Person().disabled(), "Ваш кабинет в ЕКИС отключён"),
        (lambda: Person().revoked("password-changed"), "Пароль от ЕКИС изменён"),
        (lambda: Person().revoked("refresh-token-reused"), "Мы завершили один из ваших сеансов в ЕКИС"),
        (lambda: Person().revoked("second-factor-changed"), "Второй шаг входа в ЕКИС изменён"),
        (lambda: confirmation("restore"), "Подтвердите восстановление доступа к ЕКИС"),
        (lambda: confirmation("email-change"), "Подтвердите новый адрес почты для ЕКИС"),
        (lambda: confirmation("email-code"), "Код для службы поддержки ЕКИС"),
        (lambda: ticket(SupportTicketOpened), "Обращение T26-000042 принято"),
        (lambda: ticket(SupportTicketAnswered), "Ответ на обращение T26-000042"),
        (lambda: ticket(SupportTicketResolved), "Обращение T26-000042 решено"),
    ],
)
async def test_each_fact_becomes_one_mail(
    notify: Opened, mail: Devmail, event: Callable[[], Event], subject: str
) -> None:
    envelope = await tell(notify, event())
    assert subjects(mail) == [subject]
    assert mail.messages[0].to == ["anna@mail.ru"]
    sent = [it for it in await notify.published_events() if isinstance(it, NotificationSent)]
    assert [(it.outcome, it.about, it.about_event) for it in sent] == [("sent", envelope.subject, envelope.id)]
    assert mail.messages[0].view["message_id"] == f"<{sent[0].notification_id}@ekis.example>"


@pytest.mark.parametrize(
    "event",
    [
        lambda: requested(version=2),
        lambda: referred("department", None),
        lambda: closed("activated"),
        lambda: Person().changed("post"),
        lambda: Person().revoked("signed-out"),
        lambda: Person().revoked("operator-changed"),
    ],
)
async def test_some_facts_concern_nobodys_mailbox(notify: Opened, mail: Devmail, event: Callable[[], Event]) -> None:
    await tell(notify, event())
    assert subjects(mail) == []
    assert await notify.published() == []


async def test_a_mail_is_written_in_the_persons_language(notify: Opened, mail: Devmail) -> None:
    given = {"request_id": new_id(), "outcome": "expired", "reason": None, "contact": contact("en")}
    await tell(notify, AccountRequestClosed.model_validate(given))
    assert subjects(mail) == ["The request for access to EKIS has been closed"]


async def test_what_is_asked_again_is_mailed_once(notify: Opened, mail: Devmail, anna: Person) -> None:
    request = requested()
    await tell(notify, request, version=1)
    again = {"contact": contact(), "tracking": tracking()}
    await tell(notify, request.model_copy(update=again), version=2)
    await tell(notify, anna.created(1), version=1)
    await tell(notify, anna.created(1), version=2)
    assert len(mail.messages) == 2


async def test_secrets_are_in_the_mail_and_nowhere_in_the_database(notify: Opened, mail: Devmail, anna: Person) -> None:
    fault(mail, "rcpt", "reply")
    await tell(notify, anna.created())
    await tell(notify, requested())
    while_waiting = await notify.everything()
    await wait_and_send(notify, minutes=1)
    assert PASSWORD in "".join(message.view["text"] for message in mail.messages)
    for dump in (while_waiting, await notify.everything()):
        for secret in (PASSWORD, "petrova-an", "anna@mail.ru", "Анна", "AB12-CD34", "Одноразовый"):
            assert secret not in dump
            assert secret.encode().hex() not in dump


async def test_seals_are_wiped_once_the_server_has_the_mail(notify: Opened, mail: Devmail, anna: Person) -> None:
    await tell(notify, anna.created())
    row = await notify.runtime.database.pool.fetchrow("SELECT state, contact, secret FROM mail")
    assert row is not None
    assert tuple(row) == ("sent", None, None)


async def test_credentials_for_another_address_are_not_sent(notify: Opened, mail: Devmail, anna: Person) -> None:
    await tell(notify, anna.created(to="thief@mail.ru"))
    (failed,) = await notify.published_events()
    assert (failed.outcome, failed.code, failed.credential_no) == ("failed", "seal-mismatch", 1)
    assert subjects(mail) == []


async def test_what_has_expired_is_not_sent(notify: Opened, mail: Devmail, anna: Person) -> None:
    await tell(notify, anna.created(), expires=utc_now() - timedelta(seconds=1))
    await tell(notify, Person().created(expires_at=utc_now()))
    codes = [event.code for event in await notify.published_events()]
    assert codes == ["expired", "expired"]
    assert subjects(mail) == []


async def test_a_newer_credential_calls_the_older_off(notify: Opened, mail: Devmail) -> None:
    for place, order in enumerate(permutations([1, 2, 3])):
        anna = Person(email=f"anna{place}@mail.ru")
        for number in order:
            await notify.tell(anna.created(1) if number == 1 else anna.restored(number), number)
        await notify.run_loops()
        assert [it.credential_no for it in await notify.published_events()] == [3]
        assert mail.messages[-1].to == [anna.email]
        assert len(mail.messages) == place + 1


async def test_an_ended_account_gets_its_farewell_alone(notify: Opened, mail: Devmail) -> None:
    for place, order in enumerate(permutations([1, 2, 3, 4])):
        anna = Person(email=f"anna{place}@mail.ru")
        story = {1: anna.created(), 2: anna.activated(), 3: anna.suspended(), 4: anna.disabled()}
        for version in order:
            await notify.tell(story[version], version)
        await notify.run_loops()
        assert len([e for e in await notify.published_events() if isinstance(e, PersonalDataErased)]) == 1
        assert mail.messages[-1].to == [anna.email]
        assert len(mail.messages) == place + 1
    assert set(subjects(mail)) == {"Ваш кабинет в ЕКИС отключён"}
    pool = notify.runtime.database.pool
    assert await pool.fetchval("SELECT count(contact) + count(contact_event) FROM account") == 0
    assert await pool.fetchval("SELECT count(contact) + count(secret) FROM mail") == 0
    assert await pool.fetchval("SELECT bool_and(ended) FROM account")


async def test_the_address_is_forgotten_when_the_farewell_is_gone(notify: Opened, mail: Devmail, anna: Person) -> None:
    await tell(notify, anna.created(), 1)
    await tell(notify, anna.activated(), 2)
    await notify.published()
    fault(mail, "data", "reply")
    await tell(notify, anna.disabled(), 3)
    assert await notify.published() == [], "the farewell is still on its way"
    await wait_and_send(notify, minutes=1)
    sent, receipt = await notify.published()
    assert (sent[0].purpose, sent[0].outcome) == ("account-disabled", "sent")
    assert (receipt[0].service, receipt[0].counts) == (
        "notify",
        {"addresses": 1, "mails": 2, "preferences": 0, "entries": 0},
    )
    assert receipt[1].sequence == 1
    await tell(notify, anna.disabled(), 4)
    ((again, envelope),) = await notify.published()
    assert (again.counts, envelope.sequence) == (receipt[0].counts, 2)
    await tell(notify, anna.restored(9), 5)
    assert subjects(mail)[-1] == "Ваш кабинет в ЕКИС отключён"
    assert len(mail.messages) == 3


@pytest.mark.parametrize("event", [held(), referred("head", contact())], ids=["held", "referred"])
async def test_the_same_answer_told_again_is_mailed_once(notify: Opened, mail: Devmail, event: Event) -> None:
    for version in (1, 2, 3):
        again = event.model_copy(update={"contact": contact()})
        await tell(notify, again, version)
        notify.clock.move(timedelta(hours=6))
    assert len(mail.messages) == 1


async def test_who_held_nothing_answers_too(notify: Opened, mail: Devmail, anna: Person) -> None:
    fault(mail, "rcpt", "reply", "550 5.1.1 no such user")
    await tell(notify, anna.disabled())
    failed, receipt = await notify.published_events()
    assert (failed.outcome, failed.code) == ("failed", "550-5.1.1")
    assert receipt.counts == {"addresses": 0, "mails": 0, "preferences": 0, "entries": 0}


@pytest.mark.parametrize("late", [False, True])
async def test_both_addresses_hear_of_a_change(notify: Opened, mail: Devmail, anna: Person, late: bool) -> None:
    moved = Person(anna.account_id, "new@mail.ru")
    told = [(anna.activated(), 1), (moved.changed("email", "post"), 2)]
    for event, version in reversed(told) if late else told:
        await tell(notify, event, version)
    assert {(message.to[0], message.view["subject"]) for message in mail.messages} == {
        ("anna@mail.ru", "Ваш кабинет в ЕКИС открыт"),
        ("anna@mail.ru", "Письма ЕКИС больше не приходят на этот адрес"),
        ("new@mail.ru", "Теперь письма ЕКИС приходят на этот адрес"),
    }
    assert set((await states(notify)).values()) == {"sent"}
