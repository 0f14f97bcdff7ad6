"""Wrong and hostile values in every field of every form of the newer sections: a 4xx that names it, never a 5xx."""

from copy import deepcopy
from typing import Any

import pytest
from chassis.testing.opened import Opened

from .conftest import Person
from .library import CARD, Library
from .online import FIRST, code_of, opened_online
from .polling import MULTIPLE, POLL, editor_of
from .uploads import uploaded

HOSTILE: list[Any] = [
    None, "", " ", 0, -1, 10**30, True, [], {}, [None], ["x"] * 2000, "\u0000", "a\r\nb: c", "\u202eлево", "\ud800",
    "Ж" * 20_000, "'; DROP TABLE news; --", "<script>alert(1)</script>", "{{7*7}}", "0001-01-01", "9999-12-31",
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2026-02-30", 1e308, "NaN", {"posts": "x"},
    {"school_ids": ["x"]}, {"districts": ["\u0000"]}, {"categories": ["head", "head", "head"]},
]  # fmt: skip
NEWS = {"title": "Т", "body": "Т", "audience": {}, "pinned": False}
WHOLE_CARD: dict[str, Any] = CARD | {"specialties": [], "audience": {}, "supersedes": None}
WHOLE_QUESTION: dict[str, Any] = MULTIPLE | {"scale": None}
WHOLE_POLL: dict[str, Any] = POLL | {
    "intro": "", "audience": {}, "anonymous": True, "shares_results": False, "closes_at": None,
}  # fmt: skip
VERSION = {
    "in_force_from": "2026-12-01",
    "in_force_to": None,
    "is_material": True,
    "is_mandatory": True,
    "acknowledge_by": None,
    "note": "",
}


async def spoil(
    it: Opened, headers: dict[str, str], path: str, body: dict[str, Any], field: str, *, method: str = "POST"
) -> None:
    for value in HOSTILE:
        spoiled = deepcopy(body) | {field: value}
        try:
            answer = await it.http.request(method, path, json=spoiled, headers=headers | {"If-Match": "*"})
        except UnicodeEncodeError:
            continue  # no client can send it
        assert answer.status_code < 500, (field, value, answer.text)
        if not answer.is_success:
            assert answer.json()["code"], (field, value)
            assert answer.json()["title"], (field, value)


@pytest.mark.parametrize("field", NEWS)
async def test_news(cabinet: Opened, field: str) -> None:
    await spoil(cabinet, cabinet.signed_in(roles=["editor"]), "/cabinet/news", NEWS, field)


async def test_schedules(cabinet: Opened) -> None:
    editor = cabinet.signed_in(roles=["editor"])
    news = (await cabinet.http.post("/cabinet/news", json=NEWS, headers=editor)).json()["news_id"]
    await spoil(cabinet, editor, f"/cabinet/news/{news}/schedule", {}, "publish_at")


@pytest.mark.parametrize("field", WHOLE_CARD)
async def test_cards(cabinet: Opened, field: str) -> None:
    await spoil(cabinet, cabinet.signed_in(roles=["editor"]), "/cabinet/documents", WHOLE_CARD, field)


@pytest.mark.parametrize("field", VERSION)
async def test_versions(cabinet: Opened, field: str) -> None:
    library = Library(cabinet)
    path = f"/cabinet/documents/{await library.write()}/versions"
    for _ in range(2):  # whatever is drafted is published, too
        body = VERSION | {"acknowledge_by": library.ahead(5), "file_id": await uploaded(cabinet, library.headers, b"x")}
        await spoil(cabinet, library.headers, path, body, field)


@pytest.mark.parametrize("part", ["lesson", "patch", "cancel", "material", "assignment", "attendance", "grade", "work"])
async def test_online_lessons(cabinet: Opened, part: str) -> None:
    online = await opened_online(cabinet)
    lesson = await online.live()
    task = await online.assignment(lesson)
    await online.hand_in(code_of(lesson), task)
    (work,) = await online.works(lesson)
    there = f"/cabinet/online-lessons/{lesson['lesson_id']}"
    hand_in = f"{there}/hand-ins/{work['work_id']}"
    method, path, body = {
        "lesson": ("POST", "/cabinet/online-lessons", online.form(2, 3)),
        "patch": ("PATCH", there, {"title": "Т", "starts": online.at(2), "ends": online.at(3), "link": None}),
        "cancel": ("POST", f"{there}/cancel", {"reason": "Т"}),
        "material": ("POST", f"{there}/materials", {"title": "Т", "url": "https://a.ru", "file_id": None}),
        "assignment": ("POST", f"{there}/assignments", {"title": "Т", "text": "Т", "due": online.at(3)}),
        "attendance": ("PUT", f"{there}/attendance", {"pupils": []}),
        "grade": ("PUT", f"{hand_in}/grade", {"version": 0, "mark": 5, "credit": None, "weight": 1, "comment": None,
                                              "lesson_id": None, "reason": None}),
        "work": ("POST", f"/cabinet/join/{code_of(lesson)}/hand-ins",
                 {"assignment_id": task, **FIRST, "text": "x", "links": []}),
    }[part]  # fmt: skip
    for field in body:
        await spoil(cabinet, online.school.teacher.headers, path, body, field, method=method)


@pytest.mark.parametrize("moment", ["9999-12-31T23:59:59-12:00", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00"])
@pytest.mark.parametrize("day", ["1900-01-01", "2199-12-31"])
async def test_the_ends_of_time(cabinet: Opened, moment: str, day: str) -> None:
    library = Library(cabinet)
    older = await library.published()
    document_id = await library.write(supersedes=older, issued_on=day)
    drafted = await library.draft(document_id, is_mandatory=True, acknowledge_by=moment, in_force_from=day)
    assert drafted.status_code in (201, 422), drafted.text
    if drafted.status_code == 201:
        answer = await library.ask("POST", f"/{document_id}/versions/1/publish")
        assert answer.status_code in (200, 422), answer.text
    await cabinet.run_loops()


@pytest.mark.parametrize(
    "value", ["x", "W10", "Wzld", "W251bGwsbnVsbCxudWxsXQ", "Wy0xXQ", "Wzk5OTk5OTk5OTk5OTk5OTk5OTld", "%00"]
)
@pytest.mark.parametrize("path", ["news", "news/written", "inbox", "documents", "documents?q=x", "documents/drafts"])
async def test_cursors(cabinet: Opened, settled: Any, path: str, value: str) -> None:
    is_editors = path in ("news/written", "documents/drafts")
    headers = cabinet.signed_in(roles=["editor"]) if is_editors else settled.headers(cabinet)
    joint = "&" if "?" in path else "?"
    answer = await cabinet.http.get(f"/cabinet/{path}{joint}cursor={value}", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "cursor-malformed")


@pytest.mark.parametrize("field", WHOLE_POLL)
async def test_polls(cabinet: Opened, field: str) -> None:
    await spoil(cabinet, cabinet.signed_in(roles=["editor"]), "/cabinet/polls", WHOLE_POLL, field)


@pytest.mark.parametrize("field", WHOLE_QUESTION)
async def test_questions_of_polls(cabinet: Opened, field: str) -> None:
    editor = cabinet.signed_in(roles=["editor"])
    for value in HOSTILE:
        poll = POLL | {"questions": [WHOLE_QUESTION | {field: value}]}
        try:
            answer = await cabinet.http.post("/cabinet/polls", json=poll, headers=editor)
        except UnicodeEncodeError:
            continue
        assert answer.status_code < 500, (field, value, answer.text)


async def test_answers_to_polls(cabinet: Opened, settled: Person) -> None:
    editor = editor_of(cabinet)
    poll_id = await editor.publish()
    asked = [one["question_id"] for one in (await editor.ok("GET", f"/{poll_id}"))["questions"]]
    path, headers = f"/cabinet/polls/{poll_id}/answers", settled.headers(cabinet)
    for question_id in asked:
        await spoil(cabinet, headers, path, {"answers": {asked[0]: 7}}, "answers")
        for value in [one for one in HOSTILE if one != 0]:  # no. 0 is an option
            try:
                answer = await cabinet.http.post(path, json={"answers": {question_id: value}}, headers=headers)
            except UnicodeEncodeError:
                continue
            assert answer.status_code < 500, (question_id, value, answer.text)
            assert answer.status_code == 422, (question_id, value, answer.text)
