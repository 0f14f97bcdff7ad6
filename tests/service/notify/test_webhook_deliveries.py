"""What subscriptions are told: once, in order per key, again when refused, at the receiver's rate, for thirty days."""

import json
from collections import defaultdict
from datetime import timedelta

from chassis.db import new_id
from chassis.testing.opened import Opened
from ekis_contracts.registry import SchoolRegistered
from notify.webhooks import actions
from receiver import Receiver
from standardwebhooks.webhooks import Webhook
from starlette.responses import Response

from .subscriptions import NEWS, SCHOOL, act, admin, changed, logged, registered, said, shown, subscribe


async def test_a_receiver_is_asked_and_then_told_signed_and_once(telling: Opened, receiver: Receiver) -> None:
    webhook = await subscribe(telling, receiver.url)
    assert (webhook["state"], webhook["reason"]) == ("active", None)
    asked = receiver.calls[0]
    assert asked.method == "OPTIONS"
    assert asked.headers["webhook-request-origin"] == "ekis.test"
    assert asked.headers["webhook-request-rate"].isdigit()
    event = registered()
    envelope = await telling.tell(event, 7)  # twice, as the bus may
    await telling.run_loops()
    (call,) = receiver.posts
    assert call.headers["content-type"].startswith("application/cloudevents+json")
    assert call.headers["webhook-id"] == str(envelope.id)
    told = Webhook(webhook["secret"]).verify(call.body, call.headers)
    assert (told["type"], told["subject"], told["sequence"]) == (SCHOOL, str(event.school_id), "000000000007")
    assert SchoolRegistered.model_validate(told["data"]) == event
    (entry,) = await logged(telling, webhook)
    assert (entry["state"], entry["attempts"], entry["status"], entry["code"]) == ("delivered", 1, 204, None)


async def test_events_of_other_types_and_of_before_are_not_told(telling: Opened, receiver: Receiver) -> None:
    await telling.tell(registered())
    webhook = await subscribe(telling, receiver.url, NEWS)
    await telling.tell(registered())
    await telling.run_loops()
    assert receiver.posts == []
    assert await logged(telling, webhook) == []


async def test_an_event_older_than_the_subscription_that_comes_late_is_not_told(
    telling: Opened, receiver: Receiver
) -> None:
    telling.clock.move(timedelta(hours=1))
    await subscribe(telling, receiver.url)
    telling.clock.move(timedelta(hours=-1))
    await telling.tell(registered())
    telling.clock.move(timedelta(hours=1))
    await telling.run_loops()
    assert receiver.posts == []


async def test_a_key_waits_for_its_earlier_event_and_others_do_not(telling: Opened, receiver: Receiver) -> None:
    webhook = await subscribe(telling, receiver.url, SCHOOL, "ekis.school-changed.v1")
    one, other = new_id(), new_id()
    receiver.answers = [Response(status_code=500)]
    first = await telling.tell(registered(one))
    await telling.run_loops()
    later = [
        await telling.tell(changed(one), 2),
        await telling.tell(registered(other)),
        await telling.tell(changed(one), 3),
    ]
    await telling.run_loops()
    assert said(receiver) == [str(first.id), str(later[1].id)]
    assert [entry["attempts"] for entry in reversed(await logged(telling, webhook))] == [1, 0, 1, 0]
    receiver.answers = [Response(status_code=500)]
    telling.clock.move(timedelta(seconds=6))
    await telling.run_loops()
    assert said(receiver)[2:] == [str(first.id)]
    telling.clock.move(timedelta(seconds=11))
    await telling.run_loops()
    assert said(receiver)[3:] == [str(first.id), str(later[0].id), str(later[2].id)]
    assert {entry["state"] for entry in await logged(telling, webhook)} == {"delivered"}


async def test_many_keys_are_each_in_order_and_one_at_a_time(telling: Opened, receiver: Receiver) -> None:
    receiver.name_of = lambda body: str(json.loads(body)["subject"])
    await subscribe(telling, receiver.url, "ekis.school-changed.v1")
    schools = [new_id() for _ in range(30)]
    for version in range(1, 25):
        for school in schools:
            await telling.tell(changed(school), version)
    await telling.run_loops()
    heard: defaultdict[str, list[int]] = defaultdict(list)
    for call in receiver.posts:
        event = json.loads(call.body)
        heard[event["subject"]].append(int(event["sequence"]))
    assert heard == {str(school): list(range(1, 25)) for school in schools}
    assert receiver.most_at_once == 1
    assert await telling.table("webhook_lane") == ""


async def test_what_is_refused_for_a_day_pauses_and_is_sent_when_resumed(telling: Opened, receiver: Receiver) -> None:
    webhook = await subscribe(telling, receiver.url)
    school = new_id()
    receiver.answers = [Response(status_code=500) for _ in range(60)]
    envelope = await telling.tell(registered(school))
    for _ in range(26):
        await telling.run_loops()
        telling.clock.move(timedelta(hours=1))
    now = await shown(telling, webhook["webhook_id"])
    assert (now["state"], now["reason"]) == ("paused", "gave-up")
    (entry,) = await logged(telling, webhook)
    assert (entry["state"], entry["status"]) == ("failed", 500)
    assert 24 <= entry["attempts"] <= 26
    while_paused = await telling.tell(registered())
    await telling.run_loops()
    receiver.answers, count = [], len(receiver.posts)
    assert (await act(telling, webhook, "resume"))[0] == 200
    await telling.run_loops()
    assert set(said(receiver)[count:]) == {str(envelope.id), str(while_paused.id)}


async def test_retry_after_is_obeyed(telling: Opened, receiver: Receiver) -> None:
    await subscribe(telling, receiver.url)
    receiver.answers = [Response(status_code=429, headers={"Retry-After": "600"})]
    await telling.tell(registered())
    for minutes, count in ((0, 1), (9, 1), (2, 2)):
        telling.clock.move(timedelta(minutes=minutes))
        await telling.run_loops()
        assert len(receiver.posts) == count


async def test_gone_ends_the_subscription_at_once(telling: Opened, receiver: Receiver) -> None:
    webhook = await subscribe(telling, receiver.url)
    receiver.answers = [Response(status_code=410)]
    await telling.tell(registered())
    await telling.run_loops()
    now = await shown(telling, webhook["webhook_id"])
    assert (now["state"], now["reason"]) == ("ended", "gone")
    await telling.tell(registered())
    await telling.run_loops()
    assert len(receiver.posts) == 1
    assert len(await logged(telling, webhook)) == 1


async def test_redirects_are_not_followed_and_answers_are_not_kept(telling: Opened, receiver: Receiver) -> None:
    webhook = await subscribe(telling, receiver.url)
    receiver.answers = [Response("канарейка", 302, headers={"Location": "/elsewhere"})]
    await telling.tell(registered())
    await telling.run_loops()
    assert len(receiver.posts) == 1
    assert (await logged(telling, webhook))[0]["status"] == 302
    assert "канарейка" not in await telling.everything()


async def test_the_rate_of_the_receiver_is_obeyed(telling: Opened, receiver: Receiver) -> None:
    receiver.greeting = {"WebHook-Allowed-Origin": "*", "WebHook-Allowed-Rate": "120"}
    webhook = await subscribe(telling, receiver.url)
    assert webhook["rate"] == 120
    for _ in range(7):
        await telling.tell(registered())
    for count in (2, 4, 6, 7):
        await telling.run_loops()
        assert len(receiver.posts) == count
        telling.clock.move(timedelta(seconds=1))


async def test_what_another_replica_holds_is_sent_when_its_lease_is_over(telling: Opened, receiver: Receiver) -> None:
    await subscribe(telling, receiver.url)
    envelope = await telling.tell(registered())
    await telling.runtime.database.pool.execute("UPDATE webhook_lane SET locked_until = now() + interval '1 minute'")
    await telling.run_loops()
    assert receiver.posts == [], "another replica holds it"
    telling.clock.move(timedelta(minutes=2))
    await telling.run_loops()
    assert said(receiver) == [str(envelope.id)]


async def test_a_word_after_the_lease_leaves_the_lane_to_its_new_holder(telling: Opened, receiver: Receiver) -> None:
    webhook = await subscribe(telling, receiver.url)
    await telling.tell(registered())
    database = telling.runtime.database

    async with database.transaction() as tx:
        lanes = await actions.claim_lanes(tx, {}, 10)
    telling.clock.move(timedelta(minutes=2))
    async with database.transaction() as tx:
        again = await actions.claim_lanes(tx, {}, 10)
        assert [lane.lane_id for lane in again] == [lane.lane_id for lane in lanes]
    async with database.transaction() as tx:
        await actions.record_visits(tx, [(lanes[0], [])])
        assert await actions.claim_lanes(tx, {}, 10) == []
    assert (await logged(telling, webhook))[0]["state"] == "waiting"


async def test_the_log_is_paged_and_ends_after_thirty_days(telling: Opened, receiver: Receiver) -> None:
    webhook = await subscribe(telling, receiver.url)
    for _ in range(3):
        await telling.tell(registered())
    await telling.run_loops()
    path = f"/notify/webhooks/{webhook['webhook_id']}/deliveries?limit=2"
    first = (await telling.http.get(path, headers=admin(telling))).json()
    rest = (await telling.http.get(f"{path}&cursor={first['next']}", headers=admin(telling))).json()
    assert [len(first["items"]), len(rest["items"]), rest["next"]] == [2, 1, None]
    telling.clock.move(timedelta(days=31))
    await telling.run_loops()
    assert await logged(telling, webhook) == []
