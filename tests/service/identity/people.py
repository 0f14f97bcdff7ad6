"""What people and the other services do to identity, in the words of the story."""

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Literal, TypeVar
from uuid import UUID

import asyncpg
import httpx
from chassis.outbox import new_id
from ekis_contracts import Event, ForCabinet, ForIdentity, ForNotify
from ekis_contracts.cabinet import PersonalDataErased
from ekis_contracts.identity import AccessRestored, AccountCreated, AccountRequested
from ekis_contracts.notify import NotificationFailed, NotificationSent
from ekis_contracts.registry import (
    AccountRequestHeld,
    AccountRequestReferred,
    AccountRequestVerified,
    StaffChanged,
    StaffEnrolled,
)
from ekis_contracts.values import Category, Contact, Credentials, PersonName
from waiting import until

from .operators import Operators

INN = "7707083893"
NEW_PASSWORD = "тихий вечер над прудом 47"
ANNA = PersonName(last_name="Иванова", first_name="Анна", patronymic="Михайловна")
EventT = TypeVar("EventT", bound=Event)


@dataclass
class Ticket:
    """A request as its applicant knows it, and its id as registry does."""

    number: str
    code: str
    request_id: UUID

    @property
    def path(self) -> str:
        return f"/identity/account-requests/{self.number}"

    @property
    def headers(self) -> dict[str, str]:
        return {"Tracking-Code": self.code}


@dataclass
class Person:
    """Somebody on a staff roll."""

    staff_id: UUID = field(default_factory=new_id)
    school_id: UUID = field(default_factory=new_id)
    category: Category = "employee"
    post: str = "учитель"
    name: PersonName = ANNA

    @property
    def facts(self) -> dict[str, Any]:
        return {
            "staff_id": self.staff_id,
            "school_id": self.school_id,
            "post": self.post,
            "category": self.category,
            "division": None,
            "employment": "main",
            "until": None,
        }


@dataclass
class Desk(Operators):
    """An opened identity and what may be done with it."""

    def body(self, email: str = "anna@mail.example", **more: Any) -> dict[str, Any]:
        applicant = {"last_name": "Иванова", "first_name": "Анна", "patronymic": "Михайловна", "email": email}
        return {"applicant": applicant, "school": {"inn": INN}, "category": "employee", "consent": True} | more

    async def ask(self, email: str = "anna@mail.example", **more: Any) -> Ticket:
        """File a request; the events it published are taken away."""
        answer = await self.http.post("/identity/account-requests", json=self.body(email, **more))
        assert answer.status_code == 202, answer.text
        asked = (await self.told())[-1]
        return Ticket(answer.json()["number"], answer.json()["tracking_code"], asked.request_id)

    async def track(self, ticket: Ticket) -> dict[str, Any]:
        answer = await self.http.get(ticket.path, headers=ticket.headers)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def state(self, ticket: Ticket) -> str:
        return str((await self.track(ticket))["state"])

    async def correct(self, ticket: Ticket, email: str) -> httpx.Response:
        return await self.http.patch(ticket.path, json={"email": email}, headers=ticket.headers)

    async def verify(self, ticket: Ticket, person: Person, *, request_version: int = 1, version: int = 1) -> None:
        """Registry knows the person."""
        event = AccountRequestVerified(
            request_id=ticket.request_id,
            request_version=request_version,
            staff_id=person.staff_id,
            school_id=person.school_id,
            post=person.post,
            category=person.category,
            by="roll",
        )
        await self.it.tell(event, version)

    async def hold(self, ticket: Ticket, *, request_version: int = 1, version: int = 1) -> None:
        contact = ForNotify(Contact(name="Анна", email="anna@mail.example"))
        event = AccountRequestHeld(
            request_id=ticket.request_id,
            request_version=request_version,
            reason="school-not-registered",
            contact=contact,
        )
        await self.it.tell(event, version)

    async def refer(
        self,
        ticket: Ticket,
        *,
        request_version: int = 1,
        version: int = 1,
        to: Literal["head", "department"] = "head",
        until: datetime | None = datetime(2026, 12, 1, 15, tzinfo=UTC),
    ) -> None:
        event = AccountRequestReferred(
            request_id=ticket.request_id,
            request_version=request_version,
            school_id=new_id(),
            to=to,
            until=until,
            reason="other-email",
            contact=None,
        )
        await self.it.tell(event, version)

    async def enrol(self, person: Person, version: int = 1) -> None:
        await self.it.tell(StaffEnrolled(**self._roll(person)), version)

    async def change(self, person: Person, version: int, changed: list[str]) -> None:
        await self.it.tell(StaffChanged(**self._roll(person), changed=changed), version)

    def _roll(self, person: Person) -> dict[str, Any]:
        names = {"name": ForCabinet(person.name), "name_for_identity": ForIdentity(person.name)}
        return person.facts | names

    async def mailed(self, account_id: UUID, credential_no: int, version: int = 1) -> None:
        """The credentials mail was taken by a server."""
        event = NotificationSent(outcome="sent", **self.mail(account_id, credential_no))
        await self.it.tell(event, version)

    async def bounced(self, account_id: UUID, credential_no: int, version: int = 1) -> None:
        """It came back."""
        event = NotificationFailed(outcome="bounced", **self.mail(account_id, credential_no))
        await self.it.tell(event, version)

    def mail(self, account_id: UUID, credential_no: int | None) -> dict[str, Any]:
        return {
            "notification_id": new_id(),
            "about_event": new_id(),
            "about": str(account_id),
            "purpose": "account-created",
            "credential_no": credential_no,
            "code": None,
        }

    async def said(self, kind: type[EventT]) -> EventT:
        """The only event of this kind among those published since the last look."""
        (found,) = [event for event in await self.told() if isinstance(event, kind)]
        return found

    def credentials(self, event: AccountCreated | AccessRestored) -> Credentials:
        opened = self.it.open(event.credentials)
        assert isinstance(opened, Credentials)
        return opened

    def address(self, contact: ForNotify[Contact] | None) -> str:
        """Whom a mail would go to."""
        assert contact
        return str(self.it.open(contact).email)

    def applicant_address(self, event: AccountRequested) -> str:
        return str(self.it.open(event.applicant).email)

    async def issued(self, person: Person | None = None, email: str = "anna@mail.example") -> "Issued":
        """A request that is verified and whose credentials are on the way."""
        person = person or Person()
        ticket = await self.ask(email)
        await self.verify(ticket, person)
        created = await self.said(AccountCreated)
        return Issued(ticket, person, created, self.credentials(created))

    async def give_receipts(self, account_id: UUID) -> None:
        """Every other holder has erased what it had of the account."""
        services: list[Any] = ["registry", "cabinet", "notify"]
        for service in services:
            now = self.it.clock()
            await self.it.tell(
                PersonalDataErased(account_id=account_id, service=service, counts={"mails": 2}, erased_at=now)
            )

    async def sign_in(self, login: str, password: str, **more: Any) -> httpx.Response:
        self.http.cookies.clear()
        return await self.http.post("/identity/sessions", json={"login": login, "password": password} | more)

    async def activate(
        self, first: httpx.Response, status: str = "employee", password: str = NEW_PASSWORD
    ) -> httpx.Response:
        body = {"status": status, "new_password": password}
        return await self.http.post("/identity/activation", json=body, headers=bearer(first))

    async def active(self, person: Person | None = None, email: str = "anna@mail.example") -> "Issued":
        """Somebody with an active account, signed in by `session`."""
        issued = await self.issued(person, email)
        first = await self.sign_in(issued.login, issued.password)
        issued.session = await self.activate(first, issued.person.category)
        assert issued.session.status_code == 200, issued.session.text
        await self.published()
        return issued

    def at(self, host: str) -> "Desk":
        """The same identity as it is reached from another address."""
        transport: Any = self.http._transport
        there = httpx.ASGITransport(transport.app, raise_app_exceptions=False, client=(host, 1))
        return Desk(replace(self.it, http=httpx.AsyncClient(transport=there, base_url=self.http.base_url)))

    async def meet(self, rows: str, ids: Sequence[UUID], *asks: Coroutine[Any, Any, httpx.Response]) -> list[int]:
        """Ask all at once: each has come to a lock behind these rows' before the first goes on. The statuses."""
        connection = await asyncpg.connect(self.it.dsn)
        waiting = (
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )

        async def have_come() -> bool:
            return bool(await self.it.runtime.database.pool.fetchval(waiting) == len(asks))

        try:
            async with asyncio.TaskGroup() as group, connection.transaction():
                await connection.execute(f"SELECT FROM {rows} = ANY ($1) FOR UPDATE", ids)
                tasks = [group.create_task(ask) for ask in asks]
                await until(have_come, "all have come to a lock", 10)
        finally:
            await connection.close()
        return sorted(task.result().status_code for task in tasks)


@dataclass
class Issued:
    """A person with an account."""

    ticket: Ticket
    person: Person
    created: AccountCreated
    credentials: Credentials
    session: httpx.Response = field(default_factory=lambda: httpx.Response(500))

    @property
    def account_id(self) -> UUID:
        return self.created.account_id

    @property
    def login(self) -> str:
        return self.credentials.login

    @property
    def password(self) -> str:
        return self.credentials.one_time_password


def bearer(signed_in: httpx.Response) -> dict[str, str]:
    """The header of a session."""
    assert signed_in.status_code == 200, signed_in.text
    return {"Authorization": f"Bearer {signed_in.json()['access_token']}"}
