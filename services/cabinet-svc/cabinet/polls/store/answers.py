"""SQL of markers, envelopes, ballots and answers by name."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from chassis.db import Tx

from cabinet.polls.domain.answers import Answers, as_answers, worded
from cabinet.polls.domain.polls import Poll
from cabinet.polls.domain.results import Tally
from cabinet.polls.store.polls import questions_of

# Nobody knows which ballot is whose, and so nobody shall know which two texts are of one ballot
_THROWN = "md5(key || {id}::text)"


async def insert_voter(tx: Tx, poll_id: UUID, account_id: UUID, attempt: bytes | None) -> bool:
    """Whether it was the first time; a parallel one waits for the first to end."""
    sql = "INSERT INTO poll_voter (poll_id, account_id, attempt) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
    return await tx.execute(sql, poll_id, account_id, attempt) == 1


async def attempt_of(tx: Tx, poll_id: UUID, account_id: UUID) -> bytes | None:
    """By which request somebody has answered."""
    sql = "SELECT attempt FROM poll_voter WHERE poll_id = $1 AND account_id = $2"
    attempt: bytes | None = await tx.fetchval(sql, poll_id, account_id)
    return attempt


async def has_answered(tx: Tx, poll_id: UUID, account_id: UUID) -> bool:
    """Whether this account has."""
    sql = "SELECT EXISTS (SELECT FROM poll_voter WHERE poll_id = $1 AND account_id = $2)"
    return bool(await tx.fetchval(sql, poll_id, account_id))


async def insert_envelope(tx: Tx, envelope_id: UUID, poll_id: UUID, seal: str) -> None:
    """Sealed."""
    sql = "INSERT INTO poll_envelope (envelope_id, poll_id, seal) VALUES ($1, $2, $3)"
    await tx.execute(sql, envelope_id, poll_id, seal)


async def insert_answer(tx: Tx, poll_id: UUID, account_id: UUID, answers: Answers) -> None:
    """By name."""
    sql = "INSERT INTO poll_answer (poll_id, account_id, answers, at) VALUES ($1, $2, $3, $4)"
    await tx.execute(sql, poll_id, account_id, json.dumps(answers), tx.now)


async def is_answered(tx: Tx, poll_id: UUID) -> bool:
    """Whether there is any answer. Markers are not asked: one goes with its account, the envelope stays."""
    sql = """
    SELECT EXISTS (SELECT FROM poll_envelope WHERE poll_id = $1) OR EXISTS (SELECT FROM poll_answer WHERE poll_id = $1)
    """
    return bool(await tx.fetchval(sql, poll_id))


async def count_envelopes(tx: Tx, poll_id: UUID, most: int) -> int:
    """How many are still closed, counted no further than this."""
    sql = "SELECT count(*) FROM (SELECT FROM poll_envelope WHERE poll_id = $1 LIMIT $2) AS first"
    count: int = await tx.fetchval(sql, poll_id, most)
    return count


async def take_envelopes(tx: Tx, poll_id: UUID, limit: int) -> list[tuple[UUID, str]]:
    """Some of them, out of the box: their ids are random, and so is the choice."""
    sql = """
    DELETE FROM poll_envelope WHERE envelope_id IN (
        SELECT envelope_id FROM poll_envelope WHERE poll_id = $1 ORDER BY envelope_id LIMIT $2)
    RETURNING envelope_id, seal
    """
    return [(row["envelope_id"], row["seal"]) for row in await tx.fetch(sql, poll_id, limit)]


async def insert_ballots(tx: Tx, poll_id: UUID, ballots: Sequence[tuple[UUID, Answers]]) -> None:
    """In this order."""
    records = [(ballot_id, poll_id, json.dumps(answers)) for ballot_id, answers in ballots]
    await tx.copy("poll_ballot", columns=("ballot_id", "poll_id", "answers"), records=records)


async def count_asked(tx: Tx, it: Poll) -> int:
    """How many open cabinets the audience has now."""
    sql = """
    SELECT count(*) FROM reader WHERE ($2::uuid[] IS NULL OR school_id = ANY ($2))
      AND audience_fits($1::jsonb, district, okrug, school_id, category, post)
    """
    audience = it.draft.audience
    count: int = await tx.fetchval(sql, audience.model_dump_json(), list(audience.school_ids) or None)
    return count


async def count_answers(tx: Tx, it: Poll) -> int:
    """Wherever they are: in envelopes, counted, by name."""
    sql = """
    SELECT (SELECT count(*) FROM poll_envelope WHERE poll_id = $1)
         + (SELECT count(*) FROM poll_ballot WHERE poll_id = $1)
         + (SELECT count(*) FROM poll_answer WHERE poll_id = $1)
    """
    count: int = await tx.fetchval(sql, it.poll_id)
    return count


async def tally(tx: Tx, it: Poll, answered: int) -> Tally:
    """Counted by question and number."""
    sql = f"""
    SELECT key, CASE WHEN jsonb_typeof(one) = 'number' THEN one::int END AS number, count(*) AS count,
           count(*) FILTER (WHERE no = 1) AS people
    FROM {_table(it)} CROSS JOIN jsonb_each(answers)
         CROSS JOIN jsonb_array_elements(value) WITH ORDINALITY AS said (one, no)
    WHERE poll_id = $1 GROUP BY 1, 2
    """  # noqa: S608 - one of two tables
    rows = await tx.fetch(sql, it.poll_id)
    by_question: dict[str, int] = {}
    for row in rows:
        by_question[row["key"]] = by_question.get(row["key"], 0) + row["people"]
    by_number = {(row["key"], row["number"]): row["count"] for row in rows if row["number"] is not None}
    return Tally(answered, by_question, by_number)


async def texts(tx: Tx, it: Poll, most: int) -> dict[str, list[str]]:
    """What was answered in words, so many to a question at most; each question in an order of its own."""
    sql = f"""
    SELECT key, array_agg(text ORDER BY place) AS texts FROM (
        SELECT key, value->>0 AS text,
               row_number() OVER (PARTITION BY key ORDER BY {_THROWN.format(id=_id(it))}) AS place
        FROM {_table(it)} CROSS JOIN jsonb_each(answers) WHERE poll_id = $1 AND key = ANY ($2::text[])
    ) AS said WHERE place <= $3 GROUP BY key
    """  # noqa: S608 - one of two tables
    asked = [str(one.question_id) for one in it.draft.questions if one.kind == "text"]
    return {row["key"]: row["texts"] for row in await tx.fetch(sql, it.poll_id, asked, most)}


async def named_page(tx: Tx, poll_id: UUID, after: UUID | None, limit: int) -> list[dict[str, Any]]:
    """Who has answered what, in a poll by name, in the order of their ids."""
    sql = """
    SELECT poll_answer.account_id, nullif(concat_ws(' ', account.last_name, account.first_name, account.patronymic), '')
           AS name, coalesce(staff.post, account.post) AS post, school.short_name AS school, answers, at
    FROM poll_answer LEFT JOIN account USING (account_id) LEFT JOIN staff USING (staff_id)
         LEFT JOIN school ON school.school_id = account.school_id
    WHERE poll_id = $1 AND ($2::uuid IS NULL OR poll_answer.account_id > $2) ORDER BY poll_answer.account_id LIMIT $3
    """
    return [dict(row) | {"answers": as_answers(row["answers"])} for row in await tx.fetch(sql, poll_id, after, limit)]


async def silent_page(tx: Tx, it: Poll, after: UUID, limit: int) -> list[UUID]:
    """The next accounts of the audience that have not answered, in the order of their ids."""
    sql = """
    SELECT account_id FROM reader WHERE account_id > $2 AND ($5::uuid[] IS NULL OR school_id = ANY ($5))
      AND audience_fits($1::jsonb, district, okrug, school_id, category, post)
      AND NOT EXISTS (SELECT FROM poll_voter WHERE poll_id = $4 AND poll_voter.account_id = reader.account_id)
    ORDER BY account_id LIMIT $3
    """
    audience = it.draft.audience
    schools = list(audience.school_ids) or None
    rows = await tx.fetch(sql, audience.model_dump_json(), after, limit, it.poll_id, schools)
    return [row["account_id"] for row in rows]


async def delete_answers(tx: Tx, account_id: UUID) -> int:
    """Markers, and what was said by name. In how many polls the account had answered."""
    sql = """
    WITH said AS (DELETE FROM poll_answer WHERE account_id = $1),
    marks AS (DELETE FROM poll_voter WHERE account_id = $1 RETURNING 1)
    SELECT count(*) FROM marks
    """
    count: int = await tx.fetchval(sql, account_id)
    return count


async def answered_by(tx: Tx, account_id: UUID) -> list[dict[str, Any]]:
    """The polls that an account has answered; what it said, where that was by name."""
    sql = """
    SELECT title, questions, answers, at FROM poll_voter JOIN poll USING (poll_id)
           LEFT JOIN poll_answer USING (poll_id, account_id)
    WHERE account_id = $1 ORDER BY poll_id
    """
    known = []
    for row in await tx.fetch(sql, account_id):
        lines = worded(questions_of(row), as_answers(row["answers"])) if row["answers"] else []
        said = [f"{question}: {answer}" for question, answer in lines]
        known.append({"title": row["title"], "at": row["at"], "answers": said})
    return known


def _table(it: Poll) -> str:
    return "poll_ballot" if it.draft.anonymous else "poll_answer"


def _id(it: Poll) -> str:
    return "ballot_id" if it.draft.anonymous else "account_id"
