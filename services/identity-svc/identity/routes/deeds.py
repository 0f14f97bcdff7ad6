"""Acts on accounts that wait for a second person."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from chassis.auth import Caller
from chassis.http import InTransaction
from chassis.paging import InPage, after_id
from fastapi import APIRouter, Depends
from pydantic import BaseModel

from identity.actions import deeds as actions
from identity.domain.audit import AccountAct
from identity.domain.deeds import Deed, DeedState
from identity.rights import RIGHTS
from identity.routes.edge import Proven
from identity.store import deeds as store

router = APIRouter(prefix="/deeds", tags=["deeds of two persons"])


class DeedOut(BaseModel):
    """An act that one operator has asked for; `email` is a new address on file, as long as the deed waits."""

    deed_id: UUID
    act: AccountAct
    account_id: UUID
    state: DeedState
    channel: str
    reason: str
    ticket: str | None
    proof: str | None
    email: str | None
    asked_by: UUID
    asked_at: datetime
    expires_at: datetime
    decided_by: UUID | None

    @classmethod
    def of(cls, deed: Deed) -> Self:
        """As it stands."""
        return cls(**{field: getattr(deed, field) for field in cls.model_fields})


class Deeds(BaseModel):
    """A page of them, the oldest first."""

    items: list[DeedOut]
    next: str | None


async def _decidable(deed_id: UUID, who: Proven, tx: InTransaction) -> Deed:
    """Whoever may act so on any account may agree to it, or refuse."""
    deed = await actions.known_deed(tx, deed_id)
    RIGHTS.require(who, deed.act, "account")
    return deed


Decidable = Annotated[Deed, Depends(_decidable, scope="function")]


@router.get("", response_model=Deeds)
async def list_deeds(who: Caller, tx: InTransaction, page: InPage) -> dict[str, Any]:
    """What waits for a second person."""
    RIGHTS.require(who, "read", "deed")
    found = await store.waiting_deeds(tx, after_id(page), page.limit)
    return page.answer([DeedOut.of(deed).model_dump() for deed in found], "deed_id")


@router.post("/{deed_id}/approve")
async def approve_deed(deed: Decidable, who: Caller, tx: InTransaction) -> DeedOut:
    """The second person agrees: it is done. Not the one who asked."""
    may = [role for role, things in RIGHTS.table.items() if things.get("account", {}).get(deed.act) == "any"]
    return DeedOut.of(await actions.approve_deed(tx, deed.deed_id, who.account_id, may))


@router.post("/{deed_id}/refuse")
async def refuse_deed(deed: Decidable, who: Caller, tx: InTransaction) -> DeedOut:
    """It shall not happen."""
    return DeedOut.of(await actions.refuse_deed(tx, deed.deed_id, who.account_id))
