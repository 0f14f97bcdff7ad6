"""Accounts of others: for heads, the desk, the department and security."""

from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

from chassis.auth import Caller, Principal
from chassis.http import InTransaction
from chassis.outbox import Tx
from chassis.paging import InPage, after_id
from ekis_contracts.fields import Body, Email, Line, LongLine
from ekis_contracts.values import AccountState
from fastapi import APIRouter, Depends
from pydantic import BaseModel

from identity.actions import desk, tickets
from identity.actions.accounts import account_of_staff
from identity.actions.acts import channel_of
from identity.actions.deeds import ask_or_act
from identity.domain.accounts import Account
from identity.domain.audit import AccountAct
from identity.domain.deeds import Deed, Ground
from identity.rights import RIGHTS
from identity.routes.edge import Proven
from identity.store import accounts as store

router = APIRouter(tags=["accounts"])


class ActIn(Body):
    """The ground of an act, and the ticket it belongs to."""

    reason: LongLine
    ticket: Line | None = None


class EmailIn(Body):
    """Another address on file, why, and the ticket on which it was asked for."""

    email: Email
    reason: LongLine | None = None
    ticket: Line | None = None


class Wanted(BaseModel):
    """Which accounts; `login` and `email` exactly as they are written, for the desk."""

    school_id: UUID | None = None
    state: AccountState | None = None
    login: Line | None = None
    email: Email | None = None


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
    who: Caller, tx: InTransaction, page: InPage, wanted: Annotated[Wanted, Depends()]
) -> dict[str, Any]:
    """Accounts of a school, or of all where the right reaches that far; for the desk also by login or address."""
    if wanted.login or wanted.email:
        RIGHTS.require(who, "look-up", "account")
        found = await desk.look_up(tx, who.account_id, wanted.login, wanted.email, page.limit)
        return {"items": [_item(account) for account in found], "next": None}
    school_id = _reachable(who, wanted.school_id)
    found = await store.accounts(tx, school_id, wanted.state, after_id(page), page.limit)
    return page.answer([_item(account) for account in found], "account_id")


def _reachable(who: Principal, school_id: UUID | None) -> UUID | None:
    if RIGHTS.reach(who, "read", "account") != "any":
        school_id = school_id or who.school_id
    RIGHTS.require(who, "read", "account", school_id=school_id)
    return school_id


@router.get("/accounts/{account_id}")
async def read_account(account_id: UUID, who: Caller, tx: InTransaction) -> dict[str, Any]:
    """One of them."""
    RIGHTS.require(who, "read", "account", school_id=await school_of(tx, account_id))
    return _item(await account_of_staff(tx, account_id))


@router.post("/accounts/{account_id}/suspend", status_code=202)
async def suspend_account(account_id: UUID, body: ActIn, who: Caller, tx: InTransaction) -> dict[str, str]:
    """Refuse its sign-ins until it is resumed."""
    return await _act(account_id, "suspend", body, who, tx)


@router.post("/accounts/{account_id}/resume", status_code=202)
async def resume_account(account_id: UUID, body: ResumeIn, who: Caller, tx: InTransaction) -> dict[str, str]:
    """Let it sign in again."""
    return await _act(account_id, "resume", body, who, tx)


@router.post("/accounts/{account_id}/disable", status_code=202)
async def disable_account(account_id: UUID, body: ActIn, who: Proven, tx: InTransaction) -> dict[str, str]:
    """End it for good."""
    return await _act(account_id, "disable", body, who, tx)


@router.post("/accounts/{account_id}/second-factor/reset", status_code=202)
async def reset_factor(account_id: UUID, body: ActIn, who: Proven, tx: InTransaction) -> dict[str, str]:
    """Take a lost second factor off, also an operator's: always by two admins."""
    return await _act(account_id, "reset-second-factor", body, who, tx)


async def _act(account_id: UUID, act: AccountAct, body: ActIn, who: Principal, tx: Tx) -> dict[str, str]:
    """The account's new state, or that of the deed that waits for a second person."""
    RIGHTS.require(who, act, "account", school_id=await school_of(tx, account_id))
    staff_id = body.staff_id if isinstance(body, ResumeIn) else None
    ground = replace(await _ground(tx, who, account_id, act, body), staff_id=staff_id)
    if deed := await ask_or_act(tx, account_id, act, ground):
        return _waiting(deed)
    return {"state": (await account_of_staff(tx, account_id)).state}


@router.post("/accounts/{account_id}/email", status_code=202)
async def change_email(account_id: UUID, body: EmailIn, who: Proven, tx: InTransaction) -> dict[str, str]:
    """Another address on file, as soon as whoever reads it confirms; the person itself cannot ask for it."""
    RIGHTS.require(who, "email-change", "account", school_id=await school_of(tx, account_id))
    ground = replace(await _ground(tx, who, account_id, "email-change", body), email=body.email)
    deed = await ask_or_act(tx, account_id, "email-change", ground)
    return _waiting(deed) if deed else {"state": "awaiting-confirmation"}


async def _ground(tx: Tx, who: Principal, account_id: UUID, act: AccountAct, body: ActIn | EmailIn) -> Ground:
    """Operators have to name a ticket, the desk one of this account; one that is named has to be there."""
    channel = channel_of(who.roles)
    ticket = await tickets.named_ticket(tx, body.ticket, needed=channel != "head")
    if ticket and channel == "desk":
        await desk.require_ticket_of(tx, ticket.id, account_id, act)
    return Ground(who.account_id, channel, body.reason or "", ticket.number if ticket else None)


def _waiting(deed: Deed) -> dict[str, str]:
    return {"state": deed.state, "deed_id": str(deed.deed_id)}


async def school_of(tx: Tx, account_id: UUID) -> UUID | None:
    """Whose heads may look after the account."""
    account = await store.account(tx, account_id)
    return account.staff.school_id if account and account.staff else None
