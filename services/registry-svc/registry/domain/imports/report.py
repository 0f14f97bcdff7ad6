"""The verdicts as a file for people: CSV that spreadsheets open, and that does nothing when they do."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence

from registry.domain.imports.jobs import Remark, RowVerdict

COLUMNS = ("row", "verdict", "key", "school-id", "changed", "reasons", "remarks")
BOM = "\ufeff"
_ACTIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # the last four: full width

Say = Callable[..., str]  # (code, **parameters) -> text in the reader's language


def defused(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.lstrip(" \u00a0").startswith(_ACTIVE) else cell


def heading(say: Say) -> str:
    """The first line."""
    return BOM + _lines([[say(f"import-column-{name}") for name in COLUMNS]])


def lines(rows: Iterable[RowVerdict], say: Say) -> str:
    """A line for each."""
    return _lines([_cells(row, say) for row in rows])


def _cells(row: RowVerdict, say: Say) -> list[str]:
    number = "" if row.verdict == "missing" else str(row.number)
    changed = ", ".join(say(f"field-{field}") for field in row.changed)
    texts = [_texts(side, say) for side in (row.reasons, row.remarks)]
    return [number, say(f"import-verdict-{row.verdict}"), row.key or "", str(row.school_id or ""), changed, *texts]


def _texts(said: Sequence[Remark], say: Say) -> str:
    return " | ".join(f"{say(f'field-{one.field}')}: {_text(one, say)}" for one in said)


def _text(one: Remark, say: Say) -> str:
    text, value = say(one.code, **one.params), one.params.get("value")
    return f"«{value}» — {text}" if value else text


def _lines(rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([defused(cell) for cell in row] for row in rows)
    return text.getvalue()
