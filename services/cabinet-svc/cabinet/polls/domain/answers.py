"""What somebody answers: checked against the questions, worded, and put into an envelope that tells nothing."""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from chassis.errors import Fault, Invalid
from ekis_contracts.fields import paragraphs
from pydantic import BaseModel

from cabinet.polls.domain.polls import Question

Given = int | list[int] | str
Answers = dict[str, list[int | str]]  # by the question's id; options by their numbers

LONGEST_TEXT = 1_000  # letters
_FRAME = 80  # bytes: a question's id with everything around one answer
_LETTER = 4  # bytes, at most, in UTF-8; what JSON escapes takes two
_NUMBER = 5  # bytes: the number of an option with its comma


class Inside(BaseModel):
    """What an envelope seals: answers as JSON with spaces behind, in Base64."""

    padded: str


def checked(questions: Sequence[Question], given: Mapping[UUID, Given]) -> Answers:
    """As they are kept; what was left empty is left out. Raises Invalid, naming the answer."""
    known = {question.question_id: question for question in questions}
    for question_id in given:
        if question_id not in known:
            raise Invalid("poll-question-unknown", f"/answers/{question_id}")
    answers: Answers = {}
    for question_id, question in known.items():
        pointer = f"/answers/{question_id}"
        said = _one(question, given[question_id], pointer) if question_id in given else []
        if question.required and not said:
            raise Invalid("poll-answer-required", pointer)
        if said:
            answers[str(question_id)] = said
    return answers


def _one(question: Question, said: Given, pointer: str) -> list[int | str]:
    if question.kind == "text" and isinstance(said, str):
        return _text(said, pointer)
    if question.kind == "multiple" and isinstance(said, list):
        return _options(question, said, pointer)
    if question.kind in ("single", "scale") and isinstance(said, int) and said in numbers(question):
        return [said]
    raise Invalid("poll-answer-unknown", pointer)


def _options(question: Question, said: list[int], pointer: str) -> list[int | str]:
    if len(set(said)) < len(said) or not set(said) <= set(numbers(question)):
        raise Invalid("poll-answer-unknown", pointer)
    if question.most is not None and len(said) > question.most:
        raise Invalid("poll-answer-too-many", pointer, most=question.most)
    return sorted(said)


def _text(said: str, pointer: str) -> list[int | str]:
    if len(said) > LONGEST_TEXT:
        raise Invalid("poll-answer-too-long", pointer, most=LONGEST_TEXT)
    try:
        text = paragraphs(said)
    except Fault as fault:
        raise Invalid(fault.code, pointer, **fault.params) from None
    return [text] if text else []


def numbers(question: Question) -> range:
    """What may be chosen: numbers of options, or places of the scale."""
    return range(question.scale.low, question.scale.high + 1) if question.scale else range(len(question.options))


def label(question: Question, number: int) -> str:
    """What a number means to a reader."""
    if question.scale is None:
        return question.options[number]
    ends = {question.scale.low: question.scale.low_name, question.scale.high: question.scale.high_name}
    return f"{number} — {ends[number]}" if ends.get(number) else str(number)


def worded(questions: Sequence[Question], answers: Answers) -> list[tuple[str, str]]:
    """Every question with what was answered, as a reader takes it."""
    lines = []
    for question in questions:
        said = answers.get(str(question.question_id), [])
        words = [one if isinstance(one, str) else label(question, one) for one in said]
        lines.append((question.text, "; ".join(words)))
    return lines


def packed(questions: Sequence[Question], answers: Answers) -> Inside:
    """Equally long for everybody who answers these questions, whatever is answered."""
    plain = json.dumps(answers, ensure_ascii=False).encode()
    return Inside(padded=base64.b64encode(plain.ljust(_room(questions))).decode())


def unpacked(inside: Inside) -> Answers:
    """The answers."""
    answers: Answers = json.loads(base64.b64decode(inside.padded))
    return answers


def attempt(key: str | None) -> bytes | None:
    """What is kept of the key that a client has given its request."""
    return hashlib.sha256(key.encode()).digest() if key else None


def _room(questions: Sequence[Question]) -> int:
    return 2 + sum(_FRAME + _size(question) for question in questions)


def _size(question: Question) -> int:
    return _LETTER * LONGEST_TEXT if question.kind == "text" else _NUMBER * len(question.options)


def as_answers(stored: Any) -> Answers:
    """From the column."""
    answers: Answers = json.loads(stored)
    return answers
