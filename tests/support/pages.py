"""A person with a browser: goes, types, clicks by what is written there; every page seen is checked and pictured."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from playwright.async_api import Browser, Page, Request, Route, expect
from waiting import until

ROOT = Path(__file__).parents[2]
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
SHOTS = ROOT / ".ekis" / "screenshots"
SIZES = {"phone": (390, 844), "desk": (1280, 800)}
PATIENCE = 20_000  # milliseconds
STREAM = "/inbox/stream"  # is open as long as somebody is signed in
QUIET = 8  # looks in a row, 50 ms apart
_CHECK = "async () => (await axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})).violations"


@dataclass
class Visitor:
    """`troubles` is what the browser complained of: scripts that failed, what the policy refused."""

    page: Page
    home: str
    size: str
    troubles: list[str] = field(default_factory=list)
    _asked: set[Request] = field(default_factory=set)

    @classmethod
    @asynccontextmanager
    async def arrive(cls, browser: Browser, home: str, size: str, *, keeps_shell: bool = False) -> AsyncIterator[Self]:
        """With a new profile. `keeps_shell` lets the service worker in, past which `Page.route` sees nothing."""
        width, height = SIZES[size]
        context = await browser.new_context(
            viewport={"width": width, "height": height},
            locale="ru-RU",
            bypass_csp=False,
            reduced_motion="reduce",
            service_workers="allow" if keeps_shell else "block",
        )
        context.set_default_timeout(PATIENCE)
        it = cls(await context.new_page(), home, size)
        it.page.on("pageerror", lambda error: it.troubles.append(str(error)))
        it.page.on("console", lambda said: it._note(said.type, said.text))
        it.page.on("request", it._begins)
        it.page.on("requestfinished", it._ends)
        it.page.on("requestfailed", it._ends)
        yield it
        await context.close()

    def _begins(self, asked: Request) -> None:
        if not asked.url.endswith(STREAM):
            self._asked.add(asked)

    def _ends(self, asked: Request) -> None:
        self._asked.discard(asked)

    def _note(self, kind: str, text: str) -> None:
        # 4xx answers are how servers refuse; the browser prints each
        if kind == "error" and "responded with a status of 4" not in text:
            self.troubles.append(text)

    async def go(self, path: str) -> None:
        """Open a page by its address."""
        await self.page.goto(self.home + path)

    async def sees(self, heading: str) -> None:
        """Wait for the page with this heading; it has no accessibility violation, and no line too wide for it."""
        await expect(self.page.get_by_role("heading", level=1, name=re.compile(heading))).to_be_visible(
            timeout=PATIENCE
        )
        await self.settles()
        await self.picture(heading)
        await self.page.evaluate(AXE.read_text())
        violations: list[dict[str, Any]] = await self.page.evaluate(_CHECK)
        found = [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in violations]
        assert not found, f"axe on «{heading}»: {found}"
        wide, room = await self.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert wide <= room, f"«{heading}» scrolls sideways: {wide} of {room} pixels"

    async def settles(self) -> None:
        """Wait until the page asks nothing more; "networkidle" would wait for the end of the stream."""
        silent = 0

        async def look() -> bool:
            nonlocal silent
            silent = 0 if self._asked else silent + 1
            return silent >= QUIET

        await until(look, "the page has everything that it asked for")

    async def picture(self, name: str) -> None:
        """Keep what is seen, to be looked at."""
        SHOTS.mkdir(parents=True, exist_ok=True)
        file = re.sub(r"\W+", "-", f"{name} {self.size}") + ".png"
        await self.page.screenshot(path=SHOTS / file, full_page=True)

    async def types(self, label: str, text: str) -> None:
        """Fill in a field."""
        await self.page.get_by_label(label, exact=False).first.fill(text)

    async def clicks(self, name: str) -> None:
        """A button or a link by its words."""
        button = self.page.get_by_role("button", name=name).or_(self.page.get_by_role("link", name=name))
        await button.first.click()

    async def submits(self, name: str) -> None:
        """The button of the page's own form, not the one of the same name around it."""
        await self.page.get_by_role("main").get_by_role("button", name=name).click()

    @asynccontextmanager
    async def sending(self, name: str, address: str) -> AsyncIterator[None]:
        """Click what sends something to this address; it is on its way until the block ends."""
        arrives = asyncio.Event()

        async def hold(route: Route) -> None:
            await arrives.wait()
            await route.continue_()

        await self.page.route(address, hold, times=1)
        async with self.page.expect_request(address):
            await self.clicks(name)
        yield
        arrives.set()

    async def chooses(self, name: str) -> None:
        """A radio button or a check box."""
        await self.page.get_by_label(name, exact=False).first.check()

    async def reads(self, text: str) -> None:
        """Wait until this is on the page."""
        await expect(self.page.get_by_text(re.compile(text)).first).to_be_visible(timeout=PATIENCE)
