"""Where operators have to have a second factor: from the first sign-in to a token that every service takes."""

import sys
from pathlib import Path

import httpx
import pyotp
from ekis_local.process import run
from fleet import Replica
from live import Live
from waiting import until

LOGIN, PASSWORD = "keeper", "длинный стол у окна 12"


def bearer(answer: httpx.Response) -> dict[str, str]:
    assert answer.is_success, answer.text
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


async def test_an_operator_sets_up_a_factor_and_then_works_everywhere(live: Live, tmp_path: Path) -> None:
    env = live.stack.env("identity")
    command = [sys.executable, "-m", "identity", "operator", LOGIN, "--roles", "security"]
    await run(command, env=env, stdin=PASSWORD)
    strict = Replica(
        env | {"EKIS_OPERATOR_SECOND_FACTOR": "required"}, tmp_path / "strict.log", "strict", ("identity",)
    )
    try:
        await strict.start()
        async with httpx.AsyncClient(base_url=f"{strict.url}/api/identity", trust_env=False) as client:
            await enter(live, client)
    finally:
        await strict.kill()


async def enter(live: Live, client: httpx.AsyncClient) -> None:
    body = {"login": LOGIN, "password": PASSWORD}
    first = await client.post("/sessions", json=body)
    assert first.json()["required"] == ["enrol-second-factor"]
    assert (await live.call("GET", "/registry/deeds", headers=bearer(first))).status_code == 403
    shown = (await client.post("/second-factor", json={}, headers=bearer(first))).json()
    app = pyotp.TOTP(shown["secret"])
    confirmed = await client.post("/second-factor/confirm", json={"code": app.now()}, headers=bearer(first))
    assert confirmed.status_code == 204, confirmed.text
    full = await client.post("/sessions/refresh")
    assert full.json()["scope"] == "full"

    async def is_dead() -> bool:
        return (await live.call("GET", "/registry/deeds", headers=bearer(first))).status_code == 401

    await until(is_dead, "registry refuses the token for first steps")
    assert (await live.call("GET", "/identity/me", headers=bearer(full))).status_code == 200
    assert (await client.post("/sessions", json=body)).json()["code"] == "second-factor-required"
    entered = await client.post("/sessions", json=body | {"code": shown["recovery_codes"][0]})
    assert (await live.call("GET", "/identity/me", headers=bearer(entered))).status_code == 200
