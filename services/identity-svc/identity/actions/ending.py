"""Disabling an account, together with the request that still waits for its activation."""

from uuid import UUID

from chassis.errors import NotFound
from chassis.outbox import Tx

from identity.actions import accounts, requests
from identity.domain import requests as domain
from identity.domain.accounts import LEFT_ROLL, Account
from identity.domain.request import ISSUED, JUDGED, Request
from identity.store import accounts as account_store
from identity.store import requests as store


async def disable_account(tx: Tx, account_id: UUID, channel: str) -> None:
    """End the account for good, whatever the way in. Raises NotFound, WrongStep."""
    request, account = await _locked(tx, account_id)
    await _disable(tx, request, account, channel)


async def disable_left(tx: Tx, account_id: UUID) -> None:
    """The second thoughts after leaving the roll are over, unless the account was resumed or has ended meanwhile."""
    request, account = await _locked(tx, account_id)
    if account.disable_at and account.disable_at <= tx.now:
        await _disable(tx, request, account, LEFT_ROLL)


async def _locked(tx: Tx, account_id: UUID) -> tuple[Request | None, Account]:
    """In the order of all locks: the request first."""
    account = await account_store.account(tx, account_id)
    if account is None:
        raise NotFound
    request = await store.request_for_update(tx, account.request_id) if account.request_id else None
    return request, await accounts.lock_account(tx, account_id)


async def _disable(tx: Tx, request: Request | None, account: Account, channel: str) -> None:
    await accounts.end_account(tx, account, channel)
    if request and request.account_id == account.id and request.state in ISSUED | JUDGED:
        await requests.settle(tx, domain.lose_account(request, channel, tx.now))
