"""Keeps all schools and accounts of EKIS in a SQLite file: `python subscriber.py [--once] copy.sqlite`.

Reads the topics `schools` and `accounts` from their beginning and goes on as things change; with `--once` it ends where
they end now. Killed at any moment, it goes on where it was: what it knows and how far it has read are one transaction.

The broker is told by EKIS_KAFKA (host:port), EKIS_KAFKA_USER, EKIS_KAFKA_PASSWORD, and EKIS_KAFKA_CA (a file) for TLS.
"""

import argparse
import os
import sqlite3
import sys
from collections.abc import Sequence
from contextlib import closing
from typing import Any

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition
from ekis_contracts import Envelope, Event, Record, Undecodable, read_event
from ekis_contracts.identity import AccountStanding
from ekis_contracts.registry import SchoolState

TOPICS = (SchoolState.topic, AccountStanding.topic)
BATCH = 5000
WAIT = 0.05  # seconds for more, when there is less than a batch
PATIENCE = 10  # seconds for the broker's first answer

TABLES = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL; -- after a power cut the last of it is read again
CREATE TABLE IF NOT EXISTS state (
    topic TEXT, key TEXT, version INTEGER NOT NULL, data TEXT NOT NULL, PRIMARY KEY (topic, key)
);
CREATE TABLE IF NOT EXISTS change (
    id INTEGER PRIMARY KEY, topic TEXT NOT NULL, key TEXT NOT NULL, version INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS aside (
    topic TEXT, partition INTEGER, position INTEGER, reason TEXT NOT NULL, PRIMARY KEY (topic, partition, position)
);
CREATE TABLE IF NOT EXISTS position (
    topic TEXT, partition INTEGER, next INTEGER NOT NULL, PRIMARY KEY (topic, partition)
);
"""
NEWER = """
INSERT INTO state VALUES (?, ?, ?, ?) ON CONFLICT (topic, key) DO UPDATE
SET version = excluded.version, data = excluded.data WHERE excluded.version > state.version
"""

READING = {
    "enable.auto.commit": False,
    "auto.offset.reset": "earliest",
    "enable.partition.eof": True,
    "fetch.wait.max.ms": 50,  # so soon it is told that it has reached an end
    "log_level": 0,
    "error_cb": lambda error: sys.stderr.write(f"{error.str()}\n"),
}

Place = tuple[str, int]


def on_change(db: sqlite3.Connection, event: Event, envelope: Envelope) -> None:
    """Here your own work begins, with the fields of the event. What it writes into `db` is written exactly once."""
    row = event.topic, envelope.subject, envelope.sequence
    db.execute("INSERT INTO change (topic, key, version) VALUES (?, ?, ?)", row)


def take(db: sqlite3.Connection, message: Message) -> None:
    """One record. What comes again or late changes nothing; what is no event of ours is put aside for a person."""
    topic, partition, position = message.topic() or "", message.partition(), message.offset()
    headers: Any = message.headers() or []
    try:
        envelope, event = read_event(Record(topic, message.key(), message.value(), headers))
    except Undecodable as error:
        db.execute("INSERT OR IGNORE INTO aside VALUES (?, ?, ?, ?)", (topic, partition, position, str(error)))
        return
    row = topic, envelope.subject, envelope.sequence, envelope.data.decode()
    if db.execute(NEWER, row).rowcount:
        on_change(db, event, envelope)


def begin(db: sqlite3.Connection, client: Consumer) -> set[Place]:
    """Every partition from where the last transaction ended, a new one from its first record. Returns all of them."""
    known = {(topic, partition): place for topic, partition, place in db.execute("SELECT * FROM position")}
    listed = client.list_topics(timeout=PATIENCE).topics
    places = {(topic, partition) for topic in TOPICS for partition in listed[topic].partitions}
    client.assign([TopicPartition(*place, known.get(place, 0)) for place in places])
    return places


def settle(db: sqlite3.Connection, batch: Sequence[Message]) -> set[Place]:
    """What came and how far that is, in one transaction. Returns partitions that end here for now."""
    taken: dict[Place, int] = {}
    ended: set[Place] = set()
    with db:
        for message in batch:
            place, error = (message.topic() or "", message.partition() or 0), message.error()
            if error is None:
                take(db, message)
                taken[place] = (message.offset() or 0) + 1
            elif error.code() == KafkaError._PARTITION_EOF:
                ended.add(place)
            else:
                raise KafkaException(error)
        rows = [(*place, position) for place, position in taken.items()]
        db.executemany("INSERT OR REPLACE INTO position VALUES (?, ?, ?)", rows)
    return ended


def follow(db: sqlite3.Connection, settings: dict[str, str], *, once: bool) -> None:
    """Take in what there is and what comes. Raises KafkaException when the broker refuses."""
    db.executescript(TABLES)
    with closing(Consumer(settings | READING)) as client:
        left = begin(db, client)
        while left or not once:
            left -= settle(db, client.consume(BATCH, timeout=WAIT))


def broker() -> dict[str, str]:
    """How to reach the broker."""
    settings = {
        "bootstrap.servers": os.environ["EKIS_KAFKA"],
        "group.id": f"{os.environ['EKIS_KAFKA_USER']}.copy",  # the library wants a name; nothing is kept under it
        "security.protocol": "SASL_PLAINTEXT",
        "sasl.mechanism": "SCRAM-SHA-512",
        "sasl.username": os.environ["EKIS_KAFKA_USER"],
        "sasl.password": os.environ["EKIS_KAFKA_PASSWORD"],
    }
    if ca := os.environ.get("EKIS_KAFKA_CA"):
        settings |= {"security.protocol": "SASL_SSL", "ssl.ca.location": ca}
    return settings


def main() -> None:
    """Until it is ended, or with `--once` until all is read."""
    parser = argparse.ArgumentParser(prog="subscriber.py")
    parser.add_argument("file", help="the copy; made if there is none")
    parser.add_argument("--once", action="store_true", help="end where the topics end now")
    args = parser.parse_args()
    with closing(sqlite3.connect(args.file)) as db:
        try:
            follow(db, broker(), once=args.once)
        except KafkaException as error:
            sys.exit(f"EKIS_KAFKA={os.environ['EKIS_KAFKA']}: {error.args[0].str()}")
        counts = dict(db.execute("SELECT topic, count(*) FROM state GROUP BY topic"))
    sys.stdout.write("".join(f"{topic} {counts.get(topic, 0)}\n" for topic in TOPICS))


if __name__ == "__main__":
    main()
