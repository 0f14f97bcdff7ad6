"""Online lessons of a school, and pupils who come by the link of their class."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx
from cabinet.people.domain import MOSCOW
from chassis.testing.opened import Opened

from .school import Member, School, opened_school

MORNING = 9
LINK = "https://telemost.yandex.ru/j/123?pwd=Аб"
FIRST = {"last_name": "Волков", "first_name": "Иван"}


@dataclass
class Online:
    """A school whose teacher gives lessons online."""

    school: School

    @property
    def it(self) -> Opened:
        return self.school.it

    def at(self, hours: float) -> str:
        """A moment so many hours from now."""
        return self.moment(hours).isoformat()

    def moment(self, hours: float) -> datetime:
        return self.it.clock() + timedelta(hours=hours)

    def wait(self, hours: float) -> None:
        self.it.clock.move(timedelta(hours=hours))

    def form(self, begin: float = 1, end: float = 2, **more: Any) -> dict[str, Any]:
        """A lesson from so many hours from now to so many."""
        times = {"starts": self.at(begin), "ends": self.at(end)}
        of = {"subject_id": self.school.subject_id, "class_ids": [self.school.class_id]}
        return {"title": "Дроби", "link": LINK, **of, **times, **more}

    async def plan(self, begin: float = 1, end: float = 2, who: Member | None = None, **more: Any) -> dict[str, Any]:
        return await (who or self.school.teacher).made("/online-lessons", **self.form(begin, end, **more))

    async def step(self, lesson_id: str, name: str, who: Member | None = None, match: str = "*", **body: Any) -> Any:
        path, headers = f"/online-lessons/{lesson_id}/{name}", {"If-Match": match}
        return await (who or self.school.teacher).call("POST", path, headers=headers, json=body)

    async def live(self, **more: Any) -> dict[str, Any]:
        """One that has just begun."""
        lesson = await self.plan(**more)
        self.wait(1)
        started = await self.step(lesson["lesson_id"], "start")
        assert started.status_code == 200, started.text
        live: dict[str, Any] = started.json()
        return live

    async def card(self, lesson_id: str, who: Member | None = None) -> dict[str, Any]:
        answer = await (who or self.school.teacher).get(f"/online-lessons/{lesson_id}")
        assert answer.status_code == 200, answer.text
        card: dict[str, Any] = answer.json()
        return card

    async def assignment(self, lesson: dict[str, Any], **more: Any) -> str:
        form = {"title": "№ 5", "text": "Решите пример", "due": self.at(24)}
        made = await self.school.teacher.made(f"/online-lessons/{lesson['lesson_id']}/assignments", **form | more)
        return str(made["assignment_id"])

    async def join(self, code: str, source: str = "") -> httpx.Response:
        return await self._public("GET", code, source)

    async def hand_in(self, code: str, assignment_id: str, source: str = "", **more: Any) -> httpx.Response:
        work = {"assignment_id": assignment_id, **FIRST, "text": "Ответ: 7/8"} | more
        return await self._public("POST", f"{code}/hand-ins", source, json=work)

    async def _public(self, method: str, path: str, source: str, **options: Any) -> httpx.Response:
        transport: Any = self.it.http._transport
        client = (source or "203.0.113.7", 1234)
        through = httpx.ASGITransport(transport.app, raise_app_exceptions=False, client=client)
        async with httpx.AsyncClient(transport=through, base_url=self.it.http.base_url) as http:
            return await http.request(method, f"/cabinet/join/{path}", **options)

    async def works(self, lesson: dict[str, Any], who: Member | None = None, **asked: Any) -> list[dict[str, Any]]:
        answer = await (who or self.school.teacher).get(f"/online-lessons/{lesson['lesson_id']}/hand-ins", **asked)
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    async def grade(self, lesson: dict[str, Any], work: dict[str, Any], match: str = "*", **grade: Any) -> Any:
        path = f"/online-lessons/{lesson['lesson_id']}/hand-ins/{work['work_id']}/grade"
        return await self.school.teacher.call("PUT", path, json={"version": 0} | grade, headers={"If-Match": match})


async def opened_online(it: Opened) -> Online:
    """In the morning, so that the hours that a test waits are of one day."""
    now = it.clock().astimezone(MOSCOW)
    if not MORNING <= now.hour < MORNING + 2:
        it.clock.move((now.replace(hour=MORNING, minute=0) - now) % timedelta(days=1))
    return Online(await opened_school(it))


def code_of(lesson: dict[str, Any]) -> str:
    """Of its first class."""
    return str(lesson["classes"][0]["code"])
