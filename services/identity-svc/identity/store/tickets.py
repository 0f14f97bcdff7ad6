"""Support tickets and their threads."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.db import Row
from chassis.outbox import Tx, new_id

from identity.domain.tickets import Ticket

_COLUMNS = tuple(Ticket.__dataclass_fields__)
_PLACES = [f"${number}" for number in range(1, len(_COLUMNS) + 1)]
_LISTED = ", ".join(_COLUMNS)
_INSERT = f"INSERT INTO support_ticket ({_LISTED}, version) VALUES ({', '.join(_PLACES)}, 1)"  # noqa: S608
_SAVE = f"""
UPDATE support_ticket SET ({_LISTED}) = ({", ".join(_PLACES)}), version = version + ${len(_COLUMNS) + 1}
WHERE id = $1 RETURNING version
"""  # noqa: S608 - names of our own columns
_ADD = """
INSERT INTO support_message (id, ticket_id, at, author, by_account, private, text)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
# The thread of a ticket goes on from the threads of those that were merged into it
_THREAD = """
SELECT at, author, by_account, private, text FROM support_message
WHERE ticket_id IN (SELECT id FROM support_ticket WHERE id = $1 OR merged_into = $1) AND (NOT private OR $2)
ORDER BY id
"""


@dataclass(frozen=True, slots=True)
class Message:
    """A line of a thread; `by_account` is who of the desk wrote it. A private one is for the desk alone."""

    at: datetime
    author: str
    by_account: UUID | None
    private: bool
    text: str


def _ticket(row: Row) -> Ticket:
    return Ticket(**{column: row[column] for column in _COLUMNS})


def _values(ticket: Ticket) -> list[Any]:
    return [getattr(ticket, column) for column in _COLUMNS]


async def next_number(tx: Tx) -> int:
    """The next number of a ticket; gaps are no harm."""
    number: int = await tx.fetchval("SELECT nextval('support_ticket_number')")
    return number


async def skip_numbers(tx: Tx, last: int) -> None:
    """No number up to this one is given again."""
    await tx.execute("SELECT setval('support_ticket_number', greatest(nextval('support_ticket_number'), $1))", last)


async def insert_ticket(tx: Tx, ticket: Ticket) -> int:
    """A new ticket, which publishes one event; returns its version."""
    await tx.execute(_INSERT, *_values(ticket))
    return 1


async def save_ticket(tx: Tx, ticket: Ticket, *, raised: int = 0) -> int:
    """Keep the ticket; `raised` is how many events it publishes. Returns its version."""
    version: int = await tx.fetchval(_SAVE, *_values(ticket), raised)
    return version


async def ticket_numbered(tx: Tx, number: str) -> Ticket | None:
    """The ticket by its public number, as it is."""
    row = await tx.fetchrow("SELECT * FROM support_ticket WHERE number = $1", number)
    return _ticket(row) if row else None


async def ticket(tx: Tx, ticket_id: UUID) -> Ticket | None:
    """The ticket as it is."""
    row = await tx.fetchrow("SELECT * FROM support_ticket WHERE id = $1", ticket_id)
    return _ticket(row) if row else None


async def ticket_for_update(tx: Tx, ticket_id: UUID) -> Ticket | None:
    """The ticket under its row lock."""
    row = await tx.fetchrow("SELECT * FROM support_ticket WHERE id = $1 FOR UPDATE", ticket_id)
    return _ticket(row) if row else None


async def tickets_for_update(tx: Tx, ticket_ids: list[UUID]) -> dict[UUID, Ticket]:
    """Several under their row locks, in one order for all."""
    rows = await tx.fetch("SELECT * FROM support_ticket WHERE id = ANY ($1) ORDER BY id FOR UPDATE", ticket_ids)
    return {row["id"]: _ticket(row) for row in rows}


async def tickets(tx: Tx, wanted: Mapping[str, Any], after: UUID | None, limit: int) -> list[Ticket]:
    """The queue, the oldest first: `wanted` is state, kind or assigned_to. An index for each, hence no `OR NULL`."""
    given = {column: value for column, value in wanted.items() if value is not None}
    if after is not None:
        given["id >"] = after
    wheres = [f"{column if ' ' in column else f'{column} ='} ${place}" for place, column in enumerate(given, 1)]
    where = f"WHERE {' AND '.join(wheres)}" if wheres else ""
    sql = f"SELECT * FROM support_ticket {where} ORDER BY id LIMIT ${len(given) + 1}"  # noqa: S608 - our own names
    return [_ticket(row) for row in await tx.fetch(sql, *given.values(), limit)]


async def repoint_merged(tx: Tx, from_id: UUID, into_id: UUID) -> None:
    """What was merged into one ticket has been merged into another with it."""
    await tx.execute("UPDATE support_ticket SET merged_into = $2 WHERE merged_into = $1", from_id, into_id)


async def add_message(
    tx: Tx, ticket_id: UUID, author: str, text: str, *, by: UUID | None = None, private: bool = False
) -> None:
    """One more line of the thread."""
    await tx.execute(_ADD, new_id(), ticket_id, tx.now, author, by, private, text)


async def count_of_guest(tx: Tx, ticket_id: UUID) -> int:
    """How many of its lines the guest wrote."""
    sql = "SELECT count(*) AS said FROM support_message WHERE ticket_id = $1 AND author = 'guest'"
    ((said,),) = await tx.fetch(sql, ticket_id)
    return int(said)


async def thread(tx: Tx, ticket_id: UUID, *, private: bool) -> list[Message]:
    """What was written, oldest first; private notes only if they are asked for."""
    return [Message(**row) for row in await tx.fetch(_THREAD, ticket_id, private)]


async def forget_messages(tx: Tx, ticket_id: UUID) -> None:
    """The words of a thread go, with the notes about it."""
    await tx.execute("DELETE FROM support_message WHERE ticket_id = $1", ticket_id)


async def tickets_to_look(tx: Tx, limit: int) -> list[UUID]:
    """Those for which confirmations may have to be mailed."""
    sql = "SELECT id FROM support_ticket WHERE look_at <= $1 ORDER BY look_at LIMIT $2"
    return [row["id"] for row in await tx.fetch(sql, tx.now, limit)]


async def tickets_waiting_since(tx: Tx, moment: datetime, limit: int) -> list[UUID]:
    """Those whose guests have not answered since then."""
    sql = "SELECT id FROM support_ticket WHERE waits_since <= $1 ORDER BY waits_since LIMIT $2"
    return [row["id"] for row in await tx.fetch(sql, moment, limit)]


async def tickets_resolved_before(tx: Tx, moment: datetime, limit: int) -> list[UUID]:
    """Those that cannot be opened again."""
    sql = "SELECT id FROM support_ticket WHERE state = 'resolved' AND resolved_at <= $1 ORDER BY resolved_at LIMIT $2"
    return [row["id"] for row in await tx.fetch(sql, moment, limit)]


async def tickets_closed_before(tx: Tx, moment: datetime, limit: int) -> list[UUID]:
    """Those whose people are still known."""
    sql = "SELECT id FROM support_ticket WHERE email IS NOT NULL AND closed_at <= $1 ORDER BY closed_at LIMIT $2"
    return [row["id"] for row in await tx.fetch(sql, moment, limit)]
