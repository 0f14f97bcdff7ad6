"""Places that one transaction could not give all at once."""

from chassis.http import Runtime
from chassis.loops import Loop

from cabinet.contests.actions.places import PROMOTING, fill_next


async def promote_waiting(runtime: Runtime) -> bool:
    """A hundred of one contest a transaction."""
    async with runtime.database.transaction() as tx:
        return await fill_next(tx)


LOOPS = (Loop("promote-waiting", promote_waiting, every=5, signal=PROMOTING),)
