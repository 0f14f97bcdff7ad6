"""Working days by the calendar of Moscow."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from registry.domain.days import MOSCOW, end_of_working_day, today


@pytest.mark.parametrize(
    ("filed", "until"),
    [
        ("2026-11-23T09:00", "2026-12-01T00:00"),  # Monday morning: all of next Monday is left
        ("2026-11-27T18:00", "2026-12-05T00:00"),  # Friday evening: till next Friday is over
        ("2026-11-28T12:00", "2026-12-05T00:00"),  # Saturday
        ("2026-11-29T12:00", "2026-12-05T00:00"),  # Sunday
        ("2026-11-25T00:00", "2026-12-03T00:00"),
    ],
)
def test_five_working_days(filed: str, until: str) -> None:
    now = datetime.fromisoformat(filed).replace(tzinfo=MOSCOW)
    assert end_of_working_day(now, 5) == datetime.fromisoformat(until).replace(tzinfo=MOSCOW)


def test_the_date_is_that_of_moscow() -> None:
    late = datetime(2026, 11, 27, 21, 30, tzinfo=UTC)  # Friday in London, Saturday in Moscow
    assert today(late) == date(2026, 11, 28)
    assert end_of_working_day(late, 1) == datetime(2026, 12, 1, tzinfo=MOSCOW)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)), st.integers(1, 20))  # noqa: DTZ001 - made aware below
def test_there_are_so_many_weekdays_between(moment: datetime, days: int) -> None:
    now = moment.replace(tzinfo=UTC)
    last = (end_of_working_day(now, days) - timedelta(seconds=1)).astimezone(MOSCOW).date()
    first = today(now) + timedelta(days=1)
    between = [first + timedelta(days=step) for step in range((last - first).days + 1)]
    assert sum(day.isoweekday() <= 5 for day in between) == days
    assert last.isoweekday() <= 5
