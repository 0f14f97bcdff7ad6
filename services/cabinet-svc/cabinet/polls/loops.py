"""Polls that close by themselves, are counted, and remind before their end."""

from chassis.http import Runtime
from chassis.loops import Loop

from cabinet.polls.actions import answers, polls


async def close_polls(runtime: Runtime) -> bool:
    """What is due, one poll a transaction."""
    async with runtime.database.transaction() as tx:
        return await polls.close_next_due(tx)


async def count_polls(runtime: Runtime) -> bool:
    """Some envelopes of one closed poll."""
    async with runtime.database.transaction() as tx:
        return await answers.count_next_batch(tx)


async def remind(runtime: Runtime) -> bool:
    """A page of one reminder."""
    async with runtime.database.transaction() as tx:
        return await polls.remind_next_page(tx)


LOOPS = (
    Loop("close-polls", close_polls, every=5),
    Loop(polls.COUNTING, count_polls, every=5, signal=polls.COUNTING),
    Loop("remind-of-polls", remind, every=60),
)
