"""Operators, for admins."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from chassis.auth import Caller
from chassis.http import InTransaction, Once
from chassis.paging import InPage, after_id
from ekis_contracts.fields import Body, LongLine
from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field, StringConstraints
from starlette.responses import Response

from identity.actions import operators as actions
from identity.domain.accounts import Account
from identity.domain.credentials import operator_password
from identity.domain.logins import OPERATOR_LOGIN
from identity.domain.operators import OperatorAct, Role
from identity.rights import RIGHTS
from identity.routes.edge import Proven
from identity.store import operators as store

router = APIRouter(prefix="/operators", tags=["operators"])

Roles = Annotated[frozenset[Role], Field(min_length=1)]


class OperatorIn(Body):
    """A new operator."""

    login: Annotated[str, StringConstraints(pattern=f"^{OPERATOR_LOGIN.pattern}$")]
    roles: Roles


class RolesIn(Body):
    """All roles that the operator is to have."""

    roles: Roles


class WhyIn(Body):
    """The ground of an act."""

    reason: LongLine


class OperatorOut(BaseModel):
    """An operator; an `issued` one has not signed in yet."""

    operator_id: UUID
    login: str | None
    roles: list[str]
    state: str
    activated_at: datetime | None
    second_factor: bool

    @classmethod
    def of(cls, account: Account, *, second_factor: bool) -> Self:
        """Nothing secret of it."""
        same = {field: getattr(account, field) for field in ("login", "state", "activated_at")}
        return cls(operator_id=account.id, roles=sorted(account.roles), second_factor=second_factor, **same)


class Operators(BaseModel):
    """A page of them, the oldest first."""

    items: list[OperatorOut]
    next: str | None


class OneTime(BaseModel):
    """The password of the first sign-in, shown once."""

    operator_id: UUID
    one_time_password: str
    expires_at: datetime | None


async def _changing(operator_id: UUID, who: Proven) -> UUID:
    RIGHTS.require(who, "write", "operator")
    return operator_id


Changing = Annotated[UUID, Depends(_changing, scope="function")]


async def _shown(tx: InTransaction, operator_id: UUID) -> OperatorOut:
    account = await actions.known_operator(tx, operator_id)
    return OperatorOut.of(account, second_factor=bool(await store.with_factor(tx, [operator_id])))


@router.get("", response_model=Operators)
async def list_operators(who: Caller, tx: InTransaction, page: InPage) -> dict[str, Any]:
    """All operators."""
    RIGHTS.require(who, "read", "operator")
    found = await store.operators(tx, after_id(page), page.limit)
    factors = await store.with_factor(tx, [account.id for account in found])
    items = [OperatorOut.of(account, second_factor=account.id in factors).model_dump() for account in found]
    return page.answer(items, "operator_id")


@router.post("", status_code=201)
async def add_operator(body: OperatorIn, who: Proven, tx: InTransaction, once: Once, response: Response) -> OneTime:
    """A new operator, who signs in by the one-time password within 3 days and replaces it."""
    RIGHTS.require(who, "write", "operator")

    async def add() -> str:
        return str((await actions.add_operator(tx, body.login, frozenset(body.roles), who.account_id)).id)

    return await _one_time(tx, UUID(await once.once(tx, add)), response)


@router.post("/{operator_id}/one-time-password")
async def renew_password(operator_id: Changing, who: Caller, tx: InTransaction, response: Response) -> OneTime:
    """Another one for an operator who has not signed in yet; the one before is dead."""
    await actions.renew_password(tx, operator_id, who.account_id)
    return await _one_time(tx, operator_id, response)


async def _one_time(tx: InTransaction, operator_id: UUID, response: Response) -> OneTime:
    account = await actions.known_operator(tx, operator_id)
    response.headers["Cache-Control"] = "no-store"
    password = operator_password(tx.secret, account.id, account.credential_no)
    return OneTime(operator_id=account.id, one_time_password=password, expires_at=account.one_time_until)


@router.patch("/{operator_id}")
async def change_roles(operator_id: Changing, body: RolesIn, who: Caller, tx: InTransaction) -> OperatorOut:
    """Other roles; not the own ones. A smaller right ends the operator's sessions."""
    await actions.change_roles(tx, operator_id, frozenset(body.roles), who.account_id)
    return await _shown(tx, operator_id)


@router.post("/{operator_id}/suspend")
async def suspend_operator(operator_id: Changing, body: WhyIn, who: Caller, tx: InTransaction) -> OperatorOut:
    """Refuse the operator's sign-ins until resumed."""
    return await _act(tx, operator_id, "suspend", who.account_id, body.reason)


@router.post("/{operator_id}/resume")
async def resume_operator(operator_id: Changing, body: WhyIn, who: Caller, tx: InTransaction) -> OperatorOut:
    """Let the operator sign in again."""
    return await _act(tx, operator_id, "resume", who.account_id, body.reason)


@router.post("/{operator_id}/disable")
async def disable_operator(operator_id: Changing, body: WhyIn, who: Caller, tx: InTransaction) -> OperatorOut:
    """End it for good."""
    return await _act(tx, operator_id, "disable", who.account_id, body.reason)


async def _act(tx: InTransaction, operator_id: UUID, act: OperatorAct, by: UUID, reason: str) -> OperatorOut:
    await actions.act_on_operator(tx, operator_id, act, by, reason)
    return await _shown(tx, operator_id)
