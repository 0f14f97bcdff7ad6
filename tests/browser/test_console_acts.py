"""What the console does beyond the usual day: two tickets made one, a code read aloud, an account suspended, XLSX."""

import io
import re
from typing import Any

import pytest
from console import in_dialog, signs_in
from live import Live
from openpyxl import Workbook
from pages import Visitor
from playwright.async_api import expect
from requisites import new_inn, new_ogrn
from story import Person

MAILED = re.compile(r"сотруднику, с которым говорите:\s+(\S+)")
MANY = 3_000  # rows, so that the work can be watched
HEADER = ("Полное наименование", "Краткое наименование", "Вид учреждения", "ИНН", "КПП", "ОГРН", "Юридический адрес")


async def asks(live: Live, person: Person, text: str) -> str:
    """A ticket of this person; its number."""
    form: dict[str, Any] = {"kind": "question", "contact": {"email": person.email}, "text": text}
    return str((await live.story.ok("POST", "/identity/support/tickets", json=form))["number"])


async def a_teacher(live: Live, last_name: str) -> tuple[Person, str]:
    """Somebody with an open account, and the login."""
    teacher, school = Person(last_name, "Ольга"), await live.story.register(Person("Дворцова", "Вера"))
    await live.story.enrol(school, teacher)
    login, _ = await live.story.settled_in(teacher, school)
    return teacher, login


async def begins(visitor: Visitor, act: str) -> None:
    """One of the acts behind the button."""
    await visitor.clicks("Ещё действия")
    await visitor.page.get_by_role("menuitem", name=act).click()


@pytest.mark.timeout(300)  # the first one waits for the stack as well
async def test_two_tickets_of_one_person_become_one(live: Live, visitor: Visitor) -> None:
    person = Person("Повторова")
    first, second = await asks(live, person, "Не вижу журнал"), await asks(live, person, "Журнала всё ещё нет")
    await signs_in(visitor, live, "support")
    await visitor.sees("Обращения")
    await visitor.go(f"/desk/tickets/{second}")
    await begins(visitor, "Объединить с другим")
    dialog = visitor.page.get_by_role("dialog")
    await dialog.get_by_label("Номер другого обращения").fill(second)
    await dialog.get_by_role("button", name="Объединить", exact=True).click()
    await visitor.reads("нельзя объединить с самим собой")
    await visitor.sees(f"Обращение {second}")
    await in_dialog(visitor, "Объединить", Номер_другого_обращения=first)
    await visitor.reads(f"Объединено с обращением {first}")
    await expect(visitor.page.get_by_role("button", name="Ещё действия")).to_have_count(0)
    await visitor.sees(f"Обращение {second}")
    await visitor.page.get_by_role("link", name=f"Объединено с обращением {first}").click()
    await visitor.sees(f"Обращение {first}")
    await expect(visitor.page.get_by_role("listitem").filter(has_text="Журнала всё ещё нет")).to_have_count(1)


async def test_a_code_that_was_mailed_proves_who_calls(live: Live, visitor: Visitor) -> None:
    teacher, _ = await a_teacher(live, "Звонкова")
    number = await asks(live, teacher, "Звоню по поводу почты")
    await signs_in(visitor, live, "support")
    await visitor.sees("Обращения")
    await visitor.go(f"/desk/tickets/{number}")
    await begins(visitor, "Привязать кабинет")
    await in_dialog(visitor, "Привязать")
    await visitor.reads("Почему человек не может войти")
    await begins(visitor, "Отправить код на почту")
    await visitor.reads("Код отправлен")
    await visitor.sees(f"Обращение {number}")
    code = MAILED.search((await live.story.mail(teacher.email, MAILED.pattern))["text"])
    assert code
    await visitor.clicks("Ввести код из письма")
    dialog = visitor.page.get_by_role("dialog")
    await dialog.get_by_label("Код, который прочитал человек").fill("0000-0000")
    await dialog.get_by_role("button", name="Проверить код").click()
    await visitor.reads("Такого кода нет")
    await visitor.sees(f"Обращение {number}")
    await dialog.get_by_label("Код, который прочитал человек").fill(code[1])
    await in_dialog(visitor, "Проверить код")
    await visitor.reads("Проверка личности")
    await visitor.sees(f"Обращение {number}")


async def test_an_account_is_suspended_on_a_ticket_and_resumed(live: Live, visitor: Visitor) -> None:
    teacher, login = await a_teacher(live, "Потеряшкина")
    number = await asks(live, teacher, "Украли телефон, закройте кабинет")
    support = await live.operator("support")
    await live.story.ok("POST", f"/identity/support/tickets/{number}/link", json={}, headers=support)
    await signs_in(visitor, live, "support")
    await visitor.sees("Обращения")
    await visitor.go(f"/desk/accounts?login={login}")
    await visitor.clicks("Потеряшкина")
    await visitor.sees("Потеряшкина")
    await visitor.clicks("Приостановить")
    dialog = visitor.page.get_by_role("dialog")
    await dialog.get_by_label("Причина").fill("украден телефон")
    await dialog.get_by_role("button", name="Приостановить", exact=True).click()
    await visitor.reads("Заполните это поле")
    await visitor.sees("Потеряшкина")
    await in_dialog(visitor, "Приостановить", Номер_обращения=number)
    await visitor.reads("^приостановлен$")
    await visitor.reads("закрыла служба поддержки")
    await visitor.sees("Потеряшкина")
    await visitor.page.get_by_role("button", name="Вернуть", exact=True).click()
    await in_dialog(visitor, "Вернуть кабинет", Причина="телефон найден", Номер_обращения=number)
    await visitor.reads("^открыт$")


def schools() -> bytes:
    """A register as a spreadsheet."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(HEADER)
    for row in range(MANY):
        name = f"Школа № {9000 + row}"
        address = f"Москва, улица Полевая, дом {row}"
        sheet.append([f"Учреждение {name}", name, "Школа", new_inn(), "770101001", new_ogrn(), address])
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


async def test_the_work_on_a_spreadsheet_can_be_watched(live: Live, visitor: Visitor) -> None:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    await signs_in(visitor, live, "registrar")
    await visitor.page.get_by_role("navigation").get_by_role("link", name="Загрузка реестра").click()
    file = {"name": "реестр.xlsx", "mimeType": kind, "buffer": schools()}
    await visitor.page.set_input_files("input[type=file]", file)  # type: ignore[arg-type]
    await visitor.clicks("Проверить файл")
    await visitor.reads("Файл проверен")
    await visitor.clicks("Применить")
    await in_dialog(visitor, "Применить файл")
    await expect(visitor.page.get_by_role("progressbar")).to_have_count(1)
    await visitor.reads(f"Готово строк: [1-9]\\d* из {MANY}")
    await visitor.sees("реестр.xlsx")
    await visitor.page.reload()
    await expect(visitor.page.get_by_text("готово", exact=True)).to_be_visible(timeout=120_000)
    await expect(visitor.page.get_by_role("progressbar")).to_have_count(0)
    await expect(visitor.page.get_by_role("row").filter(has_text="Новые")).to_contain_text(str(MANY))
    await visitor.sees("реестр.xlsx")
