"""Background work: what waits too long is asked for again, ended or forgotten."""

from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

import structlog
from chassis.http import Runtime
from chassis.loops import Loop
from chassis.outbox import Tx
from chassis.telemetry import LOOP_ERRORS, failure
from prometheus_client import Gauge

from identity.actions import ending, erasures, requests
from identity.domain import requests as domain
from identity.domain.erasures import OVERDUE_AFTER
from identity.store import accounts as account_store
from identity.store import erasures as erasure_store
from identity.store import requests as store
from identity.store import sessions as session_store

log = structlog.get_logger()

ROUND = 50

OVERDUE = Gauge("ekis_erasures_overdue", "Disabled accounts of which some service has given no receipt for a day")


async def ask_for_verdicts(runtime: Runtime) -> bool:
    """No word in time: ask registry anew for the same version; a duplicate looks at the request that it mirrors."""
    async with runtime.database.transaction() as tx:
        due = await store.requests_to_ask(tx, ROUND)
    return await _each(runtime, "ask-for-verdicts", due, requests.ask_again)


async def expire_requests(runtime: Runtime) -> bool:
    """Nothing for 30 days: the end."""
    async with runtime.database.transaction() as tx:
        due = await store.requests_untouched_since(tx, tx.now - domain.PATIENCE, ROUND)
    return await _each(runtime, "expire-requests", due, requests.expire)


async def disable_left(runtime: Runtime) -> bool:
    """14 days after leaving the roll the account ends."""
    async with runtime.database.transaction() as tx:
        due = await account_store.accounts_to_disable(tx, ROUND)
    return await _each(runtime, "disable-left", due, ending.disable_left)


async def ask_for_receipts(runtime: Runtime) -> bool:
    """No receipt in an hour: account-disabled anew, then after twice as long, and so on up to a day."""
    async with runtime.database.transaction() as tx:
        due = await erasure_store.erasures_to_ask(tx, ROUND)
    return await _each(runtime, "ask-for-receipts", due, erasures.ask_for_receipts)


async def escalate_erasures(runtime: Runtime) -> bool:
    """No receipt in a day: into the audit record, the metric and the list of the security role."""
    async with runtime.database.transaction() as tx:
        disabled_by = tx.now - OVERDUE_AFTER
        due = await erasure_store.erasures_to_escalate(tx, disabled_by, ROUND)
        OVERDUE.set(await erasure_store.count_waiting(tx, disabled_by))
    return await _each(runtime, "escalate-erasures", due, erasures.escalate)


async def _each(runtime: Runtime, loop: str, due: Sequence[UUID], work: Callable[[Tx, UUID], Awaitable[None]]) -> bool:
    """Each in a transaction of its own: one that fails is logged and counted, and stops no other."""
    done = 0
    for one in due:
        try:
            async with runtime.database.transaction() as tx:
                await work(tx, one)
            done += 1
        except Exception as error:  # noqa: BLE001 - the next round tries again
            LOOP_ERRORS.labels(loop).inc()
            log.warning("loop-failed", loop=loop, error=failure(error))
    return done == ROUND


async def drop_sessions(runtime: Runtime) -> bool:
    """Forget sessions whose end has passed."""
    async with runtime.database.transaction() as tx:
        return await session_store.drop_expired(tx, tx.now, ROUND * 20) == ROUND * 20


LOOPS = (
    Loop("ask-for-verdicts", ask_for_verdicts, every=30, signal=requests.WAITING),
    Loop("expire-requests", expire_requests, every=300),
    Loop("disable-left", disable_left, every=300),
    Loop("ask-for-receipts", ask_for_receipts, every=60),
    Loop("escalate-erasures", escalate_erasures, every=60),
    Loop("drop-sessions", drop_sessions, every=600),
)
