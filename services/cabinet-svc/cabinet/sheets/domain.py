"""Tables: what kind of file it is, which column holds what, and cells that no spreadsheet runs."""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chassis.errors import Invalid

DELIMITERS = ";,\t"
BOM = "\ufeff"
_ACTIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # the last four: full width
_ZIP, _OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_HEAD = 16  # bytes


class Unreadable(Invalid):
    """The file as a whole is no table that anything can be made of."""

    def __init__(self, code: str, /, **params: Any) -> None:
        super().__init__(code, "/file", **params)


@dataclass(frozen=True)
class Limits:
    """How large a table may be; `megabytes` are of the file as it comes."""

    rows: int
    columns: int
    megabytes: int

    def too_long(self) -> Unreadable:
        """The refusal of one with more rows or columns."""
        return Unreadable("file-too-long", rows=self.rows, columns=self.columns)

    def too_large(self) -> Unreadable:
        """The refusal of one with more bytes, as it comes or unpacked."""
        return Unreadable("list-too-large", megabytes=self.megabytes)


@dataclass(frozen=True)
class Reason:
    """Why a row is rejected: the field and the code of what is wrong with it."""

    field: str
    code: str
    params: Mapping[str, Any]


def plain(name: str) -> str:
    """A name as names are compared: one case, `ё` as `е`, without spaces, dots and hyphens."""
    return re.sub(r"[\s._-]+", "", name).casefold().replace("ё", "е")


def tidy(cell: str, longest: int = 1_000) -> str:
    """One line, every kind of space being one."""
    return " ".join(cell[:longest].split())


def places_of(header: Sequence[str], aliases: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """field -> place of its column, for the fields that have one; the names of columns are data."""
    seen = [plain(cell) for cell in header]
    known = {field: [plain(name) for name in names] for field, names in aliases.items()}
    found = {field: next((seen.index(name) for name in names if name in seen), None) for field, names in known.items()}
    return {field: place for field, place in found.items() if place is not None}


def delimiter_of(line: str) -> str:
    """The one that the header uses most, outside quotes."""
    bare = "".join(line.split('"')[::2])
    return max(DELIMITERS, key=bare.count)


class Sniffer:
    """Looks at every chunk and then names the kind of file: `xlsx`, `utf-8-sig` or `cp1251`."""

    def __init__(self) -> None:
        self._head = b""
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._is_utf8, self._has_nul = True, False

    def feed(self, chunk: bytes) -> None:
        """The next bytes of the file."""
        self._head = (self._head + chunk)[:_HEAD] if len(self._head) < _HEAD else self._head
        self._has_nul = self._has_nul or b"\0" in chunk
        self._decode(chunk, is_last=False)

    def _decode(self, chunk: bytes, *, is_last: bool) -> None:
        try:
            if self._is_utf8:
                self._decoder.decode(chunk, final=is_last)
        except UnicodeDecodeError:
            self._is_utf8 = False

    def kind(self) -> str:
        """After the last chunk. Raises Unreadable."""
        if not self._head:
            raise Unreadable("list-empty")
        if self._head.startswith(_ZIP):
            return "xlsx"
        if self._head.startswith(_OLD_OFFICE):
            raise Unreadable("file-xls")
        if self._has_nul:
            raise Unreadable("file-unreadable")
        self._decode(b"", is_last=True)
        return "utf-8-sig" if self._is_utf8 else "cp1251"


def defused(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.lstrip(" \u00a0").startswith(_ACTIVE) else cell


def csv_lines(rows: Iterable[Sequence[Any]]) -> str:
    """Lines of a CSV file that spreadsheets open (`;`), every cell defused; put BOM before the first."""
    text = io.StringIO()
    cells = ([defused("" if cell is None else str(cell)) for cell in row] for row in rows)
    csv.writer(text, delimiter=";").writerows(cells)
    return text.getvalue()
