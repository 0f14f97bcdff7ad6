"""Answers: given once by whoever is asked; of polls by name, read by who writes on the board."""

from typing import Annotated, Any, Literal
from uuid import UUID

from chassis.auth import Caller
from chassis.errors import Conflict, NotFound
from chassis.http import InTransaction, Once
from chassis.outbox import Tx
from chassis.paging import InPage, after
from ekis_contracts.fields import Body
from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, Field, StrictInt, StrictStr

from cabinet.polls.actions import answers as actions
from cabinet.polls.domain.polls import Poll
from cabinet.polls.routes.shapes import BY_ID, board_of
from cabinet.polls.store import answers as store
from cabinet.polls.store import polls
from cabinet.rights import RIGHTS

router = APIRouter(prefix="/polls/{poll_id}")

Given = StrictInt | Annotated[list[StrictInt], Field(max_length=30)] | StrictStr


class AnswersIn(Body):
    """By the question's id: the number of an option (single), numbers (multiple), a place of the scale, or a text."""

    answers: Annotated[dict[UUID, Given], Field(max_length=30)]


class Answered(BaseModel):
    """The answer is in. What was answered is not repeated: of an anonymous poll nobody could."""

    poll_id: UUID
    own: Literal["answered"] = "answered"


class NamedOut(BaseModel):
    """What somebody has answered, by the question's id; options by their numbers."""

    account_id: UUID
    name: str | None
    post: str | None
    school: str | None
    at: AwareDatetime
    answers: dict[UUID, list[int | str]]


class Named(BaseModel):
    """In the order of their ids."""

    items: list[NamedOut]
    next: str | None


@router.post("/answers", status_code=201)
async def answer_poll(poll_id: UUID, body: AnswersIn, who: Caller, tx: InTransaction, once: Once) -> Answered:
    """Once for a person and a poll; with the same Idempotency-Key, confirmed again."""
    RIGHTS.require(who, "write", "poll", account_id=who.account_id)
    await actions.answer_poll(tx, who.account_id, poll_id, body.answers, once.key)
    return Answered(poll_id=poll_id)


@router.get("/answers", response_model=Named)
async def list_answers(poll_id: UUID, who: Caller, page: InPage, tx: InTransaction) -> dict[str, Any]:
    """Of a closed poll by name. Of an anonymous one there is no such list."""
    await named_poll(tx, poll_id, board_of(who, "read"))
    known = after(page, BY_ID)
    return page.answer(await store.named_page(tx, poll_id, known[0] if known else None, page.limit), "account_id")


async def named_poll(tx: Tx, poll_id: UUID, board: UUID) -> Poll:
    """A closed poll by name. Raises NotFound for another board's, Conflict."""
    poll = await polls.poll(tx, poll_id)
    if poll is None or poll.board != board:
        raise NotFound
    if poll.draft.anonymous:
        raise Conflict("poll-anonymous")
    poll.require_closed()
    return poll
