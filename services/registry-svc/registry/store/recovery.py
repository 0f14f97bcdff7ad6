"""Rows that are made as they were told of, after a backup."""

from uuid import UUID

from chassis.db import Tx
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


async def verify_again(tx: Tx, request_id: UUID, staff_id: UUID, school_id: UUID, by: str) -> int:
    """What was decided of a request that waits for it. Returns whether one does."""
    sql = """
    UPDATE account_request SET state = 'verified', staff_id = $2, school_id = $3, decided_by = $4, referred_to = NULL
    WHERE request_id = $1 AND state IN ('held', 'referred')
    """
    return await tx.execute(sql, request_id, staff_id, school_id, by)


async def decline_again(tx: Tx, request_id: UUID, reason: str) -> int:
    """The same for a request that was declined."""
    sql = """
    UPDATE account_request SET state = 'declined', reason = $2, referred_to = NULL
    WHERE request_id = $1 AND state IN ('held', 'referred')
    """
    return await tx.execute(sql, request_id, reason)


async def decide_again(tx: Tx, application_id: UUID, state: str, school_id: UUID | None) -> None:
    """An application as it was decided."""
    sql = "UPDATE application SET state = $2, school_id = coalesce($3, school_id) WHERE application_id = $1"
    await tx.execute(sql, application_id, state, school_id)
