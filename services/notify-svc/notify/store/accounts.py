"""The accounts that guard everything about them."""

import json
from collections.abc import Sequence
from uuid import UUID

from chassis.db import Row, Tx

from notify.domain.mails import Account, Address

_LOCK = """
SELECT account.*, preference.lang FROM account LEFT JOIN preference USING (account_id)
WHERE account_id = ANY ($1::uuid[]) ORDER BY account_id FOR UPDATE OF account
"""


async def ensure_accounts(tx: Tx, account_ids: Sequence[UUID]) -> None:
    """The rows that guard everything about accounts, made in the order of the ids."""
    sql = "INSERT INTO account (account_id) SELECT unnest($1::uuid[]) ON CONFLICT DO NOTHING"
    await tx.execute(sql, list(account_ids))


async def accounts_for_update(tx: Tx, account_ids: Sequence[UUID]) -> list[Account]:
    """The accounts, locked in the order of their ids."""
    return [_account(row) for row in await tx.fetch(_LOCK, list(account_ids))]


async def save_account(tx: Tx, account: Account) -> None:
    """What is known of it now."""
    address = account.address
    sql = """
    UPDATE account SET contact = $2, contact_event = $3, contact_version = $4, credential_no = $5, ended = $6,
                       receipt = $7, version = $8
    WHERE account_id = $1
    """
    place = (address.token, address.event_id, address.version) if address else (None, None, None)
    receipt = json.dumps(account.receipt) if account.receipt is not None else None
    known = (account.credential_no, account.ended, receipt, account.version)
    await tx.execute(sql, account.account_id, *place, *known)


def _account(row: Row) -> Account:
    has_address = row["contact"] is not None
    return Account(
        account_id=row["account_id"],
        address=Address(row["contact"], row["contact_event"], row["contact_version"]) if has_address else None,
        credential_no=row["credential_no"],
        ended=row["ended"],
        receipt=json.loads(row["receipt"]) if row["receipt"] else None,
        version=row["version"],
        lang=row["lang"],
    )
