"""An admin registers a city system by its public key, changes keys, suspends it, gives access back and ends it."""

from console import in_dialog, signs_in
from joserfc.jwk import ECKey
from live import Live
from pages import Visitor
from playwright.async_api import expect


def public(key: ECKey) -> str:
    return key.as_pem(private=False).decode()


async def registers(visitor: Visitor, name: str, key: ECKey) -> None:
    """First with what is no key: the server says so beside the field, and nothing typed is lost."""
    await visitor.clicks("Новая система")
    dialog = visitor.page.get_by_role("dialog")
    await dialog.get_by_label("Название").fill(name)
    await dialog.get_by_label("Почта ответственного").fill("dnevnik@city.example")
    await dialog.get_by_label("Открытый ключ").fill("не ключ")
    await dialog.get_by_role("button", name="Зарегистрировать").click()
    await expect(dialog.get_by_text("Отметьте хотя бы одно право")).to_be_visible()
    await dialog.get_by_label("читать реестр школ").check()
    await dialog.get_by_role("button", name="Зарегистрировать").click()
    await expect(dialog.get_by_label("Открытый ключ")).to_have_attribute("aria-invalid", "true")
    await visitor.sees("Городские системы")
    await dialog.get_by_label("Открытый ключ").fill(public(key))
    await dialog.get_by_role("button", name="Зарегистрировать").click()
    await expect(dialog).to_be_hidden()


async def changes(visitor: Visitor, name: str) -> None:
    """Another name and another right; what was is filled in already."""
    await visitor.clicks("Изменить")
    dialog = visitor.page.get_by_role("dialog")
    await expect(dialog.get_by_label("Почта ответственного")).to_have_value("dnevnik@city.example")
    await dialog.get_by_label("читать реестр школ").uncheck()
    await dialog.get_by_role("button", name="Сохранить").click()
    await expect(dialog.get_by_text("Отметьте хотя бы одно право")).to_be_visible()
    await dialog.get_by_label("вести свои подписки").check()
    await dialog.get_by_label("Название").fill(name)
    await visitor.sees("Дневник")
    await dialog.get_by_role("button", name="Сохранить").click()
    await expect(dialog).to_be_hidden()
    await expect(visitor.page.get_by_role("heading", level=1)).to_have_text(name)
    await visitor.reads("вести свои подписки")


async def test_an_admin_keeps_a_city_system(live: Live, visitor: Visitor) -> None:
    name, old, new = f"Дневник {visitor.size}", ECKey.generate_key("P-256"), ECKey.generate_key("P-256")
    await signs_in(visitor, live, "admin")
    await visitor.reads("Кабинеты")
    await visitor.go("/desk/systems")
    await registers(visitor, name, old)
    await visitor.page.get_by_role("link", name=name).click()
    await visitor.reads("работает")
    await visitor.reads("ещё не входила")
    await changes(visitor, name := f"{name}, второй")
    await visitor.clicks("Добавить ключ")
    await in_dialog(visitor, "Добавить ключ", Открытый_ключ=public(new))
    keys = visitor.page.get_by_role("region", name="Ключи")
    await expect(keys.get_by_text(new.thumbprint())).to_be_visible()
    await visitor.sees(name)
    await keys.get_by_role("button", name="Убрать ключ").first.click()
    await in_dialog(visitor, "Убрать ключ")
    await expect(keys.get_by_role("button")).to_have_count(0)
    await visitor.clicks("Приостановить")
    await in_dialog(visitor, "Приостановить", Почему="ключ найден в открытом хранилище")
    await visitor.reads("приостановлена")
    await visitor.clicks("Вернуть доступ")
    await in_dialog(visitor, "Вернуть доступ", Почему="ключ заменён")
    await visitor.reads("работает")
    await visitor.clicks("Отключить навсегда")
    await in_dialog(visitor, "Отключить навсегда", Почему="договор закончился")
    await visitor.reads("закончилась")
    await expect(visitor.page.get_by_role("button", name="Вернуть доступ")).to_have_count(0)
