"""Working days by the calendar of Moscow, with the holidays of Russia."""

from datetime import UTC, date, datetime, timedelta

import pytest
from ekis_contracts.days import MOSCOW, end_of_working_day, is_working, today
from hypothesis import given
from hypothesis import strategies as st

# Working days a month in the production calendars that were published for these years
PUBLISHED = {
    2025: (17, 20, 21, 22, 18, 19, 23, 21, 22, 23, 19, 22),
    2026: (15, 19, 21, 22, 19, 21, 23, 21, 22, 22, 20, 22),
    2027: (15, 19, 22, 22, 19, 21, 22, 22, 22, 21, 20, 22),
}


@pytest.mark.parametrize(
    ("filed", "until"),
    [
        ("2026-11-23T09:00", "2026-12-01T00:00"),  # Monday morning: all of next Monday is left
        ("2026-11-27T18:00", "2026-12-05T00:00"),  # Friday evening: till next Friday is over
        ("2026-11-28T12:00", "2026-12-05T00:00"),  # Saturday
        ("2026-11-29T12:00", "2026-12-05T00:00"),  # Sunday
        ("2026-11-25T00:00", "2026-12-03T00:00"),
        ("2026-11-02T09:00", "2026-11-11T00:00"),  # 4 November is a holiday
        ("2026-12-30T09:00", "2027-01-16T00:00"),  # the new year's days off
        ("2027-02-17T09:00", "2027-02-26T00:00"),  # Saturday the 20th is worked, the 22nd and 23rd are off
        ("2025-10-30T09:00", "2025-11-08T00:00"),  # Saturday 1 November is worked, the 3rd and 4th are off
        ("2030-05-07T09:00", "2030-05-16T00:00"),  # no decree yet: the fixed days alone
    ],
)
def test_five_working_days(filed: str, until: str) -> None:
    now = datetime.fromisoformat(filed).replace(tzinfo=MOSCOW)
    assert end_of_working_day(now, 5) == datetime.fromisoformat(until).replace(tzinfo=MOSCOW)


def days_of(year: int) -> list[date]:
    return [date(year, 1, 1) + timedelta(days=step) for step in range(366 if year % 4 == 0 else 365)]


@pytest.mark.parametrize("year", PUBLISHED)
def test_every_month_has_as_many_working_days_as_was_published(year: int) -> None:
    working = [sum(day.month == month and is_working(day) for day in days_of(year)) for month in range(1, 13)]
    assert tuple(working) == PUBLISHED[year]


def test_without_a_decree_a_holiday_on_a_weekend_gives_the_next_working_day() -> None:
    """In 2033 the 8 January is a Saturday, 1 May and 12 June are Sundays; in 2032 the 8 and 9 May are a weekend."""
    off = [day for day in days_of(2033) if day.weekday() < 5 and not is_working(day)]
    assert [day for day in off if day.month in (1, 5, 6)] == [
        *(date(2033, 1, number) for number in range(3, 8)),
        date(2033, 5, 2),
        date(2033, 5, 9),
        date(2033, 6, 13),
    ]
    assert not is_working(date(2032, 5, 10))
    assert is_working(date(2032, 5, 11))
    assert not any(is_working(day) for day in days_of(2033) if day.weekday() >= 5)


def test_the_date_is_that_of_moscow() -> None:
    late = datetime(2026, 11, 27, 21, 30, tzinfo=UTC)  # Friday in London, Saturday in Moscow
    assert today(late) == date(2026, 11, 28)
    assert end_of_working_day(late, 1) == datetime(2026, 12, 1, tzinfo=MOSCOW)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)), st.integers(1, 20))  # noqa: DTZ001 - made aware below
def test_there_are_so_many_working_days_between(moment: datetime, days: int) -> None:
    now = moment.replace(tzinfo=UTC)
    last = (end_of_working_day(now, days) - timedelta(seconds=1)).astimezone(MOSCOW).date()
    first = today(now) + timedelta(days=1)
    between = [first + timedelta(days=step) for step in range((last - first).days + 1)]
    assert sum(map(is_working, between)) == days
    assert is_working(last)


@given(st.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_holidays_are_never_worked(day: date) -> None:
    fixed = {(1, number) for number in range(1, 9)} | {(2, 23), (3, 8), (5, 1), (5, 9), (6, 12), (11, 4)}
    assert not (is_working(day) and (day.month, day.day) in fixed)
