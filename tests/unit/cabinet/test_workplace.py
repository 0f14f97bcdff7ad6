"""When a cabinet is open, what a workplace must say, how subjects and classes are written."""

from dataclasses import replace
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest
from cabinet.people.domain import Account, class_name, require_open
from cabinet.workplace.domain import SUBJECTS, Form, Post, Workplace, subject
from chassis.errors import Conflict, Fault, WrongStep
from ekis_contracts.values import AccountFacts, PersonName
from hypothesis import given
from hypothesis import strategies as st

ANNA = PersonName(last_name="Петрова", first_name="Анна")
ACCOUNT = Account(UUID(int=1))


def facts(state: Any, post: str = "Учитель") -> AccountFacts:
    ids = {"account_id": UUID(int=1), "staff_id": UUID(int=2), "school_id": UUID(int=3)}
    return AccountFacts(**ids, state=state, category="employee", post=post, session_epoch=1)


def a_place(post: str = "Учитель", **form: Any) -> Workplace:
    return Workplace(ACCOUNT, None, Post(post, None, "employee", "main"), Form(**form), 0)


@pytest.mark.parametrize(
    ("state", "cabinet"),
    [("issued", "provisioned"), ("active", "open"), ("suspended", "closed"), ("disabled", "erased")],
)
def test_a_cabinet_goes_as_its_account_goes(state: str, cabinet: str) -> None:
    assert ACCOUNT.told(facts(state), 1).state == cabinet


def test_the_newest_facts_and_the_newest_name_win_in_any_order() -> None:
    older = PersonName(last_name="Иванова", first_name="Анна")
    told = [(facts("issued"), 1, older), (facts("active"), 2, ANNA), (facts("suspended", "Завуч"), 3, None)]
    ends = set()
    for order in permutations(told):
        account = ACCOUNT
        for fact, version, name in order:
            account = account.told(fact, version)
            account = account.named(name, version) if name else account
        ends.add((account.state, account.post, account.name, account.facts_version, account.name_version))
    assert ends == {("closed", "Завуч", ANNA, 3, 2)}


def test_after_the_end_nothing_is_learnt() -> None:
    erased = ACCOUNT.told(facts("active"), 1).named(ANNA, 1).erased({"workplaces": 1})
    assert (erased.name, erased.post, erased.staff_id, erased.version) == (None, None, None, 1)
    with pytest.raises(WrongStep):
        erased.told(facts("active"), 99)


@pytest.mark.parametrize("account", [None, ACCOUNT, replace(ACCOUNT, state="closed"), replace(ACCOUNT, state="erased")])
def test_only_an_open_cabinet_opens(account: Account | None) -> None:
    with pytest.raises(Conflict, match="cabinet-closed"):
        require_open(account)


@pytest.mark.parametrize(
    ("post", "form", "missing"),
    [
        ("Учитель математики", {}, ["building", "work_phone", "subjects"]),
        ("старший преподаватель", {"building": "1", "work_phone": "+7"}, ["subjects"]),
        ("Директор", {}, ["building", "work_phone"]),
        ("Директор", {"building": "1", "work_phone": "+7"}, []),
        ("учитель", {"building": "1", "work_phone": "+7", "subjects": ("Физика",)}, []),
    ],
)
def test_what_is_required_follows_the_post(post: str, form: dict[str, Any], missing: list[str]) -> None:
    place = a_place(post, **form)
    assert place.missing == missing
    assert place.complete == (not missing)


def test_to_propose_ones_own_post_is_to_propose_nothing() -> None:
    assert a_place("Учитель").filled(Form(proposed_post="учитель")).form.proposed_post is None
    assert a_place("Учитель").filled(Form(proposed_post="Завуч")).form.proposed_post == "Завуч"


@pytest.mark.parametrize(
    ("text", "written"),
    [("математика", "Математика"), ("АНГЛИЙСКИЙ ЯЗЫК", "Английский язык"), ("Робототехника 3D", "Робототехника 3D")],
)
def test_subjects_take_the_dictionarys_spelling(text: str, written: str) -> None:
    assert subject(text) == written
    assert subject(written) == written


@pytest.mark.parametrize("text", ["5", "<b>", "=1+1", "@mail", "a", "Физика;Химия"])
def test_what_is_no_subject_is_refused(text: str) -> None:
    with pytest.raises(Fault, match="subject-format"):
        subject(text)


@pytest.mark.parametrize(
    ("text", "written"),
    [("5а", "5А"), ("10 Б", "10Б"), ("7-«в»", "7В"), ("1", "1"), ("5A", "5А"), ("11 к", "11К")],
)
def test_classes_are_written_one_way(text: str, written: str) -> None:
    assert class_name(text) == written
    assert class_name(written) == written


@pytest.mark.parametrize("text", ["0А", "13А", "А5", "5АБ", "5 а класс", "-1", ""])
def test_what_is_no_class_is_refused(text: str) -> None:
    with pytest.raises(Fault, match="class-format"):
        class_name(text)


@given(st.text(max_size=12))
def test_a_written_class_is_always_read_as_itself(text: str) -> None:
    try:
        written = class_name(text)
    except Fault:
        return
    assert class_name(written) == written


def test_every_suggested_subject_is_taken() -> None:
    assert [subject(one) for one in SUBJECTS] == list(SUBJECTS)
