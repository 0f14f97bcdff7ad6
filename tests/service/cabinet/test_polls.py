"""Polls: answered once by whom they are for, told, erased, taken along."""

import asyncio
import json
from typing import Any

import pytest
from chassis.db import new_id
from chassis.testing.opened import Opened
from ekis_contracts.cabinet import NoticeAddressed, PollPublished

from .conftest import Person
from .people import inbox, settle
from .polling import (
    POLL,
    Author,
    ahead,
    answer,
    answered,
    editor_of,
    head_of,
    listed,
    opened_poll,
    post,
    teachers,
)
from .test_closed_schools import closed as school_closed
from .test_export import exported


@pytest.fixture
def editor(cabinet: Opened) -> Author:
    return editor_of(cabinet)


async def test_a_published_poll_waits_for_its_audience_and_tells_it(
    cabinet: Opened, editor: Author, settled: Person
) -> None:
    other = await settle(cabinet, Person(post="Завуч"))
    closes_at = ahead(cabinet, days=3)
    poll_id = await editor.publish(audience={"posts": ["Учитель Математики"]}, closes_at=closes_at)
    assert (await listed(cabinet, settled), await listed(cabinet, other)) == ([("О педсовете", "open")], [])
    assert await inbox(cabinet, settled) == (["О педсовете"], 1)
    await cabinet.run_loops()
    poll, page = await cabinet.published()
    assert isinstance(poll[0], PollPublished)
    assert (str(poll[0].poll_id), poll[0].audience.posts, poll[1].sequence) == (poll_id, ("учитель математики",), 1)
    assert poll[0].closes_at
    assert poll[0].closes_at.isoformat() == closes_at
    assert isinstance(page[0], NoticeAddressed)
    assert (page[0].kind, page[0].page, page[0].account_ids) == ("poll", f"/polls/{poll_id}", [settled.account_id])
    for path in ("", "/results"):
        hidden = await cabinet.http.get(f"/cabinet/polls/{poll_id}{path}", headers=other.headers(cabinet))
        assert hidden.status_code == 404, path
    refused = await cabinet.http.post(
        f"/cabinet/polls/{poll_id}/answers", json={"answers": {}}, headers=other.headers(cabinet)
    )
    assert refused.status_code == 404


async def test_an_answer_is_taken_once_and_said_to_be_in(cabinet: Opened, editor: Author, settled: Person) -> None:
    poll_id = await editor.publish()
    first = await answer(cabinet, settled, poll_id, 0, [0, 2], 4, "Тишины")
    assert (first.status_code, first.json()) == (201, {"poll_id": poll_id, "own": "answered"})
    assert await listed(cabinet, settled) == [("О педсовете", "answered")]
    assert (await listed(cabinet, settled, "open"), len(await listed(cabinet, settled, "answered"))) == ([], 1)
    assert (await inbox(cabinet, settled))[1] == 0, "who has answered has read the notice"
    again = await answer(cabinet, settled, poll_id, 1)
    assert (again.status_code, again.json()["code"]) == (409, "poll-already-answered")
    assert "Вы уже ответили" in again.json()["title"]
    await editor.close(poll_id)
    assert (await editor.results(poll_id))["answered"] == 1
    assert await listed(cabinet, settled, "closed") == [("О педсовете", "closed")]


async def test_a_request_that_is_repeated_is_confirmed(cabinet: Opened, editor: Author, settled: Person) -> None:
    poll_id = await editor.publish()
    for said in (0, 1):  # what is in stays; whether it is the same cannot be known of an anonymous poll
        given = await answer(cabinet, settled, poll_id, said, key="eb0e-1")
        assert given.status_code == 201, given.text
    assert (await answer(cabinet, settled, poll_id, 0, key="eb0e-2")).status_code == 409
    assert (await editor.ok("GET", f"/{poll_id}"))["answered"] == 1
    await editor.close(poll_id)
    repeated = await cabinet.http.post(
        f"/cabinet/polls/{poll_id}/answers",
        json={"answers": {}},
        headers=settled.headers(cabinet) | {"Idempotency-Key": "eb0e-1"},
    )
    assert repeated.status_code == 201, "the network lost the first answer, not the vote"


@pytest.mark.parametrize("anonymous", [True, False])
async def test_of_ten_parallel_answers_of_a_person_one_counts(
    cabinet: Opened, editor: Author, settled: Person, anonymous: bool
) -> None:
    poll_id = await editor.publish(anonymous=anonymous)
    questions = (await opened_poll(cabinet, settled, poll_id))["questions"]
    given = await asyncio.gather(*(post(cabinet, settled, poll_id, questions, [n % 3]) for n in range(10)))
    assert sorted(one.status_code for one in given) == [201] + [409] * 9
    table = "poll_envelope" if anonymous else "poll_answer"
    assert await cabinet.runtime.database.pool.fetchval(f"SELECT count(*) FROM {table}") == 1


WRONG: list[tuple[Any, int, str]] = [
    ([None], 0, "poll-answer-required"),
    ([3], 0, "poll-answer-unknown"),
    ([-1], 0, "poll-answer-unknown"),
    (["В актовом зале"], 0, "poll-answer-unknown"),
    ([[0]], 0, "poll-answer-unknown"),
    ([0, [0, 1, 2]], 1, "poll-answer-too-many"),
    ([0, [1, 1]], 1, "poll-answer-unknown"),
    ([0, [3]], 1, "poll-answer-unknown"),
    ([0, None, 0], 2, "poll-answer-unknown"),
    ([0, None, 6], 2, "poll-answer-unknown"),
    ([0, None, None, 5], 3, "poll-answer-unknown"),
    ([0, None, None, "Ж" * 1001], 3, "poll-answer-too-long"),
    ([0, None, None, "а\u202eб"], 3, "forbidden-characters"),
]


@pytest.mark.parametrize(("said", "question", "code"), WRONG)
async def test_wrong_answers_are_refused_and_named(
    cabinet: Opened, settled: Person, said: list[Any], question: int, code: str
) -> None:
    editor = editor_of(cabinet)
    poll_id = await editor.publish()
    questions = (await opened_poll(cabinet, settled, poll_id))["questions"]
    given = await post(cabinet, settled, poll_id, questions, said)
    assert given.status_code == 422, given.text
    (error,) = given.json()["errors"]
    assert (error["code"], error["pointer"]) == (code, f"/answers/{questions[question]['question_id']}")
    assert await listed(cabinet, settled) == [("О педсовете", "open")], "and nothing is kept of it"


async def test_polls_of_a_school_stay_there(cabinet: Opened) -> None:
    (ours,), (theirs,) = await teachers(cabinet, 1), await teachers(cabinet, 1)
    head = head_of(cabinet, ours)
    poll_id = await head.publish(audience={"posts": ["учитель математики"]})
    assert (await listed(cabinet, ours), await listed(cabinet, theirs)) == ([("О педсовете", "open")], [])
    for audience in ({"school_ids": [str(theirs.school_id)]}, {"districts": ["Тверской"]}):
        refused = await head.ask("POST", "", json=POLL | {"audience": audience})
        assert (refused.status_code, refused.json()["code"]) == (422, "poll-own-school")
        edit = await head.ask("PATCH", f"/{await head.write()}", json={"audience": audience})
        assert (edit.status_code, edit.json()["code"]) == (422, "poll-own-school")
    for stranger in (head_of(cabinet, theirs), editor_of(cabinet)):
        for method, path in (("GET", ""), ("GET", "/results"), ("GET", "/results.csv"), ("POST", "/close")):
            assert (await stranger.ask(method, f"/{poll_id}{path}")).status_code == 404, path


async def test_at_a_closed_school_polls_are_read_and_not_answered(cabinet: Opened, settled: Person) -> None:
    head = head_of(cabinet, settled)
    poll_id, draft_id = await head.publish(), await head.write()
    questions = (await opened_poll(cabinet, settled, poll_id))["questions"]
    await cabinet.tell(school_closed(settled), 2)
    assert (await opened_poll(cabinet, settled, poll_id))["title"] == "О педсовете"
    given = await post(cabinet, settled, poll_id, questions, [0])
    assert (given.status_code, given.json()["code"]) == (409, "school-closed")
    for step in ("publish", "close"):
        refused = await head.ask("POST", f"/{draft_id if step == 'publish' else poll_id}/{step}")
        assert (refused.status_code, refused.json()["code"]) == (409, "school-closed")


async def test_lists_go_on_where_they_ended(cabinet: Opened, editor: Author, settled: Person) -> None:
    for number in range(3):
        await editor.publish(title=f"Опрос {number}")
    await head_of(cabinet, settled).publish(title="Школьный")
    paged, cursor = [], ""
    while cursor is not None:
        path = f"/cabinet/polls?limit=3{cursor and f'&cursor={cursor}'}"
        got = (await cabinet.http.get(path, headers=settled.headers(cabinet))).json()
        paged += [one["title"] for one in got["items"]]
        cursor = got["next"]
    assert paged == ["Школьный", "Опрос 2", "Опрос 1", "Опрос 0"]


async def test_what_was_said_by_name_goes_with_the_account_and_ballots_stay(cabinet: Opened, editor: Author) -> None:
    people = await teachers(cabinet, 6)
    by_name, secret = await editor.publish(anonymous=False, title="По именам"), await editor.publish(title="Тайный")
    for person in people:
        await answered(cabinet, person, by_name, 0, None, None, "Сказанное под именем")
        await answered(cabinet, person, secret, 1)
    gone = people[0]
    archive = await exported(cabinet, gone)
    said = json.loads(archive.read("poll-answers.json"))
    assert [(one["title"], len(one["answers"]), one["at"] is None) for one in said] == [
        ("По именам", 4, False), ("Тайный", 0, True),
    ]  # fmt: skip
    assert "Где провести педсовет?: В актовом зале" in said[0]["answers"]
    await cabinet.published()
    await cabinet.tell(gone.disabled(), 3)
    (receipt,) = await cabinet.published_events()
    assert receipt.counts["poll-answers"] == 2
    for poll_id in (by_name, secret):
        await editor.close(poll_id)
    assert [(await editor.results(one))["answered"] for one in (by_name, secret)] == [5, 6]
    for table in ("poll_voter", "poll_answer"):
        assert str(gone.account_id) not in await cabinet.table(table)


async def test_a_poll_nobody_knows_is_not_there(cabinet: Opened, editor: Author, settled: Person) -> None:
    for path in ("", "/results", "/answers", "/results.csv", "/answers.csv"):
        assert (await editor.ask("GET", f"/{new_id()}{path}")).status_code == 404
    given = await post(cabinet, settled, str(new_id()), [], [])
    assert given.status_code == 404
