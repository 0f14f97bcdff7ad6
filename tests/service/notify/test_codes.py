"""Codes and replies of the desk: to the right address alone, sealed until then, wiped afterwards."""

import pytest
from chassis.testing.opened import Opened
from ekis_contracts import Event
from ekis_contracts.identity import SupportTicketAnswered, SupportTicketOpened
from ekis_local.devmail import Devmail

from .conftest import Person, fault, subjects, tell, wait_and_send
from .desk import confirmation, ticket


async def test_a_code_and_a_reply_are_in_the_mail_and_nowhere_in_the_database(notify: Opened, mail: Devmail) -> None:
    fault(mail, "rcpt", "reply", count=2)
    await tell(notify, confirmation("restore"))
    await tell(notify, ticket(SupportTicketAnswered))
    while_waiting = await notify.everything()
    await wait_and_send(notify, minutes=1)
    said = "".join(message.view["text"] for message in mail.messages)
    for secret in ("7K3M-9QXA", "Проверьте адрес.", "AB12-CD34"):
        assert secret in said
        assert secret not in while_waiting + await notify.everything()
    assert await notify.runtime.database.pool.fetchval("SELECT count(secret) + count(contact) FROM mail") == 0


@pytest.mark.parametrize(
    "event", [confirmation("restore", to="thief@mail.ru"), ticket(SupportTicketOpened, to="thief@mail.ru")]
)
async def test_a_code_for_another_address_is_not_sent(notify: Opened, mail: Devmail, event: Event) -> None:
    await tell(notify, event)
    (failed,) = await notify.published_events()
    assert (failed.outcome, failed.code) == ("failed", "seal-mismatch")
    assert subjects(mail) == []


async def test_the_address_to_be_confirmed_is_not_yet_that_of_the_account(
    notify: Opened, mail: Devmail, anna: Person
) -> None:
    old = Person(anna.account_id, "old@mail.ru")
    await tell(notify, old.activated(), 1)
    await tell(notify, confirmation("email-change", anna.account_id), 2)
    await tell(notify, old.suspended(), 3)
    assert [message.to for message in mail.messages] == [["old@mail.ru"], ["anna@mail.ru"], ["old@mail.ru"]]


async def test_the_end_of_an_account_calls_its_codes_off(notify: Opened, mail: Devmail, anna: Person) -> None:
    fault(mail, "rcpt", "reply")
    await tell(notify, confirmation("restore", anna.account_id), 1)
    await tell(notify, anna.disabled(), 2)
    await tell(notify, confirmation("restore", anna.account_id), 3)
    await wait_and_send(notify, minutes=1)
    assert subjects(mail) == ["Ваш кабинет в ЕКИС отключён"]


async def test_why_and_until_when_is_said_in_words(notify: Opened, mail: Devmail, anna: Person) -> None:
    await tell(notify, anna.suspended())
    text = mail.messages[0].view["text"]
    assert "больше не работаете. Если это ошибка" in text
    assert "У вас есть 14 дней" in text
