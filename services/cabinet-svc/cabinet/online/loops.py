"""Lessons that nobody ends, counts that have leaked, work of nobody."""

from chassis.http import Runtime
from chassis.loops import Loop

from cabinet.online.actions.joining import forget_visits
from cabinet.online.actions.lessons import finish_forgotten

ROUND = 500  # rows


async def end_forgotten(runtime: Runtime) -> bool:
    """One lesson a transaction."""
    async with runtime.database.transaction() as tx:
        return await finish_forgotten(tx)


async def forget_joins(runtime: Runtime) -> bool:
    """A round of what no longer matters."""
    async with runtime.database.transaction() as tx:
        return await forget_visits(tx, ROUND)


LOOPS = (Loop("end-forgotten-lessons", end_forgotten, every=60), Loop("forget-joins", forget_joins, every=300))
