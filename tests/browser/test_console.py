"""The operator console as the department lives it: a ticket answered, a school let in, the record looked at."""

import pytest
from console import in_dialog, signs_in
from live import Live
from pages import Visitor
from playwright.async_api import Route, expect
from story import Person, School


async def a_ticket(live: Live, teacher: Person) -> tuple[str, str]:
    """Somebody with an account asks for access. Login and number."""
    school = await live.story.register(Person("Дворцова", "Вера"))
    await live.story.enrol(school, teacher)
    login, _ = await live.story.settled_in(teacher, school)
    form = {
        "kind": "restore-access",
        "contact": {"email": teacher.email, "name": "Ольга Сергеевна", "phone": "+7 495 123-45-67"},
        "login": login,
        "text": "Не могу войти: пароль не подходит.",
    }
    return login, (await live.story.ok("POST", "/identity/support/tickets", json=form))["number"]


async def writes(visitor: Visitor) -> None:
    """A note for the desk, an answer for the person; what is typed while one is on its way stays."""
    lines = visitor.page.get_by_role("listitem")
    await visitor.chooses("Заметка для службы")
    await visitor.types("Текст заметки", "Перезвонила по номеру из кадров")
    async with visitor.sending("Сохранить заметку", "**/messages"):
        await visitor.types("Текст заметки", "Голос узнала")
    await expect(lines.filter(has_text="Перезвонила")).to_have_count(1)
    await expect(visitor.page.get_by_label("Текст заметки")).to_have_value("Голос узнала")
    await visitor.chooses("Ответ человеку")
    await visitor.types("Текст ответа", "Сейчас отправим новый пароль")
    await visitor.clicks("Отправить ответ")
    await expect(lines.filter(has_text="Сейчас отправим")).to_have_count(1)
    await expect(visitor.page.get_by_label("Текст ответа")).to_have_value("")


async def restores(visitor: Visitor, number: str) -> None:
    """Links the account, sees why it cannot be signed in to, sends a new password after a check."""
    await expect(visitor.page.get_by_role("button", name="Ещё действия")).to_be_in_viewport()
    await visitor.clicks("Ещё действия")
    await visitor.page.get_by_role("menuitem", name="Привязать кабинет").click()
    await in_dialog(visitor, "Привязать")
    await visitor.reads("Почему человек не может войти")
    await visitor.clicks("Ещё действия")
    await visitor.page.get_by_role("menuitem", name="Восстановить доступ").click()
    await visitor.page.get_by_role("dialog").get_by_label("Как вы убедились").click()
    await visitor.page.get_by_role("option", name="перезвонили").click()
    await visitor.sees(f"Обращение {number}")
    await in_dialog(visitor, "Отправить новый пароль", Что_об_этом_записать="перезвонила в школу")
    await visitor.reads("доступ восстановлен")


@pytest.mark.timeout(300)  # the first one waits for the stack as well
async def test_support_answers_a_ticket_and_resolves_it(live: Live, visitor: Visitor) -> None:
    teacher = Person("Незабудкина", "Ольга")
    login, number = await a_ticket(live, teacher)
    await signs_in(visitor, live, "support")
    await visitor.sees("Обращения")
    await visitor.clicks(number)
    await visitor.sees(f"Обращение {number}")
    await visitor.clicks("Взять себе")
    await visitor.reads("^у меня$")
    await writes(visitor)
    assert await live.story.mail(teacher.email, "Сейчас отправим новый пароль")
    await restores(visitor, number)

    await visitor.page.get_by_role("button", name="Решено", exact=True).click()
    await in_dialog(visitor, "Завершить обращение", Что_сделано="Новый пароль отправлен")
    await expect(visitor.page.get_by_role("button", name="Открыть снова")).to_be_visible()
    await visitor.sees(f"Обращение {number}")

    await visitor.clicks("Открыть карточку кабинета")
    await visitor.sees("Незабудкина")
    await visitor.clicks("Письма этому человеку")
    await visitor.reads("доступ восстановлен")
    await visitor.sees("Письма")
    await visitor.go(f"/desk/accounts?login={login}")
    await visitor.reads("Незабудкина")
    await visitor.sees("Кабинеты")


async def test_an_act_on_a_head_waits_for_a_second_person(live: Live, visitor: Visitor) -> None:
    head = Person("Маслова", "Инна")
    school = await live.story.register(head)
    await live.story.settled_in(head, school, "head")
    asked = {"kind": "question", "contact": {"email": head.email}, "text": "Смените мне почту"}
    number = (await live.story.ok("POST", "/identity/support/tickets", json=asked))["number"]

    support = await live.operator("support")
    await live.story.ok("POST", f"/identity/support/tickets/{number}/link", json={}, headers=support)

    await signs_in(visitor, live, "support")
    await visitor.sees("Обращения")
    await visitor.go(f"/desk/accounts?email={head.email}")
    await visitor.clicks("Маслова")
    await visitor.clicks("Сменить почту")
    dialog = visitor.page.get_by_role("dialog")
    await dialog.get_by_label("Новая почта").fill("maslova@mail.example")
    await dialog.get_by_label("Причина").fill("прежний ящик закрыт")
    await dialog.get_by_role("button", name="Отправить письмо").click()
    await visitor.reads("Заполните это поле")
    await dialog.get_by_label("Номер обращения").fill(number)
    await dialog.get_by_role("button", name="Отправить письмо").click()
    await visitor.reads("Нужен второй человек")
    await visitor.clicks("Понятно")
    await expect(dialog).to_be_hidden()
    await visitor.page.get_by_role("navigation").get_by_role("link", name="Вторая подпись").click()
    await visitor.reads("согласиться должен кто-то другой")
    await visitor.sees("Вторая подпись")

    other = await live.operator("admin")
    deeds = (await live.story.ok("GET", "/identity/deeds", headers=other))["items"]
    deed = next(one for one in deeds if one["ticket"] == number)
    await live.story.ok("POST", f"/identity/deeds/{deed['deed_id']}/approve", headers=other)


async def test_a_registrar_lets_a_school_in(live: Live, visitor: Visitor) -> None:
    school = School(name="Школа № 2107")
    ticket = await live.story.apply(Person("Кленова", "Инна"), school)
    await live.story.apply(Person("Липова", "Инна"), School(name="Школа № 2108"))

    await signs_in(visitor, live, "registrar")
    await visitor.reads(ticket.number)
    await visitor.sees("Заявления")
    await visitor.clicks(ticket.number)
    await visitor.reads("Сверка с реестром")
    await visitor.sees(f"Заявление {ticket.number}")
    await visitor.page.locator("h1").focus()
    await visitor.page.keyboard.press("j")
    await expect(visitor.page.locator("h1")).not_to_contain_text(ticket.number)
    await visitor.page.keyboard.press("k")
    await expect(visitor.page.locator("h1")).to_contain_text(ticket.number)

    await visitor.clicks("Отказать")
    await visitor.page.get_by_role("dialog").get_by_role("button", name="Отказать", exact=True).click()
    await visitor.reads("Заполните это поле")
    await visitor.page.get_by_role("dialog").get_by_role("button", name="Отмена").click()
    await visitor.clicks("Одобрить")
    await in_dialog(visitor, "Внести в реестр")
    await visitor.reads("одобрено")
    found = await live.story.ok("GET", f"/registry/schools?inn={school.inn}")
    assert [one["short_name"] for one in found["items"]] == [school.name]


async def test_a_registrar_decides_a_referral(live: Live, visitor: Visitor) -> None:
    school = await live.story.register(Person("Дворцова", "Вера"))
    teacher = Person("Сиренева", f"Алла{'а' if visitor.size == 'phone' else ''}")
    await live.story.enrol(school, teacher, with_email=False)
    ticket = await live.story.ask(teacher, school)
    await live.story.reaches(ticket, "referred")

    await signs_in(visitor, live, "registrar")
    await visitor.page.get_by_role("navigation").get_by_role("link", name="Проверка людей").click()
    await visitor.reads(ticket.number)
    await visitor.sees("Проверка людей")
    await visitor.clicks(ticket.number)
    await visitor.reads("Кто это в школе")
    await visitor.sees(f"Запрос {ticket.number}")
    await visitor.clicks("Подтвердить")
    await visitor.reads("Сотрудник подтверждён")
    await live.story.reaches(ticket, "issued")


FEED = """Полное наименование;Краткое наименование;Вид учреждения;ИНН;КПП;ОГРН;Юридический адрес
Учреждение Школа № 3001;Школа № 3001;Школа;{inn};770101001;{ogrn};Москва, улица Полевая, дом 3
Учреждение с ошибкой;Школа № 3002;Школа;1234567890;770101001;1;Москва, улица Полевая, дом 4
"""


async def never_answered(route: Route) -> None:
    """A file that goes up for ever; lists are answered."""
    if route.request.method == "GET":
        await route.continue_()


async def test_a_registrar_tries_a_file_and_applies_it(live: Live, visitor: Visitor) -> None:
    school = School()
    content = FEED.format(inn=school.inn, ogrn=school.ogrn).encode()

    await signs_in(visitor, live, "registrar")
    await visitor.page.get_by_role("navigation").get_by_role("link", name="Загрузка реестра").click()
    await visitor.clicks("Проверить файл")
    await visitor.page.get_by_text("Выберите файл", exact=True).wait_for()
    await visitor.page.set_input_files(
        "input[type=file]", {"name": "школы.csv", "mimeType": "text/csv", "buffer": content}
    )
    await visitor.page.route("**/api/registry/imports", never_answered)
    await visitor.clicks("Проверить файл")
    await expect(visitor.page.get_by_role("progressbar")).to_be_attached()
    await visitor.picture("Файл уходит")
    await visitor.page.get_by_role("status").get_by_role("button", name="Отмена").click()
    await expect(visitor.page.get_by_role("progressbar")).to_have_count(0)
    await visitor.page.unroute("**/api/registry/imports")
    await visitor.clicks("Проверить файл")
    await visitor.reads("Файл проверен")
    await visitor.sees("школы.csv")
    assert (await live.story.ok("GET", f"/registry/schools?inn={school.inn}"))["items"] == []
    async with visitor.page.expect_download() as saved:
        await visitor.clicks("Скачать отчёт")
    assert (await saved.value).suggested_filename.startswith("import-schools")
    await visitor.clicks("Применить")
    await in_dialog(visitor, "Применить файл")
    await visitor.reads("^применение$")
    await visitor.reads("^готово$")
    assert len((await live.story.ok("GET", f"/registry/schools?inn={school.inn}"))["items"]) == 1
    await visitor.page.get_by_role("navigation").get_by_role("link", name="Загрузка реестра").click()
    await visitor.reads("школы.csv")
    await visitor.sees("Загрузка реестра")


async def test_security_looks_at_the_record_and_takes_it_out(live: Live, visitor: Visitor) -> None:
    await signs_in(visitor, live, "security")
    await visitor.sees("Кабинеты")
    await visitor.page.get_by_role("navigation").get_by_role("link", name="Журнал").click()
    await visitor.reads("вход")
    await visitor.sees("Журнал")
    await visitor.page.get_by_label("Действие").first.click()
    await visitor.page.get_by_role("option", name="выгрузка журнала").click()
    await visitor.clicks("Найти")
    await visitor.page.wait_for_url("**act=audit-exported*")
    async with visitor.page.expect_download() as saved:
        await visitor.clicks("Скачать выборку")
    assert (await saved.value).suggested_filename.startswith("audit-")
    await visitor.page.reload()
    await visitor.reads("выгрузка журнала")


PROOF = {"status": 401, "json": {"status": 401, "code": "proof-required", "title": "Нужно подтверждение"}}


async def test_an_act_that_wants_a_proof_asks_for_it_and_goes_on(live: Live, visitor: Visitor) -> None:
    await signs_in(visitor, live, "security")
    await visitor.page.get_by_role("navigation").get_by_role("link", name="Журнал").click()
    await visitor.reads("^вход$")
    # Operators of this stack have no second factor, so no other act of theirs is refused for want of a proof
    await visitor.page.route("**/audit/export*", lambda route: route.fulfill(**PROOF), times=1)
    await visitor.clicks("Скачать выборку")
    await visitor.types("Ваш пароль", "не тот пароль совсем")
    await visitor.clicks("Подтвердить")
    await expect(visitor.page.get_by_role("dialog").get_by_role("alert")).to_be_visible()
    await visitor.sees("Журнал")
    await visitor.types("Ваш пароль", live.stack.passwords["operators", "security"])
    async with visitor.page.expect_download() as saved:
        await visitor.clicks("Подтвердить")
    assert (await saved.value).suggested_filename.startswith("audit-")
    await expect(visitor.page.get_by_role("dialog")).to_be_hidden()


async def test_nobody_else_gets_into_the_console(live: Live, visitor: Visitor) -> None:
    await visitor.go("/desk/audit")
    await visitor.sees("Вход")
    await signs_in(visitor, live, "registrar")
    await visitor.reads("Заявления")
    await visitor.go("/desk/audit")
    await visitor.sees("Этот раздел не для вашей роли")
