"""Working days: Monday to Friday by the calendar of Moscow."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MOSCOW = ZoneInfo("Europe/Moscow")
SATURDAY = 5


def today(now: datetime) -> date:
    """The date in Moscow."""
    return now.astimezone(MOSCOW).date()


def end_of_working_day(now: datetime, days: int) -> datetime:
    """The end of the working day that is so many after today's date in Moscow, in UTC."""
    day = today(now)
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < SATURDAY
    return datetime.combine(day + timedelta(days=1), time(), MOSCOW).astimezone(UTC)
