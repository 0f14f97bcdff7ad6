"""An admin subscribes a city system, sees the secret once, tries it out, pauses and resumes, reads the log."""

from console import in_dialog, signs_in
from live import Live
from pages import Visitor
from playwright.async_api import expect
from receiver import Receiver
from standardwebhooks.webhooks import Webhook


async def subscribes(visitor: Visitor, name: str, url: str) -> str:
    """Returns the secret."""
    await visitor.clicks("Новая подписка")
    dialog = visitor.page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Подписать").click()
    await expect(dialog.get_by_text("Отметьте хотя бы одно событие")).to_be_visible()
    await dialog.get_by_label("Название").fill(name)
    await dialog.get_by_label("Адрес приёмника").fill(url)
    await dialog.get_by_label("Школа зарегистрирована").check()
    await visitor.sees("Подписки")
    await dialog.get_by_role("button", name="Подписать").click()
    secret = await dialog.get_by_text("whsec_").inner_text()
    await dialog.get_by_role("button", name="Ключ сохранён").click()
    await expect(dialog).to_be_hidden()
    return secret


async def test_an_admin_keeps_a_subscription(live: Live, visitor: Visitor) -> None:
    name = f"Портал {visitor.size}"
    async with Receiver() as receiver:
        await signs_in(visitor, live, "admin")
        await visitor.reads("Кабинеты")
        await visitor.go("/desk/webhooks")
        secret = await subscribes(visitor, name, receiver.url)
        await visitor.page.get_by_role("link", name=name).click()
        await visitor.reads("работает")
        await visitor.clicks("Проверить связь")
        await in_dialog(visitor, "Проверить связь")
        await visitor.reads("принято")
        await visitor.sees(name)
        (call,) = receiver.posts
        assert Webhook(secret).verify(call.body, call.headers)["type"] == "ekis.webhook-test.v1"
        await visitor.clicks("Приостановить")
        await in_dialog(visitor, "Приостановить")
        await visitor.reads("Приостановил администратор")
        receiver.greeting = {}
        await visitor.clicks("Возобновить")
        await in_dialog(visitor, "Возобновить")
        await visitor.reads("Приёмник не разрешил нам писать")
        await visitor.page.reload()
        counted = visitor.page.get_by_role("navigation").get_by_role("link", name="Подписки")
        await expect(counted).to_contain_text("не доставляется:")
        await visitor.clicks("Новый ключ")
        await in_dialog_of_secret(visitor)
        await visitor.clicks("Удалить")
        await in_dialog(visitor, "Удалить")
        await expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Подписки")
        await expect(visitor.page.get_by_role("link", name=name)).to_have_count(0)


async def in_dialog_of_secret(visitor: Visitor) -> None:
    await visitor.page.get_by_role("dialog").get_by_role("button", name="Новый ключ").click()
    shown = visitor.page.get_by_role("dialog").filter(has_text="whsec_")
    await shown.get_by_role("button", name="Ключ сохранён").click()
    await expect(shown).to_be_hidden()
