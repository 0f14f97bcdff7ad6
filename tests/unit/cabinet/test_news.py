"""News: its steps, whom a school's may reach."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID

import pytest
from cabinet.news.domain import DEPARTMENT, STEPS, Draft, News, State
from chassis.errors import Conflict, Invalid, WrongStep
from ekis_contracts.values import Audience

NOW = datetime(2026, 11, 24, tzinfo=UTC)
SCHOOL, OTHER = UUID(int=1), UUID(int=2)
DRAFT = Draft("Заголовок", "Текст", Audience(), pinned=False)


def news(state: State) -> News:
    return News(UUID(int=3), SCHOOL, UUID(int=4), DRAFT, state)


@pytest.mark.parametrize(("state", "to"), list(product(STEPS, STEPS)))
def test_every_step_is_in_the_table_or_refused(state: State, to: State) -> None:
    if to in STEPS[state]:
        assert news(state).to(to).state == to
    else:
        with pytest.raises(WrongStep):
            news(state).to(to)


@pytest.mark.parametrize("ahead", [timedelta(0), -timedelta(seconds=1), timedelta(days=367)])
def test_a_moment_that_has_passed_or_is_far_is_refused(ahead: timedelta) -> None:
    with pytest.raises(Invalid):
        news("draft").scheduled(NOW + ahead, NOW)


def test_news_of_a_school_reach_that_school_whatever_else_is_asked() -> None:
    teachers = Audience(posts=("учитель",))
    assert Draft("", "", teachers, pinned=False).on(SCHOOL).audience == Audience(
        posts=("учитель",), school_ids=(SCHOOL,)
    )
    for audience in (Audience(school_ids=(OTHER,)), Audience(school_ids=(SCHOOL, OTHER)), Audience(districts=("А",))):
        with pytest.raises(Invalid):
            Draft("", "", audience, pinned=False).on(SCHOOL)
        assert Draft("", "", audience, pinned=False).on(DEPARTMENT).audience == audience


def test_the_public_reads_only_what_is_the_departments_and_for_everybody() -> None:
    public = Draft("", "", Audience(), pinned=False, is_public=True)
    assert public.on(DEPARTMENT) == public
    with pytest.raises(Invalid):
        public.on(SCHOOL)
    for narrow in (Audience(posts=("учитель",)), Audience(school_ids=(SCHOOL,)), Audience(categories=("head",))):
        with pytest.raises(Invalid):
            replace(public, audience=narrow).on(DEPARTMENT)


def test_what_is_out_keeps_its_audience_and_what_is_over_its_text() -> None:
    other = Draft("Другой", "Текст", Audience(posts=("завуч",)), pinned=False)
    assert news("draft").edited(other).draft == other
    with pytest.raises(Conflict):
        news("published").edited(other)
    with pytest.raises(WrongStep):
        news("archived").edited(DRAFT)
