"""The token endpoint of city systems, and what their libraries read about it. Here OAuth's own forms stand in place of
problem documents (RFC 6749, 5.2)."""

from http import HTTPStatus
from typing import Annotated, Any

from chassis.auth import LIFETIME, Principal, sign_token
from chassis.http import Runtime
from chassis.outbox import new_id
from fastapi import APIRouter, Depends, Form, Header
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from identity.actions.tokens import Asked, Granted, grant_token
from identity.domain.attempts import Delayed
from identity.domain.systems import SCOPES, TokenRefused
from identity.gateways import ASSERTION_ALGORITHMS
from identity.routes.edge import FromSource, InRuntime

router = APIRouter(tags=["tokens of city systems"])

BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
NOT_KEPT = {"Cache-Control": "no-store", "Pragma": "no-cache"}


class SystemToken(BaseModel):
    """An access token (RFC 6749, 5.1); `scope` is what it is for, `expires_in` in seconds."""

    access_token: str
    token_type: str
    expires_in: int
    scope: str


class TokenProblem(BaseModel):
    """A refusal (RFC 6749, 5.2)."""

    error: str
    error_description: str


def _issuer(runtime: Runtime) -> str:
    return f"{runtime.settings.public_url.rstrip('/')}/api/identity"


async def _asked(
    *,
    runtime: InRuntime,
    source: FromSource,
    grant_type: Annotated[str, Form()] = "",
    scope: Annotated[str, Form()] = "",
    client_id: Annotated[str, Form()] = "",
    client_assertion_type: Annotated[str, Form()] = "",
    client_assertion: Annotated[str, Form()] = "",
) -> Asked | TokenRefused:
    """What is asked for, or what is wrong with the form."""
    issuer = _issuer(runtime)
    if not grant_type:
        return TokenRefused("invalid_request", "grant_type is missing: send a form (x-www-form-urlencoded)")
    if grant_type != "client_credentials":
        return TokenRefused("unsupported_grant_type", "grant_type has to be client_credentials")
    if client_assertion_type != BEARER or not client_assertion:
        return TokenRefused("invalid_client", f"client_assertion is missing, or client_assertion_type is not {BEARER}")
    return Asked(client_assertion, client_id, scope, source, (f"{issuer}/oauth/token", issuer))


async def _tried(runtime: InRuntime, authorization: Annotated[str, Header(max_length=8_000)] = "") -> str:
    """The challenge of a 401: in the scheme that the client has tried (RFC 6749, 5.2)."""
    scheme = "Basic" if authorization[:6].lower() == "basic " else "Bearer"
    return f'{scheme} realm="{_issuer(runtime)}", error="invalid_client"'


InForm = Annotated[Asked | TokenRefused, Depends(_asked)]


@router.post(
    "/oauth/token",
    response_model=SystemToken,
    responses={status: {"model": TokenProblem, "description": "Refused"} for status in (400, 401, 429)},
)
async def issue_token(asked: InForm, runtime: InRuntime, tried: Annotated[str, Depends(_tried)]) -> Response:
    """Client credentials (RFC 6749, 4.4) by a signed assertion (RFC 7523, `private_key_jwt`)."""
    try:
        if isinstance(asked, TokenRefused):
            raise asked
        granted = await grant_token(runtime.database, asked)
    except TokenRefused as refused:
        challenge = {"WWW-Authenticate": tried} if refused.status == HTTPStatus.UNAUTHORIZED else {}
        return _refusal(refused.status, refused.error, refused.description, **challenge)
    except Delayed as late:
        return _refusal(late.status, "temporarily_unavailable", "too many requests: see Retry-After", **late.headers)
    return JSONResponse(_token(runtime, granted).model_dump(), headers=NOT_KEPT)


def _refusal(status: int, error: str, description: str, **headers: str) -> Response:
    body = TokenProblem(error=error, error_description=description)
    return JSONResponse(body.model_dump(), status, NOT_KEPT | headers)


def _token(runtime: Runtime, granted: Granted) -> SystemToken:
    system = granted.system
    who = Principal(
        account_id=system.id,
        sid=new_id(),
        epoch=system.session_epoch,
        scope="system",
        category=None,
        school_id=None,
        staff_id=None,
        roles=granted.scopes,
    )
    return SystemToken(
        access_token=sign_token(runtime.own.signing_key(), who, runtime.database.clock()),
        token_type="Bearer",  # noqa: S106 - the name of a scheme
        expires_in=int(LIFETIME.total_seconds()),
        scope=" ".join(sorted(granted.scopes)),
    )


@router.get("/.well-known/oauth-authorization-server")
async def metadata(runtime: InRuntime) -> dict[str, Any]:
    """Server metadata (RFC 8414)."""
    issuer = _issuer(runtime)
    return {
        "issuer": issuer,
        "token_endpoint": f"{issuer}/oauth/token",
        "jwks_uri": f"{issuer}/.well-known/jwks.json",
        "response_types_supported": [],
        "grant_types_supported": ["client_credentials"],
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": list(ASSERTION_ALGORITHMS),
        "scopes_supported": list(SCOPES),
    }
