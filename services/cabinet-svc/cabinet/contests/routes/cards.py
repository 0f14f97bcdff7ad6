"""Contests as people read them: lists of what one may enter, has entered, has missed; the card; its files."""

from typing import Annotated, Any, Literal, Self
from uuid import UUID

from chassis.auth import Caller, Principal
from chassis.errors import NotFound
from chassis.http import InTransaction
from chassis.outbox import Tx
from chassis.paging import InPage, Page, after
from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime, BaseModel, TypeAdapter

from cabinet.contests.actions.entries import read_notices_of
from cabinet.contests.domain.contests import DEPARTMENT, Contest
from cabinet.contests.domain.reading import Shown
from cabinet.contests.routes.shapes import ContestOut, OwnEntry
from cabinet.contests.store import contests as store
from cabinet.contests.store import reading
from cabinet.files.actions import file_among
from cabinet.files.routes import AttachedFile, sent
from cabinet.files.store import named
from cabinet.people import store as people
from cabinet.people.domain import require_open
from cabinet.rights import RIGHTS

router = APIRouter(prefix="/contests")

_BY_ID = TypeAdapter(tuple[UUID])
_BY_CLOSING = TypeAdapter(tuple[AwareDatetime, UUID])


class ContestShown(ContestOut):
    """A contest as the caller sees it. `refusal`: the code of why the caller cannot enter it now; `school_left`: places
    that the own school may still get by its quota."""

    mine: OwnEntry | None
    refusal: str | None
    may_withdraw: bool
    school_left: int | None

    @classmethod
    def seen(cls, it: Shown, tx: Tx, **more: Any) -> Self:
        """Now."""
        mine = OwnEntry.model_validate(vars(it.mine)) if it.mine else None
        own = {"refusal": it.refusal(tx.now), "may_withdraw": it.may_withdraw(tx.now), "school_left": it.school_left}
        return cls.of(it.contest, mine=mine, **own, **more)


class ContestCard(ContestShown):
    """With its files."""

    attached: list[AttachedFile]


class ContestList(BaseModel):
    """`open`: that which closes first comes first; `mine`: the newest entry first; `past`: the last closed first."""

    items: list[ContestShown]
    next: str | None


@router.get("", response_model=ContestList)
async def list_contests(
    who: Caller, page: InPage, tx: InTransaction, view: Annotated[Literal["open", "mine", "past"], Query()] = "open"
) -> dict[str, Any]:
    """What the caller may enter now or soon, has entered, or could once."""
    await _require_reader(tx, who)
    if view == "mine":
        return await _mine(tx, who.account_id, page)
    read = reading.open_to if view == "open" else reading.past_of
    listed = await read(tx, who.account_id, after(page, _BY_CLOSING), page.limit)
    return page.answer([ContestShown.seen(one, tx).model_dump() for one in listed], "closes_at", "contest_id")


async def _mine(tx: Tx, account_id: UUID, page: Page) -> dict[str, Any]:
    before = after(page, _BY_ID)
    listed = await reading.entered_by(tx, account_id, before[0] if before else None, page.limit)
    items = [ContestShown.seen(one, tx).model_dump() for one in listed]
    keyed = [item | {"entry_id": one.mine.entry_id} for item, one in zip(items, listed, strict=True) if one.mine]
    return page.answer(keyed, "entry_id")


async def _require_reader(tx: Tx, who: Principal) -> None:
    RIGHTS.require(who, "read", "contest", account_id=who.account_id)
    require_open(await people.account(tx, who.account_id))


@router.get("/{contest_id}")
async def read_contest(contest_id: UUID, who: Caller, tx: InTransaction) -> ContestCard:
    """A contest that is, or was, out; what was told of it is read."""
    await _require_reader(tx, who)
    shown = await reading.shown(tx, who.account_id, contest_id)
    if shown is None:
        raise NotFound
    await read_notices_of(tx, who.account_id, contest_id, shown.mine.entry_id if shown.mine else None)
    attached = [AttachedFile.model_validate(one) for one in await named(tx, shown.contest.plan.files)]
    return ContestCard.seen(shown, tx, attached=attached)


@router.get("/{contest_id}/files/{file_id}", response_class=StreamingResponse)
async def read_contest_file(contest_id: UUID, file_id: UUID, request: Request, who: Caller) -> StreamingResponse:
    """What was attached, byte for byte."""
    # No transaction is open while the object store is asked
    async with request.app.state.runtime.database.transaction() as tx:
        file = await file_among(tx, (await _readable(tx, who, contest_id)).plan.files, file_id)
    return await sent(request, file)


async def _readable(tx: Tx, who: Principal, contest_id: UUID) -> Contest:
    """One that the caller reads, or writes. Raises NotFound."""
    contest = await store.contest(tx, contest_id)
    writes_on = DEPARTMENT if "editor" in who.roles else who.school_id if who.category == "head" else None
    if contest is not None and contest.board == writes_on:
        return contest
    await _require_reader(tx, who)
    shown = await reading.shown(tx, who.account_id, contest_id)
    if shown is None:
        raise NotFound
    return shown.contest
