"""News over HTTP: read by whom it is for, written by an editor for the city and by a head for the own school."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Self
from uuid import UUID

from chassis.auth import Caller, Principal
from chassis.errors import NotFound
from chassis.http import InTransaction, Once
from chassis.outbox import Tx
from chassis.paging import IfMatch, InPage, after, etag
from ekis_contracts.fields import Body, Line, Paragraphs
from ekis_contracts.values import Audience
from fastapi import APIRouter, Depends, Response
from pydantic import AwareDatetime, BaseModel, TypeAdapter

from cabinet.news import actions, store
from cabinet.news.domain import DEPARTMENT, Draft, News, State, Whose
from cabinet.notices import store as notices
from cabinet.notices.routes import AudienceIn
from cabinet.people import store as people
from cabinet.people.domain import require_open
from cabinet.people.routes import require_current
from cabinet.rights import RIGHTS

router = APIRouter(prefix="/news", tags=["news"])

_SHARED = "public, max-age=60"  # what is taken off the first page is gone a minute later
_BY_ID = TypeAdapter(tuple[UUID])
_BY_PLACE = TypeAdapter(tuple[bool, AwareDatetime, UUID])


class NewsIn(Body):
    """The whole item. A head's audience stays within the own school. `is_public`: strangers read it too."""

    title: Line
    body: Paragraphs
    audience: AudienceIn = AudienceIn()
    pinned: bool = False
    is_public: bool = False

    def draft(self) -> Draft:
        """As the domain takes it."""
        return Draft(self.title, self.body, self.audience.audience(), self.pinned, self.is_public)


class ScheduleIn(Body):
    """When it comes out."""

    publish_at: AwareDatetime


class NewsOut(BaseModel):
    """An item as its authors see it; `school_id` is empty for the department's."""

    news_id: UUID
    school_id: UUID | None
    state: State
    title: str
    body: str
    audience: Audience
    pinned: bool
    is_public: bool
    publish_at: AwareDatetime | None
    published_at: AwareDatetime | None

    @classmethod
    def of(cls, news: News) -> Self:
        """As it is."""
        board = {"school_id": None if news.board == DEPARTMENT else news.board}
        return cls.model_validate(vars(news) | vars(news.draft) | board)


class HeadlineOut(BaseModel):
    """An item as a list shows it; `lead` is how its text begins."""

    news_id: UUID
    is_department: bool
    title: str
    lead: str
    pinned: bool
    published_at: AwareDatetime
    is_read: bool


class PublicHeadlineOut(BaseModel):
    """An item as a list shows it to strangers."""

    news_id: UUID
    title: str
    lead: str
    pinned: bool
    published_at: AwareDatetime


class PublicNewsOut(BaseModel):
    """An item as strangers read it."""

    news_id: UUID
    title: str
    body: str
    published_at: AwareDatetime


class CountsOut(BaseModel):
    """How many people it is for now, and how many of all have opened it."""

    addressed: int
    read: int


class Headlines(BaseModel):
    """Pinned first, then the newest."""

    items: list[HeadlineOut]
    next: str | None


class PublicHeadlines(BaseModel):
    """Pinned first, then the newest."""

    items: list[PublicHeadlineOut]
    next: str | None


class Written(BaseModel):
    """The newest first."""

    items: list[NewsOut]
    next: str | None


def board_of(who: Principal, verb: str) -> UUID:
    """Where the caller writes: the department's board or the own school's. Raises Forbidden."""
    if "editor" in who.roles:
        RIGHTS.require(who, verb, "department-news")
        return DEPARTMENT
    RIGHTS.require(who, verb, "school-news", school_id=who.school_id)
    assert who.school_id is not None
    return who.school_id


async def _own(news_id: UUID, who: Caller, tx: InTransaction) -> News:
    return await actions.news_for_update(tx, news_id, board_of(who, "write"), who.account_id)


def _shown(response: Response, news: News) -> NewsOut:
    response.headers["ETag"] = etag(news.version)
    return NewsOut.of(news)


async def _current(news: Annotated[News, Depends(_own)], if_match: IfMatch = None) -> News:
    """Raises Stale, with what is there, unless the newest version is meant."""
    require_current(if_match, news.version, NewsOut.of(news).model_dump(mode="json"))
    return news


Current = Annotated[News, Depends(_current)]


@router.get("", response_model=Headlines)
async def list_news(who: Caller, page: InPage, tx: InTransaction, whose: Whose | None = None) -> dict[str, Any]:
    """What is for the caller: all of it, the city's, or that of the own school."""
    RIGHTS.require(who, "read", "news", account_id=who.account_id)
    require_open(await people.account(tx, who.account_id))
    listed = await store.headlines(tx, who.account_id, after(page, _BY_PLACE), page.limit, whose)
    return page.answer([vars(one) for one in listed], "pinned", "published_at", "news_id")


@router.get("/written", response_model=Written)
async def list_written(who: Caller, page: InPage, tx: InTransaction, state: State | None = None) -> dict[str, Any]:
    """Everything on the board that the caller writes on."""
    before = after(page, _BY_ID)
    listed = await store.written(tx, board_of(who, "read"), state, before[0] if before else None, page.limit)
    return page.answer([NewsOut.of(one).model_dump() for one in listed], "news_id")


@router.post("", status_code=201)
async def write_news(body: NewsIn, who: Caller, tx: InTransaction, once: Once, response: Response) -> NewsOut:
    """A draft."""
    board = board_of(who, "write")

    async def written() -> str:
        return str((await actions.write_news(tx, board, who.account_id, body.draft())).news_id)

    news = await store.news(tx, UUID(await once.once(tx, written)))
    assert news is not None
    return _shown(response, news)


@router.get("/written/{news_id}")
async def read_written(news_id: UUID, who: Caller, tx: InTransaction, response: Response) -> NewsOut:
    """An item of the caller's board, whatever its state."""
    board, news = board_of(who, "read"), await store.news(tx, news_id)
    if news is None or news.board != board:
        raise NotFound
    return _shown(response, news)


@router.get("/written/{news_id}/counts")
async def count_readers(news_id: UUID, who: Caller, tx: InTransaction) -> CountsOut:
    """For how many it is, and how many have opened it."""
    board, news = board_of(who, "read"), await store.news(tx, news_id)
    if news is None or news.board != board:
        raise NotFound
    addressed = await notices.count_readers(tx, news.draft.audience)
    return CountsOut(addressed=addressed, read=await store.count_read(tx, news_id))


@router.put("/{news_id}")
async def edit_news(body: NewsIn, news: Current, tx: InTransaction, response: Response) -> NewsOut:
    """The whole item anew; the audience of one that is out stays."""
    return _shown(response, await actions.edit_news(tx, news, body.draft()))


@router.post("/{news_id}/schedule")
async def schedule_news(body: ScheduleIn, news: Current, tx: InTransaction, response: Response) -> NewsOut:
    """It comes out by itself; scheduled again, at the other moment."""
    return _shown(response, await actions.schedule_news(tx, news, body.publish_at))


@router.get("/public", response_model=PublicHeadlines)
async def list_public_news(page: InPage, tx: InTransaction, response: Response) -> dict[str, Any]:
    """The department's news that are for everybody, without signing in."""
    response.headers["Cache-Control"] = _SHARED
    listed = await store.public_headlines(tx, after(page, _BY_PLACE), page.limit)
    return page.answer([vars(one) for one in listed], "pinned", "published_at", "news_id")


@router.get("/public/{news_id}", response_model=PublicNewsOut)
async def read_public_news(news_id: UUID, tx: InTransaction, response: Response) -> dict[str, Any]:
    """One of them; everything else is 404 here."""
    news = await store.public_news(tx, news_id)
    if news is None:
        raise NotFound
    response.headers["Cache-Control"] = _SHARED
    return vars(news) | vars(news.draft)


@router.get("/{news_id}")
async def read_news(news_id: UUID, who: Caller, tx: InTransaction) -> NewsOut:
    """Open an item: it counts as read."""
    RIGHTS.require(who, "read", "news", account_id=who.account_id)
    require_open(await people.account(tx, who.account_id))
    return NewsOut.of(await actions.read_news(tx, who.account_id, news_id))


def _step(name: str, act: Callable[[Tx, News], Awaitable[News]], meaning: str) -> None:
    @router.post(f"/{{news_id}}/{name}", name=f"{name}_news", description=meaning)
    async def step(news: Current, tx: InTransaction, response: Response) -> NewsOut:
        return _shown(response, await act(tx, news))


_step("publish", actions.publish_news, "It is out, and its audience is told.")
_step("withdraw", actions.withdraw_news, "A scheduled item is a draft again.")
_step("archive", actions.archive_news, "Only its authors see it from now on.")
