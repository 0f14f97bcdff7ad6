"""The registry, opened on a database of its own, with what its tests say again and again."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from chassis.db import new_id
from chassis.testing.opened import Keyring, Opened, opened
from ekis_contracts import Envelope, ForNotify, ForRegistry
from ekis_contracts.identity import AccountRequestClosed, AccountRequested
from ekis_contracts.registry import SchoolState
from ekis_contracts.values import Applicant, Contact, SchoolClaim, SchoolFacts, Tracking
from httpx import Response
from registry.__main__ import service
from registry.domain.requisites import inn_check_digit, ogrn_check_digit

from .desk import Desk

SCHOOL = {
    "full_name": "Государственное бюджетное учреждение «Преображенская школа № 1505»",
    "short_name": "ГБОУ Школа № 1505",
    "kind": "Школа",
    "inn": "7718084659",
    "kpp": "771801001",
    "ogrn": "1027739123455",
    "address": "г. Примерный, ул. Школьная, д. 6",
    "phone": "8 (495) 963-76-77",
    "email": "office@school1505.example",
}
HEAD = {
    "last_name": "Соловьёва",
    "first_name": "Анна-Мария",
    "patronymic": "Петровна",
    "post": "директор",
    "email": "head@school1505.example",
    "ground": "head",
}
TEACHER = {"last_name": "Ёлкин", "first_name": "Пётр", "patronymic": "Ильич", "email": "elkin@school1505.example"}

TABLES = (  # what refers to another table before it
    *("application_step", "application_consent", "application", "account_request", "account_mark", "workplace"),
    *("feed_mark", "system_read"),
    *(
        "import",
        "staff",
        "school_deed",
        "school_change",
        "school",
        "school_word",
        "search_word",
        "outbox",
        "inbox",
        "dead_letter",
    ),
    *("idempotency_key", "revocation", "revoked_sid"),
)


def school_form(serial: int, **changes: Any) -> dict[str, Any]:
    """A school with valid requisites of its own."""
    inn, ogrn = f"7718{serial:05d}", f"10277{serial:07d}"
    own = {"inn": inn + inn_check_digit(inn), "ogrn": ogrn + ogrn_check_digit(ogrn)}
    return SCHOOL | own | {"full_name": f"Школа № {serial}", "short_name": f"Школа № {serial}"} | changes


@dataclass
class Registry:
    """The opened service and the steps of its stories."""

    it: Opened
    serials: Any = field(default_factory=lambda: count(1))

    @property
    def http(self) -> Any:
        return self.it.http

    @property
    def registrar(self) -> dict[str, str]:
        return self.it.signed_in(roles=["registrar"])

    def system(self, *scopes: str) -> dict[str, str]:
        """A token of a city system, each time another one."""
        return self.it.signed_in(scope="system", roles=scopes)

    def head_of(self, school_id: str, staff_id: str | None) -> dict[str, str]:
        return self.it.signed_in(category="head", school_id=UUID(school_id), staff_id=staff_id and UUID(staff_id))

    async def told(self) -> list[Any]:
        """The events published since the last look, without the states of schools."""
        return [event for event, _ in await self.published()]

    async def published(self) -> list[tuple[Any, Envelope]]:
        """The same with their envelopes. Every event about a school is followed by its state, of the same version."""
        published = await self.it.published()
        states = [(event, it.sequence) for event, it in published if isinstance(event, SchoolState)]
        told = [one for one in published if not isinstance(one[0], SchoolState)]
        about = [(event, it.sequence) for event, it in told if isinstance(event, SchoolFacts)]
        repeated = [(SchoolState(**event.model_dump(include=set(SchoolFacts.model_fields))), at) for event, at in about]
        assert states == repeated
        return told

    async def apply(self, school: dict[str, Any] = SCHOOL, **applicant: Any) -> dict[str, Any]:
        body = {"school": school, "applicant": HEAD | applicant, "consent": True}
        answer = await self.http.post("/registry/applications", json=body)
        assert answer.status_code == 202, answer.text
        return dict(answer.json())

    async def decide(self, number: str, decision: str, **more: Any) -> Response:
        body = {"decision": decision, **more}
        path = f"/registry/applications/{number}/decision"
        answer: Response = await self.http.post(path, json=body, headers=self.registrar)
        return answer

    async def school(self, school: dict[str, Any] = SCHOOL, **applicant: Any) -> str:
        """A registered school; returns its id. What was published about it is taken away."""
        answer = await self.decide((await self.apply(school, **applicant))["number"], "approve")
        assert answer.status_code == 200, answer.text
        await self.told()
        return str(answer.json()["school_id"])

    async def staff(self, school_id: str, **changes: Any) -> dict[str, Any]:
        """An enrolled person. What was published is taken away."""
        body = TEACHER | {"post": "учитель физики", "category": "employee"} | changes
        path = f"/registry/schools/{school_id}/staff"
        answer = await self.http.post(path, json=body, headers=self.registrar)
        assert answer.status_code == 201, answer.text
        await self.told()
        return dict(answer.json())

    async def head_id(self, school_id: str) -> str:
        answer = await self.http.get(f"/registry/schools/{school_id}/staff", headers=self.registrar)
        return next(str(one["staff_id"]) for one in answer.json()["items"] if one["category"] == "head")

    async def ask(
        self,
        request_id: UUID | None = None,
        version: int = 1,
        *,
        category: Any = "employee",
        school: dict[str, Any] | None = None,
        sequence: int | None = None,
        **applicant: Any,
    ) -> UUID:
        """identity tells of an account request; by default the teacher's own."""
        request_id = request_id or new_id()
        who = Applicant(**TEACHER | applicant)
        claim = {"inn": SCHOOL["inn"]} if school is None else school
        asked = AccountRequested(
            request_id=request_id,
            number=f"R26-{next(self.serials):06d}",
            request_version=version,
            school=SchoolClaim(**claim),
            category=category,
            applicant=ForRegistry(who),
            contact=ForNotify(Contact(name="заявитель", email=who.email)),
            tracking=ForNotify(Tracking(to=who.email, tracking_code="x")),
        )
        await self.it.tell(asked, sequence or version)
        return request_id

    async def race(self, lock: str, key: Any, *calls: Coroutine[Any, Any, Response]) -> list[Response]:
        """Let all calls run into a lock that is held, and free it once each of them waits."""
        async with self.it.runtime.database.pool.acquire() as connection, connection.transaction():
            await connection.fetch(lock, key)
            tasks = [asyncio.create_task(call) for call in calls]
            await self.waiting(len(calls))
        return await asyncio.gather(*tasks)

    async def waiting(self, calls: int) -> None:
        """Until so many calls wait for a lock."""
        while await self.count_waiting() < calls:
            pass

    async def count_waiting(self) -> int:
        sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        return int(await self.it.runtime.database.pool.fetchval(sql))

    async def row(self, sql: str, *args: Any) -> dict[str, Any]:
        """One row of the database."""
        return dict(await self.it.runtime.database.pool.fetchrow(sql, *args) or {})

    async def close(self, request_id: UUID, outcome: Any = "withdrawn") -> None:
        """identity tells that a request has ended."""
        closed = AccountRequestClosed(request_id=request_id, outcome=outcome, reason=None, contact=None)
        await self.it.tell(closed, 9)

    async def answer(self, request_id: UUID, headers: dict[str, str], **body: Any) -> Response:
        """Somebody decides a referral."""
        path = f"/registry/referrals/{request_id}/decision"
        answer: Response = await self.http.post(path, json=body, headers=headers)
        return answer


@pytest.fixture(scope="session")
async def opened_registry(admin_dsn: str, keyring: Keyring) -> AsyncIterator[Opened]:
    """Opened once: emptying tables is cheaper than a database for each test."""
    async with opened(service, admin_dsn, keyring) as it:
        yield it


@pytest.fixture
async def registry(opened_registry: Opened) -> Registry:
    """With an empty database. Its clock may be ahead."""
    pool = opened_registry.runtime.database.pool
    await pool.execute("; ".join(f"DELETE FROM {table}" for table in TABLES))
    return Registry(opened_registry)


@pytest.fixture
async def school_id(registry: Registry) -> str:
    """A registered school whose head applied for it."""
    return await registry.school()


@pytest.fixture
def desk(registry: Registry) -> Desk:
    """Two registrars."""
    return Desk(registry)


@pytest.fixture
async def other_id(registry: Registry) -> str:
    """A school that may go on in place of another."""
    return await registry.school(school_form(50), email="head50@school.example", last_name="Орлова")
