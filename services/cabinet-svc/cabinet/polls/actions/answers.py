"""Take answers, and open the envelopes of closed polls."""

import random
from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID, uuid4

from chassis.errors import Conflict, NotFound
from chassis.outbox import Tx
from ekis_contracts import ForCabinet

from cabinet.notices.actions import read_notices_about
from cabinet.people.actions import require_writable
from cabinet.polls.domain.answers import Answers, Given, Inside, attempt, checked, packed, unpacked
from cabinet.polls.domain.polls import Poll
from cabinet.polls.domain.results import Results, Tally, results
from cabinet.polls.store import answers as store
from cabinet.polls.store import polls

MIXED = 100  # envelopes that are opened together, at least, as long as there are so many

_dice = random.SystemRandom()


async def answer_poll(tx: Tx, account_id: UUID, poll_id: UUID, given: Mapping[UUID, Given], key: str | None) -> None:
    """Once; the same request said again is confirmed again, whatever its answers were. Raises NotFound for what is not
    for this account, Conflict for a second answer and for a closed poll, Invalid.

    Of an anonymous poll the marker and the envelope are all that is written: no time, and no trace of what was said.
    """
    poll = await polls.poll_for_answer(tx, account_id, poll_id)
    if poll is None:
        raise NotFound
    await require_writable(tx, account_id)
    if not await store.insert_voter(tx, poll_id, account_id, attempt(key)):
        if key is None or await store.attempt_of(tx, poll_id, account_id) != attempt(key):
            raise Conflict("poll-already-answered")
        return
    poll.require_open(tx.now)
    said = checked(poll.draft.questions, given)
    await (enclose(tx, poll, said) if poll.draft.anonymous else store.insert_answer(tx, poll_id, account_id, said))
    await read_notices_about(tx, account_id, poll_id)


async def enclose(tx: Tx, poll: Poll, said: Answers) -> None:
    """Put an answer into the box, sealed for this service itself: a reader of the database sees that it is there."""
    envelope_id, seal = uuid4(), ForCabinet(packed(poll.draft.questions, said))
    tx.seals.close(seal, envelope_id, str(poll.poll_id))
    await store.insert_envelope(tx, envelope_id, poll.poll_id, seal.token)


async def count_next_batch(tx: Tx) -> bool:
    """Open some envelopes of a closed poll: out of them come ballots with other ids, in an order that is thrown here.

    They are many, or all: so that a ballot and an envelope that go and come in one transaction are no pair.
    """
    poll = await polls.uncounted_for_update(tx)
    if poll is None:
        return False
    left = await store.count_envelopes(tx, poll.poll_id, 2 * MIXED)
    taken = await store.take_envelopes(tx, poll.poll_id, MIXED if left == 2 * MIXED else left)
    ballots = [unpacked(tx.seals.open(_sealed(poll, *one))) for one in taken]
    _dice.shuffle(ballots)
    await store.insert_ballots(tx, poll.poll_id, [(uuid4(), one) for one in ballots])
    if len(taken) == left < 2 * MIXED:
        await polls.save_poll(tx, replace(poll, counted_at=tx.now, version=poll.version + 1))
    return True


def _sealed(poll: Poll, envelope_id: UUID, token: str) -> ForCabinet[Inside]:
    return ForCabinet.stored(Inside, token, envelope_id, str(poll.poll_id))


async def results_of(tx: Tx, poll: Poll, texts: int) -> Results:
    """Of a closed poll, with so many texts of a question at most. Raises Conflict while it is open."""
    poll.require_closed()
    asked = await store.count_asked(tx, poll)
    answered = await store.count_answers(tx, poll)
    if not isinstance(shown := results(poll, Tally(answered), asked).hidden, str):
        tally = await store.tally(tx, poll, answered)
        return results(poll, replace(tally, texts=await store.texts(tx, poll, texts)), asked)
    return Results(shown, answered, asked)
