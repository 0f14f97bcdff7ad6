"""Write contests, announce them, end them."""

from dataclasses import replace
from uuid import UUID

from chassis.errors import NotFound, WrongStep
from chassis.outbox import Tx, new_id, publish
from ekis_contracts.cabinet import ContestAnnounced

from cabinet.contests.actions.places import fill_places, tell
from cabinet.contests.domain.contests import DEPARTMENT, Contest, Plan
from cabinet.contests.domain.entries import told
from cabinet.contests.store import contests as store
from cabinet.contests.store import entries
from cabinet.files.actions import change_files
from cabinet.notices.actions import address_notice, rename_notices, withdraw_all_notices, withdraw_notices
from cabinet.notices.domain import Notice, in_lower_case
from cabinet.people.actions import require_writable


async def write_contest(tx: Tx, board: UUID, author_id: UUID, plan: Plan) -> Contest:
    """A draft, which nobody else sees. Raises Invalid, Conflict at a closed school."""
    await _require_board(tx, board, author_id)
    contest = Contest(new_id(), board, author_id, _on(tx, plan, board))
    await change_files(tx, (), plan.files, author_id)
    await store.save_contest(tx, contest)
    return contest


async def contest_for_update(tx: Tx, contest_id: UUID, board: UUID, author_id: UUID) -> Contest:
    """One of this board, locked. Raises NotFound for another board's, Conflict at a closed school."""
    contest = await store.contest_for_update(tx, contest_id)
    if contest is None or contest.board != board:
        raise NotFound
    await _require_board(tx, board, author_id)
    return contest


async def edit_contest(tx: Tx, contest: Contest, plan: Plan, account_id: UUID) -> Contest:
    """Another plan. Of one that is out: more places go to the first waiting, another window is told anew."""
    edited = contest.edited(_on(tx, plan, contest.board))
    await change_files(tx, contest.plan.files, plan.files, account_id)
    if edited.state == "announced":
        edited = await _followed(tx, contest, edited)
    return await _saved(tx, edited)


async def delete_draft(tx: Tx, contest: Contest) -> None:
    """Raises WrongStep for one that is, or was, out."""
    if contest.state != "draft":
        raise WrongStep(contest.state, "deleted")
    await change_files(tx, contest.plan.files, (), contest.author_id)
    await store.delete_contest(tx, contest.contest_id)


async def announce_contest(tx: Tx, contest: Contest) -> Contest:
    """Its audience can enter it from the day on that it says, and is told."""
    announced = _said(tx, contest.announced(tx.now))
    await _tell_audience(tx, announced)
    return await _saved(tx, announced)


async def close_contest(tx: Tx, contest: Contest) -> Contest:
    """No more entries; those that are there go on until it begins."""
    closed = _said(tx, contest.ended("closed", tx.now))
    await withdraw_notices(tx, contest.contest_id)
    return await _saved(tx, closed)


async def cancel_contest(tx: Tx, contest: Contest, reason: str) -> Contest:
    """It does not take place, and everybody with an entry is told."""
    cancelled = _said(tx, contest.ended("cancelled", tx.now, reason))
    concerned = await entries.live_accounts(tx, contest.contest_id)
    await withdraw_all_notices(tx, [contest.contest_id, *(entry_id for entry_id, _ in concerned)])
    if concerned:
        whom = [account_id for _, account_id in concerned]
        await tell(tx, contest.contest_id, contest, told("cancelled", contest), whom)
    return await _saved(tx, cancelled)


async def _followed(tx: Tx, contest: Contest, edited: Contest) -> Contest:
    if edited.window != contest.window:
        edited = _said(tx, edited)
    if edited.plan.closes_at != contest.plan.closes_at:
        await withdraw_notices(tx, contest.contest_id)
        await _tell_audience(tx, edited)
    elif edited.plan.title != contest.plan.title:
        await rename_notices(tx, contest.contest_id, edited.plan.title)
    if (edited.plan.capacity, edited.plan.quota) != (contest.plan.capacity, contest.plan.quota):
        await store.save_contest(tx, edited)  # the larger capacity before the places that fill it
        edited = await fill_places(tx, edited)
    return edited


async def _tell_audience(tx: Tx, contest: Contest) -> None:
    page = f"/contests/{contest.contest_id}"
    notice = Notice("contest", contest.contest_id, contest.plan.title, page, contest.plan.closes_at)
    await address_notice(tx, notice, contest.plan.audience)


def _on(tx: Tx, plan: Plan, board: UUID) -> Plan:
    plan = plan.checked(tx.now).on(board)
    return replace(plan, audience=in_lower_case(plan.audience))


def _said(tx: Tx, contest: Contest) -> Contest:
    said = replace(contest, told=contest.told + 1)
    opens_at, closes_at = contest.window
    facts = {"contest_id": contest.contest_id, "audience": contest.plan.audience}
    publish(tx, ContestAnnounced.model_validate(facts | {"opens_at": opens_at, "closes_at": closes_at}), said.told)
    return said


async def _saved(tx: Tx, contest: Contest) -> Contest:
    saved = replace(contest, version=contest.version + 1)
    await store.save_contest(tx, saved)
    return saved


async def _require_board(tx: Tx, board: UUID, author_id: UUID) -> None:
    if board != DEPARTMENT:
        await require_writable(tx, author_id)
