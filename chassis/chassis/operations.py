"""What operators ask of a running service, by command and by HTTP: its outbox, its lag, its dead letters; and to read
events again from a time, when a reaction was wrong and is mended."""

import argparse
import sys
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import structlog
from aiokafka import TopicPartition
from ekis_contracts.fields import Body
from fastapi import APIRouter, Depends
from pydantic import AwareDatetime, BaseModel, TypeAdapter, ValidationError
from starlette.requests import Request

from chassis import deadletters
from chassis.auth import Caller, Rights
from chassis.db import Tx
from chassis.errors import Busy, Invalid
from chassis.kafka import Broker
from chassis.paging import BY_SERIAL, InPage, after

log = structlog.get_logger()

RIGHTS = Rights(
    {
        "admin": {"operation": {"read": "any", "replay": "any"}},
        "security": {"operation": {"read": "any"}},
    }
)

_OUTBOX = """SELECT (SELECT count(*) FROM (SELECT FROM outbox LIMIT 100000) AS held) AS waiting,
(SELECT extract(epoch FROM $1::timestamptz - at)::float8 FROM outbox ORDER BY position LIMIT 1) AS oldest_seconds"""
_REPLAYS = "SELECT topic, partition, since, until, at FROM replay ORDER BY topic, partition"
_FORGET = "DELETE FROM inbox WHERE topic = $1 AND partition = $2 AND position >= $3 AND position < $4"
_WISH = """INSERT INTO replay AS wish (topic, partition, since, until, at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (topic, partition) DO UPDATE SET since = least(wish.since, excluded.since),
    until = greatest(wish.until, excluded.until), at = excluded.at"""


async def standing(runtime: Any) -> dict[str, Any]:
    """`outbox: {waiting, oldest_seconds}`, `dead_letters`, `replays`, `lag: {topic: events}`, which is null while the
    broker is away. `waiting` stops counting at 100,000."""
    async with runtime.database.transaction() as tx:
        outbox = dict(await tx.fetchrow(_OUTBOX, tx.now))
        letters = await deadletters.count(tx)
        replays = [dict(row) for row in await tx.fetch(_REPLAYS)]
    try:
        lag = await Broker(runtime.settings, runtime.service).lag(runtime.topics)
    except Broker.failures:
        lag = None
    return {"outbox": outbox, "dead_letters": letters, "replays": replays, "lag": lag}


async def replay(runtime: Any, since: datetime, topic: str | None) -> list[str]:
    """Forget that events since then were taken in, and let whoever consumes them go back there; returns the topics.

    Whatever a reaction did before it does again: states come out the same, and effects are guarded by their own rows.
    Raises Invalid for a topic that the service does not react to.
    """
    if topic is not None and topic not in runtime.topics:
        raise Invalid("topic-unknown", "/topic", topics=", ".join(runtime.topics))
    topics = [topic] if topic else runtime.topics
    places = await Broker(runtime.settings, runtime.service).since(topics, since)
    async with runtime.database.transaction() as tx:
        for place, (begin, end) in places.items():
            await _go_back(tx, place, begin, end)
    log.warning("replay-asked", topics=topics, since=since.isoformat())
    return sorted({place.topic for place in places})


async def _go_back(tx: Tx, place: TopicPartition, begin: int, end: int) -> None:
    await tx.execute(_FORGET, place.topic, place.partition, begin, end)
    await tx.execute(_WISH, place.topic, place.partition, begin, end, tx.now)


async def show(runtime: Any, _: Sequence[str]) -> None:
    """`status`: one line a fact."""
    now = await standing(runtime)
    oldest = now["outbox"]["oldest_seconds"] or 0
    print(f"outbox: {now['outbox']['waiting']} waiting, the oldest for {oldest:.1f} s")  # noqa: T201
    print(f"dead letters: {now['dead_letters']}")  # noqa: T201
    if now["lag"] is None:
        print("lag: unknown, the broker is away")  # noqa: T201
    for topic, events in (now["lag"] or {}).items():
        print(f"lag {topic}: {events}")  # noqa: T201
    for wish in now["replays"]:
        print(f"replay {wish['topic']}/{wish['partition']}: {wish['since']} to {wish['until']}")  # noqa: T201


async def command(runtime: Any, rest: Sequence[str]) -> None:
    """`replay --since TIME [--topic TOPIC]`; TIME is RFC 3339."""
    parser = argparse.ArgumentParser(prog=f"{runtime.service} replay")
    parser.add_argument("--since", required=True, help="RFC 3339, such as 2026-11-25T08:00:00+03:00")
    parser.add_argument("--topic", choices=runtime.topics)
    args = parser.parse_args(rest)
    try:
        since = TypeAdapter(AwareDatetime).validate_python(args.since)
    except ValidationError:
        sys.exit(f"--since {args.since}: write it as 2026-11-25T08:00:00+03:00")
    topics = await replay(runtime, since, args.topic)
    print(f"read again since {since.isoformat()}: {', '.join(topics) or 'nothing, no event is as young'}")  # noqa: T201


router = APIRouter(prefix="/operations", tags=["operations"])


def _runtime(request: Request) -> Any:
    return request.app.state.runtime


InOperation = Annotated[Any, Depends(_runtime)]


class ReplayIn(Body):
    """Since when, and of which topic; all that the service reacts to without one."""

    since: AwareDatetime
    topic: str | None = None


class LetterOut(BaseModel):
    """A dead letter: where its record stood, and why it could not be taken in after how many attempts."""

    id: int
    at: datetime
    topic: str
    partition: int
    position: int
    reason: str
    attempts: int


class Letters(BaseModel):
    """A page of them."""

    items: list[LetterOut]
    next: str | None


class OutboxOut(BaseModel):
    """Events that the broker has not taken yet, and since how many seconds the oldest of them waits."""

    waiting: int
    oldest_seconds: float | None


class ReplayOut(BaseModel):
    """A partition that is read again: positions from `since`, and all is done at `until`."""

    topic: str
    partition: int
    since: int
    until: int
    at: datetime


class StandingOut(BaseModel):
    """How the service keeps up; `lag` is events not yet taken in by topic, null while the broker is away."""

    outbox: OutboxOut
    dead_letters: int
    replays: list[ReplayOut]
    lag: dict[str, int] | None


@router.get("")
async def read_standing(who: Caller, runtime: InOperation) -> StandingOut:
    """How the service keeps up."""
    RIGHTS.require(who, "read", "operation")
    return StandingOut.model_validate(await standing(runtime))


@router.get("/dead-letters", response_model=Letters)
async def list_dead_letters(who: Caller, runtime: InOperation, page: InPage) -> dict[str, Any]:
    """The newest first. What is in them is shown on the server only, by `dead-letters show`."""
    RIGHTS.require(who, "read", "operation")
    async with runtime.database.transaction() as tx:
        before = after(page, BY_SERIAL)
        rows = await deadletters.newest(tx, before[0] if before else None, page.limit)
    return page.answer([dict(row) for row in rows], "id")


@router.post("/replays", status_code=202)
async def ask_replay(body: ReplayIn, who: Caller, runtime: InOperation) -> dict[str, Any]:
    """Read events again from a time; `topics` are those that have any."""
    RIGHTS.require(who, "replay", "operation")
    try:
        return {"topics": await replay(runtime, body.since, body.topic)}
    except Broker.failures:
        raise Busy("broker-away", 30) from None
