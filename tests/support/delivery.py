"""One workload over the toy, and one judge of what became of it: the same for the real thing and for its mutants."""

import asyncio
import random
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import Any, NamedTuple
from uuid import uuid4

import asyncpg
import httpx
from chassis.testing.opened import Opened
from ekis_local.kafka import Kafka
from fleet import Replica, environment
from topics import Ends, Seen, Witness
from waiting import until

STEPS, ECHOES = "staff-left", "account-request-declined"
RECEIPTS = "personal-data-erased"  # which the toy does not listen to
TOPICS = (STEPS, ECHOES, RECEIPTS)
GROUP = "registry-svc"
ACCEPTED = 202
PATIENCE = 60.0  # seconds for one request


class Damage(NamedTuple):
    """What must not be; all zero when every event was delivered in order and had one effect."""

    unwritten: int = 0  # answered 2xx and not in the database
    rewritten: int = 0  # in the database twice, though asked with one idempotency key
    unpublished: int = 0  # in the database and not in Kafka
    ghosts: int = 0  # in Kafka and not in the database
    disorder: int = 0  # first occurrences of a key whose version is not the one before plus one
    lost: int = 0  # never counted
    doubled: int = 0  # counted more than once
    skipped: int = 0  # below the committed offset and never settled
    buried: int = 0  # dead letters


class Load:
    """Writers that step a few things, repeating each request until it is accepted."""

    def __init__(self, urls: list[str], things: int = 10, writers: int = 8, pause: float = 0.05) -> None:
        self.urls = urls
        self.accepted: Counter[str] = Counter()
        self.refused: Counter[int] = Counter()
        self._things, self._writers, self._pause = things, writers, pause
        self._is_writing = False

    @property
    def total(self) -> int:
        """Steps accepted so far."""
        return self.accepted.total()

    async def reach(self, total: int) -> None:
        """Wait until so many steps were accepted."""

        async def is_reached() -> bool:
            return self.total >= total

        await until(is_reached, f"{total} steps are accepted")

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Load"]:
        """Writes while the body runs; afterwards nothing is in flight."""
        self._is_writing = True
        async with httpx.AsyncClient(timeout=5, trust_env=False) as client, asyncio.TaskGroup() as group:
            group.create_task(self._begin(client, group))  # aside, for a crash may come this early
            try:
                yield self
            finally:
                self._is_writing = False

    async def _begin(self, client: httpx.AsyncClient, group: asyncio.TaskGroup) -> None:
        for _ in range(self._things):
            answer = await self._accepted(client, "", {"name": "Анна"})
            self.accepted[answer["id"]] += 1
        for seed in range(self._writers):
            group.create_task(self._write(client, random.Random(seed)))

    async def _write(self, client: httpx.AsyncClient, chance: random.Random) -> None:
        while self._is_writing:
            thing = chance.choice(sorted(self.accepted))
            await self._accepted(client, f"/{thing}/steps", None)
            self.accepted[thing] += 1
            await asyncio.sleep(self._pause * chance.random() * 2)

    async def _accepted(self, client: httpx.AsyncClient, path: str, body: Any) -> Any:
        headers = {"Idempotency-Key": str(uuid4())}
        deadline = monotonic() + PATIENCE
        while monotonic() < deadline:
            with suppress(httpx.TransportError):
                url = f"{random.choice(self.urls)}/api/registry/things{path}"
                answer = await client.post(url, json=body, headers=headers)
                if answer.status_code == ACCEPTED:
                    return answer.json()
                self.refused[answer.status_code] += 1
            await asyncio.sleep(0.02)
        raise AssertionError(f"not accepted within {PATIENCE} s; refused so far: {self.refused}")


class World:
    """One database and one broker, the toys that work on them, and the judge."""

    def __init__(self, it: Opened, kafka: Kafka, folder: Path) -> None:
        self.it, self.kafka = it, kafka
        self._log = folder / "toy.log"
        self._witness = Witness(kafka, GROUP)
        self._begin: Ends = {}
        self._replicas: list[Replica] = []

    @asynccontextmanager
    async def open(self) -> AsyncIterator["World"]:
        """From now on everything counts; no toy survives."""
        self._begin = await self._witness.ends(*TOPICS)
        try:
            yield self
        finally:
            for replica in self._replicas:
                await replica.kill()

    def replica(self, instance: str = "0", module: Sequence[str] = ("toy",)) -> Replica:
        """A toy, not started."""
        env = environment(self.it.dsn, self.it.keyring, self.kafka)
        self._replicas.append(Replica(env, self._log, instance, module))
        return self._replicas[-1]

    async def fetch(self, sql: str, *args: Any) -> list[Any]:
        """Ask the database on a connection of its own, which no fault has touched."""
        connection = await asyncpg.connect(self.it.dsn)
        try:
            return await connection.fetch(sql, *args)
        finally:
            await connection.close()

    async def settle(self, seconds: float = 30) -> float:
        """Wait until all is sent and taken in; returns how long that took."""
        return await until(self._is_settled, "everything is sent and taken in", seconds, every=0.2)

    async def sent(self) -> float:
        """Wait until all is sent."""
        return await until(self._is_sent, "everything is sent")

    async def is_blocked(self) -> bool:
        """Whether some transaction waits for a lock."""
        waiting = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        return bool(await self.fetch(waiting))

    async def has_committed_all(self) -> bool:
        """Whether the committed offsets are at the ends."""
        committed = await self.committed()
        return all(committed[at] >= end for at, end in (await self._witness.ends(STEPS)).items())

    async def _is_sent(self) -> bool:
        return not await self.fetch("SELECT 1 FROM outbox LIMIT 1")

    async def _is_settled(self) -> bool:
        ends = await self._witness.ends(STEPS, ECHOES)
        reached = await self.committed()
        rows = await self.fetch("SELECT topic, partition, max(position) + 1 AS next FROM inbox GROUP BY 1, 2")
        for row in rows:
            at = row["topic"], row["partition"]
            reached[at] = max(reached.get(at, 0), row["next"])
        caught_up = all(reached[at] >= end for at, end in ends.items())
        return caught_up and await self._is_sent() and ends == await self._witness.ends(STEPS, ECHOES)

    async def unsettled(self) -> int:
        """Positions that are taken in and not committed, of a service that has ended."""
        committed = await self.committed()
        rows = await self.fetch("SELECT topic, partition, max(position) + 1 AS next FROM inbox GROUP BY 1, 2")
        return sum(row["next"] != committed[row["topic"], row["partition"]] for row in rows)

    async def committed(self) -> Ends:
        """The offsets of the toy's group."""
        return await self._witness.committed(self._begin)

    async def seen(self) -> list[Seen]:
        """The events in Kafka since the beginning."""
        return await self._witness.between(self._begin, await self._witness.ends(*TOPICS))

    async def publication_damage(self, accepted: Counter[str], seen: Iterable[Seen], topic: str) -> Damage:
        """Compare what was promised and what is in the database with one topic."""
        rows = await self.fetch("SELECT id::text, version FROM counted")
        versions = Counter({row["id"]: row["version"] for row in rows})
        told = [it for it in seen if it.topic == topic]
        return Damage(
            unwritten=(accepted - versions).total(),
            rewritten=(versions - accepted).total(),
            unpublished=(versions - published(told)).total(),
            ghosts=(published(told) - versions).total(),
            disorder=disorder(told),
        )

    async def damage(self, accepted: Counter[str]) -> Damage:
        """Compare what was promised with what was published, and that with what took effect."""
        rows = await self.fetch("SELECT id::text, version, count FROM counted")
        versions = Counter({row["id"]: row["version"] for row in rows})
        counts = Counter({row["id"]: row["count"] for row in rows})
        seen = await self.seen()
        echoes = [it for it in seen if it.topic == ECHOES]
        steps = await self.publication_damage(accepted, seen, STEPS)
        letters = await self.fetch("SELECT 1 FROM dead_letter")
        return steps._replace(
            unpublished=steps.unpublished + (counts - published(echoes)).total(),
            ghosts=steps.ghosts + (published(echoes) - counts).total(),
            disorder=steps.disorder + disorder(echoes),
            lost=(versions - counts).total(),
            doubled=(counts - versions).total(),
            skipped=await self._skipped(seen),
            buried=len(letters),
        )

    async def _skipped(self, seen: Iterable[Seen]) -> int:
        committed = await self.committed()
        settled = {str(row["event_id"]) for row in await self.fetch("SELECT event_id FROM inbox")}
        return sum(it.position < committed[it.topic, it.partition] and it.event_id not in settled for it in seen)


def published(seen: Iterable[Seen]) -> Counter[str]:
    """Different events of each key."""
    return Counter(key for key, _ in {(it.key, it.event_id) for it in seen})


def disorder(seen: Iterable[Seen]) -> int:
    """First occurrences of a key that do not follow the one before them."""
    last: defaultdict[str, int] = defaultdict(int)
    known: set[str] = set()
    wrong = 0
    for it in seen:
        if it.event_id not in known:
            known.add(it.event_id)
            wrong += it.version != last[it.key] + 1
            last[it.key] = it.version
    return wrong


def repeated(seen: Sequence[Seen]) -> int:
    """Records that say again what was said: legal, and what the inbox is for."""
    return len(seen) - len({it.event_id for it in seen})
