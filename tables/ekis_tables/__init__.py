"""Tables as files: what people send, read with care (`reading`), and what they take away (`writing`)."""

from dataclasses import dataclass
from typing import Any


class Unreadable(Exception):
    """The file as a whole is no table that anything can be made of.

    `code` is one of `file-empty`, `file-binary`, `file-xls`, `file-mixed` (line), `file-unknown`, `no-rows`,
    `line-long` (line, most), `quote-open` (row), `too-long` (most), `too-wide` (most), `sheet-large` and
    `sheet-broken`, `params` what the words for it need.
    """

    def __init__(self, code: str, /, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


@dataclass(frozen=True)
class Limits:
    """How large a table may be, its header not counted."""

    rows: int
    columns: int
