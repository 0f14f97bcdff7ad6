"""The main story as a person lives it: from the support centre to an open cabinet, the mail read where it arrived."""

import re

from live import Live
from pages import Visitor
from story import NEW_PASSWORD, Person, School

LINK = re.compile(r"http\S+/track#\S+")


async def test_a_teacher_asks_for_an_account_and_opens_the_cabinet(live: Live, visitor: Visitor) -> None:
    head, teacher = Person("Дворцова", "Вера"), Person("Ромашкина", "Анна")
    school = await live.story.register(head)
    await live.story.enrol(school, teacher)
    await ask(visitor, teacher, school)

    received = await live.story.mail(teacher.email, "/track#")
    link = LINK.search(received["text"])
    assert link
    await visitor.page.goto(link[0])
    await visitor.reads("Письмо с паролем")
    await visitor.sees("Следить за заявкой")

    await open_cabinet(visitor, *await live.story.credentials(teacher))
    await visitor.types("Рабочий телефон", "+7 495 765-43-21")
    await visitor.page.get_by_label("Предметы").first.fill("Математика")
    await visitor.page.keyboard.press("Enter")
    await visitor.sees("Добро пожаловать")
    await visitor.clicks("Сохранить")
    await visitor.sees("Сегодня")


async def ask(visitor: Visitor, teacher: Person, school: School) -> None:
    """From the support centre to number and code; what is left out stands beside its field."""
    await visitor.go("/")
    await visitor.sees("Чем помочь")
    await visitor.clicks("Получить доступ")
    await visitor.types("Название, номер, ИНН или ОГРН", school.inn)
    await visitor.page.get_by_role("option").first.click()
    await visitor.types("Фамилия", teacher.last_name)
    await visitor.types("Имя", teacher.first_name)
    await visitor.types("Отчество", teacher.patronymic or "")
    await visitor.types("Ваша почта", teacher.email)
    await visitor.sees("Доступ в кабинет")
    await visitor.clicks("Отправить запрос")
    await visitor.reads("Без согласия")
    await visitor.chooses("согласен")
    await visitor.clicks("Отправить запрос")
    await visitor.sees("Запрос принят")


async def open_cabinet(visitor: Visitor, login: str, one_time: str) -> None:
    """The first sign-in: the status, and a password that is refused before one that is taken."""
    await visitor.clicks("Войти с логином")
    await visitor.types("Логин", login)
    await visitor.types("Пароль", one_time)
    await visitor.sees("Вход")
    await visitor.submits("Войти")
    await visitor.sees("Добро пожаловать")
    await visitor.chooses("Сотрудник")
    await visitor.clicks("Дальше")
    await visitor.types("Новый пароль", "пароль")
    await visitor.reads("Ещё 9 знаков")
    await visitor.types("Новый пароль", "паролькороль123")
    await visitor.clicks("Открыть кабинет")
    await visitor.reads("распространён|легко подобрать|подобрать")
    await visitor.types("Новый пароль", NEW_PASSWORD)
    await visitor.clicks("Открыть кабинет")
