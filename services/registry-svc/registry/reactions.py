"""TOLD BY AN EVENT: what the registry does when another service says something."""

from collections.abc import Sequence
from uuid import UUID

from chassis.inbox import Reactions, Told
from chassis.outbox import Tx
from ekis_contracts import Envelope
from ekis_contracts.cabinet import WorkplaceCompleted
from ekis_contracts.identity import AccountActivated, AccountDisabled, AccountRequestClosed, AccountRequested
from ekis_contracts.notify import NotificationFailed, NotificationSent

from registry.actions import accounts, applications, requests

reactions = Reactions()


@reactions.on(AccountRequested)
async def judge_request(tx: Tx, event: AccountRequested, _: Envelope) -> None:
    """Is the school registered, and is the person on its roll?"""
    await requests.judge_request(tx, event)


@reactions.on(AccountRequestClosed)
async def close_request(tx: Tx, event: AccountRequestClosed, _: Envelope) -> None:
    """Forget the applicant and the referral."""
    await requests.close_request(tx, event.request_id)


@reactions.on(AccountActivated)
async def mark_activation(tx: Tx, event: AccountActivated, _: Envelope) -> None:
    """Remember that this person has an account."""
    await accounts.mark_activation(tx, event.account_id, event.staff_id, event.activated_at)


@reactions.on(AccountDisabled)
async def erase_account(tx: Tx, event: AccountDisabled, envelope: Envelope) -> None:
    """Forget what request and workplace form brought, and give the receipt."""
    await accounts.erase_account(tx, event.account_id, event.staff_id, envelope.sequence)


@reactions.on(WorkplaceCompleted)
async def keep_workplace(tx: Tx, event: WorkplaceCompleted, envelope: Envelope) -> None:
    """Enrich the staff record."""
    work = tx.seals.open(event.work)
    await accounts.keep_workplace(tx, event.account_id, event.staff_id, envelope.sequence, work)


@reactions.on_batch(NotificationSent)
async def note_sent_mails(tx: Tx, told: list[Told]) -> None:
    """Show on the timelines of applications that a mail has gone."""
    await applications.note_mails(tx, _outcomes(told))


@reactions.on_batch(NotificationFailed)
async def note_failed_mails(tx: Tx, told: list[Told]) -> None:
    """Show on the timelines of applications that a mail did not arrive."""
    await applications.note_mails(tx, _outcomes(told))


def _outcomes(told: Sequence[Told]) -> list[tuple[UUID, str]]:
    """Whom each mail was about, and what became of it. Only subjects of our own are surely UUIDs."""
    about = [(_uuid(one.event.about), f"mail-{one.event.outcome}") for one in told]
    return [(subject, outcome) for subject, outcome in about if subject]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
