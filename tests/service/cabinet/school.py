"""A school with a head, teachers and a class, set up over HTTP as its head would."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx
from cabinet.diary.domain.calendar import today
from chassis.db import new_id
from chassis.testing.opened import Opened
from ekis_contracts import ForCabinet, ForNotify
from ekis_contracts.identity import AccountActivated
from ekis_contracts.values import Contact, PersonName

from .conftest import Person

YEAR = 2026
CLASS_MADE = ("Быстрова", "Волков", "Гусева")


@dataclass
class Member:
    """Somebody of the school, signed in."""

    it: Opened
    account_id: UUID
    school_id: UUID
    category: str

    @property
    def headers(self) -> dict[str, str]:
        return self.it.signed_in(account_id=self.account_id, school_id=self.school_id, category=self.category)

    async def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers = self.headers | options.pop("headers", {})
        return await self.it.http.request(method, f"/cabinet{path}", headers=headers, **options)

    async def get(self, path: str, **params: Any) -> httpx.Response:
        return await self.call("GET", path, params=params)

    async def post(self, path: str, **body: Any) -> httpx.Response:
        return await self.call("POST", path, json=body)

    async def put(self, path: str, **body: Any) -> httpx.Response:
        return await self.call("PUT", path, json=body)

    async def patch(self, path: str, version: int, **body: Any) -> httpx.Response:
        return await self.call("PATCH", path, json=body, headers={"If-Match": f'"{version}"'})

    async def made(self, path: str, **body: Any) -> dict[str, Any]:
        answer = await self.post(path, **body)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made


@dataclass
class School:
    """Its ids, and whoever works there."""

    it: Opened
    school_id: UUID = field(default_factory=new_id)
    teaching: dict[str, str] = field(default_factory=dict)
    pupils: dict[str, str] = field(default_factory=dict)

    @property
    def day(self) -> date:
        return today(self.it.clock())

    def week(self, ahead: int = 0) -> str:
        return (self.day + timedelta(days=ahead)).strftime("%G-W%V")

    async def hire(self, last_name: str, category: str = "employee") -> Member:
        account_id = new_id()
        name = PersonName(last_name=last_name, first_name="Анна", patronymic="Петровна")
        contact = ForNotify(Contact(name="Анна", email="a@mail.ru"))
        await self.it.tell(
            AccountActivated(
                account_id=account_id, staff_id=new_id(), school_id=self.school_id, state="active", category=category,
                post="Учитель", session_epoch=1, contact=contact, name=ForCabinet(name), activated_at=self.it.clock(),
            ),
            2,
        )  # fmt: skip
        return Member(self.it, account_id, self.school_id, category)

    async def open(self) -> None:
        """A class of three with mathematics, in a term that goes on, taught by Teacher."""
        await self.it.tell(Person(school_id=self.school_id).school())
        self.head = await self.hire("Главная", "head")
        self.teacher = await self.hire("Числова")
        self.leader = await self.hire("Классная")
        await self.term()
        self.class_id = await self.class_("5А", teacher_id=str(self.leader.account_id))
        self.subject_id = (await self.head.made("/subjects", name="Математика"))["subject_id"]
        self.teaching = {"class_id": self.class_id, "subject_id": self.subject_id}
        await self.head.made("/loads", **self.teaching, account_id=str(self.teacher.account_id))
        for last_name in CLASS_MADE:
            self.pupils[last_name] = await self.pupil(self.class_id, last_name)

    async def term(self, **changes: Any) -> str:
        """All of the school year, so that the clock of the test is in it."""
        year = (self.day - timedelta(days=243)).year
        form = {"year": year, "name": "1 четверть", "starts": f"{year}-09-01", "ends": f"{year + 1}-08-31"}
        made = await self.head.made("/terms", **form | changes)
        self.term_id, self.year = str(made["term_id"]), int(made["year"])
        return self.term_id

    def to_its_end(self) -> None:
        """The clock on 20 May of the school year, unless that is past."""
        self.it.clock.move(max(date(self.year + 1, 5, 20) - self.day, timedelta()))

    async def class_(self, name: str, **more: Any) -> str:
        class_id: str = (await self.head.made("/classes", name=name, year=self.year, **more))["class_id"]
        return class_id

    async def pupil(self, class_id: str, last_name: str, **more: Any) -> str:
        form = {"last_name": last_name, "first_name": "Иван", "since": f"{self.year}-09-01"}
        pupil_id: str = (await self.head.made(f"/classes/{class_id}/pupils", **form | more))["pupil_id"]
        return pupil_id

    async def lesson(self, ago: int = 0, **more: Any) -> str:
        form = {**self.teaching, "date": str(self.day - timedelta(days=ago)), "number": 1}
        lesson_id: str = (await self.teacher.made("/lessons", **form | more))["lesson_id"]
        return lesson_id

    def cell(self, last_name: str, version: int = 0, **cell: Any) -> dict[str, Any]:
        return {"pupil_id": self.pupils[last_name], "version": version, **cell}

    async def give(self, lesson_id: str, *cells: dict[str, Any], **more: Any) -> httpx.Response:
        return await self.teacher.put(f"/lessons/{lesson_id}/marks", marks=list(cells), **more)

    async def journal(self, who: Member | None = None) -> dict[str, Any]:
        answer = await (who or self.teacher).get("/journal", **self.teaching, term_id=self.term_id)
        assert answer.status_code == 200, answer.text
        shown: dict[str, Any] = answer.json()
        return shown


async def opened_school(it: Opened) -> School:
    school = School(it)
    await school.open()
    return school
