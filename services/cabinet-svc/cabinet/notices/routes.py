"""The own inbox over HTTP, and its stream (server-sent events, WHATWG HTML 9.2, read by fetch with Bearer)."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from chassis.auth import Caller
from chassis.http import InTransaction
from chassis.paging import InPage, after
from ekis_contracts.fields import Body, Line
from ekis_contracts.values import Audience, Category
from fastapi import APIRouter, Header, Request, Response
from fastapi.security.utils import get_authorization_scheme_param
from pydantic import AwareDatetime, BaseModel, Field, TypeAdapter
from starlette.types import Receive, Scope, Send

from cabinet.notices import actions, store
from cabinet.notices.domain import Item, Kind
from cabinet.notices.gateways import Stream, Streams
from cabinet.people import store as people
from cabinet.people.domain import require_open
from cabinet.rights import RIGHTS

router = APIRouter(prefix="/inbox", tags=["inbox"])

SEND_SECONDS = 20  # a client that takes nothing for so long is gone
_BY_ID = TypeAdapter(tuple[UUID])


class AudienceIn(Body):
    """Whom something is for: who fits every list that is not empty. `districts` are districts or okrugs."""

    districts: Annotated[tuple[Line, ...], Field(max_length=200)] = ()
    school_ids: Annotated[tuple[UUID, ...], Field(max_length=1000)] = ()
    categories: Annotated[tuple[Category, ...], Field(max_length=2)] = ()
    posts: Annotated[tuple[Line, ...], Field(max_length=200)] = ()

    def audience(self) -> Audience:
        """As the domain takes it."""
        return Audience(**self.model_dump())


class ItemOut(BaseModel):
    """A notice. `page` is the path in the web client where the thing itself is."""

    notice_id: UUID
    kind: Kind
    about: UUID
    title: str
    page: str
    due: AwareDatetime | None
    at: AwareDatetime
    is_read: bool

    @classmethod
    def of(cls, item: Item) -> Self:
        """As it lies there."""
        return cls.model_validate(vars(item))


class InboxOut(BaseModel):
    """The newest first; `unread` counts all, not those of this page."""

    items: list[ItemOut]
    next: str | None
    unread: int


class EventStream(Response):
    """Sends what its stream says, until the stream ends, the client goes or takes nothing any more."""

    def __init__(self, streams: Streams, stream: Stream) -> None:
        super().__init__(media_type="text/event-stream", headers={"Cache-Control": "no-store"})
        self._streams, self._stream = streams, stream
        del self.headers["content-length"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002, D102 - ASGI entry
        self._streams.add(self._stream)
        leaving = asyncio.create_task(self._left(receive))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            with suppress(TimeoutError):
                await self._send_all(send)
        finally:
            leaving.cancel()
            self._streams.discard(self._stream)

    async def _send_all(self, send: Send) -> None:
        while (message := await self._stream.next()) is not None:
            async with asyncio.timeout(SEND_SECONDS):
                await send({"type": "http.response.body", "body": message, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    async def _left(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self._streams.discard(self._stream)


@router.get("", response_model=InboxOut)
async def list_inbox(who: Caller, page: InPage, tx: InTransaction, *, unread: bool = False) -> dict[str, Any]:
    """What lies in the own inbox, as long as it matters; or only what has not been read."""
    RIGHTS.require(who, "read", "inbox", account_id=who.account_id)
    require_open(await people.account(tx, who.account_id))
    before = after(page, _BY_ID)
    place = before[0] if before else None
    items = await store.inbox_page(tx, who.account_id, place, page.limit, only_unread=unread)
    (counted,) = await store.unread(tx, [(who.account_id, None)])
    return page.answer([vars(item) for item in items], "notice_id") | {"unread": counted.unread}


@router.post("/read-all", status_code=204)
async def read_all(who: Caller, tx: InTransaction) -> None:
    """Everything that lies there now is read."""
    RIGHTS.require(who, "write", "inbox", account_id=who.account_id)
    require_open(await people.account(tx, who.account_id))
    await actions.read_all_notices(tx, who.account_id)


@router.post("/{notice_id}/read", status_code=204)
async def read_one(notice_id: UUID, who: Caller, tx: InTransaction) -> None:
    """It is read; a second time changes nothing."""
    RIGHTS.require(who, "write", "inbox", account_id=who.account_id)
    require_open(await people.account(tx, who.account_id))
    await actions.read_notice(tx, who.account_id, notice_id)


@router.get("/stream", response_class=Response, responses={200: {"content": {"text/event-stream": {}}}})
async def stream_inbox(
    request: Request, who: Caller, tx: InTransaction, last: Annotated[str, Header(alias="Last-Event-ID")] = ""
) -> EventStream:
    """`event: unread`, `data: {"unread", "new"}` at once and at every change; `new` came after Last-Event-ID."""
    RIGHTS.require(who, "read", "inbox", account_id=who.account_id)
    account = require_open(await people.account(tx, who.account_id))
    _, token = get_authorization_scheme_param(request.headers["authorization"])
    stream = Stream(who.account_id, account.school_id, token, _moment(last))
    stream.tell(*(await store.unread(tx, [(who.account_id, stream.since)])))
    return EventStream(request.app.state.runtime.own.streams, stream)


def _moment(last: str) -> datetime | None:
    """When the newest notice came that the client knows of; what no stream has said counts as nothing."""
    try:
        return datetime.fromtimestamp(int(last) / 1e6, UTC) if last.isascii() and last.isdigit() else None
    except (ValueError, OverflowError, OSError):
        return None
