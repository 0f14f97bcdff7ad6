"""Rows that are made as they were told of, after a backup."""

from uuid import UUID

from chassis.db import Tx
from ekis_contracts.registry import AccountRequestDeclined, AccountRequestVerified
from ekis_contracts.values import PersonName, SchoolFacts, StaffFacts

from registry.domain.names import name_key
from registry.domain.recovery import NAMELESS

_FACTS = ("school_id", "post", "category", "division", "employment", "until")


async def skip_numbers(tx: Tx, last: int) -> None:
    """No number up to this one is given again."""
    await tx.execute("SELECT setval('application_number', greatest(nextval('application_number'), $1))", last)


async def bring_school_forward(tx: Tx, facts: SchoolFacts) -> None:
    """The public block; what else the registry keeps of a school stays that of the backup."""
    values = facts.model_dump()
    school_id = values.pop("school_id")
    places = ", ".join(f"{column} = ${place}" for place, column in enumerate(values, 2))
    sql = f"UPDATE school SET {places}, changed_at = DEFAULT, changed_in = DEFAULT WHERE school_id = $1"  # noqa: S608
    await tx.execute(sql, school_id, *values.values())


async def insert_nameless(tx: Tx, facts: StaffFacts, version: int) -> None:
    """A staff record of which nobody here knows the name."""
    sql = """
    INSERT INTO staff (staff_id, version, last_name, first_name, name_key, source, school_id, post, category, division,
        employment, until)
    VALUES ($1, $2, $3, $3, $4, 'hand', $5, $6, $7, $8, $9, $10)
    """
    key = name_key(PersonName(last_name=NAMELESS, first_name=NAMELESS))
    await tx.execute(sql, facts.staff_id, version, NAMELESS, key, *(getattr(facts, field) for field in _FACTS))


async def bring_staff_forward(tx: Tx, facts: StaffFacts) -> None:
    """The public block of a staff record."""
    sql = """
    UPDATE staff SET school_id = $2, post = $3, category = $4, division = $5, employment = $6, until = $7,
        changed_at = DEFAULT
    WHERE staff_id = $1
    """
    await tx.execute(sql, facts.staff_id, *(getattr(facts, field) for field in _FACTS))


async def end_again(tx: Tx, staff_id: UUID, reason: str) -> None:
    """The record has ended for good."""
    sql = """
    UPDATE staff SET until = coalesce(until, $2::date), ended_at = $2, end_reason = $3, changed_at = DEFAULT
    WHERE staff_id = $1 AND ended_at IS NULL
    """
    await tx.execute(sql, staff_id, tx.now, reason)


async def verify_again(tx: Tx, verdict: AccountRequestVerified) -> int:
    """What was said of a request that waits for it, or is yet to be told. Returns whether one does."""
    sql = """
    UPDATE account_request SET state = 'verified', request_version = $2, staff_id = $3, school_id = $4, decided_by = $5,
        referred_to = NULL
    WHERE request_id = $1 AND state IN ('new', 'held', 'referred')
    """
    it = verdict
    return await tx.execute(sql, it.request_id, it.request_version, it.staff_id, it.school_id, it.by)


async def decline_again(tx: Tx, verdict: AccountRequestDeclined) -> int:
    """The same for a request that was declined."""
    sql = """
    UPDATE account_request SET state = 'declined', request_version = $2, reason = $3, referred_to = NULL
    WHERE request_id = $1 AND state IN ('new', 'held', 'referred')
    """
    return await tx.execute(sql, verdict.request_id, verdict.request_version, verdict.reason)


async def decide_again(tx: Tx, application_id: UUID, state: str, school_id: UUID | None) -> None:
    """An application as it was decided."""
    sql = "UPDATE application SET state = $2, school_id = coalesce($3, school_id) WHERE application_id = $1"
    await tx.execute(sql, application_id, state, school_id)
