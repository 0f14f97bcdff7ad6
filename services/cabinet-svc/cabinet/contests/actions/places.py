"""Places: given in order, freed, given on. All of it under the lock of the contest's row."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from chassis.outbox import Tx, publish
from ekis_contracts.cabinet import ContestEntryDecided
from ekis_contracts.values import Audience

from cabinet.contests.domain.contests import Contest
from cabinet.contests.domain.entries import Entry, Outcome, told, told_to_head
from cabinet.contests.store import contests as store
from cabinet.contests.store import entries
from cabinet.notices.actions import address_notice, withdraw_notices
from cabinet.notices.domain import Notice

PROMOTING = "promote-waiting"
ROUND = 100  # people that one transaction gives places to


async def give_place(tx: Tx, contest: Contest, entry: Entry) -> Entry:
    """A place if there is one for its school, else the end of the waiting list."""
    of_school = 0
    if contest.plan.quota is not None:
        of_school = await entries.count_accepted(tx, contest.contest_id, entry.school_id)
    if contest.takes(of_school):
        await store.save_places(tx, replace(contest, accepted=contest.accepted + 1))
        return await settle(tx, contest, entry.to("accepted"), "accepted")
    contest = replace(contest, queue_no=contest.queue_no + 1)
    await store.save_places(tx, contest)
    return await settle(tx, contest, replace(entry.to("waitlisted"), queue_no=contest.queue_no), "waitlisted")


async def free_place(tx: Tx, contest: Contest, former: Entry, entry: Entry, outcome: Outcome | None = None) -> Entry:
    """What an entry leaves behind, when it was accepted, goes to the first waiting."""
    settled = await settle(tx, contest, entry, outcome)
    if former.state == "accepted":
        await fill_places(tx, replace(contest, accepted=contest.accepted - 1))
    return settled


async def fill_places(tx: Tx, contest: Contest) -> Contest:
    """Give free places to the first waiting, as many as one transaction should; a loop gives the rest."""
    chosen = await _chosen(tx, contest) if contest.is_running(tx.now) else []
    contest = replace(contest, accepted=contest.accepted + len(chosen), promoting=len(chosen) == ROUND)
    await store.save_places(tx, contest)
    for entry in chosen:
        await settle(tx, contest, entry.to("accepted"), "promoted")
    if contest.promoting:
        tx.wake(PROMOTING)
    return contest


async def _chosen(tx: Tx, contest: Contest) -> list[Entry]:
    most = ROUND if contest.free is None else min(ROUND, contest.free)
    if contest.plan.quota is None:
        return await entries.first_waiting(tx, contest.contest_id, most)
    return await entries.first_waiting_in_quota(tx, contest.contest_id, contest.plan.quota, most)


async def fill_next(tx: Tx) -> bool:
    """Go on where a transaction has given all the places it could. Returns whether there was one."""
    contest = await store.promoting_for_update(tx)
    if contest is not None:
        await fill_places(tx, contest)
    return contest is not None


async def settle(tx: Tx, contest: Contest, entry: Entry, outcome: Outcome | None) -> Entry:
    """Save what has become of an entry and tell of it; its author too, unless it was the author's own doing."""
    await entries.save_entry(tx, entry)
    facts = {"entry_id": entry.entry_id, "contest_id": entry.contest_id, "school_id": entry.school_id}
    publish(tx, ContestEntryDecided.model_validate(facts | {"state": entry.state}), entry.version)
    await withdraw_notices(tx, entry.entry_id)
    if outcome is not None:
        await tell(tx, entry.entry_id, contest, told(outcome, contest), [entry.account_id])
    return entry


async def tell_head(tx: Tx, contest: Contest, entry: Entry) -> None:
    """Somebody has to approve it."""
    heads = Audience(school_ids=(entry.school_id,), categories=("head",))
    await tell(tx, entry.entry_id, contest, told_to_head(contest), heads)


async def tell(tx: Tx, about: UUID, contest: Contest, title: str, to: Audience | Sequence[UUID]) -> None:
    """A notice that leads to the contest."""
    await address_notice(tx, Notice("contest", about, title, f"/contests/{contest.contest_id}"), to)
