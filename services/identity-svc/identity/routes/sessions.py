"""Sessions, activation, the own password, and who one is."""

from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.auth import Activating, AnySession, Caller
from chassis.errors import NotFound
from chassis.http import InTransaction
from ekis_contracts.fields import Body, Line, LongLine
from ekis_contracts.values import Category
from fastapi import APIRouter
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from identity.actions import passwords, signing_in
from identity.actions import sessions as actions
from identity.actions.signing_in import SignIn
from identity.domain.sessions import Signed
from identity.rights import RIGHTS
from identity.routes.edge import (
    FromOurPages,
    FromSource,
    InRuntime,
    Password,
    RefreshToken,
    SignedIn,
    admit,
    forget,
    know_device,
    needs_factor,
    shown_device,
)
from identity.store import accounts as store

router = APIRouter(tags=["sessions"])


class SignInIn(Body):
    """Login and password; `code` is the second factor's: six digits of the app, or a recovery code."""

    login: Line
    password: Password
    code: Line | None = None
    remember_me: bool = False
    device: Line | None = None


class ActivationIn(Body):
    """The status that the person states (operators have none), and the password that replaces the one-time one."""

    status: Category | None = None
    new_password: Password


class PasswordIn(Body):
    """A new password."""

    current_password: Password
    new_password: Password


class DisableOwnIn(Body):
    """The password once more: this cannot be undone."""

    password: Password
    reason: LongLine | None = None


class Me(BaseModel):
    """The person signed in. Operators have neither name nor school."""

    account_id: UUID
    login: str | None
    full_name: str | None
    category: str | None
    school_id: UUID | None
    roles: list[str]
    activated_at: datetime | None


@router.post("/sessions", dependencies=[FromOurPages])
async def sign_in(
    body: SignInIn, runtime: InRuntime, source: FromSource, request: Request, response: Response
) -> SignedIn:
    """Sign in. Unknown, wrong, suspended and disabled get one answer, and it takes as long."""
    known = shown_device(request, body.login)
    shown = SignIn(body.login, body.password, body.remember_me, body.device, source, known, body.code)
    required = needs_factor(runtime)
    admitted = await signing_in.sign_in(runtime.database, runtime.own.hasher, shown, second_factor=required)
    answer = admit(runtime, response, admitted)
    know_device(request, response, body.login)
    return answer


@router.post("/sessions/refresh", dependencies=[FromOurPages])
async def refresh(token: RefreshToken, runtime: InRuntime, response: Response) -> SignedIn:
    """A new access token for the cookie's session, and the next cookie."""
    return admit(runtime, response, await actions.refresh(runtime.database, token))


@router.delete("/sessions/current", status_code=204, dependencies=[FromOurPages])
async def sign_out(who: AnySession, tx: InTransaction, runtime: InRuntime, response: Response) -> None:
    """End this session; its access token dies everywhere."""
    await actions.sign_out(tx, who.account_id, who.sid)
    forget(runtime, response)


@router.post("/activation", dependencies=[FromOurPages])
async def activate(body: ActivationIn, who: Activating, runtime: InRuntime, response: Response) -> SignedIn:
    """The first sign-in: state the status, replace the one-time password."""
    signed, given = Signed(who.account_id, who.sid), (body.status, body.new_password)
    admitted = await signing_in.activate(
        runtime.database, runtime.own.hasher, signed, *given, second_factor=needs_factor(runtime)
    )
    return admit(runtime, response, admitted)


@router.put("/password", status_code=204)
async def change_password(body: PasswordIn, who: Caller, runtime: InRuntime) -> None:
    """Change the password. Other sessions die; this one goes on with its next refresh."""
    signed, database, hasher = Signed(who.account_id, who.sid), runtime.database, runtime.own.hasher
    await passwords.change_password(database, hasher, signed, body.current_password, body.new_password)


@router.post("/disable-requests", status_code=202)
async def disable_own(body: DisableOwnIn, who: Caller, runtime: InRuntime) -> dict[str, str]:
    """Disable the own account at once and for good."""
    RIGHTS.require(who, "disable", "self", account_id=who.account_id)
    signed = Signed(who.account_id, who.sid)
    await passwords.disable_own(runtime.database, runtime.own.hasher, signed, body.password, body.reason)
    return {"state": "disabled"}


@router.get("/me")
async def me(who: Caller, tx: InTransaction) -> Me:
    """Who is signed in."""
    account = await store.account(tx, who.account_id)
    if account is None:
        raise NotFound
    own = {field: getattr(account, field) for field in ("login", "full_name", "activated_at")}
    roles = sorted(account.roles)
    return Me(account_id=account.id, category=who.category, school_id=who.school_id, roles=roles, **own)


@router.get("/.well-known/jwks.json")
async def jwks(runtime: InRuntime, response: Response) -> dict[str, Any]:
    """The public keys of access tokens (RFC 7517), for city systems: our own services mount them."""
    response.headers["Cache-Control"] = "public, max-age=300"
    keys: dict[str, Any] = runtime.own.public_keys()
    return keys
