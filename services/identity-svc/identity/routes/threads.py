"""A ticket as it is shown: to its guest, and with more to the desk. Who may see it comes first."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from chassis.auth import Principal
from chassis.http import InTransaction
from chassis.outbox import Tx
from chassis.problems import language, text_of
from fastapi import Depends
from pydantic import BaseModel
from starlette.requests import Request

from identity.actions import tickets as actions
from identity.domain.attachments import Attachment
from identity.domain.audit import Recorded
from identity.domain.tickets import Ticket
from identity.rights import RIGHTS
from identity.routes.edge import InCode, InNumber, PerhapsCaller
from identity.store import attachments as attachment_store
from identity.store import audit
from identity.store import tickets as store


@dataclass(frozen=True)
class Access:
    """A ticket and who of the desk looks at it; nobody: its guest."""

    ticket: Ticket
    desk: Principal | None

    @property
    def author(self) -> str:
        """Who writes, as the thread says it."""
        return "desk" if self.desk else "guest"


async def _access(number: InNumber, code: InCode, tx: InTransaction, who: PerhapsCaller) -> Access:
    if code or who is None:
        return Access(await actions.tracked(tx, number, code), None)
    RIGHTS.require(who, "handle", "ticket")
    return Access(await actions.numbered(tx, number), who)


InAccess = Annotated[Access, Depends(_access, scope="function")]


class LineOut(BaseModel):
    """A line of the thread. `name` is whose words they are; `by` who of the desk, for the desk alone."""

    at: datetime
    author: str
    name: str
    private: bool
    by: UUID | None
    text: str


class AttachmentOut(BaseModel):
    """A file, to be had at .../attachments/{attachment_id}."""

    attachment_id: UUID
    at: datetime
    author: str
    name: str
    media_type: str
    size: int


class TicketPage(BaseModel):
    """A ticket as its guest sees it. `merged_into`: where it goes on."""

    number: str
    kind: str
    channel: str
    state: str
    opened_at: datetime
    merged_into: str | None
    thread: list[LineOut]
    attachments: list[AttachmentOut]


class ContactOut(BaseModel):
    """Whoever asks."""

    email: str | None
    name: str | None
    phone: str | None


class DeedOut(BaseModel):
    """What was done on the ticket, by whom, after which check."""

    at: datetime
    act: str
    by_account: UUID | None
    account_id: UUID | None
    proof: str | None
    reason: str | None


class DeskPage(TicketPage):
    """The same with all that the desk knows."""

    ticket_id: UUID
    contact: ContactOut
    login: str | None
    account_id: UUID | None
    assigned_to: UUID | None
    checked_at: datetime | None
    deeds: list[DeedOut]


async def page(http: Request, tx: Tx, access: Access) -> DeskPage | TicketPage:
    """The ticket as it is by now."""
    ticket = await store.ticket(tx, access.ticket.id)
    assert ticket
    shown = await _shown(http, tx, ticket, access)
    if access.desk is None:
        return TicketPage(**shown)
    contact = ContactOut(email=ticket.email, name=ticket.name, phone=ticket.phone)
    known = {field: getattr(ticket, field) for field in ("login", "account_id", "assigned_to", "checked_at")}
    deeds = [_deed(one) for one in await audit.entries_of_ticket(tx, ticket.number)]
    return DeskPage(ticket_id=ticket.id, **shown, **known, contact=contact, deeds=deeds)


def _deed(one: Recorded) -> DeedOut:
    done = {field: getattr(one.entry, field) for field in ("act", "account_id", "proof", "reason")}
    return DeedOut(at=one.at, by_account=one.entry.by, **done)


async def _shown(http: Request, tx: Tx, ticket: Ticket, access: Access) -> dict[str, Any]:
    say = partial(text_of, http.app.state.runtime.texts)
    names = {
        "desk": say("author-desk", language(http), {}),
        "guest": ticket.name or say("author-guest", language(http), {}),
    }
    lines = await store.thread(tx, ticket.id, private=access.desk is not None)
    return {
        "number": ticket.number,
        "kind": ticket.kind,
        "channel": ticket.channel,
        "state": ticket.state,
        "opened_at": ticket.opened_at,
        "merged_into": await actions.number_of(tx, ticket.merged_into),
        "thread": [_line(one, names[one.author], access) for one in lines],
        "attachments": [attachment_out(one) for one in await attachment_store.attachments(tx, ticket.id)],
    }


def _line(one: store.Message, name: str, access: Access) -> LineOut:
    by = one.by_account if access.desk else None
    return LineOut(at=one.at, author=one.author, name=name, private=one.private, by=by, text=one.text)


def attachment_out(one: Attachment) -> AttachmentOut:
    """Without its bytes."""
    fields = ("at", "author", "name", "media_type", "size")
    return AttachmentOut(attachment_id=one.id, **{field: getattr(one, field) for field in fields})
