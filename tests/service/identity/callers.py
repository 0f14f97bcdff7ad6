"""People who need the support desk, and the desk itself."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx
from chassis.outbox import new_id
from ekis_contracts.identity import ConfirmationRequested
from ekis_contracts.values import Confirmation

from .people import Desk, Issued

CALLED = {"check": "callback", "note": "перезвонили на номер школы"}


@dataclass
class Case:
    """A ticket as its guest knows it."""

    number: str
    code: str

    @property
    def path(self) -> str:
        return f"/identity/support/tickets/{self.number}"

    @property
    def headers(self) -> dict[str, str]:
        return {"Tracking-Code": self.code}


@dataclass
class Help:
    """What guests and operators do. Every operator is the same one, unless another is made."""

    desk: Desk
    operator_id: UUID = field(default_factory=new_id)

    @property
    def operator(self) -> dict[str, str]:
        return self.desk.it.signed_in(roles=["support"], account_id=self.operator_id)

    def form(self, kind: str = "question", email: str = "guest@mail.example", **more: Any) -> dict[str, Any]:
        return {"kind": kind, "contact": {"email": email, "name": "Гость"}, "text": "Помогите, пожалуйста."} | more

    async def open(self, kind: str = "question", *, by_phone: bool = False, **more: Any) -> Case:
        """Somebody writes, or calls; the events are taken away."""
        headers = self.operator if by_phone else {}
        answer = await self.desk.http.post("/identity/support/tickets", json=self.form(kind, **more), headers=headers)
        assert answer.status_code == 202, answer.text
        await self.desk.published()
        return Case(number=answer.json()["number"], code=answer.json()["tracking_code"])

    async def page(self, case: Case, headers: dict[str, str] | None = None) -> dict[str, Any]:
        answer = await self.desk.http.get(case.path, headers=headers or case.headers)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def state(self, case: Case) -> str:
        return str((await self.page(case))["state"])

    async def say(self, case: Case, text: str = "И ещё вопрос") -> httpx.Response:
        return await self.desk.http.post(f"{case.path}/messages", json={"text": text}, headers=case.headers)

    async def do(self, case: Case, step: str, body: dict[str, Any] | None = None) -> tuple[int, str]:
        """Something the desk does: status and code."""
        answer = await self.desk.http.post(f"{case.path}/{step}", json=body, headers=self.operator)
        return answer.status_code, answer.json().get("code", "")

    async def linked(self, kind: str, issued: Issued, **more: Any) -> Case:
        """A ticket about this account."""
        case = await self.open(kind, by_phone=True, **more)
        assert await self.do(case, "link", {"account_id": str(issued.account_id)}) == (200, "")
        return case

    async def codes(self) -> list[Confirmation]:
        """What the loops have mailed since the last look, to whom and with which code."""
        await self.desk.it.run_loops()
        told = [one for one in await self.desk.told() if isinstance(one, ConfirmationRequested)]
        return [self.desk.it.open(one.confirmation) for one in told]

    async def code(self) -> str:
        (only,) = await self.codes()
        return only.code

    async def show(self, purpose: str, code: str) -> tuple[int, str]:
        """Status, and the code of a refusal or else the state."""
        answer = await self.desk.http.post("/identity/confirmations", json={"purpose": purpose, "code": code})
        return answer.status_code, answer.json().get("code", answer.json().get("state"))
