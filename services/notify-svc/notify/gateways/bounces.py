"""Bounces in a Maildir: whatever comes to the return paths of our mails is delivered there by the mail server.

A report is believed for one thing, the tagged return path it came to: that survives every server on the way, needs no
copy of our headers in the report, and cannot be made up by who has not seen the mail (VERP; the tag as in BATV).
"""

import re
from collections.abc import Sequence
from contextlib import suppress
from email import message_from_bytes
from email.message import Message
from operator import itemgetter
from os import DirEntry, scandir
from pathlib import Path
from uuid import UUID

from notify.domain.addresses import Report

LARGEST = 256 * 1024  # bytes that are read of a report; the status comes before the returned message
SHOWN_IN = ("Delivered-To", "X-Original-To", "Envelope-To", "To")
_TAGGED = re.compile(r"\+([0-9a-f]{32})([0-9a-f]{10})@")
_FINAL = re.compile(r"[45]\.\d{1,3}\.\d{1,3}")


class BounceBox:
    """A Maildir. What is understood is removed once it is recorded; the rest is left in `cur`, seen."""

    def __init__(self, folder: Path) -> None:
        self._new, self._cur = folder / "new", folder / "cur"

    def unread(self, most: int) -> list[tuple[str, Report | None]]:
        """The oldest; None for what is no report on a mail of ours, or cannot be read. Another replica may take some
        away meanwhile."""
        with scandir(self._new) as entries:
            aged = [(age, entry) for entry in entries if (age := _age(entry)) is not None]
        found: list[tuple[str, Report | None]] = []
        for _, entry in sorted(aged, key=itemgetter(0))[:most]:
            with suppress(FileNotFoundError):
                found.append((entry.name, _read(Path(entry.path))))
        return found

    def remove(self, names: Sequence[str]) -> None:
        """These are recorded."""
        for name in names:
            (self._new / name).unlink(missing_ok=True)

    def put_aside(self, names: Sequence[str]) -> None:
        """For a person to look at."""
        for name in names:
            with suppress(FileNotFoundError):  # another replica was quicker
                (self._new / name).rename(self._cur / f"{name}:2,S")


def read_report(raw: bytes) -> Report | None:
    """A delivery status notification on one mail of ours. Never raises, whatever comes."""
    try:
        message = message_from_bytes(raw)
        found = {
            path for name in SHOWN_IN for value in message.get_all(name, []) for path in _TAGGED.findall(str(value))
        }
        if len(found) != 1 or message.get_content_type() != "multipart/report":
            return None
        ((mail_id, tag),) = found
        fates = [block for part in _parts(message)[:3] for block in _status_blocks(part)]
        if len(fates) != 1:  # a mail of ours has one recipient
            return None
        return Report(UUID(mail_id), tag, _status(fates[0]))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None


def _parts(message: Message) -> list[Message]:
    payload = message.get_payload()
    return [part for part in payload if isinstance(part, Message)] if isinstance(payload, list) else []


def _status_blocks(part: Message) -> list[Message]:
    """The blocks on recipients; the first one is on the message."""
    is_status = part.get_content_type() == "message/delivery-status"
    return [block for block in _parts(part) if "Action" in block] if is_status else []


def _status(fate: Message) -> str | None:
    """The status of a failure; a delay is none."""
    found = _FINAL.match(str(fate["Status"]).strip())
    return found[0] if found and str(fate["Action"]).strip().lower() == "failed" else None


def _age(entry: DirEntry[str]) -> float | None:
    """Of a file that is there; nothing else is."""
    with suppress(FileNotFoundError):
        return entry.stat(follow_symlinks=False).st_mtime if entry.is_file(follow_symlinks=False) else None
    return None


def _read(path: Path) -> Report | None:
    try:
        with path.open("rb") as file:
            return read_report(file.read(LARGEST))
    except FileNotFoundError:
        raise
    except OSError:
        return None
