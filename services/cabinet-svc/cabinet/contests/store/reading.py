"""Contests and entries as people are shown them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.db import Row, Tx

from cabinet.contests.domain.contests import DEPARTMENT
from cabinet.contests.domain.reading import Line, Mine, Shown
from cabinet.contests.store.contests import as_contest

_FITS = "audience_fits(audience, reader.district, reader.okrug, reader.school_id, reader.category, reader.post)"
_SUITS = """({0}.subjects = '{{}}' OR EXISTS (
    SELECT FROM unnest(workplace.subjects) AS taught WHERE lower(taught) = ANY ({0}.subjects)))"""
# What contest `it` is to the `reader`: the own entry, the place in the waiting list, the places of the own school
_SHOWN = f"""
SELECT it.*, {_SUITS.format("it")} AS suits,
       mine.entry_id, mine.state AS entry_state, mine.at AS entered_at, mine.text, mine.team, mine.pupils,
       mine.reason AS entry_reason, mine.for_editor,
       CASE WHEN mine.state = 'waitlisted' THEN (
           SELECT count(*) FROM contest_entry AS before WHERE before.contest_id = it.contest_id
           AND before.state = 'waitlisted' AND before.queue_no <= mine.queue_no) END AS waiting_no,
       CASE WHEN it.quota IS NOT NULL THEN (
           SELECT count(*) FROM contest_entry AS ours WHERE ours.contest_id = it.contest_id
           AND ours.school_id = reader.school_id AND ours.state = 'accepted') END AS of_school
FROM reader LEFT JOIN workplace USING (account_id) CROSS JOIN LATERAL (FOUND) AS it
LEFT JOIN contest_entry AS mine ON mine.contest_id = it.contest_id AND mine.account_id = reader.account_id
WHERE reader.account_id = $1
"""  # noqa: S608 - conditions from above
_FIRST, _LAST = UUID(int=0), UUID(int=2**128 - 1)
_BOARDS = (f"'{DEPARTMENT}'", "reader.school_id")
_MINE = "EXISTS (SELECT FROM contest_entry AS own WHERE own.contest_id = contest.contest_id AND own.account_id = $1)"

_LINES = """
SELECT it.entry_id, it.contest_id, contest.title, it.school_id, school.school_name, it.account_id,
       nullif(concat_ws(' ', account.last_name, account.first_name, account.patronymic), '') AS name,
       account.former_no, coalesce(staff.post, account.post) AS post, it.state, it.for_editor, it.text, it.team,
       it.pupils, it.reason, it.at, it.decided_at, it.queue_no
FROM (FOUND) AS it
CROSS JOIN LATERAL (SELECT title FROM contest WHERE contest.contest_id = it.contest_id OFFSET 0) AS contest
LEFT JOIN LATERAL (
    SELECT short_name AS school_name FROM school WHERE school.school_id = it.school_id OFFSET 0) AS school ON true
LEFT JOIN account USING (account_id) LEFT JOIN staff ON staff.staff_id = account.staff_id
ORDER BY entry_id
"""


async def shown(tx: Tx, account_id: UUID, contest_id: UUID) -> Shown | None:
    """One that is for this account, or that it has entered."""
    one = f"""
    SELECT * FROM contest WHERE contest_id = $2 AND state <> 'draft'
        AND ({_MINE} OR (board IN ({", ".join(_BOARDS)}) AND {_FITS}))
    """  # noqa: S608 - conditions from above
    row = await tx.fetchrow(_SHOWN.replace("FOUND", one), account_id, contest_id)
    return _shown(row) if row else None


async def open_to(tx: Tx, account_id: UUID, after: tuple[datetime, UUID] | None, limit: int) -> list[Shown]:
    """What an account may enter, now or soon, and has not entered: that which closes first comes first."""
    wanted = f"""
    (closes_at, contest_id) > ($3, $4) AND {_FITS}
    AND {_SUITS.format("contest")} AND NOT EXISTS (
        SELECT FROM contest_entry AS own WHERE own.contest_id = contest.contest_id AND own.account_id = $1
        AND own.state <> 'withdrawn')
    """
    since = after or (tx.now, _LAST)
    return await _listed(tx, wanted, "closes_at, contest_id", account_id, limit, *since)


async def past_of(tx: Tx, account_id: UUID, before: tuple[datetime, UUID] | None, limit: int) -> list[Shown]:
    """What takes no entries any more, the last one first."""
    wanted = f"(closes_at, contest_id) < ($3, $4) AND {_FITS}"
    until = before or (tx.now, _LAST)
    return await _listed(tx, wanted, "closes_at DESC, contest_id DESC", account_id, limit, *until)


async def _listed(tx: Tx, wanted: str, order: str, *given: Any) -> list[Shown]:
    """One range of the index for each of the two boards that an account sees."""
    of_board = "(SELECT * FROM contest WHERE board = {} AND state <> 'draft' AND {} ORDER BY {} LIMIT $2)"
    both = " UNION ALL ".join(of_board.format(board, wanted, order) for board in _BOARDS)
    found = f"SELECT * FROM ({both}) AS two ORDER BY {order} LIMIT $2"  # noqa: S608 - conditions from above
    sql = _SHOWN.replace("FOUND", found) + f" ORDER BY {order.replace('contest_id', 'it.contest_id')}"
    return [_shown(row) for row in await tx.fetch(sql, *given)]


async def entered_by(tx: Tx, account_id: UUID, before: UUID | None, limit: int) -> list[Shown]:
    """What an account has entered, its newest entry first."""
    own = """
    SELECT contest.* FROM contest_entry AS own JOIN contest USING (contest_id)
    WHERE own.account_id = $1 AND ($2::uuid IS NULL OR own.entry_id < $2) ORDER BY own.entry_id DESC LIMIT $3
    """
    sql = _SHOWN.replace("FOUND", own) + " ORDER BY mine.entry_id DESC"
    return [_shown(row) for row in await tx.fetch(sql, account_id, before, limit)]


async def line(tx: Tx, entry_id: UUID) -> Line:
    """One entry with who has made it."""
    (found,) = await _lines(tx, "entry_id = $1", "entry_id LIMIT $2", entry_id, 1)
    return found


async def lines(
    tx: Tx, contest_id: UUID, school_id: UUID | None, state: str | None, *, after: UUID | None, limit: int
) -> list[Line]:
    """Entries to a contest, of one school or of all, in the order in which they were first made."""
    in_state, given = "AND ($2::text IS NULL OR state = $2)", [contest_id, state, after or _FIRST, limit]
    if school_id is not None:
        wanted = f"contest_id = $1 AND school_id = $5 AND entry_id > $3 {in_state}"
        return await _lines(tx, wanted, "entry_id LIMIT $4", *given, school_id)
    # Compared as rows, so that the planner goes along the index though it expects few entries of a contest
    wanted = f"(contest_id, entry_id) > ($1, $3) AND (contest_id, entry_id) < ($1, '{_LAST}') {in_state}"
    return await _lines(tx, wanted, "contest_id, entry_id LIMIT $4", *given)


async def to_decide_by_head(tx: Tx, school_id: UUID, after: UUID | None, limit: int) -> list[Line]:
    """What waits for the head of a school, the oldest first."""
    wanted = "school_id = $1 AND state = 'applied' AND NOT for_editor AND entry_id > $2"
    return await _lines(tx, wanted, "entry_id LIMIT $3", school_id, after or _FIRST, limit)


async def to_decide_by_editor(tx: Tx, after: UUID | None, limit: int) -> list[Line]:
    """Entries of heads, which wait for the department, the oldest first."""
    return await _lines(
        tx, "state = 'applied' AND for_editor AND entry_id > $1", "entry_id LIMIT $2", after or _FIRST, limit
    )


async def _lines(tx: Tx, wanted: str, page: str, *given: Any) -> list[Line]:
    """A page of an index first, then who they are."""
    found = f"SELECT * FROM contest_entry WHERE {wanted} ORDER BY {page}"  # noqa: S608 - as given here
    return [Line(**dict(row)) for row in await tx.fetch(_LINES.replace("FOUND", found), *given)]


def _shown(row: Row) -> Shown:
    mine = None
    if row["entry_id"]:
        own = ("entry_id", "text", "team", "pupils", "waiting_no", "for_editor")
        named = {"state": row["entry_state"], "at": row["entered_at"], "reason": row["entry_reason"]}
        mine = Mine(**named, **{field: row[field] for field in own})
    return Shown(as_contest(row), row["suits"], mine, row["of_school"])
