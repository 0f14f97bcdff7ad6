"""One service's database: a pool, transactions that the application never ends by itself, signals after a commit."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

import asyncpg
import structlog
import uuid_utils.compat
from ekis_contracts import Seals

from chassis.crash import crash_point

log = structlog.get_logger()

Row = asyncpg.Record
Outgoing = tuple[UUID, str, str, bytes, str]  # id, topic, key, value and headers of a row of the outbox
OUTBOX = "outbox"
utc_now = partial(datetime.now, UTC)  # the clock of production

# Classes and codes of SQLSTATE that another try may heal (PostgreSQL manual, appendix A); 57014 is a cancelled query.
_TRANSIENT_CLASSES = ("08", "40", "53", "57", "58")
_TRANSIENT_CODES = ("25006", "55P03")

_COLUMNS = ("id", "topic", "key", "value", "headers")
_INSERT = "INSERT INTO outbox (id, topic, key, value, headers) VALUES ($1, $2, $3, $4, $5)"
_MANY = 20  # rows that are cheaper to COPY


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562): ascending in time, so that indexes grow at one end."""
    return uuid_utils.compat.uuid7()


def is_transient(error: BaseException) -> bool:
    """Whether the database is away or busy, and the same work may succeed later."""
    if isinstance(error, asyncpg.PostgresError):
        state = getattr(error, "sqlstate", None) or ""
        return (state[:2] in _TRANSIENT_CLASSES and state != "57014") or state in _TRANSIENT_CODES
    away = OSError | TimeoutError | asyncpg.InterfaceError | asyncpg.InternalClientError
    return isinstance(error, away) and not isinstance(error, ValueError)  # that is a refused parameter


@contextmanager
def suppress_transient() -> Iterator[None]:
    """Swallow, with a line in the log, what another try may heal."""
    try:
        yield
    except Exception as error:
        if not is_transient(error):
            raise
        log.warning("database-away", reason=type(error).__name__)


class Tx:
    """An open transaction with asyncpg's ways to ask. `now` is one moment for all of it; `outgoing` leaves with it."""

    def __init__(self, connection: Any, database: "Database") -> None:
        self._connection = connection
        self.fetch: Callable[..., Awaitable[list[Row]]] = connection.fetch
        self.fetchrow: Callable[..., Awaitable[Row | None]] = connection.fetchrow
        self.fetchval: Callable[..., Awaitable[Any]] = connection.fetchval
        self.copy: Callable[..., Awaitable[str]] = connection.copy_records_to_table
        self.service, self.seals, self.secret = database.service, database.seals, database.secret
        self.schemas = database.schemas
        self.now = database.clock()
        self.outgoing: list[Outgoing] = []
        self.signals: set[str] = set()

    async def execute(self, sql: str, *args: Any) -> int:
        """The number of rows touched."""
        status: str = await self._connection.execute(sql, *args)
        count = status.rpartition(" ")[2]
        return int(count) if count.isdigit() else 0

    def wake(self, signal: str) -> None:
        """Wake the loop of that name in this process once this transaction is committed."""
        self.signals.add(signal)

    async def flush(self) -> None:
        """Insert what was published, last of all: every lock is held by now, so positions ascend as commits do."""
        if not self.outgoing:
            return
        if len(self.outgoing) < _MANY:
            await self._connection.executemany(_INSERT, self.outgoing)
        else:
            await self.copy(OUTBOX, columns=_COLUMNS, records=self.outgoing)
        self.wake(OUTBOX)


@dataclass
class Database:
    """The pool of one service with its seals, its clock and the secret under which it derives and compares its own."""

    service: str
    pool: "asyncpg.Pool[Row]"
    seals: Seals
    clock: Callable[[], datetime] = utc_now
    secret: bytes = b""
    schemas: str | None = None  # where the JSON Schemas of events are served
    signals: defaultdict[str, asyncio.Event] = field(default_factory=lambda: defaultdict(asyncio.Event))
    away = False  # while somebody waits for it in `persist`

    async def persist(self, work: Callable[..., Awaitable[None]], *args: Any, **options: Any) -> None:
        """Do the work, waiting in place, 5 s between tries at most, as long as the database is away."""
        pause = 0.1
        while True:
            with suppress_transient():
                await work(*args, **options)
                self.away = False
                return
            self.away = True
            await asyncio.sleep(pause)
            pause = min(pause * 2, 5.0)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Tx]:
        """Commits with its events when the body ends, rolls back when it raises."""
        async with self.pool.acquire() as connection:
            async with connection.transaction():
                tx = Tx(connection, self)
                yield tx
                await tx.flush()
            if tx.outgoing:
                crash_point("after-commit")
        for signal in tx.signals:
            self.signals[signal].set()


async def connect(dsn: str, service: str, size: int) -> "asyncpg.Pool[Row]":
    """A pool whose sessions cannot hang for ever. Returned connections need no reset: transactions always end."""

    async def keep(_: Any) -> None: ...

    settings = {"idle_in_transaction_session_timeout": "60s", "statement_timeout": "30s", "timezone": "UTC"}
    options: dict[str, Any] = {"server_settings": settings | {"application_name": service}, "command_timeout": 60}
    return await asyncpg.create_pool(dsn, min_size=1, max_size=size, reset=keep, **options)
