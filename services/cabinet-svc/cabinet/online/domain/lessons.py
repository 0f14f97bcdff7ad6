"""Online lessons: their time, their steps, and who may see and change one."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal, Self
from uuid import UUID

from chassis.errors import Conflict, Invalid, NotFound, WrongStep

from cabinet.diary.domain.calendar import first_day, today

State = Literal["planned", "live", "finished", "cancelled"]

STEPS: dict[State, set[State]] = {
    "planned": {"live", "cancelled"},
    "live": {"finished", "cancelled"},
    "finished": set(),
    "cancelled": set(),
}
SHORTEST, LONGEST = timedelta(minutes=5), timedelta(hours=4)
FARTHEST = timedelta(days=366)
EARLY = timedelta(minutes=15)  # before its time, in which a lesson may begin
FORGOTTEN = timedelta(hours=1)  # after its time, when a live lesson ends by itself
MOST_CLASSES = 6


@dataclass(frozen=True)
class Lesson:
    """An online lesson of one or more classes in a subject. `link` is where it is held."""

    lesson_id: UUID
    school_id: UUID
    account_id: UUID
    subject_id: UUID
    title: str
    starts: datetime
    ends: datetime
    link: str | None
    state: State = "planned"
    reason: str | None = None
    version: int = 1
    attendance_version: int = 0

    @property
    def day(self) -> date:
        """On which it begins, in Moscow: that of its marks."""
        return today(self.starts)

    def require_time(self, now: datetime) -> None:
        """Raises Invalid for a lesson too short or too long, one that is over, or one too far."""
        if not SHORTEST <= self.ends - self.starts <= LONGEST:
            raise Invalid("lesson-length", "/ends", minutes=int(SHORTEST.total_seconds() // 60), hours=4)
        if not now < self.ends <= now + FARTHEST:
            raise Invalid("lesson-out-of-range", "/starts")

    def require_year(self, year: int) -> None:
        """Raises Invalid for a day outside the school year of a class."""
        if not first_day(year) <= self.day < first_day(year + 1):
            raise Invalid("outside-school-year", "/starts", year=year)

    def to(self, state: State) -> Self:
        """Raises WrongStep."""
        if state not in STEPS[self.state]:
            raise WrongStep(self.state, state)
        return replace(self, state=state, version=self.version + 1)

    def started(self, now: datetime) -> Self:
        """Pupils see the link from now on. Raises WrongStep, Conflict much before its time or after it, or without
        a link."""
        live = self.to("live")
        if now < self.starts - EARLY:
            raise Conflict("lesson-too-early", minutes=int(EARLY.total_seconds() // 60))
        if now >= self.ends:
            raise Conflict("lesson-time-over")
        if self.link is None:
            raise Conflict("lesson-without-link")
        return live

    def cancelled(self, reason: str) -> Self:
        """It does not take place. Raises WrongStep."""
        return replace(self.to("cancelled"), reason=reason)

    def changed(self, values: dict[str, Any], now: datetime) -> Self:
        """With other values; of a live lesson title and link alone. Raises WrongStep, Invalid."""
        changed = replace(self, **values)
        fixed = self.state == "live" and (changed.starts, changed.ends) != (self.starts, self.ends)
        if self.state not in ("planned", "live") or fixed:
            raise WrongStep(self.state, "changed")
        if (changed.starts, changed.ends) != (self.starts, self.ends):
            changed.require_time(now)
        return replace(changed, version=self.version + 1)

    def require_standing(self) -> None:
        """Raises WrongStep once it is cancelled: nothing is added to it any more."""
        if self.state == "cancelled":
            raise WrongStep(self.state, "changed")

    def require_begun(self, now: datetime) -> None:
        """Raises Conflict before its time: nobody is there yet. Raises WrongStep once it is cancelled."""
        self.require_standing()
        if now < self.starts - EARLY:
            raise Conflict("attendance-too-early")


@dataclass(frozen=True)
class Tie:
    """What somebody has to do with a lesson: gives it, replaces who does on its day, leads some of its classes."""

    gives: bool
    replaces: bool
    led: tuple[UUID, ...]

    @property
    def is_own(self) -> bool:
        """Whether it is theirs to change."""
        return self.gives or self.replaces

    def require_own(self) -> None:
        """Raises NotFound for others."""
        if not self.is_own:
            raise NotFound

    def classes(self) -> tuple[UUID, ...] | None:
        """Whose pupils they may see; None for all of the lesson. Raises NotFound for who has nothing to do with it."""
        if self.is_own:
            return None
        if not self.led:
            raise NotFound
        return self.led


@dataclass(frozen=True)
class Clash:
    """A lesson at the same time: of the same teacher, or of a class (named)."""

    title: str
    starts: datetime
    ends: datetime
    class_name: str | None

    def refusal(self) -> Conflict:
        """Names the lesson."""
        lesson = {"title": self.title, "starts": self.starts.isoformat(), "ends": self.ends.isoformat()}
        if self.class_name is None:
            return Conflict("teacher-busy", title=self.title, lesson=lesson)
        return Conflict("class-busy", title=self.title, class_name=self.class_name, lesson=lesson)
