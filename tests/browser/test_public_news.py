"""News of the department on the first page: an editor shows an item to everybody, and strangers read it."""

from cabinets import an_editor
from live import Live
from pages import Visitor
from playwright.async_api import Browser


async def writes(editor: Visitor, title: str) -> None:
    """A draft, with the mark for everybody."""
    await editor.go("/desk/content/news/new")
    await editor.types("Заголовок", title)
    await editor.types("Текст", "Приём заявок начинается 1 декабря.\n\nВсё нужное есть на странице помощи.")
    await editor.chooses("Показать всем на главной странице")


async def publishes(editor: Visitor) -> None:
    """What is written, asked for twice."""
    await editor.page.get_by_role("main").get_by_role("button", name="Опубликовать", exact=True).click()
    await editor.page.get_by_role("dialog").get_by_role("button", name="Опубликовать новость").click()
    await editor.reads("^опубликовано$")


async def test_strangers_read_what_the_department_shows_to_everybody(
    live: Live, browser: Browser, visitor: Visitor
) -> None:
    title = f"Открыт приём заявок, {visitor.size}"
    async with an_editor(browser, live, visitor.size) as editor:
        await writes(editor, title)
        await editor.chooses("Руководители")
        await editor.clicks("Сохранить черновик")
        await editor.reads("видна только новость департамента для всех")
        await editor.page.get_by_label("Руководители").first.uncheck()
        await editor.clicks("Сохранить черновик")
        await editor.reads("^черновик$")
        await editor.sees("Новость")
        assert title not in (await live.call("GET", "/cabinet/news/public")).text  # pages keep the list for a minute
        await publishes(editor)
    await visitor.go("/")
    await visitor.reads(title)
    await visitor.sees("Чем помочь")
    await visitor.clicks("Все новости")
    await visitor.sees("^Новости$")
    await visitor.clicks(title)
    await visitor.reads("Всё нужное есть на странице помощи")
    await visitor.sees(title)
