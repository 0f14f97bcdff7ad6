"""Sessions that end: told, so that every service refuses their tokens."""

from dataclasses import replace
from uuid import UUID

from chassis.outbox import Tx, publish
from ekis_contracts import ForNotify
from ekis_contracts.identity import SessionsRevoked

from identity.actions.telling import tell_account
from identity.domain.accounts import Account
from identity.store import accounts as account_store
from identity.store import sessions as store


def tell_revoked(tx: Tx, account: Account, reason: str, version: int, sids: list[UUID]) -> None:
    """Every service is to refuse these sessions; without any, all tokens older than the account's new epoch."""
    event = SessionsRevoked(
        account_id=account.id,
        reason=reason,
        session_epoch=account.session_epoch,
        sids=sids,
        contact=ForNotify(account.contact) if account.email else None,
    )
    if sids:  # an account is none the different for a session that ends
        publish(tx, event, version)
    else:
        tell_account(tx, account, event, version)


async def end_others(tx: Tx, account: Account, reason: str, but: UUID | None = None) -> None:
    """Keep the account with its next epoch: all its sessions die, but one goes on with its next refresh.

    `account` is locked, and as it is to be kept.
    """
    raised = replace(account, session_epoch=account.session_epoch + 1)
    await store.end_sessions(tx, account.id, but=but)
    if but:
        await store.lift_session(tx, but, raised.session_epoch)
    tell_revoked(tx, raised, reason, await account_store.save_account(tx, raised), [])
