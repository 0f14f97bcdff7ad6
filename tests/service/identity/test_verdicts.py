"""What registry says of a request, in any order, and the address it may be said of."""

import pytest
from chassis.outbox import new_id
from ekis_contracts.identity import (
    AccessRestored,
    AccountCreated,
    AccountDisabled,
    AccountRequestClosed,
    AccountRequested,
)
from ekis_contracts.registry import AccountRequestDeclined, StaffLeft
from ekis_contracts.values import PersonName

from .people import Desk, Person


async def test_a_held_and_a_referred_request_say_so(desk: Desk) -> None:
    ticket = await desk.ask()
    await desk.hold(ticket, version=1)
    assert await desk.state(ticket) == "needs-school"
    await desk.refer(ticket, version=2)
    page = await desk.track(ticket)
    assert page["state"] == "referred"
    assert "до 01.12.2026 18:00" in page["timeline"][-1]["note"]


async def test_of_two_waiting_words_the_later_one_counts(desk: Desk) -> None:
    ticket = await desk.ask()
    await desk.refer(ticket, version=2)
    await desk.hold(ticket, version=1)
    assert await desk.state(ticket) == "referred"


async def test_verified_is_issued_with_sealed_credentials_to_the_verified_address(desk: Desk) -> None:
    ticket = await desk.ask()
    person = Person()
    await desk.verify(ticket, person)
    ((event, envelope),) = await desk.published()
    assert (type(event), envelope.sequence, event.credential_no) == (AccountCreated, 1, 1)
    assert (event.state, event.staff_id, event.school_id) == ("issued", person.staff_id, person.school_id)
    credentials = desk.credentials(event)
    assert (credentials.to, credentials.login) == ("anna@mail.example", "ivanova.am")
    assert desk.address(event.contact) == "anna@mail.example"
    assert desk.it.open(event.name) == person.name
    page = await desk.track(ticket)
    assert [step["state"] for step in page["timeline"]][-2:] == ["verified", "issued"]
    assert "an***@mail.example" in page["timeline"][-1]["note"]
    everything = await desk.it.everything()
    assert credentials.one_time_password not in everything
    assert credentials.one_time_password.replace("-", "") not in everything


async def test_namesakes_get_logins_of_their_own_and_the_roll_spells_the_name(desk: Desk) -> None:
    logins = []
    for number in range(3):
        person = Person(name=PersonName(last_name="Щёлкина", first_name="Юлия"))
        await desk.enrol(person)
        logins.append((await desk.issued(person, f"y{number}@mail.example")).login)
    assert logins == ["shchelkina.y", "shchelkina.y2", "shchelkina.y3"]


async def test_a_declined_request_ends(desk: Desk) -> None:
    ticket = await desk.ask()
    event = AccountRequestDeclined(request_id=ticket.request_id, request_version=1, reason="not-on-roll")
    await desk.it.tell(event)
    closed = await desk.said(AccountRequestClosed)
    assert (closed.outcome, closed.reason) == ("declined", "not-on-roll")
    assert desk.address(closed.contact) == "anna@mail.example"
    assert await desk.state(ticket) == "declined"


async def test_a_verdict_on_an_older_address_opens_nothing(desk: Desk) -> None:
    """The takeover: the roll's own address was judged, the stranger's was put in its place."""
    ticket = await desk.ask("teacher@roll.example")
    assert (await desk.correct(ticket, "stranger@evil.example")).status_code == 200
    asked = await desk.said(AccountRequested)
    assert (asked.request_version, desk.applicant_address(asked)) == (2, "stranger@evil.example")
    person = Person()
    await desk.verify(ticket, person, request_version=1, version=1)
    await desk.it.tell(AccountRequestDeclined(request_id=ticket.request_id, request_version=1, reason="x"), 2)
    await desk.hold(ticket, request_version=1, version=3)
    assert await desk.state(ticket) == "verifying"
    assert await desk.published() == []
    await desk.verify(ticket, person, request_version=2, version=4)
    assert desk.credentials(await desk.said(AccountCreated)).to == "stranger@evil.example"


async def test_an_issued_request_cannot_be_corrected(desk: Desk) -> None:
    issued = await desk.issued()
    answer = await desk.correct(issued.ticket, "stranger@evil.example")
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong-step")


@pytest.mark.parametrize("email", ["", "x" * 300 + "@mail.example", "anna", None])
async def test_a_correction_needs_an_address(desk: Desk, email: str | None) -> None:
    ticket = await desk.ask()
    answer = await desk.http.patch(ticket.path, json={"email": email}, headers=ticket.headers)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/email")


async def test_a_correction_to_an_address_with_an_open_request_becomes_its_duplicate(desk: Desk) -> None:
    await desk.ask("first@mail.example")
    ticket = await desk.ask("mistyped@mail.example")
    answer = await desk.correct(ticket, "First@mail.example")
    assert (answer.status_code, answer.json()["state"]) == (200, "verifying")
    closed = await desk.said(AccountRequestClosed)
    assert (closed.request_id, closed.outcome) == (ticket.request_id, "duplicate")
    await desk.verify(ticket, Person(), request_version=2)
    assert await desk.published() == []
    await desk.ask("mistyped@mail.example")
    assert await desk.state(ticket) == "verifying"


async def test_a_correction_back_to_the_first_address_is_allowed(desk: Desk) -> None:
    ticket = await desk.ask("a@mail.example")
    for email in ("b@mail.example", "a@mail.example", "a@mail.example"):
        assert (await desk.correct(ticket, email)).status_code == 200
    versions = [event.request_version for event in await desk.told()]
    assert versions == [2, 3, 4]


async def test_who_has_an_account_gets_no_second_and_the_page_looks_issued(desk: Desk) -> None:
    active = await desk.active(email="old@mail.example")
    ticket = await desk.ask("stranger@evil.example")
    await desk.verify(ticket, active.person)
    closed = await desk.said(AccountRequestClosed)
    assert closed.outcome == "duplicate"
    assert desk.address(closed.contact) == "old@mail.example"
    page = await desk.track(ticket)
    assert page["state"] == "issued"
    assert "old" not in str(page)
    assert "st***@evil.example" in page["timeline"][-1]["note"]
    still = await desk.http.post(f"{ticket.path}/resend", headers=ticket.headers)
    assert (still.status_code, still.json()["code"]) == (409, "credentials-still-valid")


async def test_a_staff_record_that_ended_first_gets_no_account(desk: Desk) -> None:
    person = Person()
    ticket = await desk.ask()
    await desk.it.tell(StaffLeft(staff_id=person.staff_id, school_id=person.school_id, reason="dismissed"))
    await desk.enrol(person)
    await desk.verify(ticket, person)
    closed = await desk.said(AccountRequestClosed)
    assert (closed.outcome, closed.reason) == ("declined", "left-roll")
    assert await desk.state(ticket) == "declined"


async def test_after_a_bounce_another_address_is_judged_anew_and_the_old_credentials_are_dead(desk: Desk) -> None:
    issued = await desk.issued(email="mistyped@mail.example")
    first = await desk.sign_in(issued.login, issued.password)
    await desk.bounced(issued.account_id, 1)
    page = await desk.track(issued.ticket)
    assert (page["state"], page["timeline"][-1]["state"]) == ("undeliverable", "undeliverable")

    assert (await desk.correct(issued.ticket, "right@mail.example")).status_code == 200
    asked = await desk.said(AccountRequested)
    assert asked.request_version == 2
    assert (await desk.sign_in(issued.login, issued.password)).status_code == 401
    assert (await desk.activate(first)).status_code == 409
    assert (await desk.http.post(f"{issued.ticket.path}/resend", headers=issued.ticket.headers)).status_code == 409

    await desk.verify(issued.ticket, issued.person, request_version=1, version=2)
    assert await desk.published() == []
    await desk.verify(issued.ticket, issued.person, request_version=2, version=3)
    ((again, envelope),) = await desk.published()
    assert (type(again), envelope.sequence, again.channel) == (AccessRestored, 3, "request")
    fresh = desk.credentials(again)
    assert (fresh.to, fresh.login) == ("right@mail.example", issued.login)
    assert desk.address(again.contact) == "right@mail.example"
    assert (await desk.sign_in(issued.login, issued.password)).status_code == 401
    signed = await desk.sign_in(fresh.login, fresh.one_time_password)
    assert (await desk.activate(signed)).status_code == 200
    assert await desk.state(issued.ticket) == "activated"


async def test_verified_anew_for_another_record_the_old_account_ends(desk: Desk) -> None:
    issued = await desk.issued()
    await desk.bounced(issued.account_id, 1)
    await desk.correct(issued.ticket, "right@mail.example")
    await desk.published()
    other = Person()
    await desk.verify(issued.ticket, other, request_version=2, version=2)
    ended, created = await desk.told()
    assert (type(ended), ended.account_id) == (AccountDisabled, issued.account_id)
    assert (type(created), created.staff_id) == (AccountCreated, other.staff_id)
    assert created.account_id != issued.account_id


async def test_an_account_never_activated_goes_with_its_request(desk: Desk) -> None:
    issued = await desk.issued()
    answer = await desk.http.post(f"{issued.ticket.path}/withdraw", headers=issued.ticket.headers)
    assert answer.status_code == 202
    kinds = {type(event) for event in await desk.told()}
    assert kinds == {AccountRequestClosed, AccountDisabled}
    again = await desk.issued(issued.person)
    assert again.account_id != issued.account_id
    assert again.login == "ivanova.am2", "logins are never given again"


async def test_a_verdict_on_an_unknown_request_is_late(desk: Desk) -> None:
    ticket = await desk.ask()
    ticket.request_id = new_id()
    await desk.verify(ticket, Person())
    assert await desk.published() == []
