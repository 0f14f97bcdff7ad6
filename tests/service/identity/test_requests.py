"""Filing an account request and following it on its tracking page."""

import asyncio
from datetime import timedelta

import pytest
from ekis_contracts.identity import AccountRequestClosed, AccountRequested

from .people import INN, Desk, Person


async def test_a_request_is_taken_and_registry_is_asked(desk: Desk) -> None:
    answer = await desk.http.post("/identity/account-requests", json=desk.body(lang="en"))
    assert answer.status_code == 202
    assert set(answer.json()) == {"number", "tracking_code"}
    ((event, envelope),) = await desk.published()
    assert (type(event), envelope.sequence, event.request_version) == (AccountRequested, 1, 1)
    assert event.number == answer.json()["number"]
    assert event.school.inn == INN
    assert desk.it.open(event.applicant).email == "anna@mail.example"
    assert desk.it.open(event.applicant).lang == "en"
    assert desk.it.open(event.contact).model_dump() == {
        "name": "Анна Михайловна",
        "email": "anna@mail.example",
        "lang": "en",
    }
    assert desk.it.open(event.tracking).tracking_code == answer.json()["tracking_code"]


async def test_the_tracking_page_needs_the_code_however_it_is_typed(desk: Desk) -> None:
    ticket = await desk.ask()
    page = await desk.track(ticket)
    assert (page["number"], page["state"]) == (ticket.number, "verifying")
    assert [step["state"] for step in page["timeline"]] == ["received", "verifying"]
    assert page["timeline"][0]["note"] == "Заявка получена."
    typed = {"Tracking-Code": ticket.code.lower().replace("-", " "), "Accept-Language": "en-GB"}
    read = await desk.http.get(ticket.path, headers=typed)
    assert read.json()["timeline"][0]["note"] == "The request has arrived."


@pytest.mark.parametrize("method", ["GET", "PATCH", "POST withdraw", "POST resend"])
async def test_a_wrong_code_and_a_wrong_number_are_one(desk: Desk, method: str) -> None:
    ticket = await desk.ask()
    verb, _, step = method.partition(" ")
    answers = []
    for number, code in (
        (ticket.number, "0000-0000-0000-0000"),
        (ticket.number, ""),
        (ticket.number, "я" * 10),
        ("R26-999999", ticket.code),
        ("%00", ticket.code),
        ("R" * 300, ticket.code),
    ):
        path = f"/identity/account-requests/{number}" + (f"/{step}" if step else "")
        headers = {b"Tracking-Code": code.encode()}
        answers.append(await desk.http.request(verb, path, headers=headers, json={"email": "x@mail.example"}))
    assert {(one.status_code, one.json()["code"]) for one in answers} == {(404, "not-found")}
    assert await desk.state(ticket) == "verifying"


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"applicant": {"last_name": "Ив4нова"}}, "/applicant/last_name", "name-letters"),
        ({"applicant": {"first_name": ""}}, "/applicant/first_name", "empty"),
        ({"applicant": {"patronymic": "А" * 101}}, "/applicant/patronymic", "string-too-long"),
        ({"applicant": {"email": "anna"}}, "/applicant/email", "email-format"),
        ({"applicant": {"post": "учи\u0000тель"}}, "/applicant/post", "forbidden-characters"),
        ({"applicant": {"age": 5}}, "/applicant/age", "extra-forbidden"),
        ({"school": {"inn": "7707083894"}}, "/school/inn", "inn-checksum"),
        ({"school": {"inn": "0000000000"}}, "/school/inn", "inn-format"),
        ({"school": {"inn": "٧٧٠٧٠٨٣٨٩٣"}}, "/school/inn", "inn-format"),
        ({"school": {"inn": "500100732259"}}, "/school/inn", "inn-person"),
        ({"school": {"kpp": "77"}}, "/school/kpp", "kpp-format"),
        ({"school": {"ogrn": "1027700132196"}}, "/school/ogrn", "ogrn-checksum"),
        ({"category": "pupil"}, "/category", "literal-error"),
        ({"consent": False}, "/consent", "consent-required"),
        ({"consent": "true"}, "/consent", "bool-type"),
        ({"consent": 1}, "/consent", "bool-type"),
        ({"consent": None}, "/consent", "bool-type"),
        ({"lang": "de"}, "/lang", "literal-error"),
    ],
)
async def test_bad_input_is_named_by_its_field(desk: Desk, change: dict[str, object], pointer: str, code: str) -> None:
    body = desk.body()
    for key, value in change.items():
        body[key] = body[key] | value if isinstance(value, dict) else value
    answer = await desk.http.post("/identity/account-requests", json=body)
    assert answer.status_code == 422, answer.text
    problem = answer.json()
    assert (problem["errors"][0]["pointer"], problem["code"]) == (pointer, code)
    assert "Неверное значение" not in problem["title"]
    assert await desk.published() == []


async def test_without_a_word_there_is_no_consent(desk: Desk) -> None:
    body = desk.body()
    del body["consent"]
    answer = await desk.http.post("/identity/account-requests", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "consent-required")
    assert answer.json()["errors"][0]["pointer"] == "/consent"


async def test_a_repeated_post_with_its_key_is_one_request(desk: Desk) -> None:
    posts = (
        desk.http.post("/identity/account-requests", json=desk.body(), headers={"Idempotency-Key": "k1"})
        for _ in range(8)
    )
    answers = await asyncio.gather(*posts)
    assert {one.status_code for one in answers} == {202}
    assert len({(one.json()["number"], one.json()["tracking_code"]) for one in answers}) == 1
    assert len(await desk.published()) == 1


async def test_of_parallel_posts_one_is_real_and_all_look_alike(desk: Desk) -> None:
    emails = ["anna@mail.example", "Anna@mail.example"] * 6
    answers = await asyncio.gather(
        *(desk.http.post("/identity/account-requests", json=desk.body(email)) for email in emails)
    )
    assert {one.status_code for one in answers} == {202}
    events = await desk.told()
    asked = [event for event in events if isinstance(event, AccountRequested)]
    closed = [event for event in events if isinstance(event, AccountRequestClosed)]
    assert (len(asked), len(closed)) == (1, 4), "five a day are told to one address"
    assert {event.outcome for event in closed} == {"duplicate"}
    assert desk.address(closed[0].contact).lower() == "anna@mail.example"
    pages = []
    for answer in answers:
        headers = {"Tracking-Code": answer.json()["tracking_code"]}
        page = await desk.http.get(f"/identity/account-requests/{answer.json()['number']}", headers=headers)
        pages.append((page.json()["state"], [(one["state"], one["note"]) for one in page.json()["timeline"]]))
    assert all(page == pages[0] for page in pages)


async def test_another_address_or_another_school_is_another_request(desk: Desk) -> None:
    await desk.ask("anna@mail.example")
    await desk.ask("other@mail.example")
    answer = await desk.http.post("/identity/account-requests", json=desk.body(school={"inn": "7728168971"}))
    assert answer.status_code == 202
    assert [type(event) for event in await desk.told()] == [AccountRequested]


async def test_a_duplicate_may_be_corrected_and_withdrawn_like_any_other_and_causes_nothing(desk: Desk) -> None:
    await desk.ask()
    duplicate = await desk.ask()
    assert (await desk.correct(duplicate, "new@mail.example")).json()["state"] == "verifying"
    withdrawn = await desk.http.post(f"{duplicate.path}/withdraw", headers=duplicate.headers)
    assert (withdrawn.status_code, withdrawn.json()["state"]) == (202, "withdrawn")
    again = await desk.http.post(f"{duplicate.path}/withdraw", headers=duplicate.headers)
    assert (again.status_code, again.json()["code"]) == (409, "wrong-step")
    assert await desk.published() == []


async def test_withdrawing_ends_it_and_frees_the_address(desk: Desk) -> None:
    ticket = await desk.ask()
    answer = await desk.http.post(f"{ticket.path}/withdraw", headers=ticket.headers)
    assert (answer.status_code, answer.json()["state"]) == (202, "withdrawn")
    closed = await desk.said(AccountRequestClosed)
    assert closed.outcome == "withdrawn"
    assert desk.address(closed.contact) == "anna@mail.example"
    assert "Анна" not in await desk.it.everything()
    for step in ("withdraw", "resend"):
        assert (await desk.http.post(f"{ticket.path}/{step}", headers=ticket.headers)).status_code == 409
    assert (await desk.correct(ticket, "b@mail.example")).status_code == 409
    await desk.verify(ticket, Person())
    assert await desk.published() == []
    again = await desk.ask()
    assert (await desk.track(again))["state"] == "verifying"


async def test_no_secret_is_kept_in_clear(desk: Desk) -> None:
    ticket = await desk.ask()
    everything = await desk.it.everything()
    assert ticket.code not in everything
    assert ticket.code.replace("-", "") not in everything


async def test_registry_is_asked_again_and_again_with_growing_pauses(desk: Desk) -> None:
    await desk.ask()
    versions = []
    for minutes in (9, 2, 10, 11, 30, 11):
        desk.it.clock.move(timedelta(minutes=minutes))
        await desk.it.run_loops()
        told = await desk.published()
        versions.append([(event.request_version, envelope.sequence) for event, envelope in told])
    assert versions == [[], [(1, 2)], [], [(1, 3)], [], [(1, 4)]]


@pytest.mark.parametrize("word", ["hold", "refer"])
async def test_what_waits_is_asked_for_every_six_hours_and_the_same_answer_is_no_news(desk: Desk, word: str) -> None:
    ticket = await desk.ask()
    tell = desk.hold if word == "hold" else desk.refer
    await tell(ticket, version=1)
    page = await desk.track(ticket)
    for round_ in range(1, 4):
        desk.it.clock.move(timedelta(hours=5, minutes=58))
        await desk.it.run_loops()
        assert await desk.published() == []
        desk.it.clock.move(timedelta(minutes=3))
        await desk.it.run_loops()
        ((asked, envelope),) = await desk.published()
        assert (type(asked), asked.request_version, envelope.sequence) == (AccountRequested, 1, 1 + round_)
        await tell(ticket, version=1 + round_)
        assert await desk.track(ticket) == page
    await desk.verify(ticket, Person(), version=5)
    assert await desk.state(ticket) == "issued"
    desk.it.clock.move(timedelta(hours=7))
    await desk.published()
    await desk.it.run_loops()
    assert await desk.published() == [], "who has been judged is not asked for"


async def test_another_decider_or_another_term_is_news(desk: Desk) -> None:
    ticket = await desk.ask()
    await desk.refer(ticket, version=1)
    await desk.refer(ticket, version=2, to="department", until=None)
    page = await desk.track(ticket)
    assert [step["state"] for step in page["timeline"]] == ["received", "verifying", "referred", "referred"]
    assert "департамент" in page["timeline"][-1]["note"]


async def test_waiting_does_not_put_off_the_end(desk: Desk) -> None:
    ticket = await desk.ask()
    await desk.hold(ticket, version=1)
    for day in range(30):
        desk.it.clock.move(timedelta(days=1, seconds=10))
        await desk.it.run_loops()
        await desk.hold(ticket, version=2 + day)
    assert await desk.state(ticket) == "expired"


async def test_a_broken_request_holds_up_no_other(desk: Desk) -> None:
    broken, sound = await desk.ask("a@mail.example"), await desk.ask("b@mail.example")
    pool = desk.it.runtime.database.pool
    await pool.execute("UPDATE account_request SET email = NULL WHERE number = $1", broken.number)
    desk.it.clock.move(timedelta(minutes=11))
    await desk.it.run_loops()
    assert [event.number for event in await desk.told()] == [sound.number]
    desk.it.clock.move(timedelta(days=31))
    await desk.it.run_loops()
    assert await desk.state(sound) == "expired"


async def test_two_corrections_that_change_places_do_not_lock_each_other_out(desk: Desk) -> None:
    for turn in range(8):
        first, second = await desk.ask(f"a{turn}@mail.example"), await desk.ask(f"b{turn}@mail.example")
        answers = await asyncio.gather(
            desk.correct(first, f"b{turn}@mail.example"), desk.correct(second, f"a{turn}@mail.example")
        )
        assert [one.status_code for one in answers] == [200, 200]


async def test_a_request_without_a_step_expires_after_thirty_days(desk: Desk) -> None:
    ticket, duplicate = await desk.ask(), await desk.ask()
    await desk.hold(ticket)
    await desk.it.run_loops()
    desk.it.clock.move(timedelta(days=29))
    await desk.it.run_loops()
    assert await desk.state(ticket) == "needs-school"
    desk.it.clock.move(timedelta(days=1, minutes=1))
    await desk.it.run_loops()
    assert await desk.state(ticket) == await desk.state(duplicate) == "expired"
    assert (await desk.said(AccountRequestClosed)).outcome == "expired"
    assert "anna@mail.example" not in await desk.it.everything()
