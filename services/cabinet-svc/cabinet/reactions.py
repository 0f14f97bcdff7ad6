"""What cabinet-svc is told: copies of schools and of the roll, the life of accounts."""

from chassis.inbox import Reactions, Told, Tx
from ekis_contracts import Envelope
from ekis_contracts.identity import (
    AccountActivated,
    AccountChanged,
    AccountCreated,
    AccountDisabled,
    AccountResumed,
    AccountSuspended,
)
from ekis_contracts.registry import (
    SchoolChanged,
    SchoolClosed,
    SchoolRegistered,
    StaffChanged,
    StaffEnrolled,
    StaffLeft,
)

from cabinet.contests.actions.entries import free_places_of_staff
from cabinet.mydata.actions import erase_account
from cabinet.people import actions

reactions = Reactions()


@reactions.on_batch(SchoolRegistered)
async def copy_schools(tx: Tx, told: list[Told]) -> None:
    """New schools."""
    await actions.copy_schools(tx, [(one.event, one.envelope.sequence) for one in told])


@reactions.on_batch(SchoolChanged)
async def copy_changed_schools(tx: Tx, told: list[Told]) -> None:
    """Schools as they are now."""
    await actions.copy_schools(tx, [(one.event, one.envelope.sequence) for one in told])


@reactions.on_batch(SchoolClosed)
async def copy_closed_schools(tx: Tx, told: list[Told]) -> None:
    """Read only from now on; people go on elsewhere or leave by their staff records."""
    await actions.copy_schools(tx, [(one.event, one.envelope.sequence) for one in told])


@reactions.on_batch(StaffEnrolled)
async def copy_enrolled(tx: Tx, told: list[Told]) -> None:
    """New staff records."""
    await actions.copy_staff(tx, [(one.event, one.event.name, one.envelope.sequence) for one in told])


@reactions.on_batch(StaffChanged)
async def copy_changed(tx: Tx, told: list[Told]) -> None:
    """Staff records as they are now."""
    await actions.copy_staff(tx, [(one.event, one.event.name, one.envelope.sequence) for one in told])


@reactions.on(StaffLeft)
async def end_staff(tx: Tx, event: StaffLeft, _: Envelope) -> None:
    """A staff record has ended; identity decides what becomes of the account."""
    await actions.end_staff(tx, event.staff_id)
    await free_places_of_staff(tx, event.staff_id)


@reactions.on(AccountCreated)
async def provision_cabinet(tx: Tx, event: AccountCreated, envelope: Envelope) -> None:
    """A cabinet, closed until activation."""
    await actions.follow_account(tx, event, envelope.sequence, event.name)


@reactions.on(AccountActivated)
async def open_cabinet(tx: Tx, event: AccountActivated, envelope: Envelope) -> None:
    """The first sign-in is done."""
    await actions.follow_account(tx, event, envelope.sequence, event.name)


@reactions.on(AccountChanged)
async def follow_change(tx: Tx, event: AccountChanged, envelope: Envelope) -> None:
    """Another post, school or name."""
    await actions.follow_account(tx, event, envelope.sequence, event.name)


@reactions.on(AccountSuspended)
async def close_cabinet(tx: Tx, event: AccountSuspended, envelope: Envelope) -> None:
    """For now."""
    await actions.follow_account(tx, event, envelope.sequence)


@reactions.on(AccountResumed)
async def reopen_cabinet(tx: Tx, event: AccountResumed, envelope: Envelope) -> None:
    """It works again."""
    await actions.follow_account(tx, event, envelope.sequence)


@reactions.on(AccountDisabled)
async def erase_section(tx: Tx, event: AccountDisabled, _: Envelope) -> None:
    """For good, whatever comes later."""
    await erase_account(tx, event)
