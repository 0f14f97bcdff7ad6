"""The registrar's queue: finding applications, several for one school, forgetting who applied."""

import asyncio
import base64
import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from httpx import Response

from .conftest import HEAD, SCHOOL, Registry, school_form

LOCK = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))"


async def listed(registry: Registry, **params: Any) -> list[str]:
    answer = await registry.http.get("/registry/applications", params=params, headers=registry.registrar)
    assert answer.status_code == 200, answer.text
    return [one["number"] for one in answer.json()["items"]]


async def counts(registry: Registry) -> dict[str, int]:
    answer = await registry.http.get("/registry/applications/counts", headers=registry.registrar)
    return {state: number for state, number in answer.json().items() if number}


async def reply(registry: Registry, sent: dict[str, Any], **body: Any) -> Response:
    path, code = f"/registry/applications/{sent['number']}/reply", {"Tracking-Code": sent["tracking_code"]}
    answer: Response = await registry.http.post(path, json={"text": "вот"} | body, headers=code)
    return answer


async def steps(registry: Registry, sent: dict[str, Any]) -> list[tuple[str, str | None]]:
    path, code = f"/registry/applications/{sent['number']}", {"Tracking-Code": sent["tracking_code"]}
    timeline = (await registry.http.get(path, headers=code)).json()["timeline"]
    return [(step["state"], step["reason"]) for step in timeline]


async def test_states_are_chosen_and_pages_go_on(registry: Registry) -> None:
    numbers = [(await registry.apply(school_form(n)))["number"] for n in range(1, 5)]
    await registry.decide(numbers[1], "reject", reason="not-a-school", text="нет")
    await registry.decide(numbers[3], "clarify", text="что?")
    found, cursor = [], None
    while True:
        params = {"state": ["submitted", "clarification-requested"], "limit": 1} | (
            {"cursor": cursor} if cursor else {}
        )
        answer = await registry.http.get("/registry/applications", params=params, headers=registry.registrar)
        found += [(one["number"], one["school"]["short_name"]) for one in answer.json()["items"]]
        if (cursor := answer.json()["next"]) is None:
            break
    assert found == [(numbers[0], "Школа № 1"), (numbers[2], "Школа № 3"), (numbers[3], "Школа № 4")]
    assert await listed(registry) == numbers
    assert await listed(registry, state="withdrawn") == []
    assert await counts(registry) == {"submitted": 2, "rejected": 1, "clarification-requested": 1}


async def test_a_part_of_what_is_known_finds_an_application(registry: Registry) -> None:
    one = (await registry.apply())["number"]
    other = (await registry.apply(school_form(7), last_name="О'Нил-Ёжикова", first_name="Ян"))["number"]
    by_number = [one, one.lower(), "А" + one[1:], one[4:]]
    for q in (*by_number, SCHOOL["inn"], SCHOOL["ogrn"][3:9], "преображ", "1505 СОЛОВЬЕВА"):
        assert await listed(registry, q=q) == [one], q
    for q in ("о'нил", "ежиков", "ян", "я", "нил школа"):
        assert await listed(registry, q=q) == [other], q
    for q in ("школа", "шк", "№", "", "%", "_", "\\", "'"):
        assert await listed(registry, q=q) == [one, other], q
    for q in ("преображенская ян", "йёва_анна", "ol"):
        assert await listed(registry, q=q) == [], q


async def test_time_and_ground_narrow_the_queue(registry: Registry) -> None:
    early = (await registry.apply())["number"]
    registry.it.clock.move(timedelta(hours=3))
    late = (await registry.apply(school_form(7), ground="authorised", order_no="7"))["number"]
    noon = (registry.it.clock() - timedelta(hours=1)).isoformat()
    assert await listed(registry, until=noon) == [early]
    assert await listed(registry, since=noon) == [late]
    assert await listed(registry, ground="head") == [early]
    assert await listed(registry, ground="authorised", q="школа", state=["submitted"], since=noon) == [late]


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"state": "gone"}, "/state/0"),
        ({"q": "x" * 301}, "/q"),
        ({"q": "a\u0000"}, "/q"),
        ({"since": "2026-11-24T10:00:00"}, "/since"),  # whose time is it?
        ({"until": "завтра"}, "/until"),
        ({"ground": "friend"}, "/ground"),
        ({"cursor": "WyJhIiwgImIiXQ"}, "/cursor"),  # ["a", "b"]
    ],
)
async def test_bad_queries(registry: Registry, query: dict[str, str], pointer: str) -> None:
    answer = await registry.http.get("/registry/applications", params=query, headers=registry.registrar)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


async def test_when_one_is_approved_the_others_for_that_school_are_over(registry: Registry) -> None:
    winner, waiting, asked, twin, branch = [
        await registry.apply(school, email=f"{number}@mail.example")
        for number, school in enumerate(
            [
                *[SCHOOL] * 3,
                school_form(7) | {"ogrn": SCHOOL["ogrn"]},
                SCHOOL | {"ogrn": school_form(8)["ogrn"], "kpp": "771802001"},
            ]
        )
    ]
    await registry.decide(asked["number"], "clarify", text="что?")
    await registry.told()
    assert (await registry.decide(winner["number"], "approve")).status_code == 200
    published = [(event, envelope) for event, envelope in await registry.it.published() if event.topic != "schools"]
    assert [event.topic for event, _ in published][:3] == [
        "school-registered",
        "staff-enrolled",
        "school-application-decided",
    ]
    overtaken = {event.number: (event, envelope.sequence) for event, envelope in published[3:]}
    assert {number: sequence for number, (_, sequence) in overtaken.items()} == {
        waiting["number"]: 2,
        asked["number"]: 3,
        twin["number"]: 2,
    }
    for event, _ in overtaken.values():
        assert (event.decision, event.reason) == ("rejected", "school-already-registered")
    assert registry.it.open(overtaken[twin["number"]][0].contact).email == "3@mail.example"
    assert (await steps(registry, waiting))[-1] == ("rejected", "school-already-registered")
    late = await registry.decide(asked["number"], "approve")
    assert (late.status_code, late.json()["code"]) == (409, "already-decided")
    assert await listed(registry, state="submitted") == [branch["number"]]
    assert (await registry.decide(branch["number"], "approve")).status_code == 200


async def test_what_came_in_by_another_way_is_not_approved(registry: Registry) -> None:
    """As a bulk import that tells nobody about applications would leave it."""
    sent = await registry.apply()
    school_id = await registry.school(school_form(7))
    await registry.told()
    own = "UPDATE school SET inn = $2, kpp = $3, ogrn = $4 WHERE school_id = $1"
    values = [SCHOOL[name] for name in ("inn", "kpp", "ogrn")]
    await registry.it.runtime.database.pool.execute(own, UUID(school_id), *values)
    for answer in (await registry.decide(sent["number"], "approve"), await registry.decide(sent["number"], "approve")):
        assert (answer.status_code, answer.json()["code"]) == (409, "school-already-registered")
        assert (answer.json()["name"], answer.json()["school_id"]) == ("Школа № 7", school_id)
    assert await registry.told() == []
    assert await steps(registry, sent) == [("submitted", None)]
    why = {"reason": "school-already-registered", "text": "Школа уже в реестре"}
    assert (await registry.decide(sent["number"], "reject", **why)).status_code == 200


async def test_a_correction_of_requisites_overtakes_as_well(registry: Registry) -> None:
    school_id = await registry.school(school_form(7))
    sent = await registry.apply()
    await registry.told()
    change = {name: SCHOOL[name] for name in ("inn", "kpp", "ogrn")}
    headers = registry.registrar | {"If-Match": "*"}
    answer = await registry.http.patch(f"/registry/schools/{school_id}", json=change, headers=headers)
    assert answer.status_code == 200, answer.text
    assert [event.topic for event in await registry.told()] == ["school-changed", "school-application-decided"]
    assert (await steps(registry, sent))[-1] == ("rejected", "school-already-registered")


async def test_two_registrars_approve_both_applicants_at_once(registry: Registry) -> None:
    """The one who comes second finds the application over."""
    for serial in range(1, 9):
        school = school_form(serial)
        numbers = [(await registry.apply(school))["number"] for _ in range(2)]
        await registry.told()
        answers = await registry.race(LOCK, school["inn"], *(registry.decide(one, "approve") for one in numbers))
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        (refused,) = [answer.json()["code"] for answer in answers if answer.status_code == 409]
        assert refused == "already-decided"
        told = await registry.told()
        assert [event.topic for event in told].count("school-registered") == 1
        decided = [event.decision for event in told if event.topic == "school-application-decided"]
        assert decided == ["approved", "rejected"]


async def test_nothing_open_stays_behind_a_registration(registry: Registry) -> None:
    """An application is filed, another corrected to these very requisites, while the first is approved."""
    for serial in range(1, 17):
        school = school_form(serial)
        first = await registry.apply(school)
        asked = await registry.apply(school_form(serial + 100))
        await registry.decide(asked["number"], "clarify", text="чей это ИНН?")
        calls = [
            registry.decide(first["number"], "approve"),
            registry.http.post("/registry/applications", json={"school": school, "applicant": HEAD, "consent": True}),
            reply(registry, asked, school=school),
        ]
        answers = await asyncio.gather(*(calls if serial % 2 else calls[::-1]))
        approved, filed, corrected = answers if serial % 2 else answers[::-1]
        assert (approved.status_code, {filed.status_code, corrected.status_code} - {202, 409}) == (200, set())
        left = await registry.row(
            "SELECT count(*) AS n FROM application WHERE inn = $1 AND state IN ('submitted', 'in-review')",
            school["inn"],
        )
        assert left["n"] == 0


async def test_what_the_registrar_has_not_seen_is_not_approved(registry: Registry) -> None:
    sent = await registry.apply()
    await registry.decide(sent["number"], "clarify", text="что?")

    async def corrected() -> Response:
        return await reply(registry, sent, school=school_form(7))

    pool = registry.it.runtime.database.pool
    async with pool.acquire() as connection, connection.transaction():
        await connection.fetch(LOCK, SCHOOL["inn"])
        approving = asyncio.create_task(registry.decide(sent["number"], "approve"))
        while not await pool.fetchval("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)"):
            pass
        assert (await corrected()).status_code == 202
    refused = await approving
    assert (refused.status_code, refused.json()["code"]) == (409, "application-changed")
    assert (await registry.decide(sent["number"], "approve")).status_code == 200


@pytest.mark.parametrize("end", ["approve", "reject", "withdraw"])
async def test_who_applied_is_forgotten_90_days_after_the_end(registry: Registry, end: str) -> None:
    sent, still = await registry.apply(last_name="Незабудкина"), await registry.apply(school_form(7))
    if end == "withdraw":
        path = f"/registry/applications/{sent['number']}/withdraw"
        await registry.http.post(path, headers={"Tracking-Code": sent["tracking_code"]})
    else:
        await registry.decide(sent["number"], end, reason="not-a-school", text="Позвоните Незабудкиной")
    await registry.told()
    registry.it.clock.move(timedelta(days=89))
    await registry.it.run_loops()
    assert await listed(registry, q="незабудкина") == [sent["number"]]
    registry.it.clock.move(timedelta(days=2))
    await registry.it.run_loops()
    assert await listed(registry, q="незабудкина") == []
    assert await listed(registry, q="соловьева") == [still["number"]]
    assert "езабудкин" not in await registry.it.everything() or end == "approve", "the roll knows who works there"
    answer = await registry.http.get("/registry/applications", headers=registry.registrar)
    assert [one["applicant"] is None for one in answer.json()["items"]] == [True, False]
    assert (await steps(registry, sent))[0] == ("submitted", None)
    assert await registry.told() == []


async def test_only_the_registrar_counts(registry: Registry, school_id: str) -> None:
    head = registry.head_of(school_id, await registry.head_id(school_id))
    for headers, status in [({}, 401), (head, 403), (registry.it.signed_in(roles=["support"]), 403)]:
        assert (await registry.http.get("/registry/applications/counts", headers=headers)).status_code == status


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
async def test_a_moment_that_no_calendar_has_is_refused(registry: Registry, moment: str) -> None:
    cursor = base64.urlsafe_b64encode(json.dumps([moment, str(UUID(int=1))]).encode()).decode()
    for params in ({"since": moment}, {"until": moment}, {"cursor": cursor}):
        answer = await registry.http.get("/registry/applications", params=params, headers=registry.registrar)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid-value"), params
