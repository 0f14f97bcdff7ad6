"""Disabling an account, together with the request that still waits for its activation."""

from uuid import UUID

from chassis.outbox import Tx

from identity.actions import accounts, requests
from identity.domain import requests as domain
from identity.domain.accounts import LEFT_ROLL, Account
from identity.domain.audit import Entry
from identity.domain.request import ISSUED, JUDGED, Request
from identity.store import audit


async def disable_account(tx: Tx, account_id: UUID, channel: str) -> None:
    """End the account for good, whatever the way in. Raises NotFound, Conflict, WrongStep."""
    request = await requests.lock_request_of(tx, account_id)
    account = await accounts.lock_account_to_cut_off(tx, account_id, channel)
    await _disable(tx, request, account, channel)


async def disable_left(tx: Tx, account_id: UUID) -> None:
    """The second thoughts after leaving the roll are over, unless the account was resumed or has ended meanwhile."""
    request = await requests.lock_request_of(tx, account_id)
    account = await accounts.lock_account(tx, account_id)
    if account.disable_at and account.disable_at <= tx.now:
        await _disable(tx, request, account, LEFT_ROLL)
        await audit.add_entry(tx, Entry("disable", None, account_id, details={"channel": LEFT_ROLL}))


async def _disable(tx: Tx, request: Request | None, account: Account, channel: str) -> None:
    await accounts.end_account(tx, account, channel)
    if request and request.account_id == account.id and request.state in ISSUED | JUDGED:
        await requests.settle(tx, domain.lose_account(request, channel, tx.now))
