"""Dead letters: records that could not be taken in, bytes untouched, until a person replays or drops them."""

import argparse
import base64
import json
import sys
from collections.abc import Awaitable, Callable, Sequence

from ekis_contracts import Record

from chassis.db import Database, Row, Tx
from chassis.telemetry import DEAD_LETTERS, failure

_BURY = """INSERT INTO dead_letter (topic, partition, position, key, value, headers, reason, attempts)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (topic, partition, position) DO NOTHING"""
_LIST = "SELECT id, at, topic, partition, position, reason, attempts FROM dead_letter ORDER BY id LIMIT 200"
_NEWEST = """SELECT id, at, topic, partition, position, reason, attempts FROM dead_letter
WHERE id < coalesce($1, 9223372036854775807) ORDER BY id DESC LIMIT $2"""


async def bury(tx: Tx, record: Record, reason: str, attempts: int) -> None:
    """Put the record aside; twice the same is once."""
    headers = json.dumps([[name, base64.b64encode(value).decode()] for name, value in record.headers])
    place = (record.topic, record.partition, record.position)
    await tx.execute(_BURY, *place, record.key, record.value, headers, reason, attempts)
    DEAD_LETTERS.labels(record.topic, reason.partition(" ")[0]).inc()


async def count(tx: Tx) -> int:
    """How many there are: each waits for a person, so there are few."""
    return int(await tx.fetchval("SELECT count(*) FROM dead_letter"))


async def newest(tx: Tx, before: int | None, limit: int) -> list[Row]:
    """The newest first, without what is in them."""
    return await tx.fetch(_NEWEST, before, limit)


async def _record(tx: Tx, letter_id: int) -> Record:
    row = await tx.fetchrow("SELECT * FROM dead_letter WHERE id = $1", letter_id)
    if row is None:
        sys.exit(f"no dead letter {letter_id}: `dead-letters list` shows them")
    headers = [(name, base64.b64decode(value)) for name, value in json.loads(row["headers"])]
    return Record(row["topic"], row["key"], row["value"], headers, row["partition"], row["position"])


async def command(database: Database, replay: Callable[[Record], Awaitable[None]], rest: Sequence[str]) -> None:
    """`dead-letters list | show ID | replay ID | drop ID`. Sealed parts stay sealed."""
    parser = argparse.ArgumentParser(prog=f"{database.service} dead-letters")
    parser.add_argument("verb", choices=["list", "show", "replay", "drop"])
    parser.add_argument("id", nargs="?", type=int, default=0)
    args = parser.parse_args(rest)
    async with database.transaction() as tx:
        if args.verb == "list":
            return print(*[" ".join(map(str, row)) for row in await tx.fetch(_LIST)], sep="\n")  # noqa: T201
        record = await _record(tx, args.id)
        if args.verb == "show":
            headers = [f"{name}: {value.decode(errors='replace')}" for name, value in record.headers]
            return print(*headers, "", (record.value or b"").decode(errors="replace"), sep="\n")  # noqa: T201
        if args.verb == "replay":
            try:
                await replay(record)
            except Exception as error:  # noqa: BLE001 - whatever hinders it is told, and it stays
                sys.exit(f"{args.id}: still cannot be taken in, and stays: {failure(error)}")
        await tx.execute("DELETE FROM dead_letter WHERE id = $1", args.id)
        return print(f"{args.id}: {args.verb} done")  # noqa: T201
