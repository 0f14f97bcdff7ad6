"""Subscriptions on a real database and a real receiver: handshake, addresses, secrets, fields, rights."""

import json
from datetime import timedelta

import pytest
from chassis.db import new_id
from chassis.testing.opened import Opened
from notify.webhooks.gateways import Receivers
from receiver import Receiver
from standardwebhooks.webhooks import Webhook

from .conftest import OpenNotify
from .subscriptions import NEWS, SCHOOL, Item, act, admin, logged, registered, said, shown, subscribe


@pytest.mark.parametrize(
    ("greeting", "reason"),
    [
        ({}, "handshake-origin"),
        ({"WebHook-Allowed-Origin": "elsewhere.example"}, "handshake-origin"),
        ({"WebHook-Allowed-Origin": "*", "WebHook-Allowed-Rate": "much"}, "handshake-rate"),
    ],
)
async def test_a_receiver_that_does_not_agree_is_told_nothing(
    telling: Opened, receiver: Receiver, greeting: dict[str, str], reason: str
) -> None:
    receiver.greeting = greeting
    webhook = await subscribe(telling, receiver.url)
    assert (webhook["state"], webhook["reason"]) == ("refused", reason)
    await telling.tell(registered())
    await telling.run_loops()
    assert receiver.posts == []
    receiver.greeting = {"WebHook-Allowed-Origin": "ekis.test"}
    assert (await act(telling, webhook, "resume"))[0] == 200
    await telling.run_loops()
    assert (await shown(telling, webhook["webhook_id"]))["state"] == "active"


async def test_the_test_button_sends_an_event_that_says_nothing(telling: Opened, receiver: Receiver) -> None:
    webhook = await subscribe(telling, receiver.url)
    status, answer = await act(telling, webhook, "test")
    assert status == 202
    await telling.run_loops()
    assert said(receiver) == [answer["event_id"]]
    assert json.loads(receiver.posts[0].body)["data"] == {}
    assert (await logged(telling, webhook))[0]["type"] == "ekis.webhook-test.v1"


async def test_both_secrets_sign_for_a_day_and_none_is_in_the_database(telling: Opened, receiver: Receiver) -> None:
    webhook = await subscribe(telling, receiver.url)
    status, new = await act(telling, webhook, "secret")
    assert status == 200
    assert new["secret"] != webhook["secret"]
    await telling.tell(registered())
    await telling.run_loops()
    for secret in (webhook["secret"], new["secret"]):
        Webhook(secret).verify(receiver.posts[0].body, receiver.posts[0].headers)
    everything = await telling.everything()
    assert webhook["secret"].removeprefix("whsec_") not in everything
    assert "secret" not in await shown(telling, webhook["webhook_id"])
    telling.clock.move(timedelta(hours=25))
    await telling.tell(registered())
    await telling.run_loops()
    assert len(receiver.posts[1].headers["webhook-signature"].split(" ")) == 1


async def test_a_name_that_turns_inside_after_the_handshake_is_refused(open_notify: OpenNotify) -> None:
    """The receiver itself is ours and is never called: the first answer leads to it, as if it were outside."""
    async with Receiver() as receiver, open_notify(webhook_networks=["127.0.0.1/32"]) as notify:
        places = {"city.example": ["127.0.0.1"]}

        async def resolve(host: str, _: int) -> list[str]:
            return places.get(host, [])

        courier = notify.runtime.own.courier
        courier.receivers = Receivers("ekis.test", notify.runtime.settings.webhook_networks, resolve)
        notify.clock.stop()
        webhook = await subscribe(notify, f"http://city.example:{receiver.port}/")
        assert webhook["state"] == "active"
        for answer in (["10.0.0.1"], ["127.0.0.1", "10.0.0.1"], ["127.0.0.2"], ["::ffff:127.0.0.2"], []):
            places["city.example"] = answer
            await notify.tell(registered())
            await notify.run_loops()
            entry = (await logged(notify, webhook))[0]
            assert (entry["status"], entry["code"]) == (None, "address-refused" if answer else "name-unknown")
        assert receiver.posts == []


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "127.1", "127.0.0.1.", "0x7f.1", "[::1]", "[::ffff:7f00:1]"]
)
@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_no_way_of_writing_an_address_leads_inside(open_notify: OpenNotify, host: str, scheme: str) -> None:
    async with Receiver() as receiver, open_notify() as notify:
        webhook = await subscribe(notify, f"{scheme}://{host}:{receiver.port}/")
        assert (webhook["state"], webhook["reason"]) == ("refused", "address-refused")
        assert receiver.calls == []


async def test_a_certificate_that_nobody_vouches_for_is_refused(telling: Opened, receiver: Receiver) -> None:
    webhook = await subscribe(telling, receiver.url.replace("http:", "https:"))
    assert webhook["state"] == "refused"
    assert webhook["reason"] in ("certificate", "no-connection", "connection-lost")
    assert receiver.calls == []


async def test_a_subscription_is_changed_paused_and_deleted(telling: Opened, receiver: Receiver) -> None:
    webhook = await subscribe(telling, receiver.url)
    path = f"/notify/webhooks/{webhook['webhook_id']}"
    assert (await act(telling, webhook, "pause"))[1]["state"] == "paused"
    assert (await act(telling, webhook, "pause"))[0] == 409
    assert (await act(telling, webhook, "test"))[0] == 409
    assert (await act(telling, webhook, "resume"))[1]["state"] == "pending"
    await telling.run_loops()
    answer = await telling.http.patch(path, json={"types": [NEWS]}, headers=admin(telling))
    assert (answer.json()["types"], answer.json()["state"]) == ([NEWS], "active")
    answer = await telling.http.patch(path, json={"url": receiver.url + "&new=1"}, headers=admin(telling))
    assert answer.json()["state"] == "pending"
    await telling.run_loops()
    listed = (await telling.http.get("/notify/webhooks", headers=admin(telling))).json()["items"]
    assert [(one["webhook_id"], one["state"]) for one in listed] == [(webhook["webhook_id"], "active")]
    assert (await telling.http.delete(path, headers=admin(telling))).status_code == 204
    assert (await telling.http.delete(path, headers=admin(telling))).status_code == 404
    assert (await telling.http.get(path, headers=admin(telling))).status_code == 404


@pytest.mark.parametrize(
    ("given", "pointer", "code"),
    [
        ({"url": "ftp://a.example/"}, "/url", "webhook-url"),
        ({"url": "https://user:pw@a.example/"}, "/url", "webhook-url"),
        ({"types": ["ekis.account-created.v1"]}, "/types", "webhook-types"),
        ({"types": []}, "/types", "webhook-types"),
        ({"name": " "}, "/name", "empty"),
    ],
)
async def test_wrong_fields_are_named(telling: Opened, given: Item, pointer: str, code: str) -> None:
    body = {"name": "Портал", "url": "https://a.example/", "types": [SCHOOL]} | given
    answer = await telling.http.post("/notify/webhooks", json=body, headers=admin(telling))
    assert answer.status_code == 422
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [(pointer, code)]


async def test_only_administrators_keep_subscriptions(telling: Opened) -> None:
    paths = ["", "/types", f"/{new_id()}", f"/{new_id()}/deliveries"]
    for claims in ({"roles": ["support"]}, {"roles": ["registrar"]}, {"category": "head", "school_id": new_id()}):
        headers = telling.signed_in(**claims)
        for path in paths:
            assert (await telling.http.get(f"/notify/webhooks{path}", headers=headers)).status_code == 403
        body = {"name": "Портал", "url": "https://a.example/", "types": [SCHOOL]}
        assert (await telling.http.post("/notify/webhooks", json=body, headers=headers)).status_code == 403
        for step in ("test", "secret", "pause", "resume"):
            assert (await telling.http.post(f"/notify/webhooks/{new_id()}/{step}", headers=headers)).status_code == 403
    assert (await telling.http.get("/notify/webhooks")).status_code == 401
