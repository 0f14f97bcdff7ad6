"""What a city system does to get a token: assertions made with plain joserfc."""

import warnings
from datetime import timedelta
from typing import Any

import httpx
from chassis.outbox import new_id
from chassis.testing.opened import Opened
from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey

Key = OKPKey | ECKey
BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ENDPOINT = "http://ekis.test/api/identity/oauth/token"


def public(key: Key) -> str:
    """As an admin pastes it."""
    return str(key.as_pem(private=False).decode())


def signed(claims: dict[str, Any], key: Any, alg: str) -> str:
    """By a library that knows any algorithm."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return str(jwt.encode({"alg": alg}, claims, key, algorithms=[alg]))


class Program:
    """A city system: its id and its key."""

    def __init__(self, it: Opened, system_id: str, key: Key) -> None:
        self.it, self.system_id, self.key = it, system_id, key

    @property
    def alg(self) -> str:
        return "ES256" if isinstance(self.key, ECKey) else "Ed25519"

    def claims(self, **more: Any) -> dict[str, Any]:
        now = int(self.it.clock().timestamp())
        own = {"iss": self.system_id, "sub": self.system_id, "aud": ENDPOINT, "jti": str(new_id())}
        said = own | {"iat": now, "exp": now + 120} | more
        return {name: value for name, value in said.items() if value is not None}

    def assertion(self, **claims: Any) -> str:
        return signed(self.claims(**claims), self.key, self.alg)

    async def ask(self, assertion: str = "", **form: Any) -> httpx.Response:
        said = {
            "grant_type": "client_credentials",
            "client_assertion_type": BEARER,
            "client_assertion": assertion or self.assertion(),
        } | form
        return await self.it.http.post("/identity/oauth/token", data=said)

    async def refused(self, assertion: str = "", **form: Any) -> str:
        """The error of RFC 6749, with the status that belongs to it."""
        answer = await self.ask(assertion, **form)
        assert answer.headers["cache-control"] == "no-store"
        assert set(answer.json()) == {"error", "error_description"}
        assert answer.status_code == (401 if answer.json()["error"] == "invalid_client" else 400), answer.text
        return str(answer.json()["error"])

    def later(self, **step: int) -> None:
        self.it.clock.move(timedelta(**step))
