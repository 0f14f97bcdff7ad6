"""The composition root: what registry-svc is made of."""

from pathlib import Path

from chassis.service import Service

from registry.loops.deadlines import LOOPS
from registry.loops.seed import seed
from registry.loops.states import publish_state
from registry.reactions import reactions
from registry.routes import router
from registry.settings import Settings

service = Service(
    "registry",
    Settings,
    folder=Path(__file__).parent,
    router=router,
    reactions=reactions,
    loops=LOOPS,
    commands={"seed": seed, "publish-state": publish_state},
)

if __name__ == "__main__":
    service.main()
