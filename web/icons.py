"""Writes the icons of the installed client to web/public/icons/, from web/public/icon.svg: `python web/icons.py`."""

import asyncio
import shutil
from pathlib import Path

from playwright.async_api import Page, async_playwright

PUBLIC = Path(__file__).parent / "public"
GROUND = "#1864ab"
NAMES = ("192", "512", "maskable-512", "apple-180")


async def draw(page: Page, name: str) -> None:
    """One icon. Systems cut maskable ones themselves, so their ground goes to the edges."""
    size = int(name.rsplit("-", maxsplit=1)[-1])
    await page.set_viewport_size({"width": size, "height": size})
    ground = "transparent" if name.isdigit() else GROUND
    svg = (PUBLIC / "icon.svg").read_text()
    style = f"body {{ margin: 0; background: {ground} }} svg {{ display: block; width: {size}px }}"
    await page.set_content(f"<style>{style}</style>{svg}")
    await page.screenshot(path=PUBLIC / "icons" / f"{name}.png", omit_background=True)


async def main() -> None:
    """All of them, as Debian's Chromium draws."""
    (PUBLIC / "icons").mkdir(exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = await browser.new_page()
        for name in NAMES:
            await draw(page, name)
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main())
