"""The composition root of cabinet-svc."""

from pathlib import Path

from chassis.service import Service
from chassis.settings import ServiceSettings

from cabinet.reactions import reactions
from cabinet.routes import router

service = Service("cabinet", ServiceSettings, Path(__file__).parent, router, reactions)

if __name__ == "__main__":
    service.main()
