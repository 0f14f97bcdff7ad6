"""cabinet-svc on a database of its own, and invented people to tell it about."""

import asyncio
import json
from base64 import urlsafe_b64decode
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
import uvicorn
from cabinet.__main__ import service
from chassis.auth import Principal, sign_token
from chassis.db import new_id, utc_now
from chassis.http import create_app
from chassis.testing.opened import Opened
from ekis_contracts import Event, ForCabinet, ForIdentity, ForNotify
from ekis_contracts.identity import (
    AccountActivated,
    AccountChanged,
    AccountCreated,
    AccountDisabled,
    AccountResumed,
    AccountSuspended,
)
from ekis_contracts.registry import SchoolRegistered, StaffChanged, StaffEnrolled, StaffLeft
from ekis_contracts.values import Contact, Credentials, PersonName
from ekis_local.process import free_ports
from waiting import until


@pytest.fixture
async def cabinet(open_service: Any, tmp_path: Path) -> AsyncIterator[Opened]:
    """Opened."""
    async with open_service(service, files=str(tmp_path / "files")) as it:
        yield it


@pytest.fixture
async def server(cabinet: Opened) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the service behind a real socket: streams leave while they are made, requests race."""
    port = free_ports({"api": 0})["api"]
    config = uvicorn.Config(create_app(cabinet.runtime, cabinet.service.router), port=port, log_config=None)
    uvicorn_server = uvicorn.Server(config)
    serving = asyncio.create_task(uvicorn_server._serve())
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}/api", timeout=60) as client:

        async def is_up() -> bool:
            return uvicorn_server.started

        await until(is_up, "the server is up")
        yield client
        cabinet.runtime.stopping.set()
        uvicorn_server.should_exit = True
        await serving


class _Proven(Principal):
    auth_time: int


def proven(it: Opened, headers: dict[str, str], ago: timedelta = timedelta()) -> dict[str, str]:
    """The same caller, who has shown all that the account asks for so long ago, as identity says it."""
    said = headers["Authorization"].split(".")[1]
    claims = json.loads(urlsafe_b64decode(said + "=" * (-len(said) % 4)))
    who = _Proven.model_validate(claims | {"auth_time": int((it.clock() - ago).timestamp())})
    return headers | {"Authorization": f"Bearer {sign_token(it.keyring.signing, who, it.clock())}"}


@dataclass
class Person:
    """A teacher on a roll, with an account."""

    account_id: UUID = field(default_factory=new_id)
    staff_id: UUID = field(default_factory=new_id)
    school_id: UUID = field(default_factory=new_id)
    post: str = "Учитель математики"
    last_name: str = "Забвенная"

    def school(self, **changes: Any) -> Event:
        """The school of the roll."""
        facts = {
            "school_id": self.school_id,
            "inn": "7707083893",
            "kpp": "770701001",
            "ogrn": None,
            "full_name": "Школа № 1 имени первого учителя",
            "short_name": "Школа № 1",
            "kind": "school",
            "district": None,
            "address": "Москва, Школьная улица, дом 1",
            "phones": ["+74951234567", "+74951234568"],
            "emails": [],
            "site": None,
            "status": "active",
            "source": "feed",
        }
        return SchoolRegistered.model_validate(facts | changes)

    def _staff(self, changes: dict[str, Any]) -> dict[str, Any]:
        facts = {"staff_id": self.staff_id, "school_id": self.school_id, "post": self.post, "category": "employee"}
        own = {"division": "Кафедра точных наук", "employment": "main", "until": None}
        names = {"name": ForCabinet(self.name()), "name_for_identity": ForIdentity(self.name())}
        return facts | own | names | changes

    def enrolled(self, **changes: Any) -> Event:
        """On the roll."""
        return StaffEnrolled(**self._staff(changes))

    def moved(self, **changes: Any) -> Event:
        """Another post or name."""
        return StaffChanged(**self._staff(changes), changed=list(changes))

    def left(self) -> Event:
        """No more."""
        return StaffLeft(staff_id=self.staff_id, school_id=self.school_id, reason="dismissed")

    def name(self) -> PersonName:
        """As on the roll."""
        return PersonName(last_name=self.last_name, first_name="Алла", patronymic="Львовна")

    def _account(self, state: str, name: bool = False) -> dict[str, Any]:
        ids = {"account_id": self.account_id, "staff_id": self.staff_id, "school_id": self.school_id}
        contact = ForNotify(Contact(name="Алла", email="alla@mail.ru"))
        facts = {"state": state, "category": "employee", "post": self.post, "session_epoch": 1, "contact": contact}
        return ids | facts | ({"name": ForCabinet(self.name())} if name else {})

    def created(self) -> Event:
        """The account waits for its first sign-in."""
        secret = Credentials(to="alla@mail.ru", login="zabvennaya", one_time_password="x", expires_at=utc_now())
        own = {"request_id": new_id(), "credential_no": 1, "credentials": ForNotify(secret)}
        return AccountCreated(**self._account("issued", name=True), **own)

    def activated(self) -> Event:
        """The first sign-in is done."""
        return AccountActivated(**self._account("active", name=True), activated_at=utc_now())

    def changed(self) -> Event:
        """Another post, say."""
        return AccountChanged(**self._account("active", name=True), changed=["post"])

    def suspended(self) -> Event:
        """For now."""
        return AccountSuspended(**self._account("suspended"), reason="left-roll", until=None)

    def resumed(self) -> Event:
        """Again."""
        return AccountResumed(**self._account("active"), reason="mistake")

    def disabled(self) -> Event:
        """For good."""
        return AccountDisabled(**self._account("disabled"), channel="own", disabled_at=utc_now())

    def headers(self, it: Opened, **more: Any) -> dict[str, str]:
        """Signed in."""
        claims = {"category": "employee", "school_id": self.school_id, "staff_id": self.staff_id}
        headers = it.signed_in(account_id=self.account_id, **claims)
        return headers | {name.replace("_", "-"): value for name, value in more.items()}


@pytest.fixture
def alla() -> Person:
    """Alla."""
    return Person()


@pytest.fixture
async def settled(cabinet: Opened, alla: Person) -> Person:
    """With an open cabinet."""
    await cabinet.tell(alla.school())
    await cabinet.tell(alla.enrolled())
    await cabinet.tell(alla.created(), 1)
    await cabinet.tell(alla.activated(), 2)
    return alla
