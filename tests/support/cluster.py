"""What a test asks a cluster of brokers, and does to it; people who go on writing meanwhile."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import NamedTuple

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient
from ekis_kafka.broker import client_settings
from ekis_local.kafka import broker_name
from journal import Journal
from live import Live
from patient import enter, somebody
from story import School
from waiting import until

PACE = 0.3  # seconds from one person to the next


class Place(NamedTuple):
    """Where a partition is: nodes by their numbers."""

    leader: int
    replicas: list[int]
    in_sync: list[int]


class Cluster:
    """The brokers of a stack."""

    def __init__(self, live: Live) -> None:
        self.stack = live.stack
        self._settings = client_settings(live.kafka.address, live.kafka.admin) | {"log_level": 0}

    async def places(self) -> dict[tuple[str, int], Place]:
        """Every partition, the inner ones of Kafka too."""
        return await asyncio.to_thread(self._places)

    def _places(self) -> dict[tuple[str, int], Place]:
        listed = AdminClient(self._settings).list_topics(timeout=5).topics
        return {
            (name, number): Place(one.leader, one.replicas, one.isrs)
            for name, topic in listed.items()
            for number, one in topic.partitions.items()
        }

    async def is_whole(self) -> bool:
        """Whether every replica of every partition is in sync."""
        try:
            return all(len(it.in_sync) == len(it.replicas) for it in (await self.places()).values())
        except KafkaException:
            return False

    async def lose(self, node: int) -> None:
        """SIGKILL; it stays dead until it is resumed."""
        await self.stack.kill(broker_name(node))
        await self.stack.halt(broker_name(node))

    async def resume(self, node: int) -> None:
        """Back, with its data."""
        await self.stack.resume(broker_name(node))

    @contextmanager
    def frozen(self, nodes: Collection[int]) -> Iterator[None]:
        """They do nothing meanwhile, and their connections stay."""
        pids = [self.stack.pids[broker_name(node)] for node in nodes]
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)

    def written(self, node: int, topic: str) -> int:
        """Bytes of the topic that a broker has written, whether anybody else has them or not."""
        assert self.stack.brokers
        home = self.stack.brokers.home if node == 1 else self.stack.brokers.home / broker_name(node)
        return sum(path.stat().st_size for path in Path(home / "data").glob(f"{topic}-[0-9]*/*.log"))


class Writing:
    """People who come one after the other, each on the roll and with a request, until the end."""

    def __init__(self, journal: Journal, school: School) -> None:
        self._journal, self._school = journal, school
        self._goes_on = True

    async def more(self, count: int) -> None:
        """Wait until so many more requests were accepted."""
        wanted = len(self._journal.served) + count

        async def reached() -> bool:
            return len(self._journal.served) >= wanted

        await until(reached, f"{count} more requests are accepted")

    async def served(self) -> None:
        """Wait until everybody accepted so far has an account."""
        numbers = list(self._journal.served)
        sql = "SELECT 1 FROM account_request WHERE number = ANY($1) AND state <> 'issued'"

        async def issued() -> bool:
            return not await self._journal.rows("identity", sql, numbers)

        await until(issued, "who was accepted is served")

    @asynccontextmanager
    async def running(self, writers: int = 3) -> AsyncIterator["Writing"]:
        async with asyncio.TaskGroup() as group:
            for _ in range(writers):
                group.create_task(self._write())
            try:
                yield self
            finally:
                self._goes_on = False

    async def _write(self) -> None:
        while self._goes_on:
            await enter(self._journal, self._school, somebody(), enrolled=False)
            await asyncio.sleep(PACE)
