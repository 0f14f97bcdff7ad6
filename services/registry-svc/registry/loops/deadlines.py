"""What waits too long: questions to applicants, referrals to heads; and whom to forget."""

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


async def forget_applicants(runtime: Runtime) -> bool:
    """Drop who applied when an application has been over for 90 days."""
    async with runtime.database.transaction() as tx:
        return await applications.forget_applicants(tx) == applications.ROUND


LOOPS = (
    Loop("expire-applications", expire_applications, every=60),
    Loop("forget-applicants", forget_applicants, every=3600),
    Loop("hand-over-referrals", hand_over_referrals, every=60),
)
