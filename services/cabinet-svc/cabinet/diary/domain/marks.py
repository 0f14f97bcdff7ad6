"""Marks: what a cell of the journal may say, and who may change it until when."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal
from uuid import UUID

from chassis.errors import Conflict, FieldError, Invalid, NotFound, Stale

from cabinet.diary.domain.calendar import WINDOW
from cabinet.diary.domain.saves import all_invalid, repeated

Absence = Literal["Н", "Б", "УП", "ОП"]
LATE: Absence = "ОП"  # came late, so was there
Key = tuple[UUID, UUID]  # lesson, pupil


@dataclass(frozen=True)
class Cell:
    """What stands in a cell: a mark or a credit, an absence code, a weight of 1 to 5. It may be empty."""

    mark: int | None = None
    credit: bool | None = None
    absence: Absence | None = None
    weight: int = 1
    comment: str | None = None

    @property
    def points(self) -> tuple[int, int]:
        """What it adds to the average: mark times weight, and weight."""
        return (self.mark * self.weight, self.weight) if self.mark else (0, 0)

    def wrong(self) -> tuple[str, str] | None:
        """The field that contradicts another, and why: who was not there may have a credit handed in, but no mark."""
        if self.mark is not None and self.credit is not None:
            return "credit", "mark-or-credit"
        if self.mark is not None and self.absence not in (None, LATE):
            return "mark", "mark-of-absent"
        return None


EMPTY = Cell()


@dataclass(frozen=True)
class Kept:
    """A cell at its version; 0 while nothing was ever written there."""

    cell: Cell = EMPTY
    version: int = 0

    def shown(self) -> dict[str, Any]:
        """For a journal."""
        return {"version": self.version, **asdict(self.cell)}


@dataclass(frozen=True)
class Entry:
    """What somebody wants to stand in a cell, over the version that was seen."""

    lesson_id: UUID
    pupil_id: UUID
    version: int
    cell: Cell

    @property
    def key(self) -> Key:
        """Which cell."""
        return self.lesson_id, self.pupil_id


@dataclass(frozen=True)
class Ground:
    """A lesson, locked, as its marks see it; `leave`: the head lets this author edit it late."""

    lesson_id: UUID
    class_id: UUID
    subject_id: UUID
    term_id: UUID
    year: int
    date: dt.date
    term: str
    closed: bool
    teaches: bool
    leave: bool

    def require_editable(self, day: dt.date, reason: str | None) -> None:
        """Raises NotFound for who does not teach there; Conflict for the future, a closed term, or days after the
        window without leave; Invalid for a late edit without a reason."""
        if not self.teaches:
            raise NotFound
        if self.date > day:
            raise Conflict("lesson-in-future", date=str(self.date))
        if self.closed:
            raise Conflict("term-closed", term=self.term)
        if day > self.date + WINDOW:
            if not self.leave:
                raise Conflict("window-closed", date=str(self.date), days=WINDOW.days)
            if reason is None:
                raise Invalid("reason-required", "/reason")


@dataclass(frozen=True)
class Change:
    """A cell that becomes another."""

    key: Key
    ground: Ground
    old: Kept
    new: Kept


@dataclass
class Judgement:
    """All entries of one save against what is there: nothing is saved unless all may be."""

    cells: Mapping[Key, Kept]
    members: frozenset[Key]
    errors: list[FieldError] = field(default_factory=list)
    stale: list[tuple[Entry, Kept]] = field(default_factory=list)

    def changes(self, entries: Sequence[Entry], grounds: Mapping[UUID, Ground]) -> list[Change]:
        """What is to be written; who sends the same again writes nothing. Raises Invalid, Stale with both values."""
        found = [
            change for place, entry in enumerate(entries) if (change := self._change(place, entry, grounds)) is not None
        ]
        again = repeated([entry.key for entry in entries])
        self.errors += [FieldError(f"/marks/{place}", "cell-twice") for place in again]
        if self.errors:
            raise all_invalid(self.errors)
        if self.stale:
            raise _stale(self.stale)
        return found

    def _change(self, place: int, entry: Entry, grounds: Mapping[UUID, Ground]) -> Change | None:
        kept = self.cells.get(entry.key, Kept())
        if entry.key not in self.members:
            self.errors.append(FieldError(f"/marks/{place}/pupil_id", "pupil-not-in-class"))
        elif wrong := entry.cell.wrong():
            self.errors.append(FieldError(f"/marks/{place}/{wrong[0]}", wrong[1]))
        elif entry.cell == kept.cell:
            return None
        elif entry.version != kept.version:
            self.stale.append((entry, kept))
        return Change(entry.key, grounds[entry.lesson_id], kept, Kept(entry.cell, kept.version + 1))


def _stale(stale: Iterable[tuple[Entry, Kept]]) -> Stale:
    """With both values of every cell that somebody else has changed meanwhile."""
    return Stale(
        cells=[
            {
                "lesson_id": str(entry.lesson_id),
                "pupil_id": str(entry.pupil_id),
                "current": kept.shown(),
                "yours": {"version": entry.version, **asdict(entry.cell)},
            }
            for entry, kept in stale
        ]
    )


@dataclass(frozen=True)
class Past:
    """The newest change of a cell in somebody's last save."""

    lesson_id: UUID
    pupil_id: UUID
    old: Cell
    current_version: int
    is_newest: bool

    def undone(self) -> Entry:
        """What takes it back. Raises Conflict when somebody has changed the cell since."""
        if not self.is_newest:
            raise Conflict("changed-since")
        return Entry(self.lesson_id, self.pupil_id, self.current_version, self.old)
