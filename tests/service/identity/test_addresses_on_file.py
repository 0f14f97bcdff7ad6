"""The address on file: changed by the desk or the head, agreed to by whoever reads the new one."""

import asyncio
from datetime import timedelta
from typing import Any

from chassis.outbox import new_id
from ekis_contracts.identity import AccessRestored, AccountChanged, ConfirmationRequested

from .callers import CALLED, Help
from .people import NEW_PASSWORD, Desk, Issued, Person, bearer

NEW = "new@mail.example"


async def change(desk: Desk, issued: Issued, headers: dict[str, str], **more: Any) -> tuple[int, str]:
    path = f"/identity/accounts/{issued.account_id}/email"
    answer = await desk.http.post(path, json={"email": NEW} | more, headers=headers)
    return answer.status_code, answer.json().get("code", answer.json().get("state"))


def head_of(desk: Desk, person: Person) -> dict[str, str]:
    return desk.it.signed_in(category="head", school_id=person.school_id, staff_id=new_id())


async def code(desk: Desk) -> str:
    asked = await desk.said(ConfirmationRequested)
    return str(desk.it.open(asked.confirmation).code)


async def test_a_new_address_counts_when_its_reader_agrees(helped: Help, desk: Desk) -> None:
    active = await desk.active()
    ticket = await desk.case(active.account_id)
    assert await change(desk, active, helped.operator, ticket=ticket) == (202, "awaiting-confirmation")
    ((asked, envelope),) = await desk.published()
    mailed = desk.it.open(asked.confirmation)
    assert (asked.purpose, asked.subject_id, envelope.sequence) == ("email-change", active.account_id, 3)
    assert (mailed.to, desk.address(asked.contact)) == (NEW, NEW)
    assert await helped.show("email-change", mailed.code) == (200, "changed")
    ((changed, envelope),) = await desk.published()
    assert (type(changed), changed.changed, envelope.sequence) == (AccountChanged, ["email"], 4)
    assert desk.address(changed.contact) == NEW
    assert await helped.show("email-change", mailed.code) == (410, "confirmation-used")
    assert (await desk.sign_in(active.login, NEW_PASSWORD)).status_code == 200
    await helped.open("restore-access", login=active.login)
    assert [mail.to for mail in await helped.codes()] == [NEW]


async def test_the_last_address_asked_for_wins(helped: Help, desk: Desk) -> None:
    active = await desk.active()
    codes = []
    for email in ("first@mail.example", "second@mail.example"):
        assert (await change(desk, active, head_of(desk, active.person), email=email))[0] == 202
        codes.append(await code(desk))
    assert await helped.show("email-change", codes[0]) == (410, "confirmation-expired")
    answers = await asyncio.gather(*(helped.show("email-change", codes[1]) for _ in range(50)))
    assert sorted(answers) == [(200, "changed"), *[(410, "confirmation-used")] * 49]
    assert desk.address((await desk.said(AccountChanged)).contact) == "second@mail.example"


async def test_a_day_later_it_is_too_late(helped: Help, desk: Desk) -> None:
    active = await desk.active()
    await change(desk, active, desk.by("admin"), ticket=await desk.case())
    late = await code(desk)
    desk.it.clock.move(timedelta(hours=24))
    assert await helped.show("email-change", late) == (410, "confirmation-expired")


async def test_a_code_in_the_old_mail_box_is_worth_nothing_afterwards(helped: Help, desk: Desk) -> None:
    active = await desk.active()
    await helped.open("restore-access", login=active.login)
    old = await helped.code()
    case = await helped.linked("question", active)
    await helped.do(case, "email-code")
    aloud = await helped.code()
    await change(desk, active, desk.by("admin"), ticket=await desk.case())
    await helped.show("email-change", await code(desk))
    assert await helped.show("restore", old) == (410, "confirmation-expired")
    assert await helped.show("email-code", aloud) == (410, "confirmation-expired")


async def test_who_waits_for_a_password_gets_a_new_one_at_the_new_address(helped: Help, desk: Desk) -> None:
    issued = await desk.issued()
    await change(desk, issued, desk.by("admin"), ticket=await desk.case())
    await helped.show("email-change", await code(desk))
    changed, restored = await desk.told()
    assert (type(changed), type(restored)) == (AccountChanged, AccessRestored)
    fresh = desk.credentials(restored)
    assert fresh.to == NEW
    assert (await desk.sign_in(issued.login, issued.password)).status_code == 401
    assert (await desk.sign_in(issued.login, fresh.one_time_password)).status_code == 200


async def test_the_old_one_time_password_of_a_suspended_account_dies_with_the_address(helped: Help, desk: Desk) -> None:
    active = await desk.active()
    case = await helped.linked("restore-access", active)
    await helped.do(case, "restore-access", CALLED)
    old = desk.credentials(await desk.said(AccessRestored)).one_time_password
    path, ground = f"/identity/accounts/{active.account_id}", await desk.ground()
    await desk.http.post(f"{path}/suspend", json=ground, headers=desk.by("admin"))
    await desk.it.run_loops()
    await desk.published()
    await change(desk, active, desk.by("admin"), ticket=await desk.case())
    assert await helped.show("email-change", await code(desk)) == (200, "changed")
    await desk.http.post(f"{path}/resume", json=ground, headers=desk.by("admin"))
    assert (await desk.sign_in(active.login, old)).status_code == 401


async def test_a_dead_account_has_no_address_to_change(helped: Help, desk: Desk) -> None:
    active = await desk.active()
    await change(desk, active, desk.by("admin"), ticket=await desk.case())
    late = await code(desk)
    path = f"/identity/accounts/{active.account_id}/disable"
    await desk.http.post(path, json=await desk.ground(), headers=desk.by("admin"))
    assert await helped.show("email-change", late) == (409, "wrong-step")
    assert await change(desk, active, desk.by("admin"), ticket=await desk.case()) == (409, "wrong-step")


async def test_nobody_changes_the_own_address(helped: Help, desk: Desk) -> None:
    active, head = await desk.active(), await desk.active(Person(category="head", post="директор"), "h@mail.example")
    assert await change(desk, active, bearer(active.session)) == (403, "not-allowed")
    assert await change(desk, head, bearer(head.session)) == (403, "not-allowed")
    assert await change(desk, active, bearer(head.session)) == (404, "not-found")
    assert await change(desk, active, helped.operator) == (422, "ticket-required")
    assert await change(desk, active, helped.operator, ticket="T26-999999") == (422, "ticket-unknown")
    assert await change(desk, active, desk.by("admin")) == (422, "ticket-required")
    same = {"email": "Anna@mail.example", "ticket": await desk.case()}
    assert await change(desk, active, desk.by("admin"), **same) == (422, "email-unchanged")
    assert (await change(desk, active, desk.by("admin"), email="anna"))[0] == 422
    assert await desk.published() == []
