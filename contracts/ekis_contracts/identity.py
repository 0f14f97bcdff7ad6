"""Events of identity-svc: account requests, accounts, credentials, sessions."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from ekis_contracts.event import Event
from ekis_contracts.sealing import ForCabinet, ForNotify, ForRegistry
from ekis_contracts.values import (
    AccountFacts,
    Applicant,
    Category,
    Confirmation,
    Contact,
    Credentials,
    PersonName,
    SchoolClaim,
    TicketLetter,
    Tracking,
)

TicketKind = Literal["sign-in", "restore-access", "disable-account", "register-school", "fault", "question"]
TicketState = Literal["new", "assigned", "waiting-for-user", "resolved", "closed"]


class AccountRequested(Event, topic="account-requested", producer="identity", key="request_id"):
    """A person asks for an account. A corrected e-mail is a new `request_version`, judged anew."""

    request_id: UUID
    number: str
    request_version: int
    school: SchoolClaim
    category: Category
    applicant: ForRegistry[Applicant]
    contact: ForNotify[Contact]
    tracking: ForNotify[Tracking]


class AccountRequestClosed(Event, topic="account-request-closed", producer="identity", key="request_id"):
    """A request has ended. The contact of a duplicate (`open-request` or `has-account`) is the address on file."""

    request_id: UUID
    outcome: Literal["declined", "withdrawn", "expired", "activated", "duplicate"]
    reason: str | None
    contact: ForNotify[Contact] | None


class AccountCreated(AccountFacts, Event, topic="account-created", producer="identity", key="account_id"):
    """An account exists and waits for its first sign-in; its credentials are to be mailed."""

    request_id: UUID
    credential_no: int
    contact: ForNotify[Contact]
    credentials: ForNotify[Credentials]
    name: ForCabinet[PersonName]


class AccountActivated(AccountFacts, Event, topic="account-activated", producer="identity", key="account_id"):
    """The person has declared the status and replaced the one-time password."""

    activated_at: datetime
    contact: ForNotify[Contact]
    name: ForCabinet[PersonName]


class AccountChanged(AccountFacts, Event, topic="account-changed", producer="identity", key="account_id", revokes=True):
    """The staff record or the address behind an account has changed; a smaller right raises the epoch."""

    changed: list[str]
    contact: ForNotify[Contact]
    name: ForCabinet[PersonName]


class AccessRestored(AccountFacts, Event, topic="access-restored", producer="identity", key="account_id", revokes=True):
    """A new one-time password was issued; every earlier one is dead."""

    channel: Literal["desk", "phone", "request"]
    ticket: str | None = None
    credential_no: int
    contact: ForNotify[Contact]
    credentials: ForNotify[Credentials]


class AccountSuspended(
    AccountFacts, Event, topic="account-suspended", producer="identity", key="account_id", revokes=True
):
    """Signing in is refused for now; nothing is deleted."""

    reason: str
    until: datetime | None
    contact: ForNotify[Contact]


class AccountResumed(AccountFacts, Event, topic="account-resumed", producer="identity", key="account_id"):
    """A suspended account works again."""

    reason: str
    contact: ForNotify[Contact]


class AccountDisabled(
    AccountFacts, Event, topic="account-disabled", producer="identity", key="account_id", revokes=True
):
    """The account has ended for good: refuse its tokens, erase what it held, answer with a receipt."""

    channel: str
    disabled_at: datetime
    contact: ForNotify[Contact]


class AccountErased(AccountFacts, Event, topic="account-erased", producer="identity", key="account_id"):
    """Every holder has answered with its receipt: nothing personal is left."""

    receipts: list[str]
    erased_at: datetime


class AccountStanding(AccountFacts, Event, topic="accounts", producer="identity", key="account_id", compacted=True):
    """An account as it is, said with every other event that changes it under the same version; none is ever deleted:
    `erased` is a state and stays."""


class SessionsRevoked(Event, topic="sessions-revoked", producer="identity", key="account_id", revokes=True):
    """Refuse the listed sessions, and tokens of an older epoch."""

    account_id: UUID
    reason: str
    session_epoch: int
    sids: list[UUID]
    contact: ForNotify[Contact] | None


class ConfirmationRequested(Event, topic="confirmation-requested", producer="identity", key="subject_id"):
    """A code is to be mailed; who shows it reads that mail. The subject is an account, or for `email-code` a ticket."""

    subject_id: UUID
    purpose: Literal["restore", "email-change", "email-code"]
    contact: ForNotify[Contact]
    confirmation: ForNotify[Confirmation]


class TicketFacts(BaseModel):
    """The public block of a support ticket."""

    ticket_id: UUID
    number: str
    kind: TicketKind
    channel: Literal["form", "phone"]
    state: TicketState


class SupportTicketOpened(TicketFacts, Event, topic="support-ticket-opened", producer="identity", key="ticket_id"):
    """Somebody asks the support desk. `letter` repeats the question and opens the ticket's page."""

    contact: ForNotify[Contact]
    letter: ForNotify[TicketLetter]


class SupportTicketAnswered(TicketFacts, Event, topic="support-ticket-answered", producer="identity", key="ticket_id"):
    """The desk has replied; `letter` holds the reply."""

    contact: ForNotify[Contact]
    letter: ForNotify[TicketLetter]


class SupportTicketResolved(TicketFacts, Event, topic="support-ticket-resolved", producer="identity", key="ticket_id"):
    """The desk has done what it can: `letter` says what; for 14 days an answer opens the ticket again."""

    contact: ForNotify[Contact]
    letter: ForNotify[TicketLetter]
