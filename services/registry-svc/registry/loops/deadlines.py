"""What waits for its date, or too long: questions to applicants, referrals to heads, closings of schools;
and whom to forget."""

from chassis.http import Runtime
from chassis.loops import Loop
from ekis_contracts.days import today

from registry.actions import applications, closing, requests
from registry.store import deeds

ROUND = 50  # schools, each in a transaction of its own


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


async def close_schools(runtime: Runtime) -> bool:
    """Close the schools whose announced date has come, by the calendar of Moscow."""
    async with runtime.database.transaction() as tx:
        due = await deeds.schools_closing(tx, today(tx.now), ROUND)
    for school_id in due:
        async with runtime.database.transaction() as tx:
            await closing.close_on_date(tx, school_id)
    return len(due) == ROUND


async def expire_deeds(runtime: Runtime) -> bool:
    """Give up the closings that no second person has agreed to in 7 days."""
    async with runtime.database.transaction() as tx:
        due = await deeds.schools_left_waiting(tx, ROUND)
    for school_id in due:
        async with runtime.database.transaction() as tx:
            await closing.expire_deed(tx, school_id)
    return len(due) == ROUND


LOOPS = (
    Loop("expire-applications", expire_applications, every=60),
    Loop("forget-applicants", forget_applicants, every=3600),
    Loop("hand-over-referrals", hand_over_referrals, every=60),
    Loop("close-schools", close_schools, every=60),
    Loop("expire-deeds", expire_deeds, every=300),
)
