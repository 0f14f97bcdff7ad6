"""Class lists from files, tried first, over HTTP."""

from typing import Annotated, Any, Literal
from uuid import UUID

from chassis.http import BODY_LIMIT_MARK, InTransaction
from chassis.problems import language, text_of
from ekis_tables.writing import BOM, csv_lines
from fastapi import APIRouter, Form, Request, Response, UploadFile

from cabinet.diary.actions import imports as actions
from cabinet.diary.actions import pupils
from cabinet.diary.domain.calendar import first_day
from cabinet.diary.domain.imports import VERDICTS, Row
from cabinet.diary.gateways.sheets import COLUMNS, LARGEST, read_list
from cabinet.diary.routes.desk import Day, Desk, may
from cabinet.sheets.domain import Reason

router = APIRouter()

MEGABYTES = LARGEST // 1024 // 1024 + 1
Mode = Annotated[Literal["dry-run", "apply"], Form()]
Report = Annotated[Literal["json", "csv"], Form()]


@router.post("/classes/{class_id}/pupils/import", openapi_extra={BODY_LIMIT_MARK: MEGABYTES})
async def import_pupils(
    *, class_id: UUID, file: UploadFile, mode: Mode = "dry-run", since: Annotated[Day | None, Form()] = None,
    report: Report = "json", request: Request, tx: InTransaction, desk: Annotated[Desk, may("write", "pupil")],
) -> Any:  # fmt: skip
    """A verdict on every row; `apply` also enters the good ones, from that day or the first of the school year on."""
    of = await pupils.led_class(tx, class_id, desk.school_id, desk.only)
    table = await read_list(await file.read(LARGEST + 1))
    rows = await actions.judge_list(tx, desk.school_id, of, table, COLUMNS)
    if mode == "apply":
        await actions.apply_list(tx, desk.school_id, class_id, rows, since or first_day(of.values["year"]))
    return _file(request, rows) if report == "csv" else _summary(request, mode, rows)


def _summary(request: Request, mode: str, rows: list[Row]) -> dict[str, Any]:
    counts: dict[str, int] = {said: sum(row.said == said for row in rows) for said in VERDICTS}
    return {"mode": mode, "total": len(rows), **counts, "rows": [_one(request, row) for row in rows]}


def _one(request: Request, row: Row) -> dict[str, Any]:
    reasons = [{"field": it.field, "code": it.code, "detail": _text(request, it)} for it in row.reasons]
    return {"row": row.number, "verdict": row.said, "name": _name(row), "reasons": reasons}


def _name(row: Row) -> str | None:
    return " ".join(filter(None, row.name.parts)) if row.name else None


def _text(request: Request, reason: Reason) -> str:
    return text_of(request.app.state.runtime.texts, reason.code, language(request), reason.params)


def _file(request: Request, rows: list[Row]) -> Response:
    """The verdicts as CSV that spreadsheets open, and that does nothing when they do."""
    texts, lang = request.app.state.runtime.texts, language(request)
    lines = [[text_of(texts, f"import-{column}", lang, {}) for column in ("row", "verdict", "name", "reasons")]]
    for row in rows:
        said = text_of(texts, f"import-{row.said}", lang, {})
        lines.append([str(row.number), said, _name(row) or "", " | ".join(_text(request, it) for it in row.reasons)])
    headers = {"Content-Disposition": 'attachment; filename="import.csv"'}
    return Response(BOM + csv_lines(lines), media_type="text/csv; charset=utf-8", headers=headers)
