"""Exams and their subjects; whose results of them a teacher may see. The names are data (exams.toml)."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Literal

from chassis.errors import Invalid

from cabinet.sheets.domain import plain

Score = Literal["test", "mark"]
OLDEST_YEAR = 2009  # the first in which ЕГЭ was for everybody


@dataclass(frozen=True)
class Exam:
    """An exam in a subject. `score` is what its results are compared by."""

    exam: str
    subject: str
    score: Score
    grades: frozenset[int]
    taught: tuple[str, ...]

    def is_taught_as(self, subject: str) -> bool:
        """Whether this is what the diary calls it: the same words, or those and more."""
        words = subject.casefold().replace("ё", "е").split()
        return any(words[: len(name.split())] == name.split() for name in self.taught)


@dataclass(frozen=True)
class Taught:
    """A subject that somebody teaches in a grade, in the school year that begins in `year`."""

    year: int
    grade: int
    subject: str


def _exams(exam: str, said: Mapping[str, Any]) -> dict[str, Exam]:
    """By every way to write the subject."""
    known: dict[str, Exam] = {}
    for subject, own in said["subjects"].items():
        taught = tuple(name.casefold().replace("ё", "е") for name in own.get("taught", [subject]))
        one = Exam(exam, subject, own.get("score", said["score"]), frozenset(said["grades"]), taught)
        known |= {plain(name): one for name in (subject, *own.get("also", []))}
    return known


_DATA = tomllib.loads(files("cabinet.exams").joinpath("exams.toml").read_text("utf-8"))
_KNOWN = {name: _exams(name, said) for name, said in _DATA.items()}
_NAMES = {plain(name): exam for exam, said in _DATA.items() for name in (exam, *said["also"])}


def exam_named(text: str) -> str:
    """An exam as it is kept. Raises Invalid."""
    name = _NAMES.get(plain(text))
    if name is None:
        raise Invalid("exam-unknown", "/exam", known=", ".join(_DATA))
    return name


def exam_of(exam: str, subject: str) -> Exam:
    """However both are written. Raises Invalid."""
    subjects = _KNOWN[exam_named(exam)]
    found = subjects.get(plain(subject))
    if found is None:
        raise Invalid("exam-subject-unknown", "/subject", known=", ".join(subjects_of(exam)))
    return found


def subjects_of(exam: str) -> list[str]:
    """Of an exam, as they are kept. Raises Invalid."""
    return list(_DATA[exam_named(exam)]["subjects"])


def exams() -> list[str]:
    """As they are kept."""
    return list(_DATA)


def is_entitled(taught: Sequence[Taught], of: Exam, year: int) -> bool:
    """Whether a teacher sees results of the year: who taught the subject then in a grade that sat the exam."""
    return any(one.year == year - 1 and one.grade in of.grades and of.is_taught_as(one.subject) for one in taught)
