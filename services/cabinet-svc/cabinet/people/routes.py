"""What the routes of all sections share: how people are called, where lists go on, which edits are stale."""

from collections.abc import Mapping
from typing import Any, TypeVar

from chassis.errors import Invalid, Stale
from chassis.paging import Page, etag, require_match
from chassis.problems import Texts, text_of
from pydantic import TypeAdapter, ValidationError

KeysT = TypeVar("KeysT", bound=tuple[Any, ...])


def called(texts: Texts, lang: str, name: str | None, former_no: int | None) -> str | None:
    """By name; whose name is erased is a former employee with a number of the school."""
    if name is None and former_no is not None:
        return text_of(texts, "former-employee", lang, {"no": former_no})
    return name


def after(page: Page, keys: TypeAdapter[KeysT]) -> KeysT | None:
    """Where the page begins, None for the first one. Raises Invalid for a cursor of another list."""
    if page.after is None:
        return None
    try:
        return keys.validate_python(page.after)
    except ValidationError:
        raise Invalid("cursor-malformed", "/cursor") from None


def require_current(
    match: str | None, version: int, shown: Mapping[str, Any], yours: Mapping[str, Any] | None = None
) -> None:
    """Raises Stale, with what is there and what was meant to be, unless this version is meant."""
    try:
        require_match(match, version, **{field: value for field, value in shown.items() if field != "version"})
    except Stale as stale:
        if yours is not None:
            stale.params["yours"] = yours
        stale.headers["ETag"] = etag(version)
        raise
