"""What registry tells of staff and schools: copies, and the accounts that follow them."""

from collections.abc import Sequence
from uuid import UUID

from chassis.outbox import Tx
from ekis_contracts import Envelope, ForIdentity
from ekis_contracts.registry import StaffChanged, StaffEnrolled
from ekis_contracts.values import PersonName, SchoolFacts

from identity.actions import accounts
from identity.domain import accounts as domain
from identity.domain.accounts import Account
from identity.domain.audit import Entry
from identity.store import accounts as account_store
from identity.store import audit, roll
from identity.store import sessions as session_store
from identity.store.roll import StaffRecord

StaffTold = tuple[StaffEnrolled | StaffChanged, Envelope]


def name_on_roll(tx: Tx, record: StaffRecord) -> PersonName | None:
    """The name as the roll has it, once it has been told. It is kept sealed."""
    if record.name_token is None or record.name_event is None:
        return None
    return tx.seals.open(ForIdentity.stored(PersonName, record.name_token, record.name_event, str(record.staff_id)))


async def copy_staff(tx: Tx, told: Sequence[StaffTold]) -> None:
    """Keep the newest of each staff record; accounts that are behind follow."""
    rows = [
        (
            event.staff_id,
            envelope.sequence,
            event.school_id,
            event.category,
            event.post,
            event.name_for_identity.token,
            envelope.id,
        )
        for event, envelope in told
    ]
    await roll.copy_staff(tx, list(zip(*rows, strict=True)))
    for staff_id in await account_store.staff_ahead_of_accounts(tx, [event.staff_id for event, _ in told]):
        await _follow(tx, staff_id)


async def _follow(tx: Tx, staff_id: UUID) -> None:
    record = await roll.staff_for_update(tx, staff_id)
    known = await account_store.live_account_of_staff(tx, staff_id)
    if known is None or record.staff is None:
        return
    account, changed = domain.follow_roll(known, record.staff, name_on_roll(tx, record), record.version)
    if account.session_epoch > known.session_epoch:
        await session_store.end_sessions(tx, account.id)
    if changed:
        await accounts.tell_changed(tx, account, changed)
    else:
        await account_store.save_account(tx, account, raised=0)


async def end_staff(tx: Tx, staff_id: UUID, cause: str) -> None:
    """The staff record has ended: remember it, suspend its account now and disable it in 14 days."""
    await roll.end_staff(tx, staff_id)
    account = await account_store.live_account_of_staff(tx, staff_id)
    await roll.forget_name(tx, staff_id)
    if account is not None:
        await accounts.tell_suspended(tx, domain.leave_roll(account, tx.now), domain.LEFT_ROLL)
        details = {"channel": domain.LEFT_ROLL, "cause": cause}
        await audit.add_entry(tx, Entry("suspend", None, account.id, details=details))


async def take_back(tx: Tx, account_id: UUID, staff_id: UUID) -> Account:
    """The account, locked, as it belongs to the new record of a person who was taken off the roll by mistake.

    A record that has ended stays so: registry enrols who comes back under a new id. Raises NotFound, Conflict.
    """
    await roll.ensure_staff(tx, staff_id)
    record = await roll.staff_for_update(tx, staff_id)
    account = await accounts.lock_account(tx, account_id)
    is_taken = record.has_left or await account_store.live_account_of_staff(tx, staff_id) is not None
    await roll.need_name(tx, staff_id)
    return domain.take_back(account, None if is_taken else record.staff, name_on_roll(tx, record), record.version)


async def copy_schools(tx: Tx, told: Sequence[tuple[SchoolFacts, Envelope]]) -> None:
    """Keep how schools are called, and whether they are open."""
    rows = [(one.school_id, envelope.sequence, one.full_name, one.short_name, one.status) for one, envelope in told]
    await roll.copy_schools(tx, list(zip(*rows, strict=True)))
