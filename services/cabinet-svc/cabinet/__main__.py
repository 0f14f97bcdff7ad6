"""The composition root of cabinet-svc."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from chassis.http import Runtime
from chassis.service import Service

from cabinet.files.gateways import Objects
from cabinet.gateways import Own
from cabinet.loops import LOOPS
from cabinet.notices.gateways import Streams
from cabinet.notices.loops import follow_inboxes, keep_streams
from cabinet.reactions import reactions
from cabinet.routes import router
from cabinet.settings import Settings


@asynccontextmanager
async def prepare(runtime: Runtime) -> AsyncIterator[Own]:
    """The object store; the open streams, with one keeper and one follower for all of them."""
    own = Own(Streams(), Objects(runtime.settings))
    tasks = [asyncio.create_task(work(runtime, own.streams)) for work in (keep_streams, follow_inboxes)]
    try:
        yield own
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


service = Service("cabinet", Settings, Path(__file__).parent, router, reactions, LOOPS, prepare=prepare)

if __name__ == "__main__":
    service.main()
