"""Cursors and ETags: how lists go on and how stale edits are noticed."""

import base64
import json
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Depends, Header, Query
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from chassis.errors import Invalid, Stale

KeysT = TypeVar("KeysT", bound=tuple[Any, ...])
BY_ID = TypeAdapter(tuple[UUID])
BY_SERIAL = TypeAdapter(tuple[Annotated[int, Field(ge=1, lt=2**63)]])


class Page(BaseModel):
    """Where a list goes on, and how many at most."""

    after: list[Any] | None
    limit: int

    def answer(self, items: list[dict[str, Any]], *keys: str) -> dict[str, Any]:
        """`{"items", "next"}`; the cursor is the last item's sort keys. A full page may be followed by an empty one."""
        if len(items) < self.limit:
            return {"items": items, "next": None}
        return {"items": items, "next": write_cursor(*(items[-1][key] for key in keys))}


def write_cursor(*keys: Any) -> str:
    """The keys as an opaque text."""
    return base64.urlsafe_b64encode(json.dumps(keys, default=str).encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> Any:
    """What it was made of, if it is one of ours. Raises ValueError, RecursionError."""
    return json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))


def _page(limit: Annotated[int, Query(ge=1, le=200)] = 50, cursor: str | None = None) -> Page:
    try:
        return Page(after=read_cursor(cursor) if cursor is not None else None, limit=limit)
    except (ValueError, RecursionError):
        raise Invalid("cursor-malformed", "/cursor") from None


def after(page: Page, keys: TypeAdapter[KeysT]) -> KeysT | None:
    """Where the page begins, None for the first one. Raises Invalid for a cursor of another list."""
    if page.after is None:
        return None
    try:
        return keys.validate_python(page.after)
    except ValidationError:
        raise Invalid("cursor-malformed", "/cursor") from None


def after_id(page: Page) -> UUID | None:
    """The same for a list in the order of ids."""
    keys = after(page, BY_ID)
    return keys[0] if keys else None


InPage = Annotated[Page, Depends(_page)]
IfMatch = Annotated[str | None, Header(alias="If-Match")]


def etag(version: int) -> str:
    """A strong entity tag (RFC 9110) from an aggregate's version."""
    return f'"{version}"'


def require_match(if_match: str | None, version: int, **current: Any) -> None:
    """Raises Stale, with the current values, when the caller edits another version than this one."""
    if if_match not in (etag(version), "*"):
        raise Stale(**current)
