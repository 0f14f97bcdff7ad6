"""The audit record as a sheet: CSV in UTF-8 with BOM and `;`, so that a spreadsheet opens it as it is."""

import json
from collections.abc import Iterable

from ekis_tables.writing import BOM, csv_lines

from identity.domain.audit import Recorded

COLUMNS = ("id", "at", "act", "by", "account_id", "ticket", "proof", "reason", "details")


def heading() -> str:
    """The first line, after the BOM."""
    return BOM + csv_lines([COLUMNS])


def lines(found: Iterable[Recorded]) -> str:
    """One line for each entry."""
    return csv_lines(_row(one) for one in found)


def _row(one: Recorded) -> list[object]:
    entry = one.entry
    details = json.dumps(dict(entry.details), ensure_ascii=False) if entry.details else ""
    ground = (entry.ticket, entry.proof, entry.reason)
    return [one.id, one.at.isoformat(), entry.act, entry.by, entry.account_id, *ground, details]
