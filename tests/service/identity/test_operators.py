"""Operators are made by a command; whether they need a second factor is a setting."""

import io

import pyotp
import pytest
from ekis_contracts.identity import SessionsRevoked
from identity.__main__ import operator, service

from .conftest import OpenService
from .people import Desk, bearer

PASSWORD = "длинный стол у окна 12"


async def make(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, password: str = PASSWORD, roles: str = "registrar,editor"
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
    await operator(desk.it.runtime, ["registrar", "--roles", roles])


async def test_an_operator_signs_in_by_password_where_that_is_enough(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    await make(desk, monkeypatch)
    assert capsys.readouterr().out == "registrar: made\n"
    signed = await desk.sign_in("registrar", PASSWORD)
    assert signed.json()["scope"] == "full"
    me = (await desk.http.get("/identity/me", headers=bearer(signed))).json()
    assert (me["roles"], me["login"], me["school_id"]) == (["editor", "registrar"], "registrar", None)
    assert (await desk.http.delete("/identity/sessions/current", headers=bearer(signed))).status_code == 204
    ((event, envelope),) = await desk.published()
    assert (event.reason, envelope.sequence) == ("signed-out", 1)


async def test_elsewhere_an_operator_sets_up_a_second_factor_first(
    open_service: OpenService, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_service(service) as it:
        desk = Desk(it)
        await make(desk, monkeypatch)
        assert (await desk.sign_in("registrar", "x")).json()["code"] == "invalid-credentials"
        first = await desk.sign_in("registrar", PASSWORD)
        assert (first.json()["scope"], first.json()["required"]) == ("activation", ["enrol-second-factor"])
        for method, path in (("GET", "/me"), ("PUT", "/password"), ("GET", "/accounts"), ("GET", "/second-factor")):
            refused = await desk.http.request(method, f"/identity{path}", headers=bearer(first), json={})
            assert refused.status_code in (403, 422), path
        shown = (await desk.http.post("/identity/second-factor", json={}, headers=bearer(first))).json()
        code = {"code": pyotp.TOTP(shown["secret"]).at(it.clock())}
        confirmed = await desk.http.post("/identity/second-factor/confirm", json=code, headers=bearer(first))
        assert confirmed.status_code == 204
        full = await desk.http.post("/identity/sessions/refresh", headers={"Cookie": f"rt={first.cookies['rt']}"})
        assert (full.json()["scope"], full.json()["required"]) == ("full", [])
        kept = await desk.http.delete("/identity/second-factor", headers=bearer(full))
        assert (kept.status_code, kept.json()["code"]) == (409, "second-factor-kept")
        again = await desk.sign_in("registrar", PASSWORD)
        assert (again.status_code, again.json()["code"]) == (401, "second-factor-required")


async def test_operators_change_their_own_password(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    await make(desk, monkeypatch)
    signed = await desk.sign_in("registrar", PASSWORD)
    body = {"current_password": PASSWORD, "new_password": "широкий подоконник и кактус"}
    assert (await desk.http.put("/identity/password", json=body, headers=bearer(signed))).status_code == 204
    assert (await desk.said(SessionsRevoked)).reason == "password-changed"
    assert (await desk.sign_in("registrar", PASSWORD)).status_code == 401
    assert (await desk.sign_in("registrar", body["new_password"])).status_code == 200


async def test_made_twice_alike_nothing_changes_made_otherwise_sessions_die(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    await make(desk, monkeypatch)
    signed = await desk.sign_in("registrar", PASSWORD)
    await make(desk, monkeypatch)
    assert "unchanged" in capsys.readouterr().out
    assert await desk.published() == []
    await make(desk, monkeypatch, roles="registrar")
    assert (await desk.said(SessionsRevoked)).reason == "operator-changed"
    desk.http.cookies.clear()
    token = signed.cookies["rt"]
    refreshed = await desk.http.post("/identity/sessions/refresh", headers={"Cookie": f"rt={token}"})
    assert refreshed.status_code == 401


@pytest.mark.parametrize(
    ("arguments", "password"),
    [
        (["R", "--roles", "admin"], PASSWORD),
        (["регистратор", "--roles", "admin"], PASSWORD),
        (["registrar", "--roles", "king"], PASSWORD),
        (["registrar"], PASSWORD),
    ],
)
async def test_wrong_arguments_are_told(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, arguments: list[str], password: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(password))
    with pytest.raises(SystemExit):
        await operator(desk.it.runtime, arguments)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("", "shorter than 15"),
        ("four-teen-signs", "holds your name, login"),
        ("1234567890123456", "easy to guess"),
        ("x" * 14, "shorter than 15"),
        ("длинный стол " * 11, "longer than 128"),
    ],
)
async def test_an_operators_password_keeps_the_rules(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], password: str, why: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
    with pytest.raises(SystemExit):
        await operator(desk.it.runtime, ["four-teen", "--roles", "admin"])
    assert why in capsys.readouterr().err
    assert (await desk.sign_in("four-teen", password or "x")).status_code == 401


async def test_the_login_of_a_person_is_not_an_operators(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    issued = await desk.issued()
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    with pytest.raises(SystemExit, match=issued.login):
        await operator(desk.it.runtime, [issued.login, "--roles", "admin"])
