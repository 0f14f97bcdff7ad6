"""Enter a contest, approve and reject entries, take them back; what ends with a person."""

from collections.abc import Sequence
from uuid import UUID

from chassis.errors import Conflict, NotFound
from chassis.outbox import Tx, new_id

from cabinet.contests.actions.places import free_place, give_place, tell_head
from cabinet.contests.domain.contests import DEPARTMENT, Contest
from cabinet.contests.domain.entries import Entrant, Entry, Said, needs_approval
from cabinet.contests.store import contests as store
from cabinet.contests.store import entries
from cabinet.notices.actions import read_notices_about
from cabinet.people import store as people
from cabinet.people.actions import locked_account, require_writable


async def enter_contest(tx: Tx, contest_id: UUID, account_id: UUID, said: Said) -> Entry:
    """An entry that waits for an approval, or a place, or one in the waiting list.

    Locks the account, its staff record and the contest, in this order, so that whoever ends one of the first two finds
    this entry or keeps it from being made. Raises NotFound for what is not for this account, Conflict.
    """
    account = await locked_account(tx, account_id)
    await require_writable(tx, account_id)
    if account.staff_id is not None and await people.lock_staff(tx, account.staff_id):
        raise Conflict("left-roll")
    contest = await store.contest_for_update(tx, contest_id)
    who = await entries.entrant(tx, account_id, contest) if contest else None
    if contest is None or who is None or not _is_for(contest, who):
        raise NotFound
    former = await entries.entry_of(tx, contest_id, account_id)
    if former is None:
        former = Entry(new_id(), contest_id, account_id, who.staff_id, who.school_id, tx.now, said)
    former.require_absent()
    contest.require_open(tx.now)
    who.require_eligible()
    return await _entered(tx, contest, former.entered(who, said, tx.now), who)


def _is_for(contest: Contest, who: Entrant) -> bool:
    return contest.state != "draft" and contest.board in (DEPARTMENT, who.school_id) and who.fits


async def _entered(tx: Tx, contest: Contest, entry: Entry, who: Entrant) -> Entry:
    if not needs_approval(contest, who):
        return await give_place(tx, contest, entry)
    entry = entry.to("applied")
    await entries.save_entry(tx, entry)
    if not entry.for_editor:
        await tell_head(tx, contest, entry)
    return entry


async def entry_for_update(tx: Tx, entry_id: UUID) -> tuple[Contest, Entry]:
    """An entry under the lock of its contest. Raises NotFound."""
    found = await entries.entry(tx, entry_id)
    contest = await store.contest_for_update(tx, found.contest_id) if found else None
    entry = await entries.entry(tx, entry_id)
    if contest is None or entry is None:
        raise NotFound
    return contest, entry


async def approve_entry(tx: Tx, contest: Contest, entry: Entry, by: UUID) -> Entry:
    """It has a place, or one in the waiting list. Raises WrongStep unless it waits for that, Conflict."""
    contest.require_running(tx.now)
    entry.require_applied()
    return await give_place(tx, contest, entry.decided(by, tx.now))


async def reject_entry(tx: Tx, contest: Contest, entry: Entry, by: UUID, reason: str) -> Entry:
    """For good; its place is free. Raises WrongStep, Conflict."""
    contest.require_running(tx.now)
    rejected = entry.to("rejected").decided(by, tx.now, reason)
    return await free_place(tx, contest, entry, rejected, "rejected")


async def withdraw_entry(tx: Tx, contest: Contest, entry: Entry) -> Entry:
    """Its author does not come; the place is free. Raises WrongStep, Conflict."""
    contest.require_running(tx.now)
    return await free_place(tx, contest, entry, entry.to("withdrawn"))


async def free_places_of_staff(tx: Tx, staff_id: UUID) -> None:
    """Who has left the roll takes part in nothing that is still to come."""
    await _free(tx, await entries.live_of_staff(tx, staff_id))


async def erase_entries(tx: Tx, account_id: UUID) -> int:
    """Places are free, what was written is gone; that somebody took part stays. How many entries there were."""
    await _free(tx, await entries.live_of_account(tx, account_id))
    return await entries.forget_said(tx, account_id)


async def _free(tx: Tx, found: Sequence[tuple[UUID, UUID]]) -> None:
    for _, entry_id in found:
        contest, entry = await entry_for_update(tx, entry_id)
        if entry.is_live and contest.is_running(tx.now):
            await free_place(tx, contest, entry, entry.to("withdrawn"))


async def read_notices_of(tx: Tx, account_id: UUID, contest_id: UUID, entry_id: UUID | None) -> None:
    """Whoever has the contest open has read what was told of it and of the own entry."""
    for about in (contest_id, *([entry_id] if entry_id else [])):
        await read_notices_about(tx, account_id, about)
