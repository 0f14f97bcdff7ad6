"""What the desk does to accounts: linked first, after a check, on a ticket, and written down."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from chassis.outbox import new_id
from ekis_contracts.identity import AccessRestored, AccountDisabled, ConfirmationRequested
from identity.domain.confirmations import aloud

from .callers import CALLED, Case, Help
from .people import NEW_PASSWORD, Desk, Person

READ = {"check": "email-code", "note": "код прочитан без ошибок"}


async def written(desk: Desk) -> list[tuple[Any, ...]]:
    rows = await desk.it.runtime.database.pool.fetch("SELECT * FROM audit WHERE act <> 'password-changed' ORDER BY id")
    return [(row["act"], row["ticket"], row["proof"], row["reason"]) for row in rows]


async def test_a_code_read_aloud_is_the_check_for_disabling(helped: Help, desk: Desk) -> None:
    active = await desk.active()
    case = await helped.linked("disable-account", active)
    assert await helped.do(case, "disable-account", READ) == (409, "check-not-performed")
    assert await helped.do(case, "email-code") == (202, "")
    ((asked, envelope),) = await desk.published()
    page = await helped.page(case, helped.operator)
    assert (type(asked), asked.purpose, envelope.sequence) == (ConfirmationRequested, "email-code", 2)
    assert asked.subject_id != active.account_id
    mailed = desk.it.open(asked.confirmation)
    assert (mailed.to, len(mailed.code.replace("-", "")), page["checked_at"]) == ("anna@mail.example", 10, None)
    assert await helped.do(case, "disable-account", READ) == (409, "check-not-performed")
    assert await helped.show("email-code", mailed.code.lower().replace("-", " ")) == (200, "checked")
    assert await helped.do(case, "disable-account", READ) == (200, "")
    assert (await desk.said(AccountDisabled)).channel == "desk"
    assert (await desk.sign_in(active.login, NEW_PASSWORD)).status_code == 401
    assert await written(desk) == [
        ("link", case.number, None, None),
        ("email-code", case.number, None, None),
        ("email-code-read", case.number, None, None),
        ("disable", case.number, "email-code", "код прочитан без ошибок"),
    ]
    page = await helped.page(case, helped.operator)
    assert [deed["act"] for deed in page["deeds"]] == ["link", "email-code", "email-code-read", "disable"]
    assert page["deeds"][-1]["by_account"] == str(helped.operator_id)
    assert await helped.do(case, "disable-account", CALLED) == (409, "wrong-step")
    assert await helped.do(case, "email-code") == (409, "account-ended")


async def test_a_read_code_counts_for_an_hour_for_its_ticket_and_account(helped: Help, desk: Desk) -> None:
    active, other = await desk.active(), await desk.active(Person(), "other@mail.example")
    case, elsewhere = await helped.linked("restore-access", active), await helped.linked("restore-access", active)
    await helped.codes()

    async def read() -> None:
        await helped.do(case, "email-code")
        assert await helped.show("email-code", await helped.code()) == (200, "checked")

    await read()
    assert await helped.do(elsewhere, "restore-access", READ) == (409, "check-not-performed")
    assert await helped.do(case, "link", {"account_id": str(other.account_id)}) == (200, "")
    assert await helped.do(case, "restore-access", READ) == (409, "check-not-performed")
    await helped.do(case, "link", {"account_id": str(active.account_id)})
    await read()
    desk.it.clock.move(timedelta(minutes=60))
    assert await helped.do(case, "restore-access", READ) == (409, "check-not-performed")
    await read()
    assert await helped.do(case, "restore-access", READ) == (200, "")
    restored = await desk.said(AccessRestored)
    assert (restored.channel, restored.ticket) == ("phone", case.number)


async def test_a_newer_code_takes_the_place_of_the_one_before(helped: Help, desk: Desk) -> None:
    case = await helped.linked("question", await desk.active())
    codes = []
    for _ in range(2):
        await helped.do(case, "email-code")
        codes.append(await helped.code())
    assert await helped.show("email-code", codes[0]) == (410, "confirmation-expired")
    desk.it.clock.move(timedelta(minutes=10))
    assert await helped.show("email-code", codes[1]) == (410, "confirmation-expired")
    await helped.do(case, "email-code")
    code = await helped.code()
    answers = await asyncio.gather(*(helped.show("email-code", code) for _ in range(50)))
    assert sorted(answers) == [(200, "checked"), *[(410, "confirmation-used")] * 49]


def test_a_code_to_be_read_aloud_has_ten_plain_letters() -> None:
    code = aloud(bytes(range(246, 256)))
    assert (len(code), code[5]) == (11, "-")
    assert not set(code) & set("ILOU")


@pytest.mark.parametrize("check", ["callback", "head-confirmed", "document"])
async def test_other_checks_are_recorded_as_they_are_stated(helped: Help, desk: Desk, check: str) -> None:
    case = await helped.linked("restore-access", await desk.active())
    assert await helped.do(case, "restore-access", {"check": check, "note": "слова оператора"}) == (200, "")
    assert (await written(desk))[-1] == ("restore", case.number, check, "слова оператора")
    assert (await desk.said(AccessRestored)).channel == "phone"


@pytest.mark.parametrize(
    "body", [{}, {"check": "callback"}, {"check": "x", "note": "y"}, {"check": "callback", "note": " "}]
)
async def test_an_act_needs_its_check_and_a_note(helped: Help, desk: Desk, body: Any) -> None:
    case = await helped.linked("restore-access", await desk.active())
    for step in ("restore-access", "disable-account"):
        assert (await helped.do(case, step, body))[0] == 422
    unlinked = await helped.open()
    for step in ("restore-access", "disable-account"):
        assert await helped.do(unlinked, step, CALLED) == (409, "account-not-linked")
    assert await helped.do(unlinked, "email-code") == (409, "account-not-linked")


async def test_the_last_head_is_not_the_desks_to_disable(helped: Help, desk: Desk) -> None:
    head = await desk.active(Person(category="head", post="директор"))
    case = await helped.linked("disable-account", head)
    assert await helped.do(case, "disable-account", CALLED) == (409, "last-head")


async def test_the_account_is_found_by_login_or_address(helped: Help, desk: Desk) -> None:
    active = await desk.active()
    by_login = await helped.open(login=active.login)
    by_address = await helped.open(contact={"email": "anna@mail.example"})
    nobody = await helped.open(login="nobody.at")
    for case in (by_login, by_address):
        assert await helped.do(case, "link", {}) == (200, "")
        assert (await helped.page(case, helped.operator))["account_id"] == str(active.account_id)
    assert await helped.do(nobody, "link", {}) == (409, "account-unknown")
    assert await helped.do(nobody, "link", {"account_id": str(new_id())}) == (404, "not-found")
    await desk.active(Person())
    assert await helped.do(by_address, "link", {}) == (409, "account-ambiguous")


async def test_the_desk_looks_up_exactly_and_is_written_down(helped: Help, desk: Desk) -> None:
    active = await desk.active()

    async def found(query: str, headers: dict[str, str]) -> tuple[int, list[str]]:
        answer = await desk.http.get(f"/identity/accounts?{query}", headers=headers)
        return answer.status_code, [one["account_id"] for one in answer.json().get("items", [])]

    mine = [str(active.account_id)]
    assert await found(f"login={active.login}", helped.operator) == (200, mine)
    assert await found("email=Anna@mail.example", helped.operator) == (200, mine)
    assert await found("email=anna@mail", helped.operator) == (422, [])
    assert await found("login=ivanova", helped.operator) == (200, [])
    assert [act for act, *_ in await written(desk)] == ["look-up"] * 3
    head = desk.it.signed_in(category="head", school_id=active.person.school_id)
    assert (await found(f"login={active.login}", head))[0] == 403
    assert "Anna@mail" not in str(await written(desk))


async def test_of_many_who_restore_at_once_each_kills_the_one_before(helped: Help, desk: Desk) -> None:
    active = await desk.active()
    case = await helped.linked("restore-access", active)
    await helped.codes()
    await asyncio.gather(*(helped.do(case, "restore-access", CALLED) for _ in range(5)))
    told = [event for event in await desk.told() if isinstance(event, AccessRestored)]
    assert sorted(event.credential_no for event in told) == [2, 3, 4, 5, 6]
    works = []
    for event in told:
        password = desk.credentials(event).one_time_password
        works.append((event.credential_no, (await desk.sign_in(active.login, password)).status_code))
    assert sorted(works) == [(2, 401), (3, 401), (4, 401), (5, 401), (6, 200)]


async def test_beside_the_ticket_the_desk_acts_on_its_account_alone_and_ends_none(helped: Help, desk: Desk) -> None:
    active, other = await desk.active(), await desk.active(Person(), "other@mail.example")
    loose, mine = await helped.open(), await helped.linked("question", active)
    await desk.published()

    async def tried(step: str, case: Case, account_id: UUID = active.account_id) -> tuple[int, str]:
        body = {"reason": "по звонку", "ticket": case.number} | ({"email": "n@mail.example"} if step == "email" else {})
        answer = await desk.http.post(f"/identity/accounts/{account_id}/{step}", json=body, headers=helped.operator)
        return answer.status_code, answer.json().get("code", "")

    for step in ("suspend", "resume", "email"):
        assert await tried(step, loose) == (409, "account-not-linked"), step
        assert await tried(step, mine, other.account_id) == (409, "account-not-linked"), step
    assert await tried("disable", mine) == (409, "check-not-performed")
    assert await desk.published() == []
    assert await tried("suspend", mine) == (202, "")
    await helped.do(mine, "resolve", {"text": "Сделано"})
    assert await tried("resume", mine) == (409, "ticket-closed")
