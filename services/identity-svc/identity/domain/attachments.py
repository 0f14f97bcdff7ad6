"""Files of tickets: what they are is told by their first bytes, and their name must say the same."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.errors import Invalid

MEGABYTES = 10
TEXT = "text/plain; charset=utf-8"
_MAGIC = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"%PDF-": "application/pdf"}
_ENDINGS = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "pdf": "application/pdf", "txt": TEXT}


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file beside a thread, without its bytes."""

    id: UUID
    ticket_id: UUID
    at: datetime
    author: str
    name: str
    media_type: str
    size: int


def media_type(name: str, content: bytes) -> str:
    """PNG, JPEG, PDF or plain text. Raises Invalid."""
    found = next((kind for magic, kind in _MAGIC.items() if content.startswith(magic)), None)
    stem, _, ending = name.rpartition(".")
    told = _ENDINGS.get(ending.lower()) if stem else None
    if told is None or (found or (TEXT if _is_text(content) else None)) != told:
        raise Invalid("attachment-kind", "/file", known=", ".join(_ENDINGS))
    return told


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return False
    return bool(text.strip()) and all(letter.isprintable() or letter in "\t\r\n\f\ufeff" for letter in text)
