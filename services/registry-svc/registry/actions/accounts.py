"""What the registry keeps per account, and its erasure."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from chassis.errors import WrongStep
from chassis.outbox import Tx, publish
from ekis_contracts.cabinet import PersonalDataErased
from ekis_contracts.values import WorkContact

from registry.domain.staff import Workplace
from registry.store import accounts as store
from registry.store import requests as requests_store


async def mark_activation(tx: Tx, account_id: UUID, staff_id: UUID, activated_at: datetime) -> None:
    """Remember that the account of this staff record is open. Raises WrongStep once it is erased."""
    await _live_mark(tx, account_id)
    await store.save_activation(tx, account_id, staff_id, activated_at)


async def keep_workplace(tx: Tx, account_id: UUID, staff_id: UUID, version: int, work: WorkContact) -> None:
    """Keep what the person wrote beside the staff record. Raises WrongStep once the account is erased."""
    await _live_mark(tx, account_id)
    workplace = Workplace(work.work_phone, work.room, work.proposed_post)
    await store.save_workplace(tx, account_id, staff_id, version, workplace)


async def erase_account(tx: Tx, account_id: UUID, staff_id: UUID, asked: int) -> None:
    """Forget what request and workplace form brought, and give the receipt; asked anew, give it again.

    `asked` is the version of the asking event. Raises WrongStep for one that was answered.
    """
    mark = await store.ensured_mark(tx, account_id)
    if asked <= mark.answered:
        raise WrongStep("erased", "erase")
    if mark.erased_at is None:
        requests = await requests_store.drop_applicants(tx, staff_id)
        workplaces = await store.drop_workplace(tx, account_id)
        mark = replace(mark, erased_at=tx.now, counts={"requests": requests, "workplaces": workplaces})
    mark = replace(mark, answered=asked)
    version = await store.save_erasure(tx, mark)
    erased = PersonalDataErased(
        account_id=account_id, service="registry", counts=dict(mark.counts or {}), erased_at=mark.erased_at or tx.now
    )
    publish(tx, erased, version)


async def _live_mark(tx: Tx, account_id: UUID) -> None:
    if (await store.ensured_mark(tx, account_id)).erased_at is not None:
        raise WrongStep("erased", "keep")
