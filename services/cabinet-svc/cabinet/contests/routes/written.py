"""Contests at work: written, announced and ended by an editor for the city, by a head for the own school."""

from typing import Annotated, Any
from uuid import UUID

from chassis.auth import Caller
from chassis.errors import NotFound
from chassis.http import InTransaction, Once
from chassis.outbox import Tx
from chassis.paging import IfMatch, InPage, after, etag
from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, TypeAdapter

from cabinet.contests.actions import contests as actions
from cabinet.contests.domain.contests import Contest, State
from cabinet.contests.routes.shapes import ContestIn, EntryCounts, WhyIn, WrittenContest, board_of
from cabinet.contests.store import contests as store
from cabinet.files.routes import AttachedFile
from cabinet.files.store import named
from cabinet.people.routes import require_current

router = APIRouter(prefix="/contests")

_BY_ID = TypeAdapter(tuple[UUID])


class WrittenContests(BaseModel):
    """The newest first, without counts and files."""

    items: list[WrittenContest]
    next: str | None


async def _full(tx: Tx, it: Contest) -> WrittenContest:
    counts = EntryCounts.model_validate(await store.count_entries(tx, it.contest_id))
    attached = [AttachedFile.model_validate(one) for one in await named(tx, it.plan.files)]
    return WrittenContest.of(it, counts=counts, attached=attached)


async def _shown(tx: Tx, response: Response, it: Contest) -> WrittenContest:
    response.headers["ETag"] = etag(it.version)
    return await _full(tx, it)


async def _current(contest_id: UUID, who: Caller, tx: InTransaction, if_match: IfMatch = None) -> Contest:
    """Raises Stale, with what is there, unless the newest version is meant."""
    contest = await actions.contest_for_update(tx, contest_id, board_of(who, "write"), who.account_id)
    require_current(if_match, contest.version, WrittenContest.of(contest).model_dump(mode="json"))
    return contest


Current = Annotated[Contest, Depends(_current)]


@router.get("/written", response_model=WrittenContests)
async def list_written_contests(
    who: Caller, page: InPage, tx: InTransaction, state: State | None = None
) -> dict[str, Any]:
    """Everything on the board that the caller writes on."""
    before = after(page, _BY_ID)
    listed = await store.written(tx, board_of(who, "read"), state, before[0] if before else None, page.limit)
    return page.answer([WrittenContest.of(one).model_dump() for one in listed], "contest_id")


@router.get("/written/{contest_id}")
async def read_written_contest(contest_id: UUID, who: Caller, tx: InTransaction, response: Response) -> WrittenContest:
    """A contest of the caller's board, whatever its state, with how many entries there are."""
    board, contest = board_of(who, "read"), await store.contest(tx, contest_id)
    if contest is None or contest.board != board:
        raise NotFound
    return await _shown(tx, response, contest)


@router.post("", status_code=201)
async def write_contest(
    body: ContestIn, who: Caller, tx: InTransaction, once: Once, response: Response
) -> WrittenContest:
    """A draft."""
    board = board_of(who, "write")

    async def written() -> str:
        return str((await actions.write_contest(tx, board, who.account_id, body.plan())).contest_id)

    contest = await store.contest(tx, UUID(await once.once(tx, written)))
    if contest is None:
        raise NotFound
    return await _shown(tx, response, contest)


@router.put("/{contest_id}")
async def edit_contest(
    body: ContestIn, contest: Current, who: Caller, tx: InTransaction, response: Response
) -> WrittenContest:
    """The whole contest anew. Of one that is out: who may enter stays; more places go to the first waiting."""
    return await _shown(tx, response, await actions.edit_contest(tx, contest, body.plan(), who.account_id))


@router.delete("/{contest_id}", status_code=204)
async def delete_contest(contest: Current, tx: InTransaction) -> None:
    """A draft alone can go."""
    await actions.delete_draft(tx, contest)


@router.post("/{contest_id}/announce")
async def announce_contest(contest: Current, tx: InTransaction, response: Response) -> WrittenContest:
    """It is out, and its audience is told."""
    return await _shown(tx, response, await actions.announce_contest(tx, contest))


@router.post("/{contest_id}/close")
async def close_contest(contest: Current, tx: InTransaction, response: Response) -> WrittenContest:
    """It takes no more entries."""
    return await _shown(tx, response, await actions.close_contest(tx, contest))


@router.post("/{contest_id}/cancel")
async def cancel_contest(body: WhyIn, contest: Current, tx: InTransaction, response: Response) -> WrittenContest:
    """It does not take place; everybody with an entry is told."""
    return await _shown(tx, response, await actions.cancel_contest(tx, contest, body.reason))
