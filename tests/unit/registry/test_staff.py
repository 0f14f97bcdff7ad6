"""Corrections of the roll, and the generated city."""

from dataclasses import replace

import pytest
from chassis.errors import Forbidden
from ekis_contracts.values import PersonName
from registry.domain.city import DEMO, SCHOOLS, STAFF, STAFFED, city
from registry.domain.requisites import inn, kpp, ogrn
from registry.domain.staff import StaffEntry, changed_fields, corrected, reason_code, require_department

ENTRY = StaffEntry(PersonName(last_name="Ёлкин", first_name="Пётр"), "учитель", "employee", email="elkin@b.ru")


def test_only_what_is_given_changes() -> None:
    after = corrected(ENTRY, {"first_name": "Павел", "email": None, "division": "физика"})
    name = PersonName(last_name="Ёлкин", first_name="Павел")
    assert after == replace(ENTRY, name=name, email=None, division="физика")
    assert changed_fields(ENTRY, after) == ["name", "division", "email"]
    assert corrected(ENTRY, {}) == ENTRY
    assert changed_fields(ENTRY, corrected(ENTRY, {"post": "учитель"})) == []


def test_heads_are_the_departments() -> None:
    require_department("department", "head")
    require_department("head", "employee", "employee")
    with pytest.raises(Forbidden, match="head-by-department"):
        require_department("head", "employee", "head")


@pytest.mark.parametrize(
    ("reason", "told"),
    [("resigned", "resigned"), ("long-leave-2", "long-leave-2"), ("Ушла Анна", "other"), ("A", "other"), ("", "other")],
)
def test_a_text_written_by_hand_is_not_told(reason: str, told: str) -> None:
    assert reason_code(reason) == told


def test_the_city_is_the_same_every_time_and_valid() -> None:
    schools = list(city())
    assert schools == list(city())
    assert len(schools) == SCHOOLS
    assert sum(len(school.people) for school in schools) == STAFF
    assert len({school.form.ogrn for school in schools}) == len({school.form.inn for school in schools}) == SCHOOLS
    for school in schools:
        assert inn(school.form.inn)
        assert kpp(school.form.kpp)
        assert ogrn(school.form.ogrn)


def test_every_staffed_school_has_one_head_with_an_address() -> None:
    for school in list(city())[:STAFFED]:
        (head,) = [entry for entry in school.people if entry.category == "head"]
        assert head.email
        assert head.email.endswith(".ekis.example")
    assert [person.entry for person in DEMO] == list(next(city()).people[: len(DEMO)])
