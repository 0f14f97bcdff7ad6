"""Every route of the diary and everybody who may call it: six people of two schools, five kinds of operators."""

from typing import Any

import pytest
from chassis.testing.opened import Opened

from .school import Member, School, opened_school
from .test_diary_rights import SETUP, forms
from .uploads import uploaded

PEOPLE = ("head", "teacher", "leader", "colleague", "other head", "other teacher")
OPERATORS = ("editor", "registrar", "support", "security", "admin")  # 403 everywhere

# What people are answered, in their order. The school of all things is that of the first four.
READ = (200, 200, 200, 404, 404, 404)
TAUGHT = (404, 200, 404, 404, 404, 404)
LED = (200, 404, 200, 404, 404, 404)
HEADS_OF_THIS = (200, 403, 403, 403, 404, 403)
HEADS = (200, 403, 403, 403, 200, 403)
STAFF = (200,) * 6

OF = "class_id={class_id}&subject_id={subject_id}"
CELL = {"version": 0, "mark": 5}
GIVEN = {"marks": [CELL | {"pupil_id": "{pupil}"}]}
PLACE = {"class_id": "{class_id}", "subject_id": "{subject_id}"}
FINALS = PLACE | {"term_id": "{term}", "finals": [CELL | {"pupil_id": "{pupil}"}]}
PUPIL = {"last_name": "Новый", "first_name": "Иван"}


def made(answers: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(201 if status == 200 else status for status in answers)


def _of_setup(path: str) -> list[tuple[str, str, Any, tuple[int, ...]]]:
    """A list, a row in it, and what the head alone does to both; a leave is also for whom it is for."""
    elsewhere = 201 if path in ("terms", "classes", "subjects") else 422
    rows = (200, 200, 404, 404, 404, 404) if path == "leaves" else (200, 200, 200, 200, 404, 404)
    return [
        ("GET", f"/{path}", None, STAFF),
        ("POST", f"/{path}", path, (201, 403, 403, 403, elsewhere, 403)),
        ("GET", f"/{path}/{{row}}", path, rows),
        ("PATCH", f"/{path}/{{row}}", path, HEADS_OF_THIS),
        ("DELETE", f"/{path}/{{row}}", path, (204, 403, 403, 403, 404, 403)),
    ]


# method, path, body (or the name of a form) -> what each is answered
ROUTES: list[tuple[str, str, Any, tuple[int, ...]]] = [
    ("GET", f"/journal?{OF}&term_id={{term}}", None, READ),
    ("GET", f"/journal.html?{OF}&term_id={{term}}", None, READ),
    ("GET", "/pupils/{pupil}/diary?week={week}", None, READ),
    ("GET", "/today", None, STAFF),
    ("GET", f"/lessons?{OF}", None, READ),
    ("POST", "/lessons", PLACE | {"date": "{day}", "number": 2}, made(TAUGHT)),
    ("GET", "/lessons/{lesson}", None, READ),
    ("GET", "/lessons/{lesson}/files/{file}", None, READ),
    ("PATCH", "/lessons/{lesson}", {"topic": "Дроби"}, TAUGHT),
    ("DELETE", "/lessons/{lesson}", None, (404, 409, 404, 404, 404, 404)),
    ("GET", "/lessons/{lesson}/marks", None, READ),
    ("PUT", "/lessons/{lesson}/marks", GIVEN, TAUGHT),
    ("POST", "/lessons/{lesson}/marks", GIVEN, TAUGHT),
    ("PUT", "/pupils/{pupil}/marks", {"marks": [CELL | {"lesson_id": "{lesson}"}]}, TAUGHT),
    ("POST", "/lessons/{lesson}/marks/undo", {}, TAUGHT),
    ("GET", "/lessons/{lesson}/marks/{pupil}/history", None, READ),
    ("GET", f"/finals?{OF}&term_id={{term}}", None, READ),
    ("PUT", "/finals", FINALS, TAUGHT),
    ("GET", f"/finals/{{pupil}}/history?{OF}&term_id={{term}}", None, READ),
    ("GET", "/rules", None, STAFF),
    ("PUT", "/rules", {"rounding": "from-60"}, HEADS),
    ("GET", "/classes/{class_id}/pupils", None, READ),
    ("POST", "/classes/{class_id}/pupils", PUPIL, (201, 404, 409, 404, 404, 404)),  # after the head it is there already
    ("POST", "/classes/{class_id}/pupils/import", "Фамилия;Имя\nНовый;Иван\n".encode(), LED),
    ("PATCH", "/pupils/{pupil}", PUPIL, LED),
    ("POST", "/pupils/{pupil}/move", {"class_id": "{other_class}", "since": "{day}"}, HEADS_OF_THIS),
    ("POST", "/pupils/{pupil}/leave", {"until": "{day}"}, HEADS_OF_THIS),
    ("GET", "/teachers", None, STAFF),
    ("GET", "/rollover?year={year}", None, HEADS),
    ("POST", "/rollover", {"year": "{year}"}, HEADS),
    *(route for path in SETUP for route in _of_setup(path)),
]


def filled(body: Any, ids: dict[str, str]) -> Any:
    """With the ids of the things that are meant."""
    if isinstance(body, dict):
        return {key: filled(value, ids) for key, value in body.items()}
    if isinstance(body, list):
        return [filled(one, ids) for one in body]
    return body.format(**ids) if isinstance(body, str) else body


async def things(school: School) -> dict[str, str]:
    """A lesson with a file and a mark, and whatever else is asked for."""
    file_id = await uploaded(school.it, school.teacher.headers, "№ 5".encode())
    lesson_id = await school.lesson(files=[file_id])
    await school.give(lesson_id, school.cell("Волков", mark=5))
    more = {"week": school.week(), "day": str(school.day), "year": str(school.year), "term": school.term_id}
    other_class = await school.class_("6Б")
    return (
        school.teaching
        | more
        | {"lesson": lesson_id, "file": file_id, "pupil": school.pupils["Волков"], "other_class": other_class}
    )


@pytest.fixture
async def stage(cabinet: Opened) -> tuple[School, dict[str, Member]]:
    school, other = await opened_school(cabinet), await opened_school(cabinet)
    colleague = await school.hire("Иная")
    members = (school.head, school.teacher, school.leader, colleague, other.head, other.teacher)
    return school, dict(zip(PEOPLE, members, strict=True))


async def asked(school: School, method: str, path: str, body: Any) -> tuple[str, dict[str, Any]]:
    """The path and what is sent; a row that the path means is made first."""
    ids = await things(school)
    if (method, path) == ("POST", "/rollover"):
        school.to_its_end()
    if isinstance(body, bytes):
        return path.format(**ids), {"files": {"file": ("класс.csv", body)}}
    if isinstance(body, str):
        form = forms(school)[body]
        if "{row}" in path:
            row = await school.head.made(f"/{body}", **form)
            ids["row"] = next(value for key, value in row.items() if key.endswith("_id"))
        body = form if method == "POST" else {} if method == "PATCH" else None
    return path.format(**ids), {} if body is None else {"json": filled(body, ids)}


@pytest.mark.parametrize(("method", "path", "body", "answers"), ROUTES, ids=[f"{one[0]} {one[1]}" for one in ROUTES])
async def test_every_route_obeys(
    stage: tuple[School, dict[str, Member]], method: str, path: str, body: Any, answers: tuple[int, ...]
) -> None:
    school, people = stage
    there, sent = await asked(school, method, path, body)
    http, match = school.it.http, {"If-Match": "*"}
    for operator in OPERATORS:
        headers = school.it.signed_in(roles=[operator]) | match
        assert (await http.request(method, f"/cabinet{there}", headers=headers, **sent)).status_code == 403, operator
    assert (await http.request(method, f"/cabinet{there}", headers=match, **sent)).status_code == 401
    expected = dict(zip(PEOPLE, answers, strict=True))
    # who may, may change what the others ask for
    for person in sorted(PEOPLE, key=lambda one: expected[one] not in (403, 404)):
        answer = await people[person].call(method, there, headers=match, **sent)
        assert answer.status_code == expected[person], (person, answer.text)
