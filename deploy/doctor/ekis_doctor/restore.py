"""`python -m ekis_doctor.restore SERVICE`: after a database came back from a backup, and before its service starts.

It reads what the service itself has said since, and makes the database know it: versions go on behind those that were
published, what was said already is not said again, rows come back as far as events hold them, and everything that was
cut off is cut off. What others have said since is told again by `replay`. The variables are the service's own, but
that the login at the broker is an administrator's, for a service may not read what it says.
"""

import argparse
import asyncio
import json
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import import_module
from typing import Any
from uuid import UUID

from chassis.db import Tx
from chassis.http import Runtime
from chassis.kafka import Broker, as_record
from chassis.revocation import revocation_writer, revoking_topics
from chassis.service import Service
from chassis.settings import SERVICES, ServiceSettings
from ekis_contracts import Record, Undecodable, catalogue, read_event

from ekis_doctor.speakers import SPEAKERS, Speaker

BEGINNING = datetime.fromtimestamp(0, UTC)
BATCH = 500
RECOVERING = ("registry", "identity", "notify")  # whose events tell more than versions: their actions.recovery


@dataclass
class Said:
    """What a service has said: the highest version of each key, the keys of each topic, and the events that its
    restored rows, of `known` versions, have not seen."""

    known: Mapping[UUID, int]
    newest: dict[UUID, int] = field(default_factory=dict)
    keys: defaultdict[str, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    missed: defaultdict[UUID, dict[int, Any]] = field(default_factory=lambda: defaultdict(dict))

    def take(self, record: Record, source: str) -> None:
        """Note an event, if the service has said it."""
        try:
            envelope, event = read_event(record)
        except Undecodable:
            return
        if envelope.source != source:
            return
        key, version = UUID(envelope.subject), envelope.sequence
        self.keys[event.topic].add(key)
        self.newest[key] = max(version, self.newest.get(key, 0))
        if version > self.known.get(key, 0) and (not event.compacted or version not in self.missed[key]):
            self.missed[key][version] = event  # a compacted twin repeats what the event beside it says


async def read_all(broker: Broker, topics: Sequence[str]) -> AsyncIterator[list[Record]]:
    """Everything that stands in these topics now, in batches."""
    places = await broker.since(topics, BEGINNING)
    client = broker.consumer(f"{broker.group}.restore", topics)
    await client.start()
    try:
        client.assign(list(places))
        for place, (begin, _) in places.items():
            client.seek(place, begin)
        left = set(places)
        while left:
            for batch in (await client.getmany(*left, timeout_ms=200, max_records=BATCH)).values():
                yield [as_record(message) for message in batch]
            left = {place for place in left if await client.position(place) < places[place][1]}
    finally:
        await client.stop()


async def restore(service: Service, settings: ServiceSettings) -> dict[str, int]:
    """Make the database know what the service has said since the backup. Returns what was done, counted by kind."""
    async with service.open(settings) as runtime:
        async with runtime.database.transaction() as tx:
            known = {key: said for one in SPEAKERS[service.name] for key, said in (await _versions(tx, one)).items()}
        said = await _listen(service.name, runtime, known)
        async with runtime.database.transaction() as tx:
            done = {"events not said again": await _drop_said(tx, said)}
            done["versions raised"] = sum([await _raise(tx, one, said) for one in SPEAKERS[service.name]])
            if service.name in RECOVERING:
                recover: Callable[..., Any] = import_module(f"{service.name}.actions.recovery").recover
                done |= await recover(tx, known, {key: list(it.items()) for key, it in said.missed.items()})
    return done


async def _listen(name: str, runtime: Runtime, known: Mapping[UUID, int]) -> Said:
    """Read what the service has said, and let the cut-off know whatever it missed."""
    own = {event.topic for event in catalogue().values() if name in event.producers}
    revoking, cut_off = set(revoking_topics()), revocation_writer(runtime.database)
    said = Said(known)
    async for batch in read_all(Broker(runtime.settings, name), sorted(own | revoking)):
        if batch[0].topic in revoking:
            await cut_off(batch)
        for record in batch if batch[0].topic in own else ():
            said.take(record, f"/{name}-svc")
    for key, events in said.missed.items():
        said.missed[key] = dict(sorted(events.items()))
    return said


async def _versions(tx: Tx, one: Speaker) -> dict[UUID, int]:
    rows = await tx.fetch(f"SELECT {one.key} AS key, {one.said} AS said FROM {one.table}")  # noqa: S608 - our own names
    return {row["key"]: row["said"] for row in rows}


async def _drop_said(tx: Tx, said: Said) -> int:
    """Rows of the outbox that had left before the backup was overtaken: versions of a key leave in their order."""
    rows = await tx.fetch("SELECT position, key, headers FROM outbox")
    old = [row["position"] for row in rows if _version(row["headers"]) <= said.newest.get(UUID(row["key"]), 0)]
    return await tx.execute("DELETE FROM outbox WHERE position = ANY ($1::bigint[])", old)


def _version(headers: str) -> int:
    return int(dict(json.loads(headers))["ce_sequence"])


async def _raise(tx: Tx, one: Speaker, said: Said) -> int:
    """Behind the highest that was published, or the next changes would be passed over as old."""
    made = sorted({key for topic in one.made_of for key in said.keys[topic]})
    insert = f"INSERT INTO {one.table} ({one.key}) SELECT unnest($1::uuid[]) ON CONFLICT DO NOTHING"
    await tx.execute(insert, made)
    update = f"""
    UPDATE {one.table} SET {one.said} = highest FROM unnest($1::uuid[], $2::bigint[]) AS told (about, highest)
    WHERE {one.key} = about AND {one.said} < highest
    """  # noqa: S608
    return await tx.execute(update, list(said.newest), list(said.newest.values()))


def main() -> None:
    """One line for each kind of thing that was done."""
    parser = argparse.ArgumentParser(prog="ekis_doctor.restore")
    parser.add_argument("service", choices=SERVICES)
    service: Service = import_module(f"{parser.parse_args().service}.__main__").service
    done = asyncio.run(restore(service, service.read_settings()))
    sys.stdout.write("".join(f"{service.name}: {what}: {count}\n" for what, count in done.items()))


if __name__ == "__main__":
    main()
