"""The diary as people live it: a head begins with nothing, a teacher types, two browsers meet, the network goes."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from live import Live
from pages import PATIENCE, Visitor
from playwright.async_api import Browser, Locator, expect
from story import NEW_PASSWORD, Person

CLASS_LIST = "Фамилия;Имя;Дата рождения\nБыстрова;Анна;01.02.2015\nВолков;Иван;03.04.2015\nГусев;Пётр;13.13.2015\n"
TEACHER = "Числова"
SAVED = re.compile(r"^Всё сохранено$")

WEEKDAYS = ("понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье")


def today() -> date:
    return datetime.now(ZoneInfo("Europe/Moscow")).date()


def school_year() -> int:
    return today().year - (today().month < 9)


@pytest.fixture
async def other(browser: Browser, live: Live, visitor: Visitor) -> AsyncIterator[Visitor]:
    """Another browser, of the same size."""
    async with Visitor.arrive(browser, live.stack.gateway, visitor.size) as it:
        yield it
        assert it.troubles == []


async def sign_in(visitor: Visitor, login: str) -> None:
    await visitor.go("/signin")
    await visitor.types("Логин", login)
    await visitor.types("Пароль", NEW_PASSWORD)
    await visitor.submits("Войти")
    await visitor.reads("Сегодня")


async def picks(visitor: Visitor, label: str, option: str) -> None:
    """One of a list of choices in the open dialog."""
    await visitor.page.get_by_role("dialog").get_by_role("combobox", name=label).click()
    await visitor.page.get_by_role("option", name=option).first.click()


async def adds(visitor: Visitor, step: str, button: str, **fields: str) -> None:
    """A row of the set-up: its page, its form, its line in the list."""
    await visitor.go(f"/diary/setup/{step}")
    await visitor.page.get_by_role("button", name=button).click()
    dialog = visitor.page.get_by_role("dialog")
    for label, value in fields.items():
        name = label.replace("_", " ")
        if value.startswith("="):
            await picks(visitor, name, value[1:])
        else:
            await dialog.get_by_label(name, exact=True).fill(value)
    await dialog.get_by_role("button", name="Добавить", exact=True).click()
    await expect(dialog.get_by_text("Добавлена 1 запись")).to_be_visible()
    await dialog.get_by_role("button", name="Готово").click()
    await expect(dialog).to_have_count(0)


async def set_up(visitor: Visitor) -> None:
    """From nothing to a class with pupils, a subject, a teacher and a timetable."""
    await visitor.go("/diary")
    await visitor.sees("Дневник")
    await visitor.clicks("Настройка дневника")
    await visitor.sees("Настройка дневника")
    await visitor.reads("Начните с учебных периодов")
    await visitor.go("/diary/setup/loads")
    await visitor.sees("Кто что ведёт")
    await visitor.reads("Теперь добавьте классы")

    year = school_year()
    await adds(visitor, "terms", "Добавить период", Название="Весь год", Первый_день=f"{year}-09-01",
               Последний_день=f"{year + 1}-08-31")  # fmt: skip
    await visitor.sees("Учебные периоды")
    await adds(visitor, "classes", "Добавить класс", Класс="5А")
    await visitor.sees("Классы")
    await adds(visitor, "subjects", "Добавить предмет", Название="Математика")
    await adds(visitor, "loads", "Назначить учителя", Класс="=5А", Предмет="=Математика", Учитель=f"={TEACHER}")
    await visitor.reads(TEACHER)
    await visitor.sees("Кто что ведёт")
    await adds(visitor, "timetable", "Добавить урок", День_недели=f"={WEEKDAYS[today().weekday()]}", Номер_урока="3",
               Предмет="=Математика", Кабинет="214")  # fmt: skip
    await visitor.sees("Расписание")


async def fill_the_class(visitor: Visitor) -> None:
    """From a file with one bad row, tried first; and one pupil by hand."""
    await visitor.go("/diary/setup/pupils")
    await visitor.reads("В классе пока никого нет")
    await visitor.page.get_by_role("button", name="Загрузить список").click()
    file: Any = {"name": "5А.csv", "mimeType": "text/csv", "buffer": CLASS_LIST.encode()}
    await visitor.page.locator("input[type=file]").set_input_files(file)
    await visitor.page.get_by_role("button", name="Проверить файл").click()
    await visitor.reads("Новых: 2, с ошибками: 1")
    await visitor.sees("Ученики")
    await visitor.page.get_by_role("button", name="Внести 2 учеников").click()
    await visitor.reads("Список внесён")
    await visitor.page.get_by_role("button", name="Готово").click()
    await visitor.page.get_by_role("button", name="Добавить ученика").click()
    dialog = visitor.page.get_by_role("dialog")
    await dialog.get_by_label("Фамилия").fill("Дроздов")
    await dialog.get_by_label("Имя", exact=True).fill("Олег")
    await dialog.get_by_label("В классе с").fill(f"{school_year()}-09-01")
    await dialog.get_by_role("button", name="Добавить", exact=True).click()
    await dialog.get_by_role("button", name="Готово").click()
    await visitor.reads("3 ученика")
    await visitor.go("/diary/setup")
    await visitor.reads("Всё настроено")
    await visitor.sees("Настройка дневника")


def cell(visitor: Visitor, row: int, column: int = 0) -> Locator:
    """A cell of marks: the pupil's row and the lesson's column, from nought."""
    return visitor.page.locator("tbody tr").nth(row).locator("td").nth(column)


async def saved(visitor: Visitor) -> None:
    await expect(visitor.page.get_by_text(SAVED)).to_be_visible(timeout=PATIENCE)


async def add_lesson(visitor: Visitor, day: date, topic: str, homework: str = "") -> None:
    await visitor.page.get_by_role("button", name="Добавить урок").click()
    dialog = visitor.page.get_by_role("dialog")
    await dialog.get_by_label("Дата").fill(str(day))
    await dialog.get_by_label("Тема").fill(topic)
    await dialog.get_by_label("Домашнее задание").fill(homework)
    await dialog.get_by_role("button", name="Сохранить").click()
    await expect(dialog).to_have_count(0)


async def paste(visitor: Visitor, text: str) -> None:
    """As a spreadsheet leaves it on the clipboard."""
    await visitor.page.evaluate(
        """text => {
            const data = new DataTransfer()
            data.setData('text/plain', text)
            const event = new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true})
            document.activeElement.dispatchEvent(event)
        }""",
        text,
    )


async def types_marks(visitor: Visitor) -> None:
    """By keys alone: down with Enter, right with Tab, back with Ctrl+Z; a block from a spreadsheet."""
    press = visitor.page.keyboard.press
    await cell(visitor, 0).click()
    for key in ("5", "Enter", "4", "Enter", "y", "ArrowUp", "ArrowUp"):
        await press(key)
    await expect(cell(visitor, 0)).to_have_text("5")
    await expect(cell(visitor, 1)).to_have_text("4")
    await expect(cell(visitor, 2)).to_have_text("Н")
    await press("Tab")
    await expect(cell(visitor, 0, 1)).to_be_focused()
    await paste(visitor, "3\n5\nзач\n")
    await saved(visitor)
    await expect(cell(visitor, 0, 1)).to_have_text("3")
    await expect(cell(visitor, 2, 1)).to_have_text("зач")
    await expect(cell(visitor, 0, 2)).to_have_text("4,00")
    await expect(cell(visitor, 1, 2)).to_have_text("4,50")
    await press("Control+z")
    await expect(cell(visitor, 1, 1)).to_have_text("")
    await press("7")
    await visitor.reads("от 2 до 5")
    await press("2")
    await press("Delete")
    await paste(visitor, "5\t4\n9")
    await visitor.reads("2 клетки не вставлены: 4, 9")
    await saved(visitor)
    await visitor.page.reload()
    await expect(cell(visitor, 0, 1)).to_have_text("5")
    await expect(cell(visitor, 1, 1)).to_have_text("")
    await expect(cell(visitor, 0, 2)).to_have_text("5,00")
    await visitor.sees("5А · Математика")


async def meets_another_browser(visitor: Visitor, other: Visitor) -> None:
    """Whoever comes second sees both values and chooses."""
    await other.page.goto(visitor.page.url)
    await expect(cell(other, 1)).to_have_text("4")
    await cell(visitor, 1).click()
    await visitor.page.keyboard.press("3")
    await saved(visitor)
    await cell(other, 1).click()
    await other.page.keyboard.press("5")
    await other.reads("1 отметку уже изменил кто-то ещё")
    await other.sees("5А · Математика")
    await other.page.get_by_role("button", name="Взять из журнала: 3").click()
    await expect(cell(other, 1)).to_have_text("3")
    async with offline(visitor):
        await cell(visitor, 1).focus()
        await visitor.page.keyboard.press("4")
        await visitor.reads("1 отметка ждёт")
        await cell(other, 1).focus()
        await other.page.keyboard.press("2")
        await saved(other)
    await visitor.page.get_by_role("button", name="Оставить моё: 4").click()
    await saved(visitor)
    await visitor.page.reload()
    await expect(cell(visitor, 1)).to_have_text("4")


@asynccontextmanager
async def offline(visitor: Visitor) -> AsyncIterator[None]:
    """No network meanwhile; what the browser says of that is no trouble."""
    await visitor.page.context.set_offline(True)
    yield
    await visitor.page.context.set_offline(False)
    visitor.troubles[:] = [said for said in visitor.troubles if "ERR_INTERNET_DISCONNECTED" not in said]


async def works_without_a_network(visitor: Visitor) -> None:
    """What is typed offline says so, outlives the page, and goes by itself when the network is back."""
    async with offline(visitor):
        await cell(visitor, 1, 1).click()
        if visitor.size == "phone":
            await visitor.page.get_by_role("button", name="Поставить 5").click()
        else:
            await visitor.page.keyboard.press("5")
        await visitor.reads("1 отметка ждёт на этом устройстве")
        await visitor.picture("без связи")
        await visitor.page.goto("about:blank")
    await visitor.page.go_back()
    await expect(cell(visitor, 1, 1)).to_have_text("5")
    await saved(visitor)
    await visitor.page.reload()
    await expect(cell(visitor, 1, 1)).to_have_text("5")


async def looks_closer(visitor: Visitor) -> None:
    """The history of a cell, the finals, the sheet to print, the pupil's week."""
    await cell(visitor, 1).click()
    await visitor.page.keyboard.press("F2")
    dialog = visitor.page.get_by_role("dialog")
    await dialog.get_by_label("Комментарий").fill("Без ошибок")
    await expect(dialog.get_by_text("2 → 4")).to_be_visible()
    await visitor.sees("5А · Математика")
    await dialog.get_by_role("button", name="Сохранить").click()
    await saved(visitor)
    if visitor.size == "phone":
        await visitor.page.set_viewport_size({"width": 320, "height": 640})
        await visitor.sees("5А · Математика")
    async with visitor.page.expect_popup() as popup:
        await visitor.page.get_by_role("button", name="Печать").click()
    sheet = await popup.value
    await expect(sheet.get_by_role("heading", level=1)).to_contain_text("5А, Математика")
    await expect(sheet.get_by_role("rowheader", name="Быстрова Анна")).to_be_visible()
    await sheet.close()

    await visitor.clicks("Итоги")
    await visitor.reads("Поставить по среднему")
    await visitor.sees("Итоги")
    await visitor.page.get_by_role("button", name="Поставить по среднему").click()
    await visitor.page.get_by_role("button", name="Сохранить 2 итога").click()
    await expect(visitor.page.get_by_role("button", name="Сохранить 0 итогов")).to_be_disabled()
    await visitor.page.go_back()
    await expect(cell(visitor, 0, 3)).to_have_text("5")

    await visitor.page.get_by_role("link", name="Волков Иван").click()
    await visitor.sees("Волков Иван")
    await visitor.reads("Без ошибок")
    await visitor.reads("Задано: № 214")
    await visitor.page.get_by_role("button", name="Раньше").click()
    await visitor.page.get_by_role("button", name="Позже").click()
    await visitor.reads("Дроби")


async def people(live: Live) -> tuple[str, str]:
    """The logins of a head and of a teacher of a new school."""
    head, teacher = Person("Дворцова", "Вера"), Person(TEACHER)
    school = await live.story.register(head)
    await live.story.enrol(school, teacher)
    head_login, _ = await live.story.settled_in(head, school, "head")
    login, _ = await live.story.settled_in(teacher, school)
    return head_login, login


@pytest.mark.timeout(400)  # from nothing to a printed sheet, and every page is looked at
async def test_a_head_sets_the_diary_up_and_a_teacher_keeps_the_journal(
    live: Live, visitor: Visitor, other: Visitor, browser: Browser
) -> None:
    head_login, login = await people(live)
    async with Visitor.arrive(browser, live.stack.gateway, visitor.size) as head:
        await sign_in(head, head_login)
        await set_up(head)
        await fill_the_class(head)
        assert head.troubles == []

    await sign_in(visitor, login)
    await visitor.go("/home")
    await visitor.reads("5А · Математика")
    await visitor.sees("Сегодня")
    await visitor.go("/diary")
    await visitor.sees("Дневник")
    await visitor.clicks("5А Математика")
    await visitor.reads("Уроков в этом периоде пока нет")
    await visitor.sees("5А · Математика")
    await add_lesson(visitor, today() - timedelta(days=1), "Дроби", "№ 214")
    await add_lesson(visitor, today(), "Проценты")
    await types_marks(visitor)
    await sign_in(other, login)
    await meets_another_browser(visitor, other)
    await works_without_a_network(visitor)
    await looks_closer(visitor)
