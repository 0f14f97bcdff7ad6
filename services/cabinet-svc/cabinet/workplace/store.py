"""SQL of workplaces."""

from dataclasses import astuple
from typing import Any
from uuid import UUID

from chassis.db import Row, Tx

from cabinet.people.domain import Account, School
from cabinet.workplace.domain import Form, Post, Workplace

# The roll's post is newer or older than the account's by moments; the roll decides
_SURROUNDINGS = """
SELECT school.school_id, school.full_name, school.short_name, school.address, school.phones,
       school.status,
       coalesce(staff.post, account.post) AS post, coalesce(staff.category, account.category) AS category,
       staff.division, staff.employment AS roll_employment,
       workplace.building, workplace.subjects, workplace.classes, workplace.employment, workplace.work_phone,
       workplace.room, workplace.proposed_post, workplace.version
FROM account LEFT JOIN staff USING (staff_id)
     LEFT JOIN school ON school.school_id = account.school_id LEFT JOIN workplace USING (account_id)
WHERE account_id = $1
"""

_SCHOOL = ("school_id", "full_name", "short_name", "address", "status")

_SAVE_FORM = """
INSERT INTO workplace (account_id, building, subjects, classes, employment, work_phone, room, proposed_post, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1)
ON CONFLICT (account_id) DO UPDATE SET
    building = excluded.building, subjects = excluded.subjects, classes = excluded.classes,
    employment = excluded.employment, work_phone = excluded.work_phone, room = excluded.room,
    proposed_post = excluded.proposed_post, version = workplace.version + 1
RETURNING version
"""


async def workplace(tx: Tx, account: Account) -> Workplace:
    """The workplace of an account that exists, at version 0 while nothing is filled in."""
    row = await tx.fetchrow(_SURROUNDINGS, account.account_id)
    assert row is not None
    known = row["school_id"] is not None
    school = School(**{field: row[field] for field in _SCHOOL}, phones=(*row["phones"],)) if known else None
    post = Post(row["post"], row["division"], row["category"], row["roll_employment"])
    return Workplace(account, school, post, _form(row) if row["version"] else Form(), row["version"] or 0)


async def save_form(tx: Tx, account_id: UUID, form: Form) -> int:
    """The new version of the workplace."""
    version: int = await tx.fetchval(_SAVE_FORM, account_id, *astuple(form))
    return version


async def known_of(tx: Tx, account_id: UUID) -> list[dict[str, Any]]:
    """What a person has filled in."""
    sql = """
    SELECT building, subjects, classes, employment, work_phone, room, proposed_post FROM workplace WHERE account_id = $1
    """
    return [dict(row) for row in await tx.fetch(sql, account_id)]


async def delete_workplace(tx: Tx, account_id: UUID) -> int:
    """How many there were."""
    return await tx.execute("DELETE FROM workplace WHERE account_id = $1", account_id)


def _form(row: Row) -> Form:
    return Form(
        building=row["building"],
        subjects=(*row["subjects"],),
        classes=(*row["classes"],),
        employment=row["employment"],
        work_phone=row["work_phone"],
        room=row["room"],
        proposed_post=row["proposed_post"],
    )
