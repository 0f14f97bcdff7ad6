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
    """A person asks for an account. A corrected e-mail is a new `request_version`, judged anew.

    Said when the form is accepted, the e-mail is corrected, or no verdict has come in 10 minutes.
    """

    request_id: UUID
    number: str
    request_version: int
    school: SchoolClaim
    category: Category
    applicant: ForRegistry[Applicant]
    contact: ForNotify[Contact]
    tracking: ForNotify[Tracking]


class AccountRequestClosed(Event, topic="account-request-closed", producer="identity", key="request_id"):
    """A request has ended. The contact of a duplicate (`open-request` or `has-account`) is the address on file.

    Said when it is declined, withdrawn, expired, a duplicate, or its account is activated: once in its life.
    """

    request_id: UUID
    outcome: Literal["declined", "withdrawn", "expired", "activated", "duplicate"]
    reason: str | None
    contact: ForNotify[Contact] | None


class AccountCreated(AccountFacts, Event, topic="account-created", producer="identity", key="account_id"):
    """An account exists and waits for its first sign-in; its credentials are to be mailed. `login_digest` is keyed:
    after a restore it tells identity, and nobody else, which login is taken.

    Said when identity issues it on a verified request: once in its life.
    """

    request_id: UUID
    credential_no: int
    contact: ForNotify[Contact]
    credentials: ForNotify[Credentials]
    name: ForCabinet[PersonName]
    login_digest: str | None = None


class AccountActivated(AccountFacts, Event, topic="account-activated", producer="identity", key="account_id"):
    """The account can be used.

    Said when the person has declared the status and replaced the one-time password: once in its life.
    """

    activated_at: datetime
    contact: ForNotify[Contact]
    name: ForCabinet[PersonName]


class AccountChanged(AccountFacts, Event, topic="account-changed", producer="identity", key="account_id", revokes=True):
    """The staff record or the address behind an account has changed; a smaller right raises the epoch.

    Said when `staff-changed` concerns it, or its address is replaced; `changed` names what.
    """

    changed: list[str]
    contact: ForNotify[Contact]
    name: ForCabinet[PersonName]


class AccessRestored(AccountFacts, Event, topic="access-restored", producer="identity", key="account_id", revokes=True):
    """A new one-time password was issued; every earlier one is dead.

    Said when a person confirms by the address on file, or the desk restores the access.
    """

    channel: Literal["desk", "phone", "request"]
    ticket: str | None = None
    credential_no: int
    contact: ForNotify[Contact]
    credentials: ForNotify[Credentials]


class AccountSuspended(
    AccountFacts, Event, topic="account-suspended", producer="identity", key="account_id", revokes=True
):
    """Signing in is refused for now; nothing is deleted.

    Said when the desk suspends the account, or its staff record has ended; `until` is when it would be disabled.
    """

    reason: str
    until: datetime | None
    contact: ForNotify[Contact]


class AccountResumed(AccountFacts, Event, topic="account-resumed", producer="identity", key="account_id"):
    """A suspended account works again.

    Said when the desk resumes it, or the person's end on the roll was a mistake.
    """

    reason: str
    contact: ForNotify[Contact]


class AccountDisabled(
    AccountFacts, Event, topic="account-disabled", producer="identity", key="account_id", revokes=True
):
    """The account has ended for good: refuse its tokens, erase what it held, answer with a receipt.

    Said when the person, the desk or time has ended it; again while a receipt is missing, first after an hour.
    """

    channel: str
    disabled_at: datetime
    contact: ForNotify[Contact]


class AccountErased(AccountFacts, Event, topic="account-erased", producer="identity", key="account_id"):
    """Nothing personal of the account is left.

    Said when every holder has answered with its receipt: once, the last event of an account.
    """

    receipts: list[str]
    erased_at: datetime


class AccountStanding(
    AccountFacts, Event, topic="accounts", producer="identity", key="account_id", compacted=True, since="0.2.0"
):
    """An account as it is; none is ever deleted: `erased` is a state and stays.

    Said with every other event that changes an account, under the same version.
    """


class SessionsRevoked(Event, topic="sessions-revoked", producer="identity", key="account_id", revokes=True):
    """Refuse the listed sessions, and tokens of an older epoch.

    Said when somebody signs out or changes the password, a copied session was used, or an operator's roles change.
    """

    account_id: UUID
    reason: str
    session_epoch: int
    sids: list[UUID]
    contact: ForNotify[Contact] | None


class ConfirmationRequested(Event, topic="confirmation-requested", producer="identity", key="subject_id"):
    """A code is to be mailed; who shows it reads that mail. The subject is an account, or for `email-code` a ticket.

    Said when access is to be restored, an address replaced, or the desk checks who is calling.
    """

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
    """Somebody asks the support desk. `letter` repeats the question and opens the ticket's page.

    Said when the form is accepted, or the desk writes down a call.
    """

    contact: ForNotify[Contact]
    letter: ForNotify[TicketLetter]


class SupportTicketAnswered(TicketFacts, Event, topic="support-ticket-answered", producer="identity", key="ticket_id"):
    """The desk has replied; `letter` holds the reply.

    Said when an operator sends a reply.
    """

    contact: ForNotify[Contact]
    letter: ForNotify[TicketLetter]


class SupportTicketResolved(TicketFacts, Event, topic="support-ticket-resolved", producer="identity", key="ticket_id"):
    """The desk has done what it can: `letter` says what; for 14 days an answer opens the ticket again.

    Said when an operator resolves the ticket.
    """

    contact: ForNotify[Contact]
    letter: ForNotify[TicketLetter]
