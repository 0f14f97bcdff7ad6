"""The figures of the queue, and the end of what is kept."""

from chassis.http import Runtime
from chassis.loops import Loop
from prometheus_client import Gauge

from notify.domain.priorities import BULK, SECURITY, TRANSACTIONAL
from notify.store import addresses, deliveries

PRIORITIES = {SECURITY: "security", TRANSACTIONAL: "transactional", BULK: "bulk"}

DEPTH = Gauge("ekis_mail_queue_depth", "Mails that are neither sent nor given up", ["priority"])
AGE = Gauge("ekis_mail_queue_age_seconds", "How long the oldest mail has been due", ["priority"])


async def measure_queue(runtime: Runtime) -> bool:
    """The figures of the queue, as of now."""
    async with runtime.database.transaction() as tx:
        found = await deliveries.queue(tx)
    for priority, name in PRIORITIES.items():
        depth, age = found.get(priority, (0, None))
        DEPTH.labels(name).set(depth)
        AGE.labels(name).set(age.total_seconds() if age else 0)
    return False


async def forget_recipients(runtime: Runtime) -> bool:
    """Whom mails were for is forgotten some time after their end; suppressions have an end too."""
    async with runtime.database.transaction() as tx:
        await addresses.forget_old_suppressions(tx)
        return await addresses.forget_old_recipients(tx) == addresses.AT_ONCE


LOOPS = (Loop("measure", measure_queue, every=15), Loop("forget", forget_recipients, every=3600))
