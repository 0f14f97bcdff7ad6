"""Polls: listed and opened by whom they are for, written by an editor for the city and by a head for the own school."""

from typing import Any
from uuid import UUID

from chassis.auth import Caller
from chassis.errors import NotFound
from chassis.http import InTransaction, Once
from chassis.paging import IfMatch, InPage, after, etag
from fastapi import APIRouter, Response
from pydantic import AwareDatetime, BaseModel

from cabinet.people import store as people
from cabinet.people.domain import require_open
from cabinet.polls.actions import polls as actions
from cabinet.polls.domain.polls import Own, State
from cabinet.polls.routes.shapes import (
    BY_DATE,
    BY_ID,
    Current,
    Locked,
    PollEdit,
    PollIn,
    PollOut,
    board_of,
    require_same,
    seen,
    shown,
)
from cabinet.polls.store import polls as store
from cabinet.rights import RIGHTS

router = APIRouter(prefix="/polls")


class ListedOut(BaseModel):
    """A poll as a list shows it; `own`: it waits for the caller, has the caller's answer, or is over."""

    poll_id: UUID
    is_department: bool
    title: str
    intro: str
    anonymous: bool
    shares_results: bool
    published_at: AwareDatetime
    closes_at: AwareDatetime | None
    closed_at: AwareDatetime | None
    own: Own
    answered: bool


class Polls(BaseModel):
    """The newest first."""

    items: list[ListedOut]
    next: str | None


class WrittenOut(BaseModel):
    """A poll as its authors' list shows it."""

    poll_id: UUID
    state: State
    title: str
    anonymous: bool
    published_at: AwareDatetime | None
    closes_at: AwareDatetime | None
    closed_at: AwareDatetime | None


class Written(BaseModel):
    """The newest first."""

    items: list[WrittenOut]
    next: str | None


@router.get("", response_model=Polls)
async def list_polls(who: Caller, page: InPage, tx: InTransaction, own: Own | None = None) -> dict[str, Any]:
    """What is for the caller."""
    RIGHTS.require(who, "read", "poll", account_id=who.account_id)
    require_open(await people.account(tx, who.account_id))
    listed = await store.listed(tx, who.account_id, own, after(page, BY_DATE), page.limit)
    return page.answer([vars(one) for one in listed], "published_at", "poll_id")


@router.get("/written", response_model=Written)
async def list_written(who: Caller, page: InPage, tx: InTransaction, state: State | None = None) -> dict[str, Any]:
    """Everything on the board that the caller writes on."""
    before = after(page, BY_ID)
    listed = await store.written(tx, board_of(who, "read"), state, before[0] if before else None, page.limit)
    return page.answer([vars(one) | vars(one.draft) for one in listed], "poll_id")


@router.post("", status_code=201)
async def write_poll(body: PollIn, who: Caller, tx: InTransaction, once: Once, response: Response) -> PollOut:
    """A draft."""
    board = board_of(who, "write")

    async def written() -> str:
        return str((await actions.write_poll(tx, board, who.account_id, body.draft())).poll_id)

    poll = await store.poll(tx, UUID(await once.once(tx, written)))
    if poll is None:
        raise NotFound  # deleted since
    return shown(response, poll)


@router.get("/{poll_id}")
async def read_poll(poll_id: UUID, who: Caller, tx: InTransaction, response: Response) -> PollOut:
    """One that is for the caller, or that lies on the caller's board."""
    poll = await seen(tx, who, poll_id)
    response.headers["ETag"] = etag(await store.version_of(tx, poll_id))
    return poll


@router.patch("/{poll_id}")
async def edit_poll(
    body: PollEdit, poll: Locked, tx: InTransaction, response: Response, if_match: IfMatch = None
) -> PollOut:
    """Another text, until somebody has answered; another end, as long as it is open; another audience of a draft."""
    require_same(poll, if_match, body.model_dump(mode="json", exclude_unset=True))
    return shown(response, await actions.edit_poll(tx, poll, body.on(poll.draft)))


@router.delete("/{poll_id}", status_code=204)
async def delete_poll(poll: Current, tx: InTransaction) -> None:
    """A draft is gone."""
    await actions.delete_poll(tx, poll)


@router.post("/{poll_id}/publish")
async def publish_poll(poll: Current, tx: InTransaction, response: Response) -> PollOut:
    """It takes answers, and its audience is told."""
    return shown(response, await actions.publish_poll(tx, poll))


@router.post("/{poll_id}/close")
async def close_poll(poll: Current, tx: InTransaction, response: Response) -> PollOut:
    """It takes no more answers; they are counted at once."""
    return shown(response, await actions.close_poll(tx, poll))
