"""A table on disk, read record by record, however large it is."""

import asyncio
import csv
import io
import tempfile
from collections.abc import AsyncIterator, Generator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import IO, NamedTuple

from cabinet.sheets.domain import Limits, Sniffer, Unreadable, delimiter_of
from cabinet.sheets.gateways.workbooks import workbook_as_csv

LONGEST_LINE = 64 * 1024  # characters


class Record(NamedTuple):
    """A line of the table, blank ones counted."""

    number: int
    cells: list[str]


@dataclass(frozen=True)
class Table:
    """The header, how many records that are not blank follow it, and the way to read them."""

    header: list[str]
    total: int
    first: int
    file: IO[bytes]
    encoding: str
    delimiter: str

    def records(self, after: int = 0) -> Generator[Record, None, None]:
        """Those that are not blank, after the header and this one."""
        for record in _records(self.file, self.encoding, self.delimiter):
            if record.number > max(after, self.first):
                yield record


@asynccontextmanager
async def opened_table(chunks: AsyncIterator[bytes], limits: Limits) -> AsyncIterator[Table]:
    """The whole file seen once before anything of it is used. Raises Unreadable."""
    with tempfile.TemporaryFile() as file, tempfile.TemporaryFile() as converted:
        sniffer = Sniffer()
        async for chunk in chunks:
            await asyncio.to_thread(file.write, chunk)
            sniffer.feed(chunk)
        kind = sniffer.kind()
        if kind == "xlsx":
            await workbook_as_csv(file, converted, limits)
            yield await asyncio.to_thread(_table, converted, "utf-8", ";", limits)
        else:
            yield await asyncio.to_thread(_table, file, kind, None, limits)


def _table(file: IO[bytes], encoding: str, delimiter: str | None, limits: Limits) -> Table:
    delimiter = delimiter or delimiter_of(next(filter(str.strip, _lines(file, encoding)), ""))
    records = _records(file, encoding, delimiter)
    header = next(records, None)
    total = 0
    for total, _ in enumerate(records, 1):
        if total > limits.rows:
            raise limits.too_long()
    if header is None or total == 0:
        raise Unreadable("list-empty")
    if len(header.cells) > limits.columns:
        raise limits.too_long()
    return Table(header.cells, total, header.number, file, encoding, delimiter)


def _records(file: IO[bytes], encoding: str, delimiter: str) -> Iterator[Record]:
    """Those that are not blank. Raises Unreadable where a quote or a line never ends."""
    try:
        for number, cells in enumerate(csv.reader(_lines(file, encoding), delimiter=delimiter), 1):
            if any(cell and not cell.isspace() for cell in cells):
                yield Record(number, cells)
    except csv.Error:  # a cell longer than csv.field_size_limit()
        raise Unreadable("file-unreadable") from None


def _lines(file: IO[bytes], encoding: str) -> Iterator[str]:
    file.seek(0)
    text = io.TextIOWrapper(file, encoding, newline="")
    try:
        while line := text.readline(LONGEST_LINE + 1):
            if len(line) > LONGEST_LINE:
                raise Unreadable("file-unreadable")
            yield line
    except UnicodeDecodeError:  # bytes that CP1251 does not know
        raise Unreadable("file-unreadable") from None
    finally:
        if not file.closed:  # else the reader outlived it, with an exception that refers to it
            text.detach()
