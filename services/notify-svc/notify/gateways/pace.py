"""A token bucket: so many a second, and a second's worth at once."""

import asyncio


class Pace:
    """`rate` is mails a second; None is as fast as it goes."""

    def __init__(self, rate: float | None) -> None:
        self._rate = rate
        self._full_at = 0.0

    async def turn(self) -> None:
        """Wait for a token."""
        if self._rate is None:
            return
        now = asyncio.get_running_loop().time()
        self._full_at = max(self._full_at, now) + 1 / self._rate
        await asyncio.sleep(max(0.0, self._full_at - now - max(1.0, 1 / self._rate)))
