"""An online lesson in the browser: a teacher plans and shares it, a pupil without an account hands in, the mark is in
the diary."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from classroom import opened_class
from live import Live
from pages import Visitor
from playwright.async_api import Browser, Locator, expect
from story import NEW_PASSWORD, Person, Session

TOPIC = "Сложение дробей"
LINK = "https://telemost.yandex.ru/j/42"
MOSCOW = ZoneInfo("Europe/Moscow")


@dataclass
class Room:
    """A teacher with a class: the login, the session beside the browser, the ids."""

    login: str
    session: Session
    of: dict[str, str]


async def prepared(live: Live) -> Room:
    head, teacher = Person("Дворцова", "Вера"), Person("Числова")
    school = await live.story.register(head)
    await live.story.enrol(school, teacher)
    _, leading = await live.story.settled_in(head, school, "head")
    login, session = await live.story.settled_in(teacher, school)
    for one in (leading, session):
        await live.story.workplace(one)
    return Room(login, session, await opened_class(live.story, leading, session))


async def signs_in(visitor: Visitor, login: str) -> None:
    await visitor.go("/signin")
    await visitor.types("Логин", login)
    await visitor.types("Пароль", NEW_PASSWORD)
    await visitor.submits("Войти")
    await visitor.sees("Сегодня")


def main(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("main")


async def plans(visitor: Visitor) -> str:
    """From the empty week to a lesson that goes on; returns the pupils' link."""
    await visitor.go("/lessons")
    await visitor.reads("На этой неделе онлайн-уроков нет")
    await visitor.sees("Онлайн-уроки")
    await visitor.clicks("Назначить урок")
    await visitor.page.get_by_role("heading", name="Новый онлайн-урок").wait_for()
    await visitor.submits("Назначить урок")
    await visitor.reads("Выберите хотя бы один класс")
    await visitor.chooses("5А")
    await visitor.types("Тема урока", TOPIC)
    now = datetime.now(MOSCOW)
    end = min(now + timedelta(minutes=45), now.replace(hour=23, minute=59))
    for label, value in (("Дата", f"{now:%Y-%m-%d}"), ("Начало", f"{now:%H:%M}"), ("Окончание", f"{end:%H:%M}")):
        await visitor.types(label, value)
    await visitor.types("Ссылка на трансляцию", "http://telemost.yandex.ru")
    await visitor.submits("Назначить урок")
    await visitor.reads("Ссылка должна начинаться с https")
    await visitor.sees("Новый онлайн-урок")
    await visitor.types("Ссылка на трансляцию", LINK)
    await visitor.submits("Назначить урок")
    await visitor.sees(TOPIC)
    return str(await visitor.page.get_by_test_id("join-link").inner_text())


async def prepares(visitor: Visitor, folder: Path) -> None:
    """A file that goes up, a link, an assignment; then the lesson begins."""
    file = folder / "правило.txt"
    file.write_text("Правило сложения дробей")
    await visitor.page.get_by_label("Добавить файл").set_input_files(file)
    await visitor.reads("правило.txt")
    await visitor.clicks("Добавить ссылку")
    await visitor.types("Адрес ссылки", "https://resh.edu.ru/5")
    await visitor.types("Как назвать", "Урок на РЭШ")
    await main(visitor).get_by_role("button", name="Добавить", exact=True).click()
    await expect(main(visitor).get_by_role("link", name="Урок на РЭШ")).to_be_visible()
    await main(visitor).get_by_role("button", name="Добавить задание").click()
    await main(visitor).get_by_role("textbox", name="Задание").fill("№ 5")
    await visitor.types("Что сделать", "Решите пример 3/8 + 4/8")
    await main(visitor).get_by_role("button", name="Задать").click()
    await visitor.reads("сдать до")
    await main(visitor).get_by_role("button", name="Начать урок").click()
    await expect(main(visitor).get_by_role("link", name="Войти в урок")).to_have_attribute("href", LINK)
    await visitor.picture("Урок идёт")
    await visitor.sees(TOPIC)


async def hands_in(pupil: Visitor, link: str) -> None:
    """The lesson without an account; what is typed outlives a reload; a work goes off."""
    await pupil.page.goto(link)
    await pupil.reads("правило.txt")
    await expect(main(pupil).get_by_role("link", name="Войти в урок")).to_have_attribute("href", LINK)
    await pupil.submits("Сдать работу")
    await pupil.reads("Напишите ответ или добавьте ссылку")
    await pupil.types("Фамилия", "Соловьев")
    await pupil.types("Имя", "Пётр")
    await pupil.types("Ответ", "7/8")
    await pupil.page.reload()
    await expect(pupil.page.get_by_label("Ответ")).to_have_value("7/8")
    await pupil.sees(TOPIC)
    await pupil.submits("Сдать работу")
    await pupil.reads("Работа сдана")
    await pupil.picture("Работа сдана")
    body = await main(pupil).inner_text()
    assert "Соловьёв" not in body, "whether the name is known is not said"


async def grades(visitor: Visitor) -> None:
    """Who is there, and what was handed in."""
    await visitor.page.get_by_role("tab", name="Присутствие").click()
    await visitor.page.get_by_role("button", name="Соловьёв Пётр").click()
    await visitor.reads("На уроке 1 из 1")
    await visitor.sees(TOPIC)
    await visitor.picture("Присутствие")
    await visitor.page.get_by_role("tab", name="Работы").click()
    work = visitor.page.get_by_role("article", name="Соловьев Пётр")
    await expect(work.get_by_text("7/8")).to_be_visible()
    await visitor.sees(TOPIC)
    await visitor.picture("Работы")
    await work.get_by_role("button", name="5", exact=True).click()
    await expect(work.get_by_text("Отметка: 5")).to_be_visible()
    await visitor.picture("Отметка")


async def test_a_lesson_is_planned_shared_answered_and_marked(
    live: Live, browser: Browser, visitor: Visitor, tmp_path: Path
) -> None:
    room = await prepared(live)
    await signs_in(visitor, room.login)
    link = await plans(visitor)
    await prepares(visitor, tmp_path)
    async with Visitor.arrive(browser, live.stack.gateway, visitor.size) as pupil:
        await hands_in(pupil, link)
        await pupil.page.set_viewport_size({"width": 320, "height": 640})
        await pupil.sees(TOPIC)
        assert pupil.troubles == []
    await grades(visitor)
    asked = "&".join(f"{key}={room.of[key]}" for key in ("class_id", "subject_id", "term_id"))
    journal = await live.story.ok("GET", f"/cabinet/journal?{asked}", headers=room.session.headers)
    assert [one["cells"][room.of["pupil_id"]]["mark"] for one in journal["lessons"]] == [5]
    await main(visitor).get_by_role("button", name="Завершить").click()
    await visitor.reads("завершён")
    await visitor.clicks("К неделе")
    await visitor.sees("Онлайн-уроки")
    await expect(main(visitor).get_by_role("link", name=re.compile(TOPIC))).to_be_visible()


async def test_a_dead_link_says_what_to_do(visitor: Visitor) -> None:
    await visitor.go("/join/AAAA-BBBB-CCCC-DDDD")
    await visitor.sees("Ссылка не работает")
    await visitor.reads("попросите у учителя новую")
