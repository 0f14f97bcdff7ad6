"""A class list as a file, CSV or XLSX: its header and its rows."""

import tomllib
from collections.abc import AsyncIterator
from pathlib import Path

from ekis_tables.reading import Record

from cabinet.sheets.domain import Limits, tidy
from cabinet.sheets.gateways.tables import opened_table

COLUMNS: dict[str, list[str]] = tomllib.loads((Path(__file__).parents[1] / "imports.toml").read_text("utf-8"))

LIMITS = Limits(rows=2_000, columns=50, megabytes=2)
LARGEST = LIMITS.megabytes * 1024 * 1024  # bytes of a file


async def read_list(data: bytes) -> tuple[list[str], list[Record]]:
    """The header, and the rows that are not blank with the numbers of their lines. Raises Unreadable."""
    if len(data) > LARGEST:
        raise LIMITS.too_large()
    async with opened_table(_whole(data), LIMITS) as table:
        rows = [Record(number, [tidy(cell) for cell in cells]) for number, cells in table.records()]
        if max(len(row.cells) for row in rows) > LIMITS.columns:
            raise LIMITS.too_long()
        return table.header.cells, rows


async def _whole(data: bytes) -> AsyncIterator[bytes]:
    yield data
