"""A quarter at a school, as its head, a teacher and a stranger live through it, by HTTP alone."""

from datetime import date, timedelta
from typing import Any

from cabinet.diary.domain.calendar import today
from story import NEW_PASSWORD, Person, Session
from world import World


class At:
    """Somebody at work."""

    def __init__(self, world: World, login: str, session: Session) -> None:
        self._world, self._login, self._session = world, login, session

    async def sign_in(self) -> None:
        """On the next day that one comes to work."""
        self._session = await self._world.story.sign_in(self._login, NEW_PASSWORD)

    async def call(self, method: str, path: str, **options: Any) -> Any:
        headers = self._session.headers | options.pop("headers", {})
        return await self._world.story.call(method, f"/cabinet{path}", headers=headers, **options)

    async def ok(self, method: str, path: str, **options: Any) -> Any:
        answer = await self.call(method, path, **options)
        assert answer.is_success, f"{path}: {answer.text}"
        return answer.json()

    async def made(self, path: str, **body: Any) -> Any:
        return await self.ok("POST", path, json=body)


async def staffed(world: World, head: Person, teacher: Person) -> tuple[At, At]:
    """A school with its head and a teacher, both settled in."""
    school = await world.story.register(head)
    await world.story.enrol(school, teacher)
    await world.bus.drain()
    ways = [await world.story.settled_in(head, school, "head"), await world.story.settled_in(teacher, school)]
    await world.bus.drain()
    first, second = (At(world, login, session) for login, session in ways)
    return first, second


async def set_up(head: At, day: date, last_name: str) -> dict[str, Any]:
    """Term, class, subject, load and a list from a file; whom to name is looked up as the page does."""
    year = (day - timedelta(days=243)).year
    term = await head.made("/terms", year=year, name="1 четверть", starts=f"{year}-09-01", ends=f"{year + 1}-08-31")
    class_id = (await head.made("/classes", name="5А", year=year))["class_id"]
    subject_id = (await head.made("/subjects", name="Математика"))["subject_id"]
    teachers = (await head.ok("GET", "/teachers"))["items"]
    account_id = next(one["account_id"] for one in teachers if one["last_name"] == last_name)
    await head.made("/loads", class_id=class_id, subject_id=subject_id, account_id=account_id)
    listed = {"file": ("5А.csv", "ФИО\nВолков Иван\nГусева Анна\n".encode())}
    await head.ok("POST", f"/classes/{class_id}/pupils/import", files=listed, data={"mode": "apply"})
    return {"class_id": class_id, "subject_id": subject_id, "term_id": term["term_id"]}


async def test_a_quarter_from_the_class_list_to_the_finals(world: World) -> None:
    head, teacher = await staffed(world, Person("Главная", "Вера"), Person("Числова", "Алла"))
    day = today(world.clock())
    of = await set_up(head, day, "Числова")
    taught = {"class_id": of["class_id"], "subject_id": of["subject_id"]}
    items = (await teacher.ok("GET", f"/classes/{of['class_id']}/pupils"))["items"]
    wolf, goose = (one["pupil_id"] for one in items)

    lesson = await teacher.made("/lessons", **taught, date=str(day), number=2, topic="Дроби", homework="№ 5")
    column = f"/lessons/{lesson['lesson_id']}/marks"
    marks = [{"pupil_id": wolf, "version": 0, "mark": 5}, {"pupil_id": goose, "version": 0, "absence": "Н"}]
    await teacher.ok("PUT", column, json={"marks": marks})
    journal = await head.ok("GET", "/journal", params=of)
    assert [one["average"] for one in journal["pupils"]] == [5, None]
    week = await teacher.ok("GET", f"/pupils/{wolf}/diary", params={"week": day.strftime("%G-W%V")})
    assert [(one["topic"], one["mark"]) for one in week["lessons"]] == [("Дроби", 5)]

    world.clock.move(timedelta(days=8))
    for who in (head, teacher):
        await who.sign_in()
    late = {"marks": [{"pupil_id": wolf, "version": 1, "mark": 4}], "reason": "Пересдала"}
    assert (await teacher.call("PUT", column, json=late)).json()["code"] == "window-closed"
    account_id = (await head.ok("GET", "/loads"))["items"][0]["account_id"]
    until = str(today(world.clock()))
    await head.made("/leaves", account_id=account_id, term_id=of["term_id"], until=until, reason="Болела")
    await teacher.ok("PUT", column, json=late)
    (newest, _) = (await head.ok("GET", f"{column}/{wolf}/history"))["items"]
    assert (newest["reason"], newest["author"]["name"]) == ("Пересдала", "Числова Алла Сергеевна")

    finals = [{"pupil_id": wolf, "version": 0, "mark": 4}]
    await teacher.ok("PUT", "/finals", json={**of, "finals": finals})
    await head.ok("PATCH", f"/terms/{of['term_id']}", json={"closed": True}, headers={"If-Match": '"1"'})
    assert (await teacher.call("PUT", column, json=late)).json()["code"] == "term-closed"
    assert "Волков Иван" in (await head.call("GET", "/journal.html", params=of)).text

    stranger, another = await staffed(world, Person("Другая", "Ирина"), Person("Чужая", "Ольга"))
    for who in (stranger, another):
        assert (await who.call("GET", "/journal", params=of)).status_code == 404
        assert (await who.call("PUT", column, json=late)).status_code == 404
