"""News of a school: its head writes them, its staff read them, pinned first; nothing typed is lost."""

import re

import pytest
from cabinets import signs_in, somebody, staffed
from live import Live
from pages import Visitor
from playwright.async_api import Browser, expect
from story import Person


async def writes(head: Visitor, title: str, *, pinned: bool = False) -> None:
    """A draft of the school's board."""
    await head.go("/news/written/new")
    await head.types("Заголовок", title)
    await head.types("Текст", "Приходите в актовый зал.\n\nДлится час.")
    if pinned:
        await head.chooses("Закрепить наверху")
    await head.clicks("Сохранить черновик")
    await head.reads("^черновик$")


async def confirms(visitor: Visitor, button: str, answer: str) -> None:
    """An act that is asked for twice."""
    await visitor.page.get_by_role("main").get_by_role("button", name=button, exact=True).click()
    dialog = visitor.page.get_by_role("dialog")
    await dialog.get_by_role("button", name=answer).click()
    await expect(dialog).to_be_hidden()


async def writes_for_teachers(head: Visitor) -> None:
    """A pinned one for one post, which the head has not."""
    await head.go("/news/written/new")
    await head.types("Заголовок", "Педсовет")
    await head.types("Текст", "Во вторник.\n\nЯвка всех.")
    await head.chooses("Закрепить наверху")
    await head.page.get_by_label("Должности").first.fill("учитель математики")
    await head.page.keyboard.press("Enter")
    await head.sees("Новая новость")
    await head.clicks("Сохранить черновик")
    await head.reads("^черновик$")
    await confirms(head, "Опубликовать", "Опубликовать новость")
    await head.reads(r"Открыли: 0 из 1$")
    await head.sees("Новость")


async def reads_both(teacher: Visitor) -> None:
    """Pinned first; opening an item reads it; on paper nothing but the item is left."""
    await teacher.go("/news?whose=school")
    titles = teacher.page.get_by_role("main").get_by_role("listitem").get_by_role("link")
    await expect(titles).to_have_text(["Педсовет", "Обычная новость"])
    await expect(teacher.page.get_by_text("новое", exact=True)).to_have_count(2)
    await teacher.sees("Новости")
    await teacher.clicks("Педсовет")
    await teacher.reads("Явка всех")
    await teacher.sees("Педсовет")
    await teacher.page.emulate_media(media="print")
    await expect(teacher.page.get_by_role("button", name="Распечатать")).to_be_hidden()
    await teacher.picture("Новость на бумаге")
    await teacher.page.emulate_media(media="screen")
    await teacher.clicks("← Новости")
    await expect(teacher.page.get_by_text("новое", exact=True)).to_have_count(1)


@pytest.mark.timeout(300)
async def test_a_head_writes_for_some_posts_and_they_read_it(live: Live, browser: Browser, visitor: Visitor) -> None:
    here = await staffed(live, Person("Гвоздикина", "Нина"), Person("Дворцова", "Вера"))
    await signs_in(visitor, here.head)
    await visitor.sees("Сегодня")
    await visitor.go("/news")
    await visitor.clicks("Новости школы: написать")
    await visitor.reads("Здесь будут новости")
    await visitor.sees("Новости школы")
    await writes(visitor, "Обычная новость")
    await confirms(visitor, "Опубликовать", "Опубликовать новость")
    await writes_for_teachers(visitor)
    await visitor.go("/news")
    await visitor.reads("Обычная новость")
    await expect(visitor.page.get_by_text("Педсовет")).to_have_count(0)
    async with somebody(browser, live, here.teacher) as teacher:
        await reads_both(teacher)
    await visitor.go("/news/written")
    await visitor.clicks("Педсовет")
    await visitor.reads(r"Открыли: 1 из 1$")
    await confirms(visitor, "В архив", "Убрать в архив")
    await visitor.reads("^в архиве$")


async def test_what_is_typed_survives_a_reload_and_a_lost_network(live: Live, visitor: Visitor) -> None:
    here = await staffed(live, Person("Резедина", "Нина"), Person("Дворцова", "Вера"))
    await signs_in(visitor, here.head)
    await visitor.sees("Сегодня")
    await visitor.go("/news/written/new")
    await visitor.types("Заголовок", "Субботник")
    await visitor.clicks("Сохранить черновик")
    await visitor.reads("Заполните это поле")
    await visitor.page.reload()
    await expect(visitor.page.get_by_label("Заголовок")).to_have_value("Субботник")
    await visitor.types("Текст", "Берите перчатки.")
    await visitor.page.route("**/api/cabinet/news", lambda route: route.abort(), times=1)
    await visitor.clicks("Сохранить черновик")
    await visitor.reads("Нет связи")
    await expect(visitor.page.get_by_label("Текст", exact=True)).to_have_value("Берите перчатки.")
    visitor.troubles.clear()  # the browser tells of the request that was broken above
    await visitor.clicks("Сохранить черновик")
    await visitor.reads("^черновик$")
    await visitor.go("/news/written/new")
    await expect(visitor.page.get_by_label("Заголовок")).to_have_value("")


async def test_what_is_planned_can_be_taken_back(live: Live, visitor: Visitor) -> None:
    here = await staffed(live, Person("Фрезина", "Нина"), Person("Дворцова", "Вера"))
    await signs_in(visitor, here.head)
    await visitor.sees("Сегодня")
    await writes(visitor, "Субботник")
    await visitor.page.get_by_role("button", name="Запланировать", exact=True).click()
    dialog = visitor.page.get_by_role("dialog")
    moment = dialog.get_by_label("Когда опубликовать")
    await moment.fill("2020-01-01T09:00")
    await dialog.get_by_role("button", name="Запланировать").click()
    await expect(moment).to_have_attribute("aria-invalid", "true")
    await visitor.sees("Новость")
    await moment.fill(await in_days(visitor, 3))
    await dialog.get_by_role("button", name="Запланировать").click()
    await visitor.reads("^выйдет по плану$")
    await visitor.clicks("Снять с плана")
    await visitor.reads("^черновик$")


async def test_who_comes_second_sees_both_and_decides(live: Live, browser: Browser, visitor: Visitor) -> None:
    here = await staffed(live, Person("Геранева", "Нина"), Person("Дворцова", "Вера"))
    await signs_in(visitor, here.head)
    await visitor.sees("Сегодня")
    await writes(visitor, "Субботник")
    await visitor.page.wait_for_url(re.compile("/news/written/(?!new)"))
    async with somebody(browser, live, here.head) as other:
        await other.go(visitor.page.url.removeprefix(visitor.home))
        await other.types("Заголовок", "Субботник отменяется")
        async with other.page.expect_response(lambda one: one.request.method == "PUT" and one.ok):
            await other.clicks("Сохранить")
    await visitor.types("Заголовок", "Субботник переносится")
    await visitor.page.get_by_role("button", name="Сохранить", exact=True).click()
    await visitor.reads("Кто-то изменил это раньше вас")
    await visitor.reads("Субботник отменяется")
    await visitor.sees("Новость")
    await expect(visitor.page.get_by_label("Заголовок")).to_have_value("Субботник переносится")
    await visitor.page.get_by_role("button", name="Сохранить", exact=True).click()
    await expect(visitor.page.get_by_text("Кто-то изменил это раньше вас")).to_have_count(0)
    await visitor.go("/news/written")
    await visitor.reads("Субботник переносится")
    await visitor.sees("Новости школы")


async def in_days(visitor: Visitor, days: int) -> str:
    moment: str = await visitor.page.evaluate(
        "days => new Date(Date.now() + days * 864e5).toISOString().slice(0, 16)", days
    )
    return moment


async def test_a_teacher_has_no_way_to_write(live: Live, visitor: Visitor) -> None:
    here = await staffed(live, Person("Астрова", "Нина"), Person("Дворцова", "Вера"))
    await signs_in(visitor, here.teacher)
    await visitor.sees("Сегодня")
    await visitor.go("/news")
    await visitor.sees("Новости")
    await expect(visitor.page.get_by_role("link", name="Новости школы: написать")).to_have_count(0)
    await visitor.go("/news/written")
    await visitor.page.wait_for_url(re.compile(r"/news$"))
