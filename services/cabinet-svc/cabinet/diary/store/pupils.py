"""SQL of pupils and of the classes they are and were in."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from chassis.db import Row, Tx

from cabinet.diary.domain.pupils import Membership, Pupil, PupilName

_COLUMNS = "pupil_id, version, last_name, first_name, patronymic, birthday"
_PAGE = f"""
SELECT {_COLUMNS}, class_id, since, until FROM membership JOIN pupil USING (pupil_id)
WHERE class_id = $1 AND ($2::uuid IS NULL
    OR (by_name, pupil_id, since) > ((SELECT by_name FROM pupil WHERE pupil_id = $2), $2, $3::date))
ORDER BY by_name, pupil_id, since LIMIT $4
"""  # noqa: S608 - a constant
_SEES_CLASS = """
SELECT true FROM school_class AS class WHERE class_id = $1 AND school_id = $2 AND (
    $3::uuid IS NULL OR class.teacher_id = $3
    OR EXISTS (SELECT FROM teaching_load AS it WHERE it.class_id = class.class_id AND it.account_id = $3)
    OR EXISTS (SELECT FROM substitute AS it WHERE it.class_id = class.class_id AND it.account_id = $3
               AND $4::date BETWEEN it.since AND it.until + 7))
"""
_NAMESAKES = f"""
SELECT {_COLUMNS}, class_id, since, until FROM pupil LEFT JOIN membership USING (pupil_id)
WHERE school_id = $1 AND by_name = ANY($2::text[]) AND until IS NULL
"""  # noqa: S608 - a constant
_INSERT = """
INSERT INTO pupil (pupil_id, school_id, last_name, first_name, patronymic, birthday)
SELECT one.pupil_id, $1, last_name, first_name, patronymic, birthday
FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::date[])
    AS one (pupil_id, last_name, first_name, patronymic, birthday)
"""
_UPDATE = """
UPDATE pupil SET last_name = one.last_name, first_name = one.first_name, patronymic = one.patronymic,
    birthday = one.birthday, version = version + 1
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::date[])
    AS one (pupil_id, last_name, first_name, patronymic, birthday)
WHERE pupil.pupil_id = one.pupil_id
"""


def _pupil(row: Row) -> Pupil:
    name = PupilName(row["last_name"], row["first_name"], row["patronymic"])
    return Pupil(row["pupil_id"], row["version"], name, row["birthday"])


def _membership(row: Row) -> Membership | None:
    return Membership(row["class_id"], row["since"], row["until"]) if row["class_id"] else None


async def sees_class(tx: Tx, class_id: UUID, school_id: UUID, account_id: UUID | None, day: date) -> bool:
    """Whether the class is of this school, and the account's own or one it teaches or replaces in; None sees all."""
    return bool(await tx.fetchval(_SEES_CLASS, class_id, school_id, account_id, day))


async def page(tx: Tx, class_id: UUID, after: tuple[UUID, date] | None, limit: int) -> list[tuple[Pupil, Membership]]:
    """Who is or was in the class, by name."""
    rows = await tx.fetch(_PAGE, class_id, *(after or (None, None)), limit)
    return [(_pupil(row), Membership(row["class_id"], row["since"], row["until"])) for row in rows]


async def pupil_for_update(tx: Tx, school_id: UUID, pupil_id: UUID) -> Pupil | None:
    """Locked."""
    sql = f"SELECT {_COLUMNS} FROM pupil WHERE pupil_id = $1 AND school_id = $2 FOR NO KEY UPDATE"  # noqa: S608
    row = await tx.fetchrow(sql, pupil_id, school_id)
    return _pupil(row) if row else None


async def memberships(tx: Tx, pupil_id: UUID) -> list[Membership]:
    """Where a pupil is and was, oldest first."""
    sql = "SELECT class_id, since, until FROM membership WHERE pupil_id = $1 ORDER BY since"
    return [Membership(**row) for row in await tx.fetch(sql, pupil_id)]


async def namesakes(tx: Tx, school_id: UUID, names: Sequence[PupilName]) -> list[tuple[Pupil, Membership | None]]:
    """Pupils of the school with one of these names, and the class they are in now."""
    rows = await tx.fetch(_NAMESAKES, school_id, [one.key for one in names])
    return [(_pupil(row), _membership(row)) for row in rows]


async def insert(tx: Tx, school_id: UUID, pupils: Sequence[Pupil]) -> None:
    """New pupils."""
    await tx.execute(_INSERT, school_id, *_columns(pupils))


async def update(tx: Tx, pupils: Sequence[Pupil]) -> None:
    """Other names or birthdays, the next version of each."""
    await tx.execute(_UPDATE, *_columns(pupils))


def _columns(pupils: Sequence[Pupil]) -> list[list[Any]]:
    rows = [(one.pupil_id, *one.name.parts, one.birthday) for one in pupils]
    return [list(column) for column in zip(*rows, strict=True)]


async def join_class(tx: Tx, class_id: UUID, pupil_ids: Sequence[UUID], since: date) -> None:
    """From that day on."""
    sql = "INSERT INTO membership (pupil_id, class_id, since) SELECT one, $1, $3 FROM unnest($2::uuid[]) AS one"
    await tx.execute(sql, class_id, list(pupil_ids), since)


async def end_membership(tx: Tx, pupil_id: UUID, until: date) -> None:
    """The last day in the class that the pupil is in."""
    await tx.execute("UPDATE membership SET until = $2 WHERE pupil_id = $1 AND until IS NULL", pupil_id, until)


async def lock_classes(tx: Tx, class_ids: Iterable[UUID]) -> None:
    """Their lists, in one order, against others who add to them."""
    sql = "SELECT FROM school_class WHERE class_id = ANY ($1::uuid[]) ORDER BY class_id FOR NO KEY UPDATE"
    await tx.execute(sql, list(class_ids))


async def ended_year(tx: Tx, class_id: UUID) -> int | None:
    """The year of a class, if the school has rolled it over."""
    sql = "SELECT year FROM school_class JOIN ended_year USING (school_id, year) WHERE class_id = $1"
    year: int | None = await tx.fetchval(sql, class_id)
    return year


async def lock_pupils(tx: Tx, pupil_ids: Iterable[UUID]) -> None:
    """Against others who write of them, one after the other in one order; lessons may refer to them meanwhile."""
    sql = "SELECT FROM pupil WHERE pupil_id = ANY ($1::uuid[]) ORDER BY pupil_id FOR NO KEY UPDATE"
    await tx.execute(sql, sorted(pupil_ids))
