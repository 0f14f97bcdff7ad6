"""Polls in browsers: a head asks the school, a teacher answers once, the head closes it; few answers stay hidden."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from live import Live
from pages import Visitor
from playwright.async_api import Browser, expect
from story import NEW_PASSWORD, Person, School, Session

ASKED = {"If-Match": "*"}


@dataclass
class People:
    """A school with its head and a teacher, and how they sign in."""

    school: School
    head: str
    headship: Session
    teacher: str


async def people(live: Live, story_of: str) -> People:
    """`story_of` makes the names of each test's people their own."""
    story, head, teacher = live.story, Person(f"Дворцова{story_of}", "Вера"), Person(f"Ходокова{story_of}")
    school = await story.register(head)
    await story.enrol(school, teacher)
    head_login, headship = await story.settled_in(head, school, "head")
    teacher_login, teaching = await story.settled_in(teacher, school)
    for session in (headship, teaching):
        await story.workplace(session)
    return People(school, head_login, headship, teacher_login)


async def signs_in(visitor: Visitor, login: str, password: str = NEW_PASSWORD) -> None:
    await visitor.go("/signin")
    await visitor.types("Логин", login)
    await visitor.types("Пароль", password)
    await visitor.submits("Войти")
    await visitor.page.wait_for_url(lambda url: "/signin" not in url)


@asynccontextmanager
async def another(visitor: Visitor, browser: Browser, live: Live) -> AsyncIterator[Visitor]:
    """A second person with a device of the same size."""
    async with Visitor.arrive(browser, live.stack.gateway, visitor.size) as it:
        yield it
        assert it.troubles == []


async def writes(head: Visitor) -> None:
    """A poll of three questions; what is missing is said beside its field, what is typed survives a reload."""
    await head.clicks("Новый опрос")
    await head.sees("Новый опрос")
    await head.submits("Сохранить черновик")
    await expect(head.page.get_by_label("Название опроса")).to_be_focused()
    await head.types("Название опроса", "О педсовете")
    await head.types("Пояснение", "Итоги обсудим в пятницу.")
    await head.types("Текст вопроса", "Где провести педсовет?")
    await head.types("Варианты ответа", "В актовом зале\nОнлайн")
    await head.page.reload()
    await expect(head.page.get_by_label("Варианты ответа")).to_have_value("В актовом зале\nОнлайн")
    await head.clicks("Добавить вопрос")
    second = head.page.get_by_role("group", name="Вопрос 2")
    await second.get_by_label("Текст вопроса").fill("Как прошла четверть?")
    await second.get_by_label("Как отвечать").click()
    await head.page.get_by_role("option", name="Оценка по шкале").click()
    await second.get_by_label("Что значит нижний край").fill("Плохо")
    await second.get_by_label("Что значит верхний край").fill("Отлично")
    await head.clicks("Добавить вопрос")
    third = head.page.get_by_role("group", name="Вопрос 3")
    await third.get_by_label("Текст вопроса").fill("Чего не хватает?")
    await third.get_by_label("Как отвечать").click()
    await head.page.get_by_role("option", name="Ответ словами").click()
    await third.get_by_label("Ответ обязателен").uncheck()
    await head.sees("Новый опрос")
    await head.submits("Сохранить черновик")


async def publishes(head: Visitor) -> None:
    await head.sees("О педсовете")
    await head.reads("Черновик")
    await head.clicks("Опубликовать")
    await head.clicks("Да, опубликовать")
    await head.reads("Ответили 0 человек")


async def answers(teacher: Visitor) -> None:
    """Found in the list; required questions are named; a reload keeps what was chosen."""
    await teacher.go("/polls")
    await teacher.sees("Опросы")
    await teacher.clicks("О педсовете")
    await teacher.sees("О педсовете")
    await teacher.reads("не увидят, кто что ответил")
    await teacher.submits("Отправить ответ")
    await teacher.reads("Ответьте на этот вопрос")
    await expect(teacher.page.get_by_role("radiogroup", name="1. Где провести педсовет?")).to_be_focused()
    await teacher.chooses("Онлайн")
    await teacher.page.get_by_role("radio", name="5, Отлично").check()
    await teacher.types("3. Чего не хватает?", "Проекторов")
    await teacher.page.reload()
    await expect(teacher.page.get_by_label("Онлайн")).to_be_checked()
    await expect(teacher.page.get_by_role("radio", name="5, Отлично")).to_be_checked()
    await teacher.picture("Опрос с ответами")


@pytest.mark.timeout(300)  # the first one waits for the stack as well
async def test_a_head_asks_and_a_teacher_answers_once(live: Live, browser: Browser, visitor: Visitor) -> None:
    them = await people(live, "ъ" if visitor.size == "phone" else "ь")
    await signs_in(visitor, them.head)
    await visitor.go("/polls")
    await visitor.sees("Опросы")
    await visitor.clicks("Опросы школы")
    await visitor.sees("Опросы школы")
    await writes(visitor)
    await publishes(visitor)
    async with another(visitor, browser, live) as teacher:
        await signs_in(teacher, them.teacher)
        await answers(teacher)
        other_tab = await teacher.page.context.new_page()
        await other_tab.goto(teacher.page.url)
        await other_tab.get_by_label("В актовом зале").check()
        await other_tab.get_by_role("radio", name="1, Плохо").check()
        await teacher.submits("Отправить ответ")
        await teacher.reads("Ответ принят")
        await teacher.sees("О педсовете")
        await teacher.picture("Опрос принят")
        await other_tab.get_by_role("main").get_by_role("button", name="Отправить ответ").click()
        await expect(other_tab.get_by_text("Ответ принят").first).to_be_visible()
        await teacher.go("/polls?own=answered")
        await expect(teacher.page.get_by_role("link", name="О педсовете")).to_have_count(1)
    await visitor.reads("Ответил 1 человек")
    await visitor.clicks("Закрыть опрос")
    await visitor.clicks("Да, закрыть")
    await visitor.reads("Итоги скрыты: ответили меньше 5 человек")
    await visitor.picture("Опрос закрыт, мало ответов")
    await visitor.sees("О педсовете")
    await expect(visitor.page.get_by_text("Проекторов")).to_have_count(0)


async def asked(live: Live, headers: dict[str, str], **said: Any) -> str:
    """A published poll."""
    choice = {
        "kind": "multiple",
        "text": "В какие дни удобно?",
        "options": ["Понедельник", "Вторник", "Среда"],
        "most": 2,
    }
    scale = {"kind": "scale", "text": "Как прошла четверть?", "scale": {"low_name": "Плохо", "high_name": "Отлично"}}
    words = {"kind": "text", "text": "Чего не хватает?"}
    body = {"title": "О расписании", "questions": [choice, scale, words]} | said
    poll = await live.story.ok("POST", "/cabinet/polls", json=body, headers=headers)
    await live.story.ok("POST", f"/cabinet/polls/{poll['poll_id']}/publish", headers=headers | ASKED)
    return str(poll["poll_id"])


async def answered_by_five(live: Live, poll_id: str, school: School) -> None:
    for number in range(5):
        person = Person(f"Пятова{'абвгд'[number]}")
        await live.story.enrol(school, person)
        _, session = await live.story.settled_in(person, school)
        await live.story.workplace(session)
        poll = await live.story.ok("GET", f"/cabinet/polls/{poll_id}", headers=session.headers)
        days, mood, words = [one["question_id"] for one in poll["questions"]]
        said = {days: [number % 3, (number + 1) % 3], mood: 3 + number % 3, words: f"Нужны проекторы, {number}"}
        body = {"answers": said}
        await live.story.ok("POST", f"/cabinet/polls/{poll_id}/answers", json=body, headers=session.headers)


@pytest.mark.timeout(300)
async def test_results_are_bars_and_a_table(live: Live, visitor: Visitor) -> None:
    them = await people(live, "э" if visitor.size == "phone" else "ю")
    poll_id = await asked(live, them.headship.headers, anonymous=False, title="О расписании с именами")
    await answered_by_five(live, poll_id, them.school)
    await signs_in(visitor, them.head)
    await visitor.go(f"/polls/{poll_id}")
    await visitor.reads("Ваше имя будет видно")
    await visitor.go(f"/polls/written/{poll_id}")
    await visitor.clicks("Закрыть опрос")
    await visitor.clicks("Да, закрыть")
    await visitor.reads("5 человек")
    table = visitor.page.get_by_role("table", name="То же таблицей").first
    await expect(table.get_by_role("row", name="Понедельник")).to_contain_text("%")
    await visitor.reads("Нужны проекторы, 3")
    await expect(visitor.page.get_by_role("table", name="Кто что ответил")).to_contain_text("Пятовад")
    async with visitor.page.expect_download() as downloading:
        await visitor.clicks("Скачать итоги")
    assert (await downloading.value).suggested_filename == "results.csv"
    await visitor.sees("О расписании с именами")


@pytest.mark.timeout(300)
async def test_an_editor_asks_the_city_from_the_console(live: Live, visitor: Visitor) -> None:
    headers = await live.operator("editor")
    poll_id = await asked(live, headers, title=f"Опрос города {visitor.size}")
    await signs_in(visitor, "editor", live.stack.passwords["operators", "editor"])
    await visitor.go("/desk/polls")
    await visitor.sees("Опросы города")
    await visitor.clicks(f"Опрос города {visitor.size}")
    await visitor.sees(f"Опрос города {visitor.size}")
    await visitor.go(f"/desk/polls/{poll_id}/edit")
    await visitor.types("Пояснение", "Для всех школ")
    await visitor.sees("Изменить опрос")
    await visitor.submits("Сохранить")
    await visitor.reads("Для всех школ")
