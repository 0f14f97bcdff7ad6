"""Write news, let it come out, and note who has read it."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from chassis.errors import Conflict, NotFound
from chassis.outbox import Tx, new_id, publish
from ekis_contracts.cabinet import NewsPublished

from cabinet.news import store
from cabinet.news.domain import DEPARTMENT, MOST_PINNED, Draft, News
from cabinet.notices.actions import address_notice, read_notices_about, rename_notices, withdraw_notices
from cabinet.notices.domain import Notice, in_lower_case
from cabinet.people.actions import require_writable


async def write_news(tx: Tx, board: UUID, author_id: UUID, draft: Draft) -> News:
    """A draft, which nobody else sees. Raises Invalid, Conflict at a closed school."""
    await _require_board(tx, board, author_id)
    news = News(new_id(), board, author_id, _on(draft, board))
    await store.save_news(tx, news)
    return news


async def news_for_update(tx: Tx, news_id: UUID, board: UUID, author_id: UUID) -> News:
    """An item of this board, locked. Raises NotFound for another board's, Conflict at a closed school."""
    news = await store.news_for_update(tx, news_id)
    if news is None or news.board != board:
        raise NotFound
    await _require_board(tx, board, author_id)
    return news


async def edit_news(tx: Tx, news: News, draft: Draft) -> News:
    """Another text; who is told of an item that is out is told again if the pin has changed."""
    edited = news.edited(_on(draft, news.board))
    if edited.state == "published" and edited.draft.pinned != news.draft.pinned:
        edited = _told(tx, edited)
    if edited.draft.title != news.draft.title:
        await rename_notices(tx, news.news_id, edited.draft.title)
    return await _saved(tx, edited)


async def schedule_news(tx: Tx, news: News, at: datetime) -> News:
    """It comes out by itself then."""
    return await _saved(tx, news.scheduled(at, tx.now))


async def withdraw_news(tx: Tx, news: News) -> News:
    """A scheduled item is a draft again."""
    return await _saved(tx, replace(news.to("draft"), publish_at=None))


async def publish_news(tx: Tx, news: News) -> News:
    """Its audience reads it from now on, and is told."""
    published = _told(tx, news.published(tx.now))
    notice = Notice("news", news.news_id, news.draft.title, f"/news/{news.news_id}")
    await address_notice(tx, notice, published.draft.audience)
    return await _saved(tx, published)


async def archive_news(tx: Tx, news: News) -> News:
    """Nobody but its authors sees it any more, and no inbox leads to it."""
    await withdraw_notices(tx, news.news_id)
    return await _saved(tx, news.to("archived"))


async def publish_next_due(tx: Tx) -> bool:
    """Let an item out whose moment has come. Returns whether there was one."""
    news = await store.due_for_update(tx)
    if news is not None:
        await publish_news(tx, news)
    return news is not None


async def read_news(tx: Tx, account_id: UUID, news_id: UUID) -> News:
    """Open an item: it is read from now on, and so is its notice. Raises NotFound for what is not for this account."""
    news = await store.news_for_reader(tx, account_id, news_id)
    if news is None:
        raise NotFound
    await store.mark_read(tx, account_id, news_id)
    await read_notices_about(tx, account_id, news_id)
    return news


def _on(draft: Draft, board: UUID) -> Draft:
    draft = draft.on(board)
    return replace(draft, audience=in_lower_case(draft.audience))


def _told(tx: Tx, news: News) -> News:
    told = replace(news, told=news.told + 1)
    event = NewsPublished(news_id=news.news_id, audience=news.draft.audience, pinned=news.draft.pinned)
    publish(tx, event, told.told)
    return told


async def _saved(tx: Tx, news: News) -> News:
    saved = replace(news, version=news.version + 1)
    if saved.takes_a_pin:
        await store.lock_board(tx, saved.board)
        if await store.count_pinned(tx, saved.board, saved.news_id) >= MOST_PINNED:
            raise Conflict("too-many-pinned", most=MOST_PINNED)
    await store.save_news(tx, saved)
    return saved


async def _require_board(tx: Tx, board: UUID, author_id: UUID) -> None:
    if board != DEPARTMENT:
        await require_writable(tx, author_id)
