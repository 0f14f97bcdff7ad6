"""Waiting for a condition instead of sleeping."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic


async def until(condition: Callable[[], Awaitable[bool]], what: str, seconds: float = 30, every: float = 0.05) -> float:
    """Ask until the answer is yes and return how long it took; fail when the seconds are over."""
    begun = monotonic()
    while not await condition():
        if monotonic() - begun > seconds:
            raise AssertionError(f"not within {seconds} s: {what}")
        await asyncio.sleep(every)
    return monotonic() - begun
