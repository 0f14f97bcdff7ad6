"""A city system gets a token by a signed assertion, and by nothing else (RFC 6749, 7523, 8414)."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from chassis.auth import Principal
from chassis.outbox import new_id
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from .assertions import ENDPOINT, Program, public, signed
from .people import Desk
from .test_systems import registered


@pytest.fixture
async def program(desk: Desk) -> Program:
    return await registered(desk)


def opened(program: Program, answer: Any) -> Principal:
    return program.it.runtime.tokens.principal(answer.json()["access_token"])


async def test_an_assertion_brings_a_token_of_what_was_granted(desk: Desk, program: Program) -> None:
    answer = await program.ask()
    body = answer.json()
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert (body["token_type"], body["expires_in"], body["scope"]) == ("Bearer", 300, "roster:read schools:read")
    who = opened(program, answer)
    assert (str(who.account_id), who.scope, who.epoch) == (program.system_id, "system", 0)
    assert who.roles == {"schools:read", "roster:read"}
    shown = await desk.http.get(f"/identity/systems/{program.system_id}", headers=desk.by("admin"))
    assert shown.json()["last_token_at"] is not None
    assert shown.headers["etag"] == '"1"', "to ask for tokens is no change"
    less = await program.ask(scope="schools:read")
    assert (less.json()["scope"], opened(program, less).roles) == ("schools:read", frozenset({"schools:read"}))


async def test_it_counts_once(program: Program) -> None:
    assertion = program.assertion()
    assert (await program.ask(assertion)).status_code == 200
    assert await program.refused(assertion) == "invalid_client"


async def test_what_is_spent_is_forgotten_once_it_has_ended(program: Program) -> None:
    await program.ask()
    count = "SELECT count(*) FROM used_challenge"
    await program.it.run_loops()
    assert await program.it.runtime.database.pool.fetchval(count) == 1
    program.later(minutes=3)
    await program.it.run_loops()
    assert await program.it.runtime.database.pool.fetchval(count) == 0


WRONG: dict[str, dict[str, Any]] = {
    "another audience": {"aud": "https://city.example/token"},
    "an audience among others": {"aud": [ENDPOINT, "https://city.example"]},
    "no audience": {"aud": None},
    "another issuer": {"iss": str(new_id())},
    "another subject": {"sub": str(new_id())},
    "no subject": {"sub": None},
    "no jti": {"jti": None},
    "an endless jti": {"jti": "x" * 300},
    "jti is a number": {"jti": 5},
    "no exp": {"exp": None},
    "no iat": {"iat": None},
    "exp is a text": {"exp": "soon"},
    "exp is endless": {"exp": 1e400},
    "exp is truth": {"exp": True},
    "issuer is an object": {"iss": {}},
}


@pytest.mark.parametrize("wrong", WRONG)
async def test_wrong_claims_are_refused(program: Program, wrong: str) -> None:
    claims = program.claims(**WRONG[wrong])
    assertion = signed(claims, program.key, "Ed25519")
    assert await program.refused(assertion) == "invalid_client"


@pytest.mark.parametrize(("made", "ends", "status"), [
    (0, 300, 200),
    (0, 301, 401),
    (-300, 0, 401),
    (-299, 1, 200),
    (29, 200, 200),
    (60, 200, 401),
    (-3600, 100, 401),
])  # fmt: skip
async def test_an_assertion_lasts_five_minutes(program: Program, made: int, ends: int, status: int) -> None:
    program.it.clock.stop()
    now = int(program.it.clock().timestamp())
    answer = await program.ask(program.assertion(iat=now + made, exp=now + ends))
    assert answer.status_code == status, answer.text


async def test_the_issuer_is_an_audience_too_and_the_older_name_of_the_algorithm_is_taken(program: Program) -> None:
    listed = program.claims(aud=["http://ekis.test/api/identity"])
    assert (await program.ask(signed(listed, program.key, "EdDSA"))).status_code == 200


def coded(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


def by_shared_secret(it: Program) -> str:
    """The confusion of a verifier that trusts the header: what everybody can read as a secret."""
    return signed(it.claims(), OctKey.import_key(public(it.key).encode().hex()), "HS256")


def changed(it: Program) -> str:
    head, _, signature = it.assertion().split(".")
    return f"{head}.{coded(it.claims())}.{signature}"


OTHER = OKPKey.generate_key("Ed25519")
FORGED: dict[str, Callable[[Program], str]] = {
    "another's key": lambda it: signed(it.claims(), OKPKey.generate_key("Ed25519"), "Ed25519"),
    "another's key of another kind": lambda it: signed(it.claims(), ECKey.generate_key("P-256"), "ES256"),
    "HS256": by_shared_secret,
    "RS256": lambda it: signed(it.claims(), RSAKey.generate_key(2048), "RS256"),
    "none": lambda it: f"{coded({'alg': 'none'})}.{coded(it.claims())}.",
    "none, signed": lambda it: f"{coded({'alg': 'none'})}.{it.assertion().partition('.')[2]}",
    "changed": changed,
    "unsigned": lambda it: it.assertion().rpartition(".")[0] + ".",
    "key of its own in the header": lambda it: jwt.encode(
        {"alg": "Ed25519", "jwk": OTHER.as_dict(private=False)}, it.claims(), OTHER, algorithms=["Ed25519"]
    ),
}


@pytest.mark.parametrize("forged", FORGED)
async def test_only_its_own_keys_and_two_algorithms_count(program: Program, forged: str) -> None:
    assert await program.refused(FORGED[forged](program)) == "invalid_client"
    assert (await program.ask()).status_code == 200


@pytest.mark.parametrize(
    "assertion", ["x", "..", "a.b.c", f"a.{'W' * 4000}.c", "x" * 20_000, "é.é.é", "a\x00.b.c", "{}"]
)
async def test_nonsense_is_refused(program: Program, assertion: str) -> None:
    assert await program.refused(assertion) == "invalid_client"


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"grant_type": ""}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "authorization_code"}, "unsupported_grant_type"),
        ({"client_assertion_type": ""}, "invalid_client"),
        ({"client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"}, "invalid_client"),
        ({"client_id": "another"}, "invalid_client"),
        ({"scope": "webhooks"}, "invalid_scope"),
        ({"scope": "schools:read openid"}, "invalid_scope"),
    ],
)
async def test_refusals_are_in_the_words_of_oauth(program: Program, form: dict[str, str], error: str) -> None:
    assert await program.refused(**form) == error


async def test_json_is_no_form(program: Program) -> None:
    answer = await program.it.http.post("/identity/oauth/token", json={"grant_type": "client_credentials"})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


async def test_tokens_and_refusals_are_on_record(desk: Desk, program: Program) -> None:
    await program.ask()
    await program.refused(scope="webhooks")
    recorded = (await desk.http.get("/identity/audit", headers=desk.by("security"))).json()["items"]
    assert [(one["act"], one["details"]) for one in recorded[:2]] == [
        ("system-refused", {"error": "invalid_scope"}),
        ("system-token", {"scopes": "roster:read schools:read"}),
    ]
    assert {one["account_id"] for one in recorded} == {program.system_id}


async def test_strangers_guesses_wait_and_do_not_hold_up_the_system(desk: Desk, program: Program) -> None:
    program.it.clock.stop()
    stranger = Program(desk.at("203.0.113.9").it, program.system_id, OKPKey.generate_key("Ed25519"))
    answers = [await stranger.ask() for _ in range(8)]
    assert [one.status_code for one in answers[:5]] == [401] * 5
    assert (answers[-1].status_code, answers[-1].json()["error"]) == (429, "temporarily_unavailable")
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert (await program.ask()).status_code == 200


async def test_a_system_asks_for_thirty_tokens_a_minute_at_most(program: Program) -> None:
    program.it.clock.stop()
    answers = [(await program.ask()).status_code for _ in range(31)]
    assert answers == [200] * 30 + [429]
    program.later(minutes=2)
    assert (await program.ask()).status_code == 200


async def test_a_401_names_the_scheme_that_was_tried(program: Program) -> None:
    for tried, scheme in [({}, "Bearer"), ({"Authorization": "Basic c3lzdGVtOnNlY3JldA=="}, "Basic")]:
        form = {"grant_type": "client_credentials", "client_secret": "secret"}
        answer = await program.it.http.post("/identity/oauth/token", data=form, headers=tried)
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
        challenge = answer.headers["www-authenticate"]
        assert challenge == f'{scheme} realm="http://ekis.test/api/identity", error="invalid_client"'
    assert "www-authenticate" not in (await program.ask(scope="webhooks")).headers


async def test_the_server_describes_itself(program: Program) -> None:
    shown = (await program.it.http.get("/identity/.well-known/oauth-authorization-server")).json()
    assert (shown["issuer"], shown["token_endpoint"]) == ("http://ekis.test/api/identity", ENDPOINT)
    assert shown["token_endpoint_auth_methods_supported"] == ["private_key_jwt"]
    assert shown["response_types_supported"] == []
