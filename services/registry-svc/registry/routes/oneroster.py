"""The registry as OneRoster 1.2 (rostering, REST binding): orgs for `schools:read`, users for `roster:read`.

Refusals are problem documents as everywhere (the standard's imsx_StatusInfo is not written).
"""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from chassis.auth import Principal
from chassis.errors import NotFound
from chassis.http import InTransaction, Runtime
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import JSONResponse, Response

from registry.domain import oneroster
from registry.domain.oneroster import ORG_FIELDS, USER_FIELDS, Question
from registry.routes.systems import reading
from registry.store import reading as store

BASE = "/oneroster/v1p2"
router = APIRouter(prefix=BASE, tags=["OneRoster 1.2"])

MOST, DEEPEST = 1_000, 300_000  # rows of a page, rows that are passed over: beyond, narrow by dateLastModified

OF_SCHOOLS = Depends(reading("org"))
OfUsers = Annotated[Principal, Depends(reading("user"))]
Limit = Annotated[int, Query(ge=1, le=MOST)]
Offset = Annotated[int, Query(ge=0, le=DEEPEST)]
Text = Annotated[str, Query(max_length=500)]


async def _question(
    *,
    limit: Limit = 100,
    offset: Offset = 0,
    filter_: Annotated[str, Query(alias="filter", max_length=500)] = "",
    sort: Text = "sourcedId",
    order_by: Annotated[str, Query(alias="orderBy", max_length=10)] = "asc",
) -> Question:
    return Question(limit, offset, **oneroster.conditions(filter_), **oneroster.order(sort, order_by))


InQuestion = Annotated[Question, Depends(_question)]


def _home(request: Request) -> str:
    runtime: Runtime = request.app.state.runtime
    return f"{runtime.settings.public_url.rstrip('/')}/api/registry{BASE}"


def _collection(request: Request, asked: Question, found: Mapping[str, Any], total: int) -> Response:
    """With X-Total-Count and Link (RFC 8288), as the standard pages."""
    last = max(0, (total - 1) // asked.limit * asked.limit)
    places = {"first": 0, "last": min(last, DEEPEST), "prev": asked.offset - asked.limit}
    places["next"] = asked.offset + asked.limit
    shown = {rel: max(0, at) for rel, at in places.items() if _is_there(rel, asked, total)}
    path = _home(request) + request.url.path.rpartition(BASE)[2]
    kept = [(name, value) for name, value in request.query_params.items() if name not in ("limit", "offset")]
    links = [
        f'<{path}?{urlencode([*kept, ("limit", asked.limit), ("offset", at)])}>; rel="{rel}"'
        for rel, at in shown.items()
    ]
    return JSONResponse(dict(found), headers={"X-Total-Count": str(total), "Link": ", ".join(links)})


def _is_there(rel: str, asked: Question, total: int) -> bool:
    if rel == "next":
        return asked.offset + asked.limit < total
    return rel != "prev" or asked.offset > 0


@router.get("/schools", dependencies=[OF_SCHOOLS])
@router.get("/orgs", dependencies=[OF_SCHOOLS])
async def list_orgs(request: Request, asked: InQuestion, tx: InTransaction, fields: Text = "") -> Response:
    """Schools, closed ones too (`tobedeleted`). Every org is a school."""
    chosen = oneroster.selection(fields, ORG_FIELDS)
    rows, total = await store.orgs(tx, asked)
    return _collection(request, asked, {"orgs": [oneroster.picked(oneroster.org(*row), chosen) for row in rows]}, total)


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
    await store.note_read(tx, who.account_id, "users", len(rows))
    items = [oneroster.picked(oneroster.user(*row, orgs), chosen) for row in rows]
    return _collection(request, asked, {"users": items}, total)


@router.get("/users/{sourced_id}")
async def read_user(sourced_id: UUID, request: Request, who: OfUsers, tx: InTransaction) -> dict[str, Any]:
    """One staff record."""
    found = await store.user(tx, sourced_id)
    if found is None:
        raise NotFound
    await store.note_read(tx, who.account_id, "user", 1)
    return {"user": oneroster.user(*found, f"{_home(request)}/orgs")}
