"""Why can this person not sign in: the card for the desk and the department."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from chassis.auth import Caller
from chassis.http import InTransaction
from chassis.problems import language, text_of
from fastapi import APIRouter
from pydantic import BaseModel
from starlette.requests import Request

from identity.actions import cards as actions
from identity.domain import cards as domain
from identity.domain.cards import Verdict
from identity.rights import RIGHTS
from identity.routes.edge import InNumber

router = APIRouter(tags=["support desk"])


class CheckOut(BaseModel):
    """One question. `remedy` says how it stands and, if it is in the way, what to do."""

    check: str
    verdict: Verdict
    remedy: str


class Card(BaseModel):
    """The questions in their order."""

    checks: list[CheckOut]


def _card(http: Request, checks: Sequence[domain.Check]) -> Card:
    say, lang = partial(text_of, http.app.state.runtime.texts), language(http)
    shown = []
    for one in checks:
        params = dict(one.params) | ({"by": say(f"by-{one.by}", lang, {})} if one.by else {})
        remedy = say(f"card-{one.name}-{one.case}", lang, params)
        shown.append(CheckOut(check=one.name, verdict=one.verdict, remedy=remedy))
    return Card(checks=shown)


@router.get("/accounts/{account_id}/sign-in-card")
async def account_card(account_id: UUID, who: Caller, http: Request, tx: InTransaction) -> Card:
    """Of an account."""
    RIGHTS.require(who, "explain", "account")
    return _card(http, await actions.card_of_account(tx, account_id))


@router.get("/account-requests/{number}/card")
async def request_card(number: InNumber, who: Caller, http: Request, tx: InTransaction) -> Card:
    """Of a request, and of its account once there is one."""
    RIGHTS.require(who, "explain", "account")
    return _card(http, await actions.card_of_request(tx, number))
