"""A city system on the running stack: registered with a key, gets tokens, reads what it was granted, and is cut off."""

import time
from typing import Any

import httpx
import pytest
from chassis.outbox import new_id
from doors import knock, let_in, until_shut_out
from joserfc import jwt
from joserfc.jwk import OKPKey
from live import Live

BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
READS = {"/registry/schools?changed_since=2020-01-01T00:00:00Z", "/registry/oneroster/v1p2/orgs"}
DESCRIBED = "/.well-known/oauth-authorization-server/api/identity"  # as RFC 8414, 3.1 derives it
PEOPLE = "/registry/oneroster/v1p2/users"


class System:
    """A program of the city, as docs/subscribe/read-api.md tells its author."""

    def __init__(self, live: Live, system_id: str, key: OKPKey) -> None:
        self.live, self.system_id, self.key = live, system_id, key

    async def assertion(self, key: OKPKey, **claims: Any) -> str:
        described = await self.live.client.get(f"{self.live.stack.gateway}{DESCRIBED}")
        now, me = int(time.time()), self.system_id
        own = {"iss": me, "sub": me, "aud": described.json()["token_endpoint"], "jti": str(new_id())}
        said = own | {"iat": now, "exp": now + 60} | claims
        return jwt.encode({"alg": "Ed25519"}, said, key, algorithms=["Ed25519"])

    async def ask(self, assertion: str) -> httpx.Response:
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": BEARER,
            "client_assertion": assertion,
        }
        return await self.live.client.post("/identity/oauth/token", data=form)

    async def token(self, key: OKPKey | None = None) -> dict[str, str]:
        answer = await self.ask(await self.assertion(key or self.key))
        assert answer.status_code == 200, answer.text
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}

    async def by_admin(self, method: str, path: str, body: Any = None) -> httpx.Response:
        headers = await self.live.operator("admin") | {"If-Match": "*"}
        answer = await self.live.client.request(
            method, f"/identity/systems/{self.system_id}{path}", json=body, headers=headers
        )
        assert answer.status_code == 200, answer.text
        return answer


async def register(live: Live, *scopes: str) -> System:
    key = OKPKey.generate_key("Ed25519")
    pem = key.as_pem(private=False).decode()
    body = {"name": f"Система {new_id()}", "contact": "it@city.example", "key": pem, "scopes": scopes}
    answer = await live.client.post("/identity/systems", json=body, headers=await live.operator("admin"))
    assert answer.status_code == 201, answer.text
    return System(live, answer.json()["system_id"], key)


async def test_a_system_reads_what_it_was_granted_and_nothing_else(live: Live) -> None:
    schools, roster = await register(live, "schools:read"), await register(live, "roster:read")
    for path in READS | {PEOPLE}:
        for system in (schools, roster):
            answer = await live.client.get(path, headers=await system.token())
            assert answer.status_code == (200 if (path in READS) == (system is schools) else 403), path
    doors = await knock(live, await schools.token())
    assert set(doors.values()) == {403}, "what is of persons"


async def test_a_system_keeps_its_own_subscriptions(live: Live) -> None:
    system, other = await register(live, "webhooks"), await register(live, "webhooks")
    body = {"name": "Портал", "url": "https://a.example/", "types": ["ekis.news-published.v1"]}
    made = await live.client.post("/notify/webhooks", json=body, headers=await system.token())
    assert made.status_code == 201, made.text
    path = f"/notify/webhooks/{made.json()['webhook_id']}"
    assert (await live.client.get(path, headers=await other.token())).status_code == 404
    assert (await live.client.get("/notify/webhooks", headers=await other.token())).json()["items"] == []
    assert (await live.client.delete(path, headers=await system.token())).status_code == 204


@pytest.mark.parametrize("act", ["suspend", "end"])
async def test_a_suspended_system_is_refused_by_all_services(live: Live, act: str) -> None:
    system, bystander = await register(live, "schools:read"), await register(live, "schools:read")
    token, other = await system.token(), await bystander.token()
    assert await let_in(live, token)
    await system.by_admin("POST", f"/{act}", {"reason": "проверка"})
    await until_shut_out(live, token)
    assert (await system.ask(await system.assertion(system.key))).json()["error"] == "unauthorized_client"
    assert await let_in(live, other)
    if act == "suspend":
        await system.by_admin("POST", "/resume", {"reason": "проверка"})
        assert await let_in(live, await system.token())


async def test_fewer_scopes_end_the_tokens_of_before(live: Live) -> None:
    system = await register(live, "schools:read", "roster:read")
    token = await system.token()
    await system.by_admin("PATCH", "", {"scopes": ["schools:read"]})
    await until_shut_out(live, token)
    assert (await live.client.get(PEOPLE, headers=await system.token())).status_code == 403


async def test_keys_rotate_without_an_interruption(live: Live) -> None:
    system, new = await register(live, "schools:read"), OKPKey.generate_key("Ed25519")
    before = await system.token()
    await system.by_admin("POST", "/keys", {"key": new.as_pem(private=False).decode()})
    tokens = [before, await system.token(), await system.token(new)]
    await system.by_admin("DELETE", f"/keys/{system.key.thumbprint()}")
    assert (await system.ask(await system.assertion(system.key))).status_code == 401
    tokens.append(await system.token(new))
    assert [await let_in(live, token) for token in tokens] == [True] * 4


async def test_a_replayed_or_foreign_assertion_is_refused(live: Live) -> None:
    system = await register(live, "schools:read")
    once = await system.assertion(system.key)
    assert (await system.ask(once)).status_code == 200
    now = int(time.time())
    wrong = [
        once,
        await system.assertion(system.key, aud="https://city.example/token"),
        await system.assertion(system.key, exp=now - 1),
        await system.assertion(system.key, exp=now + 3600),
        await system.assertion(OKPKey.generate_key("Ed25519")),
    ]
    for assertion in wrong:
        refused = await system.ask(assertion)
        assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client"), refused.text
        assert await system.token(), "which clears what was counted of the wrong one"
