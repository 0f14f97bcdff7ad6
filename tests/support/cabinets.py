"""People at the door of a running stack, each with a browser of an own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from live import Live
from pages import Visitor
from playwright.async_api import Browser
from story import NEW_PASSWORD, Person, School


@dataclass(frozen=True)
class Staff:
    """A school whose head and one teacher have open cabinets; logins. `teacher_id` is the teacher's staff record."""

    school: School
    head: str
    teacher: str
    teacher_id: str


async def staffed(live: Live, teacher: Person, head: Person, name: str = "Школа № 1505") -> Staff:
    """Everything before the first page of this story."""
    school = await live.story.register(head, School(name=name))
    teacher_id = await live.story.enrol(school, teacher)
    head_login, _ = await live.story.settled_in(head, school, "head")
    login, session = await live.story.settled_in(teacher, school)
    await live.story.workplace(session)
    return Staff(school, head_login, login, teacher_id)


async def signs_in(visitor: Visitor, login: str, password: str = NEW_PASSWORD) -> None:
    """By the door that everybody takes."""
    await visitor.go("/signin")
    await visitor.types("Логин", login)
    await visitor.types("Пароль", password)
    await visitor.submits("Войти")


@asynccontextmanager
async def somebody(browser: Browser, live: Live, login: str, size: str = "desk") -> AsyncIterator[Visitor]:
    """Another person with another browser, signed in."""
    async with Visitor.arrive(browser, live.stack.gateway, size) as it:
        await signs_in(it, login)
        await it.page.wait_for_url("**/home")
        yield it
        assert it.troubles == []


@asynccontextmanager
async def an_editor(browser: Browser, live: Live, size: str = "desk") -> AsyncIterator[Visitor]:
    """An editor of the department at the console."""
    await live.operator("editor")
    async with Visitor.arrive(browser, live.stack.gateway, size) as it:
        await signs_in(it, "editor", live.stack.passwords["operators", "editor"])
        await it.page.wait_for_url("**/desk/*")
        await it.go("/desk/content")
        await it.page.wait_for_url("**/desk/content/news")
        yield it
        assert it.troubles == []
