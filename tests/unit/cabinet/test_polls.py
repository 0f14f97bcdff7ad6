"""Polls: their steps, what may be changed when, what answers they take, what of their results is shown."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID

import pytest
from cabinet.notices.domain import CITY
from cabinet.polls.domain.answers import Given, checked, packed, unpacked, worded
from cabinet.polls.domain.polls import STEPS, Draft, Poll, Question, Scale, State
from cabinet.polls.domain.results import Results, Tally, results, rows
from chassis.errors import Conflict, Invalid, WrongStep
from ekis_contracts.values import Audience
from ekis_tables.writing import csv_lines

NOW = datetime(2026, 11, 24, tzinfo=UTC)
SCHOOL, OTHER = UUID(int=1), UUID(int=2)
HALL = Question("single", "Где?", True, ("В зале", "Онлайн"), question_id=UUID(int=10))
DAYS = Question("multiple", "Когда?", False, ("Пн", "Вт", "Ср"), most=2, question_id=UUID(int=11))
MOOD = Question("scale", "Как?", False, scale=Scale(1, 5, "Плохо", ""), question_id=UUID(int=12))
WISH = Question("text", "Чего нет?", False, question_id=UUID(int=13))
ALL = (HALL, DAYS, MOOD, WISH)
DRAFT = Draft("О педсовете", "", Audience(), anonymous=True, shares_results=False, questions=ALL, closes_at=None)


def poll(state: State, draft: Draft = DRAFT) -> Poll:
    counted = NOW if state == "closed" else None
    return Poll(UUID(int=3), SCHOOL, UUID(int=4), draft, state, published_at=NOW, counted_at=counted)


def stepped(it: Poll, to: State) -> Poll:
    return it.published(NOW) if to == "published" else it.closed(NOW)


@pytest.mark.parametrize(("state", "to"), list(product(STEPS, STEPS)))
def test_every_step_is_in_the_table_or_refused(state: State, to: State) -> None:
    if to in STEPS[state]:
        assert stepped(poll(state), to).state == to
    elif to != "draft":
        with pytest.raises(WrongStep):
            stepped(poll(state), to)


def test_a_text_may_be_changed_until_somebody_has_answered_and_an_end_until_it_is_over() -> None:
    other, later = replace(DRAFT, title="Иначе"), DRAFT.until(NOW + timedelta(days=3))
    assert poll("published").edited(other, NOW, is_answered=False).draft == other
    assert poll("published").edited(later, NOW, is_answered=True).remind_at == NOW + timedelta(days=2)
    assert poll("draft").edited(later, NOW, is_answered=False).remind_at is None, "nobody has been asked"
    for changed in (other, replace(DRAFT, anonymous=False), replace(DRAFT, questions=ALL[:2])):
        with pytest.raises(Conflict, match="poll-text-frozen"):
            poll("published").edited(changed, NOW, is_answered=True)
    with pytest.raises(Conflict, match="poll-audience-frozen"):
        poll("published").edited(replace(DRAFT, audience=Audience(posts=("завуч",))), NOW, is_answered=False)
    with pytest.raises(WrongStep):
        poll("closed").edited(later, NOW, is_answered=False)


def test_new_ids_of_questions_are_no_other_text() -> None:
    again = replace(DRAFT, questions=tuple(replace(one, question_id=UUID(int=99)) for one in ALL))
    assert again.says_what(DRAFT)
    assert not again.says_what(replace(DRAFT, intro="x"))


@pytest.mark.parametrize("ahead", [timedelta(0), -timedelta(seconds=1), timedelta(days=367)])
def test_an_end_that_has_passed_or_is_far_is_refused(ahead: timedelta) -> None:
    with pytest.raises(Invalid):
        DRAFT.until(NOW + ahead).ends_within(NOW)


def test_a_poll_of_a_school_reaches_that_school_whatever_else_is_asked() -> None:
    asked = replace(DRAFT, audience=Audience(posts=("учитель",)))
    assert asked.on(SCHOOL).audience == Audience(posts=("учитель",), school_ids=(SCHOOL,))
    for audience in (Audience(school_ids=(OTHER,)), Audience(school_ids=(SCHOOL, OTHER)), Audience(districts=("А",))):
        with pytest.raises(Invalid):
            replace(DRAFT, audience=audience).on(SCHOOL)
        assert replace(DRAFT, audience=audience).on(CITY).audience == audience


def test_it_is_closed_from_its_very_end() -> None:
    ends = poll("published", DRAFT.until(NOW))
    ends.require_open(NOW - timedelta(microseconds=1))
    with pytest.raises(Conflict):
        ends.require_open(NOW)


def test_answers_are_kept_by_question_and_worded() -> None:
    given: dict[UUID, Given] = {
        HALL.question_id: 1,
        DAYS.question_id: [2, 0],
        MOOD.question_id: 1,
        WISH.question_id: " Тишины  всем ",
    }
    answers = checked(ALL, given)
    assert list(answers.values()) == [[1], [0, 2], [1], ["Тишины всем"]]
    said = ["Онлайн", "Пн; Ср", "1 — Плохо", "Тишины всем"]
    assert [answer for _, answer in worded(ALL, answers)] == said
    assert checked(ALL, {HALL.question_id: 0, DAYS.question_id: [], WISH.question_id: " "}) == {
        str(HALL.question_id): [0]
    }


@pytest.mark.parametrize("text", ["", "ж", "\U0001f600" * 1000, '"' * 1000, "\\" * 1000, "а\n" * 500])
def test_an_envelope_is_as_long_as_any_other_and_gives_back_what_was_put_in(text: str) -> None:
    answers = {str(HALL.question_id): [0], str(DAYS.question_id): [0, 1, 2], str(WISH.question_id): [text]}
    inside = packed(ALL, answers)  # type: ignore[arg-type]
    assert unpacked(inside) == answers
    assert len(inside.padded) == len(packed(ALL, {str(HALL.question_id): [0]}).padded)


def shown(*, answered: int, by_question: int) -> Results:
    key = str(HALL.question_id)
    texts = {str(WISH.question_id): ["=1+1"]}
    people = {key: by_question, str(WISH.question_id): by_question}
    return results(poll("closed"), Tally(answered, people, {(key, 0): by_question}, texts), asked=9)


@pytest.mark.parametrize(("answered", "by_question", "hidden"), [(4, 4, True), (5, 4, True), (5, 5, False)])
def test_nothing_of_fewer_than_five_is_shown(answered: int, by_question: int, hidden: bool) -> None:
    seen = shown(answered=answered, by_question=by_question)
    assert bool(seen.hidden) == (answered < 5)
    assert ("В зале" not in str(rows(seen)), "=1+1" not in str(rows(seen))) == (hidden, hidden)


def test_a_table_computes_nothing() -> None:
    text = csv_lines(rows(shown(answered=5, by_question=5)))
    assert "Где?;В зале;5;100,0" in text
    assert "Чего нет?;'=1+1;;" in text
