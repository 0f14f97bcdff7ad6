"""What the desk sees of mails."""

import base64
import json
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from chassis.testing.opened import Opened
from ekis_local.devmail import Devmail
from httpx import Response

from .conftest import Person, fault, rows, tell

DESK = UUID(int=7)


async def test_the_desk_sees_deliveries_with_masked_addresses(notify: Opened, mail: Devmail, anna: Person) -> None:
    await tell(notify, anna.created(), 1)
    await tell(notify, anna.activated(), 2)
    await tell(notify, Person().activated())
    support = notify.signed_in(roles=["support"])
    first = await notify.http.get(f"/notify/deliveries?about={anna.account_id}&limit=1", headers=support)
    assert first.status_code == 200
    page = first.json()
    assert [(it["purpose"], it["state"], it["attempts"], it["code"]) for it in page["items"]] == [
        ("account-activated", "sent", 1, None)
    ]
    assert page["items"][0]["to"] == "a***@mail.ru"
    assert "anna" not in first.text
    rest = await notify.http.get(f"/notify/deliveries?about={anna.account_id}&cursor={page['next']}", headers=support)
    assert [it["purpose"] for it in rest.json()["items"]] == ["account-created"]
    assert rest.json()["next"] is None


@pytest.mark.parametrize(
    ("claims", "query", "status"),
    [
        (None, "about=00000000-0000-0000-0000-000000000000", 401),
        ({"category": "head"}, "about=00000000-0000-0000-0000-000000000000", 403),
        ({"roles": ["registrar"]}, "about=00000000-0000-0000-0000-000000000000", 403),
        ({"roles": ["support"]}, "about=00000000-0000-0000-0000-000000000000", 200),
        ({"roles": ["support"]}, "", 422),
        ({"roles": ["support"]}, "about=anna", 422),
        ({"roles": ["support"]}, "about=00000000-0000-0000-0000-000000000000&cursor=WzFd", 422),
        ({"roles": ["support"]}, "about=00000000-0000-0000-0000-000000000000&cursor=WzEsMl0", 422),
        ({"roles": ["support"]}, "about=00000000-0000-0000-0000-000000000000&cursor=%00", 422),
    ],
)
async def test_others_and_wrong_questions_are_refused(
    notify: Opened, claims: dict[str, object] | None, query: str, status: int
) -> None:
    headers = notify.signed_in(**claims) if claims is not None else {}
    assert (await notify.http.get(f"/notify/deliveries?{query}", headers=headers)).status_code == status


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2026-01-01T00:00:00"])
async def test_a_cursor_of_any_moment_is_no_error_of_ours(notify: Opened, moment: str) -> None:
    cursor = base64.urlsafe_b64encode(json.dumps([moment, str(uuid4())]).encode()).decode()
    query = f"about={uuid4()}&cursor={cursor}"
    answer = await notify.http.get(f"/notify/deliveries?{query}", headers=notify.signed_in(roles=["support"]))
    assert answer.status_code in (200, 422)


SUPPORT = {"roles": ["support"]}


async def listed(notify: Opened, query: str, **headers: str) -> list[dict[str, Any]]:
    answer = await notify.http.get(f"/notify/deliveries?{query}", headers=notify.signed_in(**SUPPORT) | headers)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def resend(notify: Opened, notification_id: object, **claims: object) -> Response:
    headers = notify.signed_in(**(claims or SUPPORT))
    return await notify.http.post(f"/notify/deliveries/{notification_id}/resend", headers=headers)


async def test_the_desk_finds_mails_by_event_ticket_and_address(notify: Opened, mail: Devmail, anna: Person) -> None:
    event = await tell(notify, anna.restored(2).model_copy(update={"ticket": "T26-000007"}))
    await tell(notify, Person(email="boris@mail.ru").activated())
    for query in (
        f"event={event.id}",
        "ticket=T26-000007",
        "address=Anna%2B1@MAIL.ru",
        f"event={event.id}&ticket=T26-000007",
    ):
        assert [it["purpose"] for it in await listed(notify, query)] == ["access-restored"], query
    for query in (
        f"event={uuid4()}",
        "ticket=T26-000008",
        "address=anna@mail.com",
        f"event={event.id}&ticket=T26-000008",
    ):
        assert await listed(notify, query) == [], query


@pytest.mark.parametrize(
    ("reply", "state", "words"),
    [
        ("550 5.1.1 no such user", "failed", "Такого почтового ящика нет. Попросите человека исправить адрес."),
        ("451 4.7.1 later", "retry", "Почтовый сервер временно не принял письмо."),
        ("554 5.7.1 spam", "failed", "Почтовый сервер отказался от письма"),
    ],
)
async def test_the_desk_is_told_why_in_its_language(
    notify: Opened, mail: Devmail, reply: str, state: str, words: str
) -> None:
    fault(mail, "rcpt", "reply", reply)
    await tell(notify, Person().activated())
    (russian,) = await listed(notify, "address=anna@mail.ru")
    (english,) = await listed(notify, "address=anna@mail.ru", **{"Accept-Language": "en"})
    assert russian["state"] == state
    assert russian["reason"].startswith(words)
    assert english["reason"].isascii()


async def test_a_failed_mail_is_sent_again_to_the_address_on_file(notify: Opened, mail: Devmail, anna: Person) -> None:
    fault(mail, "rcpt", "reply", "550 5.1.1 no such user")
    await tell(notify, anna.activated(), 1)
    await tell(notify, Person(anna.account_id, "right@mail.ru").suspended(), 2)
    await notify.published()
    (failed,) = [it for it in await listed(notify, f"about={anna.account_id}") if it["state"] == "failed"]
    assert (await resend(notify, failed["notification_id"])).status_code == 202
    await notify.run_loops()
    assert [message.to for message in mail.messages] == [["right@mail.ru"]] * 2
    ((told, envelope),) = await notify.published()
    assert (told.outcome, str(told.notification_id), envelope.sequence) == ("sent", failed["notification_id"], 2)
    shown = await listed(notify, "address=right@mail.ru")
    assert [(it["state"], it["resent_at"] is None) for it in shown] == [("sent", True), ("sent", False)]


async def test_a_failed_mail_about_no_account_goes_to_the_same_address(notify: Opened, mail: Devmail) -> None:
    fault(mail, "rcpt", "reply", "552 5.2.2 full")
    await tell(notify, Person().referred())
    (failed,) = await listed(notify, "address=anna@mail.ru")
    assert (await resend(notify, failed["notification_id"])).status_code == 202
    await notify.run_loops()
    assert [message.to for message in mail.messages] == [["anna@mail.ru"]]
    assert (await rows(notify, "state", "contact", "resent_by IS NOT NULL")) == [("sent", None, True)]


async def test_a_secret_is_never_sent_again(notify: Opened, mail: Devmail, anna: Person) -> None:
    fault(mail, "rcpt", "reply", "552 5.2.2 full", count=2)
    await tell(notify, anna.created())
    await tell(notify, Person(email="boris@mail.ru").requested())
    for address in ("anna@mail.ru", "boris@mail.ru"):
        (failed,) = await listed(notify, f"address={address}")
        refused = await resend(notify, failed["notification_id"])
        assert (refused.status_code, refused.json()["code"]) == (409, "secret-gone")
    await notify.run_loops()
    assert len(mail.messages) == 0


async def test_only_what_has_failed_is_sent_again(notify: Opened, mail: Devmail, anna: Person) -> None:
    await tell(notify, anna.activated())
    (sent,) = await listed(notify, f"about={anna.account_id}")
    refused = await resend(notify, sent["notification_id"])
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong-step")
    assert (await resend(notify, uuid4())).status_code == 404
    assert (await resend(notify, sent["notification_id"], roles=["registrar"])).status_code == 403
    assert (await resend(notify, sent["notification_id"], category="head")).status_code == 403


async def test_an_erased_person_gets_nothing_again(notify: Opened, mail: Devmail, anna: Person) -> None:
    fault(mail, "rcpt", "reply", "552 5.2.2 full", count=2)
    await tell(notify, anna.activated(), 1)
    await tell(notify, anna.disabled(), 2)
    for it in await listed(notify, f"about={anna.account_id}"):
        assert (it["state"], it["to"]) == ("failed", None)
        refused = await resend(notify, it["notification_id"])
        assert (refused.status_code, refused.json()["code"]) == (409, "address-gone")
    assert await listed(notify, "address=anna@mail.ru") == []


async def test_the_desk_lifts_a_suppression(notify: Opened, mail: Devmail, anna: Person) -> None:
    fault(mail, "rcpt", "reply", "550 5.7.1 no")
    await tell(notify, anna.activated())
    (failed,) = await listed(notify, f"about={anna.account_id}")
    body, support = {"notification_id": failed["notification_id"]}, notify.signed_in(account_id=DESK, **SUPPORT)
    lift = partial(notify.http.post, "/notify/suppressions/lift", json=body)
    assert (await lift(headers=support)).json()["code"] == "not-suppressed"
    pool = notify.runtime.database.pool
    await pool.execute("INSERT INTO suppression SELECT recipient, mail_id, '5.1.1', $1 FROM mail", notify.clock())
    (shown,) = await listed(notify, f"about={anna.account_id}")
    assert shown["suppressed"]
    assert (await resend(notify, failed["notification_id"])).json()["code"] == "address-suppressed"
    assert (await lift(headers=notify.signed_in(roles=["security"]))).status_code == 403
    assert (await lift(headers=support)).status_code == 200
    assert (await lift(headers=support)).status_code == 409
    assert await pool.fetchval("SELECT lifted_by FROM suppression") == DESK
    assert (await resend(notify, failed["notification_id"])).status_code == 202
    await notify.run_loops()
    assert len(mail.messages) == 1
    unknown = await lift(headers=support, json={"notification_id": str(uuid4())})
    assert unknown.status_code == 404
