"""What people print: a number and its code, how far a request is, who works at a school. Black on white, no buttons."""

from live import Live
from pages import Visitor
from playwright.async_api import expect
from story import NEW_PASSWORD, Person

PRESSED = "button, nav, header, footer, input"
COLOURED = """() => [...document.querySelectorAll('main *')].filter((one) => {
    const {color, display} = getComputedStyle(one)
    return one.offsetParent && display !== 'none' && color !== 'rgb(0, 0, 0)'
}).map((one) => one.outerHTML.slice(0, 80))"""


async def prints(visitor: Visitor, name: str) -> None:
    """As it comes out on paper."""
    await visitor.page.emulate_media(media="print")
    await visitor.picture(f"На бумаге {name}")
    assert [await one.inner_text() for one in await visitor.page.locator(PRESSED).all() if await one.is_visible()] == []
    assert await visitor.page.evaluate(COLOURED) == []
    await visitor.page.emulate_media(media="screen")


async def test_number_and_code_of_a_question_and_its_page(live: Live, visitor: Visitor) -> None:
    await visitor.go("/help/question")
    await visitor.types("Ваша почта", Person().email)
    await visitor.types("Что случилось", "Где расписание?")
    await visitor.clicks("Отправить")
    await visitor.sees("Обращение принято")
    await prints(visitor, "номер")
    await expect(visitor.page.get_by_test_id("code")).to_be_visible()


async def test_how_far_a_request_is(live: Live, visitor: Visitor) -> None:
    school = await live.story.register(Person("Дворцова", "Вера"))
    ticket = await live.story.ask(Person("Бумажкина"), school)
    await live.story.reaches(ticket, "referred")
    await visitor.go(f"/track#number={ticket.number}&code={ticket.code}")
    await visitor.reads(ticket.number)
    await visitor.sees("Следить за заявкой")
    await prints(visitor, "заявка")


async def test_the_staff_of_a_school(live: Live, visitor: Visitor) -> None:
    head = Person("Дворцова", "Вера")
    school = await live.story.register(head)
    for last_name in ("Алексеева", "Борисова", "Викторова"):
        await live.story.enrol(school, Person(last_name))
    login, _ = await live.story.settled_in(head, school, "head")
    await visitor.go("/signin")
    await visitor.types("Логин", login)
    await visitor.types("Пароль", NEW_PASSWORD)
    await visitor.submits("Войти")
    await visitor.sees("Сегодня")
    await visitor.go("/staff")
    await visitor.reads("Викторова")
    await prints(visitor, "список")
    await expect(visitor.page.get_by_role("row")).to_have_count(5)
