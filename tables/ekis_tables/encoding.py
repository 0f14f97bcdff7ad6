"""What kind of bytes a file is made of, found while they pass by."""

import codecs
import re

from ekis_tables import Unreadable

_ZIP, _OLD_OFFICE, _BOM = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
# Four Russian letters in UTF-8: in CP1251 that would be pairs like "Рџ" in a row, which no text has
_RUSSIAN_UTF8 = re.compile(rb"(?:[\xd0\xd1][\x80-\xbf]){4}")
DELIMITERS = ";,\t"
_SEAM = 16  # bytes kept of the chunk before


class Sniffer:
    """Looks at every chunk and then names the kind of file: `xlsx`, `utf-8-sig` or `cp1251`."""

    def __init__(self) -> None:
        self._head = self._tail = b""
        self._lines = 1
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._foreign: int | None = None  # the first line that is not UTF-8
        self._russian: int | None = None  # the first line with Russian in UTF-8
        self._has_nul = False

    def feed(self, chunk: bytes) -> None:
        """The next bytes of the file."""
        self._head = (self._head + chunk)[:_SEAM] if len(self._head) < _SEAM else self._head
        self._has_nul = self._has_nul or b"\0" in chunk
        seam = self._tail + chunk
        if self._russian is None and (found := _RUSSIAN_UTF8.search(seam)):
            self._russian = self._lines + seam.count(b"\n", 0, found.start()) - self._tail.count(b"\n")
        if self._foreign is None:
            self._decode(chunk)
        self._lines += chunk.count(b"\n")
        self._tail = seam[-_SEAM:]

    def _decode(self, chunk: bytes, *, is_last: bool = False) -> None:
        try:
            self._decoder.decode(chunk, final=is_last)
        except UnicodeDecodeError as error:
            self._foreign = self._lines + chunk.count(b"\n", 0, error.start)

    def kind(self) -> str:
        """After the last chunk. Raises Unreadable."""
        if not self._head:
            raise Unreadable("file-empty")
        if self._head.startswith(_ZIP):
            return "xlsx"
        if self._head.startswith(_OLD_OFFICE):
            raise Unreadable("file-xls")
        if self._has_nul or self._head.startswith(_UTF16):
            raise Unreadable("file-binary")
        if self._foreign is None:
            self._decode(b"", is_last=True)
        if self._foreign is None:
            return "utf-8-sig"
        if self._head.startswith(_BOM) or self._russian is not None:
            line = self._foreign if self._russian is None else max(self._foreign, self._russian)
            raise Unreadable("file-mixed", line=line)
        return "cp1251"


def delimiter_of(line: str) -> str:
    """The one that the header uses most, outside quotes."""
    bare = "".join(line.split('"')[::2])
    return max(DELIMITERS, key=bare.count)
