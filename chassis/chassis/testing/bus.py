"""A bus in memory that is worse than Kafka: everything twice, and no order between topics."""

import random
from collections import defaultdict, deque
from collections.abc import Sequence

from ekis_contracts import Record

from chassis.testing.opened import Opened

ENDLESS = 10_000  # deliveries of one drain

Lane = tuple[str, str, bytes]  # service, topic, key: within one lane the first deliveries keep their order


class MemoryBus:
    """Carries what services publish to every service that listens, twice each, shuffled by a seed."""

    def __init__(self, services: Sequence[Opened], seed: int = 0) -> None:
        self._services = {it.service.name: it for it in services}
        self._random = random.Random(seed)  # noqa: S311 - the shuffle of a test
        self._lanes: defaultdict[Lane, deque[Record]] = defaultdict(deque)
        self._again: list[tuple[str, Record]] = []
        self._position = 0
        self.log: list[Record] = []

    async def drain(self) -> None:
        """Deliver until every outbox, lane and loop is quiet. Fails if anything became a dead letter."""
        await self._collect(*self._services.values())
        for _ in range(ENDLESS):
            if await self._deliver_one():
                continue
            for it in self._services.values():
                await it.run_loops()
            await self._collect(*self._services.values())
            if not self._lanes and not self._again:
                return await self._look_for_dead_letters()
        raise AssertionError("the services never fall silent")

    async def replay(self, records: Sequence[Record]) -> None:
        """Deliver all of it again, with inboxes that have forgotten: only the services' own rules can help."""
        for it in self._services.values():
            await it.runtime.database.pool.execute("DELETE FROM inbox")
        self._again += [(name, record) for record in records for name in self._services]
        await self.drain()

    async def _look_for_dead_letters(self) -> None:
        letters = {name: found for name, it in self._services.items() if (found := await it.dead_letters())}
        assert not letters, letters

    async def _collect(self, *spoke: Opened) -> None:
        for it in spoke:
            for sent in await it.sent():
                self._position += 1
                record = Record(sent.topic, sent.key, sent.value, sent.headers, 0, self._position)
                self.log.append(record)
                for name in self._services:
                    self._lanes[name, record.topic, record.key or b""].append(record)

    async def _deliver_one(self) -> bool:
        choices = len(self._lanes) + len(self._again)
        if not choices:
            return False
        chosen = self._random.randrange(choices)
        if chosen < len(self._lanes):
            name, record = self._first_time(sorted(self._lanes)[chosen])
        else:
            name, record = self._again.pop(chosen - len(self._lanes))
        it = self._services[name]
        if it.listens_to(record.topic):
            await it.take(record)
            await self._collect(it)
        return True

    def _first_time(self, lane: Lane) -> tuple[str, Record]:
        record = self._lanes[lane].popleft()
        if not self._lanes[lane]:
            del self._lanes[lane]
        self._again.append((lane[0], record))
        return lane[0], record
