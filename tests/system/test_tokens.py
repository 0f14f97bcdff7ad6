"""Crafted access tokens against each of the four services: only identity's own, of its one kind, open anything."""

import base64
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from chassis.auth import Principal
from chassis.db import new_id
from chassis.settings import SERVICES
from chassis.testing.opened import Keyring
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from doors import knock, let_in
from joserfc import jwe
from joserfc.jwk import OKPKey
from live import Live

ATTACKER = OKPKey.generate_key("Ed25519", {"kid": "attacker"})
SOON, PAST = 240, -1
Parts = dict[str, Any]


def coded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).decode().rstrip("=")


class Forge:
    """Makes tokens with identity's own key, as nobody else can, and without it."""

    def __init__(self, keys: Keyring) -> None:
        self.keys = keys
        self.key = keys.signing

    @property
    def header(self) -> Parts:
        return {"alg": "Ed25519", "typ": "at+jwt", "kid": self.key.kid}

    @property
    def claims(self) -> Parts:
        now = int(datetime.now(UTC).timestamp())
        who = Principal(
            account_id=new_id(),
            sid=new_id(),
            epoch=1,
            scope="full",
            category="head",
            school_id=new_id(),
            staff_id=new_id(),
            roles=frozenset({"admin", "security", "support", "registrar"}),
        )
        times = {"iat": now, "exp": now + SOON}
        return {"iss": "identity-svc", "aud": "ekis", "sub": str(who.account_id)} | times | who.model_dump(mode="json")

    def token(self, header: Parts | None = None, claims: Parts | None = None, key: OKPKey | None = None) -> str:
        """Signed by Ed25519 whatever the header says; None takes a part away."""
        head = {name: value for name, value in (self.header | (header or {})).items() if value is not None}
        body = {name: value for name, value in (self.claims | (claims or {})).items() if value is not None}
        signed = f"{coded(json.dumps(head).encode())}.{coded(json.dumps(body).encode())}"
        private = (key or self.key).private_key
        assert isinstance(private, Ed25519PrivateKey)
        return f"{signed}.{coded(private.sign(signed.encode()))}"

    def now(self, seconds: float) -> float:
        return int(datetime.now(UTC).timestamp()) + seconds

    def by_attacker(self, **header: Any) -> str:
        return self.token(header, key=ATTACKER)

    def unsigned(self, algorithm: str) -> str:
        head, body, _ = self.token({"alg": algorithm}).split(".")
        return f"{head}.{body}."

    def by_public_key(self, secret: bytes) -> str:
        """HS256 with what everybody can read: the confusion of a verifier that trusts the header."""
        parts = self.header | {"alg": "HS256"}, self.claims
        signed = ".".join(coded(json.dumps(part).encode()) for part in parts)
        return f"{signed}.{coded(hmac.digest(secret, signed.encode(), 'sha256'))}"

    @property
    def public(self) -> dict[str, Any]:
        """The key that everybody can read."""
        return dict(self.key.as_dict(private=False))

    def sealed(self, service: str) -> str:
        """A JWE to the service's own public key, with claims or with a whole token inside."""
        public = json.loads((self.keys.root / "public" / f"seal-{service}.json").read_text())
        key = OKPKey.import_key(public["keys"][0])
        registry = jwe.JWERegistry(algorithms=["ECDH-ES+A256KW", "A256GCM"])
        header = {"alg": "ECDH-ES+A256KW", "enc": "A256GCM", "kid": key.kid, "typ": "at+jwt", "cty": "JWT"}
        return jwe.encrypt_compact(header, self.token().encode(), key, registry=registry)


def _public(forge: Forge) -> Parts:
    return dict(ATTACKER.as_dict(private=False))


def _changed(forge: Forge) -> str:
    head, body, signature = forge.token().split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    return f"{head}.{coded(json.dumps(claims | {'roles': ['admin']}).encode())}.{signature}"


def _mixed(forge: Forge) -> str:
    head, body, _ = forge.token().split(".")
    return f"{head}.{body}.{forge.token().rpartition('.')[2]}"


def _deep(forge: Forge) -> str:
    head, _, signature = forge.token().split(".")
    return f"{head}.{coded(b'[' * 4000)}.{signature}"


def _flattened(forge: Forge) -> str:
    head, body, signature = forge.token().split(".")
    return json.dumps({"protected": head, "payload": body, "signature": signature})


FORGED: dict[str, Callable[[Forge], str]] = {
    **{f"alg {name}": partial(Forge.unsigned, algorithm=name) for name in ("none", "None", "NONE", "nOnE", "")},
    "alg none, signed": lambda it: it.token({"alg": "none"}),
    "alg EdDSA": lambda it: it.token({"alg": "EdDSA"}),
    "alg Ed448": lambda it: it.token({"alg": "Ed448"}),
    "alg RS256": lambda it: it.token({"alg": "RS256"}),
    "no alg": lambda it: it.token({"alg": None}),
    "alg is a list": lambda it: it.token({"alg": ["Ed25519"]}),
    "HS256, x of the public key": lambda it: it.by_public_key(base64.urlsafe_b64decode(it.public["x"] + "=")),
    "HS256, x as text": lambda it: it.by_public_key(it.public["x"].encode()),
    "HS256, JWK": lambda it: it.by_public_key(json.dumps(it.public).encode()),
    "HS256, PEM": lambda it: it.by_public_key(it.key.as_pem(private=False)),
    "attacker's key, our kid": lambda it: it.by_attacker(),
    "attacker's key, own kid": lambda it: it.by_attacker(kid="attacker"),
    "attacker's key, no kid": lambda it: it.by_attacker(kid=None),
    "kid is a path": lambda it: it.by_attacker(kid="../../../../dev/null"),
    "kid is SQL": lambda it: it.by_attacker(kid="x' UNION SELECT 'k' --"),
    "kid is an object": lambda it: it.by_attacker(kid={"a": 1}),
    "kid with NUL": lambda it: it.by_attacker(kid="\u0000"),
    "jwk": lambda it: it.by_attacker(kid=None, jwk=_public(it)),
    "jku": lambda it: it.by_attacker(kid="attacker", jku="http://127.0.0.1:1/jwks.json"),
    "x5u": lambda it: it.by_attacker(kid="attacker", x5u="http://127.0.0.1:1/cert.pem"),
    "x5c": lambda it: it.by_attacker(kid="attacker", x5c=["MIIB"]),
    "typ JWT": lambda it: it.token({"typ": "JWT"}),
    "typ of an ID token": lambda it: it.token({"typ": "id+jwt"}),
    "no typ": lambda it: it.token({"typ": None}),
    "crit unknown": lambda it: it.token({"crit": ["exp"], "exp": 1}),
    "crit b64": lambda it: it.token({"crit": ["b64"], "b64": False}),
    "iss": lambda it: it.token(claims={"iss": "registry-svc"}),
    "no iss": lambda it: it.token(claims={"iss": None}),
    "aud": lambda it: it.token(claims={"aud": "city"}),
    "no aud": lambda it: it.token(claims={"aud": None}),
    "aud among others": lambda it: it.token(claims={"aud": ["city", "other"]}),
    "expired": lambda it: it.token(claims={"exp": it.now(PAST)}),
    "expires now": lambda it: it.token(claims={"exp": it.now(0)}),
    "no exp": lambda it: it.token(claims={"exp": None}),
    "exp is a text": lambda it: it.token(claims={"exp": "tomorrow"}),
    "exp is endless": lambda it: it.token(claims={"exp": float("inf")}),
    "exp is an object": lambda it: it.token(claims={"exp": {}}),
    "not before": lambda it: it.token(claims={"nbf": it.now(120)}),
    "no sid": lambda it: it.token(claims={"sid": None}),
    "no epoch": lambda it: it.token(claims={"epoch": None}),
    "unknown scope": lambda it: it.token(claims={"scope": "everything"}),
    "account is no id": lambda it: it.token(claims={"account_id": "1' OR '1'='1"}),
    "changed payload": _changed,
    "another token's signature": _mixed,
    "no signature": lambda it: it.token().rpartition(".")[0] + ".",
    "two parts": lambda it: it.token().rpartition(".")[0],
    "four parts": lambda it: it.token() + ".x",
    "deep": _deep,
    "flattened JSON": _flattened,
    "20 KB": lambda it: it.by_attacker(kid="attacker", pad="x" * 15_000),
    "200 KB": lambda it: it.by_attacker(kid="attacker", pad="x" * 150_000),
    **{f"JWE to {name}": partial(Forge.sealed, service=name) for name in SERVICES},
    "nonsense": lambda _: "a.b.c",
    "dots": lambda _: "..",
}


@pytest.fixture(scope="module")
def forge(live: Live) -> Forge:
    return Forge(Keyring(live.stack.root / "secrets" / "keys"))


async def test_a_true_token_is_known_everywhere(live: Live, forge: Forge) -> None:
    """Else the refusals below prove nothing."""
    assert await let_in(live, {"Authorization": f"Bearer {forge.token()}"})


@pytest.mark.parametrize("kind", FORGED)
async def test_a_forged_token_is_refused_by_each_service(live: Live, forge: Forge, kind: str) -> None:
    token = FORGED[kind](forge)
    answers = await knock(live, {"Authorization": f"Bearer {token}"})
    refused = {401} if len(token) < 8_000 else {400, 401, 431}  # a server may refuse such a header by itself
    assert set(answers.values()) <= refused, answers


@pytest.mark.parametrize("header", ["", "Bearer", "Basic YTpi", "Bearer a b", "bearer\ta.b.c", "Bearer é"])
async def test_a_malformed_header_is_refused_by_each_service(live: Live, header: str) -> None:
    assert set((await knock(live, {"Authorization": header.encode()})).values()) <= {401, 400}  # type: ignore[dict-item]


async def test_after_all_of_it_every_service_is_well(live: Live, forge: Forge) -> None:
    await live.stack.wait_ready("registry", "identity", "cabinet", "notify")
    assert await let_in(live, {"Authorization": f"Bearer {forge.token()}"})
