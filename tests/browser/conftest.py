"""Debian's Chromium on the real stack: pages as people see them, on a phone and on a desk."""

from collections.abc import AsyncIterator

import pytest
from debian import installed
from live import Live, live_stack
from pages import Visitor
from playwright.async_api import Browser, async_playwright


@pytest.fixture(scope="session")
async def live() -> AsyncIterator[Live]:
    """The whole stack, once a session."""
    async with live_stack() as it:
        yield it


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One browser a session; every visitor has a profile of an own."""
    async with async_playwright() as playwright:
        it = await playwright.chromium.launch(executable_path=installed("chromium"), args=["--no-sandbox"])
        yield it
        await it.close()


@pytest.fixture(params=["phone", "desk"])
async def visitor(request: pytest.FixtureRequest, browser: Browser, live: Live) -> AsyncIterator[Visitor]:
    """Somebody with a browser that knows nothing yet."""
    async with Visitor.arrive(browser, live.stack.gateway, request.param) as it:
        yield it
        assert it.troubles == [], "the browser's console has to stay silent"
