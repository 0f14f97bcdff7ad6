"""The diary as people live it: a head begins with nothing, a teacher types, two browsers meet, the network goes."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from diary_setup import TEACHER, fill_the_class, set_up, today
from live import Live
from pages import PATIENCE, Visitor
from playwright.async_api import Browser, Locator, expect
from story import NEW_PASSWORD, Person

SAVED = re.compile(r"^Всё сохранено$")


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


def cell(visitor: Visitor, row: int, column: int = 0) -> Locator:
    """A cell of marks: the pupil's row and the lesson's column, from nought."""
    return visitor.page.locator("tbody tr").nth(row).locator("td").nth(column)


async def saved(visitor: Visitor) -> None:
    await expect(visitor.page.get_by_text(SAVED)).to_be_visible(timeout=PATIENCE)


async def add_lesson(visitor: Visitor, day: date, topic: str, homework: str = "", sheet: str = "") -> None:
    await visitor.page.get_by_role("button", name="Добавить урок").click()
    dialog = visitor.page.get_by_role("dialog")
    await dialog.get_by_label("Дата").fill(str(day))
    await dialog.get_by_label("Тема").fill(topic)
    await dialog.get_by_label("Домашнее задание").fill(homework)
    if sheet:
        file: Any = {"name": sheet, "mimeType": "text/plain", "buffer": "Задача".encode()}
        await dialog.locator("input[type=file]").set_input_files(file)
        await expect(dialog.get_by_role("list", name="Файлы к заданию")).to_contain_text(sheet)
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


async def is_sent_from_any_page(visitor: Visitor, other: Visitor) -> None:
    """What was typed offline goes when the app is opened again, wherever, once; the journal need not be."""
    journal = visitor.page.url
    async with offline(visitor):
        await cell(visitor, 2, 1).click()
        await visitor.page.keyboard.press("y")
        await visitor.reads("1 отметка ждёт на этом устройстве")
        await visitor.page.goto("about:blank")
    await visitor.go("/home")
    await visitor.reads("1 отметка, поставленная без связи, отправлена")
    await visitor.sees("Сегодня")
    await other.page.goto(journal)
    await expect(cell(other, 2, 1)).to_have_text("Н")
    await visitor.clicks("Понятно")
    await visitor.page.reload()
    await visitor.sees("Сегодня")
    await expect(visitor.page.get_by_text("поставленная без связи")).to_have_count(0)
    await visitor.page.goto(journal)
    await saved(visitor)


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
    async with visitor.page.expect_download() as saving:
        await visitor.page.get_by_role("button", name="задачи.txt").click()
    assert Path(await (await saving.value).path()).read_text() == "Задача"
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
    await visitor.clicks("Математика")
    await visitor.reads("Уроков в этом периоде пока нет")
    await visitor.sees("5А · Математика")
    await add_lesson(visitor, today() - timedelta(days=1), "Дроби", "№ 214", "задачи.txt")
    await add_lesson(visitor, today(), "Проценты")
    await types_marks(visitor)
    await sign_in(other, login)
    await meets_another_browser(visitor, other)
    await works_without_a_network(visitor)
    await is_sent_from_any_page(visitor, other)
    await looks_closer(visitor)
