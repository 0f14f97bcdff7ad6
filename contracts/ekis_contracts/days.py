"""Working days of Russia by the calendar of Moscow, in which deadlines are told; the days off are data."""

import tomllib
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

MOSCOW = ZoneInfo("Europe/Moscow")
SATURDAY = 5
JANUARY = 1
_DAY = timedelta(days=1)
_CALENDAR = tomllib.loads(files(__package__).joinpath("holidays.toml").read_text("utf-8"))
_HOLIDAYS = frozenset(_CALENDAR["holidays"])


def today(now: datetime) -> date:
    """The date in Moscow."""
    return now.astimezone(MOSCOW).date()


def is_working(day: date) -> bool:
    """Whether people work on that day of a five-day week."""
    settled = _CALENDAR.get(str(day.year))
    if settled is None:
        return _is_plain(day) and day not in _moved(day.year)
    return day in settled["worked"] or (_is_plain(day) and day not in settled["off"])


def end_of_working_day(now: datetime, days: int) -> datetime:
    """The end of the working day that is so many after today's date in Moscow, in UTC."""
    day = today(now)
    while days:
        day += _DAY
        days -= is_working(day)
    return datetime.combine(day + _DAY, time(), MOSCOW).astimezone(UTC)


def _is_plain(day: date) -> bool:
    """Neither a weekend nor a holiday."""
    return day.weekday() < SATURDAY and f"{day:%m-%d}" not in _HOLIDAYS


@cache
def _moved(year: int) -> frozenset[date]:
    """What holidays on weekends give: the next working day each. January's are the government's to move."""
    holidays = (date.fromisoformat(f"{year:04d}-{holiday}") for holiday in sorted(_HOLIDAYS))
    given: set[date] = set()
    for holiday in holidays:
        day = holiday
        while day.month != JANUARY and holiday.weekday() >= SATURDAY and (not _is_plain(day) or day in given):
            day += _DAY
        given |= {day} if day != holiday else set()
    return frozenset(given)
