"""Results as those see them who are entitled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

State = Literal["approved", "changed", "annulled"]


@dataclass(frozen=True)
class Familiarised:
    """Who has told the pupil, and when; a former employee has a number instead of a name."""

    at: datetime
    name: str | None
    former_no: int | None


@dataclass(frozen=True)
class Version:
    """A result as it was said once: by whom, when and why."""

    version: int
    state: State
    primary_score: int | None
    test_score: int | None
    mark: int | None
    reason: str | None
    published_at: datetime
    file_name: str | None


@dataclass(frozen=True)
class Result:
    """A result as it is now."""

    result_id: UUID
    set_id: UUID
    exam: str
    year: int
    subject: str
    code: str
    state: State
    version: int
    primary_score: int | None
    test_score: int | None
    mark: int | None
    published_at: datetime
    appeal_until: datetime
    familiarised: Familiarised | None


@dataclass(frozen=True)
class Set:
    """An exam of a year in a subject."""

    set_id: UUID
    exam: str
    year: int
    subject: str


@dataclass(frozen=True)
class Held(Set):
    """A set of which a school has results: how many, and of how many the pupils know."""

    results: int
    familiarised: int


@dataclass(frozen=True)
class Seen:
    """Whose results somebody may see: these sets of a school."""

    account_id: UUID
    school_id: UUID
    sets: Sequence[Set]

    @property
    def set_ids(self) -> list[UUID]:
        """Of the sets."""
        return [one.set_id for one in self.sets]


def cells(result: Result, words: Mapping[str, str], called: str | None) -> list[Any]:
    """A line of the CSV file; `words` names states."""
    about = (result.exam, result.year, result.subject, result.code)
    scores = (result.primary_score, result.test_score, result.mark)
    known = result.familiarised.at.isoformat() if result.familiarised else None
    return [*about, *scores, words[result.state], result.version, result.appeal_until.isoformat(), known, called]
