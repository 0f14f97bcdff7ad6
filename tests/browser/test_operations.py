"""An admin looks whether the services keep up, sees what was put aside, and has a service told again."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from aiokafka import AIOKafkaProducer
from console import in_dialog, signs_in
from live import Live
from pages import Visitor
from playwright.async_api import expect
from waiting import until


async def puts_garbage(live: Live) -> None:
    """A producer that may write sends what is no event."""
    user, password = live.kafka.admin
    sasl = {"security_protocol": "SASL_PLAINTEXT", "sasl_mechanism": "SCRAM-SHA-512"}
    async with AIOKafkaProducer(
        bootstrap_servers=live.kafka.address, **sasl, sasl_plain_username=user, sasl_plain_password=password
    ) as producer:
        await producer.send_and_wait("school-closed", b"no event", key=b"no school")

    async def is_aside() -> bool:
        seen = await live.call("GET", "/cabinet/operations", headers=await live.operator("admin"))
        return bool(seen.json()["dead_letters"])

    await until(is_aside, "it is put aside")


async def test_an_admin_sees_what_was_put_aside_and_has_it_read_again(live: Live, visitor: Visitor) -> None:
    await puts_garbage(live)
    await signs_in(visitor, live, "admin")
    await visitor.reads("Кабинеты")
    await visitor.go("/desk/operations")
    await visitor.reads("Есть необработанное")
    await visitor.sees("Работа служб")
    cabinet = visitor.page.get_by_role("article", name="Кабинет")
    await cabinet.get_by_role("link", name="Отложенные события").click()
    await visitor.reads("school-closed")
    await visitor.sees("Кабинет: отложенные события")
    await visitor.reads("no-cloudevent")

    await visitor.clicks("Прочитать заново")
    dialog = visitor.page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Прочитать заново").click()
    await expect(dialog.get_by_text("Заполните это поле")).to_be_visible()
    hour_ago = datetime.now(ZoneInfo("Europe/Moscow")) - timedelta(hours=1)
    await dialog.get_by_label("С какого времени").fill(hour_ago.strftime("%Y-%m-%dT%H:%M"))
    await dialog.get_by_label("Тема").fill("schools")
    await dialog.get_by_role("button", name="Прочитать заново").click()
    await expect(dialog.get_by_text("Выберите одну из")).to_be_visible()
    await visitor.sees("отложенные события")
    await in_dialog(visitor, "Прочитать заново", Тема="school-closed")
    await visitor.reads("Начинаем читать заново")
