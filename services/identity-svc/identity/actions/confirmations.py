"""Codes that are mailed: to restore access, to change the address on file, to be read aloud to the desk.

Locks: ticket, request, account. A confirmation changes under its account's lock, an `email-code` under its ticket's.
"""

import secrets
from uuid import UUID

from chassis.errors import Conflict
from chassis.outbox import Tx, new_id, publish
from ekis_contracts import ForNotify
from ekis_contracts.codes import spell
from ekis_contracts.identity import ConfirmationRequested
from ekis_contracts.values import Confirmation as Letter
from ekis_contracts.values import Contact

from identity.actions import accounts, tickets
from identity.domain import accounts as account_domain
from identity.domain import confirmations as domain
from identity.domain import tickets as ticket_domain
from identity.domain.accounts import Account
from identity.domain.audit import Entry
from identity.domain.confirmations import Confirmation, Purpose
from identity.domain.credentials import CODE_BYTES
from identity.domain.logins import login_key
from identity.store import accounts as account_store
from identity.store import audit
from identity.store import confirmations as store
from identity.store import tickets as ticket_store

MOST_ACCOUNTS = 10  # of one address that hear of one ticket


async def mail_restore_codes(tx: Tx, ticket_id: UUID) -> None:
    """To each live account that the ticket's login or address names, at the address on file, if there is any."""
    ticket = await tickets.lock_ticket(tx, ticket_id)
    if ticket.look_at is None:
        return
    login = login_key(ticket.login) if ticket.login else None
    found = await account_store.accounts_named(tx, login, ticket.email, MOST_ACCOUNTS)
    for account_id in sorted(account.id for account in found):
        await _mail_restore_code(tx, account_id, ticket.id)
    await tickets.look_no_more(tx, ticket)


async def _mail_restore_code(tx: Tx, account_id: UUID, ticket_id: UUID) -> None:
    account = await accounts.lock_account(tx, account_id)
    recent = await store.count_since(tx, account_id, "restore", tx.now - domain.QUOTA_WINDOW)
    if account.state in ("issued", "active") and recent < domain.RESTORES_AN_HOUR:
        await _mail_about_account(tx, "restore", account, account.contact, ticket_id)


def _asked(tx: Tx, purpose: Purpose, account: Account, email: str, ticket_id: UUID | None) -> Confirmation:
    expires = tx.now + domain.VALID[purpose]
    return Confirmation(new_id(), purpose, account.id, ticket_id, email, "open", tx.now, expires)


async def _mail_about_account(
    tx: Tx, purpose: Purpose, account: Account, contact: Contact, ticket_id: UUID | None = None
) -> None:
    asked = _asked(tx, purpose, account, contact.email, ticket_id)
    code = spell(secrets.token_bytes(CODE_BYTES))
    await _mail(tx, asked, contact, code, await account_store.raise_version(tx, account.id))


async def _mail(tx: Tx, asked: Confirmation, contact: Contact, code: str, version: int) -> None:
    """`version` is the subject's: the account's, or the ticket's of a code to be read aloud."""
    await store.insert_confirmation(tx, asked, domain.code_digest(tx.secret, asked.purpose, code))
    event = ConfirmationRequested(
        subject_id=asked.subject_id,
        purpose=asked.purpose,
        contact=ForNotify(contact),
        confirmation=ForNotify(Letter(to=asked.email, code=code, expires_at=asked.expires_at)),
    )
    publish(tx, event, version, expires=asked.expires_at)


async def ask_to_change_email(tx: Tx, account_id: UUID, email: str, ticket: str | None) -> None:
    """Who reads the new address is to say so; until then the old one stays. The last one asked for wins.

    Raises NotFound, WrongStep, Invalid.
    """
    account = await accounts.lock_account(tx, account_id)
    account_domain.require_other_address(account, email)
    contact = account_domain.readdress(account, email).contact
    await store.void_confirmations(tx, account_id, "email-change")
    await _mail_about_account(tx, "email-change", account, contact, await tickets.id_of(tx, ticket))


async def mail_code_to_read(tx: Tx, ticket_id: UUID, by: UUID) -> None:
    """A short code to the address on file of the ticket's account: who calls reads it aloud. Raises Conflict."""
    ticket = ticket_domain.take(await tickets.lock_ticket(tx, ticket_id), by)
    account = await accounts.account_of_staff(tx, ticket_domain.linked_account(ticket))
    if account.state not in account_domain.LIVE:
        raise Conflict("account-ended")
    await store.void_confirmations(tx, account.id, "email-code", ticket.id)
    code = domain.aloud(secrets.token_bytes(domain.ALOUD_LETTERS))
    asked = _asked(tx, "email-code", account, account.contact.email, ticket.id)
    await _mail(tx, asked, account.contact, code, await ticket_store.save_ticket(tx, ticket, raised=1))
    await audit.add_entry(tx, Entry("email-code", by, account.id, ticket.number))
