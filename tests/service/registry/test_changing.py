"""Schools are corrected, suspended and resumed by a registrar; the history keeps who, when and why."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from ekis_contracts.registry import AccountRequestVerified, SchoolChanged

from .conftest import HEAD, SCHOOL, Registry, school_form

REASON = {"reason": "Приостановлена лицензия"}


async def patch(registry: Registry, school_id: str, match: str | None = '"1"', **body: Any) -> Any:
    headers = registry.registrar | ({"If-Match": match} if match else {})
    return await registry.http.patch(f"/registry/schools/{school_id}", json=body, headers=headers)


async def post(registry: Registry, school_id: str, step: str, body: Any = REASON, **headers: str) -> Any:
    path = f"/registry/schools/{school_id}/{step}"
    return await registry.http.post(path, json=body, headers=registry.registrar | headers)


async def history(registry: Registry, school_id: str, **params: Any) -> list[dict[str, Any]]:
    path = f"/registry/schools/{school_id}/history"
    answer = await registry.http.get(path, params=params, headers=registry.registrar)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def test_a_correction_is_told_and_remembered(registry: Registry, school_id: str) -> None:
    registrar = registry.registrar
    body = {
        "short_name": "Школа № 1505",
        "okrug": "ВАО",
        "phone": "8 495 111-22-33",
        "emails": ["a@school.example", "b@school.example"],
        "head_name": "Соловьёва Анна-Мария Петровна",
        "head_post": "Директор",
        "buildings": [{"address": "ул. Школьная, д. 6", "short_name": "ШО 1"}, {"address": "ул. Новая, д. 2"}],
    }
    answer = await registry.http.patch(
        f"/registry/schools/{school_id}", json=body, headers=registrar | {"If-Match": '"1"'}
    )
    assert (answer.status_code, answer.headers["etag"]) == (200, '"2"'), answer.text
    card = answer.json()
    assert (card["phones"], card["emails"]) == (["+74951112233"], ["a@school.example", "b@school.example"])
    assert card["buildings"] == [*body["buildings"][:1], {"address": "ул. Новая, д. 2", "short_name": None}]
    ((event, envelope),) = await registry.published()
    assert isinstance(event, SchoolChanged)
    assert set(event.changed) == {"short_name", "okrug", "phones", "emails", "head_name", "head_post", "buildings"}
    assert (event.okrug, envelope.sequence) == ("ВАО", 2)
    assert "Соловьёва" not in envelope.data.decode()
    lines = {line["field"]: line for line in await history(registry, school_id)}
    assert (lines["okrug"]["old"], lines["okrug"]["new"]) == (None, "ВАО")
    assert lines["buildings"]["new"][0] == body["buildings"][0]
    assert len({line["by"] for line in lines.values()}) == 1


async def test_the_card_shows_what_the_public_does_not_see(registry: Registry, school_id: str) -> None:
    await patch(registry, school_id, head_name="Соловьёва Анна-Мария Петровна")
    head = registry.head_of(school_id, None)
    for who in (registry.registrar, head):
        card = await registry.http.get(f"/registry/schools/{school_id}/card", headers=who)
        assert (card.headers["etag"], card.json()["head_name"]) == ('"2"', "Соловьёва Анна-Мария Петровна")
    public = await registry.http.get(f"/registry/schools/{school_id}")
    assert "Соловьёва" not in public.text
    elsewhere = registry.head_of(str(uuid4()), None)
    assert (await registry.http.get(f"/registry/schools/{school_id}/card", headers=elsewhere)).status_code == 404
    assert (await registry.http.get(f"/registry/schools/{uuid4()}/card", headers=registry.registrar)).status_code == 404


async def test_nothing_is_told_when_nothing_differs(registry: Registry, school_id: str) -> None:
    answer = await patch(registry, school_id, short_name=SCHOOL["short_name"], phone=SCHOOL["phone"])
    assert (answer.status_code, answer.headers["etag"]) == (200, '"1"')
    assert await registry.told() == []
    assert await history(registry, school_id) == []


@pytest.mark.parametrize("match", [None, '"0"', "1"])
async def test_a_stale_correction_is_refused_with_what_is_there(
    registry: Registry, school_id: str, match: str | None
) -> None:
    answer = await patch(registry, school_id, match, short_name="x")
    assert (answer.status_code, answer.json()["code"], answer.headers["etag"]) == (412, "stale-version", '"1"')
    assert answer.json()["current"]["short_name"] == SCHOOL["short_name"]
    assert await registry.told() == []


@pytest.mark.parametrize(
    ("change", "code", "pointer"),
    [
        ({"inn": "7718084650"}, "inn-checksum", "/inn"),
        ({"inn": "500100732259"}, "inn-person", "/inn"),
        ({"kpp": "77180100а"}, "kpp-format", "/kpp"),
        ({"ogrn": "1027739123450"}, "ogrn-checksum", "/ogrn"),
        ({"full_name": ""}, "empty", "/full_name"),
        ({"full_name": None}, "string-type", "/full_name"),
        ({"phone": "none"}, "phone-format", "/phone"),
        ({"emails": ["a@school.example", "b"]}, "email-format", "/emails/1"),
        ({"phone": "+7 495 111-22-33", "phones": []}, "one-or-several", "/phone"),
        ({"buildings": [{"short_name": "x"}]}, "missing", "/buildings/0/address"),
        ({"status": "closed"}, "extra-forbidden", "/status"),
        ({"phones": ["+74951112233"] * 21}, "too-long", "/phones"),
    ],
)
async def test_bad_input_names_the_field(
    registry: Registry, school_id: str, change: Any, code: str, pointer: str
) -> None:
    answer = await patch(registry, school_id, **change)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert await registry.told() == []


async def test_requisites_of_another_school_are_refused_with_its_name(registry: Registry, school_id: str) -> None:
    other = school_form(7)
    await registry.school(other)
    for change in ({"ogrn": other["ogrn"]}, {"inn": other["inn"], "kpp": other["kpp"]}):
        answer = await patch(registry, school_id, **change)
        assert (answer.status_code, answer.json()["code"]) == (409, "school-already-registered")
        assert other["full_name"] in answer.json()["title"]
    mine = await patch(registry, school_id, inn=other["inn"], kpp="771899001")
    assert mine.status_code == 200, "another KPP of the same INN is a branch"


async def test_what_waits_for_the_new_requisites_goes_on(registry: Registry, school_id: str) -> None:
    corrected = school_form(8)
    applicant: dict[str, Any] = {key: HEAD[key] for key in ("last_name", "first_name", "patronymic", "email")}
    waits = await registry.ask(school={"inn": corrected["inn"]}, **applicant)
    await registry.told()
    answer = await patch(registry, school_id, inn=corrected["inn"], ogrn=corrected["ogrn"])
    assert answer.status_code == 200, answer.text
    told = await registry.told()
    assert [event.topic for event in told] == ["school-changed", "account-request-verified"]
    assert isinstance(told[1], AccountRequestVerified)
    assert told[1].request_id == waits


async def test_a_correction_and_a_request_may_race(registry: Registry, school_id: str) -> None:
    """Whoever comes first, nobody is left waiting for requisites that are there."""
    for version, serial in enumerate(range(20, 30), 1):
        form = school_form(serial)
        change = patch(registry, school_id, f'"{version}"', inn=form["inn"], ogrn=form["ogrn"])
        answer, _ = await asyncio.gather(change, registry.ask(school={"inn": form["inn"]}))
        assert answer.status_code == 200, answer.text
    states = await registry.it.runtime.database.pool.fetch("SELECT state, count(*) FROM account_request GROUP BY state")
    assert [tuple(one) for one in states] == [("referred", 10)]


async def test_suspended_and_resumed(registry: Registry, school_id: str) -> None:
    answer = await post(registry, school_id, "suspend")
    assert (answer.status_code, answer.json()["status"], answer.headers["etag"]) == (200, "suspended", '"2"')
    ((event, envelope),) = await registry.published()
    assert (event.topic, event.changed, event.status, envelope.sequence) == (
        "school-changed",
        ["status"],
        "suspended",
        2,
    )
    assert REASON["reason"] not in envelope.data.decode()
    answer = await post(registry, school_id, "resume", {"reason": "Лицензия возвращена"})
    assert (answer.status_code, answer.json()["status"]) == (200, "active")
    lines = await history(registry, school_id)
    assert [(line["field"], line["old"], line["new"], line["reason"]) for line in lines] == [
        ("status", "suspended", "active", "Лицензия возвращена"),
        ("status", "active", "suspended", REASON["reason"]),
    ]


async def test_a_suspended_school_takes_no_requests_and_keeps_its_referrals(registry: Registry, school_id: str) -> None:
    referred = await registry.ask()
    await registry.told()
    await post(registry, school_id, "suspend")
    await registry.told()
    await registry.ask()
    (event,) = await registry.told()
    assert (event.topic, event.reason) == ("account-request-declined", "school-not-active")
    kept = await registry.row("SELECT state, referred_to FROM account_request WHERE request_id = $1", referred)
    assert kept == {"state": "referred", "referred_to": "head"}


@pytest.mark.parametrize(("steps", "code"), [(["resume"], "wrong-step"), (["suspend", "suspend"], "wrong-step")])
async def test_a_wrong_step_is_refused(registry: Registry, school_id: str, steps: list[str], code: str) -> None:
    answers = [await post(registry, school_id, step) for step in steps]
    assert (answers[-1].status_code, answers[-1].json()["code"]) == (409, code)


async def test_a_step_on_another_version_is_refused(registry: Registry, school_id: str) -> None:
    for step in ("suspend", "resume"):
        answer = await post(registry, school_id, step, **{"If-Match": '"9"'})
        assert (answer.status_code, answer.headers["etag"]) == (412, '"1"')


@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": " "}, {"reason": "x" * 301}])
async def test_a_step_needs_a_reason(registry: Registry, school_id: str, body: Any) -> None:
    for step in ("suspend", "resume"):
        answer = await post(registry, school_id, step, body)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/reason")


async def test_only_a_registrar_changes_schools(registry: Registry, school_id: str) -> None:
    head = registry.head_of(school_id, None)
    path = f"/registry/schools/{school_id}"
    for headers, status in ((head, 403), (registry.it.signed_in(roles=["support"]), 403), ({}, 401)):
        tried = [
            await registry.http.patch(path, json={"kind": "x"}, headers=headers | {"If-Match": '"1"'}),
            await registry.http.post(f"{path}/suspend", json=REASON, headers=headers),
            await registry.http.post(f"{path}/resume", json=REASON, headers=headers),
        ]
        assert {answer.status_code for answer in tried} == {status}
    for unknown in (
        await patch(registry, str(uuid4()), kind="x"),
        await post(registry, str(uuid4()), "suspend"),
        await post(registry, str(uuid4()), "resume"),
    ):
        assert unknown.status_code == 404


async def test_the_history_is_read_by_registrar_and_own_head_in_pages(registry: Registry, school_id: str) -> None:
    for match, kind in enumerate(("Лицей", "Гимназия", "Школа-интернат"), 1):
        await patch(registry, school_id, f'"{match}"', kind=kind)
    path, seen, cursor = f"/registry/schools/{school_id}/history", [], None
    own = registry.head_of(school_id, None)
    while True:
        params = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await registry.http.get(path, params=params, headers=own)).json()
        seen += [line["new"] for line in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == ["Школа-интернат", "Гимназия", "Лицей"]
    bad = await registry.http.get(path, params={"cursor": "WyJhIl0"}, headers=own)  # ["a"]
    assert bad.json()["code"] == "cursor-malformed"
    assert (await registry.http.get(path, headers=registry.head_of(str(uuid4()), None))).status_code == 404
    assert (await registry.http.get(path, headers=registry.it.signed_in(category="employee"))).status_code == 403
    assert (await registry.http.get(path)).status_code == 401
    unknown = await registry.http.get(f"/registry/schools/{uuid4()}/history", headers=registry.registrar)
    assert unknown.status_code == 404
