"""City systems with the scope `webhooks` keep their own subscriptions, and see no others."""

from typing import Any
from uuid import UUID

import pytest
from chassis.db import new_id
from chassis.testing.opened import Opened
from ekis_contracts.identity import SessionsRevoked
from receiver import Receiver

from .subscriptions import SCHOOL, act, admin, logged, registered, said, shown, subscribe

Headers = dict[str, str]
BODY: dict[str, Any] = {"name": "Портал", "url": "https://a.example/", "types": [SCHOOL]}
STEPS = ("pause", "resume", "test", "secret")


def system(notify: Opened, *scopes: str, **claims: Any) -> Headers:
    return notify.signed_in(scope="system", roles=scopes or ("webhooks",), **claims)


async def ask(notify: Opened, headers: Headers, method: str, path: str = "", **body: Any) -> tuple[int, Any]:
    answer = await notify.http.request(method, f"/notify/webhooks{path}", json=body or None, headers=headers)
    return answer.status_code, answer.json() if answer.content else None


async def test_a_system_keeps_its_own_from_the_first_call_to_the_last(telling: Opened, receiver: Receiver) -> None:
    mine = system(telling)
    assert SCHOOL in (await ask(telling, mine, "GET", "/types"))[1]["items"]
    status, made = await ask(telling, mine, "POST", name="Портал", url=receiver.url, types=[SCHOOL])
    assert (status, made["state"]) == (201, "pending")
    await telling.run_loops()
    path = f"/{made['webhook_id']}"
    assert (await ask(telling, mine, "GET", path))[1]["state"] == "active"
    event_id = (await ask(telling, mine, "POST", f"{path}/test"))[1]["event_id"]
    told = await telling.tell(registered())
    await telling.run_loops()
    assert sorted(said(receiver)) == sorted([event_id, str(told.id)])
    assert len((await ask(telling, mine, "GET", f"{path}/deliveries"))[1]["items"]) == 2
    paused = (await ask(telling, mine, "POST", f"{path}/pause"))[1]
    assert (paused["state"], paused["reason"]) == ("paused", "by-system")
    assert (await ask(telling, mine, "POST", f"{path}/resume"))[1]["state"] == "pending"
    assert (await ask(telling, mine, "PATCH", path, name="Портал города"))[1]["name"] == "Портал города"
    assert (await ask(telling, mine, "POST", f"{path}/secret"))[1]["secret"].startswith("whsec_")
    assert [one["webhook_id"] for one in (await ask(telling, mine, "GET"))[1]["items"]] == [made["webhook_id"]]
    assert (await ask(telling, mine, "DELETE", path))[0] == 204
    assert (await ask(telling, mine, "GET"))[1]["items"] == []


async def test_those_of_others_are_not_there(telling: Opened, receiver: Receiver) -> None:
    theirs = await subscribe(telling, receiver.url)
    mine, path = system(telling), f"/{theirs['webhook_id']}"
    assert (await ask(telling, mine, "GET"))[1]["items"] == []
    found = {
        (await ask(telling, mine, "GET", path))[0],
        (await ask(telling, mine, "GET", f"{path}/deliveries"))[0],
        (await ask(telling, mine, "PATCH", path, name="Чужая"))[0],
        (await ask(telling, mine, "DELETE", path))[0],
        *[(await ask(telling, mine, "POST", f"{path}/{step}"))[0] for step in STEPS],
    }
    assert found == {404}
    assert await shown(telling, theirs["webhook_id"]) == {name: theirs[name] for name in theirs if name != "secret"}
    assert await logged(telling, theirs) == []


async def test_administrators_see_whose_they_are(telling: Opened, receiver: Receiver) -> None:
    system_id = new_id()
    mine = system(telling, account_id=system_id)
    made = (await ask(telling, mine, "POST", name="Портал", url=receiver.url, types=[SCHOOL]))[1]
    listed = (await ask(telling, admin(telling), "GET"))[1]["items"]
    assert [(one["webhook_id"], one["created_by"]) for one in listed] == [(made["webhook_id"], str(system_id))]
    assert (await ask(telling, admin(telling), "POST", f"/{made['webhook_id']}/secret"))[0] == 200


def ended(system_id: UUID, reason: str) -> SessionsRevoked:
    return SessionsRevoked(account_id=system_id, reason=reason, session_epoch=2, sids=[], contact=None)


async def test_nothing_is_sent_to_a_system_that_was_stopped_until_somebody_has_looked(
    telling: Opened, receiver: Receiver
) -> None:
    system_id = new_id()
    mine = system(telling, account_id=system_id)
    made = (await ask(telling, mine, "POST", name="Портал", url=receiver.url, types=[SCHOOL]))[1]
    fresh = (await ask(telling, mine, "POST", name="Второй", url=receiver.url, types=[SCHOOL]))[1]
    theirs = await subscribe(telling, receiver.url)
    await telling.run_loops()
    await ask(telling, mine, "PATCH", f"/{fresh['webhook_id']}", url=receiver.url + "x")  # the handshake is due
    await telling.tell(ended(system_id, "password-changed"))
    assert (await shown(telling, made["webhook_id"]))["state"] == "active"
    await telling.tell(ended(system_id, "system-changed"))
    told = await telling.tell(registered())
    await telling.run_loops()
    assert said(receiver) == [str(told.id)], "the administrator's alone"
    assert (await shown(telling, theirs["webhook_id"]))["state"] == "active"
    for one in (made, fresh):
        now = await shown(telling, one["webhook_id"])
        assert (now["state"], now["reason"]) == ("paused", "owner-changed")
    assert (await act(telling, made, "resume"))[0] == 200
    await telling.run_loops()
    assert said(receiver) == [str(told.id)] * 2


async def test_ten_are_enough_for_a_system(telling: Opened) -> None:
    mine, body = system(telling), BODY
    made = [await ask(telling, mine, "POST", **body) for _ in range(11)]
    assert [status for status, _ in made] == [201] * 10 + [409]
    assert made[-1][1]["code"] == "webhooks-too-many"
    await ask(telling, mine, "DELETE", f"/{made[0][1]['webhook_id']}")
    assert (await ask(telling, mine, "POST", **body))[0] == 201
    assert (await ask(telling, system(telling), "POST", **body))[0] == 201, "counted for each"


@pytest.mark.parametrize("scopes", [("schools:read",), ("roster:read", "schools:read")])
async def test_other_scopes_open_nothing(telling: Opened, scopes: tuple[str, ...]) -> None:
    mine, path = system(telling, *scopes), f"/{new_id()}"
    for method, where in [("GET", ""), ("GET", "/types"), ("GET", path), ("DELETE", path), ("POST", f"{path}/test")]:
        assert (await ask(telling, mine, method, where))[0] == 403, where
    assert (await ask(telling, mine, "POST", **BODY))[0] == 403
    first_sign_in = telling.signed_in(scope="activation", roles=("webhooks",))
    assert (await ask(telling, first_sign_in, "GET"))[0] == 403
