"""A class list as a file, CSV or XLSX, read into cells. It is not trusted, so its size is bounded in every way."""

import csv
import io
import tomllib
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

from chassis.errors import Invalid
from openpyxl import load_workbook

COLUMNS: dict[str, list[str]] = tomllib.loads((Path(__file__).parents[1] / "imports.toml").read_text("utf-8"))

MOST_ROWS, MOST_COLUMNS = 2_000, 50
LARGEST = 2 * 1024 * 1024  # bytes of a file
_UNPACKED = 40 * 1024 * 1024  # bytes of what an XLSX says it holds; zipfile never unpacks more of a part than that
_PARTS = 500
_LONGEST_CELL = 1_000
_DELIMITERS = ";,\t"


def read_cells(data: bytes) -> list[list[str]]:
    """Rows of the first sheet, the header first; blank ones are empty lists, so that numbers stay. Raises Invalid."""
    if len(data) > LARGEST:
        raise Invalid("list-too-large", "/file", megabytes=LARGEST // 1024 // 1024)
    rows = _workbook(data) if data.startswith(b"PK") else _text_file(data)
    while rows and not any(rows[-1]):
        rows.pop()
    if len(rows) > MOST_ROWS + 1 or max(map(len, rows), default=0) > MOST_COLUMNS:
        raise Invalid("file-too-long", "/file", rows=MOST_ROWS, columns=MOST_COLUMNS)
    if len(rows) < 2:  # noqa: PLR2004 - a header and a pupil
        raise Invalid("list-empty", "/file")
    return rows


def _text_file(data: bytes) -> list[list[str]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("cp1251")
        except UnicodeDecodeError:
            raise Invalid("file-unreadable", "/file") from None
    if "\0" in text:
        raise Invalid("file-unreadable", "/file")
    head = text.partition("\n")[0]
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(_DELIMITERS, key=head.count))
        return [[_tidy(cell) for cell in row] for row in rows]
    except csv.Error:  # a quote that never ends
        raise Invalid("file-unreadable", "/file") from None


def _workbook(data: bytes) -> list[list[str]]:
    try:
        _require_bounded(data)
        sheet = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False).worksheets[0]
        sheet.reset_dimensions()  # what the file says of itself
        rows = sheet.iter_rows(max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS + 1, values_only=True)
        return [_trimmed([_text(value) for value in row]) for row in rows]
    except Invalid:
        raise
    except Exception:  # noqa: BLE001 - whatever the parser makes of hostile bytes
        raise Invalid("file-unreadable", "/file") from None


def _require_bounded(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        sizes = [part.file_size for part in parts.infolist()]
    if len(sizes) > _PARTS or sum(sizes) > _UNPACKED:
        raise Invalid("list-too-large", "/file", megabytes=LARGEST // 1024 // 1024)


def _trimmed(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else _tidy(str(value))


def _tidy(cell: str) -> str:
    """One line, every kind of space being one."""
    return " ".join(cell[:_LONGEST_CELL].split())
