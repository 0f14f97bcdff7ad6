"""Admins register city systems, change what they may, rotate their keys; what narrows a right is told at once."""

import json
from typing import Any

import httpx
import pytest
from chassis.outbox import new_id
from ekis_contracts.identity import SessionsRevoked
from joserfc.jwk import ECKey, OKPKey, RSAKey

from .assertions import Program, public
from .people import Desk
from .test_second_factor import refusal

CONTACT = "map@city.example"
WHY = {"reason": "договор окончен"}


def form(key: str, **more: Any) -> dict[str, Any]:
    return {"name": "Карта школ", "contact": CONTACT, "key": key, "scopes": ["schools:read", "roster:read"]} | more


async def registered(desk: Desk, **more: Any) -> Program:
    key = OKPKey.generate_key("Ed25519")
    answer = await desk.http.post("/identity/systems", json=form(public(key), **more), headers=desk.by("admin"))
    assert answer.status_code == 201, answer.text
    return Program(desk.it, answer.json()["system_id"], key)


async def do(desk: Desk, method: str, path: str, body: Any = None, match: str = "*") -> httpx.Response:
    headers = desk.by("admin") | {"If-Match": match}
    return await desk.http.request(method, f"/identity/systems/{path}", json=body, headers=headers)


async def test_a_system_is_registered_with_a_key_and_no_secret(desk: Desk) -> None:
    program = await registered(desk)
    shown = await desk.http.get(f"/identity/systems/{program.system_id}", headers=desk.by("admin"))
    assert shown.headers["etag"] == '"1"'
    assert shown.json() | {"registered_at": None} == {
        "system_id": program.system_id,
        "name": "Карта школ",
        "contact": CONTACT,
        "scopes": ["roster:read", "schools:read"],
        "state": "active",
        "keys": [program.key.thumbprint()],
        "version": 1,
        "registered_at": None,
        "last_token_at": None,
    }
    by_security = await desk.http.get("/identity/systems", headers=desk.by("security"))
    assert [one["contact"] for one in by_security.json()["items"]] == [None]
    assert await desk.it.published() == []
    recorded = (await desk.http.get("/identity/audit", headers=desk.by("security"))).json()["items"]
    assert [(one["act"], one["account_id"]) for one in recorded] == [("system-registered", program.system_id)]
    assert CONTACT not in json.dumps(recorded)


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("", "key-format"),
        ("ssh-ed25519 AAAAC3Nz", "key-format"),
        ("{}", "key-format"),
        ('{"keys": []}', "key-format"),
        ("[" * 3000, "key-format"),
        ('{"kty": "OKP", "crv": "Ed25519", "x": 1}', "key-format"),
        ('{"kty": "oct", "k": "c2VjcmV0"}', "key-format"),
        (RSAKey.generate_key(2048).as_pem(private=False).decode(), "key-format"),
        (OKPKey.generate_key("X25519").as_pem(private=False).decode(), "key-kind"),
        (ECKey.generate_key("P-384").as_pem(private=False).decode(), "key-kind"),
        (OKPKey.generate_key("Ed25519").as_pem(private=True).decode(), "key-private"),
        (json.dumps(ECKey.generate_key("P-256").as_dict(private=True)), "key-private"),
    ],
)
async def test_whatever_is_no_public_key_is_told_beside_its_field(desk: Desk, key: str, code: str) -> None:
    answer = await desk.http.post("/identity/systems", json=form(key), headers=desk.by("admin"))
    error = answer.json()["errors"][0]
    assert (answer.status_code, error["pointer"], error["code"]) == (422, "/key", code)
    assert "ключ" in error["detail"].lower()


@pytest.mark.parametrize("kind", ["jwk", "set", "pem"])
async def test_a_key_is_taken_in_any_common_form(desk: Desk, kind: str) -> None:
    key = ECKey.generate_key("P-256", {"kid": "mine", "use": "sig"})
    jwk = key.as_dict(private=False)
    text = {"jwk": json.dumps(jwk), "set": json.dumps({"keys": [jwk]}), "pem": public(key)}[kind]
    answer = await desk.http.post("/identity/systems", json=form(text), headers=desk.by("admin"))
    assert answer.json()["keys"] == [key.thumbprint()]
    assert (await Program(desk.it, answer.json()["system_id"], key).ask()).status_code == 200


async def test_fewer_rights_are_told_and_more_are_not(desk: Desk) -> None:
    program = await registered(desk)
    more = await do(desk, "PATCH", program.system_id, {"scopes": ["schools:read", "roster:read", "webhooks"]}, '"1"')
    assert (more.status_code, more.headers["etag"]) == (200, '"2"')
    assert await desk.it.published() == []
    assert (await do(desk, "PATCH", program.system_id, {"scopes": ["schools:read"]})).status_code == 200
    ((event, envelope),) = await desk.it.published()
    assert isinstance(event, SessionsRevoked)
    assert (str(event.account_id), event.session_epoch, envelope.sequence) == (program.system_id, 1, 1)
    assert (event.sids, event.contact) == ([], None)


async def test_suspended_resumed_ended(desk: Desk) -> None:
    program = await registered(desk)
    assert (await do(desk, "POST", f"{program.system_id}/suspend", WHY)).json()["state"] == "suspended"
    assert refusal(await do(desk, "POST", f"{program.system_id}/suspend", WHY)) == (409, "wrong-step")
    assert await program.refused() == "unauthorized_client"
    assert (await do(desk, "POST", f"{program.system_id}/resume", WHY)).json()["state"] == "active"
    assert (await program.ask()).status_code == 200
    assert (await do(desk, "POST", f"{program.system_id}/end", WHY)).json()["state"] == "ended"
    assert await program.refused() == "unauthorized_client"
    for method, path, body in (
        ("POST", "/resume", WHY),
        ("PATCH", "", {"name": "Другая"}),
        ("POST", "/keys", {"key": public(OKPKey.generate_key("Ed25519"))}),
        ("DELETE", f"/keys/{program.key.thumbprint()}", None),
    ):
        assert refusal(await do(desk, method, program.system_id + path, body)) == (409, "wrong-step")
    versions = [(event.session_epoch, envelope.sequence) for event, envelope in await desk.it.published()]
    assert versions == [(1, 1), (2, 2)]
    again = await registered(desk)
    assert again.system_id != program.system_id, "the name is free again"


async def test_keys_rotate(desk: Desk) -> None:
    old = await registered(desk)
    new = Program(desk.it, old.system_id, ECKey.generate_key("P-256"))
    assert await new.refused() == "invalid_client"
    path = f"{old.system_id}/keys"
    assert (await do(desk, "POST", path, {"key": public(new.key)})).json()["keys"] == [
        old.key.thumbprint(),
        new.key.thumbprint(),
    ]
    assert (await old.ask()).status_code == (await new.ask()).status_code == 200
    assert refusal(await do(desk, "POST", path, {"key": public(new.key)})) == (409, "system-key-known")
    third = {"key": public(OKPKey.generate_key("Ed25519"))}
    assert refusal(await do(desk, "POST", path, third)) == (409, "system-keys-full")
    assert (await do(desk, "DELETE", f"{path}/{old.key.thumbprint()}")).json()["keys"] == [new.key.thumbprint()]
    assert refusal(await do(desk, "DELETE", f"{path}/{old.key.thumbprint()}")) == (404, "not-found")
    assert refusal(await do(desk, "DELETE", f"{path}/{new.key.thumbprint()}")) == (409, "system-key-last")
    assert await old.refused() == "invalid_client"
    assert await desk.it.published() == [], "tokens go on"


async def test_two_systems_have_two_names(desk: Desk) -> None:
    one, other = await registered(desk), await registered(desk, name="Питание")
    key = public(OKPKey.generate_key("Ed25519"))
    twice = await desk.http.post("/identity/systems", json=form(key, name="КАРТА школ"), headers=desk.by("admin"))
    assert refusal(twice) == (409, "system-name-taken")
    assert refusal(await do(desk, "PATCH", other.system_id, {"name": "карта школ"})) == (409, "system-name-taken")
    assert (await do(desk, "PATCH", one.system_id, {"name": "карта школ"})).status_code == 200


async def test_whoever_edits_another_version_is_told(desk: Desk) -> None:
    program = await registered(desk)
    assert (await do(desk, "PATCH", program.system_id, {"name": "Карта"}, '"1"')).status_code == 200
    late = await do(desk, "POST", f"{program.system_id}/suspend", WHY, '"1"')
    assert (late.status_code, late.json()["current"]["name"]) == (412, "Карта")
    path = f"/identity/systems/{program.system_id}/end"
    assert (await desk.http.post(path, json=WHY, headers=desk.by("admin"))).status_code == 412


async def test_one_key_of_repetition_registers_once(desk: Desk) -> None:
    who, body = desk.by("admin") | {"Idempotency-Key": "k1"}, form(public(OKPKey.generate_key("Ed25519")))
    answers = [await desk.http.post("/identity/systems", json=body, headers=who) for _ in range(2)]
    assert answers[0].json() == answers[1].json()


@pytest.mark.parametrize(
    "wrong", [{"scopes": []}, {"scopes": ["all"]}, {"name": " "}, {"contact": "map"}, {"state": "active"}]
)
async def test_malformed_systems_are_refused(desk: Desk, wrong: dict[str, Any]) -> None:
    body = form(public(OKPKey.generate_key("Ed25519")), **wrong)
    answer = await desk.http.post("/identity/systems", json=body, headers=desk.by("admin"))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"].startswith(f"/{next(iter(wrong))}")


async def test_a_token_of_a_system_opens_nothing_of_persons(desk: Desk) -> None:
    headers = desk.it.signed_in(scope="system", roles=["schools:read", "roster:read", "webhooks"])
    for method, path in (
        ("GET", "/me"),
        ("GET", "/systems"),
        ("GET", "/audit"),
        ("DELETE", "/sessions/current"),
        ("POST", "/second-factor"),
        ("GET", f"/systems/{new_id()}"),
    ):
        answer = await desk.http.request(method, f"/identity{path}", json={}, headers=headers)
        assert refusal(answer) == (403, "not-allowed"), path
