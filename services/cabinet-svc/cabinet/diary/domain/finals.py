"""Final marks: from the weighted average by the school's rule of rounding."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any, Literal
from uuid import UUID

from chassis.errors import FieldError, Stale

from cabinet.diary.domain.saves import all_invalid, repeated

Rounding = Literal["from-50", "from-60", "teacher"]
_UP_FROM = {"from-50": Decimal("0.5"), "from-60": Decimal("0.6")}
_UNDECIDED = (Decimal("0.4"), Decimal("0.6"))  # where the rule `teacher` leaves it to the teacher
_CENT, _ONE = Decimal("0.01"), Decimal(1)


def average(total: int, weights: int) -> Decimal | None:
    """To a hundredth, halves up, as it is shown; what is shown is what is rounded."""
    return (Decimal(total) / weights).quantize(_CENT, ROUND_HALF_UP) if weights else None


def allowed(value: Decimal | None, rule: Rounding) -> tuple[int, ...]:
    """The marks that follow from an average: one, or two where the teacher decides; none without marks."""
    if value is None:
        return ()
    low = value.quantize(_ONE, ROUND_FLOOR)
    rest = value - low
    if rule == "teacher":
        if _UNDECIDED[0] <= rest < _UNDECIDED[1]:
            return int(low), int(low) + 1
        return (int(low) + (rest >= _UNDECIDED[1]),)
    return (int(low) + (rest >= _UP_FROM[rule]),)


def proposed(value: Decimal | None, rule: Rounding) -> int | None:
    """The mark that the rule leaves no choice about."""
    marks = allowed(value, rule)
    return marks[0] if len(marks) == 1 else None


@dataclass(frozen=True)
class Final:
    """A final mark or credit; nothing in it is not assessed. At version 0 nobody has given it yet."""

    mark: int | None = None
    credit: bool | None = None
    version: int = 0

    @property
    def value(self) -> tuple[int | None, bool | None]:
        """What was given."""
        return self.mark, self.credit


@dataclass(frozen=True)
class Standing:
    """A pupil in a subject: what the marks of a term come to (of a year: its terms), and the final as it is."""

    pupil_id: UUID
    total: int
    weights: int
    final: Final

    @property
    def average(self) -> Decimal | None:
        """As shown."""
        return average(self.total, self.weights)


@dataclass(frozen=True)
class Given:
    """A final that somebody gives, over the version that was seen."""

    pupil_id: UUID
    version: int
    mark: int | None
    credit: bool | None

    def wrong(self, standing: Standing | None, rule: Rounding, reason: str | None) -> tuple[str, str] | None:
        """The field and what is wrong with it. Off the rule it needs a reason."""
        if standing is None:
            return "pupil_id", "pupil-not-in-class"
        if self.mark is not None and self.credit is not None:
            return "credit", "mark-or-credit"
        if self.mark is not None and self.mark not in allowed(standing.average, rule) and reason is None:
            return "mark", "final-off-average"
        return None


@dataclass(frozen=True)
class Finals:
    """Which finals: of a class in a subject for a term, or for the year."""

    class_id: UUID
    subject_id: UUID
    year: int
    term_id: UUID | None


def changes(
    given: Sequence[Given], standings: Mapping[UUID, Standing], rule: Rounding, reason: str | None
) -> list[tuple[Given, Final]]:
    """What is to be written, with what was there. Raises Invalid for every wrong one, Stale with both values."""
    wrong = [(place, one.wrong(standings.get(one.pupil_id), rule, reason)) for place, one in enumerate(given)]
    errors = [FieldError(f"/finals/{place}/{said[0]}", said[1]) for place, said in wrong if said]
    errors += [FieldError(f"/finals/{place}", "cell-twice") for place in repeated([one.pupil_id for one in given])]
    if errors:
        raise all_invalid(errors)
    changed = [(one, standings[one.pupil_id].final) for one in given]
    changed = [(one, old) for one, old in changed if (one.mark, one.credit) != old.value]
    if stale := [(one, old) for one, old in changed if one.version != old.version]:
        raise Stale(finals=[{"pupil_id": str(one.pupil_id), "current": vars(old), "yours": _yours(one)}
                            for one, old in stale])  # fmt: skip
    return changed


def _yours(one: Given) -> dict[str, Any]:
    return {"mark": one.mark, "credit": one.credit, "version": one.version}
