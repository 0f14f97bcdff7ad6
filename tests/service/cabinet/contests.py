"""Contests at work: whoever writes them, whoever enters them, and what those are told."""

from datetime import timedelta
from typing import Any

from chassis.db import new_id
from chassis.testing.opened import Opened

from .conftest import Person
from .people import settle

TEXT = {"title": "Учитель года", "body": "Урок и эссе.", "place": "Дворец на Воробьёвых горах"}


class Board:
    """An editor, or a head of the own school, at work; signed in anew each time: clocks move here."""

    def __init__(self, it: Opened, head: Person | None = None) -> None:
        own = {"account_id": head.account_id, "category": "head", "school_id": head.school_id} if head else {}
        self.it, self.claims = it, own or {"account_id": new_id(), "roles": ["editor"]}

    @property
    def headers(self) -> dict[str, str]:
        return self.it.signed_in(**self.claims)

    async def ask(self, method: str, path: str, **options: Any) -> Any:
        headers = self.headers | {"If-Match": "*"} | options.pop("headers", {})
        return await self.it.http.request(method, f"/cabinet/contests{path}", headers=headers, **options)

    async def ok(self, method: str, path: str, **options: Any) -> Any:
        answer = await self.ask(method, path, **options)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def plan(self, **said: Any) -> dict[str, Any]:
        """Open since yesterday, for a week; it begins in ten days."""
        now = self.it.clock()
        days = {"opens_at": -1, "closes_at": 7, "starts_at": 10} | said.pop("days", {})
        times = {name: (now + timedelta(days=after)).isoformat() for name, after in days.items() if after is not None}
        return TEXT | {"needs_approval": False} | times | said

    async def write(self, **said: Any) -> str:
        return str((await self.ok("POST", "", json=self.plan(**said)))["contest_id"])

    async def announce(self, **said: Any) -> str:
        contest_id = await self.write(**said)
        await self.ok("POST", f"/{contest_id}/announce")
        return contest_id

    async def change(self, contest_id: str, **said: Any) -> Any:
        """The same plan but for this."""
        old = await self.ok("GET", f"/written/{contest_id}")
        plan = {
            name: old[name] for name in (*self.plan(), "kind", "audience", "subjects", "capacity", "quota", "files")
        }
        return await self.ask("PUT", f"/{contest_id}", json=plan | said)

    async def counts(self, contest_id: str) -> dict[str, int]:
        counts = (await self.ok("GET", f"/written/{contest_id}"))["counts"]
        return {state: count for state, count in counts.items() if count}

    async def decide(self, entry_id: str, how: str, reason: str | None = None) -> Any:
        body = {"json": {"reason": reason}} if reason else {}
        return await self.ask("POST", f"/entries/{entry_id}/{how}", **body)


async def colleague(it: Opened, of: Person, name: str = "Коллега", post: str = "Учитель физики") -> Person:
    """Another teacher of the same school."""
    return await settle(it, Person(school_id=of.school_id, last_name=name, post=post))


async def headed(it: Opened, of: Person) -> tuple[Person, dict[str, str]]:
    """The head of a school, and how the head signs in."""
    head = Person(school_id=of.school_id, last_name="Директор", post="Директор")
    await settle(it, head, staff={"category": "head"})
    return head, it.signed_in(account_id=head.account_id, category="head", school_id=of.school_id)


async def enter(it: Opened, contest_id: str, person: Person, **said: Any) -> Any:
    headers = person.headers(it) | said.pop("headers", {})
    return await it.http.post(f"/cabinet/contests/{contest_id}/entries", json=said, headers=headers)


async def entry(it: Opened, contest_id: str, person: Person, **said: Any) -> str:
    """The id of an entry that was taken."""
    answer = await enter(it, contest_id, person, **said)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["entry_id"])


async def seen(it: Opened, contest_id: str, person: Person) -> dict[str, Any]:
    """The card."""
    answer = await it.http.get(f"/cabinet/contests/{contest_id}", headers=person.headers(it))
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def mine(it: Opened, contest_id: str, person: Person) -> tuple[str, int | None]:
    """What has become of somebody's entry, and the place in the waiting list."""
    own = (await seen(it, contest_id, person))["mine"]
    return own["state"], own["waiting_no"]


async def withdraw(it: Opened, entry_id: str, person: Person) -> Any:
    return await it.http.post(f"/cabinet/contests/entries/{entry_id}/withdraw", headers=person.headers(it))


async def listed(it: Opened, person: Person, view: str = "open", **more: Any) -> list[str]:
    """Titles, page by page."""
    titles, cursor = [], None
    while True:
        params = {"view": view} | more | ({"cursor": cursor} if cursor else {})
        answer = await it.http.get("/cabinet/contests", params=params, headers=person.headers(it))
        assert answer.status_code == 200, answer.text
        titles += [one["title"] for one in answer.json()["items"]]
        cursor = answer.json()["next"]
        if cursor is None:
            return titles
