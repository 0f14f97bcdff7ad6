"""The child process: an XLSX file on standard input, its first sheet as CSV on standard output."""

import csv
import resource
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NoReturn

from openpyxl import load_workbook

_MEMORY = 512 * 1024 * 1024
_CPU_SECONDS = 55
_OUTPUT = 256 * 1024 * 1024
_UNPACKED = 400 * 1024 * 1024
_RATIO, _SMALL = 100, 1024 * 1024  # how much smaller packed data may be, once it is worth asking
_PARTS = 2_000


def main(rows: int, columns: int) -> None:
    """Read, or say in one word why not."""
    for what, most in (
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_CPU, _CPU_SECONDS),
        (resource.RLIMIT_FSIZE, _OUTPUT),
    ):
        resource.setrlimit(what, (most, most))
    try:
        _require_bounded(sys.stdin.buffer)
        writer = csv.writer(open(1, "w", encoding="utf-8", newline="", closefd=False), delimiter=";")  # noqa: SIM115
        writer.writerows(_rows(rows, columns))
    except (MemoryError, OSError):  # the file it writes is bounded too
        _refuse("sheet-large")
    except Exception:  # noqa: BLE001 - whatever the parser makes of hostile bytes
        _refuse("sheet-broken")


def _refuse(word: str) -> NoReturn:
    sys.stderr.write(word)
    sys.stderr.flush()
    sys.exit(1)


def _require_bounded(file: Any) -> None:
    """By the directory: zipfile never unpacks more of a part than that declares."""
    with zipfile.ZipFile(file) as parts:
        sizes = [(part.file_size, part.compress_size) for part in parts.infolist()]
    unpacked = sum(size for size, _ in sizes)
    tight = any(size > _SMALL and size > _RATIO * packed for size, packed in sizes)
    if len(sizes) > _PARTS or unpacked > _UNPACKED or tight:
        _refuse("sheet-large")


def _rows(most_rows: int, most_columns: int) -> Iterator[list[str]]:
    sheet = load_workbook(sys.stdin.buffer, read_only=True, data_only=True, keep_links=False).worksheets[0]
    sheet.reset_dimensions()  # what the file says of itself
    for number, row in enumerate(sheet.iter_rows(max_row=most_rows + 2, values_only=True), 1):
        cells = [_text(value) for value in row]
        while cells and not cells[-1]:
            cells.pop()
        if number > most_rows + 1:
            _refuse("too-long")
        if len(cells) > most_columns:
            _refuse("too-wide")
        yield cells


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return str(value.date())
    return value.isoformat() if isinstance(value, date) else str(value)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
