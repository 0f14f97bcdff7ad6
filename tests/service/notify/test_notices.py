"""News of the cabinet: a mail at once, a line of the digest, or nothing, as each person wishes."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import count as counter
from itertools import permutations
from typing import Any

import pytest
from chassis.db import Tx, new_id
from chassis.testing.opened import Opened
from ekis_local.devmail import Devmail
from notify.actions.notices import tell_notice
from notify.domain.notices import Notice

from .conftest import Person, addressed, subjects, tell, wait_and_send

MORNING = timedelta(days=1)


async def count(it: Opened, table: str, where: str = "true") -> int:
    number: int = await it.runtime.database.pool.fetchval(f"SELECT count(*) FROM {table} WHERE {where}")
    return number


async def forget_mails(it: Opened, mail: Devmail) -> None:
    await it.run_loops()
    mail.messages.clear()
    await it.published()


async def test_a_document_comes_at_once(notify: Opened, mail: Devmail, anna: Person) -> None:
    await tell(notify, anna.activated())
    await forget_mails(notify, mail)
    envelope = await tell(notify, addressed("document", anna, title="Приказ № 412"))
    assert subjects(mail) == ["Документ: Приказ № 412"]
    assert mail.messages[0].to == [anna.email]
    ((sent, _),) = await notify.published()
    assert (sent.purpose, sent.about, sent.about_event) == ("notice-document", str(anna.account_id), envelope.id)


@pytest.mark.parametrize(("kind", "days"), [("document", 0), ("news", 1)])
async def test_the_same_notice_told_again_by_another_event_comes_once(
    notify: Opened, mail: Devmail, anna: Person, kind: str, days: int
) -> None:
    await tell(notify, anna.activated())
    await forget_mails(notify, mail)
    notice = addressed(kind, anna, anna)
    await tell(notify, notice, 1)
    await tell(notify, notice.model_copy(), 2)
    await wait_and_send(notify, days=days)
    assert len(mail.messages) == 1
    assert mail.messages[0].view["text"].count(f"/{kind}/1") == 1


async def test_five_hundred_people_cost_no_more_statements_than_five(notify: Opened) -> None:
    spent = []
    for many in (5, 500):
        known, unknown = [Person(email=f"{many}-{number}@mail.ru") for number in range(2)], many - 2
        for person in known:
            await notify.tell(person.activated())
        ids = [one.account_id for one in known] + [new_id() for _ in range(unknown)]
        notice = Notice(new_id(), new_id(), "news", "Каникулы", "/news/1", None, notify.clock() + MORNING)
        async with notify.runtime.database.transaction() as tx:
            statements = counted(tx)
            await tell_notice(tx, notice, ids)
        spent.append(next(statements))
    assert await count(notify, "entry", "waits") == 501
    assert await count(notify, "entry", "NOT waits") == 4
    assert spent[0] == spent[1] <= 8


def counted(tx: Tx) -> Iterator[int]:
    """How many statements this transaction has sent from now on."""
    numbers = counter()

    def counting(send: Any) -> Any:
        def sent(*args: Any) -> Any:
            next(numbers)
            return send(*args)

        return sent

    for way in ("fetch", "fetchrow", "fetchval", "execute"):
        setattr(tx, way, counting(getattr(tx, way)))
    return numbers


async def test_who_is_unknown_is_mailed_when_the_address_comes(notify: Opened, mail: Devmail, anna: Person) -> None:
    await tell(notify, addressed("document", anna, title="Приказ № 412"))
    await tell(notify, addressed("news", anna, title="Каникулы"))
    assert subjects(mail) == []
    await tell(notify, anna.created())
    await notify.run_loops()
    assert sorted(subjects(mail)) == ["Документ: Приказ № 412", "Логин и одноразовый пароль для входа в ЕКИС"]
    await wait_and_send(notify, days=1)
    await notify.run_loops()
    assert subjects(mail)[-1] == "1 новое сообщение в кабинете ЕКИС"
    assert await count(notify, "entry") == 0


@pytest.mark.parametrize("own_time", [True, False], ids=["ce_expirytime", "three days"])
async def test_nobody_waits_for_ever(notify: Opened, mail: Devmail, anna: Person, own_time: bool) -> None:
    expires = notify.clock() + timedelta(hours=1) if own_time else None
    await tell(notify, addressed("document", anna), expires=expires)
    notify.clock.move(timedelta(hours=2) if own_time else timedelta(days=3, hours=1))
    await notify.tell(anna.activated())
    await notify.run_loops()
    assert subjects(mail) == ["Ваш кабинет в ЕКИС открыт"]
    assert await count(notify, "entry") == 0


async def test_what_has_waited_in_vain_is_dropped(notify: Opened, mail: Devmail) -> None:
    await tell(notify, addressed("document", new_id(), new_id()))
    assert await count(notify, "entry") == 2
    await wait_and_send(notify, days=3, hours=1)
    assert await count(notify, "entry") == 0


async def test_who_has_gone_is_told_nothing(notify: Opened, mail: Devmail, anna: Person) -> None:
    await tell(notify, anna.activated(), 1)
    await tell(notify, addressed("news", anna))
    await tell(notify, anna.disabled(), 2)
    await tell(notify, addressed("document", anna))
    await wait_and_send(notify, days=1)
    assert subjects(mail)[1:] == ["Ваш кабинет в ЕКИС отключён"]
    assert await count(notify, "entry") + await count(notify, "digest") == 0


@pytest.mark.parametrize("ends", [False, True])
async def test_any_order_comes_to_the_same(notify: Opened, mail: Devmail, ends: bool) -> None:
    for place, order in enumerate(permutations(range(4 if ends else 3))):
        anna = Person(email=f"old{place}@mail.ru")
        moved = Person(anna.account_id, f"new{place}@mail.ru")
        story = [(anna.activated(), 1), (moved.changed("email"), 2), (addressed("document", anna), 1)]
        story += [(moved.disabled(), 3)] if ends else []
        for step in order:
            await notify.tell(*story[step])
    await notify.run_loops()
    told = [subject for subject in subjects(mail) if subject.startswith("Документ")]
    assert len(told) == (0 if ends else 6)
    assert len(mail.messages) == (24 if ends else 6 * 4)
    assert await count(notify, "entry") == 0


async def test_what_waits_goes_with_the_account_and_is_counted(notify: Opened, mail: Devmail, anna: Person) -> None:
    await tell(notify, anna.activated(), 1)
    await notify.http.put(
        "/notify/preferences",
        json={"lang": "en"},
        headers=notify.signed_in(category="employee", account_id=anna.account_id) | {"If-Match": "*"},
    )
    await tell(notify, addressed("news", anna))
    await tell(notify, addressed("poll", anna))
    await notify.published()
    await tell(notify, anna.disabled(), 2)
    assert subjects(mail)[-1] == "Your cabinet in EKIS has been disabled", "the farewell still knows the language"
    receipt = (await notify.published_events())[-1]
    assert receipt.counts == {"addresses": 1, "mails": 1, "preferences": 1, "entries": 2}
    assert await count(notify, "entry") + await count(notify, "digest") + await count(notify, "preference") == 0


async def test_the_newest_address_is_written_to_in_whatever_order_events_come(
    notify: Opened, mail: Devmail, anna: Person
) -> None:
    moved = Person(anna.account_id, "new@mail.ru")
    await tell(notify, moved.changed("email"), 7)
    await tell(notify, anna.activated(), 2)
    await forget_mails(notify, mail)
    await tell(notify, addressed("task", anna))
    assert mail.messages[0].to == ["new@mail.ru"]
