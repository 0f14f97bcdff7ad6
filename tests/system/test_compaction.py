"""A first copy after the broker's own cleaner has truly thrown old records away: what is left is the whole state."""

import asyncio
import json
import runpy
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from city import DOCS
from confluent_kafka import Producer
from confluent_kafka.admin import AlterConfigOpType, ConfigEntry, ConfigResource
from ekis_contracts.examples import example
from ekis_contracts.registry import SchoolState
from ekis_kafka.broker import admin_of, client_settings, settle
from ekis_local.kafka import temporary_kafka
from records import record_of
from topics import Witness
from waiting import until

TOPIC = SchoolState.topic
AT_ONCE = {"segment.ms": "200", "min.cleanable.dirty.ratio": "0.001", "max.compaction.lag.ms": "500"}
SCHOOLS, VERSIONS = 30, 20


def configured(settings: dict[str, str | int | float | bool]) -> None:
    """Segments end at once and are cleaned at once; the cleaner looks every second instead of every fifteen."""
    admin = admin_of(settings)
    where = {
        (ConfigResource.Type.TOPIC, TOPIC): AT_ONCE,
        (ConfigResource.Type.BROKER, "1"): {"log.cleaner.backoff.ms": "1000"},
    }
    resources = [
        ConfigResource(
            kind,
            name,
            incremental_configs=[
                ConfigEntry(key, value, incremental_operation=AlterConfigOpType.SET) for key, value in wanted.items()
            ],
        )
        for (kind, name), wanted in where.items()
    ]
    settle(admin.incremental_alter_configs(resources).values())


class Told:
    """Schools that have been said again and again, and what was said of each last."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self.producer = Producer(settings)
        self.schools = [uuid4() for _ in range(SCHOOLS)]
        self.last: dict[str, tuple[int, dict[str, Any]]] = {}
        self.sent = 0

    def say(self, school_id: UUID) -> None:
        version = self.last.get(str(school_id), (0, {}))[0] + 1
        given = {**example(SchoolState), "school_id": str(school_id), "short_name": f"Школа в состоянии {version}"}
        record = record_of(SchoolState.model_validate(given), version=version)
        headers: dict[str, str | bytes | None] = dict(record.headers)
        self.producer.produce(TOPIC, record.value, record.key, headers=headers)
        self.last[str(school_id)] = version, json.loads(record.value or b"")
        self.sent += 1

    def say_all(self) -> None:
        for school_id in self.schools:
            self.say(school_id)
        self.producer.flush()


def copied(settings: dict[str, Any], file: Path) -> dict[str, tuple[int, dict[str, Any]]]:
    follow = runpy.run_path(str(DOCS / "subscribe" / "subscriber.py"))["follow"]
    with closing(sqlite3.connect(file)) as db:
        follow(db, settings | {"group.id": "copy"}, once=True)
        rows = db.execute("SELECT key, version, data FROM state").fetchall()
        assert db.execute("SELECT count(*) FROM aside").fetchone() == (0,)
    return {key: (version, json.loads(data)) for key, version, data in rows}


async def test_a_first_copy_after_compaction_is_the_whole_state(tmp_path: Path) -> None:
    async with temporary_kafka() as kafka:
        settings = client_settings(kafka.address, kafka.admin)
        configured(settings)
        told, witness = Told(settings), Witness(kafka, "none")
        for _ in range(VERSIONS):
            told.say_all()
        before = await asyncio.to_thread(copied, settings, tmp_path / "before.sqlite")
        assert before == told.last

        async def is_cleaned() -> bool:
            told.say_all()  # a segment ends when the next record comes
            ends = await witness.ends(TOPIC)
            return len(await witness.between(dict.fromkeys(ends, 0), ends)) < told.sent // 2

        await until(is_cleaned, "the cleaner has thrown old records away", seconds=90, every=1)
        for file in ("after.sqlite", "before.sqlite"):  # a new copy, and one that goes on past what is gone
            assert await asyncio.to_thread(copied, settings, tmp_path / file) == told.last
