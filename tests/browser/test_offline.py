"""The client installs, opens without a network, loses nothing that was typed, and is exchanged only when told to."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import pytest
from live import Live
from pages import ROOT, Visitor
from playwright.async_api import Browser, expect
from story import NEW_PASSWORD, Person

WORKER = ROOT / "web" / "dist" / "sw.js"
OFFLINE = re.compile(r"ERR_INTERNET_DISCONNECTED|^Refused: network")
PNG = b"\x89PNG\r\n\x1a\n"
SHELL = re.compile(r"/|/assets/[^/]+|/icon.svg|/icons/\w+.png|/manifest.webmanifest")
SIZES = {"192x192": 192, "512x512": 512}


@pytest.fixture(params=["phone", "desk"])
async def visitor(request: pytest.FixtureRequest, browser: Browser, live: Live) -> AsyncIterator[Visitor]:
    """Whose browser keeps the client, and complains of the network alone."""
    async with Visitor.arrive(browser, live.stack.gateway, request.param, keeps_shell=True) as it:
        yield it
        assert [one for one in it.troubles if not OFFLINE.search(one)] == []


async def kept(visitor: Visitor) -> None:
    """The first visit: everything is kept once the worker is ready."""
    await visitor.go("/")
    await visitor.sees("Чем помочь")
    await visitor.page.evaluate("navigator.serviceWorker.ready.then(() => undefined)")


@pytest.mark.timeout(300)  # the first one waits for the stack as well
async def test_what_is_typed_without_a_network_is_sent_when_it_is_back(live: Live, visitor: Visitor) -> None:
    asker = Person("Загородная")
    await kept(visitor)
    await visitor.page.context.set_offline(True)
    await visitor.reads("Нет связи")
    await visitor.sees("Чем помочь")
    await visitor.go("/help/question")
    await visitor.types("Ваша почта", asker.email)
    await visitor.types("Что случилось", "Как войти без телефона?")
    await visitor.page.reload()
    await visitor.sees("Вопрос")
    await expect(visitor.page.get_by_label("Что случилось")).to_have_value("Как войти без телефона?")
    await visitor.clicks("Отправить")
    await visitor.reads("Как только связь появится, мы отправим ещё раз")
    await visitor.sees("Вопрос")
    await visitor.page.context.set_offline(False)
    await visitor.sees("Обращение принято")
    await expect(visitor.page.get_by_text("Нет связи")).to_have_count(0)
    number = await visitor.page.get_by_test_id("number").inner_text()
    assert await live.story.mail(asker.email, number)


async def test_half_a_sentence_is_not_sent_by_itself(live: Live, visitor: Visitor) -> None:
    await kept(visitor)
    await visitor.go("/help/question")
    await visitor.types("Ваша почта", Person().email)
    await visitor.types("Что случилось", "Как войти?")
    await visitor.page.context.set_offline(True)
    await visitor.clicks("Отправить")
    await visitor.reads("мы отправим ещё раз")
    await visitor.types("Что случилось", "Как войти? Я за")
    await visitor.page.context.set_offline(False)
    await expect(visitor.page.get_by_text("мы отправим ещё раз")).to_have_count(0)
    await visitor.types("Что случилось", "Как войти? Я забыла пароль.")
    await visitor.clicks("Отправить")
    await visitor.sees("Обращение принято")
    await visitor.clicks("Посмотреть заявку")
    await visitor.reads("Я забыла пароль")


async def test_the_cabinet_waits_for_the_network_and_goes_on(live: Live, visitor: Visitor) -> None:
    """Who is signed in is not sent to the door because nobody can tell; nothing of the person is kept."""
    school = await live.story.register(Person("Дворцова", "Вера"))
    teacher = Person("Дальняя", "Зоя")
    await live.story.enrol(school, teacher)
    login, _ = await live.story.settled_in(teacher, school)
    await kept(visitor)
    await visitor.go("/signin")
    await visitor.types("Логин", login)
    await visitor.types("Пароль", NEW_PASSWORD)
    await visitor.submits("Войти")
    await visitor.sees("Сегодня")
    await visitor.go("/me")
    await visitor.reads("Дальняя")
    await visitor.go("/home")
    await visitor.reads("Задачи и сроки")

    await visitor.page.context.set_offline(True)
    await visitor.page.reload()
    await visitor.reads("Страница откроется сама")
    await visitor.sees("Нет связи")
    await visitor.page.context.set_offline(False)
    await visitor.reads("Задачи и сроки")
    await visitor.sees("Сегодня")

    everything = await visitor.page.evaluate("""async () => {
        const kept = []
        for (const name of await caches.keys())
            for (const request of await (await caches.open(name)).keys())
                kept.push([new URL(request.url).pathname, await (await caches.match(request)).text()])
        return kept
    }""")
    paths = {path for path, _ in everything}
    assert "/" in paths
    assert not [
        path for path in paths if not re.fullmatch(r"/|/assets/[^/]+|/icons?[./].*|/manifest.webmanifest", path)
    ]
    assert not [path for path, text in everything if "Дальняя" in text or login in text]


@contextmanager
def a_newer_version() -> Iterator[None]:
    """As it is after a deployment: another worker, of another page."""
    before = WORKER.read_text()
    newer = re.sub(r'VERSION = "\w+"', 'VERSION = "newer"', before)
    WORKER.write_text(re.sub(r'ENTRY = "[^"]+"', 'ENTRY = "/assets/newer.js"', newer))
    try:
        yield
    finally:
        WORKER.write_text(before)


async def test_a_newer_version_is_offered_and_not_forced(live: Live, visitor: Visitor) -> None:
    await kept(visitor)
    await visitor.go("/help/question")
    await visitor.types("Что случилось", "Пишу длинное письмо")
    with a_newer_version():
        await visitor.page.evaluate("navigator.serviceWorker.getRegistration().then((it) => it.update())")
        await visitor.reads("Вышла новая версия")
        await visitor.sees("Вопрос")
        await expect(visitor.page.get_by_label("Что случилось")).to_have_value("Пишу длинное письмо")
        await visitor.clicks("Позже")
        await expect(visitor.page.get_by_text("Вышла новая версия")).to_have_count(0)
        await visitor.page.reload()
        await visitor.reads("Вышла новая версия")
        async with visitor.page.expect_navigation():
            await visitor.clicks("Обновить")
        await visitor.sees("Вопрос")
        await expect(visitor.page.get_by_text("Вышла новая версия")).to_have_count(0)
        await expect(visitor.page.get_by_label("Что случилось")).to_have_value("Пишу длинное письмо")
        assert "ekis-shell-newer" in await visitor.page.evaluate("caches.keys()")


async def test_the_client_can_be_installed(live: Live, visitor: Visitor) -> None:
    await kept(visitor)
    devtools = await visitor.page.context.new_cdp_session(visitor.page)
    errors = (await devtools.send("Page.getInstallabilityErrors"))["installabilityErrors"]
    assert [one["errorId"] for one in errors] == ["in-incognito"]  # as every profile of a test is
    found = await live.client.get(f"{live.stack.gateway}/manifest.webmanifest")
    assert found.headers["content-type"] == "application/manifest+json"
    assert (found.json()["name"], found.json()["start_url"]) == ("ЕКИС", "/home")
    drawn = [one for one in found.json()["icons"] if one["type"] == "image/png"]
    assert {one["purpose"] for one in drawn} == {"any", "maskable"}
    for icon in drawn:
        content = (await live.client.get(f"{live.stack.gateway}{icon['src']}")).content
        assert content[:8] == PNG
        assert {int.from_bytes(content[16:20]), int.from_bytes(content[20:24])} == {SIZES[icon["sizes"]]}


@pytest.mark.parametrize("path", ["/sw.js", "/manifest.webmanifest", "/"])
async def test_what_decides_of_versions_is_always_asked_for_anew(live: Live, path: str) -> None:
    answer = await live.client.get(f"{live.stack.gateway}{path}")
    assert answer.headers["cache-control"] == "no-cache"
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    if path == "/sw.js":
        assert answer.headers["content-type"].startswith("text/javascript")
    if path == "/":
        policy = answer.headers["content-security-policy"]
        assert "manifest-src 'self'" in policy
        assert "worker-src 'self' blob:" in policy


async def test_scripts_travel_compressed(live: Live) -> None:
    page = (await live.client.get(f"{live.stack.gateway}/")).text
    script = re.search(r'src="(/assets/index-[^"]+\.js)"', page)
    assert script
    answer = await live.client.get(f"{live.stack.gateway}{script[1]}", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
