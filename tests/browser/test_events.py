"""The catalogue of events for people from other city systems: read, followed to a schema, downloaded."""

import json
from pathlib import Path

from pages import Visitor
from playwright.async_api import expect


async def test_the_catalogue_is_found_read_and_taken_along(visitor: Visitor) -> None:
    await visitor.go("/help")
    await visitor.sees("Помощь")
    await visitor.page.get_by_role("contentinfo").get_by_role("link", name="События для систем").click()
    await visitor.sees("События ЕКИС")
    await visitor.page.get_by_role("navigation").get_by_role("link", name="staff-left", exact=True).click()
    section = visitor.page.get_by_role("region", name="staff-left", exact=True)
    await expect(section.get_by_role("heading")).to_be_in_viewport()
    await visitor.page.get_by_text("Пример события staff-left", exact=True).click()
    await visitor.sees("События ЕКИС")

    async with visitor.page.expect_download() as coming:
        await visitor.clicks("документ AsyncAPI")
    document = json.loads(Path(await (await coming.value).path()).read_text())
    assert document["channels"]["staff-left"]["address"] == "staff-left"

    address = await section.get_by_role("link", name="ekis.staff-left.v1.json").get_attribute("href")
    answer = await visitor.page.request.get(f"{visitor.home}{address}")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/schema+json")
    assert "staff_id" in (await answer.json())["properties"]


async def test_the_catalogue_fits_a_very_narrow_page_and_speaks_in_the_citys_letters(visitor: Visitor) -> None:
    await visitor.page.set_viewport_size({"width": 320, "height": 640})
    await visitor.go("/docs/events")
    await visitor.sees("События ЕКИС")
    assert await visitor.page.evaluate("document.fonts.check('16px \"Golos Text\"', 'ЕКИС')")
    assert await visitor.page.evaluate("[...document.fonts].some((one) => one.status === 'loaded')")
    assert await visitor.page.evaluate("document.scripts.length") == 0
