"""SQL of acknowledgements: who has, who has not, who is to be reminded."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.db import Tx

from cabinet.documents.domain.documents import Document, Reminder, SchoolCount, Signature
from cabinet.people.domain import Account

# Somebody on the roll, or with a cabinet, whom the document asks; whoever was asked and is not here any more
_MATRIX = """
WITH asked AS MATERIALIZED (
    SELECT staff.staff_id AS person_id, account.account_id, staff.last_name, staff.first_name, staff.patronymic,
           staff.post, coalesce(account.state = 'open', false) AS has_cabinet
    FROM staff JOIN school USING (school_id)
         LEFT JOIN account ON account.school_id = $3 AND account.staff_id = staff.staff_id AND account.state <> 'erased'
    WHERE staff.school_id = $3 AND NOT nameless AND (until IS NULL OR until >= $4::date)
      AND audience_fits($5::jsonb, district, okrug, staff.school_id, staff.category, lower(staff.post))),
signed AS (
    SELECT DISTINCT ON (account_id) * FROM acknowledgement WHERE document_id = $1 AND no >= $2 AND school_id = $3
    ORDER BY account_id, no),
lines AS (
    SELECT person_id, false AS is_former, last_name, first_name, patronymic, post, has_cabinet,
           NULL::int AS former_no, signed.no, signed.at, sha256 FROM asked LEFT JOIN signed USING (account_id)
    UNION ALL
    SELECT account_id, true, last_name, first_name, patronymic, NULL, false, former_no, signed.no, signed.at, sha256
    FROM signed LEFT JOIN account USING (account_id)
    WHERE NOT EXISTS (SELECT FROM asked WHERE asked.account_id = signed.account_id))
SELECT * FROM (
    SELECT row_number() OVER (ORDER BY is_former, last_name, first_name, patronymic, former_no, person_id) AS place, *
    FROM lines
) AS placed WHERE place > $7 ORDER BY place LIMIT $6
"""


async def insert_acknowledgement(tx: Tx, document_id: UUID, no: int, by: Account, sha256: bytes) -> None:
    """Once for a version and a person."""
    sql = """
    INSERT INTO acknowledgement (document_id, no, account_id, school_id, at, sha256) VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT DO NOTHING
    """
    await tx.execute(sql, document_id, no, by.account_id, by.school_id, tx.now, sha256)


async def acknowledgement(tx: Tx, document_id: UUID, no: int, account_id: UUID) -> dict[str, Any] | None:
    """The evidence."""
    sql = "SELECT no, at, sha256 FROM acknowledgement WHERE document_id = $1 AND no = $2 AND account_id = $3"
    row = await tx.fetchrow(sql, document_id, no, account_id)
    return dict(row) if row else None


async def matrix(tx: Tx, it: Document, school_id: UUID, after: int, limit: int) -> list[Signature]:
    """Of one school, by name; those who are no longer there last."""
    audience = it.card.audience.model_dump_json()
    given = (it.document_id, it.required_no, school_id, tx.now.date(), audience, limit, after)
    return [Signature(**dict(row)) for row in await tx.fetch(_MATRIX, *given)]


async def count_by_school(tx: Tx, it: Document, after: UUID | None, limit: int) -> list[SchoolCount]:
    """Of all people with an open cabinet, school by school."""
    sql = """
    SELECT reader.school_id, school.short_name, count(*) AS asked, count(signed.account_id) AS acknowledged
    FROM reader LEFT JOIN school USING (school_id) LEFT JOIN (
        SELECT DISTINCT account_id FROM acknowledgement WHERE document_id = $1 AND no >= $2
    ) AS signed USING (account_id)
    WHERE audience_fits($3::jsonb, reader.district, reader.okrug, reader.school_id, reader.category, reader.post)
      AND reader.school_id IS NOT NULL AND ($4::uuid IS NULL OR reader.school_id > $4)
    GROUP BY reader.school_id, school.short_name ORDER BY reader.school_id LIMIT $5
    """
    given = (it.document_id, it.required_no, it.card.audience.model_dump_json(), after, limit)
    return [SchoolCount(**dict(row)) for row in await tx.fetch(sql, *given)]


async def count_all(tx: Tx, it: Document) -> tuple[int, int]:
    """How many people with an open cabinet are asked, and how many of them have acknowledged."""
    sql = """
    SELECT count(*) AS asked, count(signed.account_id) AS acknowledged FROM reader LEFT JOIN (
        SELECT DISTINCT account_id FROM acknowledgement WHERE document_id = $1 AND no >= $2
    ) AS signed USING (account_id)
    WHERE audience_fits($3::jsonb, reader.district, reader.okrug, reader.school_id, reader.category, reader.post)
    """
    row = await tx.fetchrow(sql, it.document_id, it.required_no, it.card.audience.model_dump_json())
    assert row is not None
    return row["asked"], row["acknowledged"]


async def insert_reminders(tx: Tx, it: Document, moments: Sequence[datetime]) -> None:
    """For the version that is required now."""
    sql = "INSERT INTO document_reminder (document_id, no, at) SELECT $1, $2, unnest($3::timestamptz[])"
    await tx.execute(sql, it.document_id, it.required_no, list(moments))


async def due_reminder_for_update(tx: Tx) -> Reminder | None:
    """One that nobody else has in hand."""
    sql = """
    SELECT document_id, no, at, told_through FROM document_reminder WHERE told_at IS NULL AND at <= $1
    ORDER BY at LIMIT 1 FOR UPDATE SKIP LOCKED
    """
    row = await tx.fetchrow(sql, tx.now)
    return Reminder(**dict(row)) if row else None


async def unsigned_page(tx: Tx, it: Document, after: UUID, limit: int) -> list[UUID]:
    """The next accounts that are asked and have not acknowledged."""
    sql = """
    SELECT account_id FROM reader
    WHERE account_id > $4 AND audience_fits($3::jsonb, district, okrug, school_id, category, post) AND NOT EXISTS (
        SELECT FROM acknowledgement AS mark
        WHERE mark.document_id = $1 AND mark.account_id = reader.account_id AND mark.no >= $2)
    ORDER BY account_id LIMIT $5
    """
    audience = it.card.audience.model_dump_json()
    rows = await tx.fetch(sql, it.document_id, it.required_no, audience, after, limit)
    return [row["account_id"] for row in rows]


async def save_reminder(tx: Tx, it: Reminder, through: UUID | None) -> None:
    """How far it has got; None: to the end."""
    sql = """
    UPDATE document_reminder SET told_through = coalesce($4, told_through), told_at = $5
    WHERE document_id = $1 AND no = $2 AND at = $3
    """
    await tx.execute(sql, it.document_id, it.no, it.at, through, None if through else tx.now)


async def acknowledged_by(tx: Tx, account_id: UUID) -> list[dict[str, Any]]:
    """What an account has acknowledged, and when."""
    sql = """
    SELECT number, title, no AS document_version, at AS acknowledged_at, encode(sha256, 'hex') AS file_sha256
    FROM acknowledgement JOIN document USING (document_id) WHERE account_id = $1 ORDER BY at
    """
    return [dict(row) for row in await tx.fetch(sql, account_id)]
