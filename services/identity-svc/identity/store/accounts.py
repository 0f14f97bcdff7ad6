"""Accounts, and the logins they have taken."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.db import Row
from chassis.outbox import Tx
from ekis_contracts.values import PersonName

from identity.domain.accounts import Account, Staff

_SAME = (
    "id",
    "state",
    "login",
    "email",
    "lang",
    "roll_version",
    "request_id",
    "session_epoch",
    "password_hash",
    "password_is_short",
    "one_time",
    "one_time_until",
    "credential_no",
    "activated_at",
    "reason",
    "disable_at",
    "disabled_at",
    "channel",
)
_COLUMNS = (*_SAME, "last_name", "first_name", "patronymic", "staff_id", "school_id", "category", "post", "roles")
_PLACES = [f"${number}" for number in range(1, len(_COLUMNS) + 1)]

_INSERT = f"INSERT INTO account ({', '.join(_COLUMNS)}, version) VALUES ({', '.join(_PLACES)}, ${len(_COLUMNS) + 1})"  # noqa: S608
_SAVE = f"""
UPDATE account SET ({", ".join(_COLUMNS)}) = ({", ".join(_PLACES)}), version = version + ${len(_COLUMNS) + 1}
WHERE id = $1 RETURNING version
"""  # noqa: S608 - names of our own columns
_LISTED = """
SELECT * FROM account
WHERE staff_id IS NOT NULL AND ($1::uuid IS NULL OR school_id = $1) AND ($2::text IS NULL OR state = $2)
    AND ($3::uuid IS NULL OR id > $3)
ORDER BY id LIMIT $4
"""
_NEXT = """
SELECT * FROM account WHERE staff_id IS NOT NULL AND ($1::uuid IS NULL OR id > $1)
ORDER BY id LIMIT $2 FOR NO KEY UPDATE
"""
_NAMED = """
SELECT * FROM account
WHERE staff_id IS NOT NULL AND state IN ('issued', 'active', 'suspended') AND (login = $1 OR lower(email) = lower($2))
ORDER BY id LIMIT $3
"""
_NOTE_MAILED = """
UPDATE account SET mailed_no = $2, mail_no = $3, mail_failed = $4
WHERE id = $1 AND credential_no = $2 AND (mailed_no, mail_no) < ($2, $3)
"""
_HEADS = "SELECT id FROM account WHERE school_id = $1 AND category = 'head' AND state = 'active' ORDER BY id FOR UPDATE"
_BEHIND = """
SELECT staff.staff_id FROM account JOIN staff USING (staff_id)
WHERE staff_id = ANY ($1::uuid[]) AND state IN ('issued', 'active', 'suspended') AND roll_version < staff.version
ORDER BY staff_id
"""


@dataclass(frozen=True, slots=True)
class Traces:
    """What the desk sees of an account and nothing decides: the last sign-in, the fate of the credentials' mail."""

    signed_in_at: datetime | None
    mailed_no: int
    mail_failed: bool


def account_of_row(row: Row) -> Account:
    """As the table keeps it."""
    name = None
    if row["last_name"] is not None:
        fields = ("last_name", "first_name", "patronymic")
        name = PersonName(**{field: row[field] for field in fields})
    staff = None
    if row["staff_id"] is not None:
        staff = Staff(row["staff_id"], row["school_id"], row["category"], row["post"])
    return Account(name=name, staff=staff, roles=frozenset(row["roles"]), **{field: row[field] for field in _SAME})


def _values(account: Account) -> list[Any]:
    name = (account.name.last_name, account.name.first_name, account.name.patronymic) if account.name else (None,) * 3
    one = account.staff
    staff = (one.staff_id, one.school_id, one.category, one.post) if one else (None,) * 4
    return [*(getattr(account, field) for field in _SAME), *name, *staff, sorted(account.roles)]


async def insert_account(tx: Tx, account: Account, *, raised: int = 1) -> int:
    """A new account; `raised` is how many events it publishes. Returns its version."""
    await tx.execute(_INSERT, *_values(account), raised)
    return raised


async def save_account(tx: Tx, account: Account, *, raised: int = 1) -> int:
    """Keep the account; `raised` is how many events it publishes. Returns its version."""
    version: int = await tx.fetchval(_SAVE, *_values(account), raised)
    return version


async def renew_hash(tx: Tx, account_id: UUID, password_hash: str) -> None:
    """The same password by other parameters: nobody is signed out, nothing is told."""
    await tx.execute("UPDATE account SET password_hash = $2 WHERE id = $1", account_id, password_hash)


async def raise_version(tx: Tx, account_id: UUID) -> int:
    """The version of one more event about an account that is locked and otherwise unchanged."""
    version: int = await tx.fetchval(
        "UPDATE account SET version = version + 1 WHERE id = $1 RETURNING version", account_id
    )
    return version


async def account_for_update(tx: Tx, account_id: UUID) -> Account | None:
    """The account under its row lock."""
    row = await tx.fetchrow("SELECT * FROM account WHERE id = $1 FOR UPDATE", account_id)
    return account_of_row(row) if row else None


async def account_of_session_for_update(tx: Tx, session_id: UUID) -> Account | None:
    """The account of a session, under its row lock, which guards the session too."""
    sql = "SELECT * FROM account WHERE id = (SELECT account_id FROM session WHERE id = $1) FOR UPDATE"
    row = await tx.fetchrow(sql, session_id)
    return account_of_row(row) if row else None


async def live_account_of_staff(tx: Tx, staff_id: UUID) -> Account | None:
    """The account of a staff record that has not ended, under its row lock."""
    sql = "SELECT * FROM account WHERE staff_id = $1 AND state IN ('issued', 'active', 'suspended') FOR UPDATE"
    row = await tx.fetchrow(sql, staff_id)
    return account_of_row(row) if row else None


async def active_heads_for_update(tx: Tx, school_id: UUID) -> list[UUID]:
    """The heads of a school who can sign in, under their row locks: of two who go at once, one sees it."""
    return [row["id"] for row in await tx.fetch(_HEADS, school_id)]


async def next_accounts_for_update(tx: Tx, after: UUID | None, limit: int) -> list[tuple[Account, int]]:
    """The next accounts of staff with their versions, locked, by their ids."""
    return [(account_of_row(row), row["version"]) for row in await tx.fetch(_NEXT, after, limit)]


async def account(tx: Tx, account_id: UUID) -> Account | None:
    """The account as it is."""
    row = await tx.fetchrow("SELECT * FROM account WHERE id = $1", account_id)
    return account_of_row(row) if row else None


async def account_with_login(tx: Tx, login: str) -> Account | None:
    """The account as it is, by its login."""
    row = await tx.fetchrow("SELECT * FROM account WHERE login = $1", login)
    return account_of_row(row) if row else None


async def accounts_named(tx: Tx, login: str | None, email: str | None, limit: int) -> list[Account]:
    """Live accounts of staff with exactly this login, or this address on file."""
    return [account_of_row(row) for row in await tx.fetch(_NAMED, login, email, limit)]


async def accounts(tx: Tx, school_id: UUID | None, state: str | None, after: UUID | None, limit: int) -> list[Account]:
    """Accounts of staff, in the order of their opening."""
    return [account_of_row(row) for row in await tx.fetch(_LISTED, school_id, state, after, limit)]


async def staff_ahead_of_accounts(tx: Tx, staff_ids: Sequence[UUID]) -> list[UUID]:
    """Those of the staff records that their live accounts have not followed yet."""
    return [row["staff_id"] for row in await tx.fetch(_BEHIND, list(staff_ids))]


async def accounts_to_disable(tx: Tx, limit: int) -> list[UUID]:
    """Those whose second thoughts are over."""
    sql = "SELECT id FROM account WHERE disable_at <= $1 ORDER BY disable_at LIMIT $2"
    return [row["id"] for row in await tx.fetch(sql, tx.now, limit)]


async def note_signed_in(tx: Tx, account_id: UUID) -> None:
    """Somebody has shown the right password now."""
    await tx.execute("UPDATE account SET signed_in_at = $2 WHERE id = $1", account_id, tx.now)


async def note_mailed(tx: Tx, account_id: UUID, credential_no: int, number: int, *, failed: bool) -> bool:
    """What became of the mail with these credentials: the newest count, and of two words the later one. Was it news?"""
    return bool(await tx.execute(_NOTE_MAILED, account_id, credential_no, number, failed))


async def traces(tx: Tx, account_id: UUID) -> Traces:
    """Of an account that there is."""
    row = await tx.fetchrow("SELECT signed_in_at, mailed_no, mail_failed FROM account WHERE id = $1", account_id)
    assert row
    return Traces(**row)


async def take_login(tx: Tx, digest: bytes) -> bool:
    """Whether the login was free, for it is taken now and for ever."""
    sql = "INSERT INTO taken_login (digest) VALUES ($1) ON CONFLICT DO NOTHING RETURNING true"
    return bool(await tx.fetchval(sql, digest))
