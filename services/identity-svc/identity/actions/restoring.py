"""New credentials for who has lost the old ones: the account together with a request that still waits for it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.outbox import Tx

from identity.actions import accounts, requests
from identity.actions.accounts import RestoredBy
from identity.domain import accounts as account_domain
from identity.domain import requests as domain
from identity.domain.accounts import Account
from identity.domain.request import Decision, Request


@dataclass(frozen=True, slots=True)
class Held:
    """An account and its request, if it has one, under their row locks."""

    request: Request | None
    account: Account


async def hold(tx: Tx, account_id: UUID) -> Held:
    """Lock both in their order. Raises NotFound."""
    return Held(await requests.lock_request_of(tx, account_id), await accounts.lock_account(tx, account_id))


def require_restorable(held: Held, now: datetime) -> None:
    """What `restore` would refuse. Raises WrongStep."""
    account_domain.require_restorable(held.account)
    _of_request(held, now)


def _of_request(held: Held, now: datetime) -> Decision | None:
    """One that is being judged anew refuses: its corrected address is nobody's yet, and the old one may be wrong."""
    account, request = held.account, held.request
    if account.state == "issued" and request and request.account_id == account.id:
        return domain.restore(request, now)
    return None


async def restore(tx: Tx, held: Held, channel: RestoredBy, ticket: str | None) -> None:
    """A one-time password goes to the address on file; every older credential and session is dead. Raises WrongStep."""
    if decision := _of_request(held, tx.now):
        await requests.settle(tx, decision)
    await accounts.restore_credentials(tx, held.account, channel, ticket)
