"""A lost password: asked for by anybody, confirmed by whoever reads the address on file."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
from ekis_contracts.identity import (
    AccessRestored,
    AccountActivated,
    SessionsRevoked,
    SupportTicketResolved,
)

from .callers import CALLED, Help
from .people import NEW_PASSWORD, Desk, Issued, Person, bearer

OTHER_PASSWORD = "громкий рассвет за рекой 53"


async def refused(desk: Desk, login: str, password: str) -> bool:
    return (await desk.sign_in(login, password)).status_code == 401


async def test_a_confirmed_request_mails_a_one_time_password_that_opens_the_way_to_a_new_one(
    helped: Help, desk: Desk
) -> None:
    active = await desk.active()
    case = await helped.open("restore-access", login=active.login.upper())
    (mailed,) = await helped.codes()
    assert mailed.to == "anna@mail.example"
    assert await helped.show("restore", mailed.code.lower()) == (200, "restored")

    told = {type(event): event for event in await desk.told()}
    restored = told[AccessRestored]
    assert (restored.channel, restored.ticket, restored.credential_no) == ("desk", case.number, 2)
    assert (restored.state, told[SupportTicketResolved].number) == ("active", case.number)
    fresh = desk.credentials(restored)
    assert fresh.to == "anna@mail.example"
    assert await helped.state(case) == "resolved"

    await desk.it.runtime.revocations.reread(desk.it.runtime.database.pool)
    desk.http.cookies = active.session.cookies
    assert (await desk.http.post("/identity/sessions/refresh")).status_code == 401
    for old in (NEW_PASSWORD, active.password):
        assert await refused(desk, active.login, old)
    first = await desk.sign_in(active.login, fresh.one_time_password)
    assert (first.json()["scope"], first.json()["required"]) == ("activation", ["declare-status", "change-password"])
    assert (await desk.http.get("/identity/me", headers=bearer(first))).status_code == 403
    assert (await desk.activate(first, "head", OTHER_PASSWORD)).json()["code"] == "status-mismatch"
    again = await desk.activate(first, "employee", OTHER_PASSWORD)
    assert again.json()["scope"] == "full"
    ((revoked, envelope),) = await desk.published()
    assert (type(revoked), revoked.reason) == (SessionsRevoked, "password-changed")
    assert envelope.sequence == 5  # created, activated, asked to confirm, restored, new password
    for old in (NEW_PASSWORD, active.password, fresh.one_time_password):
        assert await refused(desk, active.login, old)
    assert (await desk.sign_in(active.login, OTHER_PASSWORD)).json()["scope"] == "full"


async def test_the_address_of_the_ticket_is_enough_and_each_account_there_gets_its_own_mail(
    helped: Help, desk: Desk
) -> None:
    people = [await desk.active(Person()), await desk.active(Person())]
    await helped.open("restore-access", contact={"email": "ANNA@mail.example"})
    codes = await helped.codes()
    assert [mail.to for mail in codes] == ["anna@mail.example"] * 2
    assert len({mail.code for mail in codes}) == 2
    assert await helped.show("restore", codes[0].code) == (200, "restored")
    assert await desk.said(AccessRestored)
    signed_in = [(await desk.sign_in(one.login, NEW_PASSWORD)).status_code for one in people]
    assert sorted(signed_in) == [200, 401]
    assert await helped.show("restore", codes[1].code) == (200, "restored")


async def test_the_answer_never_tells_whether_there_is_an_account(helped: Help, desk: Desk) -> None:
    active = await desk.active()
    statements: list[list[str]] = []
    for login in (active.login, "nobody.at"):
        form = helped.form("restore-access", login=login)
        answer = await desk.http.post("/identity/support/tickets", json=form)
        assert (answer.status_code, set(answer.json())) == (202, {"number", "tracking_code"})
        statements.append([event.topic for event in await desk.told()])
    assert statements[0] == statements[1] == ["support-ticket-opened"]
    assert len(await helped.codes()) == 1


async def test_only_three_mails_an_hour_go_to_one_account(helped: Help, desk: Desk) -> None:
    active = await desk.active()
    codes = []
    for _ in range(5):
        await helped.open("restore-access", login=active.login)
        codes += await helped.codes()
    assert len(codes) == 3
    assert await helped.show("restore", codes[0].code) == (200, "restored")
    assert await helped.show("restore", codes[2].code) == (410, "confirmation-expired")
    desk.it.clock.move(timedelta(minutes=61))
    await helped.open("restore-access", login=active.login)
    assert len(await helped.codes()) == 1


async def test_a_code_is_over_after_30_minutes_and_after_its_use(helped: Help, desk: Desk) -> None:
    active = await desk.active()
    await helped.open("restore-access", login=active.login)
    code = await helped.code()
    assert await helped.show("email-change", code) == (404, "confirmation-unknown")
    assert await helped.show("email-code", code) == (404, "confirmation-unknown")
    assert await helped.show("restore", "XXXX") == (404, "confirmation-unknown")
    desk.it.clock.move(timedelta(minutes=30))
    assert await helped.show("restore", code) == (410, "confirmation-expired")
    await helped.open("restore-access", login=active.login)
    code = await helped.code()
    assert await helped.show("restore", code) == (200, "restored")
    assert await helped.show("restore", code) == (410, "confirmation-used")
    desk.it.clock.move(timedelta(days=8))
    await desk.it.run_loops()
    assert await helped.show("restore", code) == (404, "confirmation-unknown")


async def test_of_fifty_who_show_one_code_at_once_one_succeeds(helped: Help, desk: Desk) -> None:
    active = await desk.active()
    await helped.open("restore-access", login=active.login)
    code = await helped.code()
    answers = await asyncio.gather(*(helped.show("restore", code) for _ in range(50)))
    assert sorted(answers) == [(200, "restored"), *[(410, "confirmation-used")] * 49]
    assert (await desk.said(AccessRestored)).credential_no == 2


async def test_two_codes_of_one_account_shown_at_once_restore_it_once(helped: Help, desk: Desk) -> None:
    active = await desk.active()
    codes = []
    for _ in range(2):
        await helped.open("restore-access", login=active.login)
        codes += await helped.codes()
    answers = await asyncio.gather(*(helped.show("restore", one.code) for one in codes * 5))
    assert sorted(status for status, _ in answers) == [200, *[410] * 9]


async def test_an_issued_account_gets_a_new_mail_and_its_page_says_so(helped: Help, desk: Desk) -> None:
    issued = await desk.issued()
    lines = len((await desk.track(issued.ticket))["timeline"])
    await helped.open("restore-access", login=issued.login)
    assert await helped.show("restore", await helped.code()) == (200, "restored")
    restored = await desk.said(AccessRestored)
    assert (restored.state, restored.credential_no) == ("issued", 2)
    page = await desk.track(issued.ticket)
    assert (page["state"], len(page["timeline"])) == ("issued", lines + 1)
    assert await refused(desk, issued.login, issued.password)
    first = await desk.sign_in(issued.login, desk.credentials(restored).one_time_password)
    await desk.activate(first)
    assert isinstance((await desk.told())[0], AccountActivated)
    assert await desk.state(issued.ticket) == "activated"


async def test_nothing_is_restored_to_an_address_while_another_is_being_judged(helped: Help, desk: Desk) -> None:
    issued = await desk.issued()
    await desk.bounced(issued.account_id, 1)
    await desk.correct(issued.ticket, "other@mail.example")
    await desk.published()
    await helped.open("restore-access", login=issued.login)
    assert await helped.show("restore", await helped.code()) == (409, "wrong-step")
    case = await helped.linked("restore-access", issued)
    assert await helped.do(case, "restore-access", CALLED) == (409, "wrong-step")


async def end(desk: Desk, active: Issued, step: str) -> httpx.Response:
    path = f"/identity/accounts/{active.account_id}/{step}"
    return await desk.http.post(path, json=await desk.ground(), headers=desk.by("admin"))


@pytest.mark.parametrize("step", ["suspend", "disable"])
async def test_nobody_restores_an_account_that_is_shut(helped: Help, desk: Desk, step: str) -> None:
    active = await desk.active()
    await helped.open("restore-access", login=active.login)
    code = await helped.code()
    case = await helped.linked("restore-access", active)
    await helped.codes()
    assert (await end(desk, active, step)).status_code == 202
    assert await helped.show("restore", code) == (410, "confirmation-expired")
    await helped.open("restore-access", login=active.login)
    assert await helped.codes() == []
    assert await helped.do(case, "restore-access", CALLED) == (409, "wrong-step")
    assert await desk.published() == []


async def test_a_one_time_password_of_a_restored_account_ends_after_three_days(helped: Help, desk: Desk) -> None:
    active = await desk.active()
    case = await helped.linked("restore-access", active)
    assert await helped.do(case, "restore-access", CALLED) == (200, "")
    fresh = desk.credentials(await desk.said(AccessRestored)).one_time_password
    desk.it.clock.move(timedelta(days=3))
    assert await refused(desk, active.login, fresh)
    assert await refused(desk, active.login, NEW_PASSWORD)
    assert await helped.do(case, "restore-access", CALLED) == (200, "")
    newer = desk.credentials(await desk.said(AccessRestored)).one_time_password
    assert await refused(desk, active.login, fresh)
    assert (await desk.sign_in(active.login, newer)).status_code == 200


async def test_a_session_begun_with_older_credentials_activates_nothing(helped: Help, desk: Desk) -> None:
    active = await desk.active()
    case = await helped.linked("restore-access", active)
    await helped.do(case, "restore-access", CALLED)
    fresh = desk.credentials(await desk.said(AccessRestored)).one_time_password
    first = await desk.sign_in(active.login, fresh)
    await helped.do(case, "restore-access", CALLED)
    assert (await desk.activate(first, "employee", OTHER_PASSWORD)).status_code in (401, 409)


async def test_no_code_is_kept_and_an_erased_account_leaves_none(helped: Help, desk: Desk) -> None:
    active = await desk.active()
    await helped.open("restore-access", login=active.login)
    code = await helped.code()
    everything = await desk.it.everything()
    assert code not in everything
    assert code.replace("-", "") not in everything
    await end(desk, active, "disable")
    await desk.give_receipts(active.account_id)
    assert "anna@mail.example" not in await desk.it.everything()


async def test_a_source_that_guesses_at_codes_has_to_wait_and_others_need_not(helped: Help, desk: Desk) -> None:
    active = await desk.active()
    await helped.open("restore-access", login=active.login)
    code = await helped.code()
    guesses = [await helped.show("restore", f"WRNG-{number}") for number in range(102)]
    assert guesses == [(404, "confirmation-unknown")] * 100 + [(429, "too-many-attempts")] * 2
    assert await helped.show("restore", code) == (429, "too-many-attempts")
    assert await Help(desk.at("203.0.113.9")).show("restore", code) == (200, "restored")


BAD: list[Any] = [{}, {"purpose": "restore"}, {"purpose": "x", "code": "1"}, {"purpose": "restore", "code": ""}]


@pytest.mark.parametrize("body", [*BAD, {"purpose": "restore", "code": "x" * 41}, {"purpose": "restore", "code": 1}])
async def test_a_wrong_confirmation_is_told_so(desk: Desk, body: Any) -> None:
    assert (await desk.http.post("/identity/confirmations", json=body)).status_code == 422
