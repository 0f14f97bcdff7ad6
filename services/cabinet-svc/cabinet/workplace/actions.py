"""Keep workplaces."""

from dataclasses import replace
from uuid import UUID

from chassis.outbox import Tx, publish
from ekis_contracts import ForRegistry
from ekis_contracts.cabinet import WorkplaceCompleted
from ekis_contracts.values import WorkContact

from cabinet.people import store as people
from cabinet.people.domain import require_open
from cabinet.workplace import store
from cabinet.workplace.domain import Form, Workplace


async def workplace_for_update(tx: Tx, account_id: UUID) -> Workplace:
    """The workplace, its account locked. Raises Conflict when the cabinet is not open, or the school has closed."""
    account = require_open(await people.account_for_update(tx, account_id))
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
    await people.save_account(tx, account)
    work = WorkContact(work_phone=form.work_phone, room=form.room, proposed_post=form.proposed_post)
    completed = WorkplaceCompleted(
        account_id=account.account_id, staff_id=account.staff_id, subjects=list(form.subjects), work=ForRegistry(work)
    )
    publish(tx, completed, account.version)
    return replace(place, account=account)
