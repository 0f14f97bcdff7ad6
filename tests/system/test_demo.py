"""`make demo` plays the whole story against a running stack, to the erasure."""

import asyncio
import json

from ekis_local.demo import play
from live import Live


async def test_the_demo_comes_to_its_end(live: Live) -> None:
    for role in ("registrar", "admin", "support"):
        await live.operator(role)
    stack = json.loads((live.stack.root / "stack.json").read_text())
    await asyncio.to_thread(play, stack)
