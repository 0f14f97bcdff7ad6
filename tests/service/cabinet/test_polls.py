"""Polls: written and edited by their authors, answered once by whom they are for, closed, told, erased, taken along."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest
from chassis.db import new_id
from chassis.testing.opened import Opened
from ekis_contracts.cabinet import NoticeAddressed, PollClosed, PollPublished

from .conftest import Person
from .people import inbox, settle
from .polling import (
    MULTIPLE,
    POLL,
    SCALE,
    SINGLE,
    TEXT,
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


async def test_the_text_is_frozen_by_the_first_answer_and_not_before(
    cabinet: Opened, editor: Author, settled: Person
) -> None:
    poll_id = await editor.publish()
    former = (await opened_poll(cabinet, settled, poll_id))["questions"]
    changed = await editor.ok("PATCH", f"/{poll_id}", json={"questions": [SINGLE | {"options": ["Да", "Нет"]}]})
    assert [one["options"] for one in changed["questions"]] == [["Да", "Нет"]]
    late = await post(cabinet, settled, poll_id, former, [0])
    assert (late.status_code, late.json()["errors"][0]["code"]) == (422, "poll-question-unknown")
    await answered(cabinet, settled, poll_id, 0)
    kept = await editor.ok("GET", f"/{poll_id}")
    for edit in (
        {"title": "Другой"}, {"anonymous": False}, {"shares_results": True}, {"intro": "x"}, {"questions": [TEXT]},
    ):  # fmt: skip
        frozen = await editor.ask("PATCH", f"/{poll_id}", json=edit)
        assert (frozen.status_code, frozen.json()["code"]) == (409, "poll-text-frozen"), edit
    audience = await editor.ask("PATCH", f"/{poll_id}", json={"audience": {"posts": ["завуч"]}})
    assert (audience.status_code, audience.json()["code"]) == (409, "poll-audience-frozen")
    moved = await editor.ok("PATCH", f"/{poll_id}", json={"closes_at": ahead(cabinet, days=2)})
    assert moved["questions"] == kept["questions"], "another end is another end alone"
    await cabinet.tell(settled.disabled(), 3)
    frozen = await editor.ask("PATCH", f"/{poll_id}", json={"anonymous": False})
    assert frozen.json()["code"] == "poll-text-frozen", "the envelope of an erased account is there still"


async def test_an_edit_and_an_answer_at_once_do_not_pass_each_other(
    cabinet: Opened, editor: Author, settled: Person
) -> None:
    poll_id = await editor.publish()
    questions = (await opened_poll(cabinet, settled, poll_id))["questions"]
    edit, given = await asyncio.gather(
        editor.ask("PATCH", f"/{poll_id}", json={"title": "Иначе"}), post(cabinet, settled, poll_id, questions, [0])
    )
    assert (edit.status_code, given.status_code) in [(200, 422), (409, 201)]


async def test_stale_edits_are_shown_what_is_there(cabinet: Opened, editor: Author) -> None:
    poll_id = await editor.write()
    tag = (await editor.ask("GET", f"/{poll_id}")).headers["etag"]
    await editor.ok("PATCH", f"/{poll_id}", json={"title": "Первый"}, match=tag)
    stale = await editor.ask("PATCH", f"/{poll_id}", json={"title": "Второй"}, match=tag)
    assert stale.status_code == 412
    assert (stale.json()["current"]["title"], stale.json()["yours"]) == ("Первый", {"title": "Второй"})


async def test_steps_out_of_turn_are_refused(cabinet: Opened, editor: Author, settled: Person) -> None:
    poll_id = await editor.write()
    unseen = await cabinet.http.get(f"/cabinet/polls/{poll_id}", headers=settled.headers(cabinet))
    assert unseen.status_code == 404, "a draft is its authors'"
    for state, steps in (("draft", ["close"]), ("published", ["publish"]), ("closed", ["publish", "close"])):
        for step in steps:
            refused = await editor.ask("POST", f"/{poll_id}/{step}")
            assert (refused.status_code, refused.json()["code"]) == (409, "wrong-step"), (state, step)
        if state != "draft":
            kept = await editor.ask("DELETE", f"/{poll_id}")
            assert (kept.status_code, kept.json()["code"]) == (409, "wrong-step")
        if state != "closed":
            await editor.ok("POST", f"/{poll_id}/{'publish' if state == 'draft' else 'close'}")
    edit = await editor.ask("PATCH", f"/{poll_id}", json={"title": "Поздно"})
    assert (edit.status_code, edit.json()["code"]) == (409, "wrong-step")


async def test_a_draft_can_be_deleted(cabinet: Opened, editor: Author) -> None:
    poll_id = await editor.write()
    await editor.ok("DELETE", f"/{poll_id}")
    assert (await editor.ask("GET", f"/{poll_id}")).status_code == 404
    assert (await editor.ok("GET", "/written"))["items"] == []


async def test_it_closes_by_itself_and_is_told(cabinet: Opened, editor: Author, settled: Person) -> None:
    poll_id = await editor.publish(closes_at=ahead(cabinet, hours=5))
    questions = (await opened_poll(cabinet, settled, poll_id))["questions"]
    early = await editor.ask("GET", f"/{poll_id}/results")
    assert (early.status_code, early.json()["code"]) == (409, "poll-open")
    cabinet.clock.move(timedelta(hours=5, seconds=1))
    late = await post(cabinet, settled, poll_id, questions, [0])
    assert (late.status_code, late.json()["code"]) == (409, "poll-closed"), "the loop has not come yet"
    await cabinet.run_loops()
    assert (await opened_poll(cabinet, settled, poll_id))["state"] == "closed"
    assert await inbox(cabinet, settled) == ([], 0), "nobody is asked any more"
    told = [(type(event), envelope.sequence) for event, envelope in await cabinet.published()]
    assert [one for one in told if one[0] is not NoticeAddressed] == [(PollPublished, 1), (PollClosed, 2)]


async def test_a_moved_end_is_told_and_a_passed_one_refused(cabinet: Opened, editor: Author) -> None:
    poll_id = await editor.write(closes_at=ahead(cabinet, hours=1))
    cabinet.clock.move(timedelta(hours=2))
    late = await editor.ask("POST", f"/{poll_id}/publish")
    assert (late.status_code, late.json()["errors"][0]["pointer"]) == (422, "/closes_at")
    await editor.ok("PATCH", f"/{poll_id}", json={"closes_at": None})
    await editor.ok("POST", f"/{poll_id}/publish")
    await editor.ok("PATCH", f"/{poll_id}", json={"closes_at": ahead(cabinet, hours=1)})
    told = [(event.closes_at is None, envelope.sequence) for event, envelope in await cabinet.published()]
    assert told == [(True, 1), (False, 2)]


async def test_who_has_not_answered_is_reminded_once(cabinet: Opened, editor: Author) -> None:
    silent, eager = await teachers(cabinet, 2)
    poll_id = await editor.publish(closes_at=ahead(cabinet, days=3))
    await answered(cabinet, eager, poll_id, 0)
    await cabinet.run_loops()
    await cabinet.published()
    cabinet.clock.move(timedelta(days=2, minutes=1))
    for _ in range(2):
        await cabinet.run_loops()
    (reminder,) = await cabinet.published_events()
    assert (reminder.kind, reminder.account_ids, str(reminder.about)) == ("reminder", [silent.account_id], poll_id)
    assert (len((await inbox(cabinet, silent))[0]), len((await inbox(cabinet, eager))[0])) == (2, 1)


async def test_a_moved_end_moves_the_reminder(cabinet: Opened, editor: Author, settled: Person) -> None:
    poll_id = await editor.publish()
    await editor.ok("PATCH", f"/{poll_id}", json={"closes_at": ahead(cabinet, days=3)})
    cabinet.clock.move(timedelta(days=2, minutes=1))
    await cabinet.run_loops()
    assert len((await inbox(cabinet, settled))[0]) == 2


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


BAD: list[tuple[dict[str, Any], str, str]] = [
    (SINGLE | {"options": ["Одно"]}, "poll-options-few", "/questions/1/options"),
    (SINGLE | {"options": ["Да", "да"]}, "poll-options-twice", "/questions/1/options"),
    (SINGLE | {"most": 1}, "poll-most", "/questions/1/most"),
    (MULTIPLE | {"most": 4}, "poll-most", "/questions/1/most"),
    (TEXT | {"options": ["Да", "Нет"]}, "poll-options-needless", "/questions/1/options"),
    (SCALE | {"scale": None}, "poll-scale", "/questions/1/scale"),
    (TEXT | {"scale": {}}, "poll-scale", "/questions/1/scale"),
]


@pytest.mark.parametrize(("question", "code", "pointer"), BAD)
async def test_wrong_questions_are_refused_and_named(
    cabinet: Opened, editor: Author, question: dict[str, Any], code: str, pointer: str
) -> None:
    refused = await editor.ask("POST", "", json=POLL | {"questions": [SINGLE, question]})
    assert refused.status_code == 422
    (error,) = refused.json()["errors"]
    assert (error["code"], error["pointer"]) == (code, pointer)


async def test_a_repeated_post_makes_one_poll(cabinet: Opened, editor: Author) -> None:
    made = [await editor.ok("POST", "", json=POLL, headers={"Idempotency-Key": "k1"}) for _ in range(2)]
    assert made[0]["poll_id"] == made[1]["poll_id"]
    assert len((await editor.ok("GET", "/written"))["items"]) == 1


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


async def test_authors_own_polls_are_taken_along(cabinet: Opened, settled: Person) -> None:
    await head_of(cabinet, settled).publish()
    archive = await exported(cabinet, settled)
    assert [one["title"] for one in json.loads(archive.read("polls-written.json"))] == ["О педсовете"]


async def test_a_poll_nobody_knows_is_not_there(cabinet: Opened, editor: Author, settled: Person) -> None:
    for path in ("", "/results", "/answers", "/results.csv", "/answers.csv"):
        assert (await editor.ask("GET", f"/{new_id()}{path}")).status_code == 404
    given = await post(cabinet, settled, str(new_id()), [], [])
    assert given.status_code == 404
