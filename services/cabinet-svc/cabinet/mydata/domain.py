"""The archive of what a cabinet holds of one person: JSON for machines, pages for people."""

import json
import zipfile
from base64 import urlsafe_b64decode
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from html import escape
from typing import Any

from chassis.errors import Unauthorized

from cabinet.people.domain import MOSCOW

Record = dict[str, Any]
Say = Callable[[str], str]  # the name of a kind (`kind-...`) or of a field (`field-...`) as a person would put it

FRESH = timedelta(minutes=5)  # as long as identity lets a proof cover its own acts

_STYLE = (
    "body{font:1rem/1.4 sans-serif;margin:2rem}table{border-collapse:collapse}td,th{border:1px solid;padding:.3rem}"
)
_PAGE = """<!DOCTYPE html>
<html lang="ru"><head><meta charset="utf-8"><title>{title}</title><style>{style}</style></head>
<body><h1>{title}</h1>
{body}
</body></html>
"""


class ProofRequired(Unauthorized, status=401, code="proof-required"):
    """The export wants a proof that is younger (RFC 9470)."""


def require_fresh(token: str, now: datetime) -> None:
    """Whether who asks was asked for a code, or without a factor for the password, a moment ago: identity says when in
    `auth_time` of the token, whose signature has been verified already. Raises ProofRequired."""
    claims = token.split(".")[1]
    proven_at = json.loads(urlsafe_b64decode(claims + "=" * (-len(claims) % 4))).get("auth_time", 0)
    if proven_at <= (now - FRESH).timestamp():
        raise ProofRequired


class _Sink:
    """What zipfile writes to, since it is not to be kept whole."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes, /) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None: ...

    def close(self) -> None: ...

    def taken(self) -> bytes:
        written = b"".join(self._parts)
        self._parts.clear()
        return written


class Archive:
    """A ZIP file that leaves while it is made."""

    def __init__(self, now: datetime) -> None:
        self._sink, self._made = _Sink(), now.astimezone(MOSCOW).timetuple()[:6]
        self._zip = zipfile.ZipFile(self._sink, "w", zipfile.ZIP_DEFLATED)

    def add(self, name: str, text: str) -> bytes:
        """The bytes so far."""
        entry = zipfile.ZipInfo(name, self._made)
        entry.compress_type = zipfile.ZIP_DEFLATED
        self._zip.writestr(entry, text)
        return self._sink.taken()

    def end(self) -> bytes:
        """The directory, which comes last."""
        self._zip.close()
        return self._sink.taken()


def as_json(records: Sequence[Record]) -> str:
    """Times in UTC (RFC 3339)."""
    return json.dumps(records, ensure_ascii=False, indent=1, default=_plain)


def page(kind: str, records: Sequence[Record], say: Say) -> str:
    """A table of one kind."""
    title = escape(say(f"kind-{kind}"))
    fields = list(dict.fromkeys(field for record in records for field in record))
    head = "".join(f"<th>{escape(say(f'field-{field}'))}</th>" for field in fields)
    rows = "\n".join(f"<tr>{''.join(f'<td>{_shown(one.get(field))}</td>' for field in fields)}</tr>" for one in records)
    body = f"<table><tr>{head}</tr>\n{rows}</table>" if records else f"<p>{escape(say('export-empty'))}</p>"
    return _PAGE.format(title=title, style=_STYLE, body=body)


def contents(kinds: Sequence[tuple[str, int]], now: datetime, say: Say) -> str:
    """The first page: what there is, and how much of it."""
    lines = [
        f'<li><a href="{kind}.html">{escape(say(f"kind-{kind}"))}</a>: {count} (<a href="{kind}.json">JSON</a>)</li>'
        for kind, count in kinds
    ]
    body = f"<p>{_shown(now)}</p><ul>\n{chr(10).join(lines)}\n</ul>"
    return _PAGE.format(title=escape(say("export-title")), style=_STYLE, body=body)


def _shown(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone(MOSCOW):%d.%m.%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, list | tuple):
        return escape(", ".join(map(str, value)))
    return escape("" if value is None else str(value))


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)
