"""SQL of notices and of inboxes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.db import Row, Tx
from ekis_contracts.values import Audience

from cabinet.notices.domain import CITY, Item, Notice, Unread, Untold

# What lies in the inbox of the `reader` of the statement
_SEEN = f"""
notice_reach JOIN notice USING (notice_id)
WHERE place IN ('{CITY}', reader.school_id, reader.account_id) AND until > $1 AND (audience IS NULL
      OR audience_fits(audience, reader.district, reader.okrug, reader.school_id, reader.category, reader.post))
"""
_IS_READ = "EXISTS (SELECT FROM notice_read AS mark WHERE mark.account_id = reader.account_id AND mark.notice_id = {})"
_UNREAD = f"{_SEEN} AND NOT {_IS_READ.format('notice.notice_id')}"


async def insert_notice(tx: Tx, notice_id: UUID, it: Notice, audience: Audience | None) -> None:
    """Without anybody it reaches yet."""
    sql = """
    INSERT INTO notice (notice_id, kind, about, title, page, due, at, until, audience)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    """
    whom = audience.model_dump_json() if audience else None
    said = (it.kind, it.about, it.title, it.page, it.due)
    await tx.execute(sql, notice_id, *said, tx.now, it.until(tx.now), whom)


async def insert_reach(tx: Tx, notice_id: UUID, places: Sequence[UUID]) -> None:
    """Where it is looked for."""
    await tx.execute("INSERT INTO notice_reach SELECT DISTINCT unnest($2::uuid[]), $1::uuid", notice_id, list(places))


async def rename_notices(tx: Tx, about: UUID, title: str) -> None:
    """All about one thing."""
    await tx.execute("UPDATE notice SET title = $2 WHERE about = $1", about, title)


async def note_change(tx: Tx, places: Sequence[UUID]) -> None:
    """Inboxes here may hold something else now."""
    await tx.execute("INSERT INTO inbox_change (place) SELECT unnest($1::uuid[])", list(places))


async def changes(tx: Tx) -> dict[int, UUID]:
    """Those of the last half minute, with their places: a commit may come late, so there is no cursor."""
    sql = "SELECT change_id, place FROM inbox_change WHERE at > now() - interval '30 seconds'"
    return {row["change_id"]: row["place"] for row in await tx.fetch(sql)}


async def forget_changes(tx: Tx) -> int:
    """Those that every process has seen."""
    return await tx.execute("DELETE FROM inbox_change WHERE at < now() - interval '5 minutes'")


async def forget_notices(tx: Tx, limit: int) -> int:
    """Those that no longer matter, with all their marks."""
    sql = """
    DELETE FROM notice WHERE notice_id IN (
        SELECT notice_id FROM notice WHERE until < $1 AND told_at IS NOT NULL ORDER BY until LIMIT $2)
    """
    return await tx.execute(sql, tx.now, limit)


async def untold_for_update(tx: Tx) -> Untold | None:
    """The oldest notice that somebody has still to be told of and that nobody else has in hand."""
    sql = "SELECT * FROM notice WHERE told_at IS NULL ORDER BY notice_id LIMIT 1 FOR UPDATE SKIP LOCKED"
    row = await tx.fetchrow(sql)
    if row is None:
        return None
    audience = Audience.model_validate_json(row["audience"]) if row["audience"] else None
    return Untold(row["notice_id"], _notice(row), row["until"], audience, row["told_through"])


async def named_readers(tx: Tx, untold: Untold, limit: int) -> list[UUID]:
    """The next accounts of a notice that names them, as far as their cabinets are open."""
    sql = """
    SELECT account_id FROM notice_reach JOIN reader ON account_id = place
    WHERE notice_id = $1 AND place > $2 ORDER BY place LIMIT $3
    """
    return [row["account_id"] for row in await tx.fetch(sql, untold.notice_id, untold.told_through, limit)]


async def readers_page(tx: Tx, audience: Audience, after: UUID, limit: int) -> list[UUID]:
    """The next accounts of an audience whose cabinets are open, in the order of their ids."""
    sql = """
    SELECT account_id FROM reader
    WHERE account_id > $2 AND ($4::uuid[] IS NULL OR school_id = ANY ($4))
      AND audience_fits($1::jsonb, district, okrug, school_id, category, post)
    ORDER BY account_id LIMIT $3
    """
    schools = list(audience.school_ids) or None
    rows = await tx.fetch(sql, audience.model_dump_json(), after, limit, schools)
    return [row["account_id"] for row in rows]


async def count_readers(tx: Tx, audience: Audience) -> int:
    """How many open cabinets an audience has now."""
    sql = """
    SELECT count(*) FROM reader WHERE ($2::uuid[] IS NULL OR school_id = ANY ($2))
      AND audience_fits($1::jsonb, district, okrug, school_id, category, post)
    """
    count: int = await tx.fetchval(sql, audience.model_dump_json(), list(audience.school_ids) or None)
    return count


async def save_told(tx: Tx, untold: Untold, through: UUID | None) -> None:
    """How far the audience has been told; None: to the end."""
    sql = "UPDATE notice SET told_through = coalesce($2, told_through), told_at = $3 WHERE notice_id = $1"
    await tx.execute(sql, untold.notice_id, through, None if through else tx.now)


async def inbox_page(
    tx: Tx, account_id: UUID, before: UUID | None, limit: int, *, only_unread: bool = False
) -> list[Item]:
    """The newest first."""
    sql = f"""
    SELECT item.*, {_IS_READ.format("item.notice_id")} AS is_read FROM reader CROSS JOIN LATERAL (
        SELECT notice.* FROM {_UNREAD if only_unread else _SEEN} AND ($3::uuid IS NULL OR notice_id < $3)
        ORDER BY notice_id DESC LIMIT $4
    ) AS item WHERE reader.account_id = $2
    """  # noqa: S608 - conditions from above
    return [_item(row) for row in await tx.fetch(sql, tx.now, account_id, before, limit)]


async def unread(tx: Tx, asked: Sequence[tuple[UUID, datetime | None]]) -> list[Unread]:
    """For accounts, each with the moment since which it asks for what is new; zeros where no cabinet is open."""
    sql = f"""
    SELECT no, count(item.at) AS unread, count(item.at) FILTER (WHERE item.at > since) AS new, max(item.at) AS newest
    FROM unnest($2::uuid[], $3::timestamptz[]) WITH ORDINALITY AS asked (account_id, since, no)
    LEFT JOIN reader USING (account_id)
    LEFT JOIN LATERAL (SELECT notice.at FROM {_UNREAD} AND reader.account_id IS NOT NULL) AS item ON true
    GROUP BY no ORDER BY no
    """  # noqa: S608 - conditions from above
    rows = await tx.fetch(sql, tx.now, [one for one, _ in asked], [since for _, since in asked])
    return [Unread(row["unread"], row["new"], row["newest"]) for row in rows]


async def mark_read(tx: Tx, account_id: UUID, notice_id: UUID) -> bool:
    """Whether it lies in this inbox; marked it is."""
    sql = f"""
    WITH item AS (SELECT item.notice_id FROM reader CROSS JOIN LATERAL (
        SELECT notice_id FROM {_SEEN} AND notice_id = $3) AS item WHERE reader.account_id = $2),
    marked AS (INSERT INTO notice_read SELECT $2, notice_id, $1 FROM item ON CONFLICT DO NOTHING)
    SELECT EXISTS (SELECT FROM item)
    """  # noqa: S608 - conditions from above
    return bool(await tx.fetchval(sql, tx.now, account_id, notice_id))


async def mark_all_read(tx: Tx, account_id: UUID) -> int:
    """How many were not read before."""
    sql = f"""
    INSERT INTO notice_read SELECT $2, item.notice_id, $1
    FROM reader CROSS JOIN LATERAL (SELECT notice_id FROM {_UNREAD}) AS item WHERE reader.account_id = $2
    ON CONFLICT DO NOTHING
    """  # noqa: S608 - conditions from above
    return await tx.execute(sql, tx.now, account_id)


async def mark_read_about(tx: Tx, account_id: UUID, about: UUID) -> int:
    """What has been seen on its own page."""
    sql = f"""
    INSERT INTO notice_read SELECT $2, item.notice_id, $1
    FROM reader CROSS JOIN LATERAL (SELECT notice_id FROM {_UNREAD} AND about = $3) AS item
    WHERE reader.account_id = $2 ON CONFLICT DO NOTHING
    """  # noqa: S608 - conditions from above
    return await tx.execute(sql, tx.now, account_id, about)


async def withdraw_notices(tx: Tx, about: UUID) -> list[UUID]:
    """Nobody sees what is gone any more. Returns where it was looked for."""
    sql = """
    WITH gone AS (DELETE FROM notice WHERE about = $1 RETURNING notice_id)
    SELECT DISTINCT place FROM notice_reach JOIN gone USING (notice_id)
    """
    return [row["place"] for row in await tx.fetch(sql, about)]


async def withdraw_all_notices(tx: Tx, about: Sequence[UUID]) -> list[UUID]:
    """The same of many things."""
    sql = """
    WITH gone AS (DELETE FROM notice WHERE about = ANY ($1::uuid[]) RETURNING notice_id)
    SELECT DISTINCT place FROM notice_reach JOIN gone USING (notice_id)
    """
    return [row["place"] for row in await tx.fetch(sql, list(about))]


async def known_of(tx: Tx, account_id: UUID) -> list[dict[str, Any]]:
    """What lies in the inbox, and when it was read."""
    sql = f"""
    SELECT item.kind, item.title, item.page, item.due, item.at, mark.at AS read_at
    FROM reader CROSS JOIN LATERAL (SELECT notice.* FROM {_SEEN}) AS item
         LEFT JOIN notice_read AS mark ON mark.account_id = $2 AND mark.notice_id = item.notice_id
    WHERE reader.account_id = $2 ORDER BY item.notice_id
    """  # noqa: S608 - conditions from above
    return [dict(row) for row in await tx.fetch(sql, tx.now, account_id)]


async def delete_inbox(tx: Tx, account_id: UUID) -> int:
    """Marks and what was for this account alone. How many there were."""
    sql = """
    WITH marks AS (DELETE FROM notice_read WHERE account_id = $1 RETURNING 1),
    items AS (DELETE FROM notice_reach WHERE place = $1 RETURNING 1)
    SELECT (SELECT count(*) FROM marks) + (SELECT count(*) FROM items)
    """
    count: int = await tx.fetchval(sql, account_id)
    return count


def _notice(row: Row) -> Notice:
    return Notice(row["kind"], row["about"], row["title"], row["page"], row["due"])


def _item(row: Row) -> Item:
    return Item(**{field: row[field] for field in Item.__dataclass_fields__})
