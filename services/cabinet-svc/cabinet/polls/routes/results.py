"""Results: for who writes on the board, and for who was asked if the poll shares them."""

from typing import Any
from uuid import UUID

from chassis.auth import Caller, Principal
from chassis.errors import NotFound
from chassis.http import InTransaction
from chassis.outbox import Tx
from chassis.problems import language, text_of
from ekis_tables.writing import BOM, csv_lines
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict

from cabinet.notices.domain import CITY
from cabinet.people import store as people
from cabinet.people.domain import require_open
from cabinet.polls.actions.answers import results_of
from cabinet.polls.domain.answers import worded
from cabinet.polls.domain.polls import Kind, Poll
from cabinet.polls.domain.results import LEAST, Hidden, Results, rows
from cabinet.polls.routes.answers import named_poll
from cabinet.polls.routes.shapes import board_if_any, board_of
from cabinet.polls.store import answers, polls
from cabinet.rights import RIGHTS

router = APIRouter(prefix="/polls/{poll_id}")

TEXTS = 200  # of one question, on the page
TEXTS_IN_A_FILE = 5_000
NAMED_IN_A_FILE = 10_000


class CellOut(BaseModel):
    """An option or a place of a scale; `percent` of those who have answered the question."""

    model_config = ConfigDict(from_attributes=True)

    number: int
    label: str
    count: int
    percent: float


class QuestionResultOut(BaseModel):
    """What was answered to one question; nothing when it is `hidden`: fewer than `least` have answered it."""

    model_config = ConfigDict(from_attributes=True)

    question_id: UUID
    kind: Kind
    text: str
    hidden: bool
    answered: int | None
    mean: float | None
    cells: list[CellOut]
    texts: list[str]


class ResultsOut(BaseModel):
    """`hidden`: the answers are still being counted, or are fewer than `least`. `asked`: people in the audience now.
    Texts are for the authors alone, 200 of a question at most; the file has more."""

    model_config = ConfigDict(from_attributes=True)

    hidden: Hidden | None
    least: int = LEAST
    answered: int
    asked: int
    questions: list[QuestionResultOut]


async def _visible(tx: Tx, who: Principal, poll_id: UUID) -> tuple[Poll, bool]:
    """The poll, and whether the caller writes on its board. Raises NotFound, Forbidden, Conflict."""
    board, poll = board_if_any(who), await polls.poll(tx, poll_id)
    if poll is not None and poll.board == board:
        return poll, True
    if board == CITY:
        raise NotFound
    RIGHTS.require(who, "read", "poll", account_id=who.account_id)
    require_open(await people.account(tx, who.account_id))
    asked = await polls.poll_for_reader(tx, who.account_id, poll_id)
    if asked is None or not asked.draft.shares_results:
        raise NotFound
    return asked, False


async def _written(tx: Tx, who: Principal, poll_id: UUID) -> Poll:
    board, poll = board_of(who, "read"), await polls.poll(tx, poll_id)
    if poll is None or poll.board != board:
        raise NotFound
    return poll


@router.get("/results")
async def read_results(poll_id: UUID, who: Caller, tx: InTransaction) -> ResultsOut:
    """Of a closed poll."""
    poll, is_author = await _visible(tx, who, poll_id)
    return ResultsOut.model_validate(await results_of(tx, poll, TEXTS if is_author else 0))


@router.get("/results.csv", response_class=Response, responses={200: {"content": {"text/csv": {}}}})
async def download_results(poll_id: UUID, who: Caller, request: Request, tx: InTransaction) -> Response:
    """The same as a table, for its authors: questions with counts, and texts."""
    poll = await _written(tx, who, poll_id)
    shown = await results_of(tx, poll, TEXTS_IN_A_FILE)
    head = [_say(request, f"poll-{column}") for column in ("question", "answer", "count", "percent")]
    lines = [(_say(request, f"poll-hidden-{shown.hidden}", least=LEAST), "", "", "")] if shown.hidden else rows(shown)
    return _file([(poll.draft.title,), head, *lines, *_hidden(request, shown)], "results")


@router.get("/answers.csv", response_class=Response, responses={200: {"content": {"text/csv": {}}}})
async def download_answers(poll_id: UUID, who: Caller, request: Request, tx: InTransaction) -> Response:
    """Of a closed poll by name: a line a person."""
    poll = await named_poll(tx, poll_id, board_of(who, "read"))
    listed = await answers.named_page(tx, poll_id, None, NAMED_IN_A_FILE)
    head = [_say(request, f"poll-{column}") for column in ("name", "post", "school")]
    questions = [question.text for question in poll.draft.questions]
    return _file([[*head, *questions], *(_line(poll, one) for one in listed)], "answers")


def _line(poll: Poll, one: dict[str, Any]) -> list[str]:
    said = [answer for _, answer in worded(poll.draft.questions, one["answers"])]
    return [one["name"] or "", one["post"] or "", one["school"] or "", *said]


def _hidden(request: Request, shown: Results) -> list[tuple[str, str]]:
    said = _say(request, "poll-hidden-few", least=LEAST)
    return [(one.text, said) for one in shown.questions if one.hidden]


def _say(request: Request, code: str, **params: Any) -> str:
    return text_of(request.app.state.runtime.texts, code, language(request), params)


def _file(lines: list[Any], name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "no-store"}
    return Response(BOM + csv_lines(lines), media_type="text/csv; charset=utf-8", headers=headers)
