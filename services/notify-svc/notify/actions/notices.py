"""Notices: who is told at once, who in the digest, who when an address comes; and the digests."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from chassis.outbox import Tx

from notify.actions.mails import queue_mails
from notify.domain.mails import Account
from notify.domain.notices import Notice, Reader, Sorting, digest_mail
from notify.domain.preferences import Preferences
from notify.store import accounts as account_store
from notify.store import notices as store
from notify.store import preferences as preference_store


async def tell_notice(tx: Tx, notice: Notice, account_ids: Iterable[UUID]) -> None:
    """Let each of these accounts hear of it as its person wishes. A handful of statements, however many they are."""
    sorting = Sorting()
    for reader in await _locked_readers(tx, sorted(set(account_ids))):
        sorting.add(reader, notice, tx.now)
    await _keep(tx, sorting)


async def tell_waiting(tx: Tx, account: Account) -> None:
    """The address of a locked account has come: what has waited for it goes its way."""
    sorting = Sorting()
    notices = await store.take_waiting(tx, account.account_id)
    chosen = (await preference_store.preferences_of(tx, [account.account_id])).get(account.account_id)
    for notice in notices:
        sorting.add(Reader(account, chosen or Preferences.of({})), notice, tx.now)
    await _keep(tx, sorting)


async def claim_digests(tx: Tx, limit: int) -> list[UUID]:
    """Take accounts whose digest is due under a lease."""
    return await store.claim_digests(tx, limit)


async def compose_digests(tx: Tx, account_ids: Sequence[UUID]) -> None:
    """One mail for each whose digest is still due; its lines go in the same transaction, so it comes once."""
    readers = await _locked_readers(tx, sorted(account_ids))
    due = await store.take_due(tx, account_ids)
    lines = await store.take_lines(tx, due)
    accounts = [reader.account for reader in readers if reader.account.account_id in lines]
    mails = [digest_mail(one, due[one.account_id], lines[one.account_id], tx.now) for one in accounts]
    await queue_mails(tx, [mail for mail in mails if mail])


async def drop_expired(tx: Tx, limit: int) -> int:
    """Give up on accounts that nobody has told us of in time."""
    return await store.drop_expired(tx, limit)


async def _locked_readers(tx: Tx, account_ids: Sequence[UUID]) -> list[Reader]:
    await account_store.ensure_accounts(tx, account_ids)
    accounts = await account_store.accounts_for_update(tx, account_ids)
    chosen = await preference_store.preferences_of(tx, account_ids)
    return [Reader(account, chosen.get(account.account_id) or Preferences.of({})) for account in accounts]


async def _keep(tx: Tx, sorting: Sorting) -> None:
    await queue_mails(tx, sorting.mails)
    if sorting.waiting:
        await store.insert_entries(tx, sorting.waiting, waits=True)
    if sorting.lines:
        await store.insert_entries(tx, [(line.account_id, line.notice) for line in sorting.lines], waits=False)
        await store.expect_digests(tx, sorting.lines)
