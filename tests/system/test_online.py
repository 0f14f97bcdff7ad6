"""An online lesson on the real stack, through the gateway: a teacher gives it, a pupil without an account hands in, the
mark is in the diary; the head reads, another teacher and a stranger find nothing."""

from datetime import UTC, datetime, timedelta
from typing import Any

from classroom import opened_class
from live import Live
from story import Person, School, Session

LINK = "https://telemost.yandex.ru/j/42"
RULE = "Правило сложения дробей. ".encode() * 40_000
PUPIL = {"last_name": "Соловьев", "first_name": "Пётр"}


async def staff(live: Live) -> tuple[School, Session, Session, Session]:
    """A school with its head, a teacher and a colleague, all in open cabinets."""
    head, teacher, colleague = Person("Главная"), Person("Числова"), Person("Иная")
    school = await live.story.register(head)
    sessions = [(await live.story.settled_in(head, school, "head"))[1]]
    for person in (teacher, colleague):
        await live.story.enrol(school, person)
        sessions.append((await live.story.settled_in(person, school))[1])
    for session in sessions:
        await live.story.workplace(session)
    return school, sessions[0], sessions[1], sessions[2]


def lesson_form(of: dict[str, str], **more: Any) -> dict[str, Any]:
    now = datetime.now(UTC)
    times = {"starts": (now + timedelta(minutes=2)).isoformat(), "ends": (now + timedelta(minutes=47)).isoformat()}
    named = {"subject_id": of["subject_id"], "class_ids": [of["class_id"]]}
    return {"title": "Дроби", "link": LINK, **named, **times, **more}


async def given_lesson(live: Live, of: dict[str, str], mine: dict[str, str]) -> tuple[str, str, str]:
    """The paths of a lesson with a file and a task, and of its class's page; the task."""
    ok = live.story.ok
    lesson = await ok("POST", "/cabinet/online-lessons", json=lesson_form(of), headers=mine)
    there = f"/cabinet/online-lessons/{lesson['lesson_id']}"
    busy = await live.call("POST", "/cabinet/online-lessons", json=lesson_form(of), headers=mine)
    assert (busy.status_code, busy.json()["code"], busy.json()["lesson"]["title"]) == (409, "teacher-busy", "Дроби")
    file = await ok("POST", "/cabinet/files", files={"file": ("правило.txt", RULE)}, headers=mine)
    await ok("POST", f"{there}/materials", json={"file_id": file["file_id"]}, headers=mine)
    due = (datetime.now(UTC) + timedelta(days=2)).isoformat()
    task = await ok("POST", f"{there}/assignments", json={"title": "№ 5", "due": due}, headers=mine)
    return there, f"/cabinet/join/{lesson['classes'][0]['code']}", task["assignment_id"]


async def joined(live: Live, door: str, task: str, pupil_id: str) -> None:
    """A pupil comes, takes the file, hands in, and so does somebody nobody knows; neither sees the other."""
    page = await live.story.ok("GET", door)
    assert page["link"] == LINK
    got = await live.call("GET", f"{door}/materials/{page['materials'][0]['material_id']}/file")
    assert (got.status_code, got.content) == (200, RULE)
    work = {"assignment_id": task, **PUPIL, "text": "7/8", "links": ["https://disk.yandex.ru/i/1"]}
    known = await live.call("POST", f"{door}/hand-ins", json=work)
    unknown = await live.call("POST", f"{door}/hand-ins", json=work | {"last_name": "Нездешний"})
    assert (known.status_code, unknown.status_code) == (201, 201)
    assert known.json().keys() == unknown.json().keys()
    text = (await live.call("GET", door)).text
    assert not [word for word in ("Соловь", "Нездешний", "7/8", pupil_id) if word in text]


async def test_a_lesson_from_its_plan_to_the_mark(live: Live) -> None:
    ok = live.story.ok
    _, head, teacher, colleague = await staff(live)
    of = await opened_class(live.story, head, teacher)
    match = teacher.headers | {"If-Match": "*"}
    there, door, task = await given_lesson(live, of, teacher.headers)
    before = await ok("GET", door)
    assert (before["state"], before["link"], before["class_name"]) == ("planned", None, "5А")
    assert (await ok("POST", f"{there}/start", headers=match))["state"] == "live"
    await joined(live, door, task, of["pupil_id"])

    stray, handed = (await ok("GET", f"{there}/hand-ins", headers=teacher.headers))["items"]
    assert (stray["pupil"], handed["pupil"]["pupil_id"]) == (None, of["pupil_id"])
    await ok("PUT", f"{there}/hand-ins/{handed['work_id']}/grade", json={"version": 0, "mark": 5}, headers=match)
    journal = "&".join(f"{key}={of[key]}" for key in ("class_id", "subject_id", "term_id"))
    (column,) = (await ok("GET", f"/cabinet/journal?{journal}", headers=head.headers))["lessons"]
    assert (column["topic"], column["cells"][of["pupil_id"]]) == ("Дроби", {"version": 1, "mark": 5})
    seen = {"pupils": [{"pupil_id": of["pupil_id"], "is_present": True}]}
    await ok("PUT", f"{there}/attendance", json=seen, headers=match)
    assert (await ok("POST", f"{there}/finish", headers=match))["state"] == "finished"

    assert (await ok("GET", there, headers=head.headers))["state"] == "finished"
    assert (await ok("GET", f"{there}/attendance", headers=head.headers))["pupils"][0]["is_present"] is True
    assert (await live.call("POST", f"{there}/codes/{of['class_id']}", headers=head.headers)).status_code == 404
    for path in (there, f"{there}/hand-ins", f"{there}/attendance"):
        assert (await live.call("GET", path, headers=colleague.headers)).status_code == 404
        assert (await live.call("GET", path)).status_code == 401
    await ok("POST", f"{there}/codes/{of['class_id']}", headers=match)
    assert (await live.call("GET", door)).status_code == 404


async def test_a_stranger_who_guesses_is_slowed_down_by_where_he_comes_from(live: Live) -> None:
    answers = [await live.call("GET", f"/cabinet/join/AAAA-{number:04}") for number in range(60)]
    codes = [one.status_code for one in answers]
    assert codes[0] == 404
    assert codes[-1] == 429
    assert set(codes) == {404, 429}
    assert int(answers[-1].headers["retry-after"]) >= 1
