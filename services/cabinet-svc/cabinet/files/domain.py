"""Files: which kinds are taken, how they are recognised, what they may be called."""

import re
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from chassis.errors import AppError, Fault, Invalid
from ekis_contracts.fields import line

Kind = Literal["pdf", "docx", "xlsx", "pptx", "odt", "png", "jpg", "txt"]

LARGEST = 20 * 1024 * 1024  # bytes
MOST_LOOSE = 20  # files of one account that nothing has been made of yet
LONGEST_NAME = 200

MEDIA_TYPES: dict[Kind, str] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "png": "image/png",
    "jpg": "image/jpeg",
    "txt": "text/plain; charset=utf-8",
}
_MAGIC: tuple[tuple[bytes, Kind], ...] = ((b"%PDF-", "pdf"), (b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"))
_PARTS: dict[str, Kind] = {  # what tells one packed format from another
    "word/document.xml": "docx",
    "xl/workbook.xml": "xlsx",
    "ppt/presentation.xml": "pptx",
    "content.xml": "odt",
}
_ALIASES = {"jpeg": "jpg"}
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_FORBIDDEN = re.compile(r'[/\\:*?"<>|]')


class FileTooLarge(AppError, status=413, code="file-too-large"):
    """More bytes than LARGEST."""


@dataclass(frozen=True)
class File:
    """A file that is wholly in the object store."""

    file_id: UUID
    name: str
    kind: Kind
    size: int
    sha256: bytes

    @property
    def media_type(self) -> str:
        """As it is served."""
        return MEDIA_TYPES[self.kind]


def file_name(text: str | None) -> str:
    """A name without folders or hidden characters. Raises Invalid."""
    try:
        name = line(text or "")
    except Fault:
        name = ""
    if not name or len(name) > LONGEST_NAME or _FORBIDDEN.search(name) or name.startswith("."):
        raise Invalid("file-name", "/file")
    return name


def kind_of(name: str, head: bytes, parts: frozenset[str] | None) -> Kind:
    """What it is by its first bytes, or by the parts of a packed file. Raises Invalid unless its name says so too."""
    kind = _by_content(head, parts)
    if kind is None:
        raise Invalid("file-type-unknown", "/file", known=", ".join(MEDIA_TYPES))
    ending = name.rpartition(".")[2].lower()
    if _ALIASES.get(ending, ending) != kind:
        raise Invalid("file-type-mismatch", "/file", kind=kind)
    return kind


def _by_content(head: bytes, parts: frozenset[str] | None) -> Kind | None:
    if parts is not None:
        return next((kind for part, kind in _PARTS.items() if part in parts), None)
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    return "txt" if head and not _CONTROLS.search(head) else None
