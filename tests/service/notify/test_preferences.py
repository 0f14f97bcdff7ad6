"""What a person wants to be told of: chosen in the cabinet, or declined with one click from a mail."""

import re
from datetime import timedelta
from typing import Any

import pytest
from chassis.db import new_id
from chassis.testing.opened import Opened
from ekis_local.devmail import Devmail
from httpx import Response
from notify.actions import sending
from notify.domain.mails import Outcome

from .conftest import Person, addressed, fault, rows, subjects, tell, wait_and_send

USUAL = {
    "news": "digest", "document": "now", "reminder": "now", "contest": "digest", "poll": "digest",
    "exam-results": "now", "lesson": "now", "task": "now",
}  # fmt: skip


@pytest.fixture
async def reader(notify: Opened, mail: Devmail, anna: Person) -> Person:
    """Somebody known."""
    await tell(notify, anna.activated())
    mail.messages.clear()
    return anna


def of(it: Opened, who: Person) -> dict[str, str]:
    return it.signed_in(category="employee", account_id=who.account_id)


async def choose(it: Opened, who: Person, if_match: str = "*", **body: Any) -> Response:
    return await it.http.put("/notify/preferences", json=body, headers=of(it, who) | {"If-Match": if_match})


async def chosen(it: Opened, who: Person) -> Response:
    return await it.http.get("/notify/preferences", headers=of(it, who))


async def test_who_has_chosen_nothing_has_the_usual(notify: Opened, anna: Person) -> None:
    answer = await chosen(notify, anna)
    assert answer.json() == {"kinds": USUAL, "digest_hour": 8, "lang": None}
    assert answer.headers["ETag"] == '"0"'


async def test_what_is_chosen_stays_and_a_stale_choice_is_refused(notify: Opened, anna: Person) -> None:
    first = await choose(notify, anna, '"0"', kinds={"news": "off"}, digest_hour=20, lang="en")
    assert first.status_code == 200
    assert first.json() == {"kinds": USUAL | {"news": "off"}, "digest_hour": 20, "lang": "en"}
    assert (await chosen(notify, anna)).json() == first.json()
    stale = await choose(notify, anna, '"0"', digest_hour=7)
    assert (stale.status_code, stale.json()["current"]) == (412, first.json())
    assert (await choose(notify, anna, first.headers["ETag"], digest_hour=7)).status_code == 200


@pytest.mark.parametrize(
    "body",
    [{"digest_hour": 24}, {"digest_hour": -1}, {"lang": "fr"}, {"kinds": {"news": "weekly"}},
     {"kinds": {"gossip": "off"}}, {"kinds": {"account": "off"}}, {"email": "b@mail.ru"}],
)  # fmt: skip
async def test_what_cannot_be_chosen_is_refused(notify: Opened, anna: Person, body: dict[str, Any]) -> None:
    refused = await choose(notify, anna, **body)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"].startswith(f"/{next(iter(body))}")
    assert (await chosen(notify, anna)).headers["ETag"] == '"0"'


@pytest.mark.parametrize(
    ("claims", "status"), [(None, 401), ({"roles": ["support"]}, 403), ({"category": "head"}, 200)]
)
async def test_preferences_are_ones_own(notify: Opened, claims: dict[str, Any] | None, status: int) -> None:
    headers = notify.signed_in(**claims) if claims is not None else {}
    assert (await notify.http.get("/notify/preferences", headers=headers)).status_code == status


async def test_after_the_end_nothing_is_kept(notify: Opened, anna: Person) -> None:
    await tell(notify, anna.disabled())
    assert (await choose(notify, anna, digest_hour=7)).status_code in (401, 404)
    assert await notify.runtime.database.pool.fetchval("SELECT count(*) FROM preference") == 0


async def test_each_kind_goes_its_way(notify: Opened, mail: Devmail, reader: Person) -> None:
    await choose(notify, reader, kinds={"news": "now", "document": "off", "task": "digest"})
    for kind in ("news", "document", "task"):
        await tell(notify, addressed(kind, reader))
    assert subjects(mail) == ["Новость: Каникулы"]
    await wait_and_send(notify, days=1)
    assert subjects(mail)[1:] == ["1 новое сообщение в кабинете ЕКИС"]


async def test_what_answers_a_person_waits_for_no_digest_and_is_declined_like_its_kind(
    notify: Opened, mail: Devmail, reader: Person
) -> None:
    await tell(notify, addressed("contest", reader, title="Объявление"))
    await tell(notify, addressed("contest", reader, title="Вы участвуете", personal=True))
    assert subjects(mail) == ["Конкурс: Вы участвуете"]
    await choose(notify, reader, kinds={"contest": "off"})
    await tell(notify, addressed("contest", reader, title="Освободилось место", personal=True))
    assert len(mail.messages) == 1


async def test_mails_are_in_the_language_that_was_chosen(notify: Opened, mail: Devmail, reader: Person) -> None:
    await choose(notify, reader, lang="en", kinds={"news": "now"})
    await tell(notify, addressed("news", reader))
    await tell(notify, reader.suspended(), 2)
    assert subjects(mail) == ["News: Каникулы", "Signing in to EKIS is suspended"]


async def test_safety_is_mailed_whatever_was_chosen(notify: Opened, mail: Devmail, reader: Person) -> None:
    await choose(notify, reader, kinds=dict.fromkeys(USUAL, "off"))
    await tell(notify, reader.revoked("password-changed"), 2)
    assert subjects(mail) == ["Пароль от ЕКИС изменён"]


async def test_another_hour_moves_the_digest_that_is_expected(notify: Opened, mail: Devmail, reader: Person) -> None:
    await tell(notify, addressed("news", reader))
    due = "SELECT due_at AT TIME ZONE 'Europe/Moscow' FROM digest"
    assert (await notify.runtime.database.pool.fetchval(due)).hour == 8
    await choose(notify, reader, digest_hour=20)
    assert (await notify.runtime.database.pool.fetchval(due)).hour == 20


async def queued(it: Opened, mail: Devmail, who: Person, *kinds: str) -> None:
    """Notices whose mails are told of, and a digest that is composed, none of them sent: the server is away for now."""
    fault(mail, "mail", "reply", count=99)
    for kind in kinds:
        await tell(it, addressed(kind, who))
    await wait_and_send(it, days=1)


async def ends(it: Opened) -> dict[str, tuple[str, str | None]]:
    """State and code of the mails by purpose, of those whose address is kept just while they are due."""
    return {
        purpose: (state, code)
        for purpose, state, code, due_at, contact in await rows(it, "purpose", "state", "code", "due_at", "contact")
        if (due_at is None) == (contact is None)
    }


CALLED_OFF, TRIED = ("cancelled", "declined"), ("retry", "451-4.7.1")


async def test_what_is_queued_of_a_declined_kind_is_called_off(notify: Opened, mail: Devmail, reader: Person) -> None:
    await queued(notify, mail, reader, "document", "task", "news")
    await choose(notify, reader, kinds={"document": "off"})
    found = await ends(notify)
    assert found["notice-document"] == CALLED_OFF
    assert (found["notice-task"], found["digest"]) == (TRIED, TRIED)
    mail.faults.clear()
    await wait_and_send(notify, hours=2)
    assert sorted(subjects(mail)) == ["1 новое сообщение в кабинете ЕКИС", "Задача: Каникулы"]


async def test_a_digest_is_called_off_when_it_lists_nothing_else(notify: Opened, mail: Devmail, reader: Person) -> None:
    await queued(notify, mail, reader, "news", "poll")
    await choose(notify, reader, kinds={"news": "off"})
    assert (await ends(notify))["digest"] == TRIED
    await choose(notify, reader, kinds={"news": "off", "poll": "off"})
    assert (await ends(notify))["digest"] == CALLED_OFF


async def test_what_fails_on_its_way_is_not_tried_again_once_declined(
    notify: Opened, mail: Devmail, reader: Person
) -> None:
    await notify.tell(addressed("document", reader))
    async with notify.runtime.database.transaction() as tx:
        (taken,) = await sending.claim_mails(tx, [], 1, "0")
    await choose(notify, reader, kinds={"document": "off"})
    async with notify.runtime.database.transaction() as tx:
        await sending.record_outcomes(tx, [(taken, Outcome("deferred", "timeout"))], "0")
    assert (await ends(notify))["notice-document"] == CALLED_OFF


async def test_another_ones_mails_and_those_of_safety_stay(notify: Opened, mail: Devmail, reader: Person) -> None:
    other = Person(email="boris@mail.ru")
    await tell(notify, other.activated())
    fault(mail, "mail", "reply", count=99)
    await tell(notify, addressed("document", other))
    await tell(notify, reader.suspended(), 2)
    await choose(notify, reader, kinds=dict.fromkeys(USUAL, "off"))
    found = await ends(notify)
    assert (found["notice-document"], found["account-suspended"]) == (TRIED, TRIED)


@pytest.mark.parametrize(("kind", "purpose"), [("document", "notice-document"), ("news", "digest")])
async def test_the_desk_does_not_send_again_what_is_declined(
    notify: Opened, mail: Devmail, reader: Person, kind: str, purpose: str
) -> None:
    fault(mail, "rcpt", "reply", "552 5.2.2 full")
    await tell(notify, addressed(kind, reader))
    await wait_and_send(notify, days=1)
    (failed,) = [mail_id for mail_id, what in await rows(notify, "mail_id", "purpose") if what == purpose]
    desk = notify.signed_in(roles=["support"])
    await choose(notify, reader, kinds={kind: "off"})
    refused = await notify.http.post(f"/notify/deliveries/{failed}/resend", headers=desk)
    assert (refused.status_code, refused.json()["code"]) == (409, "declined")
    await choose(notify, reader, kinds={kind: "now"})
    assert (await notify.http.post(f"/notify/deliveries/{failed}/resend", headers=desk)).status_code == 202


async def link_in(it: Opened, mail: Devmail, who: Person, kind: str = "document") -> str:
    """The unsubscribe link of such a mail, as a path."""
    await tell(it, addressed(kind, who))
    await wait_and_send(it, days=int(kind == "news"))
    header = re.search(rb"List-Unsubscribe: <http://ekis.test/api(\S+)>\r\n", mail.messages[-1].raw)
    assert header
    return header[1].decode()


async def test_a_scanner_that_follows_the_link_changes_nothing(notify: Opened, mail: Devmail, reader: Person) -> None:
    link = await link_in(notify, mail, reader)
    page = await notify.http.get(link)
    assert page.status_code == 200
    assert '<form method="post">' in page.text
    assert "Документы" in page.text
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert (await chosen(notify, reader)).json()["kinds"] == USUAL
    assert "No more letters" in (await notify.http.get(link, headers={"Accept-Language": "en"})).text


async def test_one_click_turns_that_kind_off(notify: Opened, mail: Devmail, reader: Person) -> None:
    link = await link_in(notify, mail, reader)
    for _ in range(2):
        done = await notify.http.post(link, data={"List-Unsubscribe": "One-Click"})
        assert (done.status_code, "Готово" in done.text) == (200, True)
    assert (await chosen(notify, reader)).json()["kinds"] == USUAL | {"document": "off"}
    assert (await chosen(notify, reader)).headers["ETag"] == '"1"', "the second click changed nothing"
    await tell(notify, addressed("document", reader))
    assert len(mail.messages) == 1


async def test_one_click_in_a_digest_turns_off_what_it_brings(notify: Opened, mail: Devmail, reader: Person) -> None:
    await choose(notify, reader, kinds={"task": "digest"})
    link = await link_in(notify, mail, reader, "news")
    await tell(notify, addressed("poll", reader))
    assert (await notify.http.post(link)).status_code == 200
    off = {"news": "off", "contest": "off", "poll": "off", "task": "off"}
    assert (await chosen(notify, reader)).json()["kinds"] == USUAL | off
    await wait_and_send(notify, days=1)
    assert len(mail.messages) == 1, "what had gathered is not mailed either"


async def test_an_old_link_of_somebody_who_has_gone_is_no_error(notify: Opened, mail: Devmail, reader: Person) -> None:
    link = await link_in(notify, mail, reader)
    await tell(notify, reader.disabled(), 2)
    assert (await notify.http.post(link)).status_code == 200
    assert await notify.runtime.database.pool.fetchval("SELECT count(*) FROM preference") == 0


async def test_a_link_that_is_not_ours_is_refused(notify: Opened, mail: Devmail, reader: Person) -> None:
    link = await link_in(notify, mail, reader)
    path, _, token = link.partition("?token=")
    swapped = token[:-1] + ("A" if token[-1] != "A" else "Q")
    for forged in ("", "x", "я", swapped, token[:20], "A" * 60, token[::-1], str(new_id())):
        for ask in (notify.http.get, notify.http.post):
            assert (await ask(path, params={"token": forged})).status_code in (404, 422)
    assert (await notify.http.post(path)).status_code == 422
    assert (await chosen(notify, reader)).json()["kinds"] == USUAL


async def test_old_links_work_for_good(notify: Opened, mail: Devmail, reader: Person) -> None:
    link = await link_in(notify, mail, reader)
    notify.clock.move(timedelta(days=400))
    assert (await notify.http.post(link)).status_code == 200
