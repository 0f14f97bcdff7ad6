"""Mails about accounts, and the end of what is known of a person."""

from dataclasses import replace
from uuid import UUID

from chassis.outbox import Tx, publish
from ekis_contracts.cabinet import PersonalDataErased

from notify.actions import notices
from notify.actions.mails import queue_mail, recipient_of
from notify.domain.mails import Account, Address, Mail, farewell_id_of
from notify.store import accounts, addresses
from notify.store import mails as store
from notify.store import notices as notice_store
from notify.store import preferences as preference_store


async def queue_account_mail(tx: Tx, account_id: UUID, mail: Mail) -> None:
    """Queue a mail about an account, unless the account has ended or a newer credential has been issued."""
    mail = replace(mail, account_id=account_id)
    account = await _note(tx, account_id, mail)
    if account.admits(mail):
        await queue_mail(tx, account.in_own_language(mail))


async def queue_confirmation(tx: Tx, account_id: UUID, mail: Mail) -> None:
    """Queue a code for an address that need not be the account's, and so is not noted; nothing after the end."""
    account = await locked_account(tx, account_id)
    if not account.ended:
        await queue_mail(tx, account.in_own_language(replace(mail, account_id=account_id)))


async def queue_address_change(tx: Tx, account_id: UUID, mail: Mail) -> None:
    """Tell the new address, and the old one: now, or as soon as an older event brings it."""
    mail = replace(mail, account_id=account_id)
    old = (await locked_account(tx, account_id)).address_before(mail.version)
    account = await _note(tx, account_id, mail)
    if account.admits(mail):
        mail = account.in_own_language(mail)
        await queue_mail(tx, mail)
        await queue_mail(tx, mail.to(old, "address-replaced"))


async def queue_credentials(tx: Tx, account_id: UUID, mail: Mail, credential_no: int) -> None:
    """Queue a one-time password; whatever carries an older one is called off."""
    await queue_account_mail(tx, account_id, replace(mail, credential_no=credential_no))


async def end_account(tx: Tx, account_id: UUID, farewell: Mail) -> None:
    """Nothing but the farewell is sent from now on; after it the person is forgotten. Asked again, answer again."""
    account = await locked_account(tx, account_id)
    if account.receipt is not None:
        await _give_receipt(tx, account, account.receipt)
    elif not account.ended:
        ended = replace(account, ended=True)
        await accounts.save_account(tx, ended)
        await store.cancel_outdated(tx, ended)
        farewell = replace(farewell, mail_id=farewell_id_of(account_id), account_id=account_id)
        await queue_mail(tx, account.in_own_language(farewell))


async def locked_account(tx: Tx, account_id: UUID) -> Account:
    """What is known of it, nothing at first; locked."""
    await accounts.ensure_accounts(tx, [account_id])
    (account,) = await accounts.accounts_for_update(tx, [account_id])
    return account


async def _note(tx: Tx, account_id: UUID, mail: Mail) -> Account:
    """Keep what the event tells of the account, and let go on what has waited for it."""
    before = await locked_account(tx, account_id)
    account = before.told(mail)
    await accounts.save_account(tx, account)
    await store.cancel_outdated(tx, account)
    await _address_waiting(tx, account, mail)
    if account.address and not before.address:
        await notices.tell_waiting(tx, account)
    return account


async def _address_waiting(tx: Tx, account: Account, mail: Mail) -> None:
    """The address that this mail brings may be the one that mails of newer events wait for."""
    if account.ended or mail.contact is None or mail.contact_event is None:
        return
    address = Address(mail.contact, mail.contact_event, mail.version)
    shown = recipient_of(tx, address.token, address.event_id, str(account.account_id))
    if await store.address_waiting(tx, account.account_id, address, *shown):
        tx.wake("mail")


async def forget_account(tx: Tx, account: Account) -> None:
    """Whatever is personal goes, for good, and a receipt says how much it was."""
    account_id = account.account_id
    held = {
        "addresses": int(account.address is not None),
        "mails": await store.count_mails(tx, account_id),
        "preferences": await preference_store.forget_preferences(tx, account_id),
        "entries": await notice_store.forget_entries(tx, account_id),
    }
    await addresses.forget_elsewhere(tx, account_id)
    await addresses.forget_own(tx, account_id)
    await _give_receipt(tx, replace(account, address=None), held)


async def _give_receipt(tx: Tx, account: Account, counts: dict[str, int]) -> None:
    account = replace(account, receipt=counts, version=account.version + 1)
    await accounts.save_account(tx, account)
    receipt = PersonalDataErased(account_id=account.account_id, service="notify", counts=counts, erased_at=tx.now)
    publish(tx, receipt, account.version)
