"""What is done with webhooks."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from chassis.db import Row, new_id
from chassis.errors import Conflict, NotFound, WrongStep
from chassis.outbox import Tx
from ekis_contracts import Envelope

from notify.webhooks import store
from notify.webhooks.domain import (
    ROTATION,
    TEST_TYPE,
    Answer,
    Verdict,
    body_of,
    secret_of,
    test_body,
    written,
)
from notify.webhooks.store import Lane, Waiting

SIGNAL, HANDSHAKE = "webhooks", "webhook-handshakes"


@dataclass(frozen=True)
class Attempt:
    """One delivery as it was tried, and what follows."""

    waiting: Waiting
    begun_at: datetime
    answer: Answer
    verdict: Verdict


async def create_webhook(
    tx: Tx, fields: tuple[str, str, list[str]], by: UUID, most: int | None = None
) -> dict[str, Any]:
    """A subscription (name, url, types) that waits for the word of its receiver; its secret is said here and never
    again. Raises Conflict for who has `most` already."""
    if most is not None and await store.count_of(tx, by) >= most:
        raise Conflict("webhooks-too-many", most=most)
    webhook_id = new_id()
    await store.insert_webhook(tx, webhook_id, fields, by)
    tx.wake(HANDSHAKE)
    return {**await get_webhook(tx, webhook_id), "secret": written(secret_of(tx.secret, webhook_id, 1))}


async def get_webhook(tx: Tx, webhook_id: UUID, *, lock: bool = False) -> dict[str, Any]:
    """One of them. Raises NotFound."""
    found = await store.webhook(tx, webhook_id, lock=lock)
    if found is None:
        raise NotFound
    return found


async def change_webhook(tx: Tx, webhook_id: UUID, given: Mapping[str, Any]) -> dict[str, Any]:
    """Of name, url and types what is given. A new address is asked first. Raises NotFound."""
    now = await get_webhook(tx, webhook_id, lock=True)
    new = {**now, **given}
    await store.change_webhook(tx, webhook_id, new["name"], new["url"], new["types"])
    if new["url"] != now["url"]:
        await _ask_anew(tx, webhook_id)
    return await get_webhook(tx, webhook_id)


async def pause_webhook(tx: Tx, webhook_id: UUID, reason: str) -> None:
    """Nothing is sent until it is resumed; events are collected. Raises NotFound, WrongStep."""
    await _require_state(tx, webhook_id, "pause", "active")
    await store.set_state(tx, webhook_id, "paused", reason)


async def pause_webhooks_of(tx: Tx, system_id: UUID) -> None:
    """A city system was suspended or ended, or has fewer rights: somebody looks before anything more is sent to it."""
    await store.pause_of(tx, system_id, "owner-changed")


async def resume_webhook(tx: Tx, webhook_id: UUID) -> None:
    """Ask the receiver again, then go on where it was: what was given up is sent again. Raises NotFound, WrongStep."""
    await _require_state(tx, webhook_id, "resume", "paused", "refused", "ended")
    await store.revive(tx, webhook_id)
    await store.hurry(tx, webhook_id)
    await _ask_anew(tx, webhook_id)


async def test_webhook(tx: Tx, webhook_id: UUID) -> UUID:
    """Queue an event that says nothing; its id. Raises NotFound, WrongStep."""
    await _require_state(tx, webhook_id, "test", "active")
    event_id = new_id()
    body = test_body(event_id, webhook_id, tx.now)
    await store.add_one(tx, webhook_id, event_id, TEST_TYPE, body)
    tx.wake(SIGNAL)
    return event_id


async def rotate_secret(tx: Tx, webhook_id: UUID) -> dict[str, Any]:
    """The next secret, said once; the one before signs along for a day. Raises NotFound."""
    await get_webhook(tx, webhook_id, lock=True)
    version = await store.rotate_secret(tx, webhook_id)
    return {"secret": written(secret_of(tx.secret, webhook_id, version)), "both_until": tx.now + ROTATION}


async def delete_webhook(tx: Tx, webhook_id: UUID) -> None:
    """Raises NotFound."""
    if not await store.delete_webhook(tx, webhook_id):
        raise NotFound


async def collect_events(tx: Tx, envelopes: Sequence[tuple[Envelope, str]]) -> None:
    """Events of these topics, for whoever has subscribed to them. Nobody subscribed is one look at an index."""
    if not await store.is_subscribed(tx, {envelope.type for envelope, _ in envelopes}):
        return
    told = [
        (envelope.id, envelope.type, envelope.subject, body_of(envelope, topic, tx.schemas), envelope.time)
        for envelope, topic in envelopes
    ]
    if await store.collect(tx, told):
        tx.wake(SIGNAL)


async def claim_lanes(tx: Tx, room: Mapping[UUID, int], usual: int) -> list[Lane]:
    """What is due, of each subscription as much as there is room for (`usual` unless `room` says), at its own rate."""
    lanes: list[Lane] = []
    for webhook in await store.open_webhooks(tx):
        count = room.get(webhook["webhook_id"], usual)
        if count > 0:
            lanes += await _claim_some(tx, webhook, count)
    return lanes


async def record_visits(tx: Tx, visits: Sequence[tuple[Lane, Sequence[Attempt]]]) -> dict[UUID, str]:
    """What became of lanes. Which subscriptions stop with it, and in which state."""
    stopped = await _stop_webhooks(tx, visits)  # their locks come first, as when an operator acts
    await store.record_attempts(tx, [_row(attempt) for _, attempts in visits for attempt in attempts])
    pauses = {lane.lane_id: attempts[-1].verdict.pause if attempts else timedelta() for lane, attempts in visits}
    held = await store.held_lanes(tx, {lane.lane_id: lane.held_until for lane, _ in visits})
    await store.settle_lanes(tx, {lane_id: tx.now + pauses[lane_id] for lane_id in held})
    return stopped


async def _stop_webhooks(tx: Tx, visits: Sequence[tuple[Lane, Sequence[Attempt]]]) -> dict[UUID, str]:
    stopped: dict[UUID, str] = {}
    for webhook_id, kinds in sorted(_kinds(visits).items()):
        if "gone" in kinds:
            stopped[webhook_id] = "ended"
            await store.set_state(tx, webhook_id, "ended", "gone")
        elif "failed" in kinds:
            stopped[webhook_id] = "paused"
            await store.set_state(tx, webhook_id, "paused", "gave-up")
    return stopped


async def _claim_some(tx: Tx, webhook: Row, count: int) -> list[Lane]:
    """At a rate: those of a second at most, and the next ones when the time of these has passed."""
    webhook_id, rate = webhook["webhook_id"], webhook["rate"]
    if not rate:
        return await store.claim_lanes(tx, webhook, count)
    if not await store.lock_pace(tx, webhook_id):
        return []
    lanes = await store.claim_lanes(tx, webhook, min(count, max(1, rate // 60)))
    await store.set_pace(tx, webhook_id, tx.now + timedelta(seconds=len(lanes) * 60 / rate))
    return lanes


async def _ask_anew(tx: Tx, webhook_id: UUID) -> None:
    await store.set_state(tx, webhook_id, "pending")
    tx.wake(HANDSHAKE)


async def _require_state(tx: Tx, webhook_id: UUID, step: str, *states: str) -> None:
    found = await get_webhook(tx, webhook_id, lock=True)
    if found["state"] not in states:
        raise WrongStep(found["state"], step)


def _row(attempt: Attempt) -> tuple[int, str, datetime, int | None, str | None, int]:
    kinds = {"delivered": "delivered", "retry": "waiting", "failed": "failed", "gone": "failed"}
    answer = attempt.answer
    state = kinds[attempt.verdict.kind]
    return attempt.waiting.position, state, attempt.begun_at, answer.status, answer.code, answer.took_ms


def _kinds(visits: Sequence[tuple[Lane, Sequence[Attempt]]]) -> dict[UUID, set[str]]:
    kinds: defaultdict[UUID, set[str]] = defaultdict(set)
    for lane, attempts in visits:
        kinds[lane.webhook["webhook_id"]] |= {attempt.verdict.kind for attempt in attempts}
    return kinds
