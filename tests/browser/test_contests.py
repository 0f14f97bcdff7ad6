"""A contest in browsers: an editor announces it, people enter, a head approves, a place goes on, it is called off."""

import re

import pytest
from cabinets import an_editor, signs_in, somebody, staffed
from live import Live
from pages import Visitor
from playwright.async_api import Browser, expect
from story import Person

TITLE = "Учитель года"


async def fills(editor: Visitor, *, capacity: int, approval: bool = True) -> None:
    """A contest that is open since yesterday, for a week, and begins in ten days."""
    days = {"Приём заявок с": -1, "Приём заявок до": 7, "Начало": 10}
    for label, after in days.items():
        moment = await editor.page.evaluate(
            "days => new Date(Date.now() + days * 864e5).toISOString().slice(0, 16)", after
        )
        await editor.types(label, moment)
    await editor.page.get_by_role("textbox", name="Описание").fill("Урок и эссе.\n\nПобедитель едет на финал.")
    await editor.types("Место", "Дворец на Воробьёвых горах")
    await editor.types("Мест всего", str(capacity))
    if not approval:
        await editor.page.get_by_label("Заявку одобряет руководитель школы").uncheck()


async def confirms(visitor: Visitor, button: str, answer: str) -> None:
    """An act that is asked for twice."""
    await visitor.page.get_by_role("main").get_by_role("button", name=button, exact=True).click()
    dialog = visitor.page.get_by_role("dialog")
    await dialog.get_by_role("button", name=answer, exact=True).click()
    await expect(dialog).to_be_hidden()


async def enters(visitor: Visitor, button: str = "Подать заявку") -> None:
    """From the list of what is open to the own entry."""
    await visitor.go("/contests")
    await visitor.clicks(TITLE)
    await visitor.types("Команда", "Пифагоры")
    await visitor.submits(button)
    await visitor.reads("^Ваша заявка$")


async def announces(editor: Visitor) -> None:
    await editor.go("/desk/content/contests/new")
    await editor.types("Название", TITLE)
    await editor.clicks("Сохранить черновик")
    await expect(editor.page.get_by_text("Заполните это поле")).to_have_count(3)
    await editor.sees("Новый конкурс или мероприятие")
    await fills(editor, capacity=1)
    await editor.clicks("Сохранить черновик")
    await editor.reads("^черновик$")
    await confirms(editor, "Объявить", "Объявить всем")
    await editor.reads("^объявлено$")
    await editor.sees(TITLE)
    await editor.picture("Конкурс на пульте")


async def looks_and_enters(teacher: Visitor) -> None:
    await teacher.go("/contests")
    await teacher.reads("Свободно 1 место")
    await teacher.sees("Конкурсы и мероприятия")
    await teacher.clicks(TITLE)
    await teacher.reads("Дворец на Воробьёвых горах")
    await teacher.sees(TITLE)
    await teacher.picture("Конкурс до заявки")
    await enters(teacher)
    await teacher.reads("Заявка у руководителя вашей школы")
    await teacher.picture("Конкурс с заявкой у руководителя")


async def approves_and_enters(head: Visitor) -> None:
    await head.go("/contests")
    await head.reads("1 заявка ждёт вашего решения")
    await head.sees("Конкурсы и мероприятия")
    await head.clicks("Рассмотреть")
    await head.sees("Заявки ждут решения")
    await head.clicks("Одобрить: Гвоздикина")
    await head.reads("Все заявки рассмотрены")
    await enters(head, "Встать в лист ожидания")
    await head.reads("Заявку руководителя рассматривает департамент")


async def approves_the_head(editor: Visitor) -> None:
    await editor.go("/desk/content/contests")
    await editor.reads("Заявки руководителей")
    await editor.sees("Конкурсы и мероприятия города")
    await editor.clicks("Одобрить: Дворцова")
    await expect(editor.page.get_by_text("Заявки руководителей")).to_have_count(0)


async def gives_the_place_back(teacher: Visitor) -> None:
    await teacher.go("/contests?view=mine")
    await teacher.reads("^вы участвуете$")
    await teacher.clicks(TITLE)
    await teacher.reads("Место за вами")
    await teacher.sees(TITLE)
    await teacher.picture("Конкурс с местом")
    await confirms(teacher, "Отозвать заявку", "Отозвать заявку")
    await teacher.reads("Вы отозвали заявку")


async def takes_the_list_and_cancels(editor: Visitor) -> None:
    await editor.clicks(TITLE)
    await editor.reads("Участвуют: 1, ждут одобрения: 0, в листе ожидания: 0, отозвано: 1")
    await editor.sees(TITLE)
    await editor.picture("Заявки на пульте")
    async with editor.page.expect_download() as downloading:
        await editor.clicks("Скачать список")
    saved = await (await downloading.value).path()
    assert "Дворцова" in saved.read_text(encoding="utf-8-sig")
    await editor.page.get_by_role("button", name="Отменить мероприятие").click()
    await editor.reads("Сообщение с отменой получит 1 человек")
    await editor.sees(TITLE)
    await editor.picture("Отмена конкурса")
    dialog = editor.page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Отменить мероприятие").click()
    await editor.reads("Заполните это поле")
    await dialog.get_by_label("Причина").fill("Зал затоплен")
    await dialog.get_by_role("button", name="Отменить мероприятие").click()
    await editor.reads("^отменено$")


@pytest.mark.timeout(300)
async def test_from_the_announcement_to_the_end(live: Live, browser: Browser, visitor: Visitor) -> None:
    here = await staffed(live, Person("Гвоздикина", "Нина"), Person("Дворцова", "Вера"))
    size = visitor.size
    async with an_editor(browser, live, size) as editor, somebody(browser, live, here.head, size) as head:
        await announces(editor)
        await signs_in(visitor, here.teacher)
        await visitor.page.wait_for_url("**/home")
        await looks_and_enters(visitor)
        await approves_and_enters(head)
        await approves_the_head(editor)
        await head.page.reload()
        await head.reads("в листе ожидания, место 1")
        await head.sees(TITLE)
        await head.picture("Конкурс в листе ожидания")
        await gives_the_place_back(visitor)
        await head.page.reload()
        await head.reads("Место за вами")
        await head.clicks("Заявки вашей школы")
        await head.sees("Заявки вашей школы")
        await takes_the_list_and_cancels(editor)
        await head.go("/inbox")
        await head.clicks(f"Отменено: {TITLE}")
        await head.reads("Зал затоплен")
        await head.sees(TITLE)
        await head.picture("Конкурс отменён")


async def test_a_head_announces_for_the_own_school_and_rejects(live: Live, browser: Browser, visitor: Visitor) -> None:
    here = await staffed(live, Person("Резедина", "Нина"), Person("Астрова", "Вера"))
    await signs_in(visitor, here.head)
    await visitor.page.wait_for_url("**/home")
    await visitor.go("/contests")
    await visitor.clicks("Конкурсы школы: создать")
    await visitor.reads("Здесь будут конкурсы")
    await visitor.sees("Конкурсы и мероприятия школы")
    await visitor.clicks("Новый конкурс или мероприятие")
    await visitor.types("Название", "Капустник")
    await visitor.page.reload()
    await expect(visitor.page.get_by_label("Название")).to_have_value("Капустник")
    await fills(visitor, capacity=5, approval=False)
    await visitor.page.route("**/api/cabinet/contests", lambda route: route.abort(), times=1)
    await visitor.clicks("Сохранить черновик")
    await visitor.reads("Нет связи")
    visitor.troubles.clear()  # the browser tells of the request that was broken above
    await visitor.clicks("Сохранить черновик")
    await visitor.reads("^черновик$")
    await confirms(visitor, "Объявить", "Объявить всем")
    async with somebody(browser, live, here.teacher, visitor.size) as teacher:
        await teacher.go("/contests")
        await teacher.clicks("Капустник")
        await teacher.submits("Подать заявку")
        await teacher.reads("Место за вами")
        await visitor.page.reload()
        await visitor.clicks("Отклонить: Резедина")
        dialog = visitor.page.get_by_role("dialog")
        await dialog.get_by_label("Причина").fill("Дежурство в тот же день")
        await visitor.sees("Капустник")
        await dialog.get_by_role("button", name="Отклонить").click()
        await visitor.reads("Причина: Дежурство в тот же день")
        await teacher.page.reload()
        await teacher.reads("Заявка отклонена. Причина: Дежурство")
        await expect(teacher.page.get_by_role("button", name=re.compile("Подать"))).to_have_count(0)
        await teacher.sees("Капустник")
    await confirms(visitor, "Закончить приём заявок", "Закончить приём")
    await visitor.reads("^приём закончен$")
    await visitor.sees("Капустник")
