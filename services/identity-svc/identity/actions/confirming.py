"""A code is shown: whoever shows it reads the mail box that it went to.

`show_code` takes the database, for a wrong code has to be remembered.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from uuid import UUID

from chassis.db import Database
from chassis.errors import NotFound
from chassis.outbox import Tx

from identity.actions import accounts, attempts, restoring, tickets
from identity.actions.restoring import Held
from identity.domain.attempts import at_confirmations
from identity.domain.audit import Entry
from identity.domain.confirmations import Confirmation, Gone, Purpose, code_digest, require_open
from identity.domain.templates import CONFIRMED, fill
from identity.domain.tickets import OPEN, Ticket
from identity.store import attempts as attempt_store
from identity.store import audit
from identity.store import confirmations as store
from identity.store import tickets as ticket_store


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What came of it, and to which ticket it belongs."""

    state: str
    ticket: str | None = None


async def show_code(database: Database, source: str, purpose: Purpose, code: str) -> Confirmed:
    """The same for anybody from this source: a wrong code is counted. Raises Delayed, NotFound, Gone, WrongStep."""
    counted = at_confirmations(database.secret, source)
    async with database.transaction() as tx:
        await attempts.count_guess(tx, counted)
    async with database.transaction() as tx:
        done = await confirm(tx, purpose, code)
        await attempt_store.take_back(tx, counted)
    return done


async def confirm(tx: Tx, purpose: Purpose, code: str) -> Confirmed:
    """Do what the code was mailed for, once. Raises NotFound, Gone, WrongStep."""
    digest = code_digest(tx.secret, purpose, code)
    found = await store.confirmation(tx, digest)
    if found is None:
        raise NotFound("confirmation-unknown")
    return await _DO[purpose](tx, found, digest)


async def _locked(tx: Tx, digest: bytes) -> Confirmation:
    """As it is now that its account or ticket is locked. Raises Gone."""
    found = await store.confirmation(tx, digest)
    if found is None:
        raise NotFound("confirmation-unknown")
    require_open(found, tx.now)
    await store.use_confirmation(tx, found.id)
    return found


async def _ticket(tx: Tx, found: Confirmation) -> Ticket:
    assert found.ticket_id, "nobody restores without a ticket"
    return await tickets.lock_ticket(tx, found.ticket_id)


async def _restore(tx: Tx, found: Confirmation, digest: bytes) -> Confirmed:
    ticket = await _ticket(tx, found)
    held = await restoring.hold(tx, found.account_id)
    await _locked(tx, digest)
    _require_reachable(held, found)
    await restoring.restore(tx, held, ticket.restored_by, ticket.number)
    await store.void_confirmations(tx, found.account_id, "restore")
    await audit.add_entry(tx, Entry("restore", None, found.account_id, ticket.number, proof="email-link"))
    if ticket.state in OPEN:
        linked = replace(ticket, account_id=found.account_id)
        await tickets.resolve(tx, linked, fill(CONFIRMED, ticket), None)
    return Confirmed("restored", ticket.number)


def _require_reachable(held: Held, found: Confirmation) -> None:
    """The mail box must still be the one on file, and the account one that may be restored: else the code is over."""
    if held.account.email != found.email or held.account.state not in ("issued", "active"):
        raise Gone("confirmation-expired")


async def _change_email(tx: Tx, found: Confirmation, digest: bytes) -> Confirmed:
    held = await restoring.hold(tx, found.account_id)
    await _locked(tx, digest)
    number = await tickets.number_of(tx, found.ticket_id)
    await accounts.readdress(tx, found.account_id, found.email)
    if held.account.one_time is not None:
        await _follow_address(tx, found.account_id, number)
    await audit.add_entry(tx, Entry("email-changed", None, found.account_id, number))
    return Confirmed("changed", number)


async def _follow_address(tx: Tx, account_id: UUID, ticket: str | None) -> None:
    """The one-time password in the old mail box opens nothing any more; a new one goes to the new address."""
    held = await restoring.hold(tx, account_id)
    if held.account.state == "suspended":
        await accounts.kill_credentials(tx, account_id)
    else:
        await restoring.restore(tx, held, "desk", ticket)


async def _hear_code(tx: Tx, found: Confirmation, digest: bytes) -> Confirmed:
    ticket = await _ticket(tx, found)
    await _locked(tx, digest)
    account = await accounts.account_of_staff(tx, found.account_id)
    if (ticket.account_id, account.email) != (found.account_id, found.email):
        raise Gone("confirmation-expired")
    await ticket_store.save_ticket(tx, replace(ticket, checked_at=tx.now))
    await audit.add_entry(tx, Entry("email-code-read", None, found.account_id, ticket.number))
    return Confirmed("checked", ticket.number)


_DO: dict[Purpose, Callable[[Tx, Confirmation, bytes], Awaitable[Confirmed]]] = {
    "restore": _restore,
    "email-change": _change_email,
    "email-code": _hear_code,
}
