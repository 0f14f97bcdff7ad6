"""What the routes share: the runtime, the refresh cookie, who may send it, the answer to a sign-in, cursors."""

from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import urlsplit
from uuid import UUID

from chassis.auth import LIFETIME, Caller, Principal, sign_token
from chassis.errors import Forbidden, Invalid, NotFound
from chassis.http import InTransaction, Runtime
from chassis.paging import Page
from fastapi import Depends, Header
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, StringConstraints
from starlette.requests import Request
from starlette.responses import Response

from identity.actions.factors import require_proof
from identity.actions.forms import file_form
from identity.actions.sessions import Admitted
from identity.domain.accounts import Account
from identity.domain.attempts import device_name, device_token, known_device, source_of
from identity.domain.logins import login_key
from identity.domain.sessions import Signed
from identity.gateways import Own
from identity.rights import RIGHTS

LONGEST_CODE = 40
DEVICE_LASTS = 400 * 86400  # seconds: the longest that browsers keep a cookie
DEVICE_PATH = "/api/identity/sessions"

# Verified as received: no trimming. Longer than any that is taken, so that "too long" is said by the rule.
Password = Annotated[str, StringConstraints(min_length=1, max_length=1024)]


def needs_factor(runtime: Runtime) -> bool:
    """Whether operators have to have a second factor."""
    return bool(runtime.settings.operator_second_factor == "required")


def first_steps(account: Account, scope: str, *, second_factor: bool) -> list[str]:
    """What is left to do before a session opens everything."""
    if scope == "full":
        return []
    steps = {
        "declare-status": account.staff is not None,
        "change-password": account.needs_password,
        "enrol-second-factor": bool(account.roles) and second_factor,
    }
    return [step for step, wanted in steps.items() if wanted]


def _runtime(request: Request) -> Runtime:
    runtime: Runtime = request.app.state.runtime
    return runtime


InRuntime = Annotated[Runtime, Depends(_runtime)]


def _same_site(request: Request) -> None:
    """Browsers say where a request comes from: pages of others may not use our cookie."""
    fetched = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin")
    homes = {urlsplit(_runtime(request).settings.public_url).netloc, request.headers.get("host")}
    # An Origin is "scheme://host:port" or "null" (RFC 6454); urlsplit raises for what only looks like one
    if fetched not in ("same-origin", "none") or (origin is not None and origin.partition("://")[2] not in homes):
        raise Forbidden("cross-site")


FromOurPages = Depends(_same_site)


def _source(request: Request) -> str:
    """Who is at the other end: uvicorn takes X-Forwarded-For from the addresses in FORWARDED_ALLOW_IPS alone."""
    return source_of(request.client.host if request.client else "")


FromSource = Annotated[str, Depends(_source)]


async def _perhaps(
    request: Request, bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(HTTPBearer(auto_error=False))]
) -> Principal | None:
    """Public pages know the desk by its token; without one anybody may be there. Raises Unauthorized."""
    who = _runtime(request).tokens.principal(bearer.credentials) if bearer else None
    return who if who and who.scope == "full" else None


PerhapsCaller = Annotated[Principal | None, Depends(_perhaps)]


def _number(number: str) -> str:
    if not number.isascii() or not number.isprintable():
        raise NotFound
    return number


def _code(code: Annotated[str, Header(alias="Tracking-Code")] = "") -> str:
    if len(code) > LONGEST_CODE:
        raise NotFound
    return code


# The number of a request or a ticket, and the code that opens its page: what no such thing can be is not found
InNumber = Annotated[str, Depends(_number)]
InCode = Annotated[str, Depends(_code)]


def is_desk(who: Principal | None) -> bool:
    """Whether somebody of the support desk asks."""
    try:
        return who is not None and RIGHTS.reach(who, "handle", "ticket") == "any"
    except Forbidden:
        return False


async def _unhurried(
    request: Request,
    tx: InTransaction,
    source: FromSource,
    who: PerhapsCaller,
    solution: Annotated[str, Header(alias="Proof-Of-Work")] = "",
) -> None:
    if not is_desk(who):  # which writes down many calls an hour
        await file_form(tx, source, _runtime(request).settings.quiet_forms, solution)


Unhurried = Depends(_unhurried, scope="function")  # of every public form; counts what is committed


async def _proven(who: Caller, tx: InTransaction) -> Principal:
    await require_proof(tx, Signed(who.account_id, who.sid))
    return who


# In place of Caller, where the act asks for the second factor again: a code not older than 5 minutes
Proven = Annotated[Principal, Depends(_proven, scope="function")]


def after_moment(page: Page) -> tuple[datetime, UUID] | None:
    """Where a list in the order of time goes on. Raises Invalid."""
    if page.after is None:
        return None
    try:
        at, one = page.after
        moment = datetime.fromisoformat(at)
        return moment.astimezone(UTC), UUID(one)
    except (ValueError, TypeError, AttributeError, OverflowError):
        raise Invalid("cursor-malformed", "/cursor") from None


class SignedIn(BaseModel):
    """An access token and what it opens; the refresh token is in the cookie."""

    access_token: str
    token_type: str
    expires_in: int
    scope: str
    required: list[str]


def is_secure(runtime: Runtime) -> bool:
    """Whether people reach us by https: clients never send a Secure cookie back over http."""
    return bool(runtime.settings.public_url.startswith("https:"))


def cookie_name(runtime: Runtime) -> str:
    """`__Host-` makes the browser refuse a cookie that another host or path has set."""
    return "__Host-rt" if is_secure(runtime) else "rt"


def refresh_token(request: Request) -> str:
    """The token of the cookie; empty without one."""
    return request.cookies.get(cookie_name(_runtime(request)), "")


RefreshToken = Annotated[str, Depends(refresh_token)]


def _cookie(runtime: Runtime) -> dict[str, Any]:
    return {"path": "/", "httponly": True, "samesite": "strict", "secure": is_secure(runtime)}


class Claims(Principal):
    """What a token says. `auth_time` (RFC 9470, seconds): when all that the account asks for was shown last; acts of
    other services may want it anew."""

    auth_time: int


def admit(runtime: Runtime, response: Response, admitted: Admitted) -> SignedIn:
    """Answer a sign-in, a refresh or an activation."""
    account, session, own = admitted.account, admitted.session, runtime.own
    assert isinstance(own, Own)
    lasts = int((session.expires_at - session.rotated_at).total_seconds()) if session.is_lasting else None
    response.set_cookie(cookie_name(runtime), admitted.refresh_token, max_age=lasts, **_cookie(runtime))
    response.headers["Cache-Control"] = "no-store"
    staff = account.staff
    who = Claims(
        account_id=account.id,
        sid=session.id,
        epoch=account.session_epoch,
        scope=session.scope,
        category=staff.category if staff else None,
        school_id=staff.school_id if staff else None,
        staff_id=staff.staff_id if staff else None,
        roles=account.roles,
        auth_time=int(session.proven_at.timestamp()) if session.proven_at else 0,
    )
    return SignedIn(
        access_token=sign_token(own.signing_key(), who, runtime.database.clock()),
        token_type="Bearer",  # noqa: S106 - the name of a scheme
        expires_in=int(LIFETIME.total_seconds()),
        scope=session.scope,
        required=first_steps(account, session.scope, second_factor=needs_factor(runtime)),
    )


def _device_cookie(runtime: Runtime, login: str) -> str:
    return f"{'__Secure-' * is_secure(runtime)}device-{device_name(runtime.database.secret, login_key(login))}"


def shown_device(request: Request, login: str) -> str:
    """The token that says that this device has signed in with this login before; empty without one."""
    return request.cookies.get(_device_cookie(_runtime(request), login), "")


def know_device(request: Request, response: Response, login: str) -> None:
    """Let the device show from now on that it has signed in with this login; signing out does not take that away."""
    runtime, key = _runtime(request), login_key(login)
    secret = runtime.database.secret
    token = device_token(secret, key, known_device(secret, key, shown_device(request, login)))
    options = _cookie(runtime) | {"path": DEVICE_PATH}
    response.set_cookie(_device_cookie(runtime, login), token, max_age=DEVICE_LASTS, **options)


def forget(runtime: Runtime, response: Response) -> None:
    """Take the cookie away."""
    response.delete_cookie(cookie_name(runtime), **_cookie(runtime))
