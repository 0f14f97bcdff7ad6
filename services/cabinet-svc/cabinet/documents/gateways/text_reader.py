"""The child process: a PDF, DOCX or TXT file on standard input, its text on standard output, UTF-8."""

import resource
import sys
import zipfile
from collections.abc import Callable, Iterator
from typing import IO

from defusedxml.ElementTree import iterparse  # type: ignore[import-untyped]
from pypdf import PdfReader

from cabinet.documents.domain.texts import LONGEST

_MEMORY = 512 * 1024 * 1024
_CPU_SECONDS = 50
_OUTPUT = 4 * LONGEST  # bytes
_UNPACKED = 100 * 1024 * 1024  # bytes of the one part that is read
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BREAKS = {f"{_WORD}p": "\n", f"{_WORD}br": "\n", f"{_WORD}tab": " ", f"{_WORD}tc": " "}


def main() -> None:
    """Read; whatever goes wrong, the exit code says that something did."""
    for what, most in (
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_CPU, _CPU_SECONDS),
        (resource.RLIMIT_FSIZE, _OUTPUT),
    ):
        resource.setrlimit(what, (most, most))
    length = 0
    for part in _READERS[sys.argv[1]](sys.stdin.buffer):
        written = part[: LONGEST - length].encode("utf-8", "ignore")
        sys.stdout.buffer.write(written)
        length += len(part)
        if length >= LONGEST:
            break
    sys.stdout.flush()


def _pdf(file: IO[bytes]) -> Iterator[str]:
    for page in PdfReader(file).pages:
        yield page.extract_text() + "\n"


def _docx(file: IO[bytes]) -> Iterator[str]:
    with zipfile.ZipFile(file) as packed:
        if packed.getinfo("word/document.xml").file_size > _UNPACKED:
            raise ValueError("too large")
        with packed.open("word/document.xml") as part:
            for _, element in iterparse(part):
                if element.tag == f"{_WORD}t":
                    yield element.text or ""
                elif element.tag in _BREAKS:
                    yield _BREAKS[element.tag]
                    element.clear()


def _txt(file: IO[bytes]) -> Iterator[str]:
    content = file.read()
    try:
        yield content.decode("utf-8-sig")
    except UnicodeDecodeError:
        yield content.decode("cp1251", "replace")


_READERS: dict[str, Callable[[IO[bytes]], Iterator[str]]] = {"pdf": _pdf, "docx": _docx, "txt": _txt}

if __name__ == "__main__":
    main()
