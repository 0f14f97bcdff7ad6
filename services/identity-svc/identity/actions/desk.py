"""What the desk does to accounts on a ticket: linked to it first, after a recorded check, with the ticket's number."""

from dataclasses import dataclass
from uuid import UUID

from chassis.errors import Conflict
from chassis.outbox import Tx

from identity.actions import accounts, deeds, tickets
from identity.domain import tickets as domain
from identity.domain.accounts import Account
from identity.domain.audit import AccountAct, Entry
from identity.domain.deeds import Deed, Ground
from identity.domain.logins import login_key
from identity.domain.tickets import Check, Ticket
from identity.store import accounts as account_store
from identity.store import audit
from identity.store import tickets as store


@dataclass(frozen=True, slots=True)
class Checked:
    """Who has checked in which way that the right person asks, and what there is to say of it."""

    by: UUID
    check: Check
    note: str


async def link_account(tx: Tx, ticket_id: UUID, account_id: UUID | None, by: UUID) -> Ticket:
    """Say whose account the ticket is about, or let it be found by its login, else by its address.

    Raises NotFound, Conflict, WrongStep.
    """
    ticket = await tickets.lock_ticket(tx, ticket_id)
    domain.require_open(ticket, "link")
    known = await accounts.account_of_staff(tx, account_id or await _find(tx, ticket))
    linked = domain.link(ticket, known.id, by)
    await store.save_ticket(tx, linked)
    await audit.add_entry(tx, Entry("link", by, known.id, ticket.number))
    return linked


async def _find(tx: Tx, ticket: Ticket) -> UUID:
    by_login = await account_store.accounts_named(tx, login_key(ticket.login), None, 1) if ticket.login else []
    found = by_login or await account_store.accounts_named(tx, None, ticket.email, 2)
    if len(found) != 1:
        raise Conflict("account-ambiguous" if found else "account-unknown")
    return found[0].id


async def require_ticket_of(tx: Tx, ticket_id: UUID, account_id: UUID, act: AccountAct) -> None:
    """Beside the ticket's page the desk acts on the account that it is about, and ends none: that wants a check.

    Raises NotFound, Conflict.
    """
    await accounts.account_of_staff(tx, account_id)
    if act == "disable":
        raise Conflict("check-not-performed")
    domain.require_about(await tickets.lock_ticket(tx, ticket_id), account_id)


async def restore_access(tx: Tx, ticket_id: UUID, checked: Checked) -> Deed | None:
    """Mail a one-time password to the address on file, or the deed that waits. Raises NotFound, Conflict, WrongStep."""
    return await _act(tx, ticket_id, "restore", checked)


async def disable_account(tx: Tx, ticket_id: UUID, checked: Checked) -> Deed | None:
    """End the account for good, or the deed that waits. Raises NotFound, Conflict, WrongStep."""
    return await _act(tx, ticket_id, "disable", checked)


async def _act(tx: Tx, ticket_id: UUID, act: AccountAct, checked: Checked) -> Deed | None:
    """The one place where a ticket's act happens, or waits for a second person."""
    locked = await tickets.lock_ticket(tx, ticket_id)
    account_id = domain.linked_account(locked)
    domain.require_check(locked, checked.check, tx.now)
    ticket = domain.take(locked, checked.by)
    await store.save_ticket(tx, ticket)
    ground = Ground(checked.by, "desk", checked.note, ticket.number, checked.check)
    return await deeds.ask_or_act(tx, account_id, act, ground)


async def look_up(tx: Tx, by: UUID, login: str | None, email: str | None, limit: int) -> list[Account]:
    """Live accounts with exactly this login or address. Who looks is recorded, whom they looked for is not."""
    found = await account_store.accounts_named(tx, login_key(login) if login else None, email, limit)
    asked = "login" if login else "email"
    for account in found:
        await audit.add_entry(tx, Entry("look-up", by, account.id, details={"by": asked}))
    if not found:
        await audit.add_entry(tx, Entry("look-up", by, details={"by": asked}))
    return found
