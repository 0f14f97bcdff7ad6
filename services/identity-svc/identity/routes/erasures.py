"""Erasures: how far each is, which wait for an answer, and the record that proves one (Roskomnadzor order 179)."""

from dataclasses import asdict
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Self
from uuid import UUID

from chassis.auth import Caller
from chassis.http import InTransaction
from chassis.paging import InPage, after_id
from chassis.problems import language, text_of
from fastapi import APIRouter
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import HTMLResponse

from identity.actions.accounts import account_of_staff
from identity.actions.erasures import proof_of
from identity.domain.addresses import moscow_exactly
from identity.domain.erasures import OVERDUE_AFTER, Erasure, Receipt, missing
from identity.rights import RIGHTS
from identity.routes.accounts import school_of
from identity.store import erasures as store

router = APIRouter(tags=["erasures"])

_SHEETS = Environment(
    loader=FileSystemLoader(Path(__file__).parent.parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


class ReceiptOut(BaseModel):
    """What one service erased, by kind."""

    service: str
    counts: dict[str, int]
    erased_at: datetime

    @classmethod
    def of(cls, receipt: Receipt) -> Self:
        """As it is shown."""
        return cls(**asdict(receipt))


class ErasureOut(BaseModel):
    """How far the erasure of an account is. `own`: what identity erased itself, last of all."""

    account_id: UUID
    state: str
    channel: str | None
    disabled_at: datetime | None
    receipts: list[ReceiptOut]
    missing: list[str]
    own: ReceiptOut | None


class MissingOut(BaseModel):
    """A service that has not answered, and since when it was asked."""

    service: str
    since: datetime


class WaitingOut(BaseModel):
    """An erasure that waits for an answer. `asks`: how often it was asked for, `ask_at`: when it will be again."""

    account_id: UUID
    disabled_at: datetime
    overdue: bool
    asks: int
    ask_at: datetime
    missing: list[MissingOut]


class Waiting(BaseModel):
    """A page of them."""

    items: list[WaitingOut]
    next: str | None


@router.get("/accounts/{account_id}/erasure")
async def erasure(account_id: UUID, who: Caller, tx: InTransaction) -> ErasureOut:
    """Who has erased what of the account, and who has not answered."""
    RIGHTS.require(who, "read", "account", school_id=await school_of(tx, account_id))
    account = await account_of_staff(tx, account_id)
    given, known = await store.receipts(tx, account_id), await store.erasure(tx, account_id)
    return ErasureOut(
        account_id=account_id,
        receipts=[ReceiptOut.of(one) for one in given],
        missing=missing(given) if account.disabled_at else [],
        own=ReceiptOut.of(known.own) if known and known.own else None,
        **{field: getattr(account, field) for field in ("state", "channel", "disabled_at")},
    )


@router.get("/erasures", response_model=Waiting)
async def list_erasures(who: Caller, tx: InTransaction, page: InPage, overdue: bool = False) -> dict[str, Any]:
    """Erasures that wait for an answer, or only those that have waited for a day, and who has not answered."""
    RIGHTS.require(who, "list", "erasure")
    found = await store.waiting(tx, tx.now - OVERDUE_AFTER if overdue else None, after_id(page), page.limit)
    given = await store.receipts_of(tx, [one.account_id for one in found])
    return page.answer([_waiting(one, given[one.account_id], tx.now) for one in found], "account_id")


def _waiting(one: Erasure, given: list[Receipt], now: datetime) -> dict[str, Any]:
    late = [{"service": service, "since": one.disabled_at} for service in missing(given)]
    shown = {field: getattr(one, field) for field in ("account_id", "disabled_at", "asks", "ask_at")}
    return {**shown, "overdue": one.due_by <= now, "missing": late}


@router.get("/accounts/{account_id}/erasure.html", response_class=HTMLResponse)
async def erasure_record(account_id: UUID, who: Caller, tx: InTransaction, http: Request) -> HTMLResponse:
    """The act that proves the erasure, to be printed and signed; with an extract of the audit record."""
    RIGHTS.require(who, "read", "account", school_id=await school_of(tx, account_id))
    sheet = await proof_of(tx, await account_of_staff(tx, account_id))
    say, lang = partial(text_of, http.app.state.runtime.texts), language(http)
    texts = {"say": lambda code, **params: say(code, lang, params), "kind": partial(_kind, http, lang)}
    page = _SHEETS.get_template("erasure.html").render(
        lang=lang, moscow=moscow_exactly, made_at=tx.now, **texts, **sheet
    )
    name = f'attachment; filename="erasure-{account_id}.html"'
    return HTMLResponse(page, headers={"Content-Disposition": name, "Cache-Control": "no-store"})


def _kind(http: Request, lang: str, kind: str) -> str:
    """What was erased, in words; a kind of a newer service is called as that calls it."""
    texts = http.app.state.runtime.texts
    return text_of(texts, f"erased-{kind}", lang, {}) if f"erased-{kind}" in texts else kind
