"""What the routes of results take and answer."""

from typing import Annotated, Self
from uuid import UUID

from ekis_contracts.fields import Body, Line
from pydantic import AwareDatetime, BaseModel, Field

from cabinet.exams.domain.dictionary import Score
from cabinet.exams.domain.results import Held, Result, State, Version
from cabinet.exams.domain.summary import Average, Band, Hidden

MOST_AT_ONCE = 200


class Wanted(BaseModel):
    """Of which exam; what is not said is any."""

    exam: Line | None = None
    year: Annotated[int | None, Field(ge=0, le=9999)] = None
    subject: Line | None = None


class Exactly(BaseModel):
    """One exam of a year in a subject."""

    exam: Line
    year: Annotated[int, Field(ge=0, le=9999)]
    subject: Line


class FamiliarisedOut(BaseModel):
    """Who has told the pupil, and when; a former employee with a number."""

    at: AwareDatetime
    by: str | None


class ExamResultOut(BaseModel):
    """A result as it is now; an annulled one has no scores."""

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
    published_at: AwareDatetime
    appeal_until: AwareDatetime
    familiarised: FamiliarisedOut | None

    @classmethod
    def of(cls, it: Result, by: str | None) -> Self:
        """With whoever has told the pupil."""
        known = {"at": it.familiarised.at, "by": by} if it.familiarised else None
        return cls.model_validate(vars(it) | {"familiarised": known})


class ExamResults(BaseModel):
    """Exam by exam, by code."""

    items: list[ExamResultOut]
    next: str | None


class ExamSetOut(BaseModel):
    """An exam of which the school has results, and of how many of them the pupils know."""

    set_id: UUID
    exam: str
    year: int
    subject: str
    results: int
    familiarised: int

    @classmethod
    def of(cls, it: Held) -> Self:
        """As it is."""
        return cls.model_validate(vars(it))


class ExamSets(BaseModel):
    """The newest first."""

    items: list[ExamSetOut]


class ExamVersionOut(BaseModel):
    """A result as it was said once."""

    version: int
    state: State
    primary_score: int | None
    test_score: int | None
    mark: int | None
    reason: str | None
    published_at: AwareDatetime

    @classmethod
    def of(cls, it: Version) -> Self:
        """As it is."""
        return cls.model_validate(vars(it))


class ExamVersions(BaseModel):
    """The newest first."""

    items: list[ExamVersionOut]


class ExamAverageOut(BaseModel):
    """`hidden`: why there is no average. `counted` results make it, told of the own school alone."""

    average: float | None
    counted: int | None
    hidden: Hidden | None

    @classmethod
    def of(cls, it: Average) -> Self:
        """As it is."""
        return cls.model_validate(vars(it))


class ExamBandOut(BaseModel):
    """ExamResults from one score to another, both included."""

    least: int
    most: int
    results: int

    @classmethod
    def of(cls, it: Band) -> Self:
        """As it is."""
        return cls.model_validate(vars(it))


class ExamSummary(BaseModel):
    """The own school beside its district and the city. A group of fewer than five results is hidden, and so is what
    would tell of one by subtraction; the distribution is empty then."""

    exam: str
    year: int
    subject: str
    score: Score
    school: ExamAverageOut
    district: ExamAverageOut
    city: ExamAverageOut
    distribution: list[ExamBandOut]


class ToldResult(BaseModel):
    """A version of a result of which the pupil knows."""

    result_id: UUID
    version: Annotated[int, Field(ge=1, lt=2**31)]


class FamiliarisationIn(Body):
    """All of these, or none."""

    results: Annotated[list[ToldResult], Field(min_length=1, max_length=MOST_AT_ONCE)]


class KnownResults(BaseModel):
    """The results as they are now."""

    items: list[ExamResultOut]
