"""Entries over HTTP: made and taken back by their authors, decided by a head or an editor, listed and taken out."""

from collections.abc import AsyncIterator
from typing import Annotated, Any, Self
from uuid import UUID

from chassis.auth import Caller, Principal
from chassis.errors import NotFound
from chassis.http import InTransaction, Once, Runtime
from chassis.outbox import Tx
from chassis.paging import InPage, after
from chassis.problems import Texts, language, text_of
from ekis_tables.writing import BOM, csv_lines
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime, BaseModel, TypeAdapter

from cabinet.contests.actions import entries as actions
from cabinet.contests.domain.contests import DEPARTMENT, Contest
from cabinet.contests.domain.entries import Entry, State
from cabinet.contests.domain.reading import Line
from cabinet.contests.routes.shapes import EntryIn, OwnEntry, WhyIn, entries_in_reach
from cabinet.contests.store import reading
from cabinet.people.actions import require_writable
from cabinet.people.domain import MOSCOW
from cabinet.people.routes import called
from cabinet.rights import RIGHTS

router = APIRouter(prefix="/contests")

_BY_ID = TypeAdapter(tuple[UUID])
_PAGE = 500  # lines of a file that are in memory at once
_COLUMNS = ("name", "post", "school", "state", "team", "pupils", "text", "reason", "at", "decided_at")

InState = Annotated[State | None, Query()]


class EntryOut(BaseModel):
    """An entry. `name` is in full, or that of a former employee with a number; `may_decide`: the caller does."""

    entry_id: UUID
    contest_id: UUID
    title: str
    school_id: UUID
    school_name: str | None
    name: str | None
    post: str | None
    state: State
    for_editor: bool
    may_decide: bool
    text: str
    team: str
    pupils: int | None
    reason: str | None
    at: AwareDatetime
    decided_at: AwareDatetime | None

    @classmethod
    def seen(cls, it: Line, who: Principal, request: Request) -> Self:
        """By a head or an editor."""
        name = called(request.app.state.runtime.texts, language(request), it.name, it.former_no)
        may = it.account_id != who.account_id and ("editor" in who.roles or not it.for_editor)
        return cls.model_validate(vars(it) | {"name": name, "may_decide": may})


class EntryList(BaseModel):
    """In the order in which they were first made."""

    items: list[EntryOut]
    next: str | None


@router.get("/entries", response_model=EntryList)
async def list_undecided(who: Caller, page: InPage, tx: InTransaction, request: Request) -> dict[str, Any]:
    """What waits for the caller in all contests: for a head entries of the own school, for an editor those of heads."""
    reach = RIGHTS.reach(who, "decide", "contest-entry")
    known = after(page, _BY_ID)
    first = known[0] if known else None
    if reach == "any":
        listed = await reading.to_decide_by_editor(tx, first, page.limit)
    else:
        assert who.school_id is not None
        listed = await reading.to_decide_by_head(tx, who.school_id, first, page.limit)
    return page.answer([EntryOut.seen(one, who, request).model_dump() for one in listed], "entry_id")


@router.post("/{contest_id}/entries", status_code=201)
async def enter_contest(contest_id: UUID, body: EntryIn, who: Caller, tx: InTransaction, once: Once) -> OwnEntry:
    """It waits for the head, or has a place, or one in the waiting list."""
    RIGHTS.require(who, "write", "contest-entry", account_id=who.account_id)

    async def entered() -> str:
        return str((await actions.enter_contest(tx, contest_id, who.account_id, body.said())).entry_id)

    await once.once(tx, entered)
    shown = await reading.shown(tx, who.account_id, contest_id)
    if shown is None or shown.mine is None:
        raise NotFound
    return OwnEntry.model_validate(vars(shown.mine))


@router.get("/{contest_id}/entries", response_model=EntryList)
async def list_entries(
    *, contest_id: UUID, who: Caller, page: InPage, tx: InTransaction, request: Request, state: InState = None
) -> dict[str, Any]:
    """Of the own school for a head, all of them for an editor."""
    _, school_id = await entries_in_reach(tx, who, contest_id)
    known = after(page, _BY_ID)
    listed = await reading.lines(tx, contest_id, school_id, state, after=known[0] if known else None, limit=page.limit)
    return page.answer([EntryOut.seen(one, who, request).model_dump() for one in listed], "entry_id")


@router.get("/{contest_id}/entries.csv", response_class=StreamingResponse)
async def export_entries(
    contest_id: UUID, who: Caller, tx: InTransaction, request: Request, state: InState = None
) -> StreamingResponse:
    """The same as a file that spreadsheets open, and that does nothing when they do."""
    _, school_id = await entries_in_reach(tx, who, contest_id)
    lines = _file(request.app.state.runtime, language(request), contest_id, school_id, state)
    headers = {"Content-Disposition": 'attachment; filename="entries.csv"', "Cache-Control": "no-store"}
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=headers)


async def _file(
    runtime: Runtime, lang: str, contest_id: UUID, school_id: UUID | None, state: State | None
) -> AsyncIterator[str]:
    """Page by page, each read in a transaction of its own: none is open while a slow client takes it."""
    texts, known = runtime.texts, None
    yield BOM + csv_lines([[text_of(texts, f"entries-{one}", lang, {}) for one in _COLUMNS]])
    while True:
        async with runtime.database.transaction() as tx:
            listed = await reading.lines(tx, contest_id, school_id, state, after=known, limit=_PAGE)
        yield csv_lines([_cells(texts, lang, one) for one in listed])
        if len(listed) < _PAGE:
            return
        known = listed[-1].entry_id


def _cells(texts: Texts, lang: str, it: Line) -> list[str]:
    times = [f"{at.astimezone(MOSCOW):%d.%m.%Y %H:%M}" if at else "" for at in (it.at, it.decided_at)]
    who = [called(texts, lang, it.name, it.former_no), it.post, it.school_name]
    said = [it.team, None if it.pupils is None else str(it.pupils), it.text, it.reason]
    return [cell or "" for cell in (*who, text_of(texts, f"state-{it.state}", lang, {}), *said, *times)]


async def _decided(entry_id: UUID, who: Caller, tx: InTransaction) -> tuple[Contest, Entry]:
    """An entry that the caller decides on, locked. Raises Forbidden, NotFound, Conflict at a closed school."""
    reach = RIGHTS.reach(who, "decide", "contest-entry")
    contest, entry = await actions.entry_for_update(tx, entry_id)
    RIGHTS.require(who, "decide", "contest-entry", school_id=entry.school_id)
    if reach == "any" and contest.board != DEPARTMENT:
        raise NotFound
    entry.require_decider(who.account_id, is_editor=reach == "any")
    if reach != "any":
        await require_writable(tx, who.account_id)
    return contest, entry


ToDecide = Annotated[tuple[Contest, Entry], Depends(_decided)]


async def _answer(tx: Tx, entry: Entry, who: Principal, request: Request) -> EntryOut:
    return EntryOut.seen(await reading.line(tx, entry.entry_id), who, request)


@router.post("/entries/{entry_id}/approve")
async def approve_entry(of: ToDecide, who: Caller, tx: InTransaction, request: Request) -> EntryOut:
    """It has a place now, or one in the waiting list."""
    return await _answer(tx, await actions.approve_entry(tx, *of, who.account_id), who, request)


@router.post("/entries/{entry_id}/reject")
async def reject_entry(body: WhyIn, of: ToDecide, who: Caller, tx: InTransaction, request: Request) -> EntryOut:
    """For good; a place that it had goes to the first waiting."""
    return await _answer(tx, await actions.reject_entry(tx, *of, who.account_id, body.reason), who, request)


@router.post("/entries/{entry_id}/withdraw", status_code=204)
async def withdraw_entry(entry_id: UUID, who: Caller, tx: InTransaction) -> None:
    """The own entry; its place goes to the first waiting."""
    RIGHTS.reach(who, "write", "contest-entry")
    contest, entry = await actions.entry_for_update(tx, entry_id)
    RIGHTS.require(who, "write", "contest-entry", account_id=entry.account_id)
    await require_writable(tx, who.account_id)
    await actions.withdraw_entry(tx, contest, entry)
