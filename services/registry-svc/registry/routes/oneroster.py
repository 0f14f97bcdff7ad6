"""The registry as OneRoster 1.2 (rostering, REST binding): orgs for `schools:read`, users for `roster:read`.

Refusals are problem documents as everywhere (the standard's imsx_StatusInfo is not written).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from chassis.auth import Principal
from chassis.errors import Invalid, NotFound
from chassis.http import InTransaction, Runtime
from chassis.paging import read_cursor, write_cursor
from fastapi import APIRouter, Depends, Query, Request
from pydantic import Field, TypeAdapter
from starlette.responses import JSONResponse, Response

from registry.domain import oneroster
from registry.domain.oneroster import ORG_FIELDS, USER_FIELDS, Question
from registry.domain.schools import School
from registry.domain.staff import Staff
from registry.routes.systems import reading
from registry.store import reading as store

BASE = "/oneroster/v1p2"
router = APIRouter(prefix=BASE, tags=["OneRoster 1.2"])

MOST, DEEPEST = 1_000, 300_000  # rows of a page, rows that are passed over: beyond, `next` of Link goes on

Place = tuple[Any, ...] | None
Total = Annotated[int, Field(ge=0, lt=2**63)]
REACHED: dict[str, TypeAdapter[Any]] = {
    "sourcedId": TypeAdapter(tuple[Total, UUID]),
    "dateLastModified": TypeAdapter(tuple[Total, datetime, UUID]),
}

OF_SCHOOLS = Depends(reading("org"))
OfUsers = Annotated[Principal, Depends(reading("user"))]
Limit = Annotated[int, Query(ge=1, le=MOST)]
Offset = Annotated[int, Query(ge=0)]
Text = Annotated[str, Query(max_length=500)]


def _reached(cursor: str, by: str) -> dict[str, Any]:
    """`total` and `after` of a link that this list gave out. Raises Invalid."""
    try:
        total, *after = REACHED[by].validate_python(read_cursor(cursor))
    except (ValueError, RecursionError):
        raise Invalid("cursor-malformed", "/cursor") from None
    return {"total": total, "after": tuple(after)}


async def _question(
    *,
    limit: Limit = 100,
    offset: Offset = 0,
    filter_: Annotated[str, Query(alias="filter", max_length=500)] = "",
    sort: Text = "",
    order_by: Annotated[str, Query(alias="orderBy", max_length=10)] = "asc",
    cursor: Text = "",
) -> Question:
    conditions = oneroster.conditions(filter_)
    order = oneroster.order(sort, order_by, conditions["since"])
    if offset > DEEPEST:
        raise Invalid("offset-too-far", "/offset", most=DEEPEST)
    return Question(limit, offset, **conditions, **order, **(_reached(cursor, order["by"]) if cursor else {}))


InQuestion = Annotated[Question, Depends(_question)]


def _home(request: Request) -> str:
    runtime: Runtime = request.app.state.runtime
    return f"{runtime.settings.public_url.rstrip('/')}/api/registry{BASE}"


def _collection(request: Request, asked: Question, found: Mapping[str, Any], total: int, last: Place) -> Response:
    """With X-Total-Count and Link (RFC 8288), as the standard pages; `next` goes on after the last item shown."""
    end = min(max(0, (total - 1) // asked.limit * asked.limit), DEEPEST)
    places: dict[str, tuple[str, Any]] = {"first": ("offset", 0), "last": ("offset", end)}
    if asked.offset:
        places["prev"] = ("offset", max(0, asked.offset - asked.limit))
    if last:
        places["next"] = ("cursor", write_cursor(total, *last))
    path = _home(request) + request.url.path.rpartition(BASE)[2]
    kept = [it for it in request.query_params.items() if it[0] not in ("limit", "offset", "cursor")]
    links = [
        f'<{path}?{urlencode([*kept, ("limit", asked.limit), place])}>; rel="{rel}"' for rel, place in places.items()
    ]
    return JSONResponse(dict(found), headers={"X-Total-Count": str(total), "Link": ", ".join(links)})


def _last(asked: Question, rows: Sequence[tuple[School | Staff, datetime]]) -> Place:
    """Where the last one that is shown stands, when there are more."""
    if len(rows) <= asked.limit:
        return None
    item, changed_at = rows[asked.limit - 1]
    return asked.place(item.school_id if isinstance(item, School) else item.staff_id, changed_at)


@router.get("/schools", dependencies=[OF_SCHOOLS])
@router.get("/orgs", dependencies=[OF_SCHOOLS])
async def list_orgs(request: Request, asked: InQuestion, tx: InTransaction, fields: Text = "") -> Response:
    """Schools, closed ones too (`tobedeleted`). Every org is a school."""
    chosen = oneroster.selection(fields, ORG_FIELDS)
    rows, total = await store.orgs(tx, asked)
    items = [oneroster.picked(oneroster.org(*row), chosen) for row in rows[: asked.limit]]
    return _collection(request, asked, {"orgs": items}, total, _last(asked, rows))


@router.get("/schools/{sourced_id}", dependencies=[OF_SCHOOLS])
@router.get("/orgs/{sourced_id}", dependencies=[OF_SCHOOLS])
async def read_org(sourced_id: UUID, tx: InTransaction) -> dict[str, Any]:
    """One school."""
    found = await store.org(tx, sourced_id)
    if found is None:
        raise NotFound
    return {"org": oneroster.org(*found)}


@router.get("/users")
async def list_users(
    *, request: Request, who: OfUsers, asked: InQuestion, tx: InTransaction, fields: Text = ""
) -> Response:
    """Staff records. Personal: every call is on record. Of who has left the id alone is told."""
    chosen, orgs = oneroster.selection(fields, USER_FIELDS), f"{_home(request)}/orgs"
    rows, total = await store.users(tx, asked)
    items = [oneroster.picked(oneroster.user(*row, orgs), chosen) for row in rows[: asked.limit]]
    await store.note_read(tx, who.account_id, "users", len(items))
    return _collection(request, asked, {"users": items}, total, _last(asked, rows))


@router.get("/users/{sourced_id}")
async def read_user(sourced_id: UUID, request: Request, who: OfUsers, tx: InTransaction) -> dict[str, Any]:
    """One staff record."""
    found = await store.user(tx, sourced_id)
    if found is None:
        raise NotFound
    await store.note_read(tx, who.account_id, "user", 1)
    return {"user": oneroster.user(*found, f"{_home(request)}/orgs")}
