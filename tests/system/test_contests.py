"""A contest on the real stack, as its editor, a head, teachers and a stranger have it, with the mails; and a crowd."""

import asyncio
import csv
import io
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any, Self

import asyncpg
import httpx
from chassis.db import new_id, utc_now
from chassis.testing.opened import Keyring
from live import Live
from story import Person, School, Session

ASKED = {"If-Match": "*"}
CROWD = 100
PEOPLE = """
INSERT INTO account (account_id, state, staff_id, school_id, category, post)
SELECT account_id, 'open', gen_random_uuid(), $2, 'employee', 'толпа' FROM unnest($1::uuid[]) AS account_id
"""


def plan(**said: Any) -> dict[str, Any]:
    """Open now, for a week; it begins in ten days."""
    days = {"opens_at": -1, "closes_at": 7, "starts_at": 10}
    times = {name: (datetime.now(UTC) + timedelta(days=after)).isoformat() for name, after in days.items()}
    return {"title": "Учитель года", "body": "Урок и эссе.", "place": "Дворец"} | times | said


async def announced(live: Live, editor: dict[str, str], **said: Any) -> str:
    made = await live.story.ok("POST", "/cabinet/contests", json=plan(**said), headers=editor)
    await live.story.ok("POST", f"/cabinet/contests/{made['contest_id']}/announce", headers=editor | ASKED)
    return str(made["contest_id"])


async def exported(live: Live, contest_id: str) -> list[tuple[str, str]]:
    """Last names and states of the file."""
    path = f"/cabinet/contests/{contest_id}/entries.csv"
    answer = await live.call("GET", path, headers=await live.operator("editor"))
    lines = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")), delimiter=";")
    return [(line[0].split()[0], line[3]) for line in lines][1:]


class Cabinet:
    """Somebody signed in, with an open cabinet."""

    def __init__(self, live: Live, session: Session) -> None:
        self.live, self.headers = live, session.headers

    @classmethod
    async def of(cls, live: Live, person: Person, school: School, category: str = "employee") -> Self:
        _, session = await live.story.settled_in(person, school, category)
        await live.story.workplace(session)
        return cls(live, session)

    async def wants_all_at_once(self) -> Self:
        """Announcements and what waits for a decision wait for the digest otherwise."""
        body = {"kinds": {"contest": "now"}}
        await self.live.story.ok("PUT", "/notify/preferences", json=body, headers=self.headers | ASKED)
        return self

    async def ok(self, method: str, path: str, **options: Any) -> Any:
        return await self.live.story.ok(method, f"/cabinet/contests{path}", headers=self.headers, **options)

    async def entered(self, contest_id: str, **said: Any) -> Any:
        return await self.ok("POST", f"/{contest_id}/entries", json=said)

    async def state(self, contest_id: str) -> tuple[str, int | None]:
        mine = (await self.ok("GET", f"/{contest_id}"))["mine"]
        return mine["state"], mine["waiting_no"]


async def test_a_contest_from_its_announcement_to_the_list_of_who_comes(live: Live) -> None:
    story, editor = live.story, await live.operator("editor")
    head, anna, boris, stranger = Person("Директорова"), Person("Ждущая"), Person("Уходящий"), Person("Посторонняя")
    school, other = await story.register(head), await story.register(Person("Чужая"))
    for teacher in (anna, boris):
        await story.enrol(school, teacher)
    await story.enrol(other, stranger)
    of_head = await (await Cabinet.of(live, head, school, "head")).wants_all_at_once()
    of_boris, of_anna = await Cabinet.of(live, boris, school), await Cabinet.of(live, anna, school)
    of_stranger = await Cabinet.of(live, stranger, other)

    contest_id = await announced(live, editor, capacity=1, audience={"school_ids": [school.school_id]})
    assert "Учитель года" in (await story.mail(head.email, "Учитель года"))["text"]
    assert (await live.call("GET", f"/cabinet/contests/{contest_id}", headers=of_stranger.headers)).status_code == 404
    assert (await of_stranger.ok("GET", ""))["items"] == []

    for cabinet in (of_boris, of_anna):
        assert (await cabinet.entered(contest_id, text="Урок о дробях"))["state"] == "applied"
    await story.mail(head.email, "ждёт вашего решения")
    waiting = (await of_head.ok("GET", "/entries"))["items"]
    assert [one["name"] for one in waiting] == ["Уходящий Анна Сергеевна", "Ждущая Анна Сергеевна"]
    for one in waiting:
        await of_head.ok("POST", f"/entries/{one['entry_id']}/approve")
    await story.mail(boris.email, "Вы участвуете: Учитель года")
    await story.mail(anna.email, "Вы в листе ожидания: Учитель года")
    assert (await of_boris.state(contest_id), await of_anna.state(contest_id)) == (
        ("accepted", None), ("waitlisted", 1),
    )  # fmt: skip

    await of_boris.ok("POST", f"/entries/{waiting[0]['entry_id']}/withdraw")
    await story.mail(anna.email, "Освободилось место, вы участвуете: Учитель года")
    assert await of_anna.state(contest_id) == ("accepted", None)
    assert await exported(live, contest_id) == [("Уходящий", "отозвана"), ("Ждущая", "участвует")]

    path, editor = f"/cabinet/contests/{contest_id}/cancel", await live.operator("editor")
    await live.story.ok("POST", path, json={"reason": "Зал затоплен"}, headers=editor | ASKED)
    await story.mail(anna.email, "Отменено: Учитель года")
    assert not [one for one in await live.mailbox(boris.email) if "Отменено" in one["subject"] + one["text"]]
    assert not [one for one in await live.mailbox(stranger.email) if "Учитель года" in one["subject"] + one["text"]]


async def test_a_crowd_through_the_gateway_for_the_last_place(live: Live) -> None:
    keyring = Keyring(live.stack.root / "secrets" / "keys")
    people, school_id = [new_id() for _ in range(CROWD)], new_id()
    connection = await asyncpg.connect(live.stack.databases["cabinet"])
    await connection.execute(PEOPLE, people, school_id)
    editor = await live.operator("editor")
    contest_id = await announced(live, editor, capacity=1, needs_approval=False, audience={"posts": ["толпа"]})
    limits = httpx.Limits(max_connections=CROWD)
    async with httpx.AsyncClient(base_url=f"{live.stack.gateway}/api", limits=limits, timeout=60) as client:

        async def enter(account_id: Any) -> httpx.Response:
            who = {"account_id": account_id, "category": "employee", "school_id": school_id}
            headers = keyring.bearer(utc_now(), **who)
            return await client.post(f"/cabinet/contests/{contest_id}/entries", json={}, headers=headers)

        answers = await asyncio.gather(*map(enter, people))
    assert [one.status_code for one in answers] == [201] * CROWD
    assert Counter(one.json()["state"] for one in answers) == {"accepted": 1, "waitlisted": CROWD - 1}
    rows = await connection.fetch(
        "SELECT account_id, queue_no FROM contest_entry WHERE contest_id = $1 ORDER BY queue_no NULLS FIRST", contest_id
    )
    assert [row["queue_no"] for row in rows] == [None, *range(1, CROWD)]
    assert {row["account_id"] for row in rows} == set(people)
    await connection.execute("DELETE FROM account WHERE account_id = ANY ($1)", people)
    await connection.close()
