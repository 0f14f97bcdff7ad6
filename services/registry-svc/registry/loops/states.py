"""`registry publish-state`: says on the topic `schools` how every school stands. Said twice it is the same."""

import sys
from collections.abc import Sequence
from uuid import UUID

from chassis.http import Runtime

from registry.actions.schools import tell_states

CHUNK = 250  # schools in one transaction


async def publish_state(runtime: Runtime, _: Sequence[str]) -> None:
    """Once after the topic was made; any number of times after that."""
    last: UUID | None = None
    while True:
        async with runtime.database.transaction() as tx:
            last = await tell_states(tx, last, CHUNK)
        if last is None:
            break
    sys.stderr.write("registry publish-state: all schools are said\n")
