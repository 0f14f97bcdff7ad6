"""Support tickets: opened, talked about, resolved, closed, forgotten. What is done to accounts is in `desk`."""

from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID

from chassis.errors import Conflict, Invalid, NotFound
from chassis.outbox import Tx, new_id, publish
from ekis_contracts import ForNotify
from ekis_contracts.identity import SupportTicketAnswered, SupportTicketOpened, SupportTicketResolved, TicketKind
from ekis_contracts.values import Lang, TicketLetter

from identity.domain import tickets as domain
from identity.domain.attachments import Attachment, media_type
from identity.domain.credentials import is_tracking_code, tracking_code
from identity.domain.templates import SILENT, TEMPLATES, fill
from identity.domain.tickets import Channel, Ticket
from identity.store import accounts as account_store
from identity.store import attachments as attachment_store
from identity.store import tickets as store

RESTORE_ASKED = "restore-asked"  # wakes the loop that mails confirmations
Letter = type[SupportTicketOpened | SupportTicketAnswered | SupportTicketResolved]


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody writes to the desk, or says on the phone."""

    kind: TicketKind
    text: str
    email: str
    name: str | None
    phone: str | None
    login: str | None
    lang: Lang


async def open_ticket(tx: Tx, asked: Asked, channel: Channel) -> Ticket:
    """A new ticket. Whom it may be about is looked up later, so that the answer costs the same for everybody."""
    ticket = Ticket(
        id=new_id(),
        number=f"T{tx.now:%y}-{await store.next_number(tx):06d}",
        kind=asked.kind,
        channel=channel,
        state="new",
        lang=asked.lang,
        opened_at=tx.now,
        email=asked.email,
        name=asked.name,
        phone=asked.phone,
        login=asked.login,
        look_at=tx.now if asked.kind == "restore-access" else None,
    )
    version = await store.insert_ticket(tx, ticket)
    await store.add_message(tx, ticket.id, "guest", asked.text)
    tx.wake(RESTORE_ASKED)
    _tell(tx, SupportTicketOpened, ticket, asked.text, version)
    return ticket


def _tell(tx: Tx, kind: Letter, ticket: Ticket, text: str, version: int) -> None:
    assert ticket.email, "open tickets have somebody to write to"
    letter = TicketLetter(to=ticket.email, text=text, tracking_code=tracking_code(tx.secret, ticket.id))
    event = kind(
        ticket_id=ticket.id,
        number=ticket.number,
        kind=ticket.kind,
        channel=ticket.channel,
        state=ticket.state,
        contact=ForNotify(ticket.contact),
        letter=ForNotify(letter),
    )
    publish(tx, event, version)


async def tracked(tx: Tx, number: str, code: str) -> Ticket:
    """The ticket whose page this code opens. Raises NotFound, alike for a wrong number and a wrong code."""
    ticket = await store.ticket_numbered(tx, number)
    ticket_id = ticket.id if ticket else UUID(int=0)
    if not is_tracking_code(tx.secret, ticket_id, code) or ticket is None:
        raise NotFound
    return ticket


async def numbered(tx: Tx, number: str) -> Ticket:
    """The ticket of this number, for the desk. Raises NotFound."""
    ticket = await store.ticket_numbered(tx, number)
    if ticket is None:
        raise NotFound
    return ticket


async def named_ticket(tx: Tx, number: str | None, *, needed: bool) -> Ticket | None:
    """The ticket that an act on an account belongs to: what operators do always has one. Raises Invalid."""
    if number is None and needed:
        raise Invalid("ticket-required", "/ticket")
    ticket = await store.ticket_numbered(tx, number) if number else None
    if number and ticket is None:
        raise Invalid("ticket-unknown", "/ticket")
    return ticket


async def lock_ticket(tx: Tx, ticket_id: UUID) -> Ticket:
    """The ticket under its row lock, which comes before all other locks."""
    ticket = await store.ticket_for_update(tx, ticket_id)
    assert ticket, "tickets are never deleted"
    return ticket


async def write_as_guest(tx: Tx, ticket_id: UUID, text: str) -> None:
    """The guest goes on talking. Raises Conflict."""
    ticket = await lock_ticket(tx, ticket_id)
    if ticket.merged_into:
        raise Conflict("ticket-merged", into=await number_of(tx, ticket.merged_into))
    domain.require_place(await store.count_of_guest(tx, ticket.id))
    await store.save_ticket(tx, domain.hear(ticket, tx.now))
    await store.add_message(tx, ticket.id, "guest", text)


async def number_of(tx: Tx, ticket_id: UUID | None) -> str | None:
    """What people call it."""
    ticket = await store.ticket(tx, ticket_id) if ticket_id else None
    return ticket.number if ticket else None


async def id_of(tx: Tx, number: str | None) -> UUID | None:
    """The ticket that people call so. Raises NotFound."""
    return (await numbered(tx, number)).id if number else None


async def restored_by(tx: Tx, number: str | None) -> Literal["desk", "phone"]:
    """How the desk was asked for the access that it restores on this ticket. Raises NotFound."""
    assert number, "the desk restores on tickets alone"
    return (await numbered(tx, number)).restored_by


async def add_note(tx: Tx, ticket_id: UUID, text: str, by: UUID) -> None:
    """A line that only the desk reads. Raises Conflict."""
    ticket = await lock_ticket(tx, ticket_id)
    domain.require_known(ticket)
    await store.add_message(tx, ticket.id, "desk", text, by=by, private=True)


async def attach(tx: Tx, ticket_id: UUID, author: str, name: str, content: bytes) -> Attachment:
    """A file beside the thread. Raises Conflict, Invalid."""
    ticket = await lock_ticket(tx, ticket_id)
    domain.require_room(ticket, await attachment_store.count_attachments(tx, ticket_id))
    kind = media_type(name, content)
    attachment = Attachment(new_id(), ticket_id, tx.now, author, name, kind, len(content))
    await attachment_store.insert_attachment(tx, attachment, content)
    return attachment


async def assign(tx: Tx, ticket_id: UUID, to: UUID) -> Ticket:
    """An operator has it from now on. Raises WrongStep."""
    assigned = domain.assign(await lock_ticket(tx, ticket_id), to)
    await store.save_ticket(tx, assigned)
    return assigned


async def require_operator(tx: Tx, account_id: UUID) -> None:
    """Tickets are handed to people of the desk only. Raises Invalid."""
    account = await account_store.account(tx, account_id)
    if account is None or account.state != "active" or "support" not in account.roles:
        raise Invalid("not-of-the-desk", "/to")


async def reply(tx: Tx, ticket_id: UUID, text: str | None, template: str | None, by: UUID) -> Ticket:
    """Write to the guest, by hand or by a template or both. Raises Invalid, WrongStep."""
    ticket = domain.reply(await lock_ticket(tx, ticket_id), by, tx.now)
    if template is not None and template not in TEMPLATES:
        raise Invalid("template-unknown", "/template")
    said = "\n\n".join(filter(None, (template and fill(template, ticket), text)))
    if not said:
        raise Invalid("empty", "/text")
    await _say(tx, SupportTicketAnswered, ticket, said, by)
    return ticket


async def resolve(tx: Tx, ticket: Ticket, text: str, by: UUID | None) -> Ticket:
    """Say what was done; for 14 days an answer opens the ticket again. `ticket` is locked. Raises WrongStep."""
    resolved = domain.resolve(ticket, by, tx.now)
    await _say(tx, SupportTicketResolved, resolved, text, by)
    return resolved


async def _say(tx: Tx, kind: Letter, ticket: Ticket, text: str, by: UUID | None) -> None:
    await store.add_message(tx, ticket.id, "desk", text, by=by)
    _tell(tx, kind, ticket, text, await store.save_ticket(tx, ticket, raised=1))


async def reopen(tx: Tx, ticket_id: UUID, by: UUID) -> Ticket:
    """Go on with what was resolved. Raises Conflict, WrongStep."""
    reopened = domain.reopen(await lock_ticket(tx, ticket_id), by, tx.now)
    await store.save_ticket(tx, reopened)
    return reopened


async def merge(tx: Tx, ticket_id: UUID, into: str, reason: str | None, by: UUID) -> Ticket:
    """One person, one thread: this ticket ends, the other one shows both. Raises Invalid, WrongStep."""
    target = await store.ticket_numbered(tx, into)
    if target is None:
        raise Invalid("ticket-unknown", "/into")
    both = await store.tickets_for_update(tx, [ticket_id, target.id])
    merged = domain.merge(both[ticket_id], both[target.id], reason, tx.now)
    await store.save_ticket(tx, merged)
    await store.repoint_merged(tx, ticket_id, target.id)
    why = f": {reason}" if reason else ""
    await store.add_message(tx, target.id, "desk", f"{merged.number} → {target.number}{why}", by=by, private=True)
    return merged


async def resolve_silent(tx: Tx, ticket_id: UUID) -> None:
    """Its guest was asked, and has not answered for 14 days; another 14 an answer still opens it again."""
    ticket = await lock_ticket(tx, ticket_id)
    if domain.is_silent(ticket, tx.now):
        await resolve(tx, ticket, fill(SILENT, ticket), None)


async def close(tx: Tx, ticket_id: UUID) -> None:
    """Nobody has answered for 14 days."""
    ticket = await lock_ticket(tx, ticket_id)
    if ticket.state == "resolved":
        await store.save_ticket(tx, domain.close(ticket, tx.now))


async def forget(tx: Tx, ticket_id: UUID) -> None:
    """Half a year after the end nobody needs to know who it was, nor what was said."""
    ticket = await lock_ticket(tx, ticket_id)
    await store.forget_messages(tx, ticket_id)
    await attachment_store.forget_attachments(tx, ticket_id)
    await store.save_ticket(tx, domain.forget(ticket))


async def look_no_more(tx: Tx, ticket: Ticket) -> None:
    """Confirmations were mailed for it, if there was anybody to mail them to."""
    await store.save_ticket(tx, replace(ticket, look_at=None))
