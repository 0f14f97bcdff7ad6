"""What a full copy no longer has is ended only after it was seen, and much of it only by two people."""

from collections import Counter
from typing import Any

import pytest
from feed import table

from .conftest import SCHOOL, Registry
from .imports import Feed
from .test_import_staff import person
from .test_imports import row


@pytest.fixture
def feed(registry: Registry) -> Feed:
    return Feed(registry)


async def applied(feed: Feed, *rows: dict[str, str], **form: Any) -> str:
    done = await feed.run(table(*rows), snapshot="true", **form)
    assert (done["state"], done["snapshot"]) == ("done", True), done
    return str(done["import_id"])


async def close(feed: Feed, import_id: str, expected: int, reason: str = "liquidated") -> Any:
    return await feed.post(import_id, "close-missing", expected=expected, reason=reason)


async def test_missing_schools_are_closed_and_those_with_staff_wait_for_a_second_person(feed: Feed) -> None:
    await applied(feed, row(1), row(2), row(3), row(4))
    staffed = (await feed.schools())["Школа № 2"]["school_id"]
    await feed.registry.staff(str(staffed))
    import_id = await applied(feed, row(1))
    assert (await feed.state(import_id))["missing"] == 3
    for expected in (2, 4):
        refused = await close(feed, import_id, expected)
        assert (refused.status_code, refused.json()["code"], refused.json()["missing"]) == (
            409,
            "import-missing-differs",
            3,
        )
    other = await close(feed, import_id, 3, "no longer there")
    assert (other.status_code, other.json()["errors"][0]["pointer"]) == (422, "/reason")
    await feed.registry.told()
    answer = await close(feed, import_id, 3)
    assert (answer.status_code, answer.json()) == (
        202,
        {"state": "awaiting-second", "ended": 2, "waiting": 1, "kept": 0},
    )
    told = Counter(event.topic for event in await feed.registry.told())
    assert told == {"school-closed": 2}
    assert {name for name, one in (await feed.schools()).items() if one["status"] == "closed"} == {
        "Школа № 3",
        "Школа № 4",
    }
    again = await close(feed, import_id, 1)
    assert (again.status_code, again.json()["code"]) == (409, "import-missing-closed")
    second = feed.registry.registrar
    approved = await feed.registry.http.post(f"/registry/schools/{staffed}/close/approve", headers=second)
    assert (approved.status_code, approved.json()["status"]) == (200, "closed")


async def test_only_an_applied_full_copy_closes(feed: Feed) -> None:
    await applied(feed, row(1), row(2))
    part = await feed.run(table(row(1)))
    tried = await feed.run(table(row(1)), snapshot="true", mode="dry-run")
    for one in (part, tried):
        refused = await close(feed, one["import_id"], 1)
        assert (refused.status_code, refused.json()["code"]) == (409, "import-no-snapshot")
    queued = await feed.queue(table(row(1)), snapshot="true")
    assert (await close(feed, queued, 1)).json()["code"] == "wrong-step"


@pytest.fixture
async def many(feed: Feed, school_id: str) -> list[dict[str, str]]:
    """Twenty people of the feed beside the head."""
    people = [person(ФИО=f"Учитель{'а' * n} Пётр") for n in range(20)]
    await applied(feed, *people, kind="staff")
    await feed.registry.told()
    return people


async def test_a_few_missing_people_are_ended_by_one(feed: Feed, many: list[dict[str, str]]) -> None:
    import_id = await applied(feed, *many[4:], kind="staff")
    answer = await close(feed, import_id, 4, "dismissed")
    assert (answer.status_code, answer.json()["ended"]) == (200, 4)
    told = await feed.registry.it.published()
    assert [(event.topic, event.reason, it.sequence) for event, it in told] == [("staff-left", "dismissed", 2)] * 4
    assert (await close(feed, import_id, 4, "dismissed")).json()["code"] == "import-missing-closed"


async def test_more_than_a_fifth_of_a_roll_waits_for_a_second_person(
    feed: Feed, many: list[dict[str, str]], school_id: str
) -> None:
    import_id = await applied(feed, *many[5:], kind="staff")
    early = await feed.post(import_id, "close-missing/approve")
    assert (early.status_code, early.json()["code"]) == (409, "no-open-deed")
    waits = await close(feed, import_id, 5, "уволены приказом № 3")
    assert (waits.status_code, waits.json()["state"], waits.json()["waiting"]) == (202, "awaiting-second", 5)
    assert await feed.registry.told() == []
    own = await feed.post(import_id, "close-missing/approve")
    assert (own.status_code, own.json()["code"]) == (403, "own-deed")
    feed.registrar = feed.registry.registrar
    roll = await feed.registry.http.get(f"/registry/schools/{school_id}/staff", headers=feed.registrar)
    one = next(it["staff_id"] for it in roll.json()["items"] if it["last_name"] == "Учитель")
    await feed.registry.http.delete(f"/registry/schools/{school_id}/staff/{one}?reason=left", headers=feed.registrar)
    changed = await feed.post(import_id, "close-missing/approve")
    assert (changed.status_code, changed.json()["code"]) == (409, "import-missing-differs")
    asked = await close(feed, import_id, 4, "уволены приказом № 3")
    assert asked.status_code == 200, "of a roll of twenty, four are not too many for one"
    told = [event.reason for event in await feed.registry.told()]
    assert told == ["left", *["other"] * 4], "what was written by hand stays here"
    assert SCHOOL["inn"]


async def test_a_second_person_ends_them(feed: Feed, many: list[dict[str, str]]) -> None:
    import_id = await applied(feed, *many[6:], kind="staff")
    assert (await close(feed, import_id, 6, "dismissed")).status_code == 202
    feed.registrar = feed.registry.registrar
    done = await feed.post(import_id, "close-missing/approve")
    assert (done.status_code, done.json()["ended"]) == (200, 6)
    assert len(await feed.registry.told()) == 6
