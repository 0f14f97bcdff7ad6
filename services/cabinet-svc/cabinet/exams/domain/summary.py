"""What may be told of groups of results: averages and a distribution, nothing of fewer than five."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from cabinet.exams.domain.dictionary import Score

FEWEST = 5  # results of a group, or of what is left of one when another is taken away
Hidden = Literal["few", "subtraction", "no-results", "no-district"]

# Lowest scores of the bands of a distribution
BANDS: Mapping[Score, tuple[int, ...]] = {"test": (0, 10, 20, 30, 40, 50, 60, 70, 80, 90), "mark": (2, 3, 4, 5)}
HIGHEST: Mapping[Score, int] = {"test": 100, "mark": 5}


@dataclass(frozen=True)
class Group:
    """How many results count, and the sum of what they are compared by."""

    counted: int
    score: int


@dataclass(frozen=True)
class Average:
    """To a tenth; hidden, and why, where it would tell of too few. `counted` is told of the own school alone."""

    average: float | None
    counted: int | None = None
    hidden: Hidden | None = None


@dataclass(frozen=True)
class Band:
    """How many results lie from one score to another, both included."""

    least: int
    most: int
    results: int


def averages(school: Group, district: Group | None, city: Group) -> tuple[Average, Average, Average]:
    """Of the own school, of its district, of the city. What is shown of a larger group leaves none or at least five
    results when any smaller group is taken away that the reader knows; nobody can compute the average of fewer."""
    own = _average(school, counted=school.counted)
    if district is None:
        return own, Average(None, hidden="no-district"), _average(city, school)
    return own, _average(district, school), _average(city, school, district)


def _average(group: Group, *known: Group, counted: int | None = None) -> Average:
    if not group.counted:
        return Average(None, counted, "no-results")
    if group.counted < FEWEST:
        return Average(None, counted, "few")
    if any(0 < group.counted - part.counted < FEWEST for part in known):
        return Average(None, counted, "subtraction")
    return Average(round(group.score / group.counted, 1), counted)


def distribution(counts: Mapping[int, int], score: Score) -> Sequence[Band] | None:
    """The results of one school by bands, from how many have which score; None of fewer than five."""
    if sum(counts.values()) < FEWEST:
        return None
    bands = BANDS[score]
    ends = [*(least - 1 for least in bands[1:]), HIGHEST[score]]
    return [
        Band(least, most, sum(count for value, count in counts.items() if least <= value <= most))
        for least, most in zip(bands, ends, strict=True)
    ]
