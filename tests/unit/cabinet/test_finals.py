"""Rounding of final marks by the three rules of schools, at their edges."""

from decimal import Decimal

import pytest
from cabinet.diary.domain.finals import Rounding, allowed, average, proposed
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("value", "rule", "marks"),
    [
        ("4.49", "from-50", (4,)),
        ("4.50", "from-50", (5,)),
        ("4.59", "from-60", (4,)),
        ("4.60", "from-60", (5,)),
        ("4.39", "teacher", (4,)),
        ("4.40", "teacher", (4, 5)),
        ("4.59", "teacher", (4, 5)),
        ("4.60", "teacher", (5,)),
        ("5.00", "from-50", (5,)),
        ("2.00", "teacher", (2,)),
    ],
)
def test_what_follows_from_an_average(value: str, rule: Rounding, marks: tuple[int, ...]) -> None:
    assert allowed(Decimal(value), rule) == marks
    assert proposed(Decimal(value), rule) == (marks[0] if len(marks) == 1 else None)


def test_nothing_follows_from_no_marks() -> None:
    assert (average(0, 0), allowed(None, "from-50"), proposed(None, "teacher")) == (None, (), None)


def test_what_is_shown_is_what_is_rounded() -> None:
    assert average(8991, 2000) == Decimal("4.50")  # 4.4955
    assert average(13, 3) == Decimal("4.33")


@given(
    st.lists(st.tuples(st.integers(2, 5), st.integers(1, 5)), min_size=1, max_size=60),
    st.sampled_from(["from-50", "from-60", "teacher"]),
)
def test_a_final_is_never_beyond_the_marks_that_were_given(marks: list[tuple[int, int]], rule: Rounding) -> None:
    value = average(sum(mark * weight for mark, weight in marks), sum(weight for _, weight in marks))
    given_marks = [mark for mark, _ in marks]
    assert all(min(given_marks) <= mark <= max(given_marks) for mark in allowed(value, rule))
