"""Background work: what waits too long is asked for again, ended or forgotten."""

import sys
from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

import structlog
from chassis.http import Runtime
from chassis.loops import Loop
from chassis.outbox import Tx
from chassis.telemetry import LOOP_ERRORS, failure
from prometheus_client import Gauge

from identity.actions import confirmations, deeds, ending, erasures, requests, telling, tickets
from identity.domain import confirmations as confirmation_domain
from identity.domain import requests as domain
from identity.domain.attempts import KEPT
from identity.domain.erasures import OVERDUE_AFTER
from identity.domain.tickets import ANSWER_WITHIN, FORGET_AFTER, REOPEN_WITHIN
from identity.store import accounts as account_store
from identity.store import attempts as attempt_store
from identity.store import audit as audit_store
from identity.store import confirmations as confirmation_store
from identity.store import deeds as deed_store
from identity.store import erasures as erasure_store
from identity.store import quotas as quota_store
from identity.store import requests as store
from identity.store import sessions as session_store
from identity.store import tickets as ticket_store

log = structlog.get_logger()

ROUND = 50
STATES_AT_ONCE = 250  # accounts in one transaction

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


async def expire_deeds(runtime: Runtime) -> bool:
    """No second person has agreed in 7 days."""
    async with runtime.database.transaction() as tx:
        due = await deed_store.overdue_deeds(tx, ROUND)
    return await _each(runtime, "expire-deeds", due, deeds.expire_deed)


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


async def drop_counters(runtime: Runtime) -> bool:
    """Forget failures that have leaked away, windows of quotas that are over, challenges that have ended."""
    most = ROUND * 20
    async with runtime.database.transaction() as tx:
        gone = await attempt_store.drop_attempts(tx, tx.now - KEPT, most)
        gone = max(gone, await quota_store.drop_quotas(tx, most), await quota_store.drop_spent(tx, most))
    return gone == most


async def mail_restore_codes(runtime: Runtime) -> bool:
    """Somebody has asked for access: whoever reads the address on file may agree."""
    async with runtime.database.transaction() as tx:
        due = await ticket_store.tickets_to_look(tx, ROUND)
    return await _each(runtime, "mail-restore-codes", due, confirmations.mail_restore_codes)


async def resolve_silent_tickets(runtime: Runtime) -> bool:
    """14 days after the desk asked something that nobody has answered."""
    async with runtime.database.transaction() as tx:
        due = await ticket_store.tickets_waiting_since(tx, tx.now - ANSWER_WITHIN, ROUND)
    return await _each(runtime, "resolve-silent-tickets", due, tickets.resolve_silent)


async def close_tickets(runtime: Runtime) -> bool:
    """14 days after they were resolved."""
    async with runtime.database.transaction() as tx:
        due = await ticket_store.tickets_resolved_before(tx, tx.now - REOPEN_WITHIN, ROUND)
    return await _each(runtime, "close-tickets", due, tickets.close)


async def forget_tickets(runtime: Runtime) -> bool:
    """180 days after their end: contact, words and files."""
    async with runtime.database.transaction() as tx:
        due = await ticket_store.tickets_closed_before(tx, tx.now - FORGET_AFTER, ROUND)
    return await _each(runtime, "forget-tickets", due, tickets.forget)


async def record_refusals(runtime: Runtime) -> bool:
    """Refused sign-ins cost the same for all; those of operators are written into the audit record here."""
    async with runtime.database.transaction() as tx:
        return await audit_store.record_refusals(tx, ROUND * 20) == ROUND * 20


async def drop_confirmations(runtime: Runtime) -> bool:
    """A week after their end."""
    async with runtime.database.transaction() as tx:
        ended = tx.now - confirmation_domain.REMEMBERED
        return await confirmation_store.drop_expired(tx, ended, ROUND * 20) == ROUND * 20


async def publish_state(runtime: Runtime, _: Sequence[str]) -> None:
    """`identity publish-state`: say on the topic `accounts` how every account stands. Said twice it is the same."""
    last: UUID | None = None
    while True:
        async with runtime.database.transaction() as tx:
            last = await telling.tell_states(tx, last, STATES_AT_ONCE)
        if last is None:
            break
    sys.stderr.write("identity publish-state: all accounts are said\n")


LOOPS = (
    Loop("ask-for-verdicts", ask_for_verdicts, every=30, signal=requests.WAITING),
    Loop("expire-requests", expire_requests, every=300),
    Loop("disable-left", disable_left, every=300),
    Loop("ask-for-receipts", ask_for_receipts, every=60),
    Loop("expire-deeds", expire_deeds, every=300),
    Loop("escalate-erasures", escalate_erasures, every=60),
    Loop("drop-sessions", drop_sessions, every=600),
    Loop("drop-counters", drop_counters, every=600),
    Loop("mail-restore-codes", mail_restore_codes, every=30, signal=tickets.RESTORE_ASKED),
    Loop("resolve-silent-tickets", resolve_silent_tickets, every=600),
    Loop("close-tickets", close_tickets, every=600),
    Loop("forget-tickets", forget_tickets, every=600),
    Loop("record-refusals", record_refusals, every=5),
    Loop("drop-confirmations", drop_confirmations, every=600),
)
