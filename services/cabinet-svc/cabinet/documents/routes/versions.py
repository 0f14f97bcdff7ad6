"""Versions of a document: their files, drafted and published by an editor, read by everybody."""

from typing import Annotated, Any
from uuid import UUID

from chassis.auth import Caller, Principal
from chassis.errors import NotFound
from chassis.http import InTransaction
from chassis.outbox import Tx
from chassis.paging import IfMatch, InPage, after, etag
from ekis_contracts.fields import Body, line
from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import AfterValidator, AwareDatetime, BaseModel, StringConstraints

from cabinet.documents.actions import documents as actions
from cabinet.documents.domain.documents import Terms, Version
from cabinet.documents.routes.shapes import (
    BY_PLACE,
    CardOut,
    Day,
    VersionOut,
    require_newest,
    require_reader,
    tagged,
)
from cabinet.documents.store import documents as store
from cabinet.documents.store import search
from cabinet.files.routes import sent
from cabinet.rights import RIGHTS

router = APIRouter(prefix="/documents/{document_id}/versions")


class VersionIn(Body):
    """A version. `is_material`: who has acknowledged an older one is asked again."""

    file_id: UUID
    in_force_from: Day
    in_force_to: Day | None = None
    is_material: bool = True
    is_mandatory: bool = False
    acknowledge_by: AwareDatetime | None = None
    note: Annotated[str, StringConstraints(max_length=1000), AfterValidator(line)] = ""

    def terms(self) -> Terms:
        """As the domain takes it."""
        return Terms(**self.model_dump())


class Versions(BaseModel):
    """The newest first; there are never many."""

    items: list[VersionOut]
    next: None = None


class Passage(BaseModel):
    """A piece of the text, about 2,000 letters with line breaks."""

    no: int
    text: str


class Passages(BaseModel):
    """In their order; none as long as the text has not been read, or cannot be."""

    items: list[Passage]
    next: str | None


async def _readable(tx: Tx, document_id: UUID, no: int, who: Principal) -> Version:
    """A version that the caller may read. Raises NotFound, for a draft too unless an editor asks."""
    await require_reader(tx, who)
    version = await actions.known_version(tx, document_id, no)
    if version.published_at is None and who.category is not None:
        raise NotFound
    return version


@router.get("")
async def list_versions(document_id: UUID, who: Caller, tx: InTransaction) -> Versions:
    """Published ones; an editor sees the draft too."""
    await require_reader(tx, who)
    listed = await store.versions(tx, document_id)
    shown = [VersionOut.of(one) for one in listed if one.published_at or who.category is None]
    if not shown and (who.category or await store.document(tx, document_id) is None):
        raise NotFound
    return Versions(items=shown)


@router.post("", status_code=201)
async def draft_version(
    *, document_id: UUID, body: VersionIn, who: Caller, tx: InTransaction, response: Response, if_match: IfMatch = None
) -> VersionOut:
    """The next version as a draft; another takes its place until it is published."""
    RIGHTS.require(who, "write", "document")
    document = await actions.document_for_update(tx, document_id)
    require_newest(if_match, document)
    version = await actions.draft_version(tx, document, body.terms(), who.account_id)
    response.headers["ETag"] = etag(document.version + 1)
    return VersionOut.of(version)


@router.post("/{no}/publish")
async def publish_version(
    *, document_id: UUID, no: int, who: Caller, tx: InTransaction, response: Response, if_match: IfMatch = None
) -> CardOut:
    """It is current from now on."""
    RIGHTS.require(who, "write", "document")
    document = await actions.document_for_update(tx, document_id)
    version = await actions.known_version(tx, document_id, no)
    require_newest(if_match, document)
    return tagged(response, await actions.publish_version(tx, document, version))


@router.get("/{no}/file", response_class=StreamingResponse)
async def read_file(document_id: UUID, no: int, request: Request, who: Caller) -> StreamingResponse:
    """What was published, byte for byte."""
    # No transaction is open while the object store is asked
    async with request.app.state.runtime.database.transaction() as tx:
        file = await actions.file_of(tx, await _readable(tx, document_id, no, who))
    return await sent(request, file)


@router.get("/{no}/text", response_model=Passages)
async def read_text(document_id: UUID, no: int, who: Caller, page: InPage, tx: InTransaction) -> dict[str, Any]:
    """What has been read of its file, to be read on a page."""
    version = await _readable(tx, document_id, no, who)
    place = after(page, BY_PLACE)
    found = await search.passages(tx, version.version_id, place[0] if place else 0, page.limit)
    return page.answer([{"no": number, "text": text} for number, text in found], "no")
