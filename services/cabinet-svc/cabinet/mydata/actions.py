"""What a person's cabinet holds, section by section: erased at the end of the account."""

from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID

from chassis.outbox import Tx, publish
from ekis_contracts.cabinet import PersonalDataErased
from ekis_contracts.values import AccountFacts

from cabinet.files import store as files
from cabinet.news import store as news
from cabinet.notices import store as notices
from cabinet.people import store as people
from cabinet.people.actions import locked_account
from cabinet.workplace import store as workplace

# Kind of data -> what deletes it for an account and says how many there were
PERSONAL: Mapping[str, Callable[[Tx, UUID], Awaitable[int]]] = {
    "workplaces": workplace.delete_workplace,
    "inbox": notices.delete_inbox,
    "news-marks": news.delete_marks,
    "loose-files": files.detach_files_of,
}


async def erase_account(tx: Tx, facts: AccountFacts) -> None:
    """Delete the personal section and say what went. Asked again, answer again."""
    account = await locked_account(tx, facts.account_id)
    receipt = account.receipt
    if receipt is None:
        receipt = {kind: await delete(tx, account.account_id) for kind, delete in PERSONAL.items()}
        receipt["names"] = int(account.name is not None)
        await people.forget_staff_name(tx, facts.staff_id)
    account = account.erased(receipt)
    await people.save_account(tx, account)
    erased = PersonalDataErased(account_id=account.account_id, service="cabinet", counts=receipt, erased_at=tx.now)
    publish(tx, erased, account.version)
