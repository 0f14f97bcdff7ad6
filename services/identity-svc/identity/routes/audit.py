"""The audit record, for security."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from chassis.auth import Caller
from chassis.http import InTransaction, Runtime
from chassis.paging import InPage
from ekis_contracts.fields import Line
from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime, BaseModel, Field

from identity.domain import audit_sheet
from identity.domain.audit import Act, Entry, Recorded, Wanted
from identity.rights import RIGHTS
from identity.routes.edge import InRuntime, Proven, after_moment
from identity.store import audit as store

router = APIRouter(prefix="/audit", tags=["audit"])

SHEET_ROWS = 1_000  # read at a time

Moment = Annotated[AwareDatetime, Field(ge=datetime(2000, 1, 1, tzinfo=UTC), le=datetime(2100, 1, 1, tzinfo=UTC))]


class Recording(BaseModel):
    """An act: by whom (nobody: the system itself), to whose account, on which ground."""

    id: UUID
    at: datetime
    act: str
    by: UUID | None
    account_id: UUID | None
    ticket: str | None
    proof: str | None
    reason: str | None
    details: Mapping[str, str]

    @classmethod
    def of(cls, one: Recorded) -> Self:
        """As it stands."""
        return cls(id=one.id, at=one.at, **asdict(one.entry))


class Recordings(BaseModel):
    """A page of them, the newest first."""

    items: list[Recording]
    next: str | None


async def _wanted(
    *,
    account_id: UUID | None = None,
    by: UUID | None = None,
    act: Act | None = None,
    ticket: Annotated[Line | None, Query()] = None,
    since: Moment | None = None,
    until: Moment | None = None,
) -> Wanted:
    return Wanted(account_id, by, act, ticket, since, until)


InQuestion = Annotated[Wanted, Depends(_wanted)]


@router.get("", response_model=Recordings)
async def list_entries(who: Caller, wanted: InQuestion, tx: InTransaction, page: InPage) -> dict[str, Any]:
    """Who did what, to whom, when; every filter narrows."""
    RIGHTS.require(who, "read", "audit")
    found = await store.entries(tx, wanted, after_moment(page), page.limit)
    return page.answer([Recording.of(one).model_dump() for one in found], "at", "id")


@router.get("/export", response_class=StreamingResponse)
async def export(who: Proven, wanted: InQuestion, tx: InTransaction, runtime: InRuntime) -> StreamingResponse:
    """The same as CSV (UTF-8 with BOM, `;`), as of now; that it was taken out is on record too."""
    RIGHTS.require(who, "export", "audit")
    wanted = replace(wanted, until=min(wanted.until or tx.now, tx.now))
    asked = {name: str(value) for name, value in asdict(wanted).items() if value is not None}
    await store.add_entry(tx, Entry("audit-exported", who.account_id, details=asked))
    headers = {"Content-Disposition": f'attachment; filename="audit-{tx.now:%Y%m%d-%H%M}.csv"'}
    return StreamingResponse(_sheet(runtime, wanted), media_type="text/csv", headers=headers)


async def _sheet(runtime: Runtime, wanted: Wanted) -> AsyncIterator[str]:
    after = None
    yield audit_sheet.heading()
    while True:
        async with runtime.database.transaction() as tx:
            found = await store.entries(tx, wanted, after, SHEET_ROWS)
        if not found:
            return
        yield audit_sheet.lines(found)
        after = found[-1].at, found[-1].id
