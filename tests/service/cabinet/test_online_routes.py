"""Every route of online learning and everybody who may call it: six people of two schools, operators, strangers."""

from typing import Any

import pytest
from chassis.testing.opened import Opened

from .online import FIRST, LINK, Online, code_of, opened_online
from .school import Member
from .test_diary_routes import OPERATORS, PEOPLE, filled
from .uploads import uploaded

# What people are answered, in their order. The lesson is of the first four's school.
READ = (200, 200, 200, 404, 404, 404)
GIVEN = (404, 200, 404, 404, 404, 404)
STAFF = (200,) * 6

FORM = {"title": "Ещё", "subject_id": "{subject_id}", "class_ids": ["{class_id}"], "starts": "{later}",
        "ends": "{end}", "link": LINK}  # fmt: skip
TASK = {"title": "№ 8", "due": "{end}"}
SEEN = {"pupils": [{"pupil_id": "{pupil}", "is_present": True}]}


def becomes(status: int, answers: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(status if one == 200 else one for one in answers)


ONE = "/online-lessons/{lesson}"
# method, path, body -> what each is answered; or, who needs no account, what everybody is
ROUTES: list[tuple[str, str, Any, tuple[int, ...] | int]] = [
    ("GET", "/online-lessons?week={week}", None, STAFF),
    ("POST", "/online-lessons", FORM, becomes(201, GIVEN)),
    ("GET", ONE, None, READ),
    ("PATCH", ONE, {"title": "Иначе"}, GIVEN),
    ("POST", ONE + "/start", {}, GIVEN),
    ("POST", ONE + "/finish", {}, becomes(409, GIVEN)),
    ("POST", ONE + "/cancel", {"reason": "болезнь"}, GIVEN),
    ("POST", ONE + "/codes/{class_id}", {}, GIVEN),
    ("POST", ONE + "/materials", {"url": "https://resh.edu.ru"}, becomes(201, GIVEN)),
    ("GET", ONE + "/materials/{material}/file", None, READ),
    ("DELETE", ONE + "/materials/{material}", None, becomes(204, GIVEN)),
    ("POST", ONE + "/assignments", TASK, becomes(201, GIVEN)),
    ("PUT", ONE + "/assignments/{task}", TASK, GIVEN),
    ("DELETE", ONE + "/assignments/{task}", None, becomes(409, GIVEN)),
    ("GET", ONE + "/attendance", None, READ),
    ("PUT", ONE + "/attendance", SEEN, GIVEN),
    ("GET", ONE + "/hand-ins", None, READ),
    ("PATCH", ONE + "/hand-ins/{work}", {"pupil_id": None}, GIVEN),
    ("DELETE", ONE + "/hand-ins/{work}", None, becomes(204, GIVEN)),
    ("PUT", ONE + "/hand-ins/{work}/grade", {"version": 0, "mark": 5}, GIVEN),
    ("GET", "/join/{code}", None, 200),
    ("GET", "/join/{code}/materials/{material}/file", None, 200),
    ("POST", "/join/{code}/hand-ins", {"assignment_id": "{task}", **FIRST, "text": "x"}, 201),
]


@pytest.fixture
async def stage(cabinet: Opened) -> tuple[Online, dict[str, Member]]:
    ours, other = await opened_online(cabinet), await opened_online(cabinet)
    school, theirs = ours.school, other.school
    colleague = await school.hire("Иная")
    members = (school.head, school.teacher, school.leader, colleague, theirs.head, theirs.teacher)
    return ours, dict(zip(PEOPLE, members, strict=True))


async def things(online: Online) -> dict[str, str]:
    """A lesson that can begin, with a file, a task and a piece of work."""
    lesson = await online.plan(1, 2)
    online.wait(1)
    teacher, task = online.school.teacher, await online.assignment(lesson)
    file_id = await uploaded(online.it, teacher.headers, b"x")
    materials: Any = await teacher.made(f"/online-lessons/{lesson['lesson_id']}/materials", file_id=file_id)
    await online.hand_in(code_of(lesson), task)
    (work,) = await online.works(lesson)
    of = {"lesson": lesson["lesson_id"], "material": materials[0]["material_id"], "task": task, "work": work["work_id"]}
    times = {"later": online.at(5), "end": online.at(6), "week": online.moment(0).strftime("%G-W%V")}
    return online.school.teaching | of | times | {"code": code_of(lesson), "pupil": online.school.pupils["Волков"]}


@pytest.mark.parametrize(("method", "path", "body", "answers"), ROUTES, ids=[f"{one[0]} {one[1]}" for one in ROUTES])
async def test_every_route_obeys(
    stage: tuple[Online, dict[str, Member]], method: str, path: str, body: Any, answers: tuple[int, ...] | int
) -> None:
    online, people = stage
    ids = await things(online)
    http, match, there = online.it.http, {"If-Match": "*"}, path.format(**ids)
    sent = {} if body is None else {"json": filled(body, ids)}
    strangers = {one: online.it.signed_in(roles=[one]) for one in OPERATORS} | {"nobody": {}}
    for name, headers in strangers.items():
        answer = await http.request(method, f"/cabinet{there}", headers=headers | match, **sent)
        refused = 401 if name == "nobody" else 403
        assert answer.status_code == (answers if isinstance(answers, int) else refused), name
    if isinstance(answers, int):
        return
    expected = dict(zip(PEOPLE, answers, strict=True))
    for person in sorted(PEOPLE, key=lambda one: expected[one] == 404, reverse=True):  # who may, may change it
        answer = await people[person].call(method, there, headers=match, **sent)
        assert answer.status_code == expected[person], (person, answer.text)
