"""Acknowledgements: given by whoever is asked, seen by the head of the school, counted for an editor."""

from collections.abc import Sequence
from typing import Annotated, Any, Self
from uuid import UUID

from chassis.auth import Caller, Principal
from chassis.errors import Invalid
from chassis.http import InTransaction
from chassis.paging import InPage, after
from chassis.problems import language
from ekis_contracts.fields import Body
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from pydantic import AwareDatetime, BaseModel, Field

from cabinet.documents.actions import acknowledgements as actions
from cabinet.documents.domain.documents import Signature
from cabinet.documents.domain.sheet import sheet
from cabinet.documents.routes.shapes import BY_ID, BY_PLACE
from cabinet.documents.store import acknowledgements as store
from cabinet.people import store as people
from cabinet.people.actions import require_writable
from cabinet.people.routes import called
from cabinet.rights import RIGHTS

router = APIRouter(prefix="/documents/{document_id}")

MOST_ON_A_SHEET = 5_000
_CSP = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"


class AcknowledgementIn(Body):
    """The version that has been read."""

    version: Annotated[int, Field(ge=1, lt=2**31)]


class Evidence(BaseModel):
    """What was acknowledged, and when; `sha256` is of the version's file, in hexadecimal."""

    version: int
    at: AwareDatetime
    sha256: str


class SignatureOut(BaseModel):
    """Somebody who is, or was, asked. `name` is in full, or that of a former employee with a number."""

    person_id: UUID
    is_former: bool
    name: str | None
    last_name: str | None
    first_name: str | None
    patronymic: str | None
    post: str | None
    has_cabinet: bool
    former_no: int | None
    acknowledged: Evidence | None

    @classmethod
    def of(cls, it: Signature, name: str | None) -> Self:
        """As the matrix has it."""
        said = it.no is not None and it.at is not None and it.sha256 is not None
        evidence = {"version": it.no, "at": it.at, "sha256": it.sha256.hex()} if said and it.sha256 else None
        return cls.model_validate(vars(it) | {"name": name, "acknowledged": evidence})


class Matrix(BaseModel):
    """People of one school by name, former ones last."""

    items: list[SignatureOut]
    next: str | None


class SchoolCountOut(BaseModel):
    """People of a school with an open cabinet."""

    school_id: UUID
    short_name: str | None
    asked: int
    acknowledged: int


class Counts(BaseModel):
    """`asked` and `acknowledged` are of the whole city."""

    asked: int
    acknowledged: int
    items: list[SchoolCountOut]
    next: str | None


def _school(who: Principal, asked: UUID | None) -> UUID:
    """Whose matrix is meant: a head's own school, for an editor the one that is named. Raises Forbidden, NotFound."""
    RIGHTS.require(who, "read", "acknowledgement", school_id=asked or who.school_id)
    school_id = asked or who.school_id
    if school_id is None:
        raise Invalid("missing", "/school_id")
    return school_id


@router.post("/acknowledgement")
async def acknowledge(document_id: UUID, body: AcknowledgementIn, who: Caller, tx: InTransaction) -> Evidence:
    """The caller has read this version; said again, the first time counts."""
    RIGHTS.require(who, "write", "acknowledgement", account_id=who.account_id)
    account = await require_writable(tx, who.account_id)
    said = await actions.acknowledge_document(tx, document_id, body.version, account)
    return Evidence(version=said["no"], at=said["at"], sha256=said["sha256"].hex())


@router.get("/acknowledgements", response_model=Matrix)
async def list_signatures(
    *, document_id: UUID, who: Caller, page: InPage, request: Request, tx: InTransaction, school_id: UUID | None = None
) -> dict[str, Any]:
    """Who of a school has acknowledged it, and who has not."""
    school = _school(who, school_id)
    document = await actions.required_document(tx, document_id)
    place = after(page, BY_PLACE)
    listed = await store.matrix(tx, document, school, place[0] if place else 0, page.limit)
    named = _named(request, language(request), listed)
    return page.answer([SignatureOut.of(one, name).model_dump() | {"place": one.place} for name, one in named], "place")


@router.get("/acknowledgements/sheet", response_class=HTMLResponse)
async def print_sheet(
    document_id: UUID, who: Caller, request: Request, tx: InTransaction, school_id: UUID | None = None
) -> HTMLResponse:
    """«Лист ознакомления», to be printed."""
    school = _school(who, school_id)
    document = await actions.required_document(tx, document_id)
    listed = await store.matrix(tx, document, school, 0, MOST_ON_A_SHEET)
    lines = [(name or "", one) for name, one in _named(request, "ru", listed)]
    page = sheet(document, await people.school_name(tx, school) or "", lines, tx.now)
    return HTMLResponse(page, headers={"Content-Security-Policy": _CSP, "Cache-Control": "no-store"})


def _named(request: Request, lang: str, listed: Sequence[Signature]) -> list[tuple[str | None, Signature]]:
    texts = request.app.state.runtime.texts
    return [(called(texts, lang, one.name, one.former_no), one) for one in listed]


@router.get("/acknowledgements/counts", response_model=Counts)
async def count_signatures(document_id: UUID, who: Caller, page: InPage, tx: InTransaction) -> dict[str, Any]:
    """Of the city, and school by school."""
    RIGHTS.require(who, "count", "acknowledgement")
    document = await actions.required_document(tx, document_id)
    asked, acknowledged = await store.count_all(tx, document)
    known = after(page, BY_ID)
    schools = await store.count_by_school(tx, document, known[0] if known else None, page.limit)
    return page.answer([vars(one) for one in schools], "school_id") | {"asked": asked, "acknowledged": acknowledged}
