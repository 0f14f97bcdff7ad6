"""What pupils are set and hand in."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from chassis.errors import Conflict, Invalid

from cabinet.diary.domain.marks import EMPTY, Cell

MOST_MATERIALS, MOST_ASSIGNMENTS = 20, 10
MOST_WORKS = 300  # of one class on one assignment
MOST_LINKS = 5
FARTHEST = timedelta(days=120)  # of a deadline, from now
STRAY_KEPT = timedelta(days=30)  # what nobody in the class list has handed in


@dataclass(frozen=True)
class Material:
    """What a lesson is taught with: a link, or a file."""

    material_id: UUID
    lesson_id: UUID
    title: str
    url: str | None = None
    file_id: UUID | None = None


@dataclass(frozen=True)
class Assignment:
    """What is to be done until when."""

    assignment_id: UUID
    lesson_id: UUID
    title: str
    body: str | None
    due: datetime
    version: int = 1

    def require_due(self, now: datetime) -> None:
        """Raises Invalid for a deadline that has passed, or is too far."""
        if not now < self.due <= now + FARTHEST:
            raise Invalid("due-out-of-range", "/due", days=FARTHEST.days)

    def require_open(self, now: datetime) -> None:
        """Raises Conflict after the deadline."""
        if now > self.due:
            raise Conflict("assignment-over")


@dataclass(frozen=True)
class Typed:
    """What somebody on the public page says: a name, and the work."""

    last_name: str
    first_name: str
    body: str | None
    links: tuple[str, ...]

    def require_something(self) -> None:
        """Raises Invalid for nothing."""
        if not (self.body or self.links):
            raise Invalid("work-empty", "/text")


@dataclass(frozen=True)
class Work:
    """A piece of work. `diary_lesson_id`: the lesson of the journal under which it was marked."""

    work_id: UUID
    lesson_id: UUID
    assignment_id: UUID
    class_id: UUID
    pupil_id: UUID | None
    diary_lesson_id: UUID | None
    version: int

    def require_unmarked(self) -> None:
        """Raises Conflict once its mark is in the journal."""
        if self.diary_lesson_id is not None:
            raise Conflict("work-marked")

    def whose(self) -> UUID:
        """Raises Conflict while it is nobody's of the class."""
        if self.pupil_id is None:
            raise Conflict("work-of-nobody")
        return self.pupil_id


@dataclass(frozen=True)
class Grade:
    """A mark for a piece of work, over the version of the cell that was seen; an empty cell takes the mark back.

    `under`: a lesson of the same journal, if not the one of that day.
    """

    cell: Cell
    version: int
    under: UUID | None
    reason: str | None

    @property
    def takes_back(self) -> bool:
        """Whether nothing is left."""
        return self.cell == EMPTY
