"""An operator at the console."""

from live import Live
from pages import Visitor
from playwright.async_api import ViewportSize, expect

NARROW = ViewportSize(width=320, height=700)  # the smallest phone, or 400 % of a desk (WCAG 1.4.10)


async def signs_in(visitor: Visitor, live: Live, role: str) -> None:
    """An operator of this role, by the same door as everybody."""
    await live.operator(role)
    if visitor.size == "phone":
        await visitor.page.set_viewport_size(NARROW)
    await visitor.go("/signin")
    await visitor.types("Логин", role)
    await visitor.types("Пароль", live.stack.passwords["operators", role])
    await visitor.page.get_by_role("main").get_by_role("button", name="Войти").click()


async def in_dialog(visitor: Visitor, button: str, **fields: str) -> None:
    """Fill in the dialog and confirm it."""
    dialog = visitor.page.get_by_role("dialog")
    for label, text in fields.items():
        await dialog.get_by_label(label.replace("_", " ")).fill(text)
    await dialog.get_by_role("button", name=button, exact=True).click()
    await expect(dialog).to_be_hidden()
