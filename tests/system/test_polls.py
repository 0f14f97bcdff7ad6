"""A poll on the real stack: an editor asks the city, a head the school; teachers answer, a stranger finds nothing."""

import asyncio
import csv
import io
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import httpx
from live import Live
from story import Person, School, Session, Story

ASKED = {"If-Match": "*"}
HALL = {"kind": "single", "text": "Где провести педсовет?", "options": ["В зале", "Онлайн"]}
WISH = {"kind": "text", "text": "Чего не хватает?", "required": False}
SECRET = "проекторов-в-кабинетах"


@dataclass
class Cast:
    """A school with its head and teachers, and a teacher of another school."""

    live: Live
    head: Session
    teachers: list[Session]
    stranger: Session
    polls: list[str] = field(default_factory=list)

    async def asks(self, headers: dict[str, str], **said: Any) -> str:
        poll = {"title": "О педсовете", "questions": [HALL, WISH]} | said
        made = await self.live.story.ok("POST", "/cabinet/polls", json=poll, headers=headers)
        await self.live.story.ok("POST", f"/cabinet/polls/{made['poll_id']}/publish", headers=headers | ASKED)
        return str(made["poll_id"])

    async def answers(self, who: Session, poll_id: str, option: int, wish: str = "") -> httpx.Response:
        poll = await self.live.call("GET", f"/cabinet/polls/{poll_id}", headers=who.headers)
        if poll.is_error:
            return poll
        hall, words = [one["question_id"] for one in poll.json()["questions"]]
        body = {"answers": {hall: option, words: wish}}
        return await self.live.call("POST", f"/cabinet/polls/{poll_id}/answers", json=body, headers=who.headers)

    async def counted(self, headers: dict[str, str], poll_id: str) -> dict[str, Any]:
        async def look() -> Any:
            results = await self.live.story.ok("GET", f"/cabinet/polls/{poll_id}/results", headers=headers)
            return results if results["hidden"] != "counting" else None

        return dict(await self.live.settle(look))


async def settled(story: Story, school: School, person: Person, category: str = "employee") -> Session:
    _, session = await story.settled_in(person, school, category)
    await story.workplace(session)
    return session


async def gathered(live: Live, count: int) -> Cast:
    story, director = live.story, Person("Директорова")
    school, other = await story.register(director), await story.register(Person("Чужедиректорова"))
    people = [Person(f"Учителева{'абвгд'[number]}") for number in range(count)]
    stranger = Person("Посторонняя")
    for person in people:
        await story.enrol(school, person)
    await story.enrol(other, stranger)
    head = await settled(story, school, director, "head")
    teachers = [await settled(story, school, person) for person in people]
    return Cast(live, head, teachers, await settled(story, other, stranger))


async def test_a_head_asks_the_school_and_five_answers_are_counted_without_names(live: Live) -> None:
    cast = await gathered(live, 4)
    head, story = cast.head.headers, live.story
    end = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    poll_id = await cast.asks(head, closes_at=end)
    inbox = await story.ok("GET", "/cabinet/inbox", headers=cast.teachers[0].headers)
    polls = [one["page"] for one in inbox["items"] if one["kind"] == "poll"]
    assert polls == [f"/polls/{poll_id}"]
    assert (await cast.answers(cast.stranger, poll_id, 0)).status_code == 404
    taken = await asyncio.gather(*(cast.answers(cast.teachers[0], poll_id, 0) for _ in range(5)))
    assert sorted(one.status_code for one in taken) == [201] + [409] * 4
    for person in [*cast.teachers[1:], cast.head]:
        assert (await cast.answers(person, poll_id, 1, SECRET)).status_code == 201
    database = await asyncpg.connect(live.stack.databases["cabinet"])
    assert SECRET not in str(await database.fetch("SELECT * FROM poll_envelope")), "sealed until the end"
    early = await live.call("GET", f"/cabinet/polls/{poll_id}/results", headers=head)
    assert (early.status_code, early.json()["code"]) == (409, "poll-open")
    await story.ok("POST", f"/cabinet/polls/{poll_id}/close", headers=head | ASKED)
    results = await cast.counted(head, poll_id)
    assert (results["answered"], [one["count"] for one in results["questions"][0]["cells"]]) == (5, [1, 4])
    assert results["questions"][1]["hidden"], "four texts are too few"
    for who, status in ((cast.teachers[0], 404), (cast.stranger, 404)):
        refused = await live.call("GET", f"/cabinet/polls/{poll_id}/results", headers=who.headers)
        assert refused.status_code == status
    file = await live.call("GET", f"/cabinet/polls/{poll_id}/results.csv", headers=head)
    lines = list(csv.reader(io.StringIO(file.text.removeprefix("\ufeff")), delimiter=";"))
    assert ["Где провести педсовет?", "Онлайн", "4", "80,0"] in lines
    await database.close()


async def test_an_editor_asks_the_city_and_it_closes_by_itself(live: Live) -> None:
    cast = await gathered(live, 1)
    editor, story = await live.operator("editor"), live.story
    poll_id = await cast.asks(editor, closes_at=(datetime.now(UTC) + timedelta(seconds=8)).isoformat())
    for person in (cast.head, cast.teachers[0], cast.stranger):
        assert (await cast.answers(person, poll_id, 0)).status_code == 201
    foreign = await live.call("POST", f"/cabinet/polls/{poll_id}/close", headers=cast.head.headers | ASKED)
    assert foreign.status_code == 404, "it is not the school's"

    async def is_closed() -> bool:
        return bool((await story.ok("GET", f"/cabinet/polls/{poll_id}", headers=editor))["state"] == "closed")

    await live.settle(is_closed)
    results = await cast.counted(editor, poll_id)
    assert (results["hidden"], results["answered"], results["questions"]) == ("few", 3, [])
    listed = await story.ok("GET", "/cabinet/polls?own=closed", headers=cast.stranger.headers)
    assert [one["poll_id"] for one in listed["items"]] == [poll_id]
