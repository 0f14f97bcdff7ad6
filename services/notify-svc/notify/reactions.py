"""What notify-svc is told, and the mail row each fact becomes."""

from chassis.inbox import Reactions, Tx
from ekis_contracts import Envelope
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
    SessionsRevoked,
)
from ekis_contracts.registry import (
    AccountRequestHeld,
    AccountRequestReferred,
    SchoolApplicationDecided,
    SchoolApplicationSubmitted,
)

from notify.actions import mails as actions
from notify.actions.mails import mail_about
from notify.domain.mails import FAREWELL

reactions = Reactions()


@reactions.on(SchoolApplicationSubmitted)
async def confirm_application(tx: Tx, event: SchoolApplicationSubmitted, envelope: Envelope) -> None:
    """Number and code of the application."""
    mail = mail_about(tx, event, envelope, "application-submitted", secret=event.tracking, number=event.number)
    await actions.queue_mail(tx, mail)


@reactions.on(SchoolApplicationDecided)
async def tell_decision(tx: Tx, event: SchoolApplicationDecided, envelope: Envelope) -> None:
    """What the registrar has decided, or asks."""
    purpose = f"application-{event.decision}"
    mail = mail_about(tx, event, envelope, purpose, number=event.number, reason=event.reason)
    await actions.queue_mail(tx, mail)


@reactions.on(AccountRequested)
async def confirm_request(tx: Tx, event: AccountRequested, envelope: Envelope) -> None:
    """Number and code of the request; a corrected address gets none."""
    if event.request_version == 1:
        secret, number = event.tracking, event.number
        mail = mail_about(tx, event, envelope, "request-received", once=1, secret=secret, number=number)
        await actions.queue_mail(tx, mail)


@reactions.on(AccountRequestHeld)
async def explain_entry(tx: Tx, event: AccountRequestHeld, envelope: Envelope) -> None:
    """How a school enters the registry."""
    await actions.queue_mail(tx, mail_about(tx, event, envelope, "request-held", once=event.request_version))


@reactions.on(AccountRequestReferred)
async def ask_decider(tx: Tx, event: AccountRequestReferred, envelope: Envelope) -> None:
    """Somebody has to decide; the department has a queue of its own and no address."""
    if event.contact is not None:
        once = f"{event.request_version} {event.to}"
        until = event.until.isoformat() if event.until else None
        mail = mail_about(tx, event, envelope, "request-referred", once=once, until=until)
        await actions.queue_mail(tx, mail)


@reactions.on(AccountRequestClosed)
async def tell_end_of_request(tx: Tx, event: AccountRequestClosed, envelope: Envelope) -> None:
    """How a request has ended; an activated one is told of by the welcome."""
    if event.contact is not None and event.outcome != "activated":
        mail = mail_about(tx, event, envelope, f"request-{event.outcome}", once=1, reason=event.reason)
        await actions.queue_mail(tx, mail)


@reactions.on(AccountCreated)
async def send_credentials(tx: Tx, event: AccountCreated, envelope: Envelope) -> None:
    """Login and one-time password."""
    number = event.credential_no
    mail = mail_about(tx, event, envelope, "account-created", once=number, secret=event.credentials)
    await actions.queue_credentials(tx, event.account_id, mail, number)


@reactions.on(AccessRestored)
async def send_new_credentials(tx: Tx, event: AccessRestored, envelope: Envelope) -> None:
    """Login and a new one-time password."""
    number = event.credential_no
    mail = mail_about(tx, event, envelope, "access-restored", once=number, secret=event.credentials)
    await actions.queue_credentials(tx, event.account_id, mail, number)


@reactions.on(AccountActivated)
async def welcome(tx: Tx, event: AccountActivated, envelope: Envelope) -> None:
    """The cabinet is open."""
    mail = mail_about(tx, event, envelope, "account-activated", once=1, category=event.category)
    await actions.queue_account_mail(tx, event.account_id, mail)


@reactions.on(AccountChanged)
async def tell_new_address(tx: Tx, event: AccountChanged, envelope: Envelope) -> None:
    """Another address: the old one hears of it too."""
    if "email" in event.changed:
        mail = mail_about(tx, event, envelope, "address-changed")
        await actions.queue_address_change(tx, event.account_id, mail)


@reactions.on(AccountSuspended)
async def tell_suspension(tx: Tx, event: AccountSuspended, envelope: Envelope) -> None:
    """Why, and until when."""
    until = event.until.isoformat() if event.until else None
    mail = mail_about(tx, event, envelope, "account-suspended", reason=event.reason, until=until)
    await actions.queue_account_mail(tx, event.account_id, mail)


@reactions.on(AccountResumed)
async def tell_resumption(tx: Tx, event: AccountResumed, envelope: Envelope) -> None:
    """The account works again."""
    await actions.queue_account_mail(tx, event.account_id, mail_about(tx, event, envelope, "account-resumed"))


@reactions.on(AccountDisabled)
async def say_farewell(tx: Tx, event: AccountDisabled, envelope: Envelope) -> None:
    """The last mail; then the address goes."""
    await actions.end_account(tx, event.account_id, mail_about(tx, event, envelope, FAREWELL))


@reactions.on(SessionsRevoked)
async def tell_new_password(tx: Tx, event: SessionsRevoked, envelope: Envelope) -> None:
    """The password was changed; who did not do it must hear of it."""
    if event.reason == "password-changed" and event.contact is not None:
        mail = mail_about(tx, event, envelope, "password-changed")
        await actions.queue_account_mail(tx, event.account_id, mail)
