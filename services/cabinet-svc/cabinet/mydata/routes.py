"""The own data, to be taken along."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from chassis.auth import Caller
from chassis.http import InTransaction, Runtime
from chassis.problems import language, text_of
from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse
from fastapi.security.utils import get_authorization_scheme_param

from cabinet.mydata.actions import EXPORTS
from cabinet.mydata.domain import Archive, Say, as_json, contents, page, require_fresh
from cabinet.people import store as people
from cabinet.people.domain import require_open
from cabinet.rights import RIGHTS

router = APIRouter(prefix="/export", tags=["my data"])

_HEADERS = {"Content-Disposition": 'attachment; filename="ekis-data.zip"', "Cache-Control": "no-store"}


@router.get("", response_class=StreamingResponse)
async def export(request: Request, who: Caller, tx: InTransaction) -> StreamingResponse:
    """Everything that the cabinet holds on the caller: a ZIP with a page to read and a JSON file of each kind.

    Asks for a proof of the last 5 minutes.
    """
    RIGHTS.require(who, "read", "export", account_id=who.account_id)
    require_open(await people.account(tx, who.account_id))
    _, token = get_authorization_scheme_param(request.headers["authorization"])
    require_fresh(token, tx.now)
    chunks = archived(request.app.state.runtime, who.account_id, _say(request))
    return StreamingResponse(chunks, media_type="application/zip", headers=_HEADERS)


def _say(request: Request) -> Say:
    texts, lang = request.app.state.runtime.texts, language(request)

    def say(code: str) -> str:
        given: dict[str, Any] = {}
        return text_of(texts, code, lang, given) if code in texts else code.partition("-")[2]

    return say


async def archived(runtime: Runtime, account_id: UUID, say: Say) -> AsyncIterator[bytes]:
    """Kind by kind, each read in a transaction of its own: none is open while a slow client takes it. Raises
    Conflict as soon as the cabinet is not open any more."""
    archive, counts, now = Archive(runtime.database.clock()), list[tuple[str, int]](), runtime.database.clock()
    for kind, read in EXPORTS.items():
        async with runtime.database.transaction() as tx:
            require_open(await people.account(tx, account_id))
            records = await read(tx, account_id)
        counts.append((kind, len(records)))
        yield archive.add(f"{kind}.json", as_json(records))
        yield archive.add(f"{kind}.html", page(kind, records, say))
    yield archive.add("index.html", contents(counts, now, say))
    yield archive.end()
