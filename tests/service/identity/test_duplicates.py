"""A duplicate's page over the whole story: as like the real one's as it can be, and without any power."""

from datetime import datetime, timedelta
from typing import Literal

import pytest
from ekis_contracts.identity import AccountRequestClosed, AccountRequested
from ekis_contracts.notify import NotificationFailed, NotificationSent
from ekis_contracts.registry import AccountRequestDeclined

from .people import Desk, Issued, Person, Ticket

UNTIL = datetime.fromisoformat("2026-12-01T15:00:00+00:00")


async def mailed(desk: Desk, ticket: Ticket, purpose: str, version: int, *, delivered: bool = True) -> None:
    """What became of a mail about a request."""
    about = desk.mail(ticket.request_id, None) | {"purpose": purpose}
    event = NotificationSent(outcome="sent", **about) if delivered else NotificationFailed(outcome="failed", **about)
    await desk.it.tell(event, version)


async def page(desk: Desk, ticket: Ticket) -> tuple[str, list[tuple[str, str]]]:
    """What a person sees, but for the times."""
    seen = await desk.track(ticket)
    return seen["state"], [(step["state"], step["note"]) for step in seen["timeline"]]


async def alike(desk: Desk, first: Ticket, second: Ticket) -> str:
    """Let the loops run, compare the pages, return the state."""
    await desk.it.run_loops()
    shown = await page(desk, first)
    assert await page(desk, second) == shown
    return shown[0]


async def twice(desk: Desk) -> tuple[Ticket, Ticket]:
    """A request and its duplicate, each with its first mail."""
    first, second = await desk.ask(), await desk.ask()
    await desk.it.run_loops()
    await mailed(desk, first, "request-received", 1)
    await mailed(desk, second, "request-duplicate", 1)
    return first, second


async def test_the_second_request_for_an_unknown_school_shows_what_the_first_does(desk: Desk) -> None:
    first = await desk.ask()
    await mailed(desk, first, "request-received", 1)
    await desk.hold(first)
    await mailed(desk, first, "request-held", 2)
    desk.it.clock.move(timedelta(days=2))
    second = await desk.ask()
    await mailed(desk, second, "request-duplicate", 1)
    assert await alike(desk, first, second) == "needs-school"
    seen = await desk.track(second)
    assert len(seen["timeline"]) == 5
    assert len({step["at"][:10] for step in seen["timeline"]}) == 1, "as if it had been filed first, today"
    assert {type(event) for event in await desk.told()} == {AccountRequested}


async def test_both_pages_are_alike_at_every_step(desk: Desk) -> None:
    first, second = await twice(desk)
    assert await alike(desk, first, second) == "verifying"
    await desk.hold(first, version=1)
    assert await alike(desk, first, second) == "needs-school"
    await mailed(desk, first, "request-held", 2)
    assert await alike(desk, first, second) == "needs-school"
    await desk.refer(first, version=2, to="head", until=UNTIL)
    assert await alike(desk, first, second) == "referred"
    await desk.refer(first, version=3, to="department", until=None)
    assert await alike(desk, first, second) == "referred"
    await desk.published()
    issued = await issue(desk, first, version=4)
    assert await alike(desk, first, second) == "issued"
    await desk.mailed(issued.account_id, 1, 1)
    assert await alike(desk, first, second) == "issued"
    for ticket in (first, second):
        early = await desk.http.post(f"{ticket.path}/resend", headers=ticket.headers)
        assert (early.status_code, early.json()["code"]) == (409, "credentials-still-valid")
    await desk.bounced(issued.account_id, 1, 2)
    assert await alike(desk, first, second) == "undeliverable"
    await desk.mailed(issued.account_id, 1, 3)
    assert await alike(desk, first, second) == "issued"
    signed = await desk.activate(await desk.sign_in(issued.login, issued.password))
    assert signed.status_code == 200
    assert await alike(desk, first, second) == "activated"
    assert "anna@mail.example" not in await request_rows(desk)


async def issue(desk: Desk, ticket: Ticket, version: int, request_version: int = 1) -> Issued:
    person = Person()
    await desk.published()
    await desk.verify(ticket, person, version=version, request_version=request_version)
    (created,) = await desk.told()
    return Issued(ticket, person, created, desk.credentials(created))


async def request_rows(desk: Desk) -> str:
    return str(await desk.it.runtime.database.pool.fetch("SELECT account_request::text FROM account_request"))


async def test_a_declined_one_is_declined_on_both_and_forgets_both_applicants(desk: Desk) -> None:
    first, second = await twice(desk)
    await desk.it.run_loops()
    await desk.published()
    await desk.it.tell(AccountRequestDeclined(request_id=first.request_id, request_version=1, reason="x"))
    assert await alike(desk, first, second) == "declined"
    assert "anna@mail.example" not in await request_rows(desk)
    assert [type(event) for event in await desk.told()] == [AccountRequestClosed]


@pytest.mark.parametrize("state", ["referred", "issued", "undeliverable"])
async def test_who_comes_late_is_led_straight_to_where_the_first_one_is(
    desk: Desk, state: Literal["referred", "issued", "undeliverable"]
) -> None:
    first = await desk.ask()
    await mailed(desk, first, "request-received", 1)
    await desk.hold(first, version=1)
    await mailed(desk, first, "request-held", 2)
    await desk.refer(first, version=2)
    if state != "referred":
        issued = await issue(desk, first, version=3)
        await (desk.mailed if state == "issued" else desk.bounced)(issued.account_id, 1)
    second = await desk.ask("ANNA@mail.example")
    await desk.it.run_loops()
    shown, lines = await page(desk, second)
    assert shown == state
    ways = {
        "referred": ["received", "verifying", "referred"],
        "issued": ["received", "verifying", "verified", "issued", "issued"],
        "undeliverable": ["received", "verifying", "verified", "issued", "undeliverable"],
    }
    assert [line[0] for line in lines] == ways[state]
    if state != "referred":
        assert "AN***@mail.example" in lines[3][1], "the address as it was given here"


async def test_what_the_applicant_of_one_does_is_not_seen_on_the_other(desk: Desk) -> None:
    first, second = await twice(desk)
    await desk.hold(first)
    await alike(desk, first, second)
    before = await page(desk, second)
    assert (await desk.correct(first, "other@mail.example")).status_code == 200
    assert await page(desk, second) == before
    await desk.hold(first, request_version=2, version=2)
    assert await page(desk, second) == before, "no line twice"
    issued = await issue(desk, first, version=3, request_version=2)
    before = await page(desk, second)
    assert before[0] == "issued"
    desk.it.clock.move(timedelta(days=4))
    assert (await desk.http.post(f"{first.path}/resend", headers=first.headers)).status_code == 202
    again = desk.mail(issued.account_id, 2) | {"purpose": "access-restored"}
    await desk.it.tell(NotificationSent(outcome="sent", **again), 7)
    assert (await page(desk, first))[1][-1][1].startswith("Письмо отправлено")
    assert await page(desk, second) == before, "nobody asked for a mail here"
    await desk.http.post(f"{first.path}/withdraw", headers=first.headers)
    assert await page(desk, second) == before
    assert (await desk.http.post(f"{second.path}/withdraw", headers=second.headers)).status_code == 202
    assert await desk.state(second) == "withdrawn"


async def test_a_corrected_duplicate_shows_what_a_corrected_request_would_and_causes_nothing(desk: Desk) -> None:
    first, second = await twice(desk)
    await desk.hold(first)
    await alike(desk, first, second)
    await desk.published()
    assert (await desk.correct(second, "stranger@evil.example")).json()["state"] == "verifying"
    await desk.it.run_loops()
    shown, lines = await page(desk, second)
    assert (shown, [line[0] for line in lines][-2:]) == ("needs-school", ["verifying", "needs-school"])
    issued = await issue(desk, first, version=2)
    assert issued.credentials.to == "anna@mail.example"
    assert "st***@evil.example" in (await page(desk, second))[1][-1][1]
    assert "stranger" not in (await page(desk, first))[1][-1][1]
    desk.it.clock.move(timedelta(days=4))
    assert (await desk.http.post(f"{second.path}/resend", headers=second.headers)).status_code == 202
    assert await desk.published() == []


async def test_a_duplicate_of_one_whose_person_has_an_account_goes_along(desk: Desk) -> None:
    active = await desk.active(email="old@mail.example")
    first, second = await twice(desk)
    await desk.verify(first, active.person)
    assert await alike(desk, first, second) == "issued"
    await mailed(desk, first, "request-duplicate", 2)
    assert await alike(desk, first, second) == "issued"


async def test_a_page_with_an_account_behind_it_is_like_one_without(desk: Desk) -> None:
    issued = await desk.issued()
    await mailed(desk, issued.ticket, "request-received", 1)
    await desk.mailed(issued.account_id, 1)
    seen = await page(desk, issued.ticket)
    await desk.activate(await desk.sign_in(issued.login, issued.password))
    await desk.published()
    again = await desk.ask()
    await desk.verify(again, issued.person)
    await mailed(desk, again, "request-received", 1)
    await mailed(desk, again, "request-duplicate", 2)
    assert await page(desk, again) == seen


async def test_mails_that_cannot_be_delivered_are_seen_on_both(desk: Desk) -> None:
    first, second = await desk.ask(), await desk.ask()
    await mailed(desk, first, "request-received", 1, delivered=False)
    await mailed(desk, second, "request-duplicate", 1, delivered=False)
    await alike(desk, first, second)
    await desk.hold(first)
    await mailed(desk, first, "request-held", 2, delivered=False)
    assert await alike(desk, first, second) == "needs-school"


async def test_erasure_takes_the_masked_addresses_of_duplicates_too(desk: Desk) -> None:
    first, second = await twice(desk)
    await alike(desk, first, second)
    await desk.published()
    issued = await issue(desk, first, version=1)
    path = f"/identity/accounts/{issued.account_id}/disable"
    await desk.http.post(path, json=await desk.ground(), headers=desk.by("admin"))
    assert await alike(desk, first, second) == "declined"
    assert "an***" in await desk.it.everything()
    await desk.give_receipts(issued.account_id)
    assert "an***" not in await desk.it.everything()
