"""Exam results as people live them: an editor tries and publishes a file, the head reads and notes who knows."""

import csv
import io
from pathlib import Path

import pytest
from live import Live
from pages import Visitor
from playwright.async_api import expect
from story import NEW_PASSWORD, Person, School

SCORES = (34, 41, 48, 55, 55, 62, 64, 69, 73, 78, 82, 88, 91, 100)


def file(*lines: str) -> bytes:
    return "\n".join(["ОГРН;Код участника;Первичный балл;Тестовый балл;Статус;Основание", *lines]).encode()


def rows(school: School, *scores: int, prefix: str = "77-") -> list[str]:
    return [f"{school.ogrn};{prefix}{number:04};{score // 2};{score};;" for number, score in enumerate(scores, 1)]


async def enters(visitor: Visitor, login: str, password: str) -> None:
    await visitor.go("/signin")
    await visitor.types("Логин", login)
    await visitor.types("Пароль", password)
    await visitor.submits("Войти")
    await expect(visitor.page.get_by_role("button", name="Выйти")).to_be_visible()


async def a_head(live: Live, name: str) -> tuple[School, str]:
    """A school and the login of its head."""
    head = Person("Экзаменова", "Вера")
    school = await live.story.register(head, School(name=name))
    login, session = await live.story.settled_in(head, school, "head")
    await live.story.workplace(session)
    return school, login


async def picks(visitor: Visitor, label: str, option: str) -> None:
    await visitor.page.get_by_label(label, exact=True).first.click()
    await visitor.page.get_by_role("option", name=option, exact=True).click()


async def tries(visitor: Visitor, data: bytes, subject: str, reason: str = "") -> None:
    await visitor.go("/desk/exams")
    await visitor.sees("Результаты экзаменов")
    await picks(visitor, "Экзамен", "ЕГЭ")
    await picks(visitor, "Предмет", subject)
    await visitor.page.locator("input[type=file]").set_input_files(
        {"name": "Результаты ЕГЭ.csv", "mimeType": "text/csv", "buffer": data}
    )
    await visitor.types("Основание изменений", reason)
    await visitor.clicks("Проверить файл")


async def publishes(visitor: Visitor) -> None:
    await visitor.page.get_by_role("button", name="Опубликовать результаты").click()
    await visitor.page.get_by_role("dialog").get_by_role("button", name="Опубликовать", exact=True).click()
    await visitor.reads("Результаты опубликованы")


@pytest.mark.timeout(300)  # the first one waits for the stack as well
async def test_a_file_is_tried_published_and_corrected(live: Live, visitor: Visitor) -> None:
    school, _ = await a_head(live, "Школа публикаций")
    subject = "Физика" if visitor.size == "phone" else "Химия"
    await live.operator("editor")
    await enters(visitor, "editor", live.stack.passwords["operators", "editor"])
    await visitor.page.get_by_role("navigation").get_by_role("link", name="Экзамены").click()
    await visitor.sees("Результаты экзаменов")
    await visitor.clicks("Проверить файл")
    await visitor.reads("Заполните это поле")
    await visitor.reads("Выберите файл")
    wrong = [f"{school.ogrn};Иванова;20;40;;", f"{school.ogrn};77-9999;20;140;;", "1234;77-9998;20;40;;"]
    await tries(visitor, file(*rows(school, *SCORES), *wrong), subject)
    await visitor.reads("Файл проверен, школы пока ничего не видят")
    await visitor.reads("Имя писать нельзя")
    await visitor.sees(subject)
    await publishes(visitor)
    await tries(
        visitor, file(f"{school.ogrn};77-0001;40;80;;", f"{school.ogrn};77-0002;;;аннулирован;"), subject, "Апелляция"
    )
    await visitor.reads("Изменённые результаты")
    await publishes(visitor)
    await visitor.sees(subject)
    async with visitor.page.expect_download() as saving:
        await visitor.clicks("Скачать отчёт по строкам")
    text = Path(await (await saving.value).path()).read_text("utf-8-sig")
    assert [row[1] for row in csv.reader(io.StringIO(text), delimiter=";")] == ["Решение", "изменён", "изменён"]
    await tries(visitor, "Кто;Где\nОн;Тут".encode(), subject)
    await visitor.reads("Файл не прочитан")
    await visitor.reads("не хватает столбцов")


async def brought(live: Live, data: bytes, subject: str, **form: str) -> None:
    """Published over HTTP."""
    editor = await live.operator("editor")
    about = {"exam": "ЕГЭ", "year": "2026", "subject": subject, "mode": "apply"} | form
    sent = await live.story.ok(
        "POST", "/cabinet/exam-batches", files={"file": ("r.csv", data)}, data=about, headers=editor
    )

    async def is_done() -> bool:
        batch = await live.story.ok(
            "GET", f"/cabinet/exam-batches/{sent['batch_id']}", headers=await live.operator("editor")
        )
        return bool(batch["published_at"])

    await live.settle(is_done)


@pytest.mark.timeout(300)
async def test_a_head_reads_the_results_and_notes_who_knows(live: Live, visitor: Visitor) -> None:
    subject = "История" if visitor.size == "phone" else "Биология"
    school, login = await a_head(live, "Школа результатов")
    near, _ = await a_head(live, "Соседняя школа")
    await brought(live, file(*rows(school, *SCORES), *rows(near, *range(40, 60), prefix="99-")), subject)
    corrected = (
        f"{school.ogrn};77-0001;40;80;;Апелляция удовлетворена",
        f"{school.ogrn};77-0002;;;аннулирован;Решение ГЭК",
    )
    await brought(live, file(*corrected), subject)
    await enters(visitor, login, NEW_PASSWORD)
    await visitor.go("/exams")
    await visitor.sees("Результаты экзаменов")
    await visitor.clicks(subject)
    await visitor.reads("Как распределились результаты")
    await visitor.reads("Ваша школа")
    await expect(visitor.page.get_by_role("cell", name="77-0014", exact=True)).to_be_visible()
    await expect(visitor.page.get_by_text("99-0001")).to_have_count(0)
    await visitor.sees(subject)
    await visitor.clicks("версия 2, история результата 77-0001")
    await visitor.reads("Основание: Апелляция удовлетворена")
    await visitor.sees(subject)
    await visitor.page.keyboard.press("Escape")
    await visitor.clicks("Отметить, что участник 77-0003 ознакомлен")
    await visitor.clicks("Да, ознакомлены")
    await expect(visitor.page.get_by_role("dialog")).to_be_hidden()
    await visitor.reads("Экзаменова Вера")
    await visitor.clicks("Отметить всех сразу: 13")
    await visitor.reads("13 участников знают свои результаты")
    await visitor.clicks("Да, ознакомлены")
    await expect(visitor.page.get_by_role("button", name="Отметить")).to_have_count(0)
    async with visitor.page.expect_download() as saving:
        await visitor.clicks("Скачать таблицу")
    assert (await saving.value).suggested_filename == "exam-results.csv"
    await visitor.go("/exams")
    await visitor.reads("^все$")


async def test_another_school_sees_nothing(live: Live, visitor: Visitor) -> None:
    school, _ = await a_head(live, "Школа с результатами")
    _, login = await a_head(live, "Школа без результатов")
    await brought(live, file(*rows(school, *SCORES)), "Обществознание")
    await enters(visitor, login, NEW_PASSWORD)
    await visitor.go("/exams")
    await visitor.reads("Здесь появятся результаты")
    await visitor.sees("Результаты экзаменов")
    await visitor.go("/exams/01a21073-6e00-7000-8000-000000000000")
    await visitor.reads("Этих результатов нет")
    await visitor.sees("Результаты экзаменов")
