"""Signing in, refreshing, signing out, and the price of every refusal."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
from chassis.outbox import new_id
from ekis_contracts import write
from ekis_contracts.identity import SessionsRevoked
from identity.__main__ import service
from identity.gateways import HASHES

from .conftest import OpenService
from .people import NEW_PASSWORD, Desk, Issued, bearer

WRONG = "совсем другой пароль 99"


def hashes() -> float:
    return float(HASHES._value.get())


async def refresh(desk: Desk, token: str, **headers: str) -> httpx.Response:
    desk.http.cookies.clear()
    return await desk.http.post("/identity/sessions/refresh", headers={"Cookie": f"rt={token}", **headers})


async def test_an_issued_account_gets_a_session_for_activation_only(desk: Desk) -> None:
    issued = await desk.issued()
    answer = await desk.sign_in(issued.login.upper(), issued.password.lower().replace("-", " "), remember_me=True)
    body = answer.json()
    assert (answer.status_code, body["scope"], body["token_type"], body["expires_in"]) == (
        200,
        "activation",
        "Bearer",
        300,
    )
    assert body["required"] == ["declare-status", "change-password"]
    cookie = answer.headers.get_list("set-cookie")[0]
    assert cookie.startswith("rt=")
    assert all(part in cookie for part in ("HttpOnly", "SameSite=strict", "Path=/"))
    assert "Secure" not in cookie
    assert "Max-Age" not in cookie
    for path in ("/identity/me", "/identity/accounts"):
        refused = await desk.http.get(path, headers=bearer(answer))
        assert (refused.status_code, refused.json()["code"]) == (403, "activation-only")


async def test_an_active_account_gets_a_full_session(desk: Desk) -> None:
    active = await desk.active()
    answer = await desk.sign_in(active.login, NEW_PASSWORD, remember_me=True, device="Телефон")
    assert (answer.status_code, answer.json()["scope"], answer.json()["required"]) == (200, "full", [])
    assert (
        f"Max-Age={30 * 86400 - 1}" in answer.headers["set-cookie"] or "Max-Age=2592000" in answer.headers["set-cookie"]
    )
    me = await desk.http.get("/identity/me", headers=bearer(answer))
    assert me.json() == {
        "account_id": str(active.account_id),
        "login": "ivanova.am",
        "full_name": "Иванова Анна Михайловна",
        "category": "employee",
        "school_id": str(active.person.school_id),
        "roles": [],
        "activated_at": me.json()["activated_at"],
    }


async def test_over_https_the_cookie_is_bound_to_the_host(open_service: OpenService) -> None:
    async with open_service(service, public_url="https://ekis.test") as it:
        desk = Desk(it)
        issued = await desk.issued()
        cookie, device = (await desk.sign_in(issued.login, issued.password)).headers.get_list("set-cookie")
        assert cookie.startswith("__Host-rt=")
        assert device.startswith("__Secure-device-")
        for one in (cookie, device):
            assert "Secure" in one.split("; ")
            assert "Domain" not in one


async def act(desk: Desk, active: Issued, step: str) -> None:
    path = f"/identity/accounts/{active.account_id}/{step}"
    answer = await desk.http.post(path, json=await desk.ground(), headers=desk.by("admin"))
    assert answer.status_code == 202, answer.text


@pytest.mark.parametrize("state", ["unknown", "issued", "expired", "active", "suspended", "disabled"])
async def test_every_refusal_is_one_answer_and_one_hash(desk: Desk, state: str) -> None:
    person = await (desk.active() if state in ("active", "suspended", "disabled") else desk.issued())
    login, password = person.login, WRONG
    if state == "unknown":
        login = "nobody.here"
    elif state == "expired":
        desk.it.clock.move(timedelta(days=3))
        password = person.password
    elif state in ("suspended", "disabled"):
        await act(desk, person, {"suspended": "suspend", "disabled": "disable"}[state])
        password = NEW_PASSWORD
    before = hashes()
    answer = await desk.sign_in(login, password)
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid-credentials")
    assert set(answer.json()) == {"type", "title", "status", "code", "instance"}
    assert hashes() - before == 1


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"login": ""}, "/login", "empty"),
        ({"login": "x" * 301}, "/login", "string-too-long"),
        ({"login": None}, "/login", "string-type"),
        ({"password": ""}, "/password", "string-too-short"),
        ({"password": "x" * 1025}, "/password", "string-too-long"),
        ({"remember_me": "perhaps"}, "/remember_me", "bool-parsing"),
        ({"device": "a\u202eb"}, "/device", "forbidden-characters"),
    ],
)
async def test_malformed_sign_ins_cost_nothing(desk: Desk, change: dict[str, Any], pointer: str, code: str) -> None:
    before = hashes()
    body = {"login": "ivanova.am", "password": "x" * 16} | change
    answer = await desk.http.post("/identity/sessions", json=body)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
    assert answer.json()["code"] == code
    assert hashes() == before


async def test_a_storm_of_sign_ins_is_told_to_wait(desk: Desk) -> None:
    before = hashes()
    answers = await asyncio.gather(*(desk.sign_in(f"nobody.{number}", WRONG) for number in range(200)))
    refused = [one for one in answers if one.status_code == 503]
    assert {one.status_code for one in answers} == {401, 503}
    assert refused[0].json()["code"] == "sign-in-busy"
    assert int(refused[0].headers["retry-after"]) > 0
    counted = await desk.it.runtime.database.pool.fetchval("SELECT max(level) FROM attempt")
    assert hashes() - before == round(counted) == 200 - len(refused), "the excess is neither hashed nor counted"


async def test_a_refresh_rotates_and_the_old_token_ends_the_family_later(desk: Desk) -> None:
    active = await desk.active()
    first = active.session.cookies["rt"]
    second = (await refresh(desk, first)).cookies["rt"]
    desk.it.clock.move(timedelta(seconds=5))
    assert (await refresh(desk, first)).cookies["rt"] == second != first
    third = await refresh(desk, second)
    assert third.json()["scope"] == "full"
    desk.it.clock.move(timedelta(seconds=11))
    reused = await refresh(desk, first)
    assert (reused.status_code, reused.json()["code"]) == (401, "session-ended")
    revoked = await desk.said(SessionsRevoked)
    assert (revoked.reason, len(revoked.sids)) == ("refresh-token-reused", 1)
    assert (await refresh(desk, third.cookies["rt"])).status_code == 401


async def test_every_token_of_the_last_ten_seconds_gets_the_newest_successor(desk: Desk) -> None:
    active = await desk.active()
    tokens = [active.session.cookies["rt"]]
    for _ in range(3):
        tokens.append((await refresh(desk, tokens[-1])).cookies["rt"])
        desk.it.clock.move(timedelta(seconds=3))
    assert len(set(tokens)) == 4
    for old in tokens[:3]:
        assert (await refresh(desk, old)).cookies["rt"] == tokens[3]
    desk.it.clock.move(timedelta(seconds=2))  # the first was exchanged 11 s ago, the second 8
    assert (await refresh(desk, tokens[1])).cookies["rt"] == tokens[3]
    assert (await refresh(desk, tokens[0])).status_code == 401
    assert (await desk.said(SessionsRevoked)).reason == "refresh-token-reused"
    assert (await refresh(desk, tokens[3])).status_code == 401


async def test_twenty_refreshes_at_once_have_one_successor(desk: Desk) -> None:
    active = await desk.active()
    token = active.session.cookies["rt"]
    desk.http.cookies.clear()
    path = "/identity/sessions/refresh"
    answers = await asyncio.gather(*(desk.http.post(path, headers={"Cookie": f"rt={token}"}) for _ in range(20)))
    assert {one.status_code for one in answers} == {200}
    assert len({one.headers["set-cookie"] for one in answers}) == 1


@pytest.mark.parametrize("token", ["", "x", "я", "AAAA", "A" * 70, "A" * 5000, "=" * 10])
async def test_an_invented_token_is_refused(desk: Desk, token: str) -> None:
    headers = {b"Cookie": f"rt={token}".encode()}
    answer = await desk.http.post("/identity/sessions/refresh", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "session-ended")


async def test_the_token_is_not_at_rest(desk: Desk) -> None:
    active = await desk.active()
    assert active.session.cookies["rt"] not in await desk.it.everything()


async def test_ordinary_sessions_end_by_idling_and_after_twelve_hours(desk: Desk) -> None:
    active = await desk.active()
    idle = active.session.cookies["rt"]
    busy = (await desk.sign_in(active.login, NEW_PASSWORD)).cookies["rt"]
    for _ in range(24):
        desk.it.clock.move(timedelta(minutes=29))
        answer = await refresh(desk, busy)
        assert answer.status_code == 200
        busy = answer.cookies["rt"]
    assert (await refresh(desk, idle)).status_code == 401
    desk.it.clock.move(timedelta(minutes=25))
    assert (await refresh(desk, busy)).status_code == 401


async def test_a_remembered_session_lasts_thirty_days_and_rotation_adds_none(desk: Desk) -> None:
    active = await desk.active()
    token = (await desk.sign_in(active.login, NEW_PASSWORD, remember_me=True)).cookies["rt"]
    for _ in range(2):
        desk.it.clock.move(timedelta(days=14))
        token = (await refresh(desk, token)).cookies["rt"]
    desk.it.clock.move(timedelta(days=2))
    assert (await refresh(desk, token)).status_code == 401
    await desk.it.run_loops()
    assert "session" not in str(await desk.published())


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "ekis.test"},
        {"Origin": "http://["},
        {"Origin": "http://[::1"},
        {"Origin": "http://ekis.test@evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://ekis.test", "Sec-Fetch-Site": "cross-site"},
    ],
)
async def test_pages_of_others_cannot_use_the_cookie(desk: Desk, headers: dict[str, str]) -> None:
    active = await desk.active()
    token = active.session.cookies["rt"]
    answer = await refresh(desk, token, **headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "cross-site")
    signed = await desk.http.post(
        "/identity/sessions", json={"login": active.login, "password": NEW_PASSWORD}, headers=headers
    )
    assert signed.status_code == 403
    ours = {"Origin": "http://ekis.test", "Sec-Fetch-Site": "same-origin"}
    assert (await refresh(desk, token, **ours)).status_code == 200


async def test_signing_out_kills_the_session_and_its_token(desk: Desk) -> None:
    active = await desk.active()
    headers = bearer(active.session)
    answer = await desk.http.delete("/identity/sessions/current", headers=headers)
    assert answer.status_code == 204
    assert 'rt=""' in answer.headers["set-cookie"]
    assert (await refresh(desk, active.session.cookies["rt"])).status_code == 401
    ((event, envelope),) = await desk.published()
    assert (type(event), event.reason, envelope.sequence) == (SessionsRevoked, "signed-out", 3)
    await desk.it.take(write(envelope, event.topic))
    assert (await desk.http.get("/identity/me", headers=headers)).status_code == 401


async def test_an_activation_session_refreshes_as_one(desk: Desk) -> None:
    issued = await desk.issued()
    first = await desk.sign_in(issued.login, issued.password)
    again = await refresh(desk, first.cookies["rt"])
    assert (again.status_code, again.json()["scope"]) == (200, "activation")


@pytest.mark.parametrize("step", ["suspend", "disable"])
async def test_a_cut_off_account_refreshes_no_more(desk: Desk, step: str) -> None:
    active = await desk.active()
    await act(desk, active, step)
    assert (await refresh(desk, active.session.cookies["rt"])).status_code == 401


async def test_who_is_not_signed_in_sees_nothing(desk: Desk) -> None:
    account = new_id()
    for method, path in (
        ("GET", "/identity/me"),
        ("GET", "/identity/sessions"),
        ("DELETE", "/identity/sessions/current"),
        ("DELETE", f"/identity/sessions/{account}"),
        ("DELETE", "/identity/sessions?others=true"),
        ("POST", "/identity/activation"),
        ("PUT", "/identity/password"),
        ("POST", "/identity/disable-requests"),
        ("GET", "/identity/accounts"),
        ("POST", f"/identity/accounts/{account}/suspend"),
        ("GET", f"/identity/accounts/{account}/erasure"),
    ):
        answer = await desk.http.request(method, path, json={})
        assert (answer.status_code, answer.json()["code"]) == (401, "not-signed-in"), path


async def test_the_public_keys_are_public(desk: Desk) -> None:
    answer = await desk.http.get("/identity/.well-known/jwks.json")
    (key,) = answer.json()["keys"]
    assert (answer.status_code, key["crv"]) == (200, "Ed25519")
    assert "d" not in key
