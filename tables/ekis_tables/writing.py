"""CSV that spreadsheets open, and that does nothing when they do."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

BOM = "\ufeff"
# What a spreadsheet would compute (OWASP, CSV injection); the last four are full width
_ACTIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def defused(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.lstrip(" \u00a0").startswith(_ACTIVE) else cell


def csv_lines(rows: Iterable[Sequence[Any]]) -> str:
    """Lines of a CSV file (`;`), every cell defused, None an empty one; put BOM before the first."""
    text = io.StringIO()
    cells = ([defused("" if cell is None else str(cell)) for cell in row] for row in rows)
    csv.writer(text, delimiter=";").writerows(cells)
    return text.getvalue()
