"""From the broker to a deliverer, partition by partition; offsets follow what the database holds."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

import structlog
from aiokafka import ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import KafkaError
from ekis_contracts import Record

from chassis.crash import crash_point
from chassis.db import Database, Row, suppress_transient
from chassis.kafka import Broker, as_record, stop_client
from chassis.telemetry import LAG

log = structlog.get_logger()

BATCH = 500
WATCH_EVERY = 10.0
STUCK_AFTER = 60.0  # seconds of lag without any progress

_WISHES = "SELECT topic, partition, since, until, at FROM replay"
_FULFILLED = "DELETE FROM replay WHERE topic = $1 AND partition = $2 AND at = $3"
_SETTLED = "SELECT max(position) + 1 FROM inbox WHERE topic = $1 AND partition = $2"

Deliver = Callable[[Sequence[Record]], Awaitable[None]]


class Stuck(Exception):
    """Events wait and nothing moves: the client has gone silent. Only a new process is sure to help."""


class Consumer(ConsumerRebalanceListener):  # type: ignore[misc] # aiokafka is untyped
    """One group member. `deliver` returns when the records of one partition are settled in the database; whoever
    `resumes` writes them into its inbox, which may know more than the committed offsets."""

    def __init__(
        self, broker: Broker, group: str, topics: Sequence[str], deliver: Deliver, database: Database, *, resumes: bool
    ) -> None:
        self._client: Any = broker.consumer(group, topics)
        self._group, self._topics, self._deliver = group, topics, deliver
        self._database, self._resumes = database, resumes
        self._settled: dict[TopicPartition, int] = {}  # and not committed yet
        self._wishes: Sequence[Row] = ()
        self._gone_back: dict[TopicPartition, datetime] = {}
        self._stopping = self.ready = False

    async def run(self) -> None:
        """Consume until `stop`. Raises Stuck when the client hangs although the database does not."""
        self._client.subscribe(topics=list(self._topics), listener=self)
        await self._start()
        parts = [asyncio.create_task(self._poll()), asyncio.create_task(self._watch())]
        try:
            done, _ = await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
            done.pop().result()
        finally:
            self.ready = False
            for part in parts:
                part.cancel()
            await stop_client(self._client)

    def stop(self) -> None:
        """Finish what is in hand, commit, leave."""
        self._stopping = True

    async def _start(self) -> None:
        while True:
            with suppress(KafkaError):
                return await self._client.start()  # type: ignore[no-any-return] # nothing
            log.warning("broker-away", group=self._group)
            await asyncio.sleep(0.5)

    async def _poll(self) -> None:
        while not self._stopping:
            batches = await self._client.getmany(timeout_ms=200, max_records=BATCH)
            await asyncio.gather(*(self._deliver([as_record(m) for m in batch]) for batch in batches.values()))
            if batches:
                crash_point("before-offset-commit")
            await self._note_settled(batches)
            await self._commit()
            with suppress_transient():
                await self._go_back()

    async def _go_back(self) -> None:
        """Begin again where an operator wishes; the wish is kept, for a crash, until all of it is settled anew."""
        wishes, held = self._wishes, self._client.assignment()
        for topic, partition, since, until, at in wishes:
            place = TopicPartition(topic, partition)
            if place in held and self._gone_back.get(place) != at:
                self._client.seek(place, since)
                self._settled.pop(place, None)
                self._gone_back[place] = at
            elif place in held and await self._client.position(place) >= until:
                await self._database.pool.execute(_FULFILLED, topic, partition, at)

    async def _note_settled(self, batches: Mapping[TopicPartition, Sequence[Any]]) -> None:
        """Past the mark that a transaction leaves behind its records, or the lag would be 1 for ever. What was fetched
        before `_resume` knew better takes nothing back."""
        held = self._client.assignment()
        for partition, batch in batches.items():
            passed = await self._client.position(partition) if partition in held else batch[-1].offset + 1
            self._settled[partition] = max(passed, self._settled.get(partition, 0))

    async def _commit(self) -> None:
        """Every round until the broker has it; only for partitions still held, or it would rewind another member's."""
        held = self._client.assignment()
        own = {partition: offset for partition, offset in self._settled.items() if partition in held}
        try:
            if own:
                await self._client.commit(own)
                self._settled = dict(self._settled.items() - own.items())
        except (KafkaError, AssertionError) as error:
            log.info("offset-not-committed", group=self._group, error=type(error).__name__)

    async def on_partitions_revoked(self, revoked: Sequence[TopicPartition]) -> None:
        """Nothing to hand over: every settled record is in the database, and the next member looks there."""
        for partition in revoked:
            self._settled.pop(partition, None)
            self._gone_back.pop(partition, None)

    async def on_partitions_assigned(self, assigned: Sequence[TopicPartition]) -> None:
        """Go on past what the database holds."""
        if self._resumes:
            with suppress_transient():  # wherever reading begins, the inbox knows what is settled
                await self._resume(assigned)
        self.ready = True

    async def _resume(self, assigned: Sequence[TopicPartition]) -> None:
        """From the highest position settled, where the committed offset lags behind it: a crash came between."""
        for partition in assigned:
            settled = await self._database.pool.fetchval(_SETTLED, partition.topic, partition.partition) or 0
            if settled > (await self._client.committed(partition) or 0):
                self._client.seek(partition, settled)
                self._settled[partition] = settled

    async def _watch(self) -> None:
        seen: dict[TopicPartition, int] = {}
        still = 0.0
        while still < STUCK_AFTER:
            await asyncio.sleep(WATCH_EVERY)
            positions, lag = await self._progress()
            still = still + WATCH_EVERY if lag and positions == seen and not self._database.away else 0.0
            seen = positions
            LAG.labels(self._group).set(lag)
            if self._resumes:
                with suppress_transient():
                    self._wishes = await self._database.pool.fetch(_WISHES)
        raise Stuck(self._group)

    async def _progress(self) -> tuple[dict[TopicPartition, int], int]:
        """Positions and the events beyond them; asks the broker itself, for a silent client believes it is done."""
        held = list(self._client.assignment())
        try:
            ends = await asyncio.wait_for(self._client.end_offsets(held), WATCH_EVERY) if held else {}
            positions = {partition: await asyncio.wait_for(self._client.position(partition), 1) for partition in ends}
        except (KafkaError, TimeoutError):
            return {}, 0  # the broker is away, which is no hang of ours
        return positions, sum(ends[partition] - positions[partition] for partition in positions)
