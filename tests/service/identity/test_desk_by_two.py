"""What the desk does on a ticket to a head's account waits for a second person; whoever acts proves a code."""

import pytest
from ekis_contracts.identity import AccessRestored, AccountChanged, AccountDisabled, ConfirmationRequested

from .callers import CALLED, Case, Help
from .people import NEW_PASSWORD, Desk, Issued, Person, bearer
from .test_deeds import decide, head
from .test_second_factor import Phone, refusal, with_phone

ACTS = [("restore-access", "restore"), ("disable-account", "disable")]
OTHER_PASSWORD = "громкий рассвет за рекой 53"


async def heads_case(helped: Help, kind: str) -> tuple[Issued, Case]:
    """A ticket about the account of one of two heads of a school."""
    one = await head(helped.desk)
    await head(helped.desk, one.person.school_id, "second@mail.example")
    case = await helped.linked(kind, one)
    await helped.codes()
    return one, case


@pytest.mark.parametrize(("step", "act"), ACTS)
async def test_a_tickets_act_on_a_heads_account_waits(helped: Help, desk: Desk, step: str, act: str) -> None:
    one, case = await heads_case(helped, step)
    asked = await desk.http.post(f"{case.path}/{step}", json=CALLED, headers=helped.operator)
    assert (asked.status_code, asked.json()) == (
        202,
        {"state": "awaiting-second", "deed_id": await desk.deed_of(one.account_id)},
    )
    assert await desk.published() == []
    assert (await desk.sign_in(one.login, NEW_PASSWORD)).status_code == 200, "nothing has happened yet"
    assert refusal(await decide(desk, asked.json()["deed_id"], "approve", helped.operator)) == (403, "own-deed")
    assert (await desk.approve(one.account_id, desk.by("admin"))).json()["state"] == "done"
    (told,) = await desk.told()
    if isinstance(told, AccessRestored):
        assert (told.channel, told.ticket) == ("phone", case.number)
    else:
        assert (type(told), told.channel) == (AccountDisabled, "desk")
    assert (await desk.sign_in(one.login, NEW_PASSWORD)).status_code == 401
    (done,) = [deed for deed in (await helped.page(case, helped.operator))["deeds"] if deed["act"] == act]
    assert (done["by_account"], done["proof"], done["reason"]) == (
        str(helped.operator_id),
        CALLED["check"],
        CALLED["note"],
    )


async def test_it_waits_once_and_refused_it_may_be_asked_for_again(helped: Help, desk: Desk) -> None:
    one, case = await heads_case(helped, "restore-access")
    assert await helped.do(case, "restore-access", CALLED) == (202, "")
    assert await helped.do(case, "restore-access", CALLED) == (409, "deed-open")
    refused = await decide(desk, await desk.deed_of(one.account_id), "refuse", desk.by("admin"))
    assert refused.json()["state"] == "refused"
    assert await helped.do(case, "restore-access", CALLED) == (202, "")


async def test_what_would_not_be_done_is_not_asked_for(helped: Help, desk: Desk) -> None:
    person = Person(category="head", post="директор")
    issued = await desk.issued(person)
    await desk.bounced(issued.account_id, 1)
    await desk.correct(issued.ticket, "other@mail.example")
    await desk.published()
    case = await helped.linked("restore-access", issued)
    assert await helped.do(case, "restore-access", CALLED) == (409, "wrong-step"), "another address is being judged"


async def test_a_heads_address_changes_by_two_and_by_whoever_reads_it(helped: Help, desk: Desk) -> None:
    one, case = await heads_case(helped, "question")
    body = {"email": "new@mail.example", "reason": "сменила почту", "ticket": case.number}
    path = f"/identity/accounts/{one.account_id}/email"
    asked = await desk.http.post(path, json=body, headers=helped.operator)
    assert (asked.status_code, asked.json()["state"]) == (202, "awaiting-second")
    assert await desk.published() == [], "no code is mailed yet"
    assert (await desk.approve(one.account_id, desk.by("admin"))).json()["email"] is None, "it is needed no more"
    code = desk.it.open((await desk.said(ConfirmationRequested)).confirmation)
    assert code.to == "new@mail.example"
    assert await helped.show("email-change", code.code) == (200, "changed")
    assert desk.address((await desk.said(AccountChanged)).contact) == "new@mail.example"
    acts = [deed["act"] for deed in (await helped.page(case, helped.operator))["deeds"]]
    assert acts == ["link", "deed-asked", "email-change", "deed-approved", "email-changed"]


async def restored(helped: Help, phone: Phone) -> str:
    """The one-time password after a restore by phone."""
    case = await helped.linked("restore-access", phone.person)
    assert await helped.do(case, "restore-access", CALLED) == (200, "")
    return helped.desk.credentials(await helped.desk.said(AccessRestored)).one_time_password


async def test_a_restored_account_is_still_asked_for_its_code(helped: Help, desk: Desk) -> None:
    phone = await with_phone(desk)
    fresh, login = await restored(helped, phone), phone.person.login
    assert refusal(await desk.sign_in(login, fresh)) == (401, "second-factor-required")
    assert refusal(await desk.sign_in(login, fresh, code=phone.wrong())) == (401, "invalid-credentials")
    first = await desk.sign_in(login, fresh, code=await phone.fresh())
    assert (first.status_code, first.json()["scope"]) == (200, "activation")
    assert (await desk.activate(first, password=OTHER_PASSWORD)).json()["scope"] == "full"
    assert refusal(await desk.sign_in(login, OTHER_PASSWORD)) == (401, "second-factor-required")


@pytest.mark.parametrize("what", ["restore-access", "disable-account", "email"])
async def test_whoever_acts_for_others_proves_a_code_of_now(helped: Help, desk: Desk, what: str) -> None:
    phone, other = await with_phone(desk), await desk.active(Person(), "other@mail.example")
    case = await helped.linked("question", other)
    stale = desk.it.signed_in(roles=["support"], account_id=phone.person.account_id)
    devices = (await desk.http.get("/identity/sessions", headers=phone.headers)).json()["items"]
    (sid,) = [one["session_id"] for one in devices if one["current"]]
    proven = desk.it.signed_in(roles=["support"], account_id=phone.person.account_id, sid=sid, epoch=9)
    path, body = f"{case.path}/{what}", CALLED
    if what == "email":
        path = f"/identity/accounts/{other.account_id}/email"
        body = {"email": "new@mail.example", "ticket": case.number}
    assert refusal(await desk.http.post(path, json=body, headers=stale)) == (401, "proof-required")
    assert (await desk.http.post(path, json=body, headers=proven)).status_code in (200, 202)


async def test_the_password_as_a_proof_is_counted_as_every_guess(desk: Desk) -> None:
    person = await desk.active()
    path, headers = "/identity/second-factor/proof", bearer(person.session)
    wrong = [await desk.http.post(path, json={"password": "не тот пароль"}, headers=headers) for _ in range(6)]
    assert [answer.status_code for answer in wrong] == [401] * 5 + [429]
    right = await desk.http.post(path, json={"password": NEW_PASSWORD}, headers=headers)
    assert refusal(right) == (429, "too-many-attempts")
