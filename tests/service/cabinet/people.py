"""Many invented people with open cabinets, and what lies in their inboxes."""

from typing import Any
from uuid import UUID

from cabinet.notices.actions import address_notice
from cabinet.notices.domain import Notice
from chassis.db import new_id
from chassis.testing.opened import Opened
from ekis_contracts.cabinet import NoticeAddressed

from .conftest import Person


async def settle(it: Opened, person: Person, *, staff: dict[str, Any] | None = None, **school: Any) -> Person:
    """Give a person a school, a place on its roll and an open cabinet."""
    await it.tell(person.school(**school))
    await it.tell(person.enrolled(**(staff or {})))
    await it.tell(person.activated(), 2)
    return person


async def put(it: Opened, to: Any, **said: Any) -> UUID:
    """Address a notice; returns what it is about."""
    about = new_id()
    usual: dict[str, Any] = {"kind": "task", "about": about, "title": "Новое дело", "page": f"/tasks/{about}"}
    notice = Notice(**usual | said)
    async with it.runtime.database.transaction() as tx:
        await address_notice(tx, notice, to)
    return notice.about


async def inbox(it: Opened, person: Person) -> tuple[list[str], int]:
    """Titles in the inbox, and how many are unread."""
    answer = await it.http.get("/cabinet/inbox", headers=person.headers(it))
    assert answer.status_code == 200, answer.text
    return [one["title"] for one in answer.json()["items"]], answer.json()["unread"]


async def told(it: Opened) -> list[tuple[Any, Any]]:
    """The pages of notices that go to mail boxes, with their envelopes."""
    await it.run_loops()
    return [(event, envelope) for event, envelope in await it.published() if isinstance(event, NoticeAddressed)]
