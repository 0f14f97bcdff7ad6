"""What a head keeps in the diary besides its set-up: substitutes, leave for late changes, the end of the year."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from classroom import opened_class
from console import NARROW
from diary_setup import adds, school_year, today
from live import Live
from pages import PATIENCE, Visitor
from playwright.async_api import Browser, Locator, expect
from story import NEW_PASSWORD, Person

LONG_AGO = today() - timedelta(days=10)  # later than a teacher changes marks without leave


@dataclass
class Classroom:
    """A class with one pupil, a lesson of today and one of ten days ago; the logins of its head and its teacher."""

    head: str
    teacher: str
    journal: str


async def classroom(live: Live) -> Classroom:
    """Over HTTP, but for what this story is about."""
    head, teacher = Person("Дворцова", "Вера"), Person("Числова", "Анна")
    school = await live.story.register(head)
    await live.story.enrol(school, teacher)
    head_login, of_head = await live.story.settled_in(head, school, "head")
    login, of_teacher = await live.story.settled_in(teacher, school)
    made = await opened_class(live.story, of_head, of_teacher)
    for name in ("9Б", "11В"):
        form = {"name": name, "year": school_year()}
        await live.story.ok("POST", "/cabinet/classes", json=form, headers=of_head.headers)
    for day in (LONG_AGO, today()):
        lesson = {"class_id": made["class_id"], "subject_id": made["subject_id"], "date": str(day), "number": 1}
        await live.story.ok("POST", "/cabinet/lessons", json=lesson, headers=of_teacher.headers)
    path = f"/diary/{made['class_id']}/{made['subject_id']}?term={made['term_id']}"
    return Classroom(head_login, login, path)


async def enters(visitor: Visitor, login: str) -> None:
    """On a phone it is the narrowest."""
    if visitor.size == "phone":
        await visitor.page.set_viewport_size(NARROW)
    await visitor.go("/signin")
    await visitor.types("Логин", login)
    await visitor.types("Пароль", NEW_PASSWORD)
    await visitor.submits("Войти")
    await visitor.sees("Сегодня")


def cell(visitor: Visitor, column: int) -> Locator:
    """Of the only pupil."""
    return visitor.page.locator("tbody tr").first.locator("td").nth(column)


async def saved(visitor: Visitor) -> None:
    await expect(visitor.page.get_by_text("Всё сохранено", exact=True)).to_be_visible(timeout=PATIENCE)


async def removes(visitor: Visitor) -> None:
    """The only row, asked for twice."""
    await visitor.page.get_by_role("button", name="Удалить: ").click()
    dialog = visitor.page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Удалить", exact=True).click()
    await expect(dialog).to_have_count(0)


@pytest.mark.timeout(300)  # the first one waits for the stack as well
async def test_who_replaces_keeps_the_journal_on_these_days(live: Live, visitor: Visitor) -> None:
    here = await classroom(live)
    await enters(visitor, here.head)
    await visitor.go(here.journal)
    await cell(visitor, 1).click()
    await visitor.page.keyboard.press("5")
    await visitor.reads("Отметки здесь ставит учитель этого предмета")
    await visitor.go("/diary/setup/substitutes")
    await visitor.reads("Добавить замену")
    await visitor.sees("Замены")
    await adds(visitor, "substitutes", "Добавить замену", Класс="=5А", Предмет="=Математика",
               Кто_заменяет="=Дворцова")  # fmt: skip
    await visitor.sees("Замены")
    await visitor.go(here.journal)
    await cell(visitor, 1).click()
    await visitor.page.keyboard.press("5")
    await saved(visitor)
    await visitor.go("/diary/setup/substitutes")
    await removes(visitor)
    await visitor.sees("Замены")
    await visitor.go(here.journal)
    await expect(cell(visitor, 1)).to_have_text("5")
    await cell(visitor, 1).click()
    await visitor.page.keyboard.press("4")
    await visitor.reads("Отметки здесь ставит учитель этого предмета")


async def changes_late(teacher: Visitor, journal: str) -> None:
    """The mark of a lesson long ago: asked why first, and the answer stays in its history."""
    await teacher.go(journal)
    await cell(teacher, 0).click()
    await teacher.page.keyboard.press("4")
    await teacher.reads("С урока .* прошло больше недели")
    await teacher.sees("5А · Математика")
    dialog = teacher.page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Сохранить отметки").click()
    await teacher.reads("Заполните это поле")
    await dialog.get_by_label("Причина").fill("Пересдача работы")
    await dialog.get_by_role("button", name="Сохранить отметки").click()
    await expect(dialog).to_have_count(0)
    await saved(teacher)
    await teacher.page.reload()
    await expect(cell(teacher, 0)).to_have_text("4")
    await cell(teacher, 0).click()
    await teacher.page.keyboard.press("F2")
    await teacher.reads("Пересдача работы")
    await teacher.sees("5А · Математика")


@pytest.mark.timeout(300)
async def test_a_late_mark_needs_the_heads_leave_and_a_reason(live: Live, visitor: Visitor, browser: Browser) -> None:
    here = await classroom(live)
    async with Visitor.arrive(browser, live.stack.gateway, visitor.size) as teacher:
        await enters(teacher, here.teacher)
        await teacher.go(here.journal)
        await cell(teacher, 0).click()
        await teacher.page.keyboard.press("4")
        await teacher.reads("Попросите руководителя разрешить правку")
        await enters(visitor, here.head)
        await adds(visitor, "leaves", "Разрешить правку", Учитель="=Числова", Учебный_период="=Год",
                   Причина="Болела, ведомости сдали позже")  # fmt: skip
        await visitor.sees("Разрешения на позднюю правку")
        await changes_late(teacher, here.journal)
        assert teacher.troubles == []
    await visitor.page.get_by_role("button", name="Изменить: ").click()
    dialog = visitor.page.get_by_role("dialog")
    await expect(dialog.get_by_label("Причина")).to_have_value("Болела, ведомости сдали позже")
    await dialog.get_by_label("Причина").fill("Болела две недели")
    await visitor.sees("Разрешения на позднюю правку")
    await dialog.get_by_role("button", name="Сохранить").click()
    await visitor.reads("Болела две недели")
    await removes(visitor)
    await visitor.sees("Разрешения на позднюю правку")


async def test_the_end_of_a_year_is_looked_at_first(live: Live, visitor: Visitor) -> None:
    here = await classroom(live)
    await enters(visitor, here.head)
    await visitor.go("/diary/setup")
    await visitor.clicks("Конец учебного года")
    await visitor.reads("6А")
    row = (
        visitor.page.get_by_role("row")
        .filter(has_text="9Б")
        .or_(visitor.page.get_by_role("listitem").filter(has_text="9Б"))
    )
    await expect(row.first).to_contain_text("10Б")
    await visitor.page.get_by_label("9Б выпускается после 9 класса").first.check()
    await expect(row.first).to_contain_text("выпускается")
    await visitor.sees("Конец учебного года")
    await visitor.page.get_by_role("button", name="Закончить учебный год").click()
    await visitor.sees("Конец учебного года")
    await visitor.page.get_by_role("dialog").get_by_role("button", name="Закончить учебный год").click()
    is_time = date(school_year() + 1, 5, 20) <= today()
    await visitor.reads("Учебный год закончен" if is_time else "можно закрыть не раньше")
    await visitor.sees("Конец учебного года")


async def test_large_print_with_more_contrast_fits_the_pages_used_most(live: Live, visitor: Visitor) -> None:
    here = await classroom(live)
    await enters(visitor, here.head)
    await visitor.page.get_by_role("contentinfo").get_by_role("button", name="Крупный шрифт").click()
    assert await visitor.page.evaluate("getComputedStyle(document.documentElement).fontSize") == "19px"
    colour = "getComputedStyle(document.body).getPropertyValue('--mantine-color-dimmed')"
    assert await visitor.page.evaluate(colour) == "#000"
    for path, heading in (("/home", "Сегодня"), (here.journal, "5А · Математика"), ("/inbox", "Сообщения"),
                          ("/documents", "Документы"), ("/staff", "Сотрудники"), ("/", "Чем помочь")):  # fmt: skip
        await visitor.go(path)
        await visitor.sees(heading)
        await visitor.picture(f"Крупно {heading}")
