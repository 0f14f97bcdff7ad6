"""A ticket from its opening to being forgotten: what its guest sees, what the desk does, what is mailed."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from chassis.outbox import new_id
from ekis_contracts.identity import SupportTicketAnswered, SupportTicketOpened, SupportTicketResolved
from identity.__main__ import service
from identity.domain import templates

from .callers import Case, Help
from .people import Desk

TEXT = {"text": "Сделано"}


async def test_a_question_is_answered_and_every_word_is_mailed(helped: Help, desk: Desk) -> None:
    answer = await desk.http.post("/identity/support/tickets", json=helped.form(login="ivanova.am"))
    assert answer.status_code == 202
    case = Case(answer.json()["number"], answer.json()["tracking_code"])
    ((opened, envelope),) = await desk.published()
    assert (type(opened), opened.number, opened.channel, envelope.sequence) == (
        SupportTicketOpened,
        case.number,
        "form",
        1,
    )
    letter = desk.it.open(opened.letter)
    assert (letter.to, letter.text, letter.tracking_code) == ("guest@mail.example", "Помогите, пожалуйста.", case.code)

    assert await helped.do(case, "reply", {"text": "В какой школе вы работаете?"}) == (200, "")
    ((answered, envelope),) = await desk.published()
    assert (type(answered), answered.state, envelope.sequence) == (SupportTicketAnswered, "waiting-for-user", 2)
    assert desk.it.open(answered.letter).text == "В какой школе вы работаете?"
    assert (await helped.say(case, "В школе № 5")).json()["state"] == "assigned"
    assert await helped.do(case, "resolve", TEXT) == (200, "")
    ((resolved, envelope),) = await desk.published()
    assert (type(resolved), resolved.state, envelope.sequence) == (SupportTicketResolved, "resolved", 3)

    page = await helped.page(case)
    said = [(line["author"], line["name"], line["text"], line["by"]) for line in page["thread"]]
    assert said == [
        ("guest", "Гость", "Помогите, пожалуйста.", None),
        ("desk", "Служба поддержки", "В какой школе вы работаете?", None),
        ("guest", "Гость", "В школе № 5", None),
        ("desk", "Служба поддержки", "Сделано", None),
    ]


async def test_private_notes_are_for_the_desk_alone(helped: Help, desk: Desk) -> None:
    case = await helped.open()
    note = {"text": "звонила дважды", "private": True}
    assert await helped.do(case, "messages", note) == (200, "")
    assert [line["text"] for line in (await helped.page(case))["thread"]] == ["Помогите, пожалуйста."]
    page = await helped.page(case, helped.operator)
    assert (page["thread"][-1]["text"], page["thread"][-1]["by"]) == ("звонила дважды", str(helped.operator_id))
    assert page["contact"] == {"email": "guest@mail.example", "name": "Гость", "phone": None}
    assert "contact" not in await helped.page(case)
    guest = await desk.http.post(f"{case.path}/messages", json=note, headers=case.headers)
    assert (guest.status_code, guest.json()["code"]) == (422, "note-of-the-desk")
    assert await helped.do(case, "messages", {"text": "просто так"}) == (422, "note-of-the-desk")
    assert await desk.published() == []


async def test_what_an_operator_enters_is_a_phone_call(helped: Help) -> None:
    assert (await helped.page(await helped.open(by_phone=True)))["channel"] == "phone"
    assert (await helped.page(await helped.open()))["channel"] == "form"


async def test_a_resolved_ticket_opens_again_for_14_days(helped: Help, desk: Desk) -> None:
    early, late, by_desk = [await helped.open() for _ in range(3)]
    for case in (early, late, by_desk):
        assert await helped.do(case, "resolve", TEXT) == (200, "")
    desk.it.clock.move(timedelta(days=13, hours=23))
    assert (await helped.say(early)).json()["state"] == "assigned"
    assert await helped.do(by_desk, "reopen") == (200, "")
    assert await helped.do(by_desk, "reopen") == (409, "wrong-step")
    desk.it.clock.move(timedelta(hours=2))
    for _ in range(2):
        answer = await helped.say(late)
        assert (answer.status_code, answer.json()["code"]) == (409, "ticket-closed")
        await desk.it.run_loops()
        assert await helped.state(late) == "closed"
    assert await helped.do(late, "reopen") == (409, "wrong-step")
    assert await helped.state(early) == await helped.state(by_desk) == "assigned"


async def test_a_person_is_forgotten_half_a_year_after_the_end(helped: Help, desk: Desk) -> None:
    case = await helped.open(login="ivanova.am", contact={"email": "guest@mail.example", "phone": "+7 495 123-45-67"})
    file = {"file": ("снимок.txt", "Тайное".encode())}
    assert (await desk.http.post(f"{case.path}/attachments", files=file, headers=case.headers)).status_code == 200
    await helped.do(case, "resolve", TEXT)
    desk.it.clock.move(timedelta(days=15))
    await desk.it.run_loops()
    desk.it.clock.move(timedelta(days=179))
    await desk.it.run_loops()
    assert "guest@mail.example" in await desk.it.everything()
    desk.it.clock.move(timedelta(days=2))
    await desk.it.run_loops()
    await desk.published()
    everything = await desk.it.everything()
    for word in ("guest@mail.example", "+74951234567", "ivanova.am", "Помогите", "Тайное", "снимок"):
        assert word not in everything, word
    page = await helped.page(case)
    assert (page["state"], page["thread"], page["attachments"]) == ("closed", [], [])
    assert await helped.do(case, "messages", {"text": "звонила", "private": True}) == (409, "ticket-closed")


async def test_two_tickets_of_one_person_become_one(helped: Help, desk: Desk) -> None:
    first, second = await helped.open(), await helped.open(text="Я уже писала")
    other = await helped.open(email="other@mail.example", contact={"email": "other@mail.example"})
    assert await helped.do(first, "merge", {"into": first.number}) == (422, "merge-itself")
    assert await helped.do(first, "merge", {"into": "T26-999999"}) == (422, "ticket-unknown")
    assert await helped.do(first, "merge", {"into": other.number}) == (422, "merge-reason-required")
    assert await helped.do(first, "merge", {"into": second.number}) == (200, "")
    assert await helped.do(first, "merge", {"into": second.number}) == (409, "wrong-step")
    assert await helped.do(other, "merge", {"into": first.number, "reason": "тот же человек"}) == (409, "wrong-step")
    merged = await helped.page(first)
    assert (merged["state"], merged["merged_into"]) == ("closed", second.number)
    refused = await helped.say(first)
    assert (refused.status_code, refused.json()["code"], refused.json()["into"]) == (
        409,
        "ticket-merged",
        second.number,
    )
    assert [line["text"] for line in (await helped.page(second))["thread"]] == ["Помогите, пожалуйста.", "Я уже писала"]
    assert await helped.do(second, "merge", {"into": other.number, "reason": "тот же человек"}) == (200, "")
    assert len((await helped.page(other))["thread"]) == 3
    assert (await helped.page(first))["merged_into"] == other.number


async def test_the_queue_is_filtered_and_paged(helped: Help, desk: Desk) -> None:
    cases = [await helped.open(kind) for kind in ("fault", "question", "fault", "fault")]
    assert await helped.do(cases[2], "assign", {}) == (200, "")

    async def listed(query: str) -> tuple[list[str], str | None]:
        answer = await desk.http.get(f"/identity/support/tickets?{query}", headers=helped.operator)
        assert answer.status_code == 200, answer.text
        return [one["number"] for one in answer.json()["items"]], answer.json()["next"]

    numbers = [case.number for case in cases]
    assert (await listed(""))[0] == numbers
    assert (await listed("state=new&kind=fault"))[0] == [numbers[0], numbers[3]]
    assert (await listed("assigned_to=me"))[0] == [numbers[2]]
    assert (await listed(f"assigned_to={new_id()}"))[0] == []
    page, cursor = await listed("kind=fault&limit=2")
    assert (page, (await listed(f"kind=fault&limit=2&cursor={cursor}"))[0]) == ([numbers[0], numbers[2]], [numbers[3]])
    for query in ("state=open", "kind=x", "assigned_to=x", "cursor=WzFd", "limit=0"):
        answer = await desk.http.get(f"/identity/support/tickets?{query}", headers=helped.operator)
        assert answer.status_code == 422, query


async def test_a_ticket_is_handed_to_people_of_the_desk_only(helped: Help, desk: Desk) -> None:
    case, teacher = await helped.open(), await desk.active()
    pool = desk.it.runtime.database.pool
    operator = "INSERT INTO account (id, state, lang, session_epoch, roles) VALUES ($1, $2, 'ru', 1, '{support}')"
    colleague, gone = new_id(), new_id()
    await pool.execute(operator, colleague, "active")
    await pool.execute(operator, gone, "suspended")
    for stranger in (new_id(), teacher.account_id, gone):
        assert await helped.do(case, "assign", {"to": str(stranger)}) == (422, "not-of-the-desk")
    for one in (colleague, helped.operator_id):
        assert await helped.do(case, "assign", {"to": str(one)}) == (200, "")


async def test_replies_by_template_are_in_the_language_of_the_guest(helped: Help, desk: Desk) -> None:
    case = await helped.open(lang="en")
    offered = await desk.http.get("/identity/support/templates", headers=helped.operator)
    assert {one["code"] for one in offered.json()} == set(templates.TEMPLATES) - set(templates.BY_ITSELF)
    assert await helped.do(case, "reply", {"template": "check-spam", "text": "Best wishes"}) == (200, "")
    text = desk.it.open((await desk.said(SupportTicketAnswered)).letter).text
    assert text.startswith("Hello, Гость!")
    assert text.endswith(f"Ticket {case.number}\n\nBest wishes")
    assert await helped.do(case, "reply", {"template": "nothing"}) == (422, "template-unknown")
    assert await helped.do(case, "reply", {}) == (422, "empty")


def test_every_template_has_both_languages_and_only_what_can_be_filled_in() -> None:
    for texts in templates.TEMPLATES.values():
        assert set(texts) == {"ru", "en"}
        for text in texts.values():
            assert "{" not in text.replace("{number}", "").replace("{name}", "")


STEPS: list[tuple[str, dict[str, Any] | None]] = [
    ("assign", {}),
    ("reply", TEXT),
    ("resolve", TEXT),
    ("reopen", None),
    ("merge", {"into": ""}),
    ("link", {}),
    ("email-code", None),
    ("restore-access", {"check": "callback", "note": "да"}),
    ("disable-account", {"check": "callback", "note": "да"}),
]


@pytest.mark.parametrize(("step", "body"), STEPS, ids=[step for step, _ in STEPS])
async def test_the_desks_steps_are_for_the_desk(helped: Help, desk: Desk, step: str, body: Any) -> None:
    case, other = await helped.open(), await helped.open()
    body = {"into": other.number} if step == "merge" else body
    for headers, status in [(case.headers, 401), (desk.by("admin"), 403), (desk.it.signed_in(category="head"), 403)]:
        answer = await desk.http.post(f"{case.path}/{step}", json=body, headers=headers)
        assert answer.status_code == status, (step, headers)
    missing = await desk.http.post(f"/identity/support/tickets/T26-777777/{step}", json=body, headers=helped.operator)
    assert missing.status_code == 404
    await helped.do(case, "resolve", TEXT)
    if step != "reopen":
        assert await helped.do(case, step, body) == (409, "wrong-step")
    assert (await helped.page(case))["thread"][-1]["text"] == "Сделано"


async def test_a_page_opens_to_its_code_and_to_the_desk_alone(helped: Help, desk: Desk) -> None:
    case, other = await helped.open(), await helped.open()
    for headers in ({}, other.headers, {"Tracking-Code": "x" * 50}):
        assert (await desk.http.get(case.path, headers=headers)).status_code == 404, headers
    for number in ("T26-999999", "Т26", "%00", "x" * 300):
        answer = await desk.http.get(f"/identity/support/tickets/{number}", headers=case.headers)
        assert answer.status_code == 404, number
    assert (await desk.http.get(case.path, headers=desk.by("editor"))).status_code == 403
    assert (await desk.http.get(case.path, headers={"Authorization": "Bearer x"})).status_code == 401
    teacher = desk.it.signed_in(category="employee")
    assert (await desk.http.get(case.path, headers=teacher | case.headers)).status_code == 200


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"kind": "x"}, "/kind"),
        ({"contact": {}}, "/contact/email"),
        ({"contact": {"email": "x"}}, "/contact/email"),
        ({"contact": {"email": "a@b.ru", "phone": "1"}}, "/contact/phone"),
        ({"text": " "}, "/text"),
        ({"text": "x" * 5001}, "/text"),
        ({"login": "a\u0000"}, "/login"),
        ({"lang": "de"}, "/lang"),
        ({"channel": "phone"}, "/channel"),
    ],
)
async def test_a_wrong_form_is_told_where(helped: Help, desk: Desk, change: dict[str, Any], pointer: str) -> None:
    answer = await desk.http.post("/identity/support/tickets", json=helped.form() | change)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
    assert await desk.published() == []


async def test_the_same_form_sent_twice_is_one_ticket(helped: Help, desk: Desk) -> None:
    key = {"Idempotency-Key": "once"}
    answers = await asyncio.gather(
        *(desk.http.post("/identity/support/tickets", json=helped.form(), headers=key) for _ in range(5))
    )
    assert len({(one.json()["number"], one.json()["tracking_code"]) for one in answers}) == 1
    assert len(await desk.published()) == 1


async def test_no_code_of_a_ticket_is_kept(helped: Help, desk: Desk) -> None:
    case = await helped.open()
    everything = await desk.it.everything()
    assert case.code not in everything
    assert case.code.replace("-", "") not in everything


async def test_the_phone_numbers_of_the_desk_are_configuration(open_service: Any) -> None:
    async with open_service(service, support_phones="+7 (495) 1, +7 (495) 2,") as it:
        answer = await it.http.get("/identity/support/contacts")
    assert answer.json() == {"phones": ["+7 (495) 1", "+7 (495) 2"]}
