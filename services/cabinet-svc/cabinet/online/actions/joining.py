"""Pupils come by the link of their class, without an account: they look, and they hand in."""

from dataclasses import dataclass
from uuid import UUID

from chassis.db import new_id
from chassis.errors import AppError, Conflict, Invalid, NotFound, WrongStep
from chassis.outbox import Tx

from cabinet.diary.domain.calendar import today
from cabinet.diary.domain.pupils import PupilName
from cabinet.online.domain.links import (
    KEPT,
    KNOWN,
    LONGEST_CODE,
    LOOKS_OF_CODE,
    LOOKS_OF_SOURCE,
    UNKNOWN,
    WORKS_OF_CODE,
    WORKS_OF_SOURCE,
    Share,
    code_mark,
    keyed,
)
from cabinet.online.domain.works import MOST_WORKS, STRAY_KEPT, Typed, Work
from cabinet.online.store import parts, shares
from cabinet.online.store import works as store


@dataclass(frozen=True)
class Visit:
    """What a code opens, or why it does not: said as a value, for what was counted is to stay."""

    share: Share | None
    refusal: AppError | None = None

    def opened(self) -> Share:
        """Raises what refuses it."""
        if self.refusal:
            raise self.refusal
        assert self.share is not None
        return self.share


async def visit(tx: Tx, code: str, source: str, *, writes: bool = False) -> Visit:
    """Count a visit, by its source and by its code, and see what the code opens."""
    mark = code_mark(tx.secret, code[:LONGEST_CODE])
    share = await shares.share(tx, mark)
    cost = KNOWN if share and tx.now <= share.closes else UNKNOWN
    of_source, of_code = (WORKS_OF_SOURCE, WORKS_OF_CODE) if writes else (LOOKS_OF_SOURCE, LOOKS_OF_CODE)
    kind = "works" if writes else "looks"
    if not await shares.count(tx, keyed(tx.secret, "join-source", kind, source), cost, of_source):
        return Visit(None, of_source.refusal(cost))
    if cost == UNKNOWN:
        return Visit(None, NotFound("no-such-code"))
    if not await shares.count(tx, keyed(tx.secret, "join-code-visits", kind, mark.hex()), cost, of_code):
        return Visit(None, of_code.refusal(cost))
    return Visit(share)


async def hand_in(tx: Tx, share: Share, assignment_id: UUID, typed: Typed) -> UUID:
    """A piece of work of the class, whoever it says it is from: whether the list knows the name is seen by the teacher
    alone. Raises Invalid, Conflict, WrongStep."""
    typed.require_something()
    if share.state == "cancelled":
        raise WrongStep(share.state, "handed-in")
    found = [one for one in await parts.assignments(tx, share.lesson_id) if one.assignment_id == assignment_id]
    if not found:
        raise Invalid("assignment-unknown", "/assignment_id")
    found[0].require_open(tx.now)
    await shares.lock_class(tx, share.lesson_id, share.class_id)
    if await store.count_of_class(tx, assignment_id, share.class_id) >= MOST_WORKS:
        raise Conflict("too-many-works")
    name = PupilName(typed.last_name, typed.first_name).key
    pupil_id = await store.meant(tx, share.school_id, share.class_id, name, today(share.starts))
    work = Work(new_id(), share.lesson_id, assignment_id, share.class_id, pupil_id, None, 1)
    await store.insert(tx, work, typed)
    return work.work_id


async def forget_visits(tx: Tx, limit: int) -> bool:
    """Counts that have leaked, and work of nobody. Returns whether there may be more."""
    gone = (
        await shares.forget_counts(tx, tx.now - KEPT, limit),
        await store.forget_strays(tx, tx.now - STRAY_KEPT, limit),
    )
    return limit in gone
