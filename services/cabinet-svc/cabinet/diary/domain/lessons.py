"""Lessons: when there may be one, and who may see and make it."""

import datetime as dt
from dataclasses import dataclass, field
from uuid import UUID

from chassis.errors import Invalid, NotFound

from cabinet.diary.domain.calendar import Term


@dataclass(frozen=True)
class Author:
    """Who writes, and at which school."""

    account_id: UUID
    school_id: UUID


@dataclass(frozen=True)
class Lesson:
    """A lesson of a class in a subject. `homework` is given at it with `files`, for `homework_due`."""

    lesson_id: UUID
    school_id: UUID
    class_id: UUID
    subject_id: UUID
    term_id: UUID
    year: int
    date: dt.date
    number: int
    topic: str | None
    homework: str | None
    homework_due: dt.date | None
    version: int
    files: list[UUID] = field(default_factory=list)

    def require_due_later(self) -> None:
        """Raises Invalid for homework that is due before it was given."""
        if self.homework_due and self.homework_due <= self.date:
            raise Invalid("due-too-early", "/homework_due")
        if self.homework_due and not self.homework:
            raise Invalid("empty", "/homework")


@dataclass(frozen=True)
class Place:
    """What somebody has to do with a class and a subject: teaches, replaces that day, leads the class."""

    year: int
    grade: int
    leads: bool | None
    teaches: bool
    replaces: bool
    has_replaced: bool

    def require_visible(self) -> None:
        """Raises NotFound for others."""
        if not (self.teaches or self.leads or self.has_replaced):
            raise NotFound

    def require_own(self) -> None:
        """Raises NotFound for who neither teaches there nor replaces that day."""
        if not (self.teaches or self.replaces):
            raise NotFound


def require_term(term: Term | None) -> Term:
    """Raises Invalid for a day outside every term, Conflict for one in a closed term."""
    if term is None:
        raise Invalid("no-term", "/date")
    term.require_open()
    return term
