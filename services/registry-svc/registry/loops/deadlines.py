"""What waits too long: questions to applicants, referrals to heads."""

from chassis.http import Runtime
from chassis.loops import Loop

from registry.actions import applications, requests


async def expire_applications(runtime: Runtime) -> bool:
    """End the applications whose question nobody has answered for 30 days."""
    async with runtime.database.transaction() as tx:
        return await applications.expire_applications(tx) == applications.ROUND


async def hand_over_referrals(runtime: Runtime) -> bool:
    """Give the department what a head has not answered in 5 working days."""
    async with runtime.database.transaction() as tx:
        return await requests.hand_over_referrals(tx) == requests.ROUND


LOOPS = (
    Loop("expire-applications", expire_applications, every=60),
    Loop("hand-over-referrals", hand_over_referrals, every=60),
)
