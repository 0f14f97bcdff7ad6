"""Follow accounts and the roll."""

from collections.abc import Sequence
from uuid import UUID

from chassis.outbox import Tx
from ekis_contracts import Sealed
from ekis_contracts.values import AccountFacts, PersonName, SchoolFacts, StaffFacts

from cabinet.people import store
from cabinet.people.domain import Account, require_open


async def copy_schools(tx: Tx, told: Sequence[tuple[SchoolFacts, int]]) -> None:
    """Keep the newest public blocks."""
    newest = {facts.school_id: (facts, version) for facts, version in sorted(told, key=lambda one: one[1])}
    await store.copy_schools(tx, [newest[school_id] for school_id in sorted(newest)])


async def copy_staff(tx: Tx, told: Sequence[tuple[StaffFacts, Sealed[PersonName], int]]) -> None:
    """Keep the newest staff records with their names. Raises SealError."""
    newest = {facts.staff_id: (facts, name, version) for facts, name, version in sorted(told, key=lambda one: one[2])}
    ordered = [newest[staff_id] for staff_id in sorted(newest)]
    await store.copy_staff(tx, [(facts, tx.seals.open(name), version) for facts, name, version in ordered])


async def end_staff(tx: Tx, staff_id: UUID) -> None:
    """Who has left the roll has no name here."""
    await store.forget_staff_name(tx, staff_id)


async def follow_account(tx: Tx, facts: AccountFacts, version: int, name: Sealed[PersonName] | None = None) -> None:
    """Open or close the cabinet as the account goes, in any order. Raises WrongStep after the end, SealError."""
    account = (await locked_account(tx, facts.account_id)).told(facts, version)
    if name is not None:
        account = account.named(tx.seals.open(name), version)
    await store.save_account(tx, account)


async def locked_account(tx: Tx, account_id: UUID) -> Account:
    """The row that guards everything about an account, made if it is not there yet."""
    await store.ensure_account(tx, account_id)
    account = await store.account_for_update(tx, account_id)
    assert account is not None
    return account


async def require_writable(tx: Tx, account_id: UUID) -> Account:
    """An account that may write. Raises Conflict when the cabinet is not open, or the school has closed."""
    (await store.standing(tx, account_id)).require(writing=True)
    return require_open(await store.account(tx, account_id))
