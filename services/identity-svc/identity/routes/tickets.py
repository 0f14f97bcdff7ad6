"""The support desk as everybody reaches it: the form, the page of a ticket, the phone numbers."""

from functools import partial

from chassis.errors import Invalid
from chassis.http import InTransaction, Once
from chassis.outbox import Tx
from ekis_contracts.fields import Body, Email, Line, Paragraphs, Phone
from ekis_contracts.identity import TicketKind
from ekis_contracts.values import Lang
from fastapi import APIRouter
from pydantic import BaseModel
from starlette.requests import Request

from identity.actions import tickets as actions
from identity.actions.tickets import Asked
from identity.domain.credentials import tracking_code
from identity.domain.tickets import Channel
from identity.routes.edge import InRuntime, PerhapsCaller, Unhurried, is_desk
from identity.routes.threads import Access, DeskPage, InAccess, TicketPage, page

router = APIRouter(prefix="/support", tags=["support desk"])


class ContactIn(Body):
    """Where the answer goes."""

    email: Email
    name: Line | None = None
    phone: Phone | None = None


class TicketIn(Body):
    """A question to the desk; `login`, if it is about an account."""

    kind: TicketKind
    contact: ContactIn
    login: Line | None = None
    text: Paragraphs
    lang: Lang = "ru"


class Opened(BaseModel):
    """What opens the ticket's page."""

    number: str
    tracking_code: str


class MessageIn(Body):
    """A message of the guest, or a `private` note of the desk."""

    text: Paragraphs
    private: bool = False


class Contacts(BaseModel):
    """How the desk is reached by phone."""

    phones: list[str]


@router.get("/contacts")
async def contacts(runtime: InRuntime) -> Contacts:
    """The phone numbers of the desk."""
    return Contacts(phones=runtime.settings.phones)


@router.post("/tickets", status_code=202, dependencies=[Unhurried])
async def open_ticket(body: TicketIn, tx: InTransaction, once: Once, who: PerhapsCaller) -> Opened:
    """Ask the desk; what an operator enters is a phone call. The answer never tells whether an account exists."""
    number = await once.once(tx, partial(_open, tx, body, "phone" if is_desk(who) else "form"))
    ticket = await actions.numbered(tx, number)
    return Opened(number=number, tracking_code=tracking_code(tx.secret, ticket.id))


async def _open(tx: Tx, body: TicketIn, channel: Channel) -> str:
    one = body.contact
    asked = Asked(body.kind, body.text, one.email, one.name, one.phone, body.login, body.lang)
    return (await actions.open_ticket(tx, asked, channel)).number


@router.get("/tickets/{number}")
async def read_ticket(access: InAccess, http: Request, tx: InTransaction) -> DeskPage | TicketPage:
    """The ticket with its thread, for its guest (header Tracking-Code) or for the desk."""
    return await page(http, tx, access)


@router.post("/tickets/{number}/messages")
async def write_message(
    body: MessageIn, access: InAccess, http: Request, tx: InTransaction, once: Once
) -> DeskPage | TicketPage:
    """The guest goes on, which opens a ticket again within 14 days; the desk adds a private note."""
    await once.once(tx, partial(_write, tx, access, body))
    return await page(http, tx, access)


async def _write(tx: Tx, access: Access, body: MessageIn) -> str:
    if body.private != (access.desk is not None):
        raise Invalid("note-of-the-desk", "/private")
    if access.desk:
        await actions.add_note(tx, access.ticket.id, body.text, access.desk.account_id)
    else:
        await actions.write_as_guest(tx, access.ticket.id, body.text)
    return access.ticket.number
