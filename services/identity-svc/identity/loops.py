"""Background work: what waits too long is asked for again, ended or forgotten."""

from datetime import timedelta

from chassis.http import Runtime
from chassis.loops import Loop

from identity.actions import accounts, ending, requests
from identity.domain import requests as domain
from identity.store import accounts as account_store
from identity.store import requests as store
from identity.store import sessions as session_store

ROUND = 50
RECEIPTS_WITHIN = timedelta(hours=1)


async def ask_for_verdicts(runtime: Runtime) -> bool:
    """No verdict in 10 minutes: ask registry anew for the same version."""
    async with runtime.database.transaction() as tx:
        overdue = await store.requests_without_verdict(tx, ROUND)
        for request in overdue:
            await requests.settle(tx, domain.ask_again(request, tx.now))
    return len(overdue) == ROUND


async def expire_requests(runtime: Runtime) -> bool:
    """Nothing for 30 days: the end, also of the face that a duplicate shows."""
    async with runtime.database.transaction() as tx:
        untouched = await store.requests_untouched_since(tx, tx.now - domain.PATIENCE, ROUND)
        for request in untouched:
            await requests.settle(tx, domain.expire(request, tx.now))
    return len(untouched) == ROUND


async def disable_left(runtime: Runtime) -> bool:
    """14 days after leaving the roll the account ends, each in its own transaction."""
    async with runtime.database.transaction() as tx:
        due = await account_store.accounts_to_disable(tx, ROUND)
    for account_id in due:
        async with runtime.database.transaction() as tx:
            await ending.disable_left(tx, account_id)
    return len(due) == ROUND


async def ask_for_receipts(runtime: Runtime) -> bool:
    """No receipt in an hour: account-disabled anew."""
    async with runtime.database.transaction() as tx:
        silent = await account_store.accounts_without_receipts(tx, tx.now - RECEIPTS_WITHIN, ROUND)
        for account, version in silent:
            accounts.tell_disabled(tx, account, version)
    return len(silent) == ROUND


async def drop_sessions(runtime: Runtime) -> bool:
    """Forget sessions whose end has passed."""
    async with runtime.database.transaction() as tx:
        return await session_store.drop_expired(tx, tx.now, ROUND * 20) == ROUND * 20


LOOPS = (
    Loop("ask-for-verdicts", ask_for_verdicts, every=30),
    Loop("expire-requests", expire_requests, every=300),
    Loop("disable-left", disable_left, every=300),
    Loop("ask-for-receipts", ask_for_receipts, every=60),
    Loop("drop-sessions", drop_sessions, every=600),
)
