"""Documents: found and read by everybody, written by an editor."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from chassis.auth import Caller
from chassis.errors import NotFound
from chassis.http import InTransaction, Once
from chassis.outbox import Tx
from chassis.paging import IfMatch, InPage, Page, after, etag
from ekis_contracts.fields import Body, Line, line
from fastapi import APIRouter, Query, Response
from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from cabinet.documents.actions import documents as actions
from cabinet.documents.actions.texts import find_documents
from cabinet.documents.domain.documents import Card, Kind, Narrowing
from cabinet.documents.routes.shapes import (
    BY_DATE,
    BY_ID,
    BY_RANK,
    CardOut,
    Day,
    ShownOut,
    require_newest,
    require_reader,
    tagged,
)
from cabinet.documents.store import documents as store
from cabinet.notices.routes import AudienceIn
from cabinet.people.domain import MOSCOW
from cabinet.rights import RIGHTS

router = APIRouter(prefix="/documents")

_Text = Annotated[str, StringConstraints(max_length=300), AfterValidator(line)]
_Specialty = Annotated[Line, AfterValidator(str.lower)]
_Number = Annotated[Line, StringConstraints(max_length=60)]


class CardIn(Body):
    """The whole card. Without an audience everybody has to acknowledge what is mandatory."""

    number: _Number
    issued_on: Day
    issuer: Line
    kind: Kind
    title: Line
    specialties: Annotated[tuple[_Specialty, ...], Field(max_length=50)] = ()
    audience: AudienceIn = AudienceIn()
    supersedes: UUID | None = None

    def card(self) -> Card:
        """As the domain takes it."""
        given = {name: getattr(self, name) for name in CardIn.model_fields if name != "audience"}
        return Card(**given, audience=self.audience.audience())


class Found(BaseModel):
    """Published documents."""

    items: list[ShownOut]
    next: str | None


class Drafts(BaseModel):
    """Documents without a published version."""

    items: list[CardOut]
    next: str | None


class Wanted(BaseModel):
    """What is looked for; `in_force`: today, in Moscow; `asked`: what the caller has to acknowledge still."""

    q: _Text = ""
    specialty: _Text = ""
    in_force: bool = False
    asked: bool = False

    def narrowing(self, now: datetime) -> Narrowing:
        """As the store takes it."""
        return Narrowing(self.specialty.lower() or None, now.astimezone(MOSCOW).date() if self.in_force else None)


@router.get("", response_model=Found)
async def list_documents(
    wanted: Annotated[Wanted, Query()], who: Caller, page: InPage, tx: InTransaction
) -> dict[str, Any]:
    """The newest first; of a search the best first, 200 at most; of what is asked the most urgent, one page of it."""
    await require_reader(tx, who)
    if wanted.asked:
        waiting = await store.waiting_for(tx, who.account_id, page.limit)
        return {"items": [ShownOut.seen(one) for one in waiting], "next": None}
    narrowing = wanted.narrowing(tx.now)
    if wanted.q:
        return await _found(tx, wanted.q, narrowing, who.account_id, page)
    return await _latest(tx, narrowing, who.account_id, page)


async def _latest(tx: Tx, to: Narrowing, account_id: UUID, page: Page) -> dict[str, Any]:
    listed = await store.latest(tx, to, after(page, BY_DATE), page.limit)
    shown = await store.shown_these(tx, account_id, listed)
    return page.answer([ShownOut.seen(shown[one]).model_dump() for one in listed], "issued_on", "document_id")


async def _found(tx: Tx, q: str, to: Narrowing, account_id: UUID, page: Page) -> dict[str, Any]:
    hits = await find_documents(tx, q, to, after(page, BY_RANK), page.limit)
    shown = await store.shown_these(tx, account_id, [hit.document_id for hit in hits])
    items = [ShownOut.seen(shown[hit.document_id], rank=hit.rank, found=hit.found).model_dump() for hit in hits]
    return page.answer(items, "rank", "document_id")


@router.get("/drafts", response_model=Drafts)
async def list_drafts(who: Caller, page: InPage, tx: InTransaction) -> dict[str, Any]:
    """The newest first."""
    RIGHTS.require(who, "write", "document")
    before = after(page, BY_ID)
    listed = await store.drafts(tx, before[0] if before else None, page.limit)
    return page.answer([CardOut.of(one).model_dump() for one in listed], "document_id")


@router.post("", status_code=201)
async def write_document(body: CardIn, who: Caller, tx: InTransaction, once: Once, response: Response) -> CardOut:
    """A card without a version, which nobody but editors sees."""
    RIGHTS.require(who, "write", "document")

    async def written() -> str:
        return str((await actions.write_document(tx, body.card())).document_id)

    document = await store.document(tx, UUID(await once.once(tx, written)))
    assert document is not None
    return tagged(response, document)


@router.get("/{document_id}")
async def read_document(document_id: UUID, who: Caller, tx: InTransaction, response: Response) -> ShownOut:
    """A published document."""
    await require_reader(tx, who)
    shown = await store.shown(tx, who.account_id, document_id)
    if shown is None:
        raise NotFound
    response.headers["ETag"] = etag(shown.document.version)
    return ShownOut.seen(shown)


@router.get("/{document_id}/card")
async def read_card(document_id: UUID, who: Caller, tx: InTransaction, response: Response) -> CardOut:
    """A document as its editors see it, a draft too."""
    RIGHTS.require(who, "write", "document")
    document = await store.document(tx, document_id)
    if document is None:
        raise NotFound
    return tagged(response, document)


@router.put("/{document_id}")
async def edit_document(
    *, document_id: UUID, body: CardIn, who: Caller, tx: InTransaction, response: Response, if_match: IfMatch = None
) -> CardOut:
    """The whole card anew; what was acknowledged stays acknowledged."""
    RIGHTS.require(who, "write", "document")
    document = await actions.document_for_update(tx, document_id)
    require_newest(if_match, document)
    return tagged(response, await actions.edit_document(tx, document, body.card()))
