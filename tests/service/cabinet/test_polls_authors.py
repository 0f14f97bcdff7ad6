"""Authors of polls: what they write, when it may be changed, when it closes, whom it reminds."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from cabinet.notices.domain import CITY
from cabinet.polls.actions.answers import answer_poll
from cabinet.polls.actions.polls import edit_poll, poll_for_update
from chassis.db import new_id
from chassis.testing.opened import Opened
from ekis_contracts.cabinet import NoticeAddressed, PollClosed, PollPublished
from waiting import until

from .conftest import Person
from .people import inbox
from .polling import (
    MULTIPLE,
    POLL,
    SCALE,
    SINGLE,
    TEXT,
    Author,
    ahead,
    answered,
    editor_of,
    head_of,
    opened_poll,
    post,
    teachers,
)
from .test_export import exported


@pytest.fixture
def editor(cabinet: Opened) -> Author:
    return editor_of(cabinet)


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


async def at_a_lock(it: Opened, task: "asyncio.Task[Any]") -> None:
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"

    async def is_decided() -> bool:
        return task.done() or await it.runtime.database.pool.fetchval(waiting) > 0

    await until(is_decided, "one waits for the other")


async def test_an_edit_waits_for_an_answer_that_is_on_its_way(cabinet: Opened, editor: Author, settled: Person) -> None:
    poll_id = await editor.publish()
    question = (await opened_poll(cabinet, settled, poll_id))["questions"][0]
    async with cabinet.runtime.database.transaction() as tx:
        await answer_poll(tx, settled.account_id, UUID(poll_id), {UUID(question["question_id"]): 0}, None)
        edit = asyncio.create_task(editor.ask("PATCH", f"/{poll_id}", json={"title": "Иначе"}))
        await at_a_lock(cabinet, edit)
    assert ((await edit).status_code, (await edit).json()["code"]) == (409, "poll-text-frozen")


async def test_an_answer_waits_for_an_edit_and_then_no_longer_answers_what_was_asked(
    cabinet: Opened, editor: Author, settled: Person
) -> None:
    poll_id = await editor.publish()
    questions = (await opened_poll(cabinet, settled, poll_id))["questions"]
    async with cabinet.runtime.database.transaction() as tx:
        poll = await poll_for_update(tx, UUID(poll_id), CITY, new_id())
        await edit_poll(tx, poll, replace(poll.draft, title="Иначе"))
        given = asyncio.create_task(post(cabinet, settled, poll_id, questions, [0]))
        await at_a_lock(cabinet, given)
    assert ((await given).status_code, (await given).json()["code"]) == (422, "poll-question-unknown")


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


async def test_authors_own_polls_are_taken_along(cabinet: Opened, settled: Person) -> None:
    await head_of(cabinet, settled).publish()
    archive = await exported(cabinet, settled)
    assert [one["title"] for one in json.loads(archive.read("polls-written.json"))] == ["О педсовете"]
