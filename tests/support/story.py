"""The main story in people's words, by HTTP and mail alone: the same for four services in one process and for the
real stack. `settle(check)` waits in the stack's own way until the check gives something and returns that."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx
from requisites import new_inn, new_ogrn

CODE = re.compile(r"code=([0-9A-Za-z-]+)")
LOGIN = re.compile(r"Логин:\s*(\S+)")
PASSWORD = re.compile(r"Одноразовый пароль:\s*(\S+)")
NEW_PASSWORD = "тихий вечер над прудом 47"

Check = Callable[[], Awaitable[Any]]
Mail = dict[str, Any]

_people = count(1)


@dataclass(frozen=True)
class Person:
    """Somebody with a mail box of an own."""

    last_name: str = "Иванова"
    first_name: str = "Анна"
    patronymic: str | None = "Сергеевна"
    email: str = field(default_factory=lambda: f"person{next(_people)}@mail.example")

    @property
    def name(self) -> dict[str, Any]:
        return {"last_name": self.last_name, "first_name": self.first_name, "patronymic": self.patronymic}


@dataclass(frozen=True)
class School:
    """What is known of a school from outside."""

    inn: str = field(default_factory=new_inn)
    ogrn: str = field(default_factory=new_ogrn)
    kpp: str = "770101001"
    name: str = "Школа № 1505"
    school_id: str = ""

    def form(self) -> dict[str, Any]:
        return {
            "full_name": f"Государственное учреждение {self.name}",
            "short_name": self.name,
            "kind": "Общеобразовательное учреждение",
            "inn": self.inn,
            "kpp": self.kpp,
            "ogrn": self.ogrn,
            "address": "Москва, улица Школьная, дом 1",
            "district": "Тверской",
            "phone": "+7 495 123-45-67",
            "email": "school@mail.example",
        }


@dataclass(frozen=True)
class Ticket:
    """A number and its secret code."""

    number: str
    code: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Tracking-Code": self.code}


@dataclass(frozen=True)
class Session:
    """Somebody signed in."""

    token: str
    cookies: httpx.Cookies
    body: dict[str, Any]

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


@dataclass
class Story:
    """`call(method, path, ...)` reaches the gateway, `mailbox(address)` the mails, `operator(role)` gives headers."""

    call: Callable[..., Awaitable[httpx.Response]]
    mailbox: Callable[[str], Awaitable[list[Mail]]]
    operator: Callable[[str], Awaitable[dict[str, str]]]
    settle: Callable[[Check], Awaitable[Any]]

    async def ok(self, method: str, path: str, **options: Any) -> Any:
        """The body of an answer that must be a success."""
        answer = await self.call(method, path, **options)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    async def apply(self, head: Person, school: School) -> Ticket:
        """File an application for entry."""
        applicant = {**head.name, "post": "директор", "email": head.email, "ground": "head"}
        body = {"school": school.form(), "applicant": applicant, "consent": True}
        made = await self.ok("POST", "/registry/applications", json=body)
        return Ticket(made["number"], made["tracking_code"])

    async def register(self, head: Person, school: School | None = None) -> School:
        """A school in the registry with its head on the roll."""
        school = school or School()
        ticket = await self.apply(head, school)
        path = f"/registry/applications/{ticket.number}/decision"
        registrar = await self.operator("registrar")
        await self.ok("POST", path, json={"decision": "approve"}, headers=registrar)
        found = (await self.ok("GET", f"/registry/schools?inn={school.inn}"))["items"]
        return School(school.inn, school.ogrn, school.kpp, school.name, found[0]["school_id"])

    async def enrol(self, school: School, person: Person, *, with_email: bool = True, **more: Any) -> str:
        """Put a person on the staff roll; returns the staff id."""
        body = {**person.name, "post": "учитель математики", "category": "employee"} | more
        if with_email:
            body["email"] = person.email
        path = f"/registry/schools/{school.school_id}/staff"
        made = await self.ok("POST", path, json=body, headers=await self.operator("registrar"))
        return str(made["staff_id"])

    async def leave(self, school: School, staff_id: str) -> None:
        """End a staff record."""
        path = f"/registry/schools/{school.school_id}/staff/{staff_id}?reason=dismissed"
        await self.ok("DELETE", path, headers=await self.operator("registrar"))

    async def close(self, school: School, *successors: School, on: str = "2026-09-01") -> dict[str, Any]:
        """End a school, by two registrars if one is not enough; with successors its staff moves to the first."""
        body = {"reason": "reorganised" if successors else "liquidated", "on": on}
        goes_on = {"successors": [one.school_id for one in successors]} if successors else {}
        path = f"/registry/schools/{school.school_id}/close"
        done = await self.ok("POST", path, json=body | goes_on, headers=await self.operator("registrar"))
        if done.get("state") == "awaiting-second":
            done = await self.ok("POST", f"{path}/approve", headers=await self.operator("registrar"))
        return dict(done)

    async def ask(self, person: Person, school: School, category: str = "employee", **more: Any) -> Ticket:
        """File an account request."""
        applicant = {**person.name, "email": person.email, "post": "учитель"}
        claim = {"inn": school.inn, "kpp": school.kpp, "name": school.name}
        body = {"applicant": applicant, "school": claim, "category": category, "consent": True} | more
        made = await self.ok("POST", "/identity/account-requests", json=body)
        return Ticket(made["number"], made["tracking_code"])

    async def track(self, ticket: Ticket) -> dict[str, Any]:
        """The tracking page's data."""
        return dict(await self.ok("GET", f"/identity/account-requests/{ticket.number}", headers=ticket.headers))

    async def reaches(self, ticket: Ticket, state: str) -> dict[str, Any]:
        """Wait until the request is in that state."""

        async def look() -> dict[str, Any] | None:
            page = await self.track(ticket)
            return page if page["state"] == state else None

        return dict(await self.settle(look))

    async def mail(self, address: str, pattern: str) -> Mail:
        """Wait for the newest mail to this address whose subject or text has the pattern."""

        async def look() -> Mail | None:
            found = [
                one for one in await self.mailbox(address) if re.search(pattern, f"{one['subject']}\n{one['text']}")
            ]
            return found[-1] if found else None

        return dict(await self.settle(look))

    async def credentials(self, person: Person) -> tuple[str, str]:
        """Login and one-time password from the newest such mail."""
        text = (await self.mail(person.email, PASSWORD.pattern))["text"]
        login, password = LOGIN.search(text), PASSWORD.search(text)
        assert login
        assert password
        return login[1], password[1]

    async def sign_in(self, login: str, password: str, *, remember: bool = False) -> Session:
        """A session, of the scope that the account's state allows."""
        body = {"login": login, "password": password, "remember_me": remember}
        answer = await self.call("POST", "/identity/sessions", json=body)
        assert answer.is_success, answer.text
        return Session(answer.json()["access_token"], answer.cookies, answer.json())

    async def activate(self, first: Session, status: str, password: str = NEW_PASSWORD) -> Session:
        """Declare the status and replace the one-time password."""
        body = {"status": status, "new_password": password}
        answer = await self.call(
            "POST", "/identity/activation", json=body, headers=first.headers, cookies=first.cookies
        )
        assert answer.is_success, answer.text
        return Session(answer.json()["access_token"], answer.cookies, answer.json())

    async def enter(self, person: Person, status: str = "employee") -> tuple[str, Session]:
        """From the mail with the credentials to an open cabinet; returns the login and the session."""
        login, password = await self.credentials(person)
        first = await self.sign_in(login, password)
        assert first.body["scope"] == "activation"
        return login, await self.activate(first, status)

    async def settled_in(self, person: Person, school: School, category: str = "employee") -> tuple[str, Session]:
        """The whole way of somebody who is on the roll by this e-mail."""
        ticket = await self.ask(person, school, category)
        await self.reaches(ticket, "issued")
        return await self.enter(person, category)

    async def referral(self, ticket: Ticket, headers: dict[str, str]) -> dict[str, Any]:
        """Wait for the referral of this request to be on the caller's list."""

        async def look() -> dict[str, Any] | None:
            items = (await self.ok("GET", "/registry/referrals?limit=200", headers=headers))["items"]
            return next((one for one in items if one["number"] == ticket.number), None)

        return dict(await self.settle(look))

    async def confirm(self, ticket: Ticket, headers: dict[str, str], staff_id: str | None = None) -> None:
        """Confirm a referred request for this staff record, or for its only candidate."""
        referral = await self.referral(ticket, headers)
        chosen = staff_id or referral["candidates"][0]["staff_id"]
        path = f"/registry/referrals/{referral['request_id']}/decision"
        await self.ok("POST", path, json={"decision": "confirm", "staff_id": chosen}, headers=headers)

    async def workplace(self, session: Session) -> httpx.Response:
        """The workplace form, once the cabinet has opened."""

        async def look() -> httpx.Response | None:
            answer = await self.call("GET", "/cabinet/workplace", headers=session.headers)
            return None if answer.status_code == httpx.codes.CONFLICT else answer

        answer: httpx.Response = await self.settle(look)
        return answer
