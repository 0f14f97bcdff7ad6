"""Pupils and their classes: who moves keeps what was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from chassis.errors import Conflict, Invalid

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class PupilName:
    """As in the class list."""

    last_name: str
    first_name: str
    patronymic: str | None = None

    @property
    def parts(self) -> tuple[str, str, str | None]:
        """One by one."""
        return self.last_name, self.first_name, self.patronymic

    @property
    def key(self) -> str:
        """By which namesakes are looked for, as the column `by_name` says it: Ё is Е."""
        return f"{self.last_name} {self.first_name}".lower().replace("ё", "е")


@dataclass(frozen=True)
class Pupil:
    """A child: the name is personal data and goes into no log and no event."""

    pupil_id: UUID
    version: int
    name: PupilName
    birthday: date | None


@dataclass(frozen=True)
class Membership:
    """A stay in a class, both days included."""

    class_id: UUID
    since: date
    until: date | None


def last_day_before(stays: Sequence[Membership], since: date) -> date | None:
    """The last day of the stay that now goes on, for one that begins; None without such.

    Raises Conflict or Invalid when that would leave a stay without a day.
    """
    now = next((stay for stay in stays if stay.until is None), None)
    ended = [stay.until for stay in stays if stay.until is not None]
    if ended and max(ended) >= since:
        raise Conflict("pupil-was-elsewhere", until=str(max(ended)))
    if now is None:
        return None
    if now.since >= since:
        raise Invalid("before-the-stay", "/since", since=str(now.since))
    return since - _DAY


def require_stay(stays: Sequence[Membership], until: date) -> None:
    """Raises Conflict for who is in no class, Invalid for a last day before the first."""
    now = next((stay for stay in stays if stay.until is None), None)
    if now is None:
        raise Conflict("pupil-in-no-class")
    if until < now.since:
        raise Invalid("before-the-stay", "/until", since=str(now.since))
