"""The journal as a sheet to print."""

from functools import partial
from typing import Any
from uuid import UUID

from chassis.auth import Caller
from chassis.problems import language, text_of
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from cabinet.diary.gateways.printed import sheet
from cabinet.diary.routes.reading import read_journal

router = APIRouter()

# Nothing on the page runs or loads, whatever somebody has typed into a topic
HEADERS = {"Content-Disposition": "inline; filename=journal.html",
           "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}  # fmt: skip


@router.get("/journal.html", response_class=HTMLResponse)
async def print_journal(request: Request, class_id: UUID, subject_id: UUID, term_id: UUID, who: Caller) -> HTMLResponse:
    """A4 across: pupils by lessons with averages and finals, then the topics."""
    journal = await read_journal(request, class_id, subject_id, term_id, who)
    lang = language(request)
    say: Any = partial(text_of, request.app.state.runtime.texts, lang=lang, params={})
    return HTMLResponse(sheet(bytes(journal.body), lang, say), headers=HEADERS)
