"""What became of mails, and what the desk can do about it."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from chassis.auth import Caller
from chassis.errors import Invalid
from chassis.http import InTransaction
from chassis.paging import InPage, Page
from chassis.problems import language, text_of
from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel

from notify.actions import desk
from notify.actions.mails import address_key
from notify.domain.mails import reason_of
from notify.rights import RIGHTS
from notify.store import deliveries as store

router = APIRouter(tags=["notify"])

Ids = Annotated[UUID | None, Query()]


def _before(page: Page) -> tuple[datetime, UUID] | None:
    if page.after is None:
        return None
    try:
        moment, mail_id = page.after
        return datetime.fromisoformat(moment).astimezone(UTC), UUID(mail_id)
    except (ValueError, TypeError, AttributeError, OverflowError):
        raise Invalid("cursor-malformed", "/cursor") from None


def _wanted(
    tx: InTransaction,
    about: Ids = None,
    event: Ids = None,
    ticket: Annotated[str | None, Query(max_length=40)] = None,
    address: Annotated[str | None, Query(max_length=320)] = None,
) -> dict[str, Any]:
    given = {
        "about": about and str(about),
        "event": event,
        "ticket": ticket,
        "address": address_key(tx, address) if address else None,
    }
    wanted = {name: value for name, value in given.items() if value}
    if not wanted:
        raise Invalid("filter-missing")
    return wanted


Wanted = Annotated[dict[str, Any], Depends(_wanted)]


def _say(request: Request) -> Callable[[str], str]:
    return partial(text_of, request.app.state.runtime.texts, lang=language(request), params={})


Say = Annotated[Callable[[str], str], Depends(_say)]


def _shown(item: dict[str, Any], say: Callable[[str], str]) -> dict[str, Any]:
    reason = reason_of(item["state"], item["code"])
    return {**item, "reason": say(f"reason-{reason}") if reason else None}


@router.get("/deliveries")
async def list_deliveries(page: InPage, tx: InTransaction, who: Caller, say: Say, wanted: Wanted) -> dict[str, Any]:
    """Mails about one account, request, application or ticket, of one event, or to one address; the newest first, of
    an address its mask alone. At least one filter is needed."""
    RIGHTS.require(who, "read", "delivery")
    items = await store.deliveries(tx, wanted, _before(page), page.limit)
    return page.answer([_shown(item, say) for item in items], "queued_at", "notification_id")


@router.post("/deliveries/{notification_id}/resend", status_code=202)
async def send_again(notification_id: UUID, tx: InTransaction, who: Caller) -> dict[str, Any]:
    """A mail that has failed, to the address on file; never one that held a secret."""
    RIGHTS.require(who, "resend", "delivery")
    await desk.send_again(tx, notification_id, who.account_id)
    return {"notification_id": notification_id, "state": "queued"}


class Lift(BaseModel):
    """Of which mail the address has been corrected or looked into."""

    notification_id: UUID


@router.post("/suppressions/lift")
async def lift_suppression(body: Lift, tx: InTransaction, who: Caller) -> dict[str, Any]:
    """Let mails to this mail's address be sent again."""
    RIGHTS.require(who, "lift", "suppression")
    lifted_at = await desk.lift_suppression(tx, body.notification_id, who.account_id)
    return {"notification_id": body.notification_id, "lifted_at": lifted_at}
