"""People who ask once: what fails is not asked again, and is what the test looks for."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

import httpx
from chassis.db import new_id
from journal import Journal
from story import Person, School, Session

WRITERS = 4
LETTERS = str.maketrans("01234567", "аеиоуыэю")
PACE = {"read": 0.05, "refresh": 0.02, "write": 0.05}  # seconds between two of one person

_people = count()


class Impatient:
    """Reads, refreshed sessions, and writes with an Idempotency-Key, all through the gateway."""

    def __init__(self, journal: Journal, school: School, sessions: Sequence[Session]) -> None:
        self._journal, self._school, self._sessions = journal, school, sessions
        self._goes_on = True
        self.answered: Counter[str] = Counter()
        self.failed: list[str] = []

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Impatient"]:
        """Load while the body runs; afterwards every request is answered."""
        registrar = await self._journal.live.operator("registrar")
        async with asyncio.TaskGroup() as group:
            for session in self._sessions:
                group.create_task(self._read(session))
                group.create_task(self._refresh(session))
            for _ in range(WRITERS):
                group.create_task(self._write(registrar))
            try:
                yield self
            finally:
                self._goes_on = False

    async def _read(self, session: Session) -> None:
        paths = f"/registry/schools?inn={self._school.inn}", "/identity/me", "/cabinet/workplace", "/notify/preferences"
        while self._goes_on:
            for path in paths:
                await self._once("read", self._journal.live.client, "GET", path, headers=session.headers)

    async def _refresh(self, session: Session) -> None:
        base = self._journal.live.client.base_url
        async with httpx.AsyncClient(base_url=base, cookies=session.cookies, timeout=30) as client:
            while self._goes_on:
                await self._once("refresh", client, "POST", "/identity/sessions/refresh")

    async def _write(self, registrar: dict[str, str]) -> None:
        while self._goes_on:
            person = Person(f"Учитель{f'{next(_people):o}'.translate(LETTERS)}")
            enrolled = {**person.name, "post": "учитель", "category": "employee", "email": person.email}
            key = {"Idempotency-Key": str(new_id())}
            path = f"/registry/schools/{self._school.school_id}/staff"
            await self._once("write", self._journal, "POST", path, json=enrolled, headers=registrar | key)

    async def _once(self, kind: str, client: Any, method: str, path: str, **options: Any) -> None:
        try:
            ask = client.call if isinstance(client, Journal) else client.request
            status = (await ask(method, path, **options)).status_code
        except httpx.TransportError as error:
            status = type(error).__name__
        self.answered[kind] += 1
        if status not in (200, 201):
            self.failed.append(f"{method} {path.partition('?')[0]}: {status}")
        await asyncio.sleep(PACE[kind])
