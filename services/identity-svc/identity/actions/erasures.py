"""After the end of an account: everybody is asked for a receipt, asked again, and named when one does not come."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from chassis.errors import Conflict, WrongStep
from chassis.outbox import Tx
from ekis_contracts.identity import AccountErased

from identity.actions.accounts import account_of_staff, lock_account, tell_disabled
from identity.actions.telling import tell_account
from identity.domain import accounts as domain
from identity.domain.accounts import Account
from identity.domain.audit import Entry
from identity.domain.erasures import IN_EXTRACT, Erasure, Receipt, missing
from identity.store import accounts as account_store
from identity.store import audit, roll
from identity.store import confirmations as confirmation_store
from identity.store import erasures as store
from identity.store import requests as request_store


async def _locked(tx: Tx, account_id: UUID) -> tuple[Account, Erasure]:
    account = await lock_account(tx, account_id)
    erasure = await store.erasure(tx, account_id)
    assert erasure, "it begins with the end of the account"
    return account, erasure


async def ask_for_receipts(tx: Tx, account_id: UUID) -> None:
    """Tell once more that the account has ended, while somebody has not answered."""
    account, erasure = await _locked(tx, account_id)
    if account.state == "disabled" and erasure.ask_at <= tx.now:
        await store.save_erasure(tx, erasure.asked_again(tx.now))
        tell_disabled(tx, account, await account_store.raise_version(tx, account_id))


async def escalate(tx: Tx, account_id: UUID) -> None:
    """Write into the audit record, once, who has not answered for a day."""
    account, erasure = await _locked(tx, account_id)
    if account.state != "disabled" or erasure.is_escalated:
        return
    await store.save_erasure(tx, replace(erasure, is_escalated=True))
    late = ", ".join(missing(await store.receipts(tx, account_id)))
    await audit.add_entry(tx, Entry("erasure-overdue", None, account_id, details={"missing": late}))


async def take_receipt(tx: Tx, account_id: UUID, receipt: Receipt) -> None:
    """Note who has erased; the last one lets the account forget its own name and address."""
    known = await account_of_staff(tx, account_id)
    assert known.staff
    await roll.lock_staff(tx, known.staff.staff_id)  # whose name goes with the last receipt
    account = await lock_account(tx, account_id)
    await store.add_receipt(tx, account_id, receipt)
    services = [one.service for one in await store.receipts(tx, account_id)]
    erased = domain.erase(account, frozenset(services))
    if erased is None:
        return
    await _forget(tx, account)
    await audit.add_entry(tx, Entry("erase", None, account_id, details={"receipts": ", ".join(services)}))
    event = AccountErased(**erased.facts, receipts=services, erased_at=tx.now)
    tell_account(tx, erased, event, await account_store.save_account(tx, erased))


async def proof_of(tx: Tx, account: Account) -> Mapping[str, Any]:
    """What the record of an erasure says: of the person nothing but the account's id. Raises WrongStep, Conflict."""
    if account.disabled_at is None:
        raise WrongStep(account.state, "erase")
    erasure, given = await store.erasure(tx, account.id), await store.receipts(tx, account.id)
    if erasure is None or erasure.own is None:
        late = missing(given)
        raise Conflict("erasure-incomplete", missing=late, services=", ".join(late))
    journal = await audit.entries_about(tx, account.id, IN_EXTRACT)
    asked = next((one.entry for one in reversed(journal) if one.entry.act == "disable"), None)
    return {"account": account, "receipts": [*given, erasure.own], "journal": journal, "asked": asked}


async def _forget(tx: Tx, account: Account) -> None:
    """What identity itself still held, counted."""
    assert account.staff
    counts = {
        "names": int(account.name is not None),
        "addresses": int(account.email is not None),
        "logins": int(account.login is not None),
        "tracking-lines": await request_store.forget_addresses(tx, account.id),
    }
    await confirmation_store.forget_confirmations(tx, account.id)
    await roll.forget_name(tx, account.staff.staff_id)
    _, erasure = await _locked(tx, account.id)
    await store.save_erasure(tx, erasure.finished(counts, tx.now))
