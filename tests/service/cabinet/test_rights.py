"""Who may do what: every role, every object, every verb, two schools. The table says it, and every route obeys."""

import re
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from typing import Any
from urllib.parse import urlencode

import pytest
from cabinet.rights import RIGHTS
from cabinet.routes import router
from chassis.auth import Principal
from chassis.db import new_id, utc_now
from chassis.errors import AppError
from chassis.testing.opened import Opened
from fastapi import FastAPI

from .centre import EXAM, Centre, file, line, ogrn
from .conftest import Person, proven
from .contests import TEXT, Board, entry
from .library import CARD, Library
from .people import put, settle
from .polling import POLL
from .test_diary_routes import ROUTES as DIARY
from .test_online_routes import ROUTES as ONLINE
from .uploads import uploaded

ROLES = ("head", "employee", "editor", "registrar", "support", "security", "admin")
OURS, THEIRS, ME, OTHER = new_id(), new_id(), new_id(), new_id()


def principal(role: str) -> Principal:
    is_person = role in ("head", "employee")
    claims: dict[str, Any] = {"category": role if is_person else None, "school_id": OURS if is_person else None}
    roles = frozenset() if is_person else frozenset({role})
    return Principal(account_id=ME, sid=new_id(), epoch=1, scope="full", staff_id=None, roles=roles, **claims)


# One line a reach: answers for the own thing at the own school, at another; for another's at the own school, at another
@pytest.mark.parametrize(
    ("role", "verb", "thing", "answers"),
    [
        ("editor", "write", "document", (200, 200, 200, 200)),
        ("head", "write", "class", (200, 404, 200, 404)),
        ("employee", "write", "mark", (200, 200, 404, 404)),
        ("editor", "read", "exam-result", (403, 403, 403, 403)),
        ("registrar", "read", "document", (403, 403, 403, 403)),
        ("nobody known", "read", "document", (403, 403, 403, 403)),
    ],
)
def test_the_table_reaches_as_far_as_it_says(role: str, verb: str, thing: str, answers: tuple[int, ...]) -> None:
    for (account_id, school_id), expected in zip(product((ME, OTHER), (OURS, THEIRS)), answers, strict=True):
        try:
            RIGHTS.require(principal(role), verb, thing, account_id=account_id, school_id=school_id)
            status = 200
        except AppError as refused:
            status = refused.status
        assert status == expected, (account_id, school_id)


@dataclass
class Stage:
    """Two schools, each with a head and a teacher; operators; a thing of each kind, of the first school or the city."""

    it: Opened
    ids: dict[str, Any]
    who: dict[str, dict[str, str]]


CALLERS = ("head", "teacher", "other head", "other teacher", *ROLES[2:])
NEWS = {"title": "Новость", "body": "Текст"}
SOON = {"publish_at": (utc_now() + timedelta(days=1)).isoformat()}
VERSION = {"in_force_from": "2026-12-01"}
WHY = {"reason": "Не тот предмет"}
CONTEST = TEXT | {"opens_at": utc_now().isoformat(), "closes_at": SOON["publish_at"]}
RESULTS = file(line(ogrn(1), "a-01", 85))
TOLD = {"results": [{"result_id": "{result}", "version": 1}]}
# method, path, body -> who gets through (others: 403, or 404 where it is said after the slash)
ROUTES: list[tuple[str, str, Any, dict[str, int]]] = [
    ("GET", "/inbox", None, {"head": 200, "teacher": 200, "other head": 200, "other teacher": 200}),
    (
        "POST", "/inbox/{notice}/read", None,
        {"teacher": 204, "head": 404, "other head": 404, "other teacher": 404},
    ),
    ("POST", "/inbox/read-all", None, {"head": 204, "teacher": 204, "other head": 204, "other teacher": 204}),
    ("GET", "/news", None, {"head": 200, "teacher": 200, "other head": 200, "other teacher": 200}),
    ("POST", "/news", NEWS, {"head": 201, "other head": 201, "editor": 201}),
    ("GET", "/news/written", None, {"head": 200, "other head": 200, "editor": 200}),
    ("GET", "/news/{news}", None, {"head": 200, "teacher": 200, "other head": 404, "other teacher": 404}),
    ("GET", "/news/written/{news}", None, {"head": 200, "other head": 404, "editor": 404}),
    ("GET", "/news/written/{news}/counts", None, {"head": 200, "other head": 404, "editor": 404}),
    ("PUT", "/news/{news}", NEWS, {"head": 200, "other head": 404, "editor": 404}),
    ("POST", "/news/{news}/publish", None, {"head": 409, "other head": 404, "editor": 404}),
    ("POST", "/news/{news}/withdraw", None, {"head": 409, "other head": 404, "editor": 404}),
    ("POST", "/news/{news}/schedule", SOON, {"head": 409, "other head": 404, "editor": 404}),
    ("POST", "/news/{news}/archive", None, {"head": 200, "other head": 404, "editor": 404}),
    ("GET", "/documents", None, dict.fromkeys(CALLERS[:5], 200)),
    ("GET", "/documents/{document}", None, dict.fromkeys(CALLERS[:5], 200)),
    ("GET", "/documents/{document}/versions", None, dict.fromkeys(CALLERS[:5], 200)),
    ("GET", "/documents/{document}/versions/1/file", None, dict.fromkeys(CALLERS[:5], 200)),
    ("GET", "/documents/{document}/versions/1/text", None, dict.fromkeys(CALLERS[:5], 200)),
    ("GET", "/documents/drafts", None, {"editor": 200}),
    ("GET", "/documents/{document}/card", None, {"editor": 200}),
    ("POST", "/documents", CARD, {"editor": 201}),
    ("PUT", "/documents/{document}", CARD, {"editor": 200}),
    ("POST", "/documents/{document}/versions", VERSION, {"editor": 201}),
    ("POST", "/documents/{document}/versions/1/publish", None, {"editor": 409}),
    ("POST", "/documents/{document}/acknowledgement", {"version": 1}, dict.fromkeys(CALLERS[:4], 200)),
    ("GET", "/documents/{document}/acknowledgements", None, {"head": 200, "other head": 200, "editor": 422}),
    (
        "GET", "/documents/{document}/acknowledgements?school_id={school}", None,
        {"head": 200, "other head": 404, "editor": 200},
    ),
    (
        "GET", "/documents/{document}/acknowledgements/sheet?school_id={school}", None,
        {"head": 200, "other head": 404, "editor": 200},
    ),
    ("GET", "/documents/{document}/acknowledgements/counts", None, {"editor": 200}),
    ("GET", "/polls", None, dict.fromkeys(CALLERS[:4], 200)),
    ("POST", "/polls", POLL, {"head": 201, "other head": 201, "editor": 201}),
    ("GET", "/polls/written", None, {"head": 200, "other head": 200, "editor": 200}),
    (
        "GET", "/polls/{poll}", None,
        {"head": 200, "teacher": 200, "other head": 404, "other teacher": 404, "editor": 404},
    ),
    ("PATCH", "/polls/{poll}", {"title": "Иначе"}, {"head": 200, "other head": 404, "editor": 404}),
    ("DELETE", "/polls/{poll}", None, {"head": 409, "other head": 404, "editor": 404}),
    ("POST", "/polls/{poll}/publish", None, {"head": 409, "other head": 404, "editor": 404}),
    ("POST", "/polls/{poll}/close", None, {"head": 200, "other head": 404, "editor": 404}),
    (
        "POST", "/polls/{poll}/answers", {"answers": {}},
        {"head": 422, "teacher": 422, "other head": 404, "other teacher": 404},
    ),
    ("GET", "/polls/{poll}/answers", None, {"head": 409, "other head": 404, "editor": 404}),
    ("GET", "/polls/{poll}/answers.csv", None, {"head": 409, "other head": 404, "editor": 404}),
    (
        "GET", "/polls/{poll}/results", None,
        {"head": 409, "teacher": 404, "other head": 404, "other teacher": 404, "editor": 404},
    ),
    ("GET", "/polls/{poll}/results.csv", None, {"head": 409, "other head": 404, "editor": 404}),
    ("GET", "/contests", None, dict.fromkeys(CALLERS[:4], 200)),
    ("GET", "/contests/{contest}", None, dict.fromkeys(CALLERS[:4], 200)),
    ("GET", "/contests/{contest}/files/{file}", None, dict.fromkeys(CALLERS[:5], 200)),
    ("GET", "/contests/written", None, {"head": 200, "other head": 200, "editor": 200}),
    ("GET", "/contests/written/{contest}", None, {"head": 404, "other head": 404, "editor": 200}),
    ("POST", "/contests", CONTEST, {"head": 201, "other head": 201, "editor": 201}),
    ("PUT", "/contests/{contest}", CONTEST, {"head": 404, "other head": 404, "editor": 200}),
    ("DELETE", "/contests/{contest}", None, {"head": 404, "other head": 404, "editor": 409}),
    ("POST", "/contests/{contest}/announce", None, {"head": 404, "other head": 404, "editor": 409}),
    ("POST", "/contests/{contest}/close", None, {"head": 404, "other head": 404, "editor": 200}),
    ("POST", "/contests/{contest}/cancel", WHY, {"head": 404, "other head": 404, "editor": 200}),
    ("POST", "/contests/{contest}/entries", {}, {"head": 201, "other head": 201, "other teacher": 201, "teacher": 409}),
    ("GET", "/contests/{contest}/entries", None, {"head": 200, "other head": 200, "editor": 200}),
    ("GET", "/contests/{contest}/entries.csv", None, {"head": 200, "other head": 200, "editor": 200}),
    ("GET", "/contests/entries", None, {"head": 200, "other head": 200, "editor": 200}),
    ("POST", "/contests/entries/{entry}/approve", None, {"head": 409, "other head": 404, "editor": 409}),
    ("POST", "/contests/entries/{entry}/reject", WHY, {"head": 409, "other head": 404, "editor": 409}),
    (
        "POST", "/contests/entries/{entry}/withdraw", None,
        {"teacher": 409, "head": 404, "other head": 404, "other teacher": 404},
    ),
    ("POST", "/exam-batches", RESULTS, {"editor": 202}),
    ("GET", "/exam-batches", None, {"editor": 200}),
    ("GET", "/exam-batches/dictionary", None, {"editor": 200}),
    ("GET", "/exam-batches/{batch}", None, {"editor": 200}),
    ("GET", "/exam-batches/{batch}/rows", None, {"editor": 200}),
    ("GET", "/exam-batches/{batch}/report", None, {"editor": 200}),
    ("POST", "/exam-batches/{batch}/cancel", None, {"editor": 409}),
    ("POST", "/exam-batches/{batch}/apply", None, {"editor": 409}),
    ("GET", "/exam-results", None, {"head": 200, "teacher": 404, "other head": 200, "other teacher": 404}),
    ("GET", "/exam-results/sets", None, {"head": 200, "teacher": 404, "other head": 200, "other teacher": 404}),
    (
        "GET", f"/exam-results/summary?{urlencode(EXAM)}", None,
        {"head": 200, "teacher": 404, "other head": 404, "other teacher": 404},
    ),
    ("GET", "/exam-results.csv", None, {"head": 200, "teacher": 404, "other head": 200, "other teacher": 404}),
    (
        "GET", "/exam-results/{result}/versions", None,
        {"head": 200, "teacher": 404, "other head": 404, "other teacher": 404},
    ),
    (
        "POST", "/exam-results/familiarisations", TOLD,
        {"head": 200, "teacher": 404, "other head": 404, "other teacher": 404},
    ),
    ("GET", "/export", None, dict.fromkeys(CALLERS[:4], 200)),
    ("POST", "/files", b"x", dict.fromkeys(CALLERS[:5], 201)),
]  # fmt: skip


@pytest.fixture
async def stage(cabinet: Opened) -> Stage:
    who = {}
    ours, theirs = Person(), Person()
    for name, school in (("", ours), ("other ", theirs)):
        teacher = await settle(cabinet, school)
        head = await settle(cabinet, Person(school_id=school.school_id, last_name="Директор"))
        who[f"{name}teacher"] = teacher.headers(cabinet)
        who[f"{name}head"] = Library(cabinet).head(head)
    who |= {role: cabinet.signed_in(roles=[role]) for role in ROLES[2:]}
    who = {name: proven(cabinet, headers) for name, headers in who.items()}
    about = await put(cabinet, [ours.account_id])
    notice = await cabinet.runtime.database.pool.fetchval("SELECT notice_id FROM notice WHERE about = $1", about)
    written = await cabinet.http.post("/cabinet/news", json=NEWS, headers=who["head"])
    news = written.json()["news_id"]
    await cabinet.http.post(f"/cabinet/news/{news}/publish", headers=who["head"] | {"If-Match": "*"})
    document = await Library(cabinet).mandatory()
    poll = (await cabinet.http.post("/cabinet/polls", json=POLL, headers=who["head"])).json()["poll_id"]
    await cabinet.http.post(f"/cabinet/polls/{poll}/publish", headers=who["head"] | {"If-Match": "*"})
    ids = {"notice": notice, "news": news, "document": document, "poll": poll, "school": ours.school_id}
    return Stage(cabinet, ids | await contest(cabinet, ours) | await published(cabinet, ours), who)


async def contest(it: Opened, entrant: Person) -> dict[str, str]:
    """One of the department with a file, and an entry that has been rejected."""
    board = Board(it)
    file_id = await uploaded(it, board.headers, b"x")
    contest_id = await board.announce(needs_approval=True, files=[file_id])
    entry_id = await entry(it, contest_id, entrant)
    await board.decide(entry_id, "reject", "Не тот предмет")
    return {"contest": contest_id, "file": file_id, "entry": entry_id}


async def published(it: Opened, person: Person) -> dict[str, Any]:
    """Results of the person's school alone."""
    pool = it.runtime.database.pool
    await pool.execute("UPDATE school SET ogrn = $2 WHERE school_id = $1", person.school_id, ogrn(1))
    batch = await Centre(it).bring(RESULTS)
    return {"batch": batch["batch_id"], "result": await pool.fetchval("SELECT result_id FROM exam_result")}


async def ask(stage: Stage, caller: str, method: str, path: str, body: Any) -> int:
    headers = stage.who.get(caller, {}) | {"If-Match": "*"}
    options: dict[str, Any] = {"json": body} if body is not None else {}
    if body is TOLD:
        options = {"json": {"results": [{"result_id": str(stage.ids["result"]), "version": 1}]}}
    if body is RESULTS:
        options = {"files": {"file": ("результаты.csv", RESULTS)}, "data": EXAM}
    elif isinstance(body, bytes):
        options = {"files": {"file": ("файл.txt", body)}}
    if body is VERSION:
        file_id = await uploaded(stage.it, stage.who["editor"], b"x") if caller == "editor" else str(new_id())
        options = {"json": VERSION | {"file_id": file_id}}
    answer = await stage.it.http.request(method, f"/cabinet{path.format(**stage.ids)}", headers=headers, **options)
    return answer.status_code


@pytest.mark.parametrize(("method", "path", "body", "allowed"), ROUTES, ids=[f"{one[0]} {one[1]}" for one in ROUTES])
async def test_every_route_obeys(stage: Stage, method: str, path: str, body: Any, allowed: dict[str, int]) -> None:
    assert await ask(stage, "nobody", method, path, body) == 401
    refused = [caller for caller in CALLERS if allowed.get(caller, 403) >= 400]
    for caller in [*refused, *allowed]:  # who may, may change what the others ask for
        expected = allowed.get(caller, 403)
        assert await ask(stage, caller, method, path, body) == expected, caller


ELSEWHERE = {"/workplace", "/inbox/stream", "/news/public", "/news/public/{}"}  # their own tests say who may


def test_no_route_is_left_out() -> None:
    def plain(path: str) -> str:
        return re.sub(r"/1(?=/|$)", "/{}", re.sub(r"\{\w+\}", "{}", path.partition("?")[0]))

    api = FastAPI()
    api.include_router(router)
    known = {(method.upper(), plain(path)) for path, methods in api.openapi()["paths"].items() for method in methods}
    tried = {(method, plain(path)) for method, path, *_ in [*ROUTES, *DIARY, *ONLINE]}
    assert {one for one in known if one[1] not in ELSEWHERE} == tried
