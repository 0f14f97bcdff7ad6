"""A school enters the registry by an application that a registrar decides."""

from datetime import timedelta
from typing import Any

import pytest
from chassis.db import new_id
from ekis_contracts.notify import NotificationFailed, NotificationSent
from ekis_contracts.registry import (
    SchoolApplicationDecided,
    SchoolApplicationSubmitted,
    SchoolRegistered,
    StaffEnrolled,
)

from .conftest import HEAD, SCHOOL, Registry, school_form

BODY = {"school": SCHOOL, "applicant": HEAD, "consent": True}


def changed(path: str, value: Any) -> dict[str, Any]:
    """The body with one value replaced, or taken away if it is None."""
    part, _, name = path.partition(".")
    if not name:
        return {key: one for key, one in (BODY | {part: value}).items() if one is not None}
    inner = dict(BODY[part]) | {name: value}  # type: ignore[call-overload]
    return BODY | {part: {key: one for key, one in inner.items() if one is not None}}


async def view(registry: Registry, sent: dict[str, Any]) -> dict[str, Any]:
    path, code = f"/registry/applications/{sent['number']}", {"Tracking-Code": sent["tracking_code"]}
    answer = await registry.http.get(path, headers=code)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def follow(registry: Registry, sent: dict[str, Any], verb: str, **body: Any) -> Any:
    path, code = f"/registry/applications/{sent['number']}/{verb}", {"Tracking-Code": sent["tracking_code"]}
    return await registry.http.post(path, json=body or None, headers=code)


async def test_submitting_tells_notify_and_keeps_consent_apart(registry: Registry) -> None:
    sent = await registry.apply()
    (event,) = await registry.told()
    assert isinstance(event, SchoolApplicationSubmitted)
    assert (event.number, event.inn, event.state) == (sent["number"], SCHOOL["inn"], "submitted")
    assert registry.it.open(event.contact).email == HEAD["email"]
    tracking = registry.it.open(event.tracking)
    assert (tracking.to, tracking.tracking_code) == (HEAD["email"], sent["tracking_code"])
    seen = await view(registry, sent)
    assert [step["state"] for step in seen["timeline"]] == ["submitted"]
    everything = await registry.it.everything()
    assert sent["tracking_code"] not in everything
    assert "2026-09" in everything


async def test_approving_registers_the_school_and_enrols_the_applicant(registry: Registry) -> None:
    sent = await registry.apply()
    await registry.told()
    answer = await registry.decide(sent["number"], "approve")
    assert (answer.status_code, answer.json()["state"]) == (200, "approved")
    registered, enrolled, decided = await registry.told()
    assert isinstance(registered, SchoolRegistered)
    assert (registered.inn, registered.status, registered.source) == (SCHOOL["inn"], "active", "application")
    assert isinstance(enrolled, StaffEnrolled)
    assert (enrolled.school_id, enrolled.category, enrolled.post) == (registered.school_id, "head", "директор")
    assert registry.it.open(enrolled.name) == registry.it.open(enrolled.name_for_identity)
    assert isinstance(decided, SchoolApplicationDecided)
    assert (decided.decision, str(decided.school_id)) == ("approved", answer.json()["school_id"])
    seen = await view(registry, sent)
    assert [step["state"] for step in seen["timeline"]] == ["submitted", "in-review", "approved"]


async def test_an_authorised_employee_is_enrolled_as_such(registry: Registry) -> None:
    school_id = await registry.school(ground="authorised", order_no="12-к", post="секретарь")
    roll = await registry.http.get(f"/registry/schools/{school_id}/staff", headers=registry.registrar)
    assert [(one["category"], one["post"]) for one in roll.json()["items"]] == [("employee", "секретарь")]


async def test_a_repeated_post_is_one_application_with_the_same_code(registry: Registry) -> None:
    key = {"Idempotency-Key": "k-1"}
    first, second = [await registry.http.post("/registry/applications", json=BODY, headers=key) for _ in range(2)]
    assert first.json() == second.json()
    assert len(await registry.told()) == 1
    other = await registry.http.post(
        "/registry/applications", json=changed("consent", True) | {"lang": "en"}, headers=key
    )
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")


async def test_a_registered_school_needs_no_application(registry: Registry, school_id: str) -> None:
    twin = school_form(7) | {"ogrn": SCHOOL["ogrn"]}
    branch = SCHOOL | {"ogrn": school_form(8)["ogrn"], "kpp": "771802001"}
    for school, status in [(SCHOOL, 409), (twin, 409), (branch, 202)]:
        body = {"school": school, "applicant": HEAD, "consent": True}
        answer = await registry.http.post("/registry/applications", json=body)
        assert answer.status_code == status
        if status == 409:
            assert (answer.json()["code"], answer.json()["name"]) == ("school-already-registered", SCHOOL["full_name"])


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        (changed("school.inn", "7718084658"), "/school/inn", "inn-checksum"),
        (changed("school.inn", "500100732259"), "/school/inn", "inn-person"),
        (changed("school.inn", "0000000000"), "/school/inn", "inn-format"),
        (changed("school.inn", 7718084659), "/school/inn", "string-type"),
        (changed("school.inn", None), "/school/inn", "missing"),
        (changed("school.ogrn", "1027739123456"), "/school/ogrn", "ogrn-checksum"),
        (changed("school.ogrn", "007022179"), "/school/ogrn", "ogrn-format"),
        (changed("school.kpp", "7718010"), "/school/kpp", "kpp-format"),
        (changed("school.phone", "позвоните"), "/school/phone", "phone-format"),
        (changed("school.email", "office@"), "/school/email", "email-format"),
        (changed("school.full_name", " "), "/school/full_name", "empty"),
        (changed("school.full_name", "a\u0000b"), "/school/full_name", "forbidden-characters"),
        (changed("school.site", "javascript:alert(document.cookie)"), "/school/site", "site-format"),
        (changed("school.rector", "x"), "/school/rector", "extra-forbidden"),
        (changed("applicant.last_name", "Иванова1"), "/applicant/last_name", "name-letters"),
        (changed("applicant.ground", "friend"), "/applicant/ground", "literal-error"),
        (changed("applicant.ground", "authorised"), "/applicant/order_no", "order-required"),
        (changed("consent", False), "/consent", "consent-required"),
        (changed("consent", None), "/consent", "consent-required"),
        (changed("consent", "yes"), "/consent", "bool-type"),
        (changed("lang", "de"), "/lang", "literal-error"),
    ],
)
async def test_bad_input_names_the_field(registry: Registry, body: dict[str, Any], pointer: str, code: str) -> None:
    answer = await registry.http.post("/registry/applications", json=body)
    assert answer.status_code == 422, answer.text
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [(pointer, code)]
    assert "?" not in answer.json()["errors"][0]["detail"]
    assert await registry.told() == []


async def test_the_text_names_the_wrong_group(registry: Registry) -> None:
    body = changed("school.inn", "77180А4659")
    ru = await registry.http.post("/registry/applications", json=body)
    assert "«0А465»" in ru.json()["errors"][0]["detail"]
    en = await registry.http.post("/registry/applications", json=body, headers={"Accept-Language": "en"})
    assert "“0А465”" in en.json()["errors"][0]["detail"]


@pytest.mark.parametrize("code", [None, "", "0000-0000-0000-0000", "ж"])
async def test_without_the_code_there_is_no_application(registry: Registry, code: str | None) -> None:
    sent = await registry.apply()
    headers = {"Tracking-Code": code.encode()} if code is not None else {}
    base = f"/registry/applications/{sent['number']}"
    answers = [
        await registry.http.get(base, headers=headers),
        await registry.http.post(f"{base}/withdraw", headers=headers),
        await registry.http.post(f"{base}/reply", json={"text": "да"}, headers=headers),
    ]
    assert [answer.status_code for answer in answers] == [404, 404, 404]


async def test_the_letter_of_a_number_may_be_typed_in_russian(registry: Registry) -> None:
    sent = await registry.apply()
    for letter in "Ааa":
        assert (await view(registry, sent | {"number": letter + sent["number"][1:]}))["number"] == sent["number"]


async def test_another_applications_code_opens_nothing(registry: Registry) -> None:
    one, other = await registry.apply(), await registry.apply(school_form(9))
    wrong = {"number": one["number"], "tracking_code": other["tracking_code"]}
    assert (await follow(registry, wrong, "withdraw")).status_code == 404


async def test_a_question_is_answered_and_the_school_corrected(registry: Registry) -> None:
    sent = await registry.apply()
    await registry.told()
    asked = await registry.decide(sent["number"], "clarify", text="Уточните адрес")
    assert asked.json()["state"] == "clarification-requested"
    ((event, envelope),) = await registry.published()
    assert (event.decision, event.school_id, envelope.sequence) == ("clarification-requested", None, 2)
    early = await registry.decide(sent["number"], "approve")
    assert (early.status_code, early.json()["code"]) == (409, "wrong-step")
    better = SCHOOL | {"address": "г. Примерный, ул. Новая, д. 1"}
    assert (await follow(registry, sent, "reply", text="Исправлено", school=better)).status_code == 202
    again = await follow(registry, sent, "reply", text="Ещё раз")
    assert (again.status_code, again.json()["code"]) == (409, "wrong-step")
    assert await registry.told() == []
    approved = await registry.decide(sent["number"], "approve", text="Добро пожаловать")
    assert [envelope.sequence for _, envelope in await registry.published()] == [1, 1, 3]
    school = await registry.http.get(f"/registry/schools/{approved.json()['school_id']}")
    assert school.json()["address"] == better["address"]
    steps = [(step["state"], step["note"]) for step in (await view(registry, sent))["timeline"]]
    assert steps == [
        ("submitted", None),
        ("in-review", None),
        ("clarification-requested", "Уточните адрес"),
        ("submitted", "Исправлено"),
        ("in-review", None),
        ("approved", "Добро пожаловать"),
    ]


async def test_a_rejection_needs_a_reason_and_a_text(registry: Registry) -> None:
    sent = await registry.apply()
    await registry.told()
    for more, code in [({}, "reason-required"), ({"reason": "not-a-school"}, "text-required")]:
        refused = await registry.decide(sent["number"], "reject", **more)
        assert (refused.status_code, refused.json()["code"]) == (422, code)
    named = await registry.decide(sent["number"], "reject", reason="Иванова не директор", text="x")
    assert (named.status_code, named.json()["errors"][0]["pointer"]) == (422, "/reason")
    rejected = await registry.decide(sent["number"], "reject", reason="not-a-school", text="Это кружок")
    assert rejected.json()["state"] == "rejected"
    (event,) = await registry.told()
    assert (event.decision, event.reason) == ("rejected", "not-a-school")
    assert (await view(registry, sent))["timeline"][-1]["note"] == "Это кружок"
    again = await registry.decide(sent["number"], "approve")
    assert (again.status_code, again.json()["code"]) == (409, "already-decided")


async def test_a_withdrawn_application_is_over(registry: Registry) -> None:
    sent = await registry.apply()
    await registry.told()
    assert (await follow(registry, sent, "withdraw")).status_code == 202
    ((event, envelope),) = await registry.it.published()
    assert (event.decision, event.reason, envelope.sequence) == ("withdrawn", None, 2)
    assert registry.it.open(event.contact).email == HEAD["email"]
    for answer in (await follow(registry, sent, "withdraw"), await registry.decide(sent["number"], "approve")):
        assert (answer.status_code, answer.json()["code"]) == (409, "wrong-step")
    assert (await view(registry, sent))["state"] == "withdrawn"
    assert await registry.told() == []


async def test_a_question_that_nobody_answers_ends_it_after_30_days(registry: Registry) -> None:
    silent, untouched = await registry.apply(), await registry.apply(school_form(3))
    await registry.decide(silent["number"], "clarify", text="Уточните")
    await registry.told()
    registry.it.clock.move(timedelta(days=29, hours=23))
    await registry.it.run_loops()
    assert (await view(registry, silent))["state"] == "clarification-requested"
    registry.it.clock.move(timedelta(hours=2))
    await registry.it.run_loops()
    assert (await view(registry, silent))["state"] == "expired"
    ((event, envelope),) = await registry.it.published()
    assert (event.number, event.decision, envelope.sequence) == (silent["number"], "expired", 3)
    assert (await view(registry, untouched))["state"] == "submitted"
    late = await follow(registry, silent, "reply", text="вот")
    assert (late.status_code, late.json()["code"]) == (409, "wrong-step")


async def test_a_double_click_registers_one_school(registry: Registry) -> None:
    sent = await registry.apply()
    await registry.told()
    lock = "SELECT 1 FROM application WHERE number = $1 FOR UPDATE"
    clicks = (registry.decide(sent["number"], "approve") for _ in range(4))
    answers = await registry.race(lock, sent["number"], *clicks)
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"already-decided"}
    topics = [event.topic for event in await registry.told()]
    assert topics == ["school-registered", "staff-enrolled", "school-application-decided"]


async def test_only_the_registrar_reads_and_decides(registry: Registry, school_id: str) -> None:
    number = (await registry.apply(school_form(5)))["number"]
    head = registry.head_of(school_id, await registry.head_id(school_id))
    for headers, status in [({}, 401), (head, 403), (registry.it.signed_in(roles=["support"]), 403)]:
        path = f"/registry/applications/{number}/decision"
        decided = await registry.http.post(path, json={"decision": "approve"}, headers=headers)
        listed = await registry.http.get("/registry/applications", headers=headers)
        assert (decided.status_code, listed.status_code) == (status, status)
    missing = await registry.decide("A26-999999", "approve")
    assert missing.status_code == 404


async def test_the_timeline_shows_what_became_of_the_mail(registry: Registry) -> None:
    sent = await registry.apply()
    (event,) = await registry.told()
    for about in (event.aggregate_id, str(new_id()), "T26-000001"):
        fate: dict[str, Any] = {
            "notification_id": new_id(),
            "about_event": new_id(),
            "about": about,
            "purpose": "x",
            "credential_no": None,
            "code": None,
        }
        await registry.it.tell(NotificationSent(**fate, outcome="sent"))
        await registry.it.tell(NotificationFailed(**fate, outcome="bounced"))
    steps = [(step["state"], step["reason"]) for step in (await view(registry, sent))["timeline"]]
    assert steps == [("submitted", None), ("submitted", "mail-sent"), ("submitted", "mail-bounced")]
