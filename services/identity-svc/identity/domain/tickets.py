"""A support ticket: its states, who may take which step, and until when it may be opened again.

`new -> assigned -> waiting-for-user -> resolved -> closed`: what the guest writes brings it back to whoever has it, and
two weeks of silence resolve what waits for the guest.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, get_args
from uuid import UUID

from chassis.errors import Conflict, Invalid, WrongStep
from ekis_contracts.identity import TicketKind, TicketState
from ekis_contracts.values import Contact, Lang

from identity.domain.addresses import address_key

Channel = Literal["form", "phone"]
Check = Literal["callback", "email-code", "head-confirmed", "document"]

STATES: tuple[TicketState, ...] = get_args(TicketState)
OPEN: frozenset[TicketState] = frozenset({"new", "assigned", "waiting-for-user"})
STEPS: dict[TicketState, frozenset[TicketState]] = {
    "new": frozenset({"assigned", "waiting-for-user", "resolved", "closed"}),
    "assigned": frozenset({"assigned", "waiting-for-user", "resolved", "closed"}),
    "waiting-for-user": frozenset({"assigned", "waiting-for-user", "resolved", "closed"}),
    "resolved": frozenset({"new", "assigned", "closed"}),  # new: the system had resolved it, and nobody has it
    "closed": frozenset(),
}
REOPEN_WITHIN = timedelta(days=14)
ANSWER_WITHIN = timedelta(days=14)  # whoever was asked
FORGET_AFTER = timedelta(days=180)
CHECK_HOLDS = timedelta(hours=1)  # whoever has read a code aloud is still on the line
ATTACHMENTS_A_TICKET = 10
MESSAGES_A_TICKET = 200  # of its guest


@dataclass(frozen=True, slots=True)
class Ticket:
    """What somebody asks of the desk. Contact and login go some time after the end."""

    id: UUID
    number: str
    kind: TicketKind
    channel: Channel
    state: TicketState
    lang: Lang
    opened_at: datetime
    email: str | None
    name: str | None = None
    phone: str | None = None
    login: str | None = None
    assigned_to: UUID | None = None
    account_id: UUID | None = None
    merged_into: UUID | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    checked_at: datetime | None = None
    look_at: datetime | None = None
    waits_since: datetime | None = None

    @property
    def contact(self) -> Contact:
        """Where and how to write to whoever asks; the name may be empty."""
        return Contact(name=self.name or "", email=self.email or "", lang=self.lang)

    @property
    def restored_by(self) -> Literal["desk", "phone"]:
        """How the desk was asked for access."""
        return "phone" if self.channel == "phone" else "desk"


def _move(ticket: Ticket, state: TicketState) -> Ticket:
    if state not in STEPS[ticket.state]:
        raise WrongStep(ticket.state, state)
    return replace(ticket, state=state, waits_since=None)


def require_open(ticket: Ticket, step: str) -> None:
    """Whether it still waits for somebody. Raises WrongStep."""
    if ticket.state not in OPEN:
        raise WrongStep(ticket.state, step)


def assign(ticket: Ticket, to: UUID) -> Ticket:
    """An operator has it from now on; where it stood it stays, unless it was new."""
    require_open(ticket, "assign")
    return replace(_move(ticket, "assigned") if ticket.state == "new" else ticket, assigned_to=to)


def take(ticket: Ticket, by: UUID) -> Ticket:
    """Who acts on a ticket that nobody has gets it."""
    return ticket if ticket.assigned_to else assign(ticket, by)


def reply(ticket: Ticket, by: UUID, now: datetime) -> Ticket:
    """The desk has written; the next word is the guest's, for 14 days."""
    return replace(_move(take(ticket, by), "waiting-for-user"), waits_since=now)


def is_silent(ticket: Ticket, now: datetime) -> bool:
    """Whether its guest has not answered in time."""
    return ticket.waits_since is not None and now >= ticket.waits_since + ANSWER_WITHIN


def resolve(ticket: Ticket, by: UUID | None, now: datetime) -> Ticket:
    """Done. By nobody: by the system itself."""
    require_open(ticket, "resolve")
    return replace(_move(take(ticket, by) if by else ticket, "resolved"), resolved_at=now)


def hear(ticket: Ticket, now: datetime) -> Ticket:
    """The guest has written: it goes back to whoever has it, also within 14 days after it was resolved."""
    if ticket.state in ("new", "assigned"):
        return ticket
    if ticket.state == "waiting-for-user":
        return _move(ticket, "assigned")
    return _open_again(ticket, now)


def reopen(ticket: Ticket, by: UUID, now: datetime) -> Ticket:
    """The desk goes on with what it has resolved, within the same 14 days."""
    if ticket.state != "resolved":
        raise WrongStep(ticket.state, "reopen")
    return take(_open_again(ticket, now), by)


def _open_again(ticket: Ticket, now: datetime) -> Ticket:
    if ticket.state == "closed" or not ticket.resolved_at or now >= ticket.resolved_at + REOPEN_WITHIN:
        raise Conflict("ticket-closed")
    return replace(_move(ticket, "assigned" if ticket.assigned_to else "new"), resolved_at=None)


def close(ticket: Ticket, now: datetime) -> Ticket:
    """14 days after it was resolved it cannot be opened again."""
    if ticket.state != "resolved" or not ticket.resolved_at or now < ticket.resolved_at + REOPEN_WITHIN:
        raise WrongStep(ticket.state, "close")
    return replace(_move(ticket, "closed"), closed_at=now)


def merge(ticket: Ticket, into: Ticket, reason: str | None, now: datetime) -> Ticket:
    """It goes on in another one, of the same address or for a stated reason."""
    require_open(ticket, "merge")
    require_open(into, "merge")
    if ticket.id == into.id:
        raise Invalid("merge-itself", "/into")
    if reason is None and address_key(ticket.email or "") != address_key(into.email or ""):
        raise Invalid("merge-reason-required", "/reason")
    return replace(_move(ticket, "closed"), merged_into=into.id, closed_at=now, look_at=None)


def link(ticket: Ticket, account_id: UUID, by: UUID) -> Ticket:
    """Whose account it is about. What was checked of another one counts no more."""
    require_open(ticket, "link")
    same = ticket.account_id == account_id
    return replace(take(ticket, by), account_id=account_id, checked_at=ticket.checked_at if same else None)


def linked_account(ticket: Ticket) -> UUID:
    """The account that the desk may act on. Raises Conflict."""
    require_open(ticket, "act")
    if ticket.account_id is None:
        raise Conflict("account-not-linked")
    return ticket.account_id


def require_about(ticket: Ticket, account_id: UUID) -> None:
    """Whether the desk may act on this account for it. Raises Conflict."""
    if ticket.state not in OPEN:
        raise Conflict("ticket-closed")
    if ticket.account_id != account_id:
        raise Conflict("account-not-linked")


def require_check(ticket: Ticket, check: Check, now: datetime) -> None:
    """What the system checks itself must have happened; for the others the operator's word is recorded."""
    fresh = ticket.checked_at is not None and now < ticket.checked_at + CHECK_HOLDS
    if check == "email-code" and not fresh:
        raise Conflict("check-not-performed")


def require_room(ticket: Ticket, attachments: int) -> None:
    """Whether one more file may come. Raises Conflict."""
    if ticket.state == "closed":
        raise Conflict("ticket-closed")
    if attachments >= ATTACHMENTS_A_TICKET:
        raise Conflict("attachments-full", most=ATTACHMENTS_A_TICKET)


def require_known(ticket: Ticket) -> None:
    """Whether it is still known who it was: what is forgotten stays so. Raises Conflict."""
    if ticket.email is None:
        raise Conflict("ticket-closed")


def require_place(messages: int) -> None:
    """Whether its guest may say one thing more. Raises Conflict."""
    if messages >= MESSAGES_A_TICKET:
        raise Conflict("thread-full", most=MESSAGES_A_TICKET)


def forget(ticket: Ticket) -> Ticket:
    """Who it was goes, what it was about stays countable."""
    return replace(ticket, email=None, name=None, phone=None, login=None)
