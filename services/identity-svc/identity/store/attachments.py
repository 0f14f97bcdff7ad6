"""Files of tickets. The bytes are read only to be handed out."""

from uuid import UUID

from chassis.outbox import Tx

from identity.domain.attachments import Attachment

_FIELDS = tuple(Attachment.__dataclass_fields__)
_LISTED = ", ".join(_FIELDS)
_INSERT = f"""
INSERT INTO support_attachment ({_LISTED}, content)
VALUES ({", ".join(f"${place}" for place in range(1, len(_FIELDS) + 2))})
"""  # noqa: S608 - names of our own columns
_OF_TICKET = "ticket_id IN (SELECT id FROM support_ticket WHERE id = $1 OR merged_into = $1)"


async def insert_attachment(tx: Tx, attachment: Attachment, content: bytes) -> None:
    """A file of a locked ticket."""
    await tx.execute(_INSERT, *(getattr(attachment, field) for field in _FIELDS), content)


async def count_attachments(tx: Tx, ticket_id: UUID) -> int:
    """How many files a ticket has."""
    count: int = await tx.fetchval("SELECT count(*) FROM support_attachment WHERE ticket_id = $1", ticket_id)
    return count


async def attachments(tx: Tx, ticket_id: UUID) -> list[Attachment]:
    """The files of a ticket and of those merged into it, oldest first."""
    sql = f"SELECT {_LISTED} FROM support_attachment WHERE {_OF_TICKET} ORDER BY id"  # noqa: S608
    return [Attachment(**row) for row in await tx.fetch(sql, ticket_id)]


async def attachment(tx: Tx, ticket_id: UUID, attachment_id: UUID) -> tuple[Attachment, bytes] | None:
    """One of them, with its bytes."""
    sql = f"SELECT * FROM support_attachment WHERE {_OF_TICKET} AND id = $2"  # noqa: S608
    row = await tx.fetchrow(sql, ticket_id, attachment_id)
    return (Attachment(**{field: row[field] for field in _FIELDS}), row["content"]) if row else None


async def forget_attachments(tx: Tx, ticket_id: UUID) -> None:
    """They go with the words."""
    await tx.execute("DELETE FROM support_attachment WHERE ticket_id = $1", ticket_id)
