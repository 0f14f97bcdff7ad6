"""The composition root of notify-svc."""

import sys
from collections.abc import Sequence
from pathlib import Path

from chassis.http import Runtime
from chassis.service import Service

from notify.gateways.gallery import write_gallery
from notify.loops import LOOPS, hands
from notify.loops.sending import stationery_of
from notify.reactions import reactions
from notify.routes import router
from notify.settings import Settings
from notify.webhooks.reactions import register

register(reactions)


async def gallery(runtime: Runtime, rest: Sequence[str]) -> None:
    """`notify gallery FOLDER`: every letter with invented data, as files."""
    if len(rest) != 1:
        sys.exit("usage: notify gallery FOLDER")
    count = write_gallery(stationery_of(runtime), Path(rest[0]))
    sys.stdout.write(f"{count} letters in {rest[0]}\n")


service = Service(
    "notify",
    Settings,
    Path(__file__).parent,
    router,
    reactions,
    LOOPS,
    commands={"gallery": gallery},
    prepare=hands,
)

if __name__ == "__main__":
    service.main()
