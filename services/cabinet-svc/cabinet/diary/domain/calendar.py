"""Days of a school: the date in Moscow, weeks, school years, terms."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from chassis.errors import Conflict, Invalid
from ekis_contracts.fault import Fault

from cabinet.people.domain import MOSCOW

FIRST_MONTH = 9  # of a school year
WINDOW = timedelta(days=7)  # after a lesson, in which its marks are the teacher's to change
_WEEK = re.compile(r"(\d{4})-W(\d\d)", re.ASCII)


def today(now: datetime) -> date:
    """The date in Moscow."""
    return now.astimezone(MOSCOW).date()


def monday(week: str) -> date:
    """The first day of an ISO week, 2026-W48. Raises Fault."""
    found = _WEEK.fullmatch(week)
    try:
        assert found
        return date.fromisocalendar(int(found[1]), int(found[2]), 1)
    except (AssertionError, ValueError):
        raise Fault("week-format") from None


def first_day(year: int) -> date:
    """Of the school year that begins in this one."""
    return date(year, FIRST_MONTH, 1)


@dataclass(frozen=True)
class Term:
    """A stretch of a school year for classes of some grades; when it is closed its marks are final."""

    term_id: UUID
    year: int
    name: str
    starts: date
    ends: date
    grade_from: int
    grade_to: int
    closed: bool

    def require_order(self) -> None:
        """Raises Invalid for days outside the school year or in the wrong order."""
        if not first_day(self.year) <= self.starts < first_day(self.year + 1):
            raise Invalid("outside-school-year", "/starts", year=self.year)
        if not self.starts < self.ends < first_day(self.year + 1):
            raise Invalid("ends-too-early" if self.ends <= self.starts else "outside-school-year", "/ends")
        if self.grade_to < self.grade_from:
            raise Invalid("grades-order", "/grade_to")

    def require_open(self) -> None:
        """Raises Conflict once the head has closed it."""
        if self.closed:
            raise Conflict("term-closed", term=self.name)
