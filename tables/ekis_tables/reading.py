"""A table on disk, read record by record, however large it is."""

import asyncio
import csv
import io
import tempfile
from collections.abc import AsyncIterator, Generator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import IO, NamedTuple

from ekis_tables import Limits, Unreadable
from ekis_tables.encoding import Sniffer, delimiter_of
from ekis_tables.workbooks import workbook_as_csv

LONGEST_LINE = 64 * 1024  # characters


class Record(NamedTuple):
    """A line of the table, blank ones counted."""

    number: int
    cells: list[str]


@dataclass(frozen=True)
class Table:
    """The header, how many records that are not blank follow it, and the way to read them."""

    header: Record
    total: int
    file: IO[bytes]
    encoding: str
    delimiter: str

    def records(self, after: int = 0) -> Generator[Record, None, None]:
        """Those that are not blank, after the header and this one."""
        for record in _records(self.file, self.encoding, self.delimiter):
            if record.number > max(after, self.header.number):
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
    if header is None:
        raise Unreadable("file-empty")
    if len(header.cells) > limits.columns:
        raise Unreadable("too-wide", most=limits.columns)
    total = 0
    for total, _ in enumerate(records, 1):
        if total > limits.rows:
            raise Unreadable("too-long", most=limits.rows)
    if total == 0:
        raise Unreadable("no-rows")
    return Table(header, total, file, encoding, delimiter)


def _records(file: IO[bytes], encoding: str, delimiter: str) -> Iterator[Record]:
    """Those that are not blank. Raises Unreadable where a quote or a line never ends."""
    reader = csv.reader(_lines(file, encoding), delimiter=delimiter)
    number = 0
    try:
        for number, cells in enumerate(reader, 1):
            if any(cell and not cell.isspace() for cell in cells):
                yield Record(number, cells)
    except csv.Error:  # a cell longer than csv.field_size_limit()
        raise Unreadable("quote-open", row=number + 1) from None


def _lines(file: IO[bytes], encoding: str) -> Iterator[str]:
    file.seek(0)
    text = io.TextIOWrapper(file, encoding, newline="")
    try:
        for number in range(1, 10**9):
            line = text.readline(LONGEST_LINE + 1)
            if len(line) > LONGEST_LINE:
                raise Unreadable("line-long", line=number, most=LONGEST_LINE)
            if not line:
                return
            yield line
    except UnicodeDecodeError:  # bytes that CP1251 does not know
        raise Unreadable("file-unknown") from None
    finally:
        if not file.closed:  # else the reader outlived it, with an exception that refers to it
            text.detach()
