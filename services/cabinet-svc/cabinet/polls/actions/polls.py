"""Write polls, let people answer them, and close them."""

from dataclasses import replace
from uuid import UUID

from chassis.errors import NotFound
from chassis.outbox import Tx, new_id, publish
from ekis_contracts.cabinet import PollClosed, PollPublished

from cabinet.notices.actions import address_notice, rename_notices, withdraw_notices
from cabinet.notices.domain import CITY, Notice, in_lower_case
from cabinet.people.actions import require_writable
from cabinet.polls.domain.polls import Draft, Poll
from cabinet.polls.store import answers
from cabinet.polls.store import polls as store

COUNTING = "count-polls"
PAGE = 500  # accounts of one reminder


async def write_poll(tx: Tx, board: UUID, author_id: UUID, draft: Draft) -> Poll:
    """A draft, which nobody else sees. Raises Invalid, Conflict at a closed school."""
    await _require_board(tx, board, author_id)
    poll = Poll(new_id(), board, author_id, _numbered(tx, draft, board))
    await store.save_poll(tx, poll)
    return poll


async def poll_for_update(tx: Tx, poll_id: UUID, board: UUID, author_id: UUID) -> Poll:
    """A poll of this board, locked. Raises NotFound for another board's, Conflict at a closed school."""
    poll = await store.poll_for_update(tx, poll_id)
    if poll is None or poll.board != board:
        raise NotFound
    await _require_board(tx, board, author_id)
    return poll


async def edit_poll(tx: Tx, poll: Poll, draft: Draft) -> Poll:
    """Another text or end. A new text gives its questions new ids: who answers what was asked before is refused."""
    edited = _numbered(tx, draft, poll.board)
    if edited.says_what(poll.draft):
        edited = poll.draft.until(draft.closes_at)
    is_answered = await answers.is_answered(tx, poll.poll_id)
    poll, former = poll.edited(edited, tx.now, is_answered=is_answered), poll
    if poll.state == "published" and edited.closes_at != former.draft.closes_at:
        poll = _told(tx, poll)
    if edited.title != former.draft.title:
        await rename_notices(tx, poll.poll_id, edited.title)
    return await _saved(tx, poll)


async def delete_poll(tx: Tx, poll: Poll) -> None:
    """A draft is no more. Raises WrongStep for what is out."""
    poll.require_draft()
    await store.delete_poll(tx, poll.poll_id)


async def publish_poll(tx: Tx, poll: Poll) -> Poll:
    """Its audience answers it from now on, and is told."""
    published = _told(tx, poll.published(tx.now))
    draft = published.draft
    notice = Notice("poll", poll.poll_id, draft.title, f"/polls/{poll.poll_id}", draft.closes_at)
    await address_notice(tx, notice, draft.audience)
    return await _saved(tx, published)


async def close_poll(tx: Tx, poll: Poll) -> Poll:
    """No more answers: what is there is counted, and no inbox asks for more. What was said by name lies open."""
    closed = _told(tx, poll.closed(tx.now))
    await withdraw_notices(tx, poll.poll_id)
    if not poll.draft.anonymous:
        closed = replace(closed, counted_at=tx.now)
    tx.wake(COUNTING)
    return await _saved(tx, closed)


async def close_next_due(tx: Tx) -> bool:
    """Close a poll whose moment has come. Returns whether there was one."""
    poll = await store.due_for_update(tx)
    if poll is not None:
        await close_poll(tx, poll)
    return poll is not None


async def remind_next_page(tx: Tx) -> bool:
    """Remind the next 500 who have not answered, a day before the end. Returns whether there was a reminder due.

    How far it got is saved with the notice, so whoever goes on after a kill repeats nothing.
    """
    reminder = await store.due_reminder_for_update(tx)
    if reminder is None:
        return False
    poll, through = reminder
    account_ids = await answers.silent_page(tx, poll, through, PAGE)
    if account_ids:
        page = f"/polls/{poll.poll_id}"
        notice = Notice("reminder", poll.poll_id, poll.draft.title, page, poll.draft.closes_at)
        await address_notice(tx, notice, account_ids)
    await store.save_reminded(tx, poll.poll_id, account_ids[-1] if len(account_ids) == PAGE else None)
    return True


def _numbered(tx: Tx, draft: Draft, board: UUID) -> Draft:
    draft = draft.on(board)
    draft.ends_within(tx.now)
    questions = tuple(replace(question, question_id=new_id()) for question in draft.questions)
    return replace(draft, questions=questions, audience=in_lower_case(draft.audience))


def _told(tx: Tx, poll: Poll) -> Poll:
    told = replace(poll, told=poll.told + 1)
    assert poll.published_at is not None
    event = PollClosed if poll.state == "closed" else PollPublished
    draft = poll.draft
    said = {"audience": draft.audience, "opens_at": poll.published_at, "closes_at": draft.closes_at}
    publish(tx, event.model_validate({"poll_id": poll.poll_id} | said), told.told)
    return told


async def _saved(tx: Tx, poll: Poll) -> Poll:
    saved = replace(poll, version=poll.version + 1)
    await store.save_poll(tx, saved)
    return saved


async def _require_board(tx: Tx, board: UUID, author_id: UUID) -> None:
    if board != CITY:
        await require_writable(tx, author_id)
