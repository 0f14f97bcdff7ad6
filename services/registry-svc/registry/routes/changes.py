"""What has changed since: the list of schools as a city system follows it."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from chassis.auth import Principal
from chassis.errors import Invalid
from chassis.http import InTransaction
from chassis.paging import InPage, read_cursor, write_cursor
from fastapi import Depends, Query, Request
from pydantic import AwareDatetime, Field, TypeAdapter, ValidationError

from registry.actions import changes as actions
from registry.actions.changes import Place
from registry.routes.systems import PerhapsSystem, read_by

_CURSOR = TypeAdapter(tuple[Annotated[str, Field(max_length=20)], Annotated[int, Field(ge=0, lt=2**63)], UUID])
_MOMENT = TypeAdapter(AwareDatetime)

ChangedSince = Annotated[str | None, Query(max_length=200)]


def _since(text: str) -> Place | datetime:
    """Raises Invalid."""
    try:
        return _MOMENT.validate_python(text)
    except ValidationError:
        pass
    try:
        return Place(*_CURSOR.validate_python(read_cursor(text)))
    except (ValueError, RecursionError):
        raise Invalid("changed-since-malformed", "/changed_since") from None


async def _changes(
    *, request: Request, who: PerhapsSystem, page: InPage, tx: InTransaction, changed_since: ChangedSince = None
) -> dict[str, Any] | None:
    if changed_since is None:
        return None
    _require_alone(request, who)
    found, reached = await actions.read_changes(tx, _since(changed_since), page.limit)
    since = write_cursor(reached.history, reached.change, reached.school_id)
    items = [school.facts.model_dump() for school in found]
    return {"items": items, "next": since if len(items) == page.limit else None, "since": since}


def _require_alone(request: Request, who: Principal | None) -> None:
    read_by(request, who, "org")
    if others := request.query_params.keys() - {"changed_since", "limit"}:
        raise Invalid("changes-alone", f"/{min(others)}")


InChanges = Annotated[dict[str, Any] | None, Depends(_changes, scope="function")]
