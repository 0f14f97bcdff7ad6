"""A registrar sees an application beside what the registry knows already."""

from typing import Any
from uuid import UUID

import pytest

from .conftest import HEAD, SCHOOL, Registry, school_form


async def review(registry: Registry, number: str) -> dict[str, Any]:
    answer = await registry.http.get(f"/registry/applications/{number}/review", headers=registry.registrar)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


OWN = {"address": "г. Примерный, ул. Дальняя, д. 1", "phone": "8 495 111-22-33"}


async def test_an_application_stands_beside_what_is_known(registry: Registry) -> None:
    branch = await registry.school(SCHOOL | OWN | {"kpp": "771802001", "ogrn": school_form(1)["ogrn"]})
    namesake = await registry.school(school_form(2, **OWN, full_name="Преображенская школа № 1505"))
    neighbour = await registry.school(school_form(3, address=SCHOOL["address"], phone=OWN["phone"], kind="Лицей"))
    caller = await registry.school(school_form(4, address=OWN["address"], phone=SCHOOL["phone"], kind="Лицей"))
    stranger = await registry.school(school_form(5, **OWN, short_name="Лицей № 7", full_name="Лицей № 7"))
    sent = await registry.apply()
    rival = await registry.apply(SCHOOL | {"kpp": "771803001"}, last_name="Другова")
    await registry.apply(school_form(6))
    await registry.decide(sent["number"], "clarify", text="Почему КПП другой?")

    seen = await review(registry, sent["number"])
    assert seen["application"]["school"]["inn"] == SCHOOL["inn"]
    assert seen["application"]["applicant"]["email"] == HEAD["email"]
    assert [(one["state"], one["note"]) for one in seen["timeline"]][-1] == (
        "clarification-requested",
        "Почему КПП другой?",
    )
    found = {one["school"]["school_id"]: one["matches"] for one in seen["schools"]}
    assert next(iter(found)) == branch, "requisites say the most"
    assert found[branch] == ["inn", "name"]
    assert found[namesake] == ["name"]
    assert found[neighbour] == ["address"]
    assert found[caller] == ["phone"]
    assert stranger not in found
    assert [one["number"] for one in seen["applications"]] == [rival["number"]]
    assert seen["applications"][0]["applicant"]["last_name"] == "Другова"


async def test_whether_the_applicant_is_the_published_head(registry: Registry) -> None:
    branch = await registry.school(SCHOOL | {"kpp": "771802001", "ogrn": school_form(1)["ogrn"]})
    number = (await registry.apply())["number"]
    for name, is_head in [("СОЛОВЬЕВА Анна-Мария Петровна", True), ("Соловьёв Пётр Львович", False), (None, False)]:
        await registry.it.runtime.database.pool.execute(
            "UPDATE school SET head_name = $2, head_post = 'директор' WHERE school_id = $1", UUID(branch), name
        )
        (one,) = (await review(registry, number))["schools"]
        assert (one["head_name"], one["head_post"], one["applicant_is_head"]) == (name, "директор", is_head)


async def test_what_is_closed_is_shown_too_and_what_is_over_stays_readable(registry: Registry, school_id: str) -> None:
    await registry.it.runtime.database.pool.execute("UPDATE school SET status = 'closed'")
    sent = await registry.apply()
    await registry.decide(sent["number"], "reject", reason="not-a-school", text="нет")
    seen = await review(registry, sent["number"].lower())
    assert (seen["application"]["state"], seen["applications"]) == ("rejected", [])
    (one,) = seen["schools"]
    assert (one["school"]["status"], one["matches"]) == (
        "closed",
        ["ogrn", "inn", "kpp", "phone", "address", "name"],
    )


@pytest.mark.parametrize(("who", "status"), [("nobody", 401), ("head", 403), ("support", 403)])
async def test_only_the_registrar_reviews(registry: Registry, school_id: str, who: str, status: int) -> None:
    number = (await registry.apply(school_form(5)))["number"]
    headers = {
        "nobody": {},
        "head": registry.head_of(school_id, await registry.head_id(school_id)),
        "support": registry.it.signed_in(roles=["support"]),
    }[who]
    assert (await registry.http.get(f"/registry/applications/{number}/review", headers=headers)).status_code == status
    missing = await registry.http.get("/registry/applications/A26-999999/review", headers=registry.registrar)
    assert missing.status_code == 404
