"""Subscriptions of city systems, as operators keep them: /api/notify/webhooks."""

from typing import Annotated, Any
from uuid import UUID

from chassis.auth import Caller
from chassis.errors import Invalid
from chassis.http import InTransaction
from chassis.paging import InPage, Page
from ekis_contracts.fields import Body, Line
from fastapi import APIRouter
from pydantic import AfterValidator, StringConstraints

from notify.rights import RIGHTS
from notify.webhooks import actions, store
from notify.webhooks.domain import TYPES, require_target, require_types

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


def _after(page: Page, kind: type[Any]) -> Any:
    try:
        return kind(page.after[0]) if page.after else None
    except (ValueError, TypeError, AttributeError, IndexError, OverflowError):
        raise Invalid("cursor-malformed", "/cursor") from None


@router.get("/types")
async def list_types(who: Caller) -> dict[str, Any]:
    """The types of events that may be subscribed to: those without sealed parts."""
    RIGHTS.require(who, "read", "webhook")
    return {"items": TYPES}


@router.get("")
async def list_webhooks(page: InPage, tx: InTransaction, who: Caller) -> dict[str, Any]:
    """All subscriptions, the newest first."""
    RIGHTS.require(who, "read", "webhook")
    return page.answer(await store.webhooks(tx, _after(page, UUID), page.limit), "webhook_id")


@router.post("", status_code=201)
async def create_webhook(body: NewWebhook, tx: InTransaction, who: Caller) -> dict[str, Any]:
    """`pending` until the receiver has answered the handshake. `secret` is shown here and never again."""
    RIGHTS.require(who, "write", "webhook")
    return await actions.create_webhook(tx, body.name, body.url, body.types, who.account_id)


@router.get("/{webhook_id}")
async def get_webhook(webhook_id: UUID, tx: InTransaction, who: Caller) -> dict[str, Any]:
    """One subscription with its state and the reason of it."""
    RIGHTS.require(who, "read", "webhook")
    return await actions.get_webhook(tx, webhook_id)


@router.patch("/{webhook_id}")
async def change_webhook(webhook_id: UUID, body: ChangedWebhook, tx: InTransaction, who: Caller) -> dict[str, Any]:
    """Another name, address or choice of types."""
    RIGHTS.require(who, "write", "webhook")
    return await actions.change_webhook(tx, webhook_id, body.model_dump(exclude_none=True))


@router.delete("/{webhook_id}", status_code=204)
async def delete_webhook(webhook_id: UUID, tx: InTransaction, who: Caller) -> None:
    """With its log and all that still waits for it."""
    RIGHTS.require(who, "write", "webhook")
    await actions.delete_webhook(tx, webhook_id)


@router.post("/{webhook_id}/pause")
async def pause_webhook(webhook_id: UUID, tx: InTransaction, who: Caller) -> dict[str, Any]:
    """Nothing is sent until it is resumed; events are collected."""
    RIGHTS.require(who, "write", "webhook")
    await actions.pause_webhook(tx, webhook_id)
    return await actions.get_webhook(tx, webhook_id)


@router.post("/{webhook_id}/resume")
async def resume_webhook(webhook_id: UUID, tx: InTransaction, who: Caller) -> dict[str, Any]:
    """Ask the receiver again, then send what waits, and what was given up."""
    RIGHTS.require(who, "write", "webhook")
    await actions.resume_webhook(tx, webhook_id)
    return await actions.get_webhook(tx, webhook_id)


@router.post("/{webhook_id}/test", status_code=202)
async def test_webhook(webhook_id: UUID, tx: InTransaction, who: Caller) -> dict[str, Any]:
    """Queue an event that says nothing; what becomes of it is in the log."""
    RIGHTS.require(who, "write", "webhook")
    return {"event_id": await actions.test_webhook(tx, webhook_id)}


@router.post("/{webhook_id}/secret")
async def rotate_secret(webhook_id: UUID, tx: InTransaction, who: Caller) -> dict[str, Any]:
    """A new secret, shown here and never again; both sign until `both_until`."""
    RIGHTS.require(who, "write", "webhook")
    return await actions.rotate_secret(tx, webhook_id)


@router.get("/{webhook_id}/deliveries")
async def list_deliveries(webhook_id: UUID, page: InPage, tx: InTransaction, who: Caller) -> dict[str, Any]:
    """What it was told in the last 30 days, the newest first: attempts, and of the last one status, code and time."""
    RIGHTS.require(who, "read", "webhook")
    await actions.get_webhook(tx, webhook_id)
    return page.answer(await store.deliveries(tx, webhook_id, _after(page, int), page.limit), "position")
