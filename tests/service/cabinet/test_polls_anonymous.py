"""Anonymous polls, attacked by somebody who has the whole database, as it is now and as it was after every answer: no
column, no order, no transaction, no length, no log, no other table says who has answered what."""

import json
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest
from chassis.testing.opened import Opened

from .conftest import Person
from .polling import Author, answered, editor_of, head_of, teachers

VOTERS = 24
WORDS = [f"тайнопись{number:02}" for number in range(VOTERS)]
UUID_LIKE = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
Row = dict[str, Any]


class Stolen:
    """Everything that a reader of the database can see at one moment, hidden columns included."""

    def __init__(self, tables: dict[str, list[Row]]) -> None:
        self.tables = tables

    @classmethod
    async def from_(cls, it: Opened) -> "Stolen":
        pool = it.runtime.database.pool
        names = [
            one["tablename"] for one in await pool.fetch("SELECT tablename FROM pg_tables WHERE schemaname='public'")
        ]
        rows = {
            name: await pool.fetch(
                f'SELECT xmin::text, xmax::text, ctid::text, to_jsonb(t)::text AS row FROM "{name}" t'
            )
            for name in names
        }
        return cls({name: [_row(one) for one in found] for name, found in rows.items()})

    def __getitem__(self, name: str) -> list[Row]:
        return self.tables[name]

    def text(self) -> str:
        return json.dumps(self.tables, ensure_ascii=False)


def _row(found: Any) -> Row:
    block, line = found["ctid"].strip("()").split(",")
    row: Row = json.loads(found["row"])
    return row | {"xmin": found["xmin"], "xmax": found["xmax"], "ctid": (int(block), int(line))}


def word(ballot: Row) -> int:
    """Which of the secret words is in it."""
    return next(number for number, one in enumerate(WORDS) if one in json.dumps(ballot, ensure_ascii=False))


def in_step(order: Sequence[int]) -> int:
    """How many stand where they came, or right behind the one that came before."""
    in_place = sum(number == place for place, number in enumerate(order))
    return max(in_place, sum(after - before == 1 for before, after in pairwise(order)))


async def voted(it: Opened, author: Author, people: list[Person]) -> tuple[str, list[Stolen]]:
    """One after another, each with another word, and the database stolen in between."""
    poll_id, stolen = await author.publish(), []
    for person, secret in zip(people, WORDS, strict=True):
        await answered(it, person, poll_id, 0, None, None, secret)
        stolen.append(await Stolen.from_(it))
    return poll_id, stolen


@pytest.fixture
async def robbed(cabinet: Opened) -> tuple[list[Person], list[Stolen], Stolen]:
    """The voters in their order; the database after each of them, and after the count."""
    people = await teachers(cabinet, VOTERS)
    author = head_of(cabinet, people[0])
    poll_id, during = await voted(cabinet, author, people)
    await author.close(poll_id)
    return people, during, await Stolen.from_(cabinet)


async def test_while_it_is_open_nothing_says_what_was_answered(
    robbed: tuple[list[Person], list[Stolen], Stolen],
) -> None:
    _, during, _ = robbed
    for number, stolen in enumerate(during):
        assert not any(one in stolen.text() for one in WORDS), "no answer lies open"
        assert len(stolen["poll_envelope"]) == number + 1
        assert stolen["poll_ballot"] == stolen["poll_answer"] == []
    seals = [one["seal"] for one in during[-1]["poll_envelope"]]
    assert len({len(seal) for seal in seals}) == 1, "the length says nothing"
    assert len(set(seals)) == VOTERS


async def test_equal_answers_look_different_and_the_longest_looks_like_the_shortest(cabinet: Opened) -> None:
    people = await teachers(cabinet, 4)
    author = head_of(cabinet, people[0])
    poll_id = await author.publish()
    longest = '\U0001f600"' * 500
    for person, said in zip(people, [(0,), (0,), (2, [0, 1], 5, longest), (1, [], None, "\\\n" * 500)], strict=True):
        await answered(cabinet, person, poll_id, *said)
    seals = [one["seal"] for one in (await Stolen.from_(cabinet))["poll_envelope"]]
    assert (len(set(seals)), len({len(seal) for seal in seals})) == (4, 1)
    await author.close(poll_id)
    assert len((await Stolen.from_(cabinet))["poll_ballot"]) == 4, "and all of them can be opened"


async def test_no_column_leads_from_a_marker_to_a_ballot(robbed: tuple[list[Person], list[Stolen], Stolen]) -> None:
    people, during, after = robbed
    assert after["poll_envelope"] == []
    markers, ballots = after["poll_voter"], after["poll_ballot"]
    assert (len(markers), len(ballots)) == (VOTERS, VOTERS)
    assert set(markers[0]) == {"poll_id", "account_id", "attempt", "xmin", "xmax", "ctid"}, "no time, no number"
    assert set(ballots[0]) == {"ballot_id", "poll_id", "answers", "xmin", "xmax", "ctid"}
    shared = {"poll_id", *(asked["question_id"] for asked in after["poll"][0]["questions"])}
    ids_of_ballots = set(UUID_LIKE.findall(json.dumps(ballots))) - {after["poll"][0]["poll_id"]} - shared
    for stolen in [*during, after]:
        elsewhere = json.dumps({name: rows for name, rows in stolen.tables.items() if name != "poll_ballot"})
        assert not any(one in elsewhere for one in ids_of_ballots), "the id of a ballot is nowhere else, nor ever was"
    assert not any(str(person.account_id) in json.dumps(ballots) for person in people)


async def test_no_transaction_wrote_both(robbed: tuple[list[Person], list[Stolen], Stolen]) -> None:
    _, during, after = robbed
    written = {one["xmin"] for one in after["poll_ballot"]}
    assert len(written) == 1, "all ballots were written at once"
    for name, rows in after.tables.items():
        if name not in ("poll_ballot", "poll"):
            assert not written & {one["xmin"] for one in rows}, name
    assert {one["xmax"] for one in after["poll_ballot"]} == {"0"}
    ever = {one["xmin"] for stolen in during for rows in stolen.tables.values() for one in rows}
    assert not written & ever


async def test_no_order_leads_from_markers_to_ballots(robbed: tuple[list[Person], list[Stolen], Stolen]) -> None:
    _, during, after = robbed
    by_place = [word(one) for one in sorted(after["poll_ballot"], key=lambda one: one["ctid"])]
    by_id = [word(one) for one in sorted(after["poll_ballot"], key=lambda one: one["ballot_id"])]
    places = {one["envelope_id"]: place for place, stolen in enumerate(during) for one in stolen["poll_envelope"][-1:]}
    by_envelope = [places[one] for one in sorted(places)]
    for order in (by_place, by_id, [by_envelope.index(one) for one in by_place]):
        assert sorted(order) == list(range(VOTERS))
        assert in_step(order) <= 9, "ten in step by chance: once in a million throws"
        assert in_step(order[::-1]) <= 9


async def test_no_other_place_keeps_what_was_answered(cabinet: Opened, capfd: pytest.CaptureFixture[str]) -> None:
    people = await teachers(cabinet, 6)
    author = editor_of(cabinet)
    poll_id = await author.publish()
    await cabinet.published()
    capfd.readouterr()
    before = await Stolen.from_(cabinet)
    for person in people:
        path = f"/cabinet/polls/{poll_id}"
        questions = (await cabinet.http.get(path, headers=person.headers(cabinet))).json()["questions"]
        said = {questions[0]["question_id"]: 1, questions[3]["question_id"]: WORDS[0]}
        headers = person.headers(cabinet) | {"Idempotency-Key": f"key-{person.account_id}"}
        for _ in range(2):
            given = await cabinet.http.post(f"{path}/answers", json={"answers": said}, headers=headers)
            assert given.status_code == 201
    after = await Stolen.from_(cabinet)
    grown = {name for name in after.tables if len(after[name]) > len(before[name])}
    assert grown == {"poll_voter", "poll_envelope", "notice_read", "inbox_change"}, (
        "no key of a request, no event, no log"
    )
    assert not any("key-" in json.dumps(one) for one in after["poll_voter"])
    assert len({one["attempt"] for one in after["poll_voter"]}) == 6
    captured = capfd.readouterr()
    assert WORDS[0] not in captured.out + captured.err
    await author.close(poll_id)
    closed = await Stolen.from_(cabinet)
    where = {name for name, rows in closed.tables.items() if WORDS[0] in json.dumps(rows, ensure_ascii=False)}
    assert where == {"poll_ballot"}


async def test_what_an_author_reads_joins_no_two_answers_of_a_person(cabinet: Opened) -> None:
    people = await teachers(cabinet, VOTERS)
    author = head_of(cabinet, people[0])
    texts = [{"kind": "text", "text": f"Вопрос {number}"} for number in range(2)]
    poll_id = await author.publish(questions=texts)
    for person, secret in zip(people, WORDS, strict=True):
        await answered(cabinet, person, poll_id, f"{secret} раз", f"{secret} два")
    await author.close(poll_id)
    first, second = [one["texts"] for one in (await author.results(poll_id))["questions"]]
    pairs = [one.split()[0] == other.split()[0] for one, other in zip(first, second, strict=True)]
    assert sum(pairs) <= 9, "each question has an order of its own"
    assert (await author.ask("GET", f"/{poll_id}/answers")).status_code == 409


async def test_the_attack_finds_what_is_there() -> None:
    assert in_step(list(range(VOTERS))) == VOTERS
    assert in_step([*range(5, VOTERS), *range(5)]) >= 20, "moved, but in step"
