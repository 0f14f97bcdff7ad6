"""The own data: what the cabinet holds, taken along as one archive, once the person has shown who it is."""

import zipfile

import pytest
from cabinets import signs_in, staffed
from live import Live
from pages import Visitor
from playwright.async_api import expect
from story import NEW_PASSWORD, Person

STALE = {"status": 401, "json": {"status": 401, "code": "proof-required", "title": "Нужно подтверждение"}}


@pytest.mark.timeout(300)
async def test_the_archive_is_given_to_whoever_proves_it(live: Live, visitor: Visitor) -> None:
    here = await staffed(live, Person("Фиалкова", "Нина"), Person("Дворцова", "Вера"))
    await signs_in(visitor, here.teacher)
    await visitor.sees("Сегодня")
    await visitor.go("/me")
    await visitor.clicks("Мои данные")
    await visitor.sees("Мои данные")
    # As it is five minutes after the sign-in
    await visitor.page.route("**/api/cabinet/export", lambda route: route.fulfill(**STALE), times=1)
    await visitor.clicks("Скачать архив")
    await visitor.types("Ваш пароль", NEW_PASSWORD)
    async with visitor.page.expect_download() as saved:
        await visitor.clicks("Подтвердить")
    await expect(visitor.page.get_by_role("dialog")).to_be_hidden()
    await visitor.reads("Архив скачан")
    download = await saved.value
    assert download.suggested_filename == "ekis-data.zip"
    with zipfile.ZipFile(await download.path()) as archive:
        assert "Фиалкова" in archive.read("names.html").decode()
