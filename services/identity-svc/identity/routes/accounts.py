"""Accounts of others: for heads, the desk, the department and security."""

from typing import Any
from uuid import UUID

from chassis.auth import Caller, Principal
from chassis.http import InTransaction
from chassis.outbox import Tx
from chassis.paging import InPage
from ekis_contracts.fields import Body, Line, LongLine
from ekis_contracts.values import AccountState
from fastapi import APIRouter

from identity.actions import acts
from identity.actions.accounts import account_of_staff
from identity.actions.acts import Act, Ground, channel_of
from identity.domain.accounts import Account
from identity.rights import RIGHTS
from identity.routes.edge import after_id
from identity.store import accounts as store

router = APIRouter(tags=["accounts"])


class ActIn(Body):
    """The ground of an act, and the ticket it belongs to."""

    reason: LongLine
    ticket: Line | None = None


class ResumeIn(ActIn):
    """`staff_id`: the new record of a person who was taken off the roll by mistake; the account belongs to it then."""

    staff_id: UUID | None = None


def _item(account: Account) -> dict[str, Any]:
    assert account.staff
    return {
        "account_id": str(account.id),
        "state": account.state,
        "login": account.login,
        "full_name": account.full_name,
        "school_id": str(account.staff.school_id),
        "staff_id": str(account.staff.staff_id),
        "category": account.staff.category,
        "post": account.staff.post,
        "activated_at": account.activated_at,
        "reason": account.reason,
        "disable_at": account.disable_at,
    }


@router.get("/accounts")
async def list_accounts(
    who: Caller, tx: InTransaction, page: InPage, school_id: UUID | None = None, state: AccountState | None = None
) -> dict[str, Any]:
    """Accounts of a school, or of all where the right reaches that far."""
    if RIGHTS.reach(who, "read", "account") != "any":
        school_id = school_id or who.school_id
    RIGHTS.require(who, "read", "account", school_id=school_id)
    found = await store.accounts(tx, school_id, state, after_id(page), page.limit)
    return page.answer([_item(account) for account in found], "account_id")


@router.post("/accounts/{account_id}/suspend", status_code=202)
async def suspend_account(account_id: UUID, body: ActIn, who: Caller, tx: InTransaction) -> dict[str, str]:
    """Refuse its sign-ins until it is resumed."""
    return await _act(account_id, "suspend", body, who, tx)


@router.post("/accounts/{account_id}/resume", status_code=202)
async def resume_account(account_id: UUID, body: ResumeIn, who: Caller, tx: InTransaction) -> dict[str, str]:
    """Let it sign in again."""
    return await _act(account_id, "resume", body, who, tx)


@router.post("/accounts/{account_id}/disable", status_code=202)
async def disable_account(account_id: UUID, body: ActIn, who: Caller, tx: InTransaction) -> dict[str, str]:
    """End it for good."""
    return await _act(account_id, "disable", body, who, tx)


async def _act(account_id: UUID, act: Act, body: ActIn, who: Principal, tx: Tx) -> dict[str, str]:
    RIGHTS.require(who, act, "account", school_id=await school_of(tx, account_id))
    staff_id = body.staff_id if isinstance(body, ResumeIn) else None
    ground = Ground(who.account_id, channel_of(who.roles), body.reason, body.ticket, staff_id)
    await acts.act_on_account(tx, account_id, act, ground)
    return {"state": (await account_of_staff(tx, account_id)).state}


async def school_of(tx: Tx, account_id: UUID) -> UUID | None:
    """Whose heads may look after the account."""
    account = await store.account(tx, account_id)
    return account.staff.school_id if account and account.staff else None
