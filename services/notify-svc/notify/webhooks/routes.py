"""Subscriptions of city systems, as operators keep all of them and a system its own: /api/notify/webhooks."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from chassis.auth import Principal
from chassis.errors import Forbidden, Unauthorized
from chassis.http import InTransaction, Runtime
from chassis.paging import BY_SERIAL, InPage, after, after_id
from ekis_contracts.fields import Body, Line
from fastapi import APIRouter, Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import AfterValidator, BaseModel, StringConstraints

from notify.rights import RIGHTS
from notify.webhooks import actions, store
from notify.webhooks.domain import MOST_OWN, TYPES, State, require_target, require_types

router = APIRouter(prefix="/webhooks", tags=["webhooks"])

Target = Annotated[str, StringConstraints(max_length=1000), AfterValidator(require_target)]
Types = Annotated[list[Annotated[str, StringConstraints(max_length=100)]], AfterValidator(require_types)]


class NewWebhook(Body):
    """Where to, and of what: `types` are those of CloudEvents, of `GET /webhooks/types`."""

    name: Line
    url: Target
    types: Types


class ChangedWebhook(Body):
    """What is given changes; a new address is asked anew."""

    name: Line | None = None
    url: Target | None = None
    types: Types | None = None


class WebhookOut(BaseModel):
    """A subscription; its receiver allows `rate` calls a minute; `reason` is the code of why it stands still.
    `created_by` is the operator or the city system."""

    webhook_id: UUID
    name: str
    url: str
    types: list[str]
    state: State
    reason: str | None
    rate: int | None
    active_since: datetime | None
    secret_version: int
    rotated_at: datetime | None
    created_at: datetime
    created_by: UUID


class Webhooks(BaseModel):
    """A page of them."""

    items: list[WebhookOut]
    next: str | None


class MadeOut(WebhookOut):
    """A new one; the secret is said here alone."""

    secret: str


class SecretOut(BaseModel):
    """The next secret, said here alone; the one before signs too until `both_until`."""

    secret: str
    both_until: datetime


class TypesOut(BaseModel):
    """Types of CloudEvents."""

    items: list[str]


class ToldOut(BaseModel):
    """An event as it was told: attempts, and of the last one the status, or the code of why there is none."""

    position: int
    event_id: UUID
    type: str
    key: str
    state: Literal["waiting", "delivered", "failed"]
    at: datetime
    attempts: int
    last_at: datetime | None
    status: int | None
    code: str | None
    took_ms: int | None


class Log(BaseModel):
    """A page of them."""

    items: list[ToldOut]
    next: str | None


async def _keeper(
    request: Request, bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(HTTPBearer(auto_error=False))]
) -> Principal:
    """Operators, and systems by their tokens."""
    if bearer is None:
        raise Unauthorized("not-signed-in")
    runtime: Runtime = request.app.state.runtime
    who = runtime.tokens.principal(bearer.credentials)
    if who.scope not in ("full", "system"):
        raise Forbidden("not-allowed")
    return who


Keeper = Annotated[Principal, Depends(_keeper)]


def _kept(verb: str) -> Any:
    async def check(webhook_id: UUID, who: Keeper, tx: InTransaction) -> UUID:
        RIGHTS.reach(who, verb, "webhook")
        found = await actions.get_webhook(tx, webhook_id)
        RIGHTS.require(who, verb, "webhook", account_id=found["created_by"])
        return webhook_id

    return Depends(check, scope="function")


Read = Annotated[UUID, _kept("read")]
Written = Annotated[UUID, _kept("write")]


@router.get("/types", response_model=TypesOut)
async def list_types(who: Keeper) -> dict[str, Any]:
    """The types of events that may be subscribed to: those without sealed parts."""
    RIGHTS.reach(who, "read", "webhook")
    return {"items": TYPES}


@router.get("", response_model=Webhooks)
async def list_webhooks(page: InPage, tx: InTransaction, who: Keeper) -> dict[str, Any]:
    """All subscriptions, the newest first; a system's are its own."""
    owner = None if RIGHTS.reach(who, "read", "webhook") == "any" else who.account_id
    return page.answer(await store.webhooks(tx, owner, after_id(page), page.limit), "webhook_id")


@router.post("", status_code=201, response_model=MadeOut)
async def create_webhook(body: NewWebhook, tx: InTransaction, who: Keeper) -> dict[str, Any]:
    """`pending` until the receiver has answered the handshake. `secret` is shown here and never again."""
    most = None if RIGHTS.reach(who, "write", "webhook") == "any" else MOST_OWN
    return await actions.create_webhook(tx, (body.name, body.url, body.types), who.account_id, most)


@router.get("/{webhook_id}", response_model=WebhookOut)
async def get_webhook(kept: Read, tx: InTransaction) -> dict[str, Any]:
    """One subscription with its state and the reason of it."""
    return await actions.get_webhook(tx, kept)


@router.patch("/{webhook_id}", response_model=WebhookOut)
async def change_webhook(kept: Written, body: ChangedWebhook, tx: InTransaction) -> dict[str, Any]:
    """Another name, address or choice of types."""
    return await actions.change_webhook(tx, kept, body.model_dump(exclude_none=True))


@router.delete("/{webhook_id}", status_code=204)
async def delete_webhook(kept: Written, tx: InTransaction) -> None:
    """With its log and all that still waits for it."""
    await actions.delete_webhook(tx, kept)


@router.post("/{webhook_id}/pause", response_model=WebhookOut)
async def pause_webhook(kept: Written, tx: InTransaction, who: Keeper) -> dict[str, Any]:
    """Nothing is sent until it is resumed; events are collected."""
    await actions.pause_webhook(tx, kept, "by-system" if who.scope == "system" else "by-operator")
    return await actions.get_webhook(tx, kept)


@router.post("/{webhook_id}/resume", response_model=WebhookOut)
async def resume_webhook(kept: Written, tx: InTransaction) -> dict[str, Any]:
    """Ask the receiver again, then send what waits, and what was given up."""
    await actions.resume_webhook(tx, kept)
    return await actions.get_webhook(tx, kept)


@router.post("/{webhook_id}/test", status_code=202)
async def test_webhook(kept: Written, tx: InTransaction) -> dict[str, Any]:
    """Queue an event that says nothing; what becomes of it is in the log."""
    return {"event_id": await actions.test_webhook(tx, kept)}


@router.post("/{webhook_id}/secret", response_model=SecretOut)
async def rotate_secret(kept: Written, tx: InTransaction) -> dict[str, Any]:
    """A new secret, shown here and never again; both sign until `both_until`."""
    return await actions.rotate_secret(tx, kept)


@router.get("/{webhook_id}/deliveries", response_model=Log)
async def list_deliveries(kept: Read, page: InPage, tx: InTransaction) -> dict[str, Any]:
    """What it was told in the last 30 days, the newest first: attempts, and of the last one status, code and time."""
    before = after(page, BY_SERIAL)
    listed = await store.deliveries(tx, kept, before[0] if before else None, page.limit)
    return page.answer(listed, "position")
