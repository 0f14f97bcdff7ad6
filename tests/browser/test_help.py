"""What goes wrong, and how a person gets on: a forgotten password, a question to the desk, a second step, the end."""

import re

import pyotp
from live import Live
from pages import Visitor
from playwright.async_api import expect
from story import NEW_PASSWORD, Person

CONFIRM = re.compile(r"http\S+/confirm#\S+")
OTHER_PASSWORD = "три лодки у старой мельницы"


async def signed_in(live: Live, visitor: Visitor, last_name: str) -> tuple[Person, str]:
    head, teacher = Person("Дворцова", "Вера"), Person(last_name)
    school = await live.story.register(head)
    await live.story.enrol(school, teacher)
    login, _ = await live.story.settled_in(teacher, school)
    return teacher, login


async def sign_in(visitor: Visitor, login: str, password: str) -> None:
    await visitor.go("/signin")
    await visitor.types("Логин", login)
    await visitor.types("Пароль", password)
    await visitor.submits("Войти")


async def test_a_forgotten_password_is_replaced_by_mail(live: Live, visitor: Visitor) -> None:
    teacher, login = await signed_in(live, visitor, "Забывчивая")
    await visitor.go("/signin")
    await visitor.clicks("Восстановить доступ")
    await visitor.sees("Восстановить доступ")
    await visitor.types("Ваша почта", teacher.email)
    await visitor.clicks("Прислать код")
    await visitor.sees("Проверьте почту")

    link = CONFIRM.search((await live.story.mail(teacher.email, "/confirm#"))["text"])
    assert link
    await visitor.page.goto(link[0])
    await visitor.sees("Восстановление доступа")
    await visitor.clicks("Подтвердить")
    await visitor.sees("Готово")
    await visitor.page.goto(link[0])
    await visitor.page.reload()
    await visitor.clicks("Подтвердить")
    await visitor.reads("уже использован")

    _, one_time = await live.story.credentials(teacher)
    await sign_in(visitor, login, one_time)
    await visitor.sees("Добро пожаловать")
    await visitor.chooses("Сотрудник")
    await visitor.clicks("Дальше")
    await visitor.types("Новый пароль", OTHER_PASSWORD)
    await visitor.clicks("Открыть кабинет")
    await visitor.reads("Рабочий телефон")


async def test_a_question_is_asked_and_added_to(live: Live, visitor: Visitor) -> None:
    asker = Person("Любопытная")
    await visitor.go("/help")
    await visitor.sees("Помощь")
    await visitor.clicks("Вопрос")
    await visitor.sees("Вопрос")
    await visitor.types("Ваша почта", asker.email)
    await visitor.types("Что случилось", "Где посмотреть расписание?")
    await visitor.clicks("Отправить")
    await visitor.sees("Обращение принято")
    await visitor.clicks("Посмотреть заявку")
    await visitor.reads("Где посмотреть расписание")
    field, lines = visitor.page.get_by_label("Дополнить или ответить"), visitor.page.get_by_role("listitem")
    await field.fill("Нашла, спасибо.")
    async with visitor.sending("Отправить", "**/messages"):
        await field.fill("А звонки?")
    await expect(lines.filter(has_text="Нашла, спасибо.")).to_have_count(1)
    await expect(field).to_have_value("А звонки?")
    await field.fill("Нашла, спасибо.")
    await visitor.clicks("Отправить")
    await expect(lines.filter(has_text="Нашла, спасибо.")).to_have_count(2)
    await expect(field).to_have_value("")
    await visitor.sees("Следить за заявкой")


async def declines_news(visitor: Visitor) -> None:
    """What one chooses stays chosen."""
    await visitor.clicks("Письма")
    await visitor.reads("Напоминания о сроках")
    await visitor.page.get_by_role("combobox", name="Новости").click()
    await visitor.page.get_by_role("option", name="Не писать").click()
    await visitor.clicks("Сохранить")
    await visitor.sees("Письма")
    await visitor.page.reload()
    await expect(visitor.page.get_by_role("combobox", name="Новости")).to_have_value("Не писать")


async def test_the_own_account_from_the_second_step_to_its_end(live: Live, visitor: Visitor) -> None:
    _, login = await signed_in(live, visitor, "Осторожная")
    await sign_in(visitor, login, NEW_PASSWORD)
    await visitor.sees("Сегодня")
    await visitor.go("/me")
    await visitor.sees("Мой кабинет")
    await declines_news(visitor)
    await visitor.go("/me")
    await visitor.clicks("Устройства")
    await visitor.sees("Устройства")
    await visitor.reads("это устройство")
    await visitor.page.get_by_role("banner").get_by_role("button", name="Выйти").click()
    await visitor.sees("Чем помочь")
    await visitor.go("/me/security")
    await visitor.sees("Вход")
    await sign_in(visitor, login, NEW_PASSWORD)
    await visitor.sees("Сегодня")

    await visitor.go("/me/security")
    await visitor.sees("Пароль и защита")
    form = visitor.page.locator("form", has_text="Включить второй шаг")
    await form.get_by_label("Нынешний пароль").fill(NEW_PASSWORD)
    await visitor.clicks("Включить второй шаг")
    secret = await visitor.page.locator("code").first.inner_text()
    await visitor.types("Код из приложения", pyotp.TOTP(secret).now())
    await visitor.sees("Пароль и защита")
    await visitor.page.get_by_role("button", name="Включить", exact=True).click()
    await visitor.reads("Включён")

    await visitor.go("/me/disable")
    await visitor.sees("Отключить кабинет")
    await visitor.types("Нынешний пароль", NEW_PASSWORD)
    await visitor.chooses("вернуть кабинет будет нельзя")
    await visitor.clicks("Отключить кабинет")
    await visitor.sees("Кабинет отключён")
    await sign_in(visitor, login, NEW_PASSWORD)
    await visitor.reads("не подходит")
