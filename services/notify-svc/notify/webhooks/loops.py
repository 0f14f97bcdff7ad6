"""Receivers are asked whether they want to be told, and are told what is due."""

import asyncio
import random
from collections import Counter as Tally
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from urllib.parse import urlsplit
from uuid import UUID

import structlog
from chassis.db import Database
from chassis.http import Runtime
from chassis.loops import Loop
from chassis.telemetry import failure
from prometheus_client import Counter

from notify.settings import Settings
from notify.webhooks import actions, store
from notify.webhooks.actions import Attempt
from notify.webhooks.domain import ROTATION, Answer, judge, secret_of, signed
from notify.webhooks.gateways import CONNECTIONS, TIMEOUT, Receivers
from notify.webhooks.store import LEASE, Lane, Waiting

log = structlog.get_logger()

HANDFUL = 200  # keys of one subscription in hand here
TICK = 0.1  # seconds: how long a round waits for those on their way

ATTEMPTS = Counter("ekis_webhook_attempts_total", "Attempts at telling city systems", ["outcome"])
STOPPED = Counter("ekis_webhooks_stopped_total", "Subscriptions that stopped: paused after a day, or ended", ["state"])


class Courier:
    """The lanes in this process' hands. A visit stays until the database has it."""

    def __init__(self, database: Database, receivers: Receivers) -> None:
        self._database = database
        self.receivers = receivers
        self._flying: dict[int, tuple[Lane, asyncio.Task[None]]] = {}
        self._doors: dict[UUID, asyncio.Semaphore] = {}
        self.visits: list[tuple[Lane, list[Attempt]]] = []
        self.closed = False

    @property
    def room(self) -> dict[UUID, int]:
        """How many more keys of each subscription there is room for."""
        tally = Tally(lane.webhook["webhook_id"] for lane, _ in self._flying.values())
        return {webhook_id: HANDFUL - count for webhook_id, count in tally.items()}

    def take(self, lanes: Sequence[Lane]) -> None:
        """Visit these as connections come free."""
        taken_at = asyncio.get_running_loop().time()
        for lane in lanes:
            self._flying[lane.lane_id] = lane, asyncio.create_task(self._visit(lane, taken_at))

    async def settled(self, seconds: float) -> list[tuple[Lane, list[Attempt]]]:
        """What has come back; waits for the first, then for all on their way this long at most."""
        if self._flying:
            await asyncio.wait([task for _, task in self._flying.values()], timeout=seconds)
        if not self._flying:
            self._doors.clear()
        return list(self.visits)

    @property
    def busy(self) -> bool:
        """Whether anything is on its way."""
        return bool(self._flying)

    async def _visit(self, lane: Lane, taken_at: float) -> None:
        """What waits in the lane, one after the other, until one is not taken."""
        attempts: list[Attempt] = []
        door = self._doors.setdefault(lane.webhook["webhook_id"], asyncio.Semaphore(CONNECTIONS))
        async with door:
            for waiting in lane.waiting:
                if self.closed or asyncio.get_running_loop().time() - taken_at + TIMEOUT >= LEASE:
                    break
                attempts.append(await self._attempt(lane, waiting))
                if attempts[-1].verdict.kind != "delivered":
                    break
        self.visits.append((lane, attempts))
        del self._flying[lane.lane_id]

    async def _attempt(self, lane: Lane, waiting: Waiting) -> Attempt:
        now = self._database.clock()
        try:
            headers = signed(self._secrets(lane), waiting.event_id, waiting.body, now)
            answer = await self.receivers.post(lane.webhook["url"], headers, waiting.body, now)
        except Exception as error:  # noqa: BLE001 - one receiver must not hold up the others
            log.warning("webhook-failed", error=failure(error))
            answer = Answer(0, code="internal-error")
        luck = random.random()  # noqa: S311 - spreads attempts, protects nothing
        verdict = judge(answer, waiting.attempts + 1, waiting.first_at or now, now, luck)
        ATTEMPTS.labels(verdict.kind).inc()
        return Attempt(waiting, now, answer, verdict)

    def _secrets(self, lane: Lane) -> list[bytes]:
        """The newest first, and for a while the one before."""
        webhook_id, version = lane.webhook["webhook_id"], lane.webhook["secret_version"]
        rotated_at = lane.webhook["rotated_at"]
        both = rotated_at is not None and self._database.clock() < rotated_at + ROTATION
        versions = (version, version - 1) if both else (version,)
        return [secret_of(self._database.secret, webhook_id, one) for one in versions]


@asynccontextmanager
async def courier(runtime: Runtime) -> AsyncIterator[Courier]:
    """The courier of a running service. When it closes, what is on its way comes back and is recorded."""
    settings: Settings = runtime.settings
    one = Courier(
        runtime.database, Receivers(urlsplit(settings.public_url).hostname or "ekis", settings.webhook_networks)
    )
    try:
        yield one
    finally:
        one.closed = True
        await _record(runtime, one, TIMEOUT)
        await one.receivers.keep(())


async def greet_pending(runtime: Runtime) -> bool:
    """One round of handshakes, all at once."""
    one: Courier = runtime.own.courier
    async with runtime.database.transaction() as tx:
        rows = await store.claim_pending(tx, CONNECTIONS)
    greetings = await asyncio.gather(*(one.receivers.greet(row["url"]) for row in rows))
    for row, greeting in zip(rows, greetings, strict=True):
        async with runtime.database.transaction() as tx:
            if await store.record_greeting(tx, row["webhook_id"], row["url"], greeting):
                tx.wake(actions.SIGNAL)
    return bool(rows)


async def deliver_due(runtime: Runtime) -> bool:
    """One round: take what is due, let it be carried, record what has come back."""
    one: Courier = runtime.own.courier
    async with runtime.database.transaction() as tx:
        lanes = await actions.claim_lanes(tx, one.room, HANDFUL)
    one.take(lanes)
    await _record(runtime, one, TICK)
    return bool(lanes or one.busy)


async def forget_old(runtime: Runtime) -> bool:
    """One round of the log's end."""
    async with runtime.database.transaction() as tx:
        return await store.forget_old(tx) == store.AT_ONCE


async def _record(runtime: Runtime, one: Courier, seconds: float) -> None:
    visits = await one.settled(seconds)
    if not visits:
        return
    async with runtime.database.transaction() as tx:
        stopped = await actions.record_visits(tx, visits)
    del one.visits[: len(visits)]
    for state in stopped.values():
        STOPPED.labels(state).inc()
        log.warning("webhook-stopped", state=state)


LOOPS = (
    Loop(actions.HANDSHAKE, greet_pending, every=5.0, signal=actions.HANDSHAKE),
    Loop(actions.SIGNAL, deliver_due, every=1.0, signal=actions.SIGNAL),
    Loop("webhook-log", forget_old, every=3600),
)
