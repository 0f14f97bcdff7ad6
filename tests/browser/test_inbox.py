"""The inbox as people live it: an open page hears of what is new by itself, until it is signed out or cut off."""

import re

import pytest
from cabinets import Staff, an_editor, signs_in, somebody, staffed
from live import Live
from pages import STREAM, Visitor
from playwright.async_api import Browser, Page, Request, Route, expect
from story import Person

TITLE = "Каникулы с 29 декабря"


async def at_school(live: Live, visitor: Visitor) -> Staff:
    return await staffed(live, Person("Лютикова", "Нина"), Person("Дворцова", "Вера"), f"Школа № 21{visitor.size}")


async def publishes(editor: Visitor, school: str, title: str) -> None:
    """News of the department for one school alone, by hand."""
    await editor.clicks("Новая новость")
    await editor.types("Заголовок", title)
    await editor.types("Текст", "Во всех школах города.\n\nХорошего отдыха.")
    await editor.page.get_by_role("combobox", name="Школы").or_(editor.page.get_by_label("Школы")).first.fill(school)
    await editor.page.get_by_role("option", name=school).click()
    await editor.page.keyboard.press("Escape")
    await editor.clicks("Сохранить черновик")
    await editor.reads("^черновик$")
    await editor.sees("Новость")
    await editor.clicks("Опубликовать")
    await editor.page.get_by_role("dialog").get_by_role("button", name="Опубликовать новость").click()
    await editor.reads("^опубликовано$")


def streams(page: Page) -> list[Request]:
    """Those that the page opens from now on."""
    opened: list[Request] = []
    page.on("request", lambda asked: opened.append(asked) if asked.url.endswith(STREAM) else None)
    return opened


@pytest.mark.timeout(300)  # the first one waits for the stack as well
async def test_an_open_page_hears_of_news_and_reading_them_takes_the_count_away(
    live: Live, browser: Browser, visitor: Visitor
) -> None:
    here = await at_school(live, visitor)
    await signs_in(visitor, here.teacher)
    await visitor.sees("Сегодня")
    page, badge = visitor.page, visitor.page.get_by_text("1 непрочитанное", exact=True).first
    await expect(page).to_have_title("Сегодня · ЕКИС")
    async with an_editor(browser, live) as editor:
        await publishes(editor, here.school.name, TITLE)
        await expect(page).to_have_title("(1) Сегодня · ЕКИС", timeout=10_000)
        await expect(badge).to_be_attached()
        await expect(page.get_by_role("status").filter(has_text="Пришло новое")).to_have_text(
            "Пришло новое. 1 непрочитанное сообщение."
        )
        await page.get_by_role("navigation", name="Разделы").get_by_role("link", name=re.compile("Сообщения")).click()
        await visitor.reads(TITLE)
        await visitor.sees("Сообщения")
        await visitor.clicks(TITLE)
        await visitor.reads("Хорошего отдыха")
        await visitor.sees(TITLE)
        await expect(page).to_have_title(f"{TITLE} · ЕКИС", timeout=10_000)
        await expect(badge).to_have_count(0)
        await page.go_back()
        await visitor.clicks("Непрочитанные")
        await visitor.reads("Всё прочитано")

        await editor.go("/desk/content/news")
        await publishes(editor, here.school.name, "Педсовет во вторник")
        await visitor.reads("Педсовет во вторник")
        await visitor.sees("Сообщения")
        await visitor.clicks("Отметить всё прочитанным")
        await visitor.reads("Всё прочитано")
        await expect(page).to_have_title("Сообщения · ЕКИС", timeout=10_000)


async def test_one_tab_listens_for_all_and_another_takes_over(live: Live, browser: Browser, visitor: Visitor) -> None:
    here = await at_school(live, visitor)
    opened = streams(visitor.page)
    await signs_in(visitor, here.teacher)
    await visitor.sees("Сегодня")
    assert len(opened) == 1
    second = await visitor.page.context.new_page()
    also = streams(second)
    await second.goto(visitor.home + "/inbox")
    await expect(second.get_by_role("heading", name="Сообщения")).to_be_visible()
    async with somebody(browser, live, here.head) as head:
        await announces(head, "Собрание в пятницу")
        await expect(second).to_have_title("(1) Сообщения · ЕКИС", timeout=10_000)
        assert also == []
        await visitor.page.close()
        await announces(head, "Собрание переносится")
        await expect(second).to_have_title("(2) Сообщения · ЕКИС", timeout=10_000)
        assert len(also) == 1


async def announces(head: Visitor, title: str) -> None:
    """A head's news for the own school."""
    await head.go("/news/written/new")
    await head.types("Заголовок", title)
    await head.types("Текст", "В актовом зале.")
    await head.clicks("Сохранить черновик")
    await head.reads("^черновик$")
    await head.clicks("Опубликовать")
    await head.page.get_by_role("dialog").get_by_role("button", name="Опубликовать новость").click()
    await head.reads("^опубликовано$")


async def test_signing_out_ends_the_stream_for_good(live: Live, visitor: Visitor) -> None:
    here = await at_school(live, visitor)
    opened = streams(visitor.page)
    await signs_in(visitor, here.teacher)
    await visitor.sees("Сегодня")
    async with visitor.page.expect_event("requestfailed", lambda asked: asked.url.endswith(STREAM)):
        await visitor.clicks("Выйти")
    await expect(visitor.page.get_by_role("link", name="Войти").first).to_be_visible()
    await visitor.settles()
    assert len(opened) == 1


async def test_who_is_cut_off_is_shown_out_at_once(live: Live, visitor: Visitor) -> None:
    here = await at_school(live, visitor)
    await signs_in(visitor, here.teacher)
    await visitor.sees("Сегодня")
    refused = visitor.page.expect_response(lambda one: one.url.endswith(STREAM) and one.status == 401)
    async with refused:  # the stream has ended, and nobody is let in again
        await live.story.leave(here.school, here.teacher_id)
    await expect(visitor.page.get_by_role("link", name="Войти").first).to_be_visible(timeout=15_000)


async def test_a_stream_that_broke_is_taken_up_where_it_ended(live: Live, visitor: Visitor) -> None:
    here = await at_school(live, visitor)
    asked: list[dict[str, str]] = []

    async def answer(route: Route) -> None:
        asked.append(await route.request.all_headers())
        # Ends at once; then the network fails; then the token is refused; then the server itself
        if len(asked) == 1:
            body = ': beat\n\nid: 1700000000000000\nevent: unread\ndata: {"unread": 7, "new": 0}\n\n'
            await route.fulfill(status=200, content_type="text/event-stream", body=body)
        elif len(asked) == 2:
            await route.abort()
        elif len(asked) == 3:
            refusal = {"status": 401, "code": "not-signed-in", "title": "Войдите"}
            await route.fulfill(status=401, json=refusal)
        else:
            await route.continue_()

    await visitor.page.route(f"**{STREAM}", answer)
    await signs_in(visitor, here.teacher)
    await expect(visitor.page).to_have_title(re.compile(r"^\(7\) Сегодня"), timeout=10_000)
    async with visitor.page.expect_response(lambda one: one.url.endswith("/sessions/refresh"), timeout=30_000):
        pass
    await expect(visitor.page).to_have_title("Сегодня · ЕКИС", timeout=15_000)
    assert [one.get("last-event-id") for one in asked] == [None, *["1700000000000000"] * 3]
    assert asked[3]["authorization"] != asked[2]["authorization"]
    visitor.troubles.clear()  # the browser tells of what the route above has broken
