"""What cabinet-svc does: follow accounts and the roll, keep workplaces, erase."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from chassis.outbox import Tx, publish
from ekis_contracts import ForRegistry, Sealed
from ekis_contracts.cabinet import PersonalDataErased, WorkplaceCompleted
from ekis_contracts.values import AccountFacts, PersonName, SchoolFacts, StaffFacts, WorkContact

from cabinet import store
from cabinet.domain import Account, Form, Workplace, require_open


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
    account = (await _locked(tx, facts.account_id)).told(facts, version)
    if name is not None:
        account = account.named(tx.seals.open(name), version)
    await store.save_account(tx, account)


async def erase_account(tx: Tx, facts: AccountFacts) -> None:
    """Delete the personal section and say what went. Asked again, answer again."""
    account = await _locked(tx, facts.account_id)
    receipt = account.receipt
    if receipt is None:
        workplaces = await store.delete_workplace(tx, account.account_id)
        await store.forget_staff_name(tx, facts.staff_id)
        receipt = {"workplaces": workplaces, "names": int(account.name is not None)}
    account = account.erased(receipt)
    await store.save_account(tx, account)
    erased = PersonalDataErased(account_id=account.account_id, service="cabinet", counts=receipt, erased_at=tx.now)
    publish(tx, erased, account.version)


async def workplace_for_update(tx: Tx, account_id: UUID) -> Workplace:
    """The workplace, its account locked. Raises Conflict when the cabinet is not open, or the school has closed."""
    account = require_open(await store.account_for_update(tx, account_id))
    return (await store.workplace(tx, account)).require_writable()


async def save_workplace(tx: Tx, place: Workplace, form: Form) -> Workplace:
    """Keep what was filled in; the registry hears of it as soon as nothing required is missing."""
    filled = place.filled(form)
    if filled == place:
        return place
    saved = replace(filled, version=await store.save_form(tx, place.account.account_id, filled.form))
    return await _tell_registry(tx, saved) if saved.complete else saved


async def _tell_registry(tx: Tx, place: Workplace) -> Workplace:
    account, form = replace(place.account, version=place.account.version + 1), place.form
    assert account.staff_id is not None
    await store.save_account(tx, account)
    work = WorkContact(work_phone=form.work_phone, room=form.room, proposed_post=form.proposed_post)
    completed = WorkplaceCompleted(
        account_id=account.account_id, staff_id=account.staff_id, subjects=list(form.subjects), work=ForRegistry(work)
    )
    publish(tx, completed, account.version)
    return replace(place, account=account)


async def _locked(tx: Tx, account_id: UUID) -> Account:
    await store.ensure_account(tx, account_id)
    account = await store.account_for_update(tx, account_id)
    assert account is not None
    return account
