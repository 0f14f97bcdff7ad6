"""A normative document from its upload in the console to the sheet of who has acknowledged it."""

from datetime import UTC, datetime, timedelta

import pytest
from cabinets import an_editor, signs_in, somebody, staffed
from live import Live
from pages import Visitor
from playwright.async_api import Browser, FilePayload, expect
from story import Person, School

TEXT = """1. Аттестация педагогических работников проводится раз в пять лет.
2. <b>Заявление</b> подаёт сам работник.
3. Школа обязана вести дневник аттестации.
"""


def a_file(text: str = TEXT, name: str = "приказ.txt") -> FilePayload:
    return {"name": name, "mimeType": "text/plain", "buffer": text.encode()}


async def writes_card(editor: Visitor, number: str, title: str, school: School) -> None:
    """The card of a document that one school has to acknowledge."""
    await editor.go("/desk/content/documents")
    await editor.sees("Нормативные документы")
    await editor.clicks("Новый документ")
    await editor.types("Название", title)
    await editor.types("Номер", number)
    await editor.types("Дата", "2026-11-20")
    await editor.types("Кто издал", "Департамент образования")
    await editor.page.get_by_label("Предметы и специальности").first.fill("физика")
    await editor.page.keyboard.press("Enter")
    await editor.page.get_by_label("Школы").first.fill(school.name)
    await editor.page.get_by_role("option", name=school.name).click()
    await editor.page.keyboard.press("Escape")
    await editor.sees("Новый документ")
    await editor.clicks("Сохранить карточку")
    await editor.sees(title)


async def publishes(editor: Visitor, *, mandatory: bool = False, since: str = "2026-11-20") -> None:
    """Uploads the file of the first version and lets it out."""
    await editor.page.set_input_files("input[type=file]", a_file())
    await editor.reads("приказ.txt, 1 КБ")
    await editor.types("Действует с", since)
    if mandatory:
        await editor.chooses("Ознакомиться обязательно")
        await editor.types("Ознакомиться до", (datetime.now(UTC) + timedelta(days=5)).date().isoformat())
    await editor.clicks("Сохранить черновик версии")
    await editor.reads("^Версия 1$")
    await editor.page.get_by_role("button", name="Опубликовать", exact=True).click()
    await editor.page.get_by_role("dialog").get_by_role("button", name="Опубликовать версию").click()
    await editor.reads("^опубликовано$")
    await expect(editor.page.get_by_text("Читаем текст файла")).to_have_count(0, timeout=30_000)


async def finds(visitor: Visitor, title: str) -> None:
    """By other forms of words of the text, as one types; what the text has of HTML is shown as text."""
    await visitor.go("/documents")
    await visitor.types("Что найти", "дневники аттестаций")
    await expect(visitor.page.locator("mark").first).to_have_text("дневник")
    await visitor.reads("нужно ознакомиться")
    await visitor.sees("Документы")
    await visitor.types("Что найти", "заявление работника")
    await expect(visitor.page.locator("mark").filter(has_text="Заявление").first).to_be_visible()
    await expect(visitor.page.locator("main b")).to_have_count(0)
    await visitor.page.get_by_role("listitem").filter(has_text=title).get_by_role("link").click()


async def acknowledges(visitor: Visitor, title: str) -> None:
    """Reads the text, saves the file, presses the one button."""
    await visitor.reads("Школа обязана вести дневник")
    async with visitor.page.expect_download() as saved:
        await visitor.clicks("Скачать версию 1")
    assert (await saved.value).suggested_filename == "приказ.txt"
    await visitor.sees(title)
    await visitor.clicks("Подтвердить ознакомление")
    await visitor.reads("Вы подтвердили ознакомление")
    await visitor.sees(title)
    await expect(visitor.page).to_have_title(f"{title} · ЕКИС", timeout=10_000)


async def looks_who_has(head: Visitor, title: str) -> None:
    """The matrix of the school, and its sheet on paper."""
    await head.go("/documents?show=asked")
    await head.clicks(title)
    await head.clicks("Лист ознакомления")
    await head.reads("1 из 3 человек")
    await expect(head.page.get_by_role("row", name="Василькова")).to_contain_text("✓")
    await expect(head.page.get_by_role("row", name="Подснежникова")).to_contain_text("кабинета нет")
    await head.sees("Лист ознакомления")
    await head.chooses("Только те, кто ещё")
    await expect(head.page.get_by_role("row", name="Василькова")).to_have_count(0)
    await head.page.get_by_label("Только те, кто ещё").uncheck()
    await head.page.emulate_media(media="print")
    await expect(head.page.get_by_role("columnheader", name="Подпись")).to_be_visible()
    await head.picture("Лист ознакомления на бумаге")


@pytest.mark.timeout(300)
async def test_a_document_is_published_found_acknowledged_and_counted(
    live: Live, browser: Browser, visitor: Visitor
) -> None:
    here = await staffed(live, Person("Василькова", "Нина"), Person("Дворцова", "Вера"), f"Школа № 77{visitor.size}")
    await live.story.enrol(here.school, Person("Подснежникова", "Зоя"))
    await signs_in(visitor, here.teacher)
    await visitor.sees("Сегодня")
    title = f"Об аттестации, {visitor.size}"
    async with an_editor(browser, live, visitor.size) as editor:
        await writes_card(editor, f"{visitor.size}-15", title, here.school)
        await publishes(editor, mandatory=True)
        await editor.reads(r"По городу: 0 из 2")
        await editor.sees(title)
    await expect(visitor.page).to_have_title("(1) Сегодня · ЕКИС", timeout=10_000)
    await visitor.go("/tasks")
    await visitor.reads(title)
    await visitor.sees("Задачи")
    await finds(visitor, title)
    await acknowledges(visitor, title)
    await visitor.go("/documents?show=asked")
    await visitor.reads("Вы ознакомились со всем")
    async with somebody(browser, live, here.head, visitor.size) as head:
        await looks_who_has(head, title)


async def test_a_newer_document_takes_the_place_of_an_older_one(live: Live, browser: Browser, visitor: Visitor) -> None:
    here = await staffed(live, Person("Ландышева", "Нина"), Person("Дворцова", "Вера"), f"Школа № 78{visitor.size}")
    old, new = f"Старый порядок, {visitor.size}", f"Новый порядок, {visitor.size}"
    async with an_editor(browser, live) as editor:
        await writes_card(editor, f"{visitor.size}-1", old, here.school)
        await publishes(editor, since="2020-01-01")
        await writes_card(editor, f"{visitor.size}-2", new, here.school)
        await (
            editor.page.get_by_role("combobox", name="Заменяет собой")
            .or_(editor.page.get_by_label("Заменяет собой"))
            .first.fill(f"{visitor.size}-1")
        )
        await editor.page.get_by_role("option", name=old).click()
        await editor.page.get_by_role("button", name="Сохранить", exact=True).click()
        await editor.reads("^Сохранено.$")
        await publishes(editor)
    await signs_in(visitor, here.teacher)
    await visitor.sees("Сегодня")
    await visitor.go("/documents?show=in-force&specialty=физика")
    await visitor.reads(new)
    await expect(visitor.page.get_by_text(old)).to_have_count(0)
    await visitor.clicks(new)
    await visitor.page.get_by_role("link", name=old).click()
    await visitor.reads("заменён другим")
    await visitor.sees(old)
    await expect(visitor.page.get_by_role("button", name="Подтвердить ознакомление")).to_have_count(0)
    await visitor.page.get_by_role("link", name=new).click()
    await visitor.sees(new)


async def test_an_upload_shows_how_far_it_is_and_can_be_cancelled(
    live: Live, browser: Browser, visitor: Visitor
) -> None:
    school = await live.story.register(Person("Дворцова", "Вера"), School(name=f"Школа № 79{visitor.size}"))
    async with an_editor(browser, live, visitor.size) as editor:
        await writes_card(editor, f"{visitor.size}-3", "О загрузке", school)
        await editor.page.get_by_role("button", name="Сохранить черновик версии").click()
        await editor.reads("Выберите файл")
        await editor.page.route("**/api/cabinet/files", lambda _: None, times=1)  # never answered
        await editor.page.set_input_files("input[type=file]", a_file("x" * 100_000, "большой.txt"))
        await expect(editor.page.get_by_role("progressbar")).to_be_attached()
        await editor.reads(r"^\d+ %$")
        await editor.page.get_by_role("status").get_by_role("button", name="Отмена").click()
        await expect(editor.page.get_by_role("progressbar")).to_have_count(0)
        await editor.page.set_input_files("input[type=file]", a_file("", "пустой.txt"))
        await expect(editor.page.get_by_role("alert")).to_be_visible()
        await editor.page.set_input_files("input[type=file]", a_file("Порядок", "порядок.txt"))
        await editor.reads("порядок.txt, 1 КБ")
        await editor.page.reload()
        await editor.reads("порядок.txt, 1 КБ")
        await editor.clicks("Сохранить черновик версии")
        await editor.reads("^Версия 1$")
        await editor.sees("О загрузке")
