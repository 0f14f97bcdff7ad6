"""What has happened to an account, and how it stands then: the event, and the state on the topic `accounts`."""

from uuid import UUID

from chassis.outbox import Tx, publish
from ekis_contracts import Event
from ekis_contracts.identity import AccountStanding

from identity.domain.accounts import Account
from identity.store import accounts as store


def tell_account(tx: Tx, account: Account, event: Event, version: int) -> None:
    """Tell what has changed an account, and all of its public block under the same version. An operator's has none."""
    publish(tx, event, version)
    if account.staff:
        publish(tx, AccountStanding(**account.facts), version)


async def tell_states(tx: Tx, after: UUID | None, limit: int) -> UUID | None:
    """Say again how accounts stand, each locked so that nothing newer is overtaken. Returns the last one told."""
    accounts = await store.next_accounts_for_update(tx, after, limit)
    for account, version in accounts:
        publish(tx, AccountStanding(**account.facts), version)
    return accounts[-1][0].id if accounts else None
