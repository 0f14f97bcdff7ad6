"""Results: counts and shares, and what of them is kept back so that nobody is found in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from cabinet.polls.domain.answers import label, numbers
from cabinet.polls.domain.polls import Kind, Poll, Question

LEAST = 5  # answers: of fewer nothing is shown, neither of a poll nor of one of its questions
Hidden = Literal["counting", "few"]


@dataclass(frozen=True)
class Tally:
    """What the database has counted: answers, answers by question, and by question and number; texts by question."""

    answered: int
    by_question: Mapping[str, int] = field(default_factory=dict)
    by_number: Mapping[tuple[str, int], int] = field(default_factory=dict)
    texts: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Cell:
    """An option or a place of a scale; `percent` of those who have answered the question."""

    number: int
    label: str
    count: int
    percent: float


@dataclass(frozen=True)
class QuestionResult:
    """What was answered to one question; nothing at all when it is `hidden`."""

    question_id: UUID
    kind: Kind
    text: str
    hidden: bool
    answered: int | None = None
    mean: float | None = None
    cells: Sequence[Cell] = ()
    texts: Sequence[str] = ()


@dataclass(frozen=True)
class Results:
    """`answered` and `asked` count people and are always there; the rest is kept back while `hidden`."""

    hidden: Hidden | None
    answered: int
    asked: int
    questions: Sequence[QuestionResult] = ()


def results(poll: Poll, tally: Tally, asked: int) -> Results:
    """As far as they may be shown."""
    if poll.counted_at is None:
        return Results("counting", tally.answered, asked)
    if tally.answered < LEAST:
        return Results("few", tally.answered, asked)
    shown = [_question(question, tally) for question in poll.draft.questions]
    return Results(None, tally.answered, asked, shown)


def _question(question: Question, tally: Tally) -> QuestionResult:
    key = str(question.question_id)
    answered = tally.by_question.get(key, 0)
    if answered < LEAST:
        return QuestionResult(question.question_id, question.kind, question.text, hidden=True)
    counts = {} if question.kind == "text" else {one: tally.by_number.get((key, one), 0) for one in numbers(question)}
    cells = [Cell(one, label(question, one), count, _percent(count, answered)) for one, count in counts.items()]
    mean = round(sum(one * count for one, count in counts.items()) / answered, 2) if question.scale else None
    said = (answered, mean, cells, tally.texts.get(key, ()))
    return QuestionResult(question.question_id, question.kind, question.text, False, *said)


def _percent(count: int, of: int) -> float:
    return round(100 * count / of, 1)


def rows(shown: Results) -> list[tuple[str, str, str, str]]:
    """A table of them: question, answer, how many, percent; texts are lines of their own."""
    lines = []
    for one in shown.questions:
        lines += [(one.text, cell.label, str(cell.count), _decimal(cell.percent)) for cell in one.cells]
        lines += [(one.text, text, "", "") for text in one.texts]
    return lines


def _decimal(number: float) -> str:
    return f"{number:.1f}".replace(".", ",")
