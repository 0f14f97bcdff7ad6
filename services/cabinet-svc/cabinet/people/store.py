"""What cabinet knows of people: copies of schools and of the roll, accounts."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from chassis.db import Row, Tx
from ekis_contracts.values import PersonName, SchoolFacts, StaffFacts

from cabinet.people.domain import Account

_COPY_SCHOOLS = """
INSERT INTO school (school_id, full_name, short_name, address, phones, status, district, okrug, version)
SELECT school_id, full_name, short_name, address, ARRAY(SELECT jsonb_array_elements_text(phones)), status, district,
       okrug, version
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::jsonb[], $6::text[], $7::text[], $8::text[],
            $9::bigint[])
     AS told (school_id, full_name, short_name, address, phones, status, district, okrug, version)
ON CONFLICT (school_id) DO UPDATE SET
    full_name = excluded.full_name, short_name = excluded.short_name, address = excluded.address,
    phones = excluded.phones, status = excluded.status, district = excluded.district, okrug = excluded.okrug,
    version = excluded.version
WHERE school.version < excluded.version
"""

_COPY_STAFF = """
INSERT INTO staff (staff_id, school_id, post, category, division, employment, until, last_name, first_name, patronymic,
                   version)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::date[], $8::text[],
                     $9::text[], $10::text[], $11::bigint[])
ON CONFLICT (staff_id) DO UPDATE SET
    school_id = excluded.school_id, post = excluded.post, category = excluded.category, division = excluded.division,
    employment = excluded.employment, until = excluded.until, version = excluded.version,
    last_name = CASE WHEN NOT staff.nameless THEN excluded.last_name END,
    first_name = CASE WHEN NOT staff.nameless THEN excluded.first_name END,
    patronymic = CASE WHEN NOT staff.nameless THEN excluded.patronymic END
WHERE staff.version < excluded.version
"""

_FORGET_STAFF_NAME = """
INSERT INTO staff (staff_id, nameless) VALUES ($1, true)
ON CONFLICT (staff_id) DO UPDATE SET nameless = true, last_name = NULL, first_name = NULL, patronymic = NULL
"""

_SAVE_ACCOUNT = """
UPDATE account SET state = $2, staff_id = $3, school_id = $4, category = $5, post = $6, facts_version = $7,
    last_name = $8, first_name = $9, patronymic = $10, name_version = $11, receipt = $12, version = $13
WHERE account_id = $1
"""


async def copy_schools(tx: Tx, told: Sequence[tuple[SchoolFacts, int]]) -> None:
    """Newer facts of schools, one entry a school."""
    rows = [
        (s.school_id, s.full_name, s.short_name, s.address, json.dumps(s.phones), s.status, s.district, s.okrug, v)
        for s, v in told
    ]
    await tx.execute(_COPY_SCHOOLS, *map(list, zip(*rows, strict=True)))


async def copy_staff(tx: Tx, told: Sequence[tuple[StaffFacts, PersonName, int]]) -> None:
    """Newer staff records, one entry a record."""
    rows = [
        (s.staff_id, s.school_id, s.post, s.category, s.division, s.employment, s.until, *_columns(name), version)
        for s, name, version in told
    ]
    await tx.execute(_COPY_STAFF, *map(list, zip(*rows, strict=True)))


async def forget_staff_name(tx: Tx, staff_id: UUID) -> None:
    """For good, also where the record itself has not come yet."""
    await tx.execute(_FORGET_STAFF_NAME, staff_id)


async def ensure_account(tx: Tx, account_id: UUID) -> None:
    """The row that guards everything about an account."""
    await tx.execute("INSERT INTO account (account_id) VALUES ($1) ON CONFLICT DO NOTHING", account_id)


async def account(tx: Tx, account_id: UUID) -> Account | None:
    """As it is."""
    row = await tx.fetchrow("SELECT * FROM account WHERE account_id = $1", account_id)
    return _account(row) if row else None


async def account_for_update(tx: Tx, account_id: UUID) -> Account | None:
    """Locked."""
    row = await tx.fetchrow("SELECT * FROM account WHERE account_id = $1 FOR UPDATE", account_id)
    return _account(row) if row else None


async def known_of(tx: Tx, account_id: UUID) -> list[dict[str, Any]]:
    """Everything that is copied of a person here."""
    sql = """
    SELECT account.last_name, account.first_name, account.patronymic, account.state, account.category,
           coalesce(staff.post, account.post) AS post, staff.division, staff.employment, school.full_name AS school
    FROM account LEFT JOIN staff USING (staff_id) LEFT JOIN school ON school.school_id = account.school_id
    WHERE account_id = $1
    """
    return [dict(row) for row in await tx.fetch(sql, account_id)]


async def school_name(tx: Tx, school_id: UUID) -> str | None:
    """What a school is called."""
    name: str | None = await tx.fetchval("SELECT short_name FROM school WHERE school_id = $1", school_id)
    return name


async def name_if_closed(tx: Tx, school_id: UUID) -> str | None:
    """What a school was called, if it has closed."""
    name: str | None = await tx.fetchval(
        "SELECT short_name FROM school WHERE school_id = $1 AND status = 'closed'", school_id
    )
    return name


async def save_account(tx: Tx, it: Account) -> None:
    """What is known of it now."""
    facts = (it.state, it.staff_id, it.school_id, it.category, it.post, it.facts_version)
    receipt = json.dumps(it.receipt) if it.receipt is not None else None
    await tx.execute(_SAVE_ACCOUNT, it.account_id, *facts, *_columns(it.name), it.name_version, receipt, it.version)


def _columns(name: PersonName | None) -> tuple[str | None, str | None, str | None]:
    return (name.last_name, name.first_name, name.patronymic) if name else (None, None, None)


def _account(row: Row) -> Account:
    named = row["last_name"] is not None
    parts = {part: row[part] for part in ("last_name", "first_name", "patronymic")}
    return Account(
        account_id=row["account_id"],
        state=row["state"],
        staff_id=row["staff_id"],
        school_id=row["school_id"],
        category=row["category"],
        post=row["post"],
        facts_version=row["facts_version"],
        name=PersonName(**parts) if named else None,
        name_version=row["name_version"],
        receipt=json.loads(row["receipt"]) if row["receipt"] else None,
        version=row["version"],
    )
