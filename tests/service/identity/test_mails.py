"""What became of the mails, on the tracking page; and asking for another one."""

from datetime import timedelta

from ekis_contracts.identity import AccessRestored
from ekis_contracts.notify import NotificationFailed, NotificationSent

from .people import Desk, Issued, bearer


async def resend(desk: Desk, issued: Issued) -> tuple[int, str]:
    answer = await desk.http.post(f"{issued.ticket.path}/resend", headers=issued.ticket.headers)
    return answer.status_code, answer.json().get("code", "")


async def test_sent_and_bounced_move_the_request_to_and_fro(desk: Desk) -> None:
    issued = await desk.issued()
    await desk.mailed(issued.account_id, 1, version=1)
    page = await desk.track(issued.ticket)
    assert (page["state"], "отправлено" in page["timeline"][-1]["note"]) == ("issued", True)
    await desk.bounced(issued.account_id, 1, version=2)
    assert await desk.state(issued.ticket) == "undeliverable"
    await desk.mailed(issued.account_id, 1, version=3)
    assert await desk.state(issued.ticket) == "issued"


async def test_a_bounce_that_overtakes_the_sending_stays(desk: Desk) -> None:
    issued = await desk.issued()
    await desk.bounced(issued.account_id, 1, version=2)
    await desk.mailed(issued.account_id, 1, version=1)
    assert await desk.state(issued.ticket) == "undeliverable"


async def test_a_bounce_of_older_credentials_means_nothing(desk: Desk) -> None:
    issued = await desk.issued()
    await desk.bounced(issued.account_id, 1)
    assert await resend(desk, issued) == (202, "")
    assert await desk.state(issued.ticket) == "issued"
    again = await desk.said(AccessRestored)
    assert again.credential_no == 2
    await desk.bounced(issued.account_id, 1, version=5)
    assert await desk.state(issued.ticket) == "issued"
    await desk.bounced(issued.account_id, 2)
    assert await desk.state(issued.ticket) == "undeliverable"


async def test_a_second_issue_kills_the_first(desk: Desk) -> None:
    issued = await desk.issued()
    first = await desk.sign_in(issued.login, issued.password)
    assert await resend(desk, issued) == (409, "credentials-still-valid")
    desk.it.clock.move(timedelta(days=3, seconds=1))
    assert (await desk.sign_in(issued.login, issued.password)).status_code == 401
    assert await resend(desk, issued) == (202, "")
    fresh = desk.credentials(await desk.said(AccessRestored))
    assert fresh.to == "anna@mail.example"
    assert (await desk.sign_in(issued.login, issued.password)).status_code == 401
    assert (await desk.sign_in(issued.login, fresh.one_time_password)).status_code == 200
    assert first.status_code == 200


async def test_a_session_of_dead_credentials_activates_nothing(desk: Desk) -> None:
    issued = await desk.issued()
    first = await desk.sign_in(issued.login, issued.password)
    await desk.bounced(issued.account_id, 1)
    assert (await resend(desk, issued))[0] == 202
    assert (await desk.activate(first)).status_code == 409
    assert bearer(first)


async def test_nothing_is_mailed_before_it_is_verified(desk: Desk) -> None:
    ticket = await desk.ask()
    answer = await desk.http.post(f"{ticket.path}/resend", headers=ticket.headers)
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong-step")


async def test_other_mails_of_the_request_are_lines_of_the_page(desk: Desk) -> None:
    ticket = await desk.ask()
    await desk.it.tell(NotificationSent(outcome="sent", **desk.mail(ticket.request_id, None)))
    await desk.it.tell(NotificationFailed(outcome="failed", **desk.mail(ticket.request_id, None)))
    page = await desk.track(ticket)
    assert page["state"] == "verifying"
    assert ["не доставлено" in step["note"] for step in page["timeline"]] == [False, False, False, True]


async def test_mails_about_others_are_nobodys(desk: Desk) -> None:
    issued = await desk.issued()
    await desk.it.tell(NotificationSent(outcome="sent", **desk.mail(issued.person.staff_id, None)))
    await desk.it.tell(NotificationSent(outcome="sent", **desk.mail(issued.person.staff_id, 1)))
    await desk.it.tell(NotificationSent(outcome="sent", **(desk.mail(issued.account_id, None) | {"about": "digest"})))
    assert await desk.state(issued.ticket) == "issued"
