"""City systems at the door of the registry: what they were granted, how fast they may read, what is on record of it."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from chassis.auth import Caller, CitySystem, Principal
from chassis.errors import Forbidden, Unauthorized
from chassis.http import InTransaction, Runtime
from chassis.paging import BY_SERIAL, InPage, after
from fastapi import APIRouter, Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel

from registry.rights import RIGHTS
from registry.routes.shapes import Listing
from registry.store import reading as store

router = APIRouter(prefix="/system-reads", tags=["city systems"])


async def _perhaps(
    request: Request, bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(HTTPBearer(auto_error=False))]
) -> Principal | None:
    """Anybody may look for schools: a token is looked at where it is needed."""
    runtime: Runtime = request.app.state.runtime
    return runtime.tokens.principal(bearer.credentials) if bearer and "changed_since" in request.query_params else None


PerhapsSystem = Annotated[Principal | None, Depends(_perhaps)]


def read_by(request: Request, who: Principal | None, thing: str) -> None:
    """Raises Unauthorized, Forbidden for what was not granted, TooFast."""
    if who is None:
        raise Unauthorized("not-signed-in")
    if who.scope != "system":
        raise Forbidden("not-allowed")
    RIGHTS.require(who, "read", thing)
    runtime: Runtime = request.app.state.runtime
    runtime.own.take(who.account_id, runtime.database.clock().timestamp())


def reading(thing: str) -> Callable[..., Principal]:
    """A dependency: the system that may read this."""

    def check(request: Request, who: CitySystem) -> Principal:
        read_by(request, who, thing)
        return who

    return check


class SystemRead(BaseModel):
    """A system was shown so many people at once."""

    read_id: int
    system_id: UUID
    what: str
    count: int
    at: datetime


@router.get("", response_model=Listing[SystemRead])
async def list_reads(who: Caller, page: InPage, tx: InTransaction) -> dict[str, Any]:
    """Which city system has read people, the newest first."""
    RIGHTS.require(who, "read", "system-read")
    before = after(page, BY_SERIAL)
    return page.answer(await store.reads(tx, before[0] if before else None, page.limit), "read_id")
