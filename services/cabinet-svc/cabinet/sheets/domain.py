"""Tables that people send: how large they may be, why they are refused, which column holds what."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ekis_tables
from chassis.errors import Invalid

_TOLD = {"file-empty": "list-empty", "no-rows": "list-empty", "file-xls": "file-xls"}


class Unreadable(Invalid):
    """The file as a whole is no table that anything can be made of."""

    def __init__(self, code: str, /, **params: Any) -> None:
        super().__init__(code, "/file", **params)


@dataclass(frozen=True)
class Limits(ekis_tables.Limits):
    """How large a table may be; `megabytes` are of the file as it comes."""

    megabytes: int

    def too_long(self) -> Unreadable:
        """The refusal of one with more rows or columns."""
        return Unreadable("file-too-long", rows=self.rows, columns=self.columns)

    def too_large(self) -> Unreadable:
        """The refusal of one with more bytes, as it comes or unpacked."""
        return Unreadable("list-too-large", megabytes=self.megabytes)

    def refusal(self, why: ekis_tables.Unreadable) -> Unreadable:
        """What people are told of it."""
        if why.code in ("too-long", "too-wide"):
            return self.too_long()
        return self.too_large() if why.code == "sheet-large" else Unreadable(_TOLD.get(why.code, "file-unreadable"))


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
