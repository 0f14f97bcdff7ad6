"""Files of results: uploaded, tried, published and followed by an editor."""

import hashlib
import hmac
from collections.abc import AsyncIterator
from datetime import datetime
from functools import partial
from typing import Annotated, Any, Self
from uuid import UUID

from chassis.auth import Caller
from chassis.errors import Invalid
from chassis.http import BODY_LIMIT_MARK, InTransaction, Runtime
from chassis.idempotency import Repeatable
from chassis.paging import InPage, after
from chassis.problems import language, text_of
from ekis_contracts.days import today
from ekis_contracts.fields import Line, line
from ekis_tables.writing import BOM, csv_lines
from fastapi import APIRouter, Depends, File, Form, Header, Request, UploadFile
from fastapi.responses import StreamingResponse
from pydantic import AfterValidator, BaseModel, Field, StringConstraints, TypeAdapter

from cabinet.exams.actions import batches as actions
from cabinet.exams.domain.batches import LIMITS, Batch, Mode, Order, State, Verdict
from cabinet.exams.domain.dictionary import OLDEST_YEAR, exam_of, exams, subjects_of
from cabinet.exams.domain.rows import Judged
from cabinet.exams.store import batches as store
from cabinet.exams.store import rows as rows_store
from cabinet.rights import RIGHTS

router = APIRouter(prefix="/exam-batches")

CHUNK = 256 * 1024  # bytes
REPORT_ROWS = 1_000  # in the memory at once
_LONGEST_FILE_NAME = 200
_REPORT = ("row", "verdict", "school", "code", "changed", "reasons")
_Why = Annotated[str, StringConstraints(max_length=300), AfterValidator(line)]
_BY_ID = TypeAdapter(tuple[UUID])
_BY_NUMBER = TypeAdapter(tuple[Annotated[int, Field(ge=0, lt=2**31)]])


class ExamBatchStarted(BaseModel):
    """Where to follow it."""

    batch_id: UUID


class ExamBatchFailure(BaseModel):
    """Why the file as a whole could not be read."""

    code: str
    title: str


class ExamBatchOut(BaseModel):
    """A file as it stands; `total` is 0 until it has been seen, the verdicts are counted once all rows are read.
    `published_at` stays empty when it made nothing known: a dry run, or nothing new."""

    batch_id: UUID
    exam: str
    year: int
    subject: str
    mode: Mode
    state: State
    reason: str | None
    file_name: str | None
    queued_at: datetime
    finished_at: datetime | None
    total: int
    done: int
    new: int
    changed: int
    unchanged: int
    rejected: int
    columns: dict[str, str]
    problem: ExamBatchFailure | None
    published_at: datetime | None
    appeal_until: datetime | None
    batch_version: int
    report_url: str

    @classmethod
    def of(cls, it: Batch, request: Request) -> Self:
        """With the failure in the caller's language."""
        problem = {"code": it.code, "title": _say(request, it.code, **it.params)} if it.code else None
        own: dict[str, Any] = {"problem": problem, "batch_version": it.version}
        own["report_url"] = f"/api/cabinet/exam-batches/{it.batch_id}/report"
        return cls.model_validate(vars(it) | own)


class ExamBatches(BaseModel):
    """The newest first."""

    items: list[ExamBatchOut]
    next: str | None


class ExamReasonOut(BaseModel):
    """What is wrong with a field of a row."""

    field: str
    code: str
    detail: str


class ExamRowOut(BaseModel):
    """A row of the file; without a verdict until all are read."""

    row: int
    verdict: Verdict | None
    school: str | None
    code: str | None
    changed: list[str]
    reasons: list[ExamReasonOut]


class ExamRows(BaseModel):
    """In the order of the file."""

    items: list[ExamRowOut]
    next: str | None


class ExamSubjectsOut(BaseModel):
    """An exam with its subjects."""

    exam: str
    subjects: list[str]


class ExamDictionary(BaseModel):
    """What a file can be about."""

    items: list[ExamSubjectsOut]


def _say(request: Request, code: str, **params: Any) -> str:
    return text_of(request.app.state.runtime.texts, code, language(request), params)


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
    *, file: Annotated[UploadFile, File(description="CSV or XLSX, 16 MB at most")], exam: Annotated[Line, Form()],
    year: Annotated[int, Form()], subject: Annotated[Line, Form()], mode: Annotated[Mode, Form()] = "dry-run",
    reason: Annotated[_Why, Form(description="why known results change")] = "", who: Caller,
    tx: InTransaction,
) -> tuple[Order, UploadFile]:  # fmt: skip
    RIGHTS.require(who, "write", "exam-batch")
    of, newest = exam_of(exam, subject), today(tx.now).year
    if not OLDEST_YEAR <= year <= newest:
        raise Invalid("exam-year", "/year", first=OLDEST_YEAR, last=newest)
    return Order(of.exam, year, of.subject, mode, reason or None, _file_name(file), who.account_id), file


Ordered = Annotated[tuple[Order, UploadFile], Depends(_order)]
Key = Annotated[str | None, Header(alias="Idempotency-Key", min_length=1, max_length=255)]


# One more, for what a form puts around the file
@router.post("", status_code=202, openapi_extra={BODY_LIMIT_MARK: LIMITS.megabytes + 1})
async def start(ordered: Ordered, tx: InTransaction, key: Key = None) -> ExamBatchStarted:
    """Try a file (`dry-run`) or publish what it says; the work goes on when this has been answered."""
    order, file = ordered
    if not 0 < (file.size or 0) <= LIMITS.megabytes * 2**20:
        raise LIMITS.too_large() if file.size else Invalid("file-empty", "/file")
    said = hmac.digest(tx.secret, repr(order).encode() + await _digest(file), "sha256")

    async def started() -> str:
        return str(await actions.start_batch(tx, order, _chunks(file)))

    return ExamBatchStarted(
        batch_id=UUID(await Repeatable(f"POST exam-batches {order.by}", key, said).once(tx, started))
    )


@router.get("", response_model=ExamBatches)
async def list_batches(request: Request, who: Caller, page: InPage, tx: InTransaction) -> dict[str, Any]:
    """The newest first."""
    RIGHTS.require(who, "read", "exam-batch")
    before = after(page, _BY_ID)
    listed = await store.batches_page(tx, before[0] if before else None, page.limit)
    return page.answer([ExamBatchOut.of(one, request).model_dump() for one in listed], "batch_id")


@router.get("/dictionary")
async def read_dictionary(who: Caller) -> ExamDictionary:
    """Exams and subjects as files and lists name them."""
    RIGHTS.require(who, "read", "exam-batch")
    return ExamDictionary(items=[ExamSubjectsOut(exam=exam, subjects=subjects_of(exam)) for exam in exams()])


@router.get("/{batch_id}")
async def read_batch(batch_id: UUID, request: Request, who: Caller, tx: InTransaction) -> ExamBatchOut:
    """How far it is."""
    RIGHTS.require(who, "read", "exam-batch")
    return ExamBatchOut.of(await actions.known_batch(tx, batch_id), request)


@router.post("/{batch_id}/cancel")
async def cancel(batch_id: UUID, request: Request, who: Caller, tx: InTransaction) -> ExamBatchOut:
    """Stop: nothing of it becomes known."""
    RIGHTS.require(who, "write", "exam-batch")
    return ExamBatchOut.of(await actions.cancel_batch(tx, batch_id), request)


@router.post("/{batch_id}/apply")
async def apply(batch_id: UUID, request: Request, who: Caller, tx: InTransaction) -> ExamBatchOut:
    """Publish what the dry run has shown."""
    RIGHTS.require(who, "write", "exam-batch")
    return ExamBatchOut.of(await actions.apply_batch(tx, batch_id), request)


@router.get("/{batch_id}/rows", response_model=ExamRows)
async def list_rows(
    *, batch_id: UUID, request: Request, who: Caller, page: InPage, tx: InTransaction, verdict: Verdict | None = None
) -> dict[str, Any]:
    """The rows, all or those of one verdict."""
    RIGHTS.require(who, "read", "exam-batch")
    batch, beyond = await actions.known_batch(tx, batch_id), after(page, _BY_NUMBER)
    listed = await rows_store.rows_page(tx, batch.batch_id, verdict, beyond[0] if beyond else 0, page.limit)
    return page.answer([_row(request, one) for one in listed], "row")


def _row(request: Request, it: Judged) -> dict[str, Any]:
    reasons = [
        {"field": one.field, "code": one.code, "detail": _say(request, one.code, **one.params)} for one in it.reasons
    ]
    shown = {"row": it.number, "verdict": it.verdict, "school": it.school_name or it.school_key, "code": it.code}
    return shown | {"changed": it.changed, "reasons": reasons}


@router.get("/{batch_id}/report", response_class=StreamingResponse)
async def read_report(batch_id: UUID, request: Request, who: Caller, tx: InTransaction) -> StreamingResponse:
    """The verdict on every row, as CSV (UTF-8 with BOM, `;`)."""
    RIGHTS.require(who, "read", "exam-batch")
    batch = await actions.known_batch(tx, batch_id)
    name = f'attachment; filename="exam-{batch.year}-{batch.queued_at:%Y%m%d-%H%M}.csv"'
    headers = {"Content-Disposition": name, "Cache-Control": "no-store"}
    return StreamingResponse(_report(request, batch_id), media_type="text/csv; charset=utf-8", headers=headers)


async def _report(request: Request, batch_id: UUID) -> AsyncIterator[str]:
    runtime: Runtime = request.app.state.runtime
    say, last = partial(_say, request), 0
    yield BOM + csv_lines([[say(f"exam-column-{name}") for name in _REPORT]])
    while True:
        async with runtime.database.transaction() as tx:
            rows = await rows_store.rows_page(tx, batch_id, None, last, REPORT_ROWS)
        if not rows:
            return
        yield csv_lines([_cells(say, row) for row in rows])
        last = rows[-1].number


def _cells(say: Any, row: Judged) -> list[Any]:
    changed = ", ".join(say(f"exam-field-{field}") for field in row.changed)
    reasons = " | ".join(f"{say(f'exam-field-{one.field}')}: {say(one.code, **one.params)}" for one in row.reasons)
    verdict = say(f"exam-verdict-{row.verdict}") if row.verdict else ""
    return [row.number, verdict, row.school_name or row.school_key, row.code, changed, reasons]
