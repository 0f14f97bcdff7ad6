"""What the routes of all sections share: how people are called, which edits are stale."""

from collections.abc import Mapping
from typing import Any

from chassis.errors import Stale
from chassis.paging import etag, require_match
from chassis.problems import Texts, text_of


def called(texts: Texts, lang: str, name: str | None, former_no: int | None) -> str | None:
    """By name; whose name is erased is a former employee with a number of the school."""
    if name is None and former_no is not None:
        return text_of(texts, "former-employee", lang, {"no": former_no})
    return name


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
