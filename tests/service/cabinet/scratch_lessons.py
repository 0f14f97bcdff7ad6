import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
import uvicorn
from chassis.http import create_app
from chassis.testing.opened import Opened
from pages import Visitor
from playwright.async_api import async_playwright
from starlette.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

from .online import FIRST, Online, code_of
from .school import opened_school
from .uploads import uploaded

DIST = Path("/work/wt/online/web/dist")


@pytest.mark.parametrize("size", ["phone", "desk"])
async def test_look(cabinet: Opened, size: str) -> None:
    school = await opened_school(cabinet)
    for n in ("Дорофеева", "Ёлкин", "Жуков", "Зайцева", "Ильин", "Константинопольская-Преображенская"):
        await school.pupil(school.class_id, n)
    other = await school.class_("5Б")
    load = {"subject_id": school.subject_id, "class_id": other, "account_id": str(school.teacher.account_id)}
    await school.head.made("/loads", **load)
    online = Online(school)
    lesson = await online.plan(0.05, 0.8, class_ids=[school.class_id, other], title="Сложение дробей с разными знаменателями")
    await online.plan(24, 25, title="Десятичные дроби")
    off = await online.plan(26, 27, title="Проценты")
    await online.step(off["lesson_id"], "cancel", reason="Учитель на курсах до пятницы")
    later = await online.plan(30, 31, title="Пропорции", link=None)
    file_id = await uploaded(cabinet, school.teacher.headers, b"x" * 2_000_000, "правило сложения.txt")
    p = f"/online-lessons/{lesson['lesson_id']}"
    await school.teacher.made(p + "/materials", file_id=file_id)
    await school.teacher.made(p + "/materials", url="https://resh.edu.ru/subject/12/5", title="Урок на РЭШ")
    a = await online.assignment(lesson, title="№ 5 и № 6", text="Решите примеры:\n3/8 + 4/9\n1/2 + 1/3")
    code = code_of(lesson)
    await online.hand_in(code, a, text="1) 59/72\n2) 5/6")
    await online.hand_in(code, a, last_name="Валков", text=None, links=["https://disk.yandex.ru/i/abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnop"])
    await online.hand_in(code, a, last_name="Быстрова", text="Не успела")
    assert (await online.step(lesson["lesson_id"], "start")).status_code == 200
    work = next(w for w in await online.works(lesson) if w["last_name"] == "Быстрова")
    assert (await online.grade(lesson, work, mark=4, comment="Дорешай дома")).status_code == 200
    pupils = [{"pupil_id": school.pupils["Волков"], "is_present": True}, {"pupil_id": school.pupils["Гусева"], "is_present": False}]
    await school.teacher.call("PUT", p + "/attendance", json={"pupils": pupils}, headers={"If-Match": "*"})

    app = create_app(cabinet.runtime, cabinet.service.router)
    app.mount("/assets", StaticFiles(directory=DIST / "assets"))
    index = (DIST / "index.html").read_text()

    @app.get("/{path:path}")
    def page(path: str) -> HTMLResponse:
        return HTMLResponse(index)

    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="off"))
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.05)
    home = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    token = school.teacher.headers["Authorization"].split()[1]
    async with async_playwright() as pw:
        browser = await pw.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        async with Visitor.arrive(browser, home, size) as v:
            async def refresh(route):
                await route.fulfill(json={"access_token": token, "expires_in": 300, "scope": "full", "required": []})
            await v.page.route("**/api/identity/sessions/refresh", refresh)
            await v.go("/lessons"); await v.sees("Онлайн-уроки"); await v.picture("L1 week")
            await v.go("/lessons/new"); await v.sees("Новый онлайн-урок"); await v.picture("L2 plan")
            await v.submits("Назначить урок"); await v.reads("Выберите хотя бы"); await v.picture("L2 plan errors")
            await v.go(p.replace("/online-lessons", "/lessons")); await v.sees("Сложение"); await v.picture("L3 card")
            await v.clicks("Изменить"); await v.reads("Изменить урок"); await asyncio.sleep(0.4); await v.sees("Сложение"); await v.picture("L4 change")
            await v.page.keyboard.press("Escape")
            await v.page.get_by_role("button", name="Сменить ссылку для 5А").click(); await v.reads("сразу перестанет"); await v.picture("L5 renew")
            await v.page.keyboard.press("Escape")
            await v.page.get_by_role("tab", name="Работы").click(); await v.reads("Дорешай"); await v.sees("Сложение"); await v.picture("L6 works")
            w = v.page.get_by_role("article", name="Волков Иван")
            await w.get_by_role("button", name="5", exact=True).click()
            await v.reads("Отметка: 5")
            await v.page.get_by_role("tab", name="Присутствие").click(); await v.reads("Константин"); await v.sees("Сложение"); await v.picture("L7 attendance")
            await v.page.get_by_role("button", name="Остальные на уроке").click(); await v.reads("На уроке 8 из 9")
            for name in ("Быстрова", "Волков"):
                await v.page.get_by_role("button", name=name).click()
            await v.reads("На уроке 6 из 9"); await v.picture("L7b attendance")
            await v.go(f"/lessons/{later['lesson_id']}"); await v.sees("Пропорции"); await v.picture("L8 planned")
            await v.go(f"/lessons/{off['lesson_id']}"); await v.sees("Проценты"); await v.picture("L9 cancelled")
            assert v.troubles == [], v.troubles
        async with Visitor.arrive(browser, home, size) as v:
            async def nobody(route):
                await route.fulfill(status=401, json={"code": "not-signed-in"})
            await v.page.route("**/api/identity/sessions/refresh", nobody)
            if size == "phone":
                await v.page.set_viewport_size({"width": 320, "height": 640})
            await v.go(f"/join/{code}"); await v.sees("Сложение"); await v.picture("J1 live")
            await v.submits("Сдать работу"); await v.reads("Напишите ответ"); await v.picture("J2 errors")
            await v.types("Фамилия", "Ёлкин"); await v.types("Имя", "Иван"); await v.types("Ответ", "Ответ"); await v.types("Ссылка на работу", "http://x")
            await v.submits("Сдать работу"); await v.reads("https://"); await v.picture("J3 link")
            await v.types("Ссылка на работу", "https://disk.yandex.ru/1"); await v.submits("Сдать работу"); await v.reads("Работа сдана"); await v.sees("Сложение"); await v.picture("J4 sent")
            await v.go(f"/join/{code_of(later)}"); await v.sees("Пропорции"); await v.picture("J5 planned")
            await v.go(f"/join/{code_of(off)}"); await v.sees("Проценты"); await v.picture("J6 cancelled")
            assert v.troubles == [], v.troubles
        await browser.close()
    server.should_exit = True
    await task
