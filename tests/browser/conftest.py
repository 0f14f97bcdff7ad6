"""Debian's Chromium on the real stack: pages as people see them, on a phone and on a desk."""

import os
import shutil
import subprocess
from collections.abc import AsyncIterator

import pytest
from live import Live, live_stack
from pages import Visitor
from playwright.async_api import Browser, async_playwright


def chromium() -> str:
    """The browser, installed if this machine is ours to install on."""
    if shutil.which("chromium") is None:
        if os.geteuid() != 0 or shutil.which("apt-get") is None:
            pytest.fail("install the browser: sudo apt-get install chromium")
        subprocess.run(["apt-get", "update", "-qq"], check=True)
        subprocess.run(["apt-get", "install", "-qq", "-y", "--no-install-recommends", "chromium"], check=True)
    return shutil.which("chromium") or "chromium"


@pytest.fixture(scope="session")
async def live() -> AsyncIterator[Live]:
    """The whole stack, once a session."""
    async with live_stack() as it:
        yield it


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One browser a session; every visitor has a profile of an own."""
    async with async_playwright() as playwright:
        it = await playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield it
        await it.close()


@pytest.fixture(params=["phone", "desk"])
async def visitor(request: pytest.FixtureRequest, browser: Browser, live: Live) -> AsyncIterator[Visitor]:
    """Somebody with a browser that knows nothing yet."""
    async with Visitor.arrive(browser, live.stack.gateway, request.param) as it:
        yield it
        assert it.troubles == [], "the browser's console has to stay silent"
