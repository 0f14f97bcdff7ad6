"""News that comes out by itself."""

from chassis.http import Runtime
from chassis.loops import Loop

from cabinet.news import actions


async def publish_news(runtime: Runtime) -> bool:
    """What is due, one item a transaction."""
    async with runtime.database.transaction() as tx:
        return await actions.publish_next_due(tx)


LOOPS = (Loop("publish-news", publish_news, every=5),)
