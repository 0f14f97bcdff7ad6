"""A city system's first day: the example subscriber reads 50,000 schools beside a loop that only fetches them."""

import asyncio
import runpy
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

from chassis.kafka import stop_client
from ekis_contracts import decode, read
from ekis_contracts.registry import SchoolState
from ekis_kafka.broker import client_settings

from bench.events import records
from bench.ground import Ground, Servers, clocked, opened_ground
from bench.reaction import send
from bench.report import Entrant, Goal, Sample, play, rates

COUNT = 50_000
ROUNDS = 3
BATCH = 500
LOOP = f"aiokafka, getmany {BATCH} and nothing else"

_EXAMPLE = Path(__file__).parents[1] / "docs" / "subscribe" / "subscriber.py"


async def run(servers: Servers) -> None:
    follow: Callable[..., None] = runpy.run_path(str(_EXAMPLE))["follow"]
    async with opened_ground(servers) as ground:
        said = records(COUNT, SchoolState)
        await send(ground, said)
        entrants = [
            Entrant(LOOP, "limit", lambda: _fetched(ground)),
            Entrant("decode: envelope and event", "part", lambda: _decoded(said)),
            Entrant("docs/subscribe/subscriber.py --once", "ours", lambda: _followed(follow, servers)),
        ]
        samples = await play(entrants, ROUNDS)
        rates(f"bootstrap of {COUNT:,} schools: a second", entrants, samples, [Goal(LOOP, 1 / 3)])


async def _fetched(ground: Ground) -> Sample:
    client = ground.broker.consumer(f"bench-{uuid4().hex}", [SchoolState.topic])
    client.subscribe(topics=[SchoolState.topic])
    left = COUNT
    with clocked() as clock:
        await client.start()
        while left > 0:
            batches = await client.getmany(timeout_ms=200, max_records=BATCH)
            left -= sum(map(len, batches.values()))
    await stop_client(client)
    return clock.sample(COUNT)


async def _decoded(said: list[Any]) -> Sample:
    with clocked() as clock:
        for record in said:
            decode(read(record))
    return clock.sample(COUNT)


async def _followed(follow: Callable[..., None], servers: Servers) -> Sample:
    """From no file to the end of both topics, its connection included."""
    settings = client_settings(servers.kafka, servers.admin) | {"group.id": "bench.copy"}
    with tempfile.TemporaryDirectory(prefix="ekis-bench-") as folder, clocked() as clock:
        count = await asyncio.to_thread(_copy, follow, Path(folder) / "copy.sqlite", settings)
    assert count == COUNT
    return clock.sample(COUNT)


def _copy(follow: Callable[..., None], file: Path, settings: dict[str, Any]) -> int:
    with closing(sqlite3.connect(file)) as db:
        follow(db, settings, once=True)
        return int(db.execute("SELECT count(*) FROM change").fetchone()[0])
