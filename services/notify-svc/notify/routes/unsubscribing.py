"""Unsubscribing from a mail, without signing in. A GET changes nothing: scanners of mail follow every link."""

from typing import Annotated

from chassis.http import InTransaction
from chassis.problems import language
from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from notify.actions import preferences as actions
from notify.domain.unsubscribing import Declined
from notify.gateways.pages import unsubscribe_page

router = APIRouter(tags=["unsubscribe"])

Token = Annotated[str, Query(max_length=200)]
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
}


@router.get("/unsubscribe", response_class=HTMLResponse)
async def ask(token: Token, request: Request, tx: InTransaction) -> HTMLResponse:
    """A page with a button."""
    return _page(request, actions.declined_by(tx, token), done=False)


@router.post("/unsubscribe", response_class=HTMLResponse)
async def unsubscribe(token: Token, request: Request, tx: InTransaction) -> HTMLResponse:
    """Turn off what the mail was about: with one click of a mail program (RFC 8058), or of the page's button."""
    declined = actions.declined_by(tx, token)
    await actions.unsubscribe(tx, declined)
    return _page(request, declined, done=True)


def _page(request: Request, declined: Declined, *, done: bool) -> HTMLResponse:
    return HTMLResponse(unsubscribe_page(language(request), declined.kind, done=done), headers=HEADERS)
