"""States, decisions, numbers and tracking codes of applications for entry."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from typing import get_args
from uuid import UUID, uuid4

import pytest
from chassis.errors import Conflict, Invalid, WrongStep
from hypothesis import given
from hypothesis import strategies as st
from registry.domain.applications import (
    OPEN,
    OUTCOMES,
    STEPS,
    ApplicantForm,
    Application,
    Decision,
    State,
    as_number,
    is_code,
    number_of,
    require_order,
    tracking_code,
)
from registry.domain.schools import SchoolForm

ALLOWED = {
    ("submitted", "in-review"),
    ("submitted", "withdrawn"),
    ("in-review", "approved"),
    ("in-review", "rejected"),
    ("in-review", "clarification-requested"),
    ("in-review", "withdrawn"),
    ("clarification-requested", "submitted"),
    ("clarification-requested", "withdrawn"),
    ("clarification-requested", "expired"),
}
FORM = SchoolForm("Школа № 1", "Школа № 1", "Школа", "1", "2", "3", "ул. Школьная", "+74950000001", "a@b.ru")
ANNA = ApplicantForm("Соловьёва", "Анна", "директор", "anna@b.ru", "head", "Петровна")
KEY = b"k" * 32


def application(state: State) -> Application:
    return Application(UUID(int=7), "A26-000001", 1, state, FORM, ANNA, datetime(2026, 11, 23, tzinfo=UTC))


@pytest.mark.parametrize(("before", "after"), list(product(get_args(State), repeat=2)))
def test_every_pair_of_states(before: State, after: State) -> None:
    if (before, after) in ALLOWED:
        application(before).require_step(after)
    else:
        with pytest.raises(WrongStep) as refused:
            application(before).require_step(after)
        assert refused.value.params == {"state": before, "step": after}


def test_the_table_knows_every_state_and_decisions_lead_to_states() -> None:
    assert set(STEPS) == set(get_args(State))
    assert set(OUTCOMES.values()) <= STEPS["in-review"]
    assert {before for before, _ in ALLOWED} == OPEN


@pytest.mark.parametrize("state", ["approved", "rejected"])
def test_what_is_decided_stays_decided(state: State) -> None:
    with pytest.raises(Conflict, match="already-decided"):
        application(state).require_undecided()


@pytest.mark.parametrize(
    ("decision", "code", "pointer"),
    [
        (Decision("reject"), "reason-required", "/reason"),
        (Decision("reject", "wrong-documents"), "text-required", "/text"),
        (Decision("reject", None, "почему"), "reason-required", "/reason"),
        (Decision("clarify"), "text-required", "/text"),
        (Decision("clarify", "documents"), "text-required", "/text"),
    ],
)
def test_a_decision_without_grounds_is_refused(decision: Decision, code: str, pointer: str) -> None:
    with pytest.raises(Invalid) as refused:
        decision.require_grounds()
    assert (refused.value.code, refused.value.errors[0].pointer) == (code, pointer)


@pytest.mark.parametrize(
    "decision", [Decision("approve"), Decision("clarify", None, "что?"), Decision("reject", "no", "потому")]
)
def test_a_decision_with_grounds_is_taken(decision: Decision) -> None:
    decision.require_grounds()


def test_who_is_not_the_head_names_the_order() -> None:
    require_order(ANNA)
    deputy = replace(ANNA, ground="authorised")
    with pytest.raises(Invalid, match="order-required"):
        require_order(deputy)
    require_order(replace(deputy, order_no="12-к"))


def test_the_ground_makes_the_category() -> None:
    assert ANNA.entry.category == "head"
    assert replace(ANNA, ground="authorised").entry.category == "employee"


def test_a_number_has_the_year_of_moscow() -> None:
    assert number_of(42, datetime(2026, 11, 23, tzinfo=UTC)) == "A26-000042"
    assert number_of(1_234_567, datetime(2026, 12, 31, 21, tzinfo=UTC)) == "A27-1234567"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("а26-000042", "A26-000042"),
        ("А26-000042", "A26-000042"),
        ("a26-000042", "A26-000042"),
        ("школа26-1", "школа26-1"),
    ],
)
def test_a_number_is_read_as_people_type_it(typed: str, meant: str) -> None:
    assert as_number(typed) == meant


@pytest.mark.parametrize(
    ("published", "is_hers"),
    [
        ("Соловьёва Анна Петровна", True),
        ("СОЛОВЬЕВА  Анна", True),
        ("Соловьёва Анна Львовна", False),
        ("Соловьёва Мария Петровна", False),
        ("Соловьёва", False),
        ("", False),
        (None, False),
    ],
)
def test_the_applicant_may_be_the_head_who_was_published(published: str | None, is_hers: bool) -> None:
    assert application("submitted").is_by(published) is is_hers
    assert not replace(application("rejected"), applicant=None).is_by(published)


def test_a_forgotten_applicant_leaves_no_name_to_search_by() -> None:
    assert "соловьева" in application("rejected").search_text
    assert replace(application("rejected"), applicant=None).search_text == " a26 000001 1 3 школа 1 школа 1"


@given(st.uuids())
def test_a_code_is_derived_again_and_forgives_how_it_is_typed(application_id: UUID) -> None:
    code = tracking_code(KEY, application_id)
    assert len(code.replace("-", "")) * 5 == 80
    assert not set(code) & set("ILOU")
    letters = code.replace("0", "o")
    for typed in (code, code.lower(), code.replace("-", ""), f" {code.replace('-', ' ')} ", letters.replace("1", "l")):
        assert is_code(typed, KEY, application_id)


def test_a_code_opens_one_application_under_one_key() -> None:
    one, other = uuid4(), uuid4()
    code = tracking_code(KEY, one)
    assert not is_code(code, KEY, other)
    assert not is_code(code, b"x" * 32, one)
    for typed in (None, "", code[:-1], code + "0", "ж" * 16):
        assert not is_code(typed, KEY, one)


def test_codes_use_the_whole_alphabet_in_every_place() -> None:
    codes = [tracking_code(KEY, UUID(int=serial)).replace("-", "") for serial in range(2_000)]
    assert all(len({code[place] for code in codes}) == 32 for place in range(16))
