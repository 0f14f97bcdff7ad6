"""The composition root: what registry-svc is made of."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from chassis.http import Runtime
from chassis.service import Service

from registry.domain.pace import Pace
from registry.loops import deadlines, imports
from registry.loops.seed import seed
from registry.loops.states import publish_state
from registry.reactions import reactions
from registry.routes import router
from registry.settings import Settings


@asynccontextmanager
async def prepare(_: Runtime) -> AsyncIterator[Pace]:
    """How fast each city system reads in this process."""
    yield Pace()


service = Service(
    "registry",
    Settings,
    folder=Path(__file__).parent,
    router=router,
    reactions=reactions,
    loops=(*deadlines.LOOPS, *imports.LOOPS),
    commands={"seed": seed, "publish-state": publish_state},
    prepare=prepare,
)

if __name__ == "__main__":
    service.main()
