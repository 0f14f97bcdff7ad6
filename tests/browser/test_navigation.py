"""The sections of the cabinet: a left column on a desk, a bar on a phone whose last button opens the rest."""

from live import Live
from pages import Visitor
from playwright.async_api import Locator, expect
from story import NEW_PASSWORD, Person


async def are_big_enough(sections: Locator) -> None:
    """For a finger: 44 px each way."""
    for box in await sections.locator("a:visible, button:visible").all():
        size = await box.bounding_box()
        assert size
        assert size["height"] >= 44
        assert size["width"] >= 44


async def test_the_sections_lead_about_the_cabinet_by_keyboard(live: Live, visitor: Visitor) -> None:
    head, teacher = Person("Дворцова", "Вера"), Person("Ходокова")
    school = await live.story.register(head)
    await live.story.enrol(school, teacher)
    login, _ = await live.story.settled_in(teacher, school)
    await visitor.go("/signin")
    sections = visitor.page.get_by_role("navigation", name="Разделы кабинета")
    await expect(visitor.page.get_by_role("heading", name="Вход")).to_be_visible()
    await expect(sections).to_have_count(0)
    await visitor.types("Логин", login)
    await visitor.types("Пароль", NEW_PASSWORD)
    await visitor.submits("Войти")
    await visitor.sees("Сегодня")
    await expect(sections.get_by_role("link", name="Сегодня")).to_have_attribute("aria-current", "page")
    await expect(sections.get_by_role("link", name="Сотрудники")).to_have_count(0)

    more = sections.get_by_role("button", name="Ещё")
    if visitor.size == "phone":
        await expect(sections.get_by_role("link", name="Мой кабинет")).to_be_hidden()
        await more.focus()
        await visitor.page.keyboard.press("Enter")
        rest = visitor.page.get_by_role("dialog", name="Разделы кабинета")
        await expect(rest.get_by_role("link", name="Мой кабинет")).to_be_visible()
        await visitor.sees("Сегодня")
        await visitor.page.keyboard.press("Escape")
        await expect(more).to_be_focused()
        await more.click()
        await rest.get_by_role("link", name="Мой кабинет").click()
        await expect(rest).to_have_count(0)
        await expect(more).to_have_attribute("data-here", "true")
    else:
        await expect(more).to_be_hidden()
        await sections.get_by_role("link", name="Мой кабинет").focus()
        await visitor.page.keyboard.press("Enter")
    await visitor.sees("Мой кабинет")
    await visitor.go("/me/devices")
    await visitor.sees("Устройства")
    here = sections.locator("[aria-current=page]")
    await expect(here).to_have_text("Мой кабинет")
    await are_big_enough(sections)
