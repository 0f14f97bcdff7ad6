"""HTTP of notify-svc."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from chassis.auth import Caller
from chassis.errors import Invalid
from chassis.http import InTransaction
from chassis.paging import InPage, Page
from fastapi import APIRouter

from notify.rights import RIGHTS
from notify.store import mails as store

router = APIRouter(tags=["notify"])


def _before(page: Page) -> tuple[datetime, UUID] | None:
    if page.after is None:
        return None
    try:
        moment, mail_id = page.after
        return datetime.fromisoformat(moment).astimezone(UTC), UUID(mail_id)
    except (ValueError, TypeError, AttributeError, OverflowError):
        raise Invalid("cursor-malformed", "/cursor") from None


@router.get("/deliveries")
async def list_deliveries(about: UUID, page: InPage, tx: InTransaction, who: Caller) -> dict[str, Any]:
    """Mails about one account, request or application, the newest first; never an address."""
    RIGHTS.require(who, "read", "delivery")
    items = await store.deliveries(tx, str(about), _before(page), page.limit)
    return page.answer(items, "queued_at", "notification_id")
