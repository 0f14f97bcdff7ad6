"""Events that city systems may have subscribed to."""

from chassis.inbox import Reactions, Told, Tx

from notify.webhooks import actions
from notify.webhooks.domain import OFFERED


async def pass_on(tx: Tx, told: list[Told]) -> None:
    """All that came together, in its order, for whoever wants it."""
    await actions.collect_events(tx, [(one.envelope, one.record.topic) for one in told])


def register(reactions: Reactions) -> None:
    """Be told of every event on offer."""
    for event in OFFERED:
        reactions.on_batch(event)(pass_on)
