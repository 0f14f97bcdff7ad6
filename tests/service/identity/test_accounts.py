"""What heads, the desk and the department do to accounts, and how an account ends."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from chassis.outbox import new_id
from ekis_contracts.cabinet import PersonalDataErased
from ekis_contracts.identity import (
    AccountDisabled,
    AccountErased,
    AccountRequestClosed,
    AccountResumed,
    AccountSuspended,
)

from .people import NEW_PASSWORD, Desk, Issued, Person, bearer


async def act(desk: Desk, account_id: UUID, step: str, headers: dict[str, str], **more: Any) -> tuple[int, str]:
    """Operators need a ticket, and everybody may name one."""
    body = {"reason": "по заявлению"} | more
    answer = await desk.http.post(f"/identity/accounts/{account_id}/{step}", json=body, headers=headers)
    return answer.status_code, answer.json().get("code", "")


def head_of(desk: Desk, person: Person) -> dict[str, str]:
    return desk.it.signed_in(category="head", school_id=person.school_id, staff_id=new_id())


async def receipt(desk: Desk, account_id: UUID, service: Any) -> None:
    now = desk.it.clock()
    await desk.it.tell(PersonalDataErased(account_id=account_id, service=service, counts={"mails": 2}, erased_at=now))


async def test_an_account_is_read_by_those_who_look_after_it(desk: Desk) -> None:
    active = await desk.active()
    path = f"/identity/accounts/{active.account_id}"
    for headers in (desk.by("support"), desk.by("admin"), desk.by("security"), head_of(desk, active.person)):
        account = (await desk.http.get(path, headers=headers)).json()
        assert (account["login"], account["state"]) == (active.login, "active")
    stranger = desk.it.signed_in(category="head", school_id=new_id())
    assert (await desk.http.get(path, headers=stranger)).status_code == 404
    assert (await desk.http.get(path, headers=desk.by("registrar"))).status_code == 403
    assert (await desk.http.get(f"/identity/accounts/{new_id()}", headers=desk.by("support"))).status_code == 404


async def test_suspending_refuses_sign_in_and_resuming_allows_it(desk: Desk) -> None:
    active = await desk.active()
    head = head_of(desk, active.person)
    assert await act(desk, active.account_id, "suspend", head) == (202, "")
    suspended = await desk.said(AccountSuspended)
    assert (suspended.state, suspended.reason, suspended.until) == ("suspended", "head", None)
    assert suspended.session_epoch > active.created.session_epoch
    assert (await desk.sign_in(active.login, NEW_PASSWORD)).status_code == 401
    assert await act(desk, active.account_id, "suspend", head) == (409, "wrong-step")
    assert await act(desk, active.account_id, "resume", head) == (202, "")
    assert (await desk.said(AccountResumed)).state == "active"
    assert await act(desk, active.account_id, "resume", head) == (409, "wrong-step")
    assert (await desk.sign_in(active.login, NEW_PASSWORD)).status_code == 200


async def test_an_issued_account_resumes_as_issued_and_its_mail_can_be_asked_for(desk: Desk) -> None:
    issued = await desk.issued()
    ticket = await desk.case(issued.account_id)
    assert await act(desk, issued.account_id, "suspend", desk.by("support"), ticket=ticket) == (202, "")
    desk.it.clock.move(timedelta(days=4))
    path = f"{issued.ticket.path}/resend"
    assert (await desk.http.post(path, headers=issued.ticket.headers)).status_code == 409
    assert await act(desk, issued.account_id, "resume", desk.by("support"), ticket=ticket) == (202, "")
    assert (await desk.http.post(path, headers=issued.ticket.headers)).status_code == 202


@pytest.mark.parametrize("step", ["suspend", "resume", "disable"])
async def test_what_operators_do_belongs_to_a_ticket(desk: Desk, step: str) -> None:
    issued = await desk.issued()
    for role in ("support", "admin"):
        assert await act(desk, issued.account_id, step, desk.by(role)) == (422, "ticket-required")
    for headers in (desk.by("support"), desk.by("admin"), head_of(desk, issued.person)):
        assert await act(desk, issued.account_id, step, headers, ticket="T26-999999") == (422, "ticket-unknown")
    assert await desk.published() == []


@pytest.mark.parametrize("step", ["suspend", "resume", "disable"])
async def test_rights_over_accounts(desk: Desk, step: str) -> None:
    issued = await desk.issued()
    stranger = desk.it.signed_in(category="head", school_id=new_id())
    assert await act(desk, issued.account_id, step, stranger) == (404, "not-found")
    assert await act(desk, issued.account_id, step, desk.by("security")) == (403, "not-allowed")
    teacher = desk.it.signed_in(category="employee", school_id=issued.person.school_id)
    assert await act(desk, issued.account_id, step, teacher) == (403, "not-allowed")
    ticket = await desk.case()
    for role in ("support", "admin"):
        assert await act(desk, new_id(), step, desk.by(role), ticket=ticket) == (404, "not-found")
    assert await desk.published() == []


async def test_a_head_decides_about_employees_only(desk: Desk) -> None:
    colleague = await desk.issued(Person(category="head", post="директор"))
    assert await act(desk, colleague.account_id, "disable", head_of(desk, colleague.person)) == (403, "not-allowed")
    ticket = await desk.case()
    assert await act(desk, colleague.account_id, "disable", desk.by("admin"), ticket=ticket) == (202, "")
    assert (await desk.approve(colleague.account_id, desk.by("support"))).json()["state"] == "done"
    assert (await desk.said(AccountDisabled)).channel == "department"


@pytest.mark.parametrize("role", ["support", "admin"])
async def test_a_head_cannot_resume_what_others_have_suspended(desk: Desk, role: str) -> None:
    active = await desk.active()
    head, ticket = head_of(desk, active.person), await desk.case(active.account_id)
    assert await act(desk, active.account_id, "suspend", desk.by(role), ticket=ticket) == (202, "")
    assert await act(desk, active.account_id, "resume", head) == (409, "suspended-by-others")
    assert await act(desk, active.account_id, "resume", desk.by("support"), ticket=ticket) == (202, "")


async def active_head(desk: Desk, school_id: UUID, email: str) -> Issued:
    return await desk.active(Person(category="head", post="директор", school_id=school_id), email)


async def test_the_last_head_of_a_school_needs_the_department(desk: Desk) -> None:
    school_id = new_id()
    last = await active_head(desk, school_id, "head@mail.example")
    await active_head(desk, new_id(), "elsewhere@mail.example")
    await desk.issued(Person(category="head", post="директор", school_id=school_id), "next@mail.example")
    ticket = await desk.case(last.account_id)
    assert await disable_own(desk, last) == (409, "last-head")
    assert await act(desk, last.account_id, "suspend", desk.by("support"), ticket=ticket) == (409, "last-head")
    assert await desk.published() == []
    assert (await desk.sign_in(last.login, NEW_PASSWORD)).status_code == 200
    for step in ("suspend", "disable"):
        assert await act(desk, last.account_id, step, desk.by("admin"), ticket=ticket) == (202, "")
        assert (await desk.approve(last.account_id, desk.by("admin"))).status_code == 200
    assert (await desk.sign_in(last.login, NEW_PASSWORD)).status_code == 401


async def test_of_two_heads_who_go_at_once_one_stays(desk: Desk) -> None:
    school_id = new_id()
    heads = [await active_head(desk, school_id, f"head{number}@mail.example") for number in range(2)]
    answers = await asyncio.gather(*(disable_own(desk, head) for head in heads))
    assert sorted(answers) == [(202, ""), (409, "last-head")]
    told = [event for event in await desk.told() if isinstance(event, AccountDisabled)]
    assert len(told) == 1


@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": "x" * 1001}, {"reason": "a", "who": 1}])
async def test_an_act_needs_a_ground(desk: Desk, body: dict[str, Any]) -> None:
    issued = await desk.issued()
    path = f"/identity/accounts/{issued.account_id}/suspend"
    assert (await desk.http.post(path, json=body, headers=desk.by("admin"))).status_code == 422
    bad = await desk.http.post("/identity/accounts/1/suspend", json={"reason": "a"}, headers=desk.by("admin"))
    assert (bad.status_code, bad.json()["errors"][0]["pointer"]) == (422, "/account_id")
    odd = await desk.http.post(path.replace("suspend", "bless"), json={"reason": "a"}, headers=desk.by("admin"))
    assert (odd.status_code, odd.json()["code"]) == (404, "not-found")


async def test_the_list_is_paged_and_bounded_by_rights(desk: Desk) -> None:
    school_id = new_id()
    people = [await desk.issued(Person(school_id=school_id), f"p{number}@mail.example") for number in range(5)]
    await desk.issued(email="elsewhere@mail.example")
    seen, cursor = [], ""
    while True:
        query = {"school_id": str(school_id), "limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = (await desk.http.get("/identity/accounts", params=query, headers=desk.by("support"))).json()
        seen += [item["account_id"] for item in page["items"]]
        cursor = page["next"]
        if not cursor:
            break
    assert seen == [str(one.account_id) for one in people]
    own = await desk.http.get("/identity/accounts", headers=desk.it.signed_in(category="head", school_id=school_id))
    assert len(own.json()["items"]) == 5
    other = await desk.http.get(
        "/identity/accounts", params={"school_id": str(new_id())}, headers=head_of(desk, people[0].person)
    )
    assert other.status_code == 404
    everyone = await desk.http.get("/identity/accounts?state=issued", headers=desk.by("security"))
    assert len(everyone.json()["items"]) == 6
    assert (await desk.http.get("/identity/accounts?state=active", headers=desk.by("admin"))).json()["items"] == []
    assert (await desk.http.get("/identity/accounts", headers=desk.by("editor"))).status_code == 403
    for cursor in ("x", "WzFd", "W251bGxd", "e30", "WyJ4IiwieSJd"):
        bad = await desk.http.get("/identity/accounts", params={"cursor": cursor}, headers=desk.by("admin"))
        assert (bad.status_code, bad.json()["code"]) == (422, "cursor-malformed"), cursor


async def disable_own(desk: Desk, active: Issued, password: str = NEW_PASSWORD) -> tuple[int, str]:
    body = {"password": password, "reason": "ухожу"}
    answer = await desk.http.post("/identity/disable-requests", json=body, headers=bearer(active.session))
    return answer.status_code, answer.json().get("code", "")


async def test_the_own_wish_takes_effect_at_once_and_everything_goes(desk: Desk) -> None:
    active = await desk.active()
    assert await disable_own(desk, active, "не тот пароль совсем") == (401, "invalid-credentials")
    assert await disable_own(desk, active) == (202, "")
    ((event, envelope),) = await desk.published()
    assert (type(event), event.channel, event.state, envelope.sequence) == (AccountDisabled, "self", "disabled", 3)
    assert desk.address(event.contact) == "anna@mail.example"
    assert (await desk.sign_in(active.login, NEW_PASSWORD)).status_code == 401

    for service in ("notify", "cabinet"):
        await receipt(desk, active.account_id, service)
    record = await desk.http.get(f"/identity/accounts/{active.account_id}/erasure", headers=desk.by("security"))
    assert (record.json()["state"], record.json()["missing"]) == ("disabled", ["registry"])
    await receipt(desk, active.account_id, "registry")
    erased = await desk.said(AccountErased)
    assert (erased.state, erased.receipts) == ("erased", ["cabinet", "notify", "registry"])
    record = await desk.http.get(f"/identity/accounts/{active.account_id}/erasure", headers=desk.by("support"))
    assert record.json()["missing"] == []
    assert record.json()["receipts"][0]["counts"] == {"mails": 2}
    everything = await desk.it.everything()
    for word in ("anna@mail.example", "an***", "Иванова", "Михайловна", active.login):
        assert word not in everything, word
    again = await desk.issued(active.person)
    assert again.login == "ivanova.am2"


async def test_disabling_before_activation_closes_the_request(desk: Desk) -> None:
    issued = await desk.issued()
    assert await act(desk, issued.account_id, "disable", head_of(desk, issued.person)) == (202, "")
    disabled, closed = await desk.told()
    assert (type(disabled), disabled.channel) == (AccountDisabled, "head")
    assert (type(closed), closed.outcome, closed.contact) == (AccountRequestClosed, "declined", None)
    assert await desk.state(issued.ticket) == "declined"
    ticket = await desk.case()
    assert await act(desk, issued.account_id, "disable", desk.by("admin"), ticket=ticket) == (409, "wrong-step")


async def test_disabling_and_activating_at_once_leave_no_way_in(desk: Desk) -> None:
    issued = await desk.issued()
    first = await desk.sign_in(issued.login, issued.password)
    activating = asyncio.create_task(desk.activate(first))
    ground, admin = await desk.ground(), desk.by("admin")
    results = await asyncio.gather(*(act(desk, issued.account_id, "disable", admin, **ground) for _ in range(4)))
    assert (await activating).status_code in (200, 409)
    assert sorted(status for status, _ in results) == [202, 409, 409, 409]
    assert (await desk.sign_in(issued.login, NEW_PASSWORD)).status_code == 401
    kinds = [type(event) for event in await desk.told()]
    assert kinds.count(AccountDisabled) == 1
    assert kinds.count(AccountRequestClosed) == 1


async def test_of_many_acts_at_once_one_is_taken(desk: Desk) -> None:
    active = await desk.active()
    ground, admin = await desk.ground(), desk.by("admin")
    for step in ("suspend", "resume"):
        acts = await asyncio.gather(*(act(desk, active.account_id, step, admin, **ground) for _ in range(6)))
        assert sorted(status for status, _ in acts) == [202, *[409] * 5]
        assert len(await desk.published()) == 1


async def test_operators_have_no_account_to_act_upon(desk: Desk) -> None:
    operator = desk.it.signed_in(roles=["admin"])
    answer = await desk.http.post("/identity/disable-requests", json={"password": "x"}, headers=operator)
    assert answer.status_code == 403
