"""Operators among the accounts."""

from collections.abc import Sequence
from uuid import UUID

from chassis.outbox import Tx

from identity.domain.accounts import Account
from identity.store.accounts import account_of_row

_LISTED = """
SELECT * FROM account WHERE roles <> '{}' AND id > coalesce($1, '00000000-0000-0000-0000-000000000000'::uuid)
ORDER BY id LIMIT $2
"""
_ADMINS = """
SELECT id FROM account WHERE roles <> '{}' AND 'admin' = ANY (roles) AND state = 'active' ORDER BY id FOR UPDATE
"""


async def operators(tx: Tx, after: UUID | None, limit: int) -> list[Account]:
    """All of them, in the order in which they were made."""
    return [account_of_row(row) for row in await tx.fetch(_LISTED, after, limit)]


async def active_admins_for_update(tx: Tx) -> list[UUID]:
    """The admins who can sign in, under their row locks: of two who take each other's right, one sees it."""
    return [row["id"] for row in await tx.fetch(_ADMINS)]


async def with_factor(tx: Tx, account_ids: Sequence[UUID]) -> set[UUID]:
    """Those of the accounts that have a live second factor."""
    sql = "SELECT account_id FROM second_factor WHERE account_id = ANY ($1::uuid[]) AND secret IS NOT NULL"
    return {row["account_id"] for row in await tx.fetch(sql, list(account_ids))}
