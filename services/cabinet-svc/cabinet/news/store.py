"""SQL of news."""

from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.db import Row, Tx
from ekis_contracts.values import Audience

from cabinet.news.domain import DEPARTMENT, Draft, Headline, News, PublicHeadline, State, Whose

_FITS = "audience_fits(audience, reader.district, reader.okrug, reader.school_id, reader.category, reader.post)"
_LATEST = "ORDER BY pinned DESC, published_at DESC, news_id DESC LIMIT $2"
_LEAD = 300  # letters of the text in a list
_SAVE = """
INSERT INTO news (news_id, board, author_id, state, title, body, audience, pinned, publish_at, published_at, version,
                  told, is_public)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
ON CONFLICT (news_id) DO UPDATE SET state = $4, title = $5, body = $6, audience = $7, pinned = $8, publish_at = $9,
    published_at = $10, version = $11, told = $12, is_public = $13
"""


async def save_news(tx: Tx, it: News) -> None:
    """As it is now."""
    written = (it.draft.title, it.draft.body, it.draft.audience.model_dump_json(), it.draft.pinned)
    times, counts = (it.publish_at, it.published_at), (it.version, it.told)
    await tx.execute(_SAVE, it.news_id, it.board, it.author_id, it.state, *written, *times, *counts, it.draft.is_public)


async def news(tx: Tx, news_id: UUID) -> News | None:
    """As it is."""
    row = await tx.fetchrow("SELECT * FROM news WHERE news_id = $1", news_id)
    return _news(row) if row else None


async def news_for_update(tx: Tx, news_id: UUID) -> News | None:
    """Locked."""
    row = await tx.fetchrow("SELECT * FROM news WHERE news_id = $1 FOR UPDATE", news_id)
    return _news(row) if row else None


async def due_for_update(tx: Tx) -> News | None:
    """An item whose moment has come and that nobody else has in hand."""
    sql = """
    SELECT * FROM news WHERE state = 'scheduled' AND publish_at <= $1 ORDER BY publish_at LIMIT 1
    FOR UPDATE SKIP LOCKED
    """
    row = await tx.fetchrow(sql, tx.now)
    return _news(row) if row else None


async def written(tx: Tx, board: UUID, state: State | None, before: UUID | None, limit: int) -> list[News]:
    """Everything on a board, the newest first."""
    sql = """
    SELECT * FROM news WHERE board = $1 AND ($2::text IS NULL OR state = $2) AND ($3::uuid IS NULL OR news_id < $3)
    ORDER BY news_id DESC LIMIT $4
    """
    return [_news(row) for row in await tx.fetch(sql, board, state, before, limit)]


async def lock_board(tx: Tx, board: UUID) -> None:
    """Who counts pins, and adds one, is alone."""
    await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"pins {board}")


async def count_pinned(tx: Tx, board: UUID, but: UUID) -> int:
    """Those that are out or will come out, without this one."""
    sql = """
    SELECT count(*) FROM news WHERE board = $1 AND news_id <> $2 AND pinned AND state IN ('scheduled', 'published')
    """
    count: int = await tx.fetchval(sql, board, but)
    return count


async def news_for_reader(tx: Tx, account_id: UUID, news_id: UUID) -> News | None:
    """A published item that is for this account."""
    sql = f"""
    SELECT news.* FROM reader JOIN news ON news_id = $2 AND board IN ('{DEPARTMENT}', reader.school_id)
    WHERE reader.account_id = $1 AND state = 'published' AND {_FITS}
    """  # noqa: S608 - conditions from above
    row = await tx.fetchrow(sql, account_id, news_id)
    return _news(row) if row else None


async def headlines(
    tx: Tx, account_id: UUID, before: tuple[bool, datetime, UUID] | None, limit: int, whose: Whose | None = None
) -> list[Headline]:
    """What is for this account, of both boards or of one: pinned first, then the newest."""
    boards = {"city": f"'{DEPARTMENT}'", "school": "reader.school_id"}
    asked = [board for name, board in boards.items() if whose in (None, name)]
    below = "AND (pinned, published_at, news_id) < ($3, $4, $5)" if before else ""
    of_board = f"""
    SELECT news_id, board, title, left(body, {_LEAD}) AS lead, pinned, published_at FROM news
    WHERE board = {{}} AND state = 'published' AND {_FITS} {below} {_LATEST}
    """  # noqa: S608 - conditions from above
    sql = f"""
    SELECT item.*, EXISTS (
        SELECT FROM news_read AS mark WHERE mark.news_id = item.news_id AND mark.account_id = $1) AS is_read
    FROM reader CROSS JOIN LATERAL (
        SELECT * FROM ({" UNION ALL ".join(f"({of_board.format(board)})" for board in asked)}) AS boards {_LATEST}
    ) AS item WHERE reader.account_id = $1 ORDER BY pinned DESC, published_at DESC, news_id DESC
    """  # noqa: S608 - conditions from above
    return [_headline(row) for row in await tx.fetch(sql, account_id, limit, *(before or ()))]


async def public_news(tx: Tx, news_id: UUID) -> News | None:
    """A published item that strangers read too."""
    sql = "SELECT * FROM news WHERE news_id = $1 AND is_public AND state = 'published'"
    row = await tx.fetchrow(sql, news_id)
    return _news(row) if row else None


async def public_headlines(tx: Tx, before: tuple[bool, datetime, UUID] | None, limit: int) -> list[PublicHeadline]:
    """What strangers read too: pinned first, then the newest."""
    below = "AND (pinned, published_at, news_id) < ($2, $3, $4)" if before else ""
    sql = f"""
    SELECT news_id, title, left(body, {_LEAD}) AS lead, pinned, published_at FROM news
    WHERE is_public AND state = 'published' {below} ORDER BY pinned DESC, published_at DESC, news_id DESC LIMIT $1
    """  # noqa: S608 - conditions from above
    return [PublicHeadline(**row) for row in await tx.fetch(sql, limit, *(before or ()))]


async def mark_read(tx: Tx, account_id: UUID, news_id: UUID) -> None:
    """Once is enough."""
    sql = "INSERT INTO news_read (news_id, account_id, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
    await tx.execute(sql, news_id, account_id, tx.now)


async def count_read(tx: Tx, news_id: UUID) -> int:
    """Who has opened it and has a cabinet still."""
    count: int = await tx.fetchval("SELECT count(*) FROM news_read WHERE news_id = $1", news_id)
    return count


async def delete_marks(tx: Tx, account_id: UUID) -> int:
    """How many there were."""
    return await tx.execute("DELETE FROM news_read WHERE account_id = $1", account_id)


async def marks(tx: Tx, account_id: UUID) -> list[dict[str, Any]]:
    """What an account has read, and when."""
    sql = """
    SELECT news_id, title, at AS read_at FROM news_read JOIN news USING (news_id) WHERE account_id = $1 ORDER BY at
    """
    return [dict(row) for row in await tx.fetch(sql, account_id)]


async def written_by(tx: Tx, account_id: UUID) -> list[dict[str, Any]]:
    """What an account has written itself."""
    sql = "SELECT news_id, state, title, body, published_at FROM news WHERE author_id = $1 ORDER BY news_id"
    return [dict(row) for row in await tx.fetch(sql, account_id)]


def _news(row: Row) -> News:
    audience = Audience.model_validate_json(row["audience"])
    draft = Draft(row["title"], row["body"], audience, row["pinned"], row["is_public"])
    own = ("news_id", "board", "author_id", "state", "publish_at", "published_at", "version", "told")
    return News(draft=draft, **{field: row[field] for field in own})


def _headline(row: Row) -> Headline:
    shown = {field: row[field] for field in Headline.__dataclass_fields__ if field != "is_department"}
    return Headline(is_department=row["board"] == DEPARTMENT, **shown)
