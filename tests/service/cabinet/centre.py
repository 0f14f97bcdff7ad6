"""An editor who brings exam results in, and the schools that read them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import httpx
from cabinet.loops import LOOPS
from chassis.db import new_id
from chassis.testing.opened import Opened

from .conftest import Person
from .school import Member, School

EXAM = {"exam": "ЕГЭ", "year": "2026", "subject": "Русский язык"}
TITLE = "ЕГЭ 2026: Русский язык"
HEADER = "ОГРН;Код участника;Первичный балл;Тестовый балл;Отметка;Статус;Основание"


def ogrn(number: int) -> str:
    """Thirteen digits."""
    return f"{1_027_700_000_000 + number}"


def line(school: str, code: str, test: Any = "", primary: Any = "", **more: Any) -> str:
    """A row of the file."""
    own = (more.get("mark", ""), more.get("status", ""), more.get("reason", ""))
    return ";".join(map(str, (school, code, primary, test, *own)))


def file(*lines: str, header: str = HEADER) -> bytes:
    """All of it."""
    return "\n".join([header, *lines]).encode()


@dataclass
class Centre:
    """Signed in anew each time: clocks move here."""

    it: Opened
    account_id: Any = field(default_factory=new_id)

    @property
    def headers(self) -> dict[str, str]:
        return self.it.signed_in(account_id=self.account_id, roles=["editor"])

    async def ask(self, method: str, path: str = "", **options: Any) -> httpx.Response:
        headers = self.headers | options.pop("headers", {})
        return await self.it.http.request(method, f"/cabinet/exam-batches{path}", headers=headers, **options)

    async def send(self, data: bytes, name: str = "результаты.csv", **form: Any) -> httpx.Response:
        """Upload, nothing done yet."""
        headers = form.pop("headers", {})
        return await self.ask("POST", files={"file": (name, data)}, data=EXAM | form, headers=headers)

    async def batch(self, batch_id: str) -> dict[str, Any]:
        answer = await self.ask("GET", f"/{batch_id}")
        assert answer.status_code == 200, answer.text
        batch: dict[str, Any] = answer.json()
        return batch

    async def work(self) -> None:
        """What is queued, to its end."""
        for loop in LOOPS:
            while loop.name in ("exam-batches", "tell-exam-teachers") and await loop.work(self.it.runtime):
                pass

    async def bring(self, data: bytes, mode: str = "apply", **form: Any) -> dict[str, Any]:
        """Upload and work it off."""
        answer = await self.send(data, mode=mode, **form)
        assert answer.status_code == 202, answer.text
        await self.work()
        return await self.batch(answer.json()["batch_id"])

    async def rows(self, batch: dict[str, Any], **params: Any) -> list[tuple[int, str, list[tuple[str, str]]]]:
        answer = await self.ask("GET", f"/{batch['batch_id']}/rows", params=params)
        assert answer.status_code == 200, answer.text
        return [
            (row["row"], row["verdict"], [(one["field"], one["code"]) for one in row["reasons"]])
            for row in answer.json()["items"]
        ]


def counts(batch: dict[str, Any]) -> tuple[int, int, int, int]:
    """New, changed, unchanged, rejected."""
    return batch["new"], batch["changed"], batch["unchanged"], batch["rejected"]


async def school_of(it: Opened, number: int, district: str | None = "Тверской", **facts: Any) -> School:
    """A school with a head, known by its OGRN."""
    school = School(it)
    about = {"ogrn": ogrn(number), "inn": f"77{number:08}", "short_name": f"Школа № {number}", "district": district}
    await it.tell(Person(school_id=school.school_id).school(**about | facts))
    school.head = await school.hire("Главная", "head")
    return school


async def teacher_of(school: School, subject: str, grade: int = 11, year: int = 2025) -> Member:
    """Somebody who taught that in the school year of the exam."""
    teacher = await school.hire("Словесная")
    class_id = (await school.head.made("/classes", name=f"{grade}А", year=year))["class_id"]
    subject_id = (await school.head.made("/subjects", name=subject))["subject_id"]
    await school.head.made("/loads", class_id=class_id, subject_id=subject_id, account_id=str(teacher.account_id))
    return teacher


async def results(who: Member, **params: Any) -> list[dict[str, Any]]:
    """As somebody sees them."""
    answer = await who.get("/exam-results", **params)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def scores(items: Iterable[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """What they say."""
    return [(one["code"], one["state"], one["version"], one["primary_score"], one["test_score"]) for one in items]
