"""Signing keys rotate on a running stack: nobody is signed out, and the old key is worth nothing afterwards."""

import httpx
from ekis_local.keys import drop_old_keys, publish_next_key, sign_with_next_key
from joserfc import jws
from live import Live


async def published(live: Live) -> list[str]:
    answer = await live.call("GET", "/identity/.well-known/jwks.json")
    assert all("d" not in key for key in answer.json()["keys"])
    return [key["kid"] for key in answer.json()["keys"]]


async def sign_in(live: Live) -> httpx.Response:
    await live.operator("registrar")
    body = {"login": "registrar", "password": live.stack.passwords["operators", "registrar"], "remember_me": True}
    return await live.call("POST", "/identity/sessions", json=body)


def kid(token: str) -> str:
    return str(jws.extract_compact(token.encode()).headers()["kid"])


async def opens(live: Live, token: str) -> set[int]:
    """What services other than identity say to this token, and identity."""
    headers = {"Authorization": f"Bearer {token}"}
    paths = ("/identity/sessions", "/registry/applications")
    return {(await live.call("GET", path, headers=headers)).status_code for path in paths}


async def test_a_new_key_takes_over_without_signing_anybody_out(live: Live) -> None:
    keys = live.stack.root / "secrets" / "keys"
    (old,) = await published(live)
    signed = await sign_in(live)
    before = signed.json()["access_token"]

    publish_next_key(keys)
    first, new = await published(live)
    assert (first, kid((await sign_in(live)).json()["access_token"])) == (old, old)

    sign_with_next_key(keys)
    refreshed = await live.call("POST", "/identity/sessions/refresh", cookies=signed.cookies)
    after = refreshed.json()["access_token"]
    assert (kid(before), kid(after)) == (old, new)
    assert await opens(live, before) == await opens(live, after) == {200}
    assert await published(live) == [old, new]

    unseen = (await sign_in(live)).json()["access_token"]
    drop_old_keys(keys)
    assert await published(live) == [new]
    assert await opens(live, unseen) == {200}
    again = await live.call("POST", "/identity/sessions/refresh", cookies=refreshed.cookies)
    assert again.status_code == 200, "the session goes on"
    live.forget_operators()


async def test_what_the_old_key_signs_is_refused_afterwards(live: Live) -> None:
    keys = live.stack.root / "secrets" / "keys"
    token = (await sign_in(live)).json()["access_token"]
    publish_next_key(keys)
    sign_with_next_key(keys)
    drop_old_keys(keys)
    assert await opens(live, token) == {401}, "no service has seen this token before"
    live.forget_operators()
