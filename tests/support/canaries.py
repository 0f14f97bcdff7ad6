"""What must not lie about: secrets nowhere, personal data only where it belongs. Looks into every file of a stack,
every row of its databases, every record of its topics and every span that it has sent, for each thing in every spelling
that machines use."""

import asyncio
import base64
import json
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from time import monotonic
from typing import Any, NamedTuple
from urllib.parse import quote

import asyncpg
from confluent_kafka import Consumer, KafkaError, TopicPartition
from ekis_kafka.broker import client_settings
from ekis_local.postgres import reachable_home
from ekis_local.stack import Stack

SHORTEST = 8  # bytes: what is shorter is found by chance
PATIENCE = 30.0


class Find(NamedTuple):
    """Something lies where it must not."""

    kind: str
    place: str


@dataclass
class Canaries:
    """What people have seen and typed. `owners` are the databases where a kind of thing is at home."""

    things: dict[str, set[str]] = field(default_factory=dict)
    owners: dict[str, frozenset[str]] = field(default_factory=dict)

    def add(self, kind: str, *things: str, at: Iterable[str] = ()) -> None:
        assert all(len(one.encode()) >= SHORTEST for one in things), (kind, things)
        self.things.setdefault(kind, set()).update(things)
        self.owners[kind] = frozenset(at)

    def kinds_in(self, data: bytes, database: str | None = None) -> set[str]:
        """Which kinds are there, but those that are at home in this database."""
        strange = {kind for kind, owners in self.owners.items() if database not in owners}
        return {kind for kind in strange for thing in self.things[kind] if any(it in data for it in spellings(thing))}


@cache
def spellings(thing: str) -> set[bytes]:
    """UTF-8, UTF-16, JSON, a link, and base64 at any place of a longer text."""
    plain = thing.encode()
    found = {plain, thing.encode("utf-16-le"), thing.encode("utf-16-be")}
    found |= {json.dumps(thing)[1:-1].encode(), quote(thing, safe="").encode()}
    for ahead in range(3):
        coded = base64.b64encode(bytes(ahead) + plain).rstrip(b"=")
        begin = (ahead * 8 + 5) // 6  # what is ahead colours the first characters, and what follows the last one
        inner = coded[begin : len(coded) - 1]
        found |= {inner, inner.replace(b"+", b"-").replace(b"/", b"_")}
    return found


async def search(stack: Stack, canaries: Canaries, spans: Sequence[bytes]) -> set[Find]:
    """Everything that lies where it must not. Databases are written out first; devmail keeps its mails in memory."""
    names = await _write_out(stack)
    found = await asyncio.to_thread(lambda: set(_in_files(stack, canaries, names)))
    found |= await search_rows(stack, canaries)
    records = await asyncio.to_thread(_records, stack)
    assert records, "there is something to search"
    for topic, data in records.items():
        found |= {Find(kind, f"topic {topic}") for kind in canaries.kinds_in(data)}
    return found | {Find(kind, "spans") for body in spans for kind in canaries.kinds_in(body)}


async def search_rows(stack: Stack, canaries: Canaries) -> set[Find]:
    """The same in the rows of the databases alone."""
    dumps = {name: await _dump(dsn) for name, dsn in stack.databases.items()}
    return {Find(kind, f"database {name}") for name, dump in dumps.items() for kind in canaries.kinds_in(dump, name)}


async def _write_out(stack: Stack) -> dict[str, str]:
    """Dirty pages go to the files; returns the names of databases by their folders."""
    password, port = stack.passwords["postgres", "postgres"], stack.ports["postgres"]
    connection = await asyncpg.connect(f"postgresql://postgres:{password}@127.0.0.1:{port}/postgres")
    try:
        await connection.execute("CHECKPOINT")
        rows = await connection.fetch("SELECT oid::text, datname FROM pg_database")
        return {row["oid"]: row["datname"] for row in rows}
    finally:
        await connection.close()


def _in_files(stack: Stack, canaries: Canaries, names: dict[str, str]) -> Iterator[Find]:
    root, postgres = stack.root, reachable_home(stack.root / "data")
    suspects = _holding(set().union(*canaries.things.values()), {root, postgres})
    for kind, owners in canaries.owners.items():
        for path in sorted(_holding(canaries.things[kind], suspects)):
            is_home = _database(path, postgres / "data", names) in owners
            is_shared_log = bool(owners) and "pg_wal" in path.parts  # of all databases
            if not (is_home or is_shared_log):
                yield Find(kind, str(path.relative_to(root) if path.is_relative_to(root) else path))


def _database(path: Path, data: Path, names: dict[str, str]) -> str | None:
    """Whose data a file of PostgreSQL holds."""
    parts = path.relative_to(data).parts if path.is_relative_to(data) else ()
    return names.get(parts[1]) if parts[:1] == ("base",) else None


def _holding(things: set[str], places: set[Path]) -> set[Path]:
    """The files with any of it, by one pass for all spellings. Kafka's indices are gigabytes of numbers and zeros."""
    if not places:
        return set()
    with NamedTemporaryFile() as patterns:
        patterns.write(b"\n".join(it for thing in things for it in spellings(thing)))
        patterns.flush()
        command = ["grep", "-rlaZF", "--exclude=*.index", "--exclude=*.timeindex", "-f", patterns.name]
        command += map(str, places)
        done = subprocess.run(command, capture_output=True, check=False, env={"LC_ALL": "C"})
    # A file that goes away meanwhile makes 2 of the exit code; what is there has been looked at all the same
    assert done.returncode in (0, 1, 2), done.stderr
    return {Path(name.decode()) for name in done.stdout.split(b"\0") if name}


async def _dump(dsn: str) -> bytes:
    """Every row as text: what PostgreSQL has compressed, too."""
    connection = await asyncpg.connect(dsn)
    try:
        tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        dumps = [await connection.fetch(f'SELECT t::text AS row FROM "{one["tablename"]}" t') for one in tables]
    finally:
        await connection.close()
    rows = "\n".join(row["row"] for dump in dumps for row in dump)
    return rows.encode() + bytes.fromhex("".join(_hexadecimal(rows)))


def _hexadecimal(rows: str) -> Iterator[str]:
    """What bytea columns hold: shown as `\\x...` in hexadecimal digits."""
    for part in rows.split("\\x")[1:]:
        digits = part[: len(part) - len(part.lstrip("0123456789abcdef"))]
        yield digits[: len(digits) // 2 * 2]


def _records(stack: Stack) -> dict[str, bytes]:
    """All that the topics hold, keys and headers too, as the broker unpacks it."""
    settings = client_settings(stack.kafka, ("admin", stack.kafka_passwords["admin"]))
    own = {"group.id": "canaries", "enable.auto.commit": False, "enable.partition.eof": True, "log_level": 0}
    client = Consumer(settings | own)
    try:
        listed = client.list_topics(timeout=PATIENCE).topics
        places = [(name, one) for name in listed if not name.startswith("__") for one in listed[name].partitions]
        return _read(client, places)
    finally:
        client.close()


def _read(client: Consumer, places: Sequence[tuple[str, int]]) -> dict[str, bytes]:
    left, pieces = set(places), defaultdict[str, list[bytes]](list)
    client.assign([TopicPartition(*place, 0) for place in places])
    deadline = monotonic() + PATIENCE
    while left:
        assert monotonic() < deadline, f"nothing comes from {left}"
        for message in client.consume(500, timeout=0.1):
            topic, error = str(message.topic()), message.error()
            if error is None:
                headers: Any = message.headers() or []
                parts = [message.key(), message.value(), *(part for header in headers for part in header)]
                pieces[topic] += [part.encode() if isinstance(part, str) else part for part in parts if part]
            elif error.code() == KafkaError._PARTITION_EOF:
                left.discard((topic, message.partition() or 0))
    return {topic: b"\n".join(found) for topic, found in pieces.items()}
