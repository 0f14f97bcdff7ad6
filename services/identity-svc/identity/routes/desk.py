"""What the support desk does with its tickets."""

from datetime import datetime
from functools import partial
from typing import Annotated, Any, Literal
from uuid import UUID

from chassis.auth import Caller, Principal
from chassis.http import InTransaction, Once
from chassis.outbox import Tx
from chassis.paging import InPage, after_id
from chassis.problems import language
from ekis_contracts.fields import Body, Line, LongLine, Paragraphs
from ekis_contracts.identity import TicketKind, TicketState
from ekis_contracts.values import Lang
from fastapi import APIRouter, Depends
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from identity.actions import confirmations
from identity.actions import desk as acts
from identity.actions import tickets as actions
from identity.actions.desk import Checked
from identity.domain.addresses import masked
from identity.domain.deeds import Deed
from identity.domain.templates import BY_ITSELF, TEMPLATES
from identity.domain.tickets import Check, Ticket
from identity.rights import RIGHTS
from identity.routes.edge import InNumber, Proven
from identity.store import tickets as store

router = APIRouter(prefix="/support", tags=["support desk"])


class AssignIn(Body):
    """Who is to have it; without `to` the caller."""

    to: UUID | None = None


class ReplyIn(Body):
    """A template, words of one's own, or the words after the template."""

    text: Paragraphs | None = None
    template: Line | None = None


class ResolveIn(Body):
    """What was done."""

    text: Paragraphs


class CheckedIn(Body):
    """How it was checked that the right person asks, and what there is to say of it."""

    check: Check
    note: LongLine


class LinkIn(Body):
    """Whose account it is about; without it the one that the ticket's login or address names."""

    account_id: UUID | None = None


class MergeIn(Body):
    """The number of the ticket that goes on; the reason, when it is of another address."""

    into: Line
    reason: LongLine | None = None


class TicketOut(BaseModel):
    """A ticket in the queue; its address masked."""

    ticket_id: UUID
    number: str
    kind: str
    channel: str
    state: str
    opened_at: datetime
    address: str | None
    assigned_to: UUID | None
    account_id: UUID | None


class Queue(BaseModel):
    """A page of it, the oldest first."""

    items: list[TicketOut]
    next: str | None


class Wanted(BaseModel):
    """Which tickets: `assigned_to=me` are the caller's own."""

    state: TicketState | None = None
    kind: TicketKind | None = None
    assigned_to: Literal["me"] | UUID | None = None


class Template(BaseModel):
    """A reply that is written every day, in the caller's language; the desk sends it in the guest's."""

    code: str
    text: str


def _item(ticket: Ticket) -> dict[str, Any]:
    same = ("number", "kind", "channel", "state", "opened_at", "assigned_to", "account_id")
    address = masked(ticket.email) if ticket.email else None
    return {"ticket_id": ticket.id, "address": address} | {field: getattr(ticket, field) for field in same}


def _desk(who: Caller) -> Principal:
    RIGHTS.require(who, "handle", "ticket")
    return who


def _proven_desk(who: Proven) -> Principal:
    RIGHTS.require(who, "handle", "ticket")
    return who


Desk = Annotated[Principal, Depends(_desk)]
ProvenDesk = Annotated[Principal, Depends(_proven_desk)]


async def _known(who: Desk, number: InNumber, tx: InTransaction) -> Ticket:  # noqa: ARG001 - the right comes before the look
    return await actions.numbered(tx, number)


Known = Annotated[Ticket, Depends(_known, scope="function")]


@router.get("/templates")
async def list_templates(who: Desk, http: Request) -> list[Template]:  # noqa: ARG001 - for the desk alone
    """Replies to choose from: `{number}` and `{name}` are filled in when they are sent."""
    lang: Lang = "en" if language(http) == "en" else "ru"
    return [Template(code=code, text=texts[lang]) for code, texts in TEMPLATES.items() if code not in BY_ITSELF]


@router.get("/tickets", response_model=Queue)
async def list_tickets(
    who: Desk,
    tx: InTransaction,
    page: InPage,
    wanted: Annotated[Wanted, Depends()],
) -> dict[str, Any]:
    """The queue."""
    whose = who.account_id if wanted.assigned_to == "me" else wanted.assigned_to
    filters = {"state": wanted.state, "kind": wanted.kind, "assigned_to": whose}
    found = await store.tickets(tx, filters, after_id(page), page.limit)
    return page.answer([_item(ticket) for ticket in found], "ticket_id")


@router.post("/tickets/{number}/assign", response_model=TicketOut)
async def assign_ticket(body: AssignIn, who: Desk, ticket: Known, tx: InTransaction) -> dict[str, Any]:
    """Take it, or hand it to somebody else of the desk."""
    if body.to and body.to != who.account_id:
        await actions.require_operator(tx, body.to)
    return _item(await actions.assign(tx, ticket.id, body.to or who.account_id))


@router.post("/tickets/{number}/reply", response_model=TicketOut)
async def reply_to_ticket(body: ReplyIn, who: Desk, ticket: Known, tx: InTransaction, once: Once) -> dict[str, Any]:
    """Write to the guest, who gets it by mail."""
    await once.once(tx, partial(_reply, tx, body, who, ticket))
    return _item(await actions.numbered(tx, ticket.number))


async def _reply(tx: Tx, body: ReplyIn, who: Principal, ticket: Ticket) -> str:
    return (await actions.reply(tx, ticket.id, body.text, body.template, who.account_id)).number


@router.post("/tickets/{number}/resolve", response_model=TicketOut)
async def resolve_ticket(body: ResolveIn, who: Desk, ticket: Known, tx: InTransaction) -> dict[str, Any]:
    """Say what was done, which is mailed too."""
    locked = await actions.lock_ticket(tx, ticket.id)
    return _item(await actions.resolve(tx, locked, body.text, who.account_id))


@router.post("/tickets/{number}/reopen", response_model=TicketOut)
async def reopen_ticket(who: Desk, ticket: Known, tx: InTransaction) -> dict[str, Any]:
    """Go on with it, within 14 days."""
    return _item(await actions.reopen(tx, ticket.id, who.account_id))


@router.post("/tickets/{number}/merge", response_model=TicketOut)
async def merge_ticket(body: MergeIn, who: Desk, ticket: Known, tx: InTransaction) -> dict[str, Any]:
    """End it in favour of another one, which shows both."""
    return _item(await actions.merge(tx, ticket.id, body.into, body.reason, who.account_id))


@router.post("/tickets/{number}/link", response_model=TicketOut)
async def link_account(body: LinkIn, who: Desk, ticket: Known, tx: InTransaction) -> dict[str, Any]:
    """Say whose account it is about."""
    return _item(await acts.link_account(tx, ticket.id, body.account_id, who.account_id))


@router.post("/tickets/{number}/email-code", response_model=TicketOut, status_code=202)
async def mail_code(who: Desk, ticket: Known, tx: InTransaction) -> dict[str, Any]:
    """Mail a code to the address on file; the caller reads it aloud, and it is shown to /confirmations."""
    await confirmations.mail_code_to_read(tx, ticket.id, who.account_id)
    return _item(await actions.numbered(tx, ticket.number))


@router.post("/tickets/{number}/restore-access")
async def restore_access(
    body: CheckedIn, who: ProvenDesk, ticket: Known, tx: InTransaction, response: Response
) -> dict[str, Any]:
    """A new one-time password to the address on file, after the check."""
    checked = Checked(who.account_id, body.check, body.note)
    return await _acted(tx, response, ticket, await acts.restore_access(tx, ticket.id, checked))


@router.post("/tickets/{number}/disable-account")
async def disable_account(
    body: CheckedIn, who: ProvenDesk, ticket: Known, tx: InTransaction, response: Response
) -> dict[str, Any]:
    """End the account for good, after the check."""
    checked = Checked(who.account_id, body.check, body.note)
    return await _acted(tx, response, ticket, await acts.disable_account(tx, ticket.id, checked))


async def _acted(tx: Tx, response: Response, ticket: Ticket, deed: Deed | None) -> dict[str, Any]:
    """The ticket; or, of a head's account, the deed that waits for a second person."""
    if deed is None:
        return _item(await actions.numbered(tx, ticket.number))
    response.status_code = 202
    return {"state": deed.state, "deed_id": deed.deed_id}
