"""Background work of notify: digests are put together, mails go out, bounces come back, city systems are told, old rows
end."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

from chassis.http import Runtime

from notify.loops import bounces, digests, sending, upkeep
from notify.webhooks import loops as webhooks

LOOPS = (*digests.LOOPS, *sending.LOOPS, *bounces.LOOPS, *webhooks.LOOPS, *upkeep.LOOPS)


class Hands(NamedTuple):
    """What carries things out of a running service."""

    office: sending.PostOffice
    courier: webhooks.Courier


@asynccontextmanager
async def hands(runtime: Runtime) -> AsyncIterator[Hands]:
    """Both, until the service stops."""
    async with sending.post_office(runtime) as office, webhooks.courier(runtime) as courier:
        yield Hands(office, courier)
