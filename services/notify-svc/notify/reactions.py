"""What notify-svc is told, and the mail row each fact becomes."""

from datetime import timedelta

from chassis.inbox import Reactions, Tx
from ekis_contracts import Envelope
from ekis_contracts.cabinet import NoticeAddressed
from ekis_contracts.identity import (
    AccessRestored,
    AccountActivated,
    AccountChanged,
    AccountCreated,
    AccountDisabled,
    AccountRequestClosed,
    AccountRequested,
    AccountResumed,
    AccountSuspended,
    ConfirmationRequested,
    SessionsRevoked,
    SupportTicketAnswered,
    SupportTicketOpened,
    SupportTicketResolved,
)
from ekis_contracts.registry import (
    AccountRequestHeld,
    AccountRequestReferred,
    SchoolApplicationDecided,
    SchoolApplicationSubmitted,
)

from notify.actions import accounts, notices
from notify.actions.mails import mail_about, queue_mail
from notify.domain.notices import PATIENCE, Notice
from notify.domain.purposes import ALARMING, FAREWELL, SYSTEM
from notify.webhooks.actions import pause_webhooks_of

reactions = Reactions()


@reactions.on(SchoolApplicationSubmitted)
async def confirm_application(tx: Tx, event: SchoolApplicationSubmitted, envelope: Envelope) -> None:
    """Number and code of the application."""
    mail = mail_about(tx, event, envelope, "application-submitted", secret=event.tracking, number=event.number)
    await queue_mail(tx, mail)


@reactions.on(SchoolApplicationDecided)
async def tell_decision(tx: Tx, event: SchoolApplicationDecided, envelope: Envelope) -> None:
    """What the registrar has decided, or asks."""
    purpose = f"application-{event.decision}"
    mail = mail_about(tx, event, envelope, purpose, number=event.number, reason=event.reason)
    await queue_mail(tx, mail)


@reactions.on(AccountRequested)
async def confirm_request(tx: Tx, event: AccountRequested, envelope: Envelope) -> None:
    """Number and code of the request; a corrected address gets none."""
    if event.request_version == 1:
        secret, number = event.tracking, event.number
        mail = mail_about(tx, event, envelope, "request-received", once=1, secret=secret, number=number)
        await queue_mail(tx, mail)


@reactions.on(AccountRequestHeld)
async def explain_entry(tx: Tx, event: AccountRequestHeld, envelope: Envelope) -> None:
    """How a school enters the registry."""
    await queue_mail(tx, mail_about(tx, event, envelope, "request-held", once=event.request_version))


@reactions.on(AccountRequestReferred)
async def ask_decider(tx: Tx, event: AccountRequestReferred, envelope: Envelope) -> None:
    """Somebody has to decide; the department has a queue of its own and no address."""
    if event.contact is not None:
        once = f"{event.request_version} {event.to}"
        until = event.until.isoformat() if event.until else None
        mail = mail_about(tx, event, envelope, "request-referred", once=once, until=until, reason=event.reason)
        await queue_mail(tx, mail)


@reactions.on(AccountRequestClosed)
async def tell_end_of_request(tx: Tx, event: AccountRequestClosed, envelope: Envelope) -> None:
    """How a request has ended; an activated one is told of by the welcome."""
    if event.contact is not None and event.outcome != "activated":
        mail = mail_about(tx, event, envelope, f"request-{event.outcome}", once=1, reason=event.reason)
        await queue_mail(tx, mail)


@reactions.on(AccountCreated)
async def send_credentials(tx: Tx, event: AccountCreated, envelope: Envelope) -> None:
    """Login and one-time password."""
    number = event.credential_no
    mail = mail_about(tx, event, envelope, "account-created", once=number, secret=event.credentials)
    await accounts.queue_credentials(tx, event.account_id, mail, number)


@reactions.on(AccessRestored)
async def send_new_credentials(tx: Tx, event: AccessRestored, envelope: Envelope) -> None:
    """Login and a new one-time password."""
    number = event.credential_no
    mail = mail_about(tx, event, envelope, "access-restored", once=number, secret=event.credentials)
    await accounts.queue_credentials(tx, event.account_id, mail, number)


@reactions.on(AccountActivated)
async def welcome(tx: Tx, event: AccountActivated, envelope: Envelope) -> None:
    """The cabinet is open."""
    mail = mail_about(tx, event, envelope, "account-activated", once=1, category=event.category)
    await accounts.queue_account_mail(tx, event.account_id, mail)


@reactions.on(AccountChanged)
async def tell_new_address(tx: Tx, event: AccountChanged, envelope: Envelope) -> None:
    """Another address: the old one hears of it too."""
    if "email" in event.changed:
        mail = mail_about(tx, event, envelope, "address-changed")
        await accounts.queue_address_change(tx, event.account_id, mail)


@reactions.on(AccountSuspended)
async def tell_suspension(tx: Tx, event: AccountSuspended, envelope: Envelope) -> None:
    """Why, and until when."""
    until = event.until.isoformat() if event.until else None
    days = round((event.until - envelope.time) / timedelta(days=1)) if event.until else None
    mail = mail_about(tx, event, envelope, "account-suspended", reason=event.reason, until=until, days=days)
    await accounts.queue_account_mail(tx, event.account_id, mail)


@reactions.on(AccountResumed)
async def tell_resumption(tx: Tx, event: AccountResumed, envelope: Envelope) -> None:
    """The account works again."""
    mail = mail_about(tx, event, envelope, "account-resumed", reason=event.reason)
    await accounts.queue_account_mail(tx, event.account_id, mail)


@reactions.on(AccountDisabled)
async def say_farewell(tx: Tx, event: AccountDisabled, envelope: Envelope) -> None:
    """The last mail; then the address goes."""
    await accounts.end_account(tx, event.account_id, mail_about(tx, event, envelope, FAREWELL, reason=event.channel))


@reactions.on(SessionsRevoked)
async def raise_alarm(tx: Tx, event: SessionsRevoked, envelope: Envelope) -> None:
    """A password, a second step or a copied token: who did not do it must hear of it. A city system's: nothing is sent
    to it."""
    if event.reason == SYSTEM:
        await pause_webhooks_of(tx, event.account_id)
    if event.reason in ALARMING and event.contact is not None:
        await accounts.queue_account_mail(tx, event.account_id, mail_about(tx, event, envelope, event.reason))


@reactions.on(ConfirmationRequested)
async def send_code(tx: Tx, event: ConfirmationRequested, envelope: Envelope) -> None:
    """A code that proves who reads the mail. A ticket's is of no account."""
    mail = mail_about(tx, event, envelope, f"confirmation-{event.purpose}", secret=event.confirmation)
    if event.purpose == "email-code":
        await queue_mail(tx, mail)
    else:
        await accounts.queue_confirmation(tx, event.subject_id, mail)


@reactions.on(SupportTicketOpened)
async def confirm_ticket(tx: Tx, event: SupportTicketOpened, envelope: Envelope) -> None:
    """Number and code of the ticket."""
    mail = mail_about(tx, event, envelope, "ticket-opened", once=1, secret=event.letter, number=event.number)
    await queue_mail(tx, mail)


@reactions.on(SupportTicketAnswered)
async def send_reply(tx: Tx, event: SupportTicketAnswered, envelope: Envelope) -> None:
    """What the desk has written."""
    await queue_mail(tx, mail_about(tx, event, envelope, "ticket-answered", secret=event.letter, number=event.number))


@reactions.on(SupportTicketResolved)
async def tell_resolution(tx: Tx, event: SupportTicketResolved, envelope: Envelope) -> None:
    """What the desk has done, and how to say that it was not enough."""
    await queue_mail(tx, mail_about(tx, event, envelope, "ticket-resolved", secret=event.letter, number=event.number))


@reactions.on(NoticeAddressed)
async def tell_notice(tx: Tx, event: NoticeAddressed, envelope: Envelope) -> None:
    """News of the cabinet for some accounts: mails, lines of digests, or waiting for an address."""
    expires_at = envelope.expires or tx.now + PATIENCE
    said = (event.kind, event.title, event.page, event.due)
    notice = Notice(event.notice_id, envelope.id, *said, expires_at, event.personal)
    await notices.tell_notice(tx, notice, event.account_ids)
