"""What cabinet knows of people: copies of schools and of the roll, accounts."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from chassis.db import Row, Tx
from ekis_contracts.values import PersonName, SchoolFacts, StaffFacts

from cabinet.people.domain import Account, Standing

_COPY_SCHOOLS = """
INSERT INTO school (school_id, full_name, short_name, address, phones, status, district, okrug, inn, kpp, ogrn, version)
SELECT school_id, full_name, short_name, address, ARRAY(SELECT jsonb_array_elements_text(phones)), status, district,
       okrug, inn, kpp, ogrn, version
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::jsonb[], $6::text[], $7::text[], $8::text[],
            $9::text[], $10::text[], $11::text[], $12::bigint[])
     AS told (school_id, full_name, short_name, address, phones, status, district, okrug, inn, kpp, ogrn, version)
ON CONFLICT (school_id) DO UPDATE SET
    full_name = excluded.full_name, short_name = excluded.short_name, address = excluded.address,
    phones = excluded.phones, status = excluded.status, district = excluded.district, okrug = excluded.okrug,
    inn = excluded.inn, kpp = excluded.kpp, ogrn = excluded.ogrn, version = excluded.version
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
    last_name = $8, first_name = $9, patronymic = $10, name_version = $11, receipt = $12, former_no = $13, version = $14
WHERE account_id = $1
"""

_NEXT_FORMER = """
INSERT INTO former_employees AS former (school_id, last_no) VALUES ($1, 1)
ON CONFLICT (school_id) DO UPDATE SET last_no = former.last_no + 1
RETURNING last_no
"""

_COLLEAGUES = """
SELECT account_id, last_name, first_name, patronymic, post, category FROM account
WHERE school_id = $1 AND state <> 'erased' AND ($2::uuid IS NULL OR account_id > $2) ORDER BY account_id LIMIT $3
"""

_STANDING = """
SELECT account.state, school.short_name AS school_name, school.status AS school_status
FROM account LEFT JOIN school USING (school_id) WHERE account_id = $1
"""

# Who wrote something, in a query that joins `account`: the name, or the number of a former employee
AUTHOR = """json_build_object('account_id', account.account_id,
    'name', nullif(concat_ws(' ', account.last_name, account.first_name, account.patronymic), ''),
    'former_no', account.former_no)::text AS author"""


async def copy_schools(tx: Tx, told: Sequence[tuple[SchoolFacts, int]]) -> None:
    """Newer facts of schools, one entry a school."""
    rows = [
        (
            *(s.school_id, s.full_name, s.short_name, s.address, json.dumps(s.phones), s.status, s.district, s.okrug),
            *(s.inn, s.kpp, s.ogrn, v),
        )
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


async def lock_staff(tx: Tx, staff_id: UUID) -> bool:
    """Locked, made if it has not come yet. Whether the person has left the roll."""
    sql = """
    INSERT INTO staff (staff_id) VALUES ($1) ON CONFLICT (staff_id) DO UPDATE SET nameless = staff.nameless
    RETURNING nameless
    """
    return bool(await tx.fetchval(sql, staff_id))


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


async def save_account(tx: Tx, it: Account) -> None:
    """What is known of it now."""
    facts = (it.state, it.staff_id, it.school_id, it.category, it.post, it.facts_version)
    ended = json.dumps(it.receipt) if it.receipt is not None else None, it.former_no
    await tx.execute(_SAVE_ACCOUNT, it.account_id, *facts, *_columns(it.name), it.name_version, *ended, it.version)


async def next_former_no(tx: Tx, school_id: UUID) -> int:
    """The running number of the next one whose name is erased there."""
    number: int = await tx.fetchval(_NEXT_FORMER, school_id)
    return number


async def colleagues(tx: Tx, school_id: UUID, after: UUID | None, limit: int) -> list[dict[str, Any]]:
    """Accounts of a school that are not erased, with names and posts."""
    return [dict(row) for row in await tx.fetch(_COLLEAGUES, school_id, after, limit)]


async def standing(asked: Any, account_id: UUID) -> Standing:
    """Of an account, asked in a transaction or of a pool; one that nobody has told of is only provisioned."""
    row = await asked.fetchrow(_STANDING, account_id)
    return Standing(**row) if row else Standing("provisioned", None, None)


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
        former_no=row["former_no"],
        version=row["version"],
    )
