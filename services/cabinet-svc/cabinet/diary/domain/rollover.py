"""The end of a school year: classes go up a grade, graduates leave."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from chassis.errors import Conflict, Invalid

from cabinet.diary.domain.calendar import first_day

LAST_GRADES = (9, 11)  # basic and secondary general education end here (law 273-FZ, article 66)
EARLIEST = (5, 20)  # month and day on which a year may be rolled over
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Ended:
    """A class of the year that ends, and how many are in it now."""

    class_id: UUID
    grade: int
    letter: str
    teacher_id: UUID | None
    pupils: int

    @property
    def name(self) -> str:
        """5А."""
        return f"{self.grade}{self.letter}"

    @property
    def next_name(self) -> str:
        """6А."""
        return f"{self.grade + 1}{self.letter}"


@dataclass(frozen=True)
class Rollover:
    """What a year becomes: `going_on` rise a grade, `leaving` leave the school."""

    year: int
    going_on: tuple[Ended, ...]
    leaving: tuple[Ended, ...]

    @property
    def first_day(self) -> date:
        """Of the new year."""
        return first_day(self.year + 1)

    @property
    def last_day(self) -> date:
        """Of the old one."""
        return self.first_day - _DAY


def require_time(year: int, day: date) -> None:
    """Raises Conflict before the school year draws to its end."""
    first = date(year + 1, *EARLIEST)
    if day < first:
        raise Conflict("rollover-too-early", year=f"{year}/{year + 1}", day=f"{first:%d.%m.%Y}")


def planned(year: int, classes: Sequence[Ended], leaving: frozenset[UUID], present: frozenset[str]) -> Rollover:
    """Raises Invalid for leavers that are no class of the last grades, Conflict where nothing ends, or the new year
    has one of the classes already (`present`: their names)."""
    known = {one.class_id: one for one in classes}
    for class_id in leaving:
        if class_id not in known or known[class_id].grade not in LAST_GRADES:
            raise Invalid("no-last-grade", "/leaving", grades=" или ".join(map(str, LAST_GRADES)))
    if not classes:
        raise Conflict("no-classes", year=year)
    ending = tuple(one for one in classes if one.class_id in leaving or one.grade >= max(LAST_GRADES))
    going_on = tuple(one for one in classes if one not in ending)
    if there := sorted({one.next_name for one in going_on} & present):
        raise Conflict("already-rolled-over", classes=", ".join(there))
    return Rollover(year, going_on, ending)
