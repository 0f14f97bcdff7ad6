"""TOLD BY AN EVENT: everything identity reacts to."""

from chassis.inbox import Reactions, Told, Tx
from ekis_contracts import Envelope
from ekis_contracts.cabinet import PersonalDataErased
from ekis_contracts.notify import NotificationFailed, NotificationSent
from ekis_contracts.registry import (
    AccountRequestDeclined,
    AccountRequestHeld,
    AccountRequestReferred,
    AccountRequestVerified,
    SchoolChanged,
    SchoolClosed,
    SchoolRegistered,
    StaffChanged,
    StaffEnrolled,
    StaffLeft,
)

from identity.actions import erasures, mails, requests, roll
from identity.domain import requests as domain
from identity.domain.accounts import Staff
from identity.domain.erasures import Receipt
from identity.domain.request import Verdict

reactions = Reactions()


@reactions.on(AccountRequestHeld)
async def hold_request(tx: Tx, event: AccountRequestHeld, envelope: Envelope) -> None:
    """The school is not registered."""
    verdict = Verdict(event.request_version, envelope.sequence)
    await requests.step(tx, event.request_id, lambda request, now: domain.hold(request, verdict, now))


@reactions.on(AccountRequestReferred)
async def refer_request(tx: Tx, event: AccountRequestReferred, envelope: Envelope) -> None:
    """A person decides."""
    verdict, to, until = Verdict(event.request_version, envelope.sequence), event.to, event.until
    await requests.step(tx, event.request_id, lambda request, now: domain.refer(request, verdict, to, until, now))


@reactions.on(AccountRequestVerified)
async def issue_account(tx: Tx, event: AccountRequestVerified, envelope: Envelope) -> None:
    """The applicant is on the roll."""
    staff = Staff(event.staff_id, event.school_id, event.category, event.post)
    await requests.verify(tx, event.request_id, Verdict(event.request_version, envelope.sequence), staff)


@reactions.on(AccountRequestDeclined)
async def decline_request(tx: Tx, event: AccountRequestDeclined, envelope: Envelope) -> None:
    """The applicant gets no account on this request."""
    verdict, reason = Verdict(event.request_version, envelope.sequence), event.reason
    await requests.step(tx, event.request_id, lambda request, now: domain.decline(request, verdict, reason, now))


@reactions.on(NotificationSent)
async def note_sent(tx: Tx, event: NotificationSent, envelope: Envelope) -> None:
    """A mail server has taken a mail."""
    await mails.note_mail(tx, event, envelope.sequence, delivered=True)


@reactions.on(NotificationFailed)
async def note_failed(tx: Tx, event: NotificationFailed, envelope: Envelope) -> None:
    """A mail could not be delivered."""
    await mails.note_mail(tx, event, envelope.sequence, delivered=False)


@reactions.on_batch(StaffEnrolled)
async def copy_enrolled(tx: Tx, told: list[Told]) -> None:
    """New staff records."""
    await roll.copy_staff(tx, [(one.event, one.envelope) for one in told])


@reactions.on(StaffChanged)
async def copy_changed(tx: Tx, event: StaffChanged, envelope: Envelope) -> None:
    """Another post, category, school or name: the account follows."""
    await roll.copy_staff(tx, [(event, envelope)])


@reactions.on(StaffLeft)
async def end_staff(tx: Tx, event: StaffLeft, envelope: Envelope) -> None:  # noqa: ARG001 - the end has no version
    """The staff record has ended."""
    await roll.end_staff(tx, event.staff_id, event.reason)


@reactions.on_batch(SchoolRegistered)
async def copy_schools(tx: Tx, told: list[Told]) -> None:
    """New schools."""
    await roll.copy_schools(tx, [(one.event, one.envelope) for one in told])


@reactions.on_batch(SchoolChanged)
async def copy_changed_schools(tx: Tx, told: list[Told]) -> None:
    """Schools as they are now."""
    await roll.copy_schools(tx, [(one.event, one.envelope) for one in told])


@reactions.on_batch(SchoolClosed)
async def copy_closed_schools(tx: Tx, told: list[Told]) -> None:
    """No new accounts there; the old ones follow their staff records."""
    await roll.copy_schools(tx, [(one.event, one.envelope) for one in told])


@reactions.on(PersonalDataErased)
async def take_receipt(tx: Tx, event: PersonalDataErased, envelope: Envelope) -> None:  # noqa: ARG001 - said once
    """A service holds nothing of the account any more."""
    await erasures.take_receipt(tx, event.account_id, Receipt(event.service, event.counts, event.erased_at))
