"""When a second person has to agree, and which closings are possible."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from chassis.errors import AppError, Conflict, Forbidden, Invalid, WrongStep
from ekis_contracts.values import SchoolFacts
from registry.domain.deeds import PATIENCE, Closing, Deed, Preview, Touched, needs_second_person
from registry.domain.schools import School

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TODAY = date(2026, 11, 24)


def school(**changes: Any) -> School:
    facts: dict[str, Any] = {
        "school_id": uuid4(),
        "inn": "7718084659",
        "kpp": "771801001",
        "ogrn": None,
        "full_name": "Школа № 1",
        "short_name": "Школа № 1",
        "kind": "Школа",
        "district": None,
        "address": "Москва",
        "phones": [],
        "emails": [],
        "site": None,
        "status": "active",
        "source": "feed",
    }
    return School(1, SchoolFacts(**facts | changes))


@pytest.mark.parametrize(
    ("ends", "roll", "needed"),
    [
        (0, 0, False),
        (0, 10, False),
        (1, 1, True),
        (1, 4, True),
        (1, 5, False),  # 20 % exactly
        (2, 10, False),
        (3, 10, True),
        (200, 1000, False),
        (200, 100_000, False),
        (201, 100_000, True),
    ],
)
def test_over_20_percent_or_over_200_records_need_a_second_person(ends: int, roll: int, needed: bool) -> None:
    assert needs_second_person(ends, roll) is needed


def test_a_liquidation_ends_the_roll_and_a_reorganisation_moves_it() -> None:
    touched = Touched(records=7, accounts=3, referrals=0, applications=0)
    liquidated = Preview(Closing("liquidated", TODAY), True, touched, [], [])
    moved = Preview(Closing("reorganised", TODAY, (uuid4(),)), True, touched, [], [])
    assert (liquidated.ends, liquidated.moves, liquidated.second_person) == (7, 0, True)
    assert (moved.ends, moved.moves, moved.second_person) == (0, 7, False)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (datetime(2026, 11, 23, 20, 59, tzinfo=UTC), False),
        (datetime(2026, 11, 23, 21, 0, tzinfo=UTC), True),  # midnight in Moscow
        (datetime(2027, 1, 1, tzinfo=UTC), True),
    ],
)
def test_the_day_begins_in_moscow(now: datetime, due: bool) -> None:
    assert Closing("liquidated", TODAY).is_due(now) is due


@pytest.mark.parametrize(
    ("reason", "successors", "code"),
    [
        ("liquidated", [school()], "successors-not-allowed"),
        ("reorganised", [], "successor-required"),
        ("reorganised", [school(status="suspended")], "successor-not-active"),
        ("reorganised", [school(status="closed")], "successor-not-active"),
        ("reorganised", [school(closing_on=TODAY)], "successor-not-active"),
        ("reorganised", [school(), school(closing_on=TODAY)], "successor-not-active"),
    ],
)
def test_successors_must_fit_and_go_on(reason: Any, successors: list[School], code: str) -> None:
    closing = Closing(reason, TODAY, tuple(one.school_id for one in successors))
    with pytest.raises(AppError) as refused:
        closing.require_successors(school(), successors)
    assert refused.value.code == code


def test_a_successor_is_another_school_that_is_there() -> None:
    own = school()
    with pytest.raises(Invalid, match="successor-itself"):
        Closing("reorganised", TODAY, (own.school_id,)).require_successors(own, [own])
    with pytest.raises(Invalid, match="successor-unknown"):
        Closing("reorganised", TODAY, (uuid4(),)).require_successors(own, [])
    Closing("reorganised", TODAY, (uuid4(),)).require_successors(own, [school()])
    Closing("liquidated", TODAY).require_successors(own, [])


def deed(**changes: Any) -> Deed:
    preview = Preview(Closing("liquidated", TODAY), True, Touched(10, 0, 0, 0), [], [])
    return replace(Deed.asked(uuid4(), preview, uuid4(), by=uuid4(), now=NOW), **changes)


def test_another_person_agrees_in_time_to_what_was_seen() -> None:
    it = deed()
    assert it.state == "awaiting-second"
    it.require_second(uuid4(), 10, NOW + PATIENCE - timedelta(seconds=1))
    it.require_second(uuid4(), 9, NOW)
    with pytest.raises(Forbidden, match="own-deed"):
        it.require_second(it.asked_by, 10, NOW)
    with pytest.raises(Conflict, match="roll-has-grown"):
        it.require_second(uuid4(), 11, NOW)
    with pytest.raises(Conflict, match="deed-expired"):
        it.require_second(uuid4(), 10, NOW + PATIENCE)
    with pytest.raises(Conflict, match="no-open-deed"):
        deed(state="announced").require_second(uuid4(), 10, NOW)


@pytest.mark.parametrize(
    ("approved_by", "records", "exceeds"),
    [(None, 1, True), (None, 0, False), (uuid4(), 10, False), (uuid4(), 12, False), (uuid4(), 13, True)],
)
def test_on_its_date_a_closing_may_end_a_little_more_than_was_agreed(
    approved_by: Any, records: int, exceeds: bool
) -> None:
    assert deed(approved_by=approved_by).exceeds(records, records) is exceeds


def test_a_closed_school_is_the_end() -> None:
    for status in ("active", "suspended", "closed"):
        with pytest.raises(Conflict, match="school-closed"):
            school(status="closed").require_step(status)
    with pytest.raises(WrongStep):
        school().require_step("active")
    school(status="suspended").require_step("closed")
