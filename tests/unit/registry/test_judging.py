"""The judge's table: which school, which person, who decides."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from chassis.errors import Conflict, Forbidden, Invalid, NotFound, WrongStep
from ekis_contracts.days import end_of_working_day
from ekis_contracts.values import Applicant, PersonName, SchoolClaim
from registry.domain.requests import (
    AccountRequest,
    Answer,
    Claim,
    Decider,
    Declined,
    NeedsSchool,
    Referred,
    RequestState,
    Verified,
    deciders,
    judge,
    new_place,
    require_chosen,
    require_decidable,
)
from registry.domain.schools import School, SchoolForm
from registry.domain.staff import Staff, StaffEntry

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
UNTIL = end_of_working_day(NOW, 5)
MAIN, BRANCH, OTHER = UUID(int=1), UUID(int=2), UUID(int=3)
ANNA, PETR, NAMESAKE, HEAD = UUID(int=11), UUID(int=12), UUID(int=13), UUID(int=14)


def school(school_id: UUID = MAIN, **changes: Any) -> School:
    form = SchoolForm("Преображенская школа № 5", "Школа № 5", "Школа", "77", "01", "1", "ул.", "+7", "a@b.ru")
    made = form.school(school_id, "feed")
    return replace(made, facts=made.facts.model_copy(update=changes))


def staff(staff_id: UUID, name: str, email: str | None = None, category: Any = "employee", at: UUID = MAIN) -> Staff:
    last, first, patronymic = name.split()
    entry = StaffEntry(PersonName(last_name=last, first_name=first, patronymic=patronymic), "учитель", category)
    return Staff(staff_id, at, 1, replace(entry, email=email))


def claim(category: Any = "employee", school: dict[str, Any] | None = None, **applicant: Any) -> Claim:
    who = {"last_name": "Иванова", "first_name": "Анна", "patronymic": "Петровна", "email": "anna@b.ru"} | applicant
    return Claim("R26-000001", SchoolClaim(**{"inn": "77"} | (school or {})), category, Applicant(**who))


DIRECTOR = staff(HEAD, "Соловьёва Мария Львовна", "head@b.ru", "head")
ON_ROLL = staff(ANNA, "Иванова Анна Петровна", "anna@b.ru")
NO_EMAIL = staff(ANNA, "Иванова Анна Петровна")
OTHER_EMAIL = staff(ANNA, "Иванова Анна Петровна", "other@b.ru")


@pytest.mark.parametrize(
    ("claimed", "known"),
    [
        ({}, []),
        ({"kpp": "02"}, [school()]),  # a branch that is not registered
        ({"kpp": "02"}, [school(status="closed")]),
        ({"ogrn": "9"}, [school(inn="78", ogrn="9", status="closed")]),
    ],
)
def test_an_unknown_school_is_waited_for(claimed: dict[str, Any], known: Sequence[School]) -> None:
    assert judge(claim(school=claimed), known, [ON_ROLL, DIRECTOR], NOW) == NeedsSchool()


@pytest.mark.parametrize(
    ("claimed", "known", "reason"),
    [
        ({}, [school(status="suspended")], "school-not-active"),
        ({}, [school(status="closed")], "school-not-active"),
        ({"ogrn": "2"}, [school()], "requisites-mismatch"),
        ({"ogrn": "9"}, [school(inn="78", ogrn="9")], "requisites-mismatch"),
        ({"name": "Школа № 6"}, [school()], "requisites-mismatch"),
        ({"name": "Ломоносовская гимназия № 6"}, [school()], "requisites-mismatch"),
        ({"name": "Школа № 6"}, [school(status="suspended")], "requisites-mismatch"),
    ],
)
def test_a_school_that_takes_no_requests(claimed: dict[str, Any], known: Sequence[School], reason: str) -> None:
    verdict = judge(claim(school=claimed), known, [ON_ROLL, DIRECTOR], NOW)
    assert isinstance(verdict, Declined)
    assert verdict.reason == reason


@pytest.mark.parametrize(
    "claimed",
    [{}, {"kpp": "01"}, {"ogrn": "1"}, {"kpp": "01", "ogrn": "1"}, {"name": "шк. 5"}, {"name": "Преображенской школы"}],
)
def test_a_known_person_with_the_address_of_the_roll_is_verified(claimed: dict[str, Any]) -> None:
    assert judge(claim(school=claimed), [school()], [ON_ROLL, DIRECTOR], NOW) == Verified(MAIN, ANNA, "roll")


def test_a_school_that_has_closed_and_opened_anew_is_the_open_one() -> None:
    known = [school(OTHER, status="closed"), school()]
    assert judge(claim(), known, [ON_ROLL], NOW) == Verified(MAIN, ANNA, "roll")


@pytest.mark.parametrize(
    ("roll", "reason", "candidates"),
    [
        ([NO_EMAIL], "no-email", (ANNA,)),
        ([OTHER_EMAIL], "other-email", (ANNA,)),
        ([], "not-on-roll", ()),
        ([staff(PETR, "Петров Пётр Львович", "anna@b.ru")], "not-on-roll", ()),
        ([ON_ROLL, staff(NAMESAKE, "Иванова Анна Петровна")], "same-names", (ANNA, NAMESAKE)),
        ([ON_ROLL, staff(NAMESAKE, "Иванова Анна Петровна", "anna@b.ru")], "same-names", (ANNA, NAMESAKE)),
        ([replace(ON_ROLL, ended_at=NOW)], "not-on-roll", ()),
        ([replace(ON_ROLL, school_id=OTHER)], "not-on-roll", ()),
    ],
)
def test_every_doubt_goes_to_the_head(roll: list[Staff], reason: str, candidates: tuple[UUID, ...]) -> None:
    assert judge(claim(), [school()], [*roll, DIRECTOR], NOW) == Referred(MAIN, "head", reason, candidates, UNTIL)


def test_the_patronymic_tells_namesakes_apart_only_if_it_is_given() -> None:
    roll = [ON_ROLL, staff(NAMESAKE, "Иванова Анна Львовна"), DIRECTOR]
    assert judge(claim(), [school()], roll, NOW) == Verified(MAIN, ANNA, "roll")
    unsure = judge(claim(patronymic=None), [school()], roll, NOW)
    assert unsure == Referred(MAIN, "head", "same-names", (ANNA, NAMESAKE), UNTIL)


@pytest.mark.parametrize(
    ("asked", "roll"),
    [
        (claim("head"), [NO_EMAIL, DIRECTOR]),
        (claim("head"), [DIRECTOR]),
        (claim(), [replace(NO_EMAIL, entry=replace(NO_EMAIL.entry, category="head")), DIRECTOR]),
        (claim(), [NO_EMAIL]),  # nobody heads the school
        (claim(), []),
        (claim(), [replace(DIRECTOR, ended_at=NOW)]),
        (claim(email="HEAD@b.ru"), [DIRECTOR]),  # the only head would decide about the own address
    ],
)
def test_the_department_decides_about_heads_and_without_one(asked: Claim, roll: list[Staff]) -> None:
    verdict = judge(asked, [school()], roll, NOW)
    assert isinstance(verdict, Referred)
    assert (verdict.to, verdict.until) == ("department", None)


def test_a_head_with_the_address_of_the_roll_is_verified_whatever_is_claimed() -> None:
    head = staff(HEAD, "Иванова Анна Петровна", "Anna@b.ru", "head")
    for category in ("head", "employee"):
        assert judge(claim(category), [school()], [head], NOW) == Verified(MAIN, HEAD, "roll")


BRANCHES = [school(BRANCH, kpp="02", ogrn=None), school()]


def test_several_branches_are_the_departments() -> None:
    verdict = judge(claim(), BRANCHES, [replace(NO_EMAIL, school_id=BRANCH), DIRECTOR], NOW)
    assert verdict == Referred(MAIN, "department", "several-branches", (ANNA,))


@pytest.mark.parametrize(
    ("claimed", "where"),
    [({"kpp": "02"}, BRANCH), ({"kpp": "01"}, MAIN), ({"ogrn": "1"}, MAIN), ({"kpp": "02", "ogrn": "1"}, BRANCH)],
)
def test_kpp_or_ogrn_tells_the_branch(claimed: dict[str, Any], where: UUID) -> None:
    roll = [replace(DIRECTOR, school_id=where), replace(NO_EMAIL, school_id=where)]
    assert judge(claim(school=claimed), BRANCHES, roll, NOW) == Referred(where, "head", "no-email", (ANNA,), UNTIL)


def test_name_and_address_on_the_roll_of_one_branch_are_enough() -> None:
    roll = [replace(ON_ROLL, school_id=BRANCH), DIRECTOR]
    assert judge(claim(), BRANCHES, roll, NOW) == Verified(BRANCH, ANNA, "roll")


def test_a_branch_that_does_not_work_is_no_choice() -> None:
    known = [school(), school(BRANCH, kpp="02", ogrn=None, status="suspended")]
    assert judge(claim(), known, [ON_ROLL, DIRECTOR], NOW) == Verified(MAIN, ANNA, "roll")
    asked = claim(school={"kpp": "02"})
    assert judge(asked, known, [replace(ON_ROLL, school_id=BRANCH)], NOW) == Declined("school-not-active", BRANCH)


@pytest.mark.parametrize(
    ("roll", "to"),
    [
        ([staff(PETR, "Чернов Олег Львович", "chernov@b.ru")], "department"),  # a deputy is an employee
        ([DIRECTOR, staff(PETR, "Чернов Олег Львович", None, "head")], "head"),
        ([staff(PETR, "Чернов Олег Львович", None, "head")], "head"),  # who has to look into the cabinet
        ([staff(HEAD, "Иванова Анна Петровна", None, "head")], "department"),  # the only head asks
        ([staff(HEAD, "Иванова Анна Петровна", None, "head"), DIRECTOR], "department"),  # about a head
        ([staff(PETR, "Чернов Олег Львович", "anna@b.ru", "head"), DIRECTOR], "head"),  # the other one decides
    ],
)
def test_whom_a_doubt_goes_to(roll: list[Staff], to: str) -> None:
    verdict = judge(claim(), [school()], roll, NOW)
    assert isinstance(verdict, Referred)
    assert verdict.to == to


def test_a_head_who_can_be_written_to_comes_first() -> None:
    silent = staff(UUID(int=9), "Белов Олег Львович", None, "head")
    assert [head.staff_id for head in deciders(claim(), [silent, DIRECTOR, ON_ROLL])] == [HEAD, silent.staff_id]


def request(state: RequestState = "referred", to: Any = "head", reason: str = "no-email") -> AccountRequest:
    return AccountRequest(UUID(int=99), 1, 2, state, claim(), Referred(MAIN, to, reason, (ANNA,), UNTIL), MAIN)


@pytest.mark.parametrize(("state", "version"), [("closed", 2), ("closed", 3), ("referred", 1), ("new", 1)])
def test_late_versions_are_not_judged(state: RequestState, version: int) -> None:
    with pytest.raises(WrongStep):
        request(state).require_current(version)


def test_the_same_and_newer_versions_are_judged() -> None:
    for version in (2, 3):
        request().require_current(version)


BY_HEAD, BY_DEPARTMENT = Decider("head", DIRECTOR, 2), Decider("department", None, 2)


@pytest.mark.parametrize(
    ("asked", "decider", "refusal", "code"),
    [
        (request("closed"), BY_DEPARTMENT, Conflict, "request-closed"),
        (request("verified"), BY_HEAD, Conflict, "already-decided"),
        (request("declined"), BY_DEPARTMENT, Conflict, "already-decided"),
        (request("new"), BY_DEPARTMENT, NotFound, "not-found"),
        (request(to="department"), BY_HEAD, NotFound, "not-found"),
        (request(), Decider("head", ON_ROLL), Forbidden, "own-request"),
        (request(), Decider("department", staff(PETR, "Петров Пётр Львович", "ANNA@b.ru")), Forbidden, "own-request"),
        (request(to="department"), Decider("head", ON_ROLL), Forbidden, "own-request"),
    ],
)
def test_who_may_not_decide(asked: AccountRequest, decider: Decider, refusal: type[Exception], code: str) -> None:
    if asked.state == "new":
        asked = replace(asked, claim=None, verdict=None)
    with pytest.raises(refusal, match=code):
        require_decidable(asked, decider)


@pytest.mark.parametrize("read", [None, 1, 3])
def test_only_what_was_read_is_decided(read: int | None) -> None:
    with pytest.raises(Conflict, match="referral-changed"):
        require_decidable(request(), replace(BY_HEAD, read=read))


def test_head_and_department_decide() -> None:
    assert require_decidable(request(), BY_HEAD)[1].to == "head"
    assert require_decidable(request(), BY_DEPARTMENT)[1].to == "head"
    assert require_decidable(request(to="department"), BY_DEPARTMENT)[1].to == "department"


@pytest.mark.parametrize(
    ("chosen", "by", "refusal"),
    [
        (None, "head", Invalid),
        (replace(NO_EMAIL, ended_at=NOW), "head", Invalid),
        (replace(NO_EMAIL, school_id=OTHER), "department", Invalid),
        (DIRECTOR, "head", Forbidden),
    ],
)
def test_a_record_that_cannot_be_chosen(chosen: Staff | None, by: Any, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        require_chosen(chosen, [MAIN], by)


def test_a_live_record_of_the_school_can_be_chosen() -> None:
    assert require_chosen(NO_EMAIL, [MAIN], "head") is NO_EMAIL
    assert require_chosen(DIRECTOR, [MAIN], "department") is DIRECTOR


@pytest.mark.parametrize(
    ("answer", "reason", "by", "refusal"),
    [
        (Answer(True), "not-on-roll", "head", Invalid),
        (Answer(True, post="учитель"), "not-on-roll", "head", Invalid),
        (Answer(True, category="employee"), "not-on-roll", "head", Invalid),
        (Answer(True, post="учитель", category="employee"), "several-branches", "department", Invalid),
        (Answer(True, post="директор", category="head"), "not-on-roll", "head", Forbidden),
    ],
)
def test_a_place_that_cannot_be_made(answer: Answer, reason: str, by: Any, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        new_place(answer, request(reason=reason).referral, by)


def test_a_new_place() -> None:
    assert new_place(Answer(True, post="учитель", category="employee"), request().referral, "head")[0] == "учитель"
    assert new_place(Answer(True, post="директор", category="head"), request().referral, "department")[1] == "head"
