"""The verdicts as a file for people: CSV that spreadsheets open, and that does nothing when they do."""

from collections.abc import Callable, Iterable, Sequence

from ekis_tables.writing import BOM, csv_lines

from registry.domain.imports.jobs import Remark, RowVerdict

COLUMNS = ("row", "verdict", "key", "school-id", "changed", "reasons", "remarks")

Say = Callable[..., str]  # (code, **parameters) -> text in the reader's language


def heading(say: Say) -> str:
    """The first line."""
    return BOM + csv_lines([[say(f"import-column-{name}") for name in COLUMNS]])


def lines(rows: Iterable[RowVerdict], say: Say) -> str:
    """A line for each."""
    return csv_lines([_cells(row, say) for row in rows])


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
