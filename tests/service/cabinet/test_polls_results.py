"""Results: hidden while the poll is open and of fewer than five, counted right, defused; names only where they were
announced."""

import csv
import io
from typing import Any
from uuid import UUID

import pytest
from cabinet.polls.actions.answers import MIXED, enclose
from cabinet.polls.store import polls
from chassis.testing.opened import Opened

from .polling import Author, answered, editor_of, head_of, teachers


@pytest.fixture
def editor(cabinet: Opened) -> Author:
    return editor_of(cabinet)


async def table(author: Author, path: str) -> list[list[str]]:
    got = await author.ask("GET", path)
    assert (got.status_code, got.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    return list(csv.reader(io.StringIO(got.text.removeprefix("\ufeff")), delimiter=";"))


@pytest.mark.parametrize("anonymous", [True, False])
async def test_results_are_counted_question_by_question(cabinet: Opened, editor: Author, anonymous: bool) -> None:
    people = await teachers(cabinet, 8)
    poll_id = await editor.publish(anonymous=anonymous)
    said: list[tuple[Any, ...]] = [
        (0, [0, 1], 5, "=2+2"), (0, [1], 4, "Кофе"), (0, [1, 2], 4, "Тишины"), (1, [], 3, "  "), (1, [1], 4, "Мела"),
        (2, [0], None, "Досок"),
    ]  # fmt: skip
    for person, one in zip(people, said, strict=False):
        await answered(cabinet, person, poll_id, *one)
    await editor.close(poll_id)
    results = await editor.results(poll_id)
    assert (results["hidden"], results["answered"], results["asked"]) == (None, 6, 8)
    single, multiple, scale, text = results["questions"]
    assert [(one["count"], one["percent"]) for one in single["cells"]] == [(3, 50.0), (2, 33.3), (1, 16.7)]
    assert (multiple["answered"], [(one["label"], one["count"], one["percent"]) for one in multiple["cells"]]) == (
        5, [("Пн", 2, 40.0), ("Вт", 4, 80.0), ("Ср", 1, 20.0)],
    )  # fmt: skip
    assert (scale["answered"], scale["mean"]) == (5, 4.0)
    assert [(one["label"], one["count"]) for one in scale["cells"]] == [
        ("1 — Плохо", 0), ("2", 0), ("3", 1), ("4", 3), ("5 — Отлично", 1),
    ]  # fmt: skip
    assert sorted(text["texts"]) == sorted(["=2+2", "Кофе", "Тишины", "Мела", "Досок"])
    lines = await table(editor, f"/{poll_id}/results.csv")
    assert lines[0] == ["О педсовете"]
    assert ["Где провести педсовет?", "В актовом зале", "3", "50,0"] in lines
    assert ["Чего не хватает?", "'=2+2", "", ""] in lines, "no spreadsheet computes what a person has typed"


async def test_four_answers_stay_hidden_and_five_are_shown(cabinet: Opened, editor: Author) -> None:
    people = await teachers(cabinet, 5)
    for count in (4, 5):
        poll_id = await editor.publish()
        for person in people[:count]:
            await answered(cabinet, person, poll_id, 0, None, None, "Тайное слово")
        await editor.close(poll_id)
        results = await editor.results(poll_id)
        file = (await editor.ask("GET", f"/{poll_id}/results.csv")).text
        assert (results["hidden"], results["answered"], results["least"]) == ("few" if count == 4 else None, count, 5)
        assert ("Тайное слово" in str(results), "Тайное слово" in file) == (count == 5, count == 5)
        assert ("cells" in str(results["questions"]), "100,0" in file) == (count == 5, count == 5)


async def test_a_question_that_few_have_answered_stays_hidden_alone(cabinet: Opened, editor: Author) -> None:
    people = await teachers(cabinet, 6)
    poll_id = await editor.publish()
    for number, person in enumerate(people):
        await answered(cabinet, person, poll_id, 0, [0] if number < 5 else None, None, "Слово" if number < 4 else None)
    await editor.close(poll_id)
    single, multiple, scale, text = (await editor.results(poll_id))["questions"]
    assert [one["hidden"] for one in (single, multiple, scale, text)] == [False, False, True, True]
    assert (text["texts"], text["answered"], scale["cells"]) == ([], None, [])
    file = await table(editor, f"/{poll_id}/results.csv")
    assert "Слово" not in str(file)
    assert ["Чего не хватает?", "Скрыто: меньше 5 ответов"] in file


async def test_who_was_asked_sees_results_only_if_the_poll_shares_them_and_no_texts(cabinet: Opened) -> None:
    people = await teachers(cabinet, 5)
    head = head_of(cabinet, people[0])
    for shares in (False, True):
        poll_id = await head.publish(shares_results=shares)
        for person in people:
            await answered(cabinet, person, poll_id, 0, None, None, "Тайное слово")
        path, reader = f"/cabinet/polls/{poll_id}/results", people[1].headers(cabinet)
        early = await cabinet.http.get(path, headers=reader)
        assert early.status_code == (409 if shares else 404)
        await head.close(poll_id)
        got = await cabinet.http.get(path, headers=reader)
        assert got.status_code == (200 if shares else 404)
        if shares:
            assert got.json()["questions"][0]["cells"][0]["count"] == 5
        assert "Тайное слово" not in got.text
        assert (await cabinet.http.get(f"{path}.csv", headers=reader)).status_code == 403
        assert "Тайное слово" in str(await head.results(poll_id))


async def test_names_are_listed_of_a_closed_poll_by_name_and_of_no_other(cabinet: Opened) -> None:
    people = await teachers(cabinet, 2)
    head = head_of(cabinet, people[0])
    by_name, secret = await head.publish(anonymous=False), await head.publish()
    for poll_id in (by_name, secret):
        for person in people:
            await answered(cabinet, person, poll_id, 0, [0, 2], 5, "+7 слово")
    for poll_id, code in ((by_name, "poll-open"), (secret, "poll-anonymous")):
        for path in ("/answers", "/answers.csv"):
            refused = await head.ask("GET", f"/{poll_id}{path}")
            assert (refused.status_code, refused.json()["code"]) == (409, code)
        await head.close(poll_id)
    assert (await head.ask("GET", f"/{secret}/answers")).status_code == 409
    listed = (await head.ok("GET", f"/{by_name}/answers"))["items"]
    assert {one["name"] for one in listed} == {"Учитель0 Алла Львовна", "Учитель1 Алла Львовна"}
    lines = await table(head, f"/{by_name}/answers.csv")
    assert lines[1][1:] == ["Учитель математики", "Школа № 1", "В актовом зале", "Пн; Ср", "5 — Отлично", "'+7 слово"]
    teacher = Author(cabinet, account_id=people[1].account_id, category="employee", school_id=people[1].school_id)
    assert (await teacher.ask("GET", f"/{by_name}/answers")).status_code == 403


async def test_envelopes_are_opened_by_the_hundred_or_all_at_once(cabinet: Opened, editor: Author) -> None:
    (person,) = await teachers(cabinet, 1)
    poll_id = await editor.publish()
    await answered(cabinet, person, poll_id, 1)
    pool = cabinet.runtime.database.pool
    async with cabinet.runtime.database.transaction() as tx:
        poll = await polls.poll(tx, UUID(poll_id))
        assert poll
        for _ in range(2 * MIXED + 49):
            await enclose(tx, poll, {str(poll.draft.questions[0].question_id): [0]})
    await editor.ok("POST", f"/{poll_id}/close")
    assert (await editor.results(poll_id))["hidden"] == "counting"
    await cabinet.run_loops()
    batches = await pool.fetch("SELECT count(*) FROM poll_ballot GROUP BY xmin::text ORDER BY 1")
    assert [row["count"] for row in batches] == [MIXED, MIXED + 50]
    assert (await editor.results(poll_id))["questions"][0]["cells"][0]["count"] == 2 * MIXED + 49
