"""What people choose to be told of."""

from dataclasses import replace
from uuid import UUID

from chassis.errors import NotFound
from chassis.outbox import Tx

from notify.actions.accounts import locked_account
from notify.domain.preferences import Preferences
from notify.domain.unsubscribing import Declined, read_token
from notify.store import mails as mail_store
from notify.store import notices as notice_store
from notify.store import preferences as store


async def preferences_for_update(tx: Tx, account_id: UUID) -> Preferences:
    """As they are, the account locked. Raises NotFound for one that has ended."""
    if (await locked_account(tx, account_id)).ended:
        raise NotFound
    return await preferences_of(tx, account_id)


async def preferences_of(tx: Tx, account_id: UUID) -> Preferences:
    """As they are: the usual ones of whoever has chosen nothing."""
    return (await store.preferences_of(tx, [account_id])).get(account_id) or Preferences.of({})


async def save_preferences(tx: Tx, account_id: UUID, before: Preferences, chosen: Preferences) -> Preferences:
    """Keep what a person has chosen; the account is locked. What is declined now is not told of later either, and what
    is queued of it is called off."""
    saved = replace(chosen, version=before.version + 1)
    await store.save_preferences(tx, account_id, saved)
    await notice_store.drop_kinds(tx, account_id, saved.off)
    await mail_store.cancel_declined(tx, account_id, saved.off)
    if saved.digest_hour != before.digest_hour:
        await notice_store.move_digest(tx, account_id, saved.next_digest(tx.now))
    return saved


def declined_by(tx: Tx, token: str) -> Declined:
    """What an unsubscribe link is for. Raises NotFound for one that is not ours."""
    declined = read_token(tx.secret, token)
    if declined is None:
        raise NotFound
    return declined


async def unsubscribe(tx: Tx, declined: Declined) -> None:
    """Turn it off; a second click, or one after the end, changes nothing."""
    if (await locked_account(tx, declined.account_id)).ended:
        return
    before = await preferences_of(tx, declined.account_id)
    after = before.without(declined.kind)
    if after != before:
        await save_preferences(tx, declined.account_id, before, after)
