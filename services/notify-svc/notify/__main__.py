"""The composition root of notify-svc."""

from pathlib import Path

from chassis.service import Service

from notify.loops import LOOPS
from notify.loops.sending import post_office
from notify.reactions import reactions
from notify.routes import router
from notify.settings import Settings

service = Service("notify", Settings, Path(__file__).parent, router, reactions, LOOPS, prepare=post_office)

if __name__ == "__main__":
    service.main()
