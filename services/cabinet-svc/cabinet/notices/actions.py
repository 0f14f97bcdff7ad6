"""Tell people in their cabinets, and whoever mails them."""

from collections.abc import Sequence
from uuid import UUID

from chassis.errors import NotFound
from chassis.outbox import Tx, new_id, publish
from ekis_contracts.cabinet import NoticeAddressed
from ekis_contracts.values import Audience

from cabinet.notices import store
from cabinet.notices.domain import Notice, Untold, in_lower_case, places

SIGNAL = "address-notices"
PAGE = 500  # accounts of one event


async def address_notice(tx: Tx, notice: Notice, to: Audience | Sequence[UUID]) -> UUID:
    """Put a notice before an audience, or before these accounts (500 at a time are enough for one transaction).

    In the inbox it is at once; the event that brings it to mail boxes follows page by page. Returns its id.
    """
    notice_id, audience = new_id(), in_lower_case(to) if isinstance(to, Audience) else None
    reached = places(to) if isinstance(to, Audience) else to
    await store.insert_notice(tx, notice_id, notice, audience)
    await store.insert_reach(tx, notice_id, reached)
    await store.note_change(tx, reached)
    tx.wake(SIGNAL)
    return notice_id


async def withdraw_notices(tx: Tx, about: UUID) -> None:
    """Take back what was told about something that is gone; mails that have left stay where they are."""
    await store.note_change(tx, await store.withdraw_notices(tx, about))


async def withdraw_all_notices(tx: Tx, about: Sequence[UUID]) -> None:
    """The same about many things at once."""
    await store.note_change(tx, await store.withdraw_all_notices(tx, about))


async def rename_notices(tx: Tx, about: UUID, title: str) -> None:
    """What was told about something is called otherwise now; mails that have left stay as they are."""
    await store.rename_notices(tx, about, title)


async def tell_next_page(tx: Tx) -> bool:
    """Name the next 500 accounts of a notice in an event. Returns whether there was anybody left to tell.

    How far it got is saved with the event, so whoever goes on after a kill repeats nothing.
    """
    untold = await store.untold_for_update(tx)
    if untold is None:
        return False
    account_ids = await _next_page(tx, untold)
    if account_ids:
        publish(tx, _event(untold, account_ids), 1, expires=untold.until)
    await store.save_told(tx, untold, account_ids[-1] if len(account_ids) == PAGE else None)
    return True


async def _next_page(tx: Tx, untold: Untold) -> list[UUID]:
    if untold.audience:
        return await store.readers_page(tx, untold.audience, untold.told_through, PAGE)
    return await store.named_readers(tx, untold, PAGE)


def _event(untold: Untold, account_ids: list[UUID]) -> NoticeAddressed:
    it = untold.notice
    said = {"about": it.about, "kind": it.kind, "title": it.title, "page": it.page, "due": it.due}
    return NoticeAddressed.model_validate({"notice_id": new_id(), "account_ids": account_ids, **said})


async def read_notice(tx: Tx, account_id: UUID, notice_id: UUID) -> None:
    """Mark one as read. Raises NotFound for what does not lie in this inbox."""
    if not await store.mark_read(tx, account_id, notice_id):
        raise NotFound
    await store.note_change(tx, [account_id])


async def read_all_notices(tx: Tx, account_id: UUID) -> None:
    """Mark everything that lies there now."""
    if await store.mark_all_read(tx, account_id):
        await store.note_change(tx, [account_id])


async def read_notices_about(tx: Tx, account_id: UUID, about: UUID) -> None:
    """Whoever has seen the thing itself has read what was told about it."""
    if await store.mark_read_about(tx, account_id, about):
        await store.note_change(tx, [account_id])


async def forget_notices(tx: Tx, limit: int) -> bool:
    """Drop what no longer matters to anybody. Returns whether there may be more."""
    await store.forget_changes(tx)
    return await store.forget_notices(tx, limit) == limit
