"""A head sets the diary up by its pages: from nothing to a class with pupils, a teacher and a timetable."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from pages import Visitor
from playwright.async_api import expect

CLASS_LIST = "Фамилия;Имя;Дата рождения\nБыстрова;Анна;01.02.2015\nВолков;Иван;03.04.2015\nГусев;Пётр;13.13.2015\n"
TEACHER = "Числова"
WEEKDAYS = ("понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье")


def today() -> date:
    return datetime.now(ZoneInfo("Europe/Moscow")).date()


def school_year() -> int:
    return today().year - (today().month < 9)


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
