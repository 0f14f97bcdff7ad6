"""Who is asking, and what they may do. Access tokens are JWTs (RFC 9068 `at+jwt`, `Ed25519` of RFC 9864, 5 minutes)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from pydantic import BaseModel, ConfigDict
from starlette.requests import Request

from chassis.errors import Forbidden, NotFound, Unauthorized
from chassis.revocation import Revocations
from chassis.settings import load_key_set

ALGORITHM, TYPE = "Ed25519", "at+jwt"
PARTIES = {"iss": "identity-svc", "aud": "ekis"}
LIFETIME = timedelta(minutes=5)
CACHED_TOKENS = 10_000

Reach = Literal["any", "own-school", "own"]


class Principal(BaseModel):
    """Who a token speaks for, as its claims say. `epoch` is the account's at signing; older than required is dead.

    A city system is an account of its own with the scope `system`; what it was granted are its roles.
    """

    model_config = ConfigDict(frozen=True)

    account_id: UUID
    sid: UUID
    epoch: int
    scope: Literal["full", "activation", "system"]
    category: Literal["head", "employee"] | None
    school_id: UUID | None
    staff_id: UUID | None
    roles: frozenset[str]


def sign_token(key: OKPKey, who: Principal, now: datetime) -> str:
    """An access token for 5 minutes."""
    times = {"iat": int(now.timestamp()), "exp": int((now + LIFETIME).timestamp())}
    claims = PARTIES | times | {"sub": str(who.account_id)} | who.model_dump(mode="json")
    return jwt.encode({"alg": ALGORITHM, "typ": TYPE, "kid": key.kid}, claims, key, algorithms=[ALGORITHM])


class Tokens:
    """Verifies access tokens by itself: signature once a token, expiry and revocation on every request."""

    def __init__(self, keys: Path, revocations: Revocations, clock: Callable[[], datetime]) -> None:
        self._keys, self._revocations, self._clock = keys, revocations, clock
        self._verified = lru_cache(maxsize=CACHED_TOKENS)(self._verify)

    def principal(self, token: str) -> Principal:
        """Raises Unauthorized."""
        try:
            who, expires = self._verified(token)
        except (JoseError, ArithmeticError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise Unauthorized("not-signed-in") from None
        if expires <= self._clock().timestamp() or self._revocations.refuse(who.account_id, who.sid, who.epoch):
            raise Unauthorized("not-signed-in")
        return who

    def _verify(self, text: str) -> tuple[Principal, int]:
        token = jwt.decode(text, load_key_set(self._keys), algorithms=[ALGORITHM])
        if token.header.get("typ") != TYPE or "nbf" in token.claims or not PARTIES.items() <= token.claims.items():
            raise ValueError("another kind of token")  # we never write `nbf`
        return Principal.model_validate(token.claims), int(token.claims["exp"])


_bearer = HTTPBearer(auto_error=False, description="Access token of POST /api/identity/sessions")


async def _anyone(
    request: Request, bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> Principal:
    if bearer is None:
        raise Unauthorized("not-signed-in")
    tokens: Tokens = request.app.state.runtime.tokens
    return tokens.principal(bearer.credentials)


def _of_scope(*scopes: str) -> Any:
    async def check(who: Annotated[Principal, Depends(_anyone)]) -> Principal:
        if who.scope not in scopes:
            raise Forbidden("activation-only" if who.scope == "activation" else "not-allowed")
        return who

    return Depends(check)


AnySession = Annotated[Principal, _of_scope("full", "activation")]  # of a person
Caller = Annotated[Principal, _of_scope("full")]
Activating = Annotated[Principal, _of_scope("activation")]
CitySystem = Annotated[Principal, _of_scope("system")]


@dataclass(frozen=True)
class Rights:
    """The authorisation table of one service: role -> object -> verb -> how far. What is not there is denied."""

    table: Mapping[str, Mapping[str, Mapping[str, Reach]]]

    def reach(self, who: Principal, verb: str, thing: str) -> Reach:
        """How far the caller's best role reaches. Raises Forbidden."""
        reaches = {self.table.get(part or "", {}).get(thing, {}).get(verb) for part in (*who.roles, who.category)}
        for reach in ("any", "own-school", "own"):
            if reach in reaches:
                return reach
        raise Forbidden("not-allowed")

    def require(
        self, who: Principal, verb: str, thing: str, *, school_id: UUID | None = None, account_id: UUID | None = None
    ) -> None:
        """Raises Forbidden for a verb that no role of the caller has, NotFound for a thing out of reach."""
        reach = self.reach(who, verb, thing)
        same_school = school_id is not None and school_id == who.school_id
        same_account = account_id is not None and account_id == who.account_id
        if not (reach == "any" or (reach == "own-school" and same_school) or (reach == "own" and same_account)):
            raise NotFound
