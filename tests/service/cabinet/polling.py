"""Authors of polls at work, and people who answer."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from chassis.db import new_id
from chassis.testing.opened import Opened

from .conftest import Person
from .people import settle

SINGLE = {"kind": "single", "text": "Где провести педсовет?", "options": ["В актовом зале", "Онлайн", "Всё равно"]}
MULTIPLE = {
    "kind": "multiple",
    "text": "В какие дни удобно?",
    "options": ["Пн", "Вт", "Ср"],
    "most": 2,
    "required": False,
}
SCALE = {
    "kind": "scale",
    "text": "Как прошла четверть?",
    "scale": {"low": 1, "high": 5, "low_name": "Плохо", "high_name": "Отлично"},
    "required": False,
}
TEXT = {"kind": "text", "text": "Чего не хватает?", "required": False}
POLL: dict[str, Any] = {"title": "О педсовете", "questions": [SINGLE, MULTIPLE, SCALE, TEXT]}


class Author:
    """An author at work, signed in anew each time: clocks move here."""

    def __init__(self, it: Opened, **claims: Any) -> None:
        self.it, self.claims = it, claims

    @property
    def headers(self) -> dict[str, str]:
        return self.it.signed_in(**self.claims)

    async def ask(self, method: str, path: str, *, match: str = "*", **options: Any) -> Any:
        headers = self.headers | {"If-Match": match} | options.pop("headers", {})
        return await self.it.http.request(method, f"/cabinet/polls{path}", headers=headers, **options)

    async def ok(self, method: str, path: str, **options: Any) -> Any:
        answer = await self.ask(method, path, **options)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    async def write(self, **said: Any) -> str:
        return str((await self.ok("POST", "", json=POLL | said))["poll_id"])

    async def publish(self, **said: Any) -> str:
        poll_id = await self.write(**said)
        await self.ok("POST", f"/{poll_id}/publish")
        return poll_id

    async def close(self, poll_id: str) -> None:
        await self.ok("POST", f"/{poll_id}/close")
        await self.it.run_loops()

    async def results(self, poll_id: str) -> Any:
        return await self.ok("GET", f"/{poll_id}/results")


def head_of(it: Opened, person: Person) -> Author:
    return Author(it, account_id=person.account_id, category="head", school_id=person.school_id)


def editor_of(it: Opened) -> Author:
    return Author(it, account_id=new_id(), roles=["editor"])


async def teachers(it: Opened, count: int, school_id: UUID | None = None) -> list[Person]:
    """Colleagues with open cabinets."""
    school_id = school_id or new_id()
    return [await settle(it, Person(school_id=school_id, last_name=f"Учитель{number}")) for number in range(count)]


async def opened_poll(it: Opened, person: Person, poll_id: str) -> Any:
    answer = await it.http.get(f"/cabinet/polls/{poll_id}", headers=person.headers(it))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def answer(it: Opened, person: Person, poll_id: str, *said: Any, key: str | None = None) -> Any:
    """Answer the questions in their order; None leaves one out."""
    questions = (await opened_poll(it, person, poll_id))["questions"]
    return await post(it, person, poll_id, questions, said, key=key)


async def post(
    it: Opened, person: Person, poll_id: str, questions: Sequence[Any], said: Sequence[Any], *, key: str | None = None
) -> Any:
    answers = {asked["question_id"]: one for asked, one in zip(questions, said, strict=False) if one is not None}
    headers = person.headers(it) | ({"Idempotency-Key": key} if key else {})
    return await it.http.post(f"/cabinet/polls/{poll_id}/answers", json={"answers": answers}, headers=headers)


async def answered(it: Opened, person: Person, poll_id: str, *said: Any) -> None:
    given = await answer(it, person, poll_id, *said)
    assert given.status_code == 201, given.text


async def listed(it: Opened, person: Person, own: str = "") -> list[tuple[str, str]]:
    path = f"/cabinet/polls{own and f'?own={own}'}"
    got = await it.http.get(path, headers=person.headers(it))
    assert got.status_code == 200, got.text
    return [(one["title"], one["own"]) for one in got.json()["items"]]


def ahead(it: Opened, **span: float) -> str:
    return (it.clock() + timedelta(**span)).isoformat()
