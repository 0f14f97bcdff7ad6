"""Devices: where one is signed in, and signing out there."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from chassis.auth import Caller
from chassis.http import InTransaction
from chassis.paging import InPage, after_id
from fastapi import APIRouter
from pydantic import BaseModel

from identity.actions import sessions as actions
from identity.domain.sessions import Session, Signed
from identity.store import sessions as store

router = APIRouter(prefix="/sessions", tags=["sessions"])


class Device(BaseModel):
    """A device that is signed in. `expires_at` is when it will be signed out unless it is seen again."""

    session_id: UUID
    device: str | None
    created_at: datetime
    last_seen_at: datetime
    remembered: bool
    expires_at: datetime
    current: bool


class Devices(BaseModel):
    """A page of them, the oldest first."""

    items: list[Device]
    next: str | None


@router.get("", response_model=Devices)
async def list_sessions(who: Caller, tx: InTransaction, page: InPage) -> dict[str, Any]:
    """The own devices that are signed in."""
    found = await store.live_sessions(tx, who.account_id, after_id(page), page.limit)
    return page.answer([_item(one, who.sid) for one in found], "session_id")


def _item(session: Session, own: UUID) -> dict[str, Any]:
    return {
        "session_id": session.id,
        "device": session.device,
        "created_at": session.created_at,
        "last_seen_at": session.rotated_at,
        "remembered": session.remembered,
        "expires_at": session.ends_at,
        "current": session.id == own,
    }


@router.delete("/{session_id}", status_code=204)
async def sign_out_device(session_id: UUID, who: Caller, tx: InTransaction) -> None:
    """Sign out one device; its access token dies everywhere."""
    await actions.end_own_session(tx, who.account_id, session_id)


@router.delete("", status_code=204)
async def sign_out_others(others: Literal["true"], who: Caller, tx: InTransaction) -> None:  # noqa: ARG001 - the only way
    """Sign out every device but this one."""
    await actions.end_other_sessions(tx, Signed(who.account_id, who.sid))
