"""A head looks after the school's people: who asks for access, who works there, who has left."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from live import Live
from pages import Visitor
from playwright.async_api import expect
from story import NEW_PASSWORD, Person, School, Session, Ticket
from waiting import until

LIST = "/registry/referrals"


async def a_head(live: Live, visitor: Visitor) -> tuple[School, Session]:
    """A school, and its head signed in, in the browser and beside it."""
    head = Person("Дворцова", "Вера")
    school = await live.story.register(head)
    login, session = await live.story.settled_in(head, school, "head")
    await visitor.go("/signin")
    await visitor.types("Логин", login)
    await visitor.types("Пароль", NEW_PASSWORD)
    await visitor.submits("Войти")
    await visitor.sees("Сегодня")
    return school, session


async def referred(live: Live, person: Person, school: School) -> Ticket:
    """A request that the roll alone cannot tell."""
    ticket = await live.story.ask(person, school)
    await live.story.reaches(ticket, "referred")
    return ticket


async def in_dialog(visitor: Visitor, button: str) -> None:
    dialog = visitor.page.get_by_role("dialog")
    await dialog.get_by_role("button", name=button, exact=True).click()


@pytest.mark.timeout(300)  # the first one waits for the stack as well
async def test_a_head_confirms_one_request_and_declines_another(live: Live, visitor: Visitor) -> None:
    school, _ = await a_head(live, visitor)
    known, stranger = Person("Ромашкина", "Анна"), Person("Посторонний", "Пётр", "Ильич")
    await live.story.enrol(school, known, with_email=False)
    hers, his = await referred(live, known, school), await referred(live, stranger, school)

    await visitor.go("/staff")
    await visitor.reads("2 человека ждут вашего решения")
    await visitor.clicks("Открыть запросы")
    await visitor.reads("Ромашкина")
    await visitor.sees("Запросы доступа")
    await visitor.clicks("Ромашкина")
    await visitor.reads("✓ совпадает")
    await visitor.reads("Решить до")
    await visitor.sees("Ромашкина")
    await visitor.page.get_by_role("button", name="Подтвердить", exact=True).click()
    await visitor.reads("Сотрудник подтверждён")
    await visitor.sees("Ромашкина")
    await live.story.reaches(hers, "issued")

    await visitor.clicks("К запросам")
    await visitor.clicks("Посторонний")
    await visitor.reads("такого человека нет")
    await visitor.page.get_by_role("button", name="Отказать").click()
    await in_dialog(visitor, "Отказать")
    await visitor.reads("Заполните это поле")
    await visitor.page.get_by_role("dialog").get_by_label("Причина").fill("у нас не работает")
    await in_dialog(visitor, "Отказать")
    await visitor.reads("В доступе отказано")
    await live.story.reaches(his, "declined")
    await visitor.clicks("К запросам")
    await visitor.reads("Сейчас никто не ждёт")
    await visitor.sees("Запросы доступа")


@asynccontextmanager
async def unaware(live: Live, visitor: Visitor, session: Session) -> AsyncIterator[None]:
    """The page looks at its list again and again, and sees what stood there before."""
    address, before = "**/api/registry/referrals", await live.story.ok("GET", LIST, headers=session.headers)
    await visitor.page.route(address, lambda route: route.fulfill(json=before))
    yield
    await visitor.page.unroute(address)


async def test_what_happens_meanwhile_is_said(live: Live, visitor: Visitor) -> None:
    """The address is corrected, the request taken back, while the head looks at it."""
    school, session = await a_head(live, visitor)
    person = Person("Передумова", "Анна")
    await live.story.enrol(school, person, with_email=False)
    ticket = await referred(live, person, school)
    path, other = f"/identity/account-requests/{ticket.number}", f"other-{person.email}"
    confirm = visitor.page.get_by_role("button", name="Подтвердить", exact=True)
    await visitor.go("/referrals")
    await visitor.clicks("Передумова")
    await visitor.reads(person.email)

    async with unaware(live, visitor, session):
        await live.story.ok("PATCH", path, json={"email": other}, headers=ticket.headers)
        await live.settle(lambda: asks_from(live, ticket, other))
    await confirm.click()
    await visitor.reads("Заявитель только что исправил почту")
    await visitor.reads(f"Теперь в запросе стоит {other}")
    await visitor.sees("Передумова")

    async with unaware(live, visitor, session):
        await live.story.ok("POST", f"{path}/withdraw", headers=ticket.headers)
        await live.settle(lambda: nobody_asks(live, session))
        await confirm.click()
        await visitor.reads("Запрос уже закрыт")
        await visitor.sees("Передумова")


async def asks_from(live: Live, ticket: Ticket, email: str) -> bool:
    """The registry has heard of the address; the registrar looks, whose reading is not the head's."""
    return bool((await live.story.referral(ticket, await live.operator("registrar")))["applicant"]["email"] == email)


async def nobody_asks(live: Live, session: Session) -> bool:
    return not (await live.story.ok("GET", LIST, headers=session.headers))["items"]


async def test_a_head_adds_a_person_who_gets_an_account(live: Live, visitor: Visitor) -> None:
    school, _ = await a_head(live, visitor)
    person = Person("Новикова", "Дарья")
    await visitor.go("/staff")
    await visitor.reads("1 сотрудник")
    await visitor.sees("Сотрудники")
    await visitor.clicks("Добавить сотрудника")
    await visitor.submits("Добавить сотрудника")
    await expect(visitor.page.get_by_label("Фамилия")).to_be_focused()
    await visitor.types("Фамилия", person.last_name)
    await visitor.types("Имя", person.first_name)
    await visitor.types("Отчество", person.patronymic or "")
    await visitor.types("Должность", "учитель географии")
    await visitor.page.reload()
    await expect(visitor.page.get_by_label("Фамилия")).to_have_value(person.last_name)
    await visitor.types("Почта", person.email)
    await visitor.sees("Новый сотрудник")
    await visitor.submits("Добавить сотрудника")
    await visitor.sees("Новикова Дарья Сергеевна — в списке")
    await visitor.reads(f"/request\\?school={school.school_id}")

    ticket = await live.story.ask(person, school)
    await live.story.reaches(ticket, "issued")
    await visitor.clicks("К списку")
    await visitor.types("Найти по имени", "географ новик")
    await expect(visitor.page.get_by_role("row").filter(has_text="Новикова")).to_contain_text("ещё не входил")
    await expect(visitor.page.get_by_role("row").filter(has_text="Дворцова")).to_have_count(0)


async def test_who_is_dismissed_is_out_at_once_unless_it_was_a_mistake(live: Live, visitor: Visitor) -> None:
    school, _ = await a_head(live, visitor)
    teacher = Person("Уходова", "Инна")
    await live.story.enrol(school, teacher)
    _, session = await live.story.settled_in(teacher, school)
    await visitor.go("/staff")
    await visitor.clicks("Уходова")
    await visitor.reads("Человек работает в кабинете")
    await visitor.sees("Уходова Инна Сергеевна")
    await suspends_and_resumes(live, visitor, session)

    await visitor.clicks("Убрать из списка")
    dialog = visitor.page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Уходова Инна Сергеевна, учитель математики")
    await expect(dialog).to_contain_text(re.compile("Кабинет закроется сразу.*отключится навсегда"))
    await dialog.get_by_label("Причина").click()
    await visitor.page.get_by_role("option", name="больше не работает").click()
    await visitor.sees("Уходова Инна Сергеевна")
    await in_dialog(visitor, "Убрать из списка")
    await visitor.reads("Кабинет приостановлен")
    await visitor.sees("больше не в списке")
    await cut_off(live, session)

    staff_id = await live.story.enrol(school, teacher)
    await visitor.go("/staff")
    await visitor.reads("Убраны из списка")
    await visitor.sees("Сотрудники")
    await gives_back(live, teacher, staff_id)
    await visitor.page.reload()
    await expect(visitor.page.get_by_role("row").filter(has_text="Уходова")).to_contain_text("открыт")
    await expect(visitor.page.get_by_role("heading", name="Убраны из списка")).to_have_count(0)


async def gives_back(live: Live, teacher: Person, staff_id: str) -> None:
    """The desk has found a mistake, and names the new record."""
    headers = await live.operator("support")
    form = {"kind": "question", "contact": {"email": teacher.email}, "text": "Меня убрали по ошибке"}
    number = (await live.story.ok("POST", "/identity/support/tickets", json=form))["number"]
    ticket = await live.story.ok("POST", f"/identity/support/tickets/{number}/link", json={}, headers=headers)
    body = {"reason": "ошибка", "ticket": number, "staff_id": staff_id}
    await live.story.ok("POST", f"/identity/accounts/{ticket['account_id']}/resume", json=body, headers=headers)


async def suspends_and_resumes(live: Live, visitor: Visitor, session: Session) -> None:
    """The account alone; the person stays on the roll."""
    dialog = visitor.page.get_by_role("dialog")
    await visitor.clicks("Приостановить кабинет")
    await dialog.get_by_label("Причина").fill("потерян телефон")
    await in_dialog(visitor, "Приостановить кабинет")
    await visitor.reads("Вы приостановили кабинет")
    await cut_off(live, session)
    await visitor.clicks("Вернуть кабинет")
    await dialog.get_by_label("Причина").fill("телефон найден")
    await in_dialog(visitor, "Вернуть кабинет")
    await visitor.reads("Человек работает в кабинете")


async def cut_off(live: Live, session: Session) -> None:
    """The live token is refused; how soon, `tests/system/test_story.py` measures."""

    async def refused() -> bool:
        return await status_of(live, session) == httpx.codes.UNAUTHORIZED

    await until(refused, "the token is refused")


async def status_of(live: Live, session: Session) -> int:
    return (await live.call("GET", "/identity/me", headers=session.headers)).status_code


async def test_two_who_correct_the_same_record_see_both_values(live: Live, visitor: Visitor) -> None:
    school, _ = await a_head(live, visitor)
    staff_id = await live.story.enrol(school, Person("Спорная", "Анна"))
    await visitor.go(f"/staff/{staff_id}")
    await visitor.clicks("Исправить")
    await visitor.types("Подразделение", "Корпус на Лесной")
    await visitor.types("Должность", "учитель физики")

    path = f"/registry/schools/{school.school_id}/staff/{staff_id}"
    changed = {"post": "учитель химии"}
    await live.story.ok("PATCH", path, json=changed, headers=await live.operator("registrar"))
    await visitor.clicks("Сохранить")
    await visitor.reads("запись изменил кто-то другой")
    clash = visitor.page.get_by_role("alert").get_by_role("row").filter(has_text="Должность")
    await expect(clash).to_contain_text("учитель химии")
    await expect(clash).to_contain_text("учитель физики")
    await visitor.sees("Исправить запись")
    await visitor.clicks("Сохранить моё")
    await visitor.sees("Спорная")
    await visitor.reads("Корпус на Лесной")
    await visitor.reads("учитель физики")


async def test_a_proposed_post_is_taken_over(live: Live, visitor: Visitor) -> None:
    school, _ = await a_head(live, visitor)
    teacher = Person("Завучева", "Анна")
    await live.story.enrol(school, teacher)
    _, session = await live.story.settled_in(teacher, school)
    place = await live.story.workplace(session)
    form = {"building": "Школьная, 1", "subjects": ["Математика"], "work_phone": "+7 495 765-43-21"}
    headers = session.headers | {"If-Match": place.headers["ETag"]}
    await live.story.ok("PUT", "/cabinet/workplace", json=form | {"proposed_post": "завуч"}, headers=headers)
    await proposed(live, school)
    await visitor.go("/staff")
    await visitor.reads("предлагает: завуч")
    await visitor.clicks("Завучева")
    await visitor.sees("Завучева")
    await visitor.clicks("Принять должность")
    await expect(visitor.page.get_by_text("Предлагает другую должность")).to_be_hidden()
    await visitor.reads("^завуч$")


async def proposed(live: Live, school: School) -> None:
    """Wait until the registry has heard of the proposal."""

    async def look() -> bool:
        path = f"/registry/schools/{school.school_id}/staff"
        items = (await live.story.ok("GET", path, headers=await live.operator("registrar")))["items"]
        return any(one["proposed_post"] for one in items)

    await live.settle(look)


async def test_employees_have_no_roll_to_look_after(live: Live, visitor: Visitor) -> None:
    school = await live.story.register(Person("Дворцова", "Вера"))
    teacher = Person("Любопытная")
    await live.story.enrol(school, teacher)
    login, _ = await live.story.settled_in(teacher, school)
    await visitor.go("/signin")
    await visitor.types("Логин", login)
    await visitor.types("Пароль", NEW_PASSWORD)
    await visitor.submits("Войти")
    await visitor.sees("Сегодня")
    await visitor.go("/staff")
    await visitor.sees("Сегодня")
    await visitor.go("/referrals")
    await visitor.sees("Сегодня")
