"""Operators: accounts with roles and without a school. Nobody changes the own one, and one admin always stays."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Literal, get_args
from uuid import UUID

from chassis.errors import Conflict, Forbidden

from identity.domain.accounts import Account, disable, resume, suspend

Role = Literal["registrar", "support", "editor", "security", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)
OperatorAct = Literal["suspend", "resume", "disable"]

CHANGED = "operator-changed"
_BY: Literal["department"] = "department"  # whose operators they are


def equip(account: Account, roles: frozenset[str], password_hash: str, now: datetime) -> Account:
    """An operator with these roles and this password, who can sign in; what was signed in before is dead."""
    return replace(
        account,
        state="active" if account.state == "issued" else account.state,
        roles=roles,
        password_hash=password_hash,
        password_is_short=False,
        one_time=None,
        one_time_until=None,
        activated_at=account.activated_at or now,
        session_epoch=account.session_epoch + 1,
    )


def change_roles(account: Account, roles: frozenset[str]) -> Account:
    """Other roles. A smaller right ends the sessions, a larger one comes with the next token."""
    smaller = not roles >= account.roles
    return replace(account, roles=roles, session_epoch=account.session_epoch + smaller)


def change_state(account: Account, act: OperatorAct, now: datetime) -> Account:
    """Suspended, resumed or ended for good. Raises WrongStep."""
    if act == "suspend":
        return suspend(account, _BY)
    return resume(account, _BY) if act == "resume" else disable(account, _BY, now)


def require_other(account: Account, by: UUID) -> None:
    """Nobody gives or takes the own rights."""
    if account.id == by:
        raise Forbidden("own-operator")


def require_admin_left(before: Account, after: Account, admins: Collection[UUID]) -> None:
    """`admins`: those who can sign in, under their locks. Raises Conflict for taking the last one's right away."""
    if before.id in admins and len(admins) == 1 and ("admin" not in after.roles or after.state != "active"):
        raise Conflict("last-admin")
