"""Digests: whoever has lines waiting gets them in one mail, at the hour the person has chosen."""

from chassis.http import Runtime
from chassis.loops import Loop

from notify.actions import notices as actions

HANDFUL = 200  # accounts, or entries, a round: what is in memory at a time


async def compose_due(runtime: Runtime) -> bool:
    """One round. Whoever dies after the first transaction gives the accounts back with its lease."""
    async with runtime.database.transaction() as tx:
        account_ids = await actions.claim_digests(tx, HANDFUL)
    if account_ids:
        async with runtime.database.transaction() as tx:
            await actions.compose_digests(tx, account_ids)
    return bool(account_ids)


async def drop_expired(runtime: Runtime) -> bool:
    """One round: notices for accounts that never became known."""
    async with runtime.database.transaction() as tx:
        return await actions.drop_expired(tx, HANDFUL) == HANDFUL


LOOPS = (Loop("digests", compose_due, every=20.0), Loop("expired-notices", drop_expired, every=600.0))
