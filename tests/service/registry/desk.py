"""Two registrars, and what they do to schools that close."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from chassis.db import new_id
from ekis_contracts import ForCabinet, ForNotify
from ekis_contracts.days import today
from ekis_contracts.identity import AccountActivated
from ekis_contracts.values import Contact, PersonName

if TYPE_CHECKING:
    from .conftest import Registry


@dataclass
class Desk:
    """Two registrars, and what they do to schools."""

    registry: "Registry"

    def __post_init__(self) -> None:
        self.first, self.second = self.registry.registrar, self.registry.registrar

    def day(self, ahead: int = 0) -> str:
        return (today(self.registry.it.clock()) + timedelta(days=ahead)).isoformat()

    def body(self, *successors: str, reason: str = "", ahead: int = 0) -> dict[str, Any]:
        given = {"reason": reason or ("reorganised" if successors else "liquidated"), "on": self.day(ahead)}
        return given | ({"successors": list(successors)} if successors else {})

    async def call(self, method: str, school_id: str, tail: str = "", who: Any = None, **more: Any) -> Any:
        path = f"/registry/schools/{school_id}/close{tail}"
        return await self.registry.http.request(method, path, headers=who or self.first, **more)

    async def close(self, school_id: str, *successors: str, ahead: int = 0, who: Any = None, **more: Any) -> Any:
        return await self.call("POST", school_id, who=who, json=self.body(*successors, ahead=ahead) | more)

    async def approve(self, school_id: str, who: Any = None) -> Any:
        return await self.call("POST", school_id, "/approve", who=who or self.second)

    async def preview(self, school_id: str, *successors: str, ahead: int = 0) -> dict[str, Any]:
        answer = await self.call("GET", school_id, params=self.body(*successors, ahead=ahead))
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def read(self, school_id: str) -> dict[str, Any]:
        return dict((await self.registry.http.get(f"/registry/schools/{school_id}")).json())

    async def roll(self, school_id: str) -> set[str]:
        answer = await self.registry.http.get(f"/registry/schools/{school_id}/staff", headers=self.first)
        return {one["staff_id"] for one in answer.json()["items"]}

    async def pass_days(self, days: int) -> None:
        self.registry.it.clock.move(timedelta(days=days))
        self.first, self.second = self.registry.registrar, self.registry.registrar
        await self.registry.it.run_loops()

    async def activated(self, staff_id: str, school_id: str) -> None:
        event = AccountActivated(
            account_id=new_id(),
            state="active",
            staff_id=UUID(staff_id),
            school_id=UUID(school_id),
            category="employee",
            post="учитель",
            session_epoch=1,
            activated_at=self.registry.it.clock(),
            contact=ForNotify(Contact(name="Пётр", email="elkin@school1505.example")),
            name=ForCabinet(PersonName(last_name="Ёлкин", first_name="Пётр")),
        )
        await self.registry.it.tell(event)


async def emptied(registry: "Registry", school_id: str) -> str:
    """The school with nobody on its roll."""
    path = f"/registry/schools/{school_id}/staff/{await registry.head_id(school_id)}"
    await registry.http.delete(path, params={"reason": "resigned"}, headers=registry.registrar)
    await registry.told()
    return school_id
