"""A message as bytes: one skeleton a sender; subject and bodies are base64, so nothing in them becomes a header.

RFC 5322 (headers), 2045-2047 (bodies, encoded words), 3834 (automatic mail), 6532 (addresses beyond ASCII).
"""

import base64
import re
from datetime import datetime
from email.header import Header
from email.utils import format_datetime, parseaddr
from uuid import UUID

import idna

from notify.domain.mails import Unsendable

BOUNDARY = "=_ekis_2f6d"  # base64 has no underscore, so no body holds it
WORD = 39  # bytes: with its frame and the header's name a line stays within 76 characters

# Dot-atoms on both sides (RFC 5321, 6531); quoted local parts and address literals are not taken
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u0080-\uffff-]+"
ADDRESS = re.compile(rf"{_ATOM}(\.{_ATOM})*@[\w-]+(\.[\w-]+)+")
LONGEST_ADDRESS = 254


def checked_address(text: str) -> str:
    """One plain address, its domain in ASCII. Raises Unsendable."""
    if len(text) > LONGEST_ADDRESS or not ADDRESS.fullmatch(text) or not text.isprintable():
        raise Unsendable("address-invalid")
    local, _, domain = text.rpartition("@")
    try:
        return f"{local}@{domain if domain.isascii() else idna.encode(domain).decode()}"
    except idna.IDNAError:
        raise Unsendable("address-invalid") from None


def encoded_words(text: str) -> bytes:
    """A header's value as RFC 2047 words, split between characters. Raises Unsendable for control characters."""
    if not text.isprintable():
        raise Unsendable("subject-invalid")
    words: list[bytes] = []
    word = b""
    for letter in text:
        letter_bytes = letter.encode()
        if len(word) + len(letter_bytes) > WORD:
            words, word = [*words, word], b""
        word += letter_bytes
    return b"\r\n ".join(b"=?utf-8?b?" + base64.b64encode(word) + b"?=" for word in [*words, word])


def body(text: str) -> bytes:
    """Text as base64 lines of 76 characters, its own line ends canonical."""
    return base64.encodebytes(text.replace("\n", "\r\n").encode()).replace(b"\n", b"\r\n")


class Skeleton:
    """What all messages of one sender share."""

    def __init__(self, sender: str) -> None:
        name, address = parseaddr(sender)
        self.domain = address.rpartition("@")[2]
        shown = f"{Header(name, 'utf-8').encode()} <{address}>" if name else address
        part = f"\r\n--{BOUNDARY}\r\nContent-Type: text/%s; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        self._from = f"From: {shown}\r\nTo: ".encode()
        self._fixed = (
            "\r\nMIME-Version: 1.0\r\nAuto-Submitted: auto-generated\r\n"
            f'Content-Type: multipart/alternative; boundary="{BOUNDARY}"\r\n'
        ).encode()
        self._text, self._html = (part % "plain").encode(), (part % "html").encode()
        self._end = f"--{BOUNDARY}--\r\n".encode()

    def message(self, mail_id: UUID, to: str, now: datetime, *, subject: str, text: str, html: str) -> bytes:
        """The whole message to one checked address, lines ended by CRLF."""
        return b"".join(
            (
                self._from,
                to.encode(),
                b"\r\nSubject: ",
                encoded_words(subject),
                f"\r\nDate: {format_datetime(now)}\r\nMessage-ID: <{mail_id}@{self.domain}>".encode(),
                self._fixed,
                self._text,
                body(text),
                self._html,
                body(html),
                self._end,
            )
        )
