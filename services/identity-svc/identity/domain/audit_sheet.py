"""The audit record as a sheet: CSV in UTF-8 with BOM and `;`, so that a spreadsheet opens it as it is."""

import csv
import io
import json
from collections.abc import Iterable

from identity.domain.audit import Recorded

COLUMNS = ("id", "at", "act", "by", "account_id", "ticket", "proof", "reason", "details")
# What a spreadsheet would compute (OWASP, CSV injection); the last four are full width
_ACTIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def heading() -> str:
    """The first line, after the BOM."""
    return "\ufeff" + _csv([COLUMNS])


def lines(found: Iterable[Recorded]) -> str:
    """One line for each entry."""
    return _csv([_row(one) for one in found])


def _row(one: Recorded) -> list[str]:
    entry = one.entry
    details = json.dumps(dict(entry.details), ensure_ascii=False) if entry.details else ""
    ground = (entry.ticket, entry.proof, entry.reason)
    cells = (one.id, one.at.isoformat(), entry.act, entry.by, entry.account_id, *ground, details)
    return ["" if cell is None else _harmless(str(cell)) for cell in cells]


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_ACTIVE) else cell


def _csv(rows: Iterable[Iterable[str]]) -> str:
    written = io.StringIO()
    csv.writer(written, delimiter=";").writerows(rows)
    return written.getvalue()
