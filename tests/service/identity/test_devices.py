"""Where a person is signed in, and signing out elsewhere."""

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from chassis.outbox import new_id
from ekis_contracts import write
from ekis_contracts.identity import SessionsRevoked

from .people import NEW_PASSWORD, Desk, Issued, bearer


async def devices(desk: Desk, session: httpx.Response) -> list[dict[str, Any]]:
    answer = await desk.http.get("/identity/sessions", headers=bearer(session))
    assert answer.status_code == 200, answer.text
    assert answer.json()["next"] is None
    return list(answer.json()["items"])


async def phone(desk: Desk, active: Issued, **more: Any) -> httpx.Response:
    return await desk.sign_in(active.login, NEW_PASSWORD, remember_me=True, device="Телефон", **more)


async def refresh(desk: Desk, session: httpx.Response) -> httpx.Response:
    desk.http.cookies.clear()
    return await desk.http.post("/identity/sessions/refresh", headers={"Cookie": f"rt={session.cookies['rt']}"})


def minutes_between(later: str, earlier: str) -> float:
    return (datetime.fromisoformat(later) - datetime.fromisoformat(earlier)) / timedelta(minutes=1)


async def test_devices_are_listed_with_last_seen_and_true_expiry(desk: Desk) -> None:
    active = await desk.active()
    await phone(desk, active)
    desk.it.clock.move(timedelta(minutes=10))
    session = await refresh(desk, active.session)
    browser, remembered = await devices(desk, session)
    assert (browser["current"], browser["remembered"], browser["device"]) == (True, False, None)
    assert (remembered["current"], remembered["remembered"], remembered["device"]) == (False, True, "Телефон")
    assert 10 <= minutes_between(browser["last_seen_at"], browser["created_at"]) < 11
    assert minutes_between(browser["expires_at"], browser["last_seen_at"]) == 30
    assert minutes_between(remembered["last_seen_at"], remembered["created_at"]) == 0
    assert minutes_between(remembered["expires_at"], remembered["created_at"]) == 30 * 24 * 60
    for _ in range(24):
        desk.it.clock.move(timedelta(minutes=29))
        session = await refresh(desk, session)
    browser, again = await devices(desk, session)
    assert minutes_between(browser["expires_at"], browser["created_at"]) == 12 * 60
    assert again == remembered, "what another device does is not seen on this one"


async def test_what_has_ended_is_not_listed(desk: Desk) -> None:
    active = await desk.active()
    await desk.sign_in(active.login, NEW_PASSWORD)
    desk.it.clock.move(timedelta(minutes=31))
    session = await desk.sign_in(active.login, NEW_PASSWORD)
    (only,) = await devices(desk, session)
    assert only["current"]


async def test_the_list_is_paged(desk: Desk) -> None:
    active = await desk.active()
    for _ in range(2):
        await phone(desk, active)
    seen, query = [], {"limit": "2"}
    while True:
        page = (await desk.http.get("/identity/sessions", params=query, headers=bearer(active.session))).json()
        seen += [one["session_id"] for one in page["items"]]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert len(set(seen)) == len(seen) == 3
    bad = await desk.http.get("/identity/sessions?cursor=WzFd", headers=bearer(active.session))
    assert (bad.status_code, bad.json()["code"]) == (422, "cursor-malformed")


async def test_signing_out_one_device_kills_its_tokens_everywhere(desk: Desk) -> None:
    active = await desk.active()
    lost = await phone(desk, active)
    sid = next(one["session_id"] for one in await devices(desk, active.session) if not one["current"])
    path = f"/identity/sessions/{sid}"
    assert (await desk.http.delete(path, headers=bearer(active.session))).status_code == 204
    assert (await refresh(desk, lost)).status_code == 401
    ((event, envelope),) = await desk.published()
    assert (type(event), event.reason, [str(one) for one in event.sids]) == (SessionsRevoked, "signed-out", [sid])
    await desk.it.take(write(envelope, event.topic))
    assert (await desk.http.get("/identity/me", headers=bearer(lost))).status_code == 401
    assert (await refresh(desk, active.session)).status_code == 200
    again = await desk.http.delete(path, headers=bearer(active.session))
    assert (again.status_code, again.json()["code"]) == (404, "not-found")


async def test_a_strangers_device_is_not_there(desk: Desk) -> None:
    active = await desk.active()
    other = await desk.active(email="other@mail.example")
    (theirs,) = await devices(desk, other.session)
    for sid in (theirs["session_id"], new_id()):
        answer = await desk.http.delete(f"/identity/sessions/{sid}", headers=bearer(active.session))
        assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
    assert await desk.published() == []
    assert (await refresh(desk, other.session)).status_code == 200


async def test_signing_out_all_others_leaves_this_one(desk: Desk) -> None:
    active = await desk.active()
    others = [await phone(desk, active) for _ in range(3)]
    path = "/identity/sessions?others=true"
    assert (await desk.http.delete(path, headers=bearer(active.session))).status_code == 204
    revoked = await desk.said(SessionsRevoked)
    assert (revoked.reason, len(revoked.sids)) == ("signed-out", 3)
    for other in others:
        assert (await refresh(desk, other)).status_code == 401
    (left,) = await devices(desk, active.session)
    assert left["current"]
    assert (await desk.http.delete(path, headers=bearer(active.session))).status_code == 204
    assert await desk.published() == []


@pytest.mark.parametrize("query", ["", "?others=false", "?others=1", "?others="])
async def test_signing_out_others_must_be_meant(desk: Desk, query: str) -> None:
    active = await desk.active()
    answer = await desk.http.delete(f"/identity/sessions{query}", headers=bearer(active.session))
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/others")


async def test_a_session_for_activation_sees_no_devices(desk: Desk) -> None:
    issued = await desk.issued()
    first = bearer(await desk.sign_in(issued.login, issued.password))
    for method, path in (("GET", ""), ("DELETE", f"/{new_id()}"), ("DELETE", "?others=true")):
        answer = await desk.http.request(method, f"/identity/sessions{path}", headers=first)
        assert (answer.status_code, answer.json()["code"]) == (403, "activation-only")
