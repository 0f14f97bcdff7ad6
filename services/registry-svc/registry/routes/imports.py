"""Files of the feed: uploaded, tried, applied and followed by a registrar."""

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from datetime import datetime
from functools import partial
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from chassis.auth import Caller
from chassis.errors import Invalid
from chassis.http import BODY_LIMIT_MARK, InTransaction, Runtime
from chassis.idempotency import Repeatable
from chassis.paging import InPage, after_id
from chassis.problems import language, text_of
from ekis_contracts.fields import Body, Line, line
from fastapi import APIRouter, Depends, File, Form, Header, Request, Response, UploadFile
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from registry.actions.imports import jobs as actions
from registry.actions.imports import missing
from registry.actions.imports.missing import Ended
from registry.domain.imports import report
from registry.domain.imports.jobs import LARGEST, Job, Kind, Mode, Order, State
from registry.gateways.layouts import LAYOUTS
from registry.rights import RIGHTS
from registry.routes.shapes import Listing
from registry.store import imports as store

router = APIRouter(prefix="/imports", tags=["imports"])

CHUNK = 256 * 1024  # bytes
REPORT_ROWS = 1_000  # in the memory at once
MEGABYTES = LARGEST // 1024 // 1024
_MAPPING = TypeAdapter(dict[str, str])
_LONGEST_FILE_NAME = 200


class Started(BaseModel):
    """Where to follow it."""

    import_id: UUID


class Failure(BaseModel):
    """Why the file as a whole could not be read."""

    code: str
    title: str


class ImportOut(BaseModel):
    """An import as it stands; `total` is 0 until the file has been seen, `columns` tells what was found where."""

    import_id: UUID
    kind: Kind
    mode: Mode
    snapshot: bool
    file_name: str | None
    state: State
    queued_at: datetime
    finished_at: datetime | None
    total: int
    done: int
    new: int
    changed: int
    unchanged: int
    rejected: int
    missing: int
    missing_closed_at: datetime | None
    columns: dict[str, str]
    problem: Failure | None
    report_url: str

    @classmethod
    def of(cls, job: Job, request: Request) -> Self:
        """With the failure in the caller's language."""
        problem = {"code": job.code, "title": _say(request, job.code, **job.params)} if job.code else None
        own: dict[str, Any] = {"snapshot": job.is_snapshot, "done": job.counts.done, "problem": problem}
        own["report_url"] = f"/api/registry/imports/{job.import_id}/report"
        return cls.model_validate(vars(job) | vars(job.counts) | own)


def _say(request: Request, code: str, **params: Any) -> str:
    return text_of(request.app.state.runtime.texts, code, language(request), params)


def _mapping(kind: Kind, text: str) -> dict[str, str]:
    try:
        mapping = _MAPPING.validate_python(json.loads(text or "{}"))
    except (ValueError, ValidationError, RecursionError):
        raise Invalid("import-mapping-malformed", "/mapping") from None
    known = LAYOUTS[kind].columns
    if unknown := sorted(mapping.keys() - known):
        raise Invalid("import-mapping-field", "/mapping", field=unknown[0][:100], known=", ".join(known))
    return mapping


def _file_name(file: UploadFile) -> str | None:
    try:
        return line(file.filename or "")[:_LONGEST_FILE_NAME] or None
    except ValueError:
        return None


async def _chunks(file: UploadFile) -> AsyncIterator[bytes]:
    await file.seek(0)
    while chunk := await file.read(CHUNK):
        yield chunk


async def _digest(file: UploadFile) -> bytes:
    digest = hashlib.sha256()
    async for chunk in _chunks(file):
        digest.update(chunk)
    return digest.digest()


async def _order(
    *,
    file: Annotated[UploadFile, File(description="CSV or XLSX, 32 MB at most")],
    kind: Annotated[Kind, Form()],
    mode: Annotated[Mode, Form()],
    mapping: Annotated[str, Form(max_length=10_000, description="JSON: field -> header of the file")] = "",
    snapshot: Annotated[bool, Form(description="the file is the whole register")] = False,
    who: Caller,
) -> tuple[Order, UploadFile]:
    RIGHTS.require(who, "write", "import")
    return Order(kind, mode, snapshot, _mapping(kind, mapping), _file_name(file), who.account_id), file


Ordered = Annotated[tuple[Order, UploadFile], Depends(_order)]
Key = Annotated[str | None, Header(alias="Idempotency-Key", min_length=1, max_length=255)]


# One more, for what a form puts around the file
@router.post("", status_code=202, openapi_extra={BODY_LIMIT_MARK: MEGABYTES + 1})
async def start(ordered: Ordered, tx: InTransaction, key: Key = None) -> Started:
    """Try a file (`dry-run`) or apply it at once; the work goes on when this has been answered."""
    order, file = ordered
    said = hmac.digest(tx.secret, repr(order).encode() + await _digest(file), "sha256")
    once = Repeatable(f"POST imports {order.by}", key, said)

    async def started() -> str:
        return str(await actions.start_import(tx, order, _chunks(file)))

    return Started(import_id=UUID(await once.once(tx, started)))


@router.get("", response_model=Listing[ImportOut])
async def list_imports(request: Request, who: Caller, page: InPage, tx: InTransaction) -> dict[str, Any]:
    """The newest first."""
    RIGHTS.require(who, "read", "import")
    jobs = await store.imports_page(tx, after_id(page), page.limit)
    return page.answer([ImportOut.of(job, request).model_dump() for job in jobs], "import_id")


@router.get("/{import_id}")
async def read_import(import_id: UUID, request: Request, who: Caller, tx: InTransaction) -> ImportOut:
    """How far it is."""
    RIGHTS.require(who, "read", "import")
    return ImportOut.of(await actions.known_import(tx, import_id), request)


@router.post("/{import_id}/cancel")
async def cancel(import_id: UUID, request: Request, who: Caller, tx: InTransaction) -> ImportOut:
    """Stop after the rows in work; what was applied stays applied."""
    RIGHTS.require(who, "write", "import")
    return ImportOut.of(await actions.cancel_import(tx, import_id), request)


@router.post("/{import_id}/apply")
async def apply(import_id: UUID, request: Request, who: Caller, tx: InTransaction) -> ImportOut:
    """Do what the dry run has shown."""
    RIGHTS.require(who, "write", "import")
    return ImportOut.of(await actions.apply_import(tx, import_id), request)


class EndMissing(Body):
    """`expected` is how many the registrar has seen to be missing; for schools the reason is `liquidated`."""

    expected: Annotated[int, Field(ge=1)]
    reason: Line


class EndedOut(BaseModel):
    """`waiting` for a second person; `kept`: something else is going on with them."""

    state: Literal["done", "awaiting-second"]
    ended: int
    waiting: int
    kept: int

    @classmethod
    def of(cls, ended: Ended, response: Response) -> Self:
        """202 while a second person is needed."""
        response.status_code = 202 if ended.waiting else 200
        return cls(state="awaiting-second" if ended.waiting else "done", **vars(ended))


@router.post("/{import_id}/close-missing", responses={202: {"model": EndedOut}})
async def close_missing(
    import_id: UUID, body: EndMissing, who: Caller, response: Response, tx: InTransaction
) -> EndedOut:
    """End what a full copy no longer has, as it was seen; where much ends at once another registrar has to agree."""
    RIGHTS.require(who, "write", "import")
    ended = await missing.end_missing(tx, import_id, body.expected, body.reason, who.account_id)
    return EndedOut.of(ended, response)


@router.post("/{import_id}/close-missing/approve")
async def approve_missing(import_id: UUID, who: Caller, response: Response, tx: InTransaction) -> EndedOut:
    """The second person agrees to end the staff records that are missing; not the one who asked."""
    RIGHTS.require(who, "write", "import")
    return EndedOut.of(await missing.approve_ending(tx, import_id, who.account_id), response)


@router.get("/{import_id}/report", response_class=StreamingResponse)
async def read_report(import_id: UUID, request: Request, who: Caller, tx: InTransaction) -> StreamingResponse:
    """The verdict on every row so far, as CSV (UTF-8 with BOM, `;`), the missing ones last."""
    RIGHTS.require(who, "read", "import")
    job = await actions.known_import(tx, import_id)
    headers = {"Content-Disposition": f'attachment; filename="import-{job.kind}-{job.queued_at:%Y%m%d-%H%M}.csv"'}
    return StreamingResponse(_report(request, import_id), media_type="text/csv", headers=headers)


async def _report(request: Request, import_id: UUID) -> AsyncIterator[str]:
    runtime: Runtime = request.app.state.runtime
    say, after = partial(_say, request), 0
    yield report.heading(say)
    while True:
        async with runtime.database.transaction() as tx:
            rows = await store.rows_page(tx, import_id, after, REPORT_ROWS)
        if not rows:
            return
        yield report.lines(rows, say)
        after = rows[-1].number
