"""Keep pupils and the classes they are in."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from chassis.db import new_id
from chassis.errors import Conflict, Invalid, NotFound
from chassis.outbox import Tx

from cabinet.diary.domain.pupils import Membership, Pupil, PupilName, last_day_before, require_stay
from cabinet.diary.domain.setup import KINDS, Row
from cabinet.diary.store import pupils as store
from cabinet.diary.store import setup


async def require_class(tx: Tx, class_id: UUID, school_id: UUID, account_id: UUID | None, day: date) -> None:
    """Raises NotFound for a class of another school, or one that the account has nothing to do with."""
    if not await store.sees_class(tx, class_id, school_id, account_id, day):
        raise NotFound


async def led_class(tx: Tx, class_id: UUID, school_id: UUID, account_id: UUID | None) -> Row:
    """A class whose list the account keeps (None keeps all). Raises NotFound for others, and for another school's."""
    row = await setup.row(tx, KINDS["class"], school_id, class_id)
    if row is None or account_id not in (None, row.values["teacher_id"]):
        raise NotFound
    return row


async def open_lists(tx: Tx, class_id: UUID, *others: UUID) -> None:
    """The list of a class, and those of others, locked. Raises Conflict when the year of the class has ended."""
    await store.lock_classes(tx, [class_id, *others])
    if (year := await store.ended_year(tx, class_id)) is not None:
        raise Conflict("year-ended", year=year)


async def led_pupil(tx: Tx, school_id: UUID, pupil_id: UUID, account_id: UUID | None) -> Pupil:
    """A pupil, locked, of the class that the account leads. Raises NotFound."""
    pupil = await locked_pupil(tx, school_id, pupil_id)
    now = [stay for stay in await store.memberships(tx, pupil_id) if stay.until is None]
    if account_id is not None:
        if not now:
            raise NotFound
        await led_class(tx, now[0].class_id, school_id, account_id)
    return pupil


async def locked_pupil(tx: Tx, school_id: UUID, pupil_id: UUID) -> Pupil:
    """Raises NotFound."""
    pupil = await store.pupil_for_update(tx, school_id, pupil_id)
    if pupil is None:
        raise NotFound
    return pupil


async def add_pupil(tx: Tx, school_id: UUID, stay: Membership, name: PupilName, birthday: date | None) -> UUID:
    """A new pupil of a class. Raises Conflict when it has one of this name and birthday, or its year has ended."""
    await open_lists(tx, stay.class_id)
    for other, now in await store.namesakes(tx, school_id, [name]):
        is_there = now is not None and now.class_id == stay.class_id
        if is_there and (other.name.patronymic, other.birthday) == (name.patronymic, birthday):
            raise Conflict("pupil-already-there")
    pupil = Pupil(new_id(), 1, name, birthday)
    await store.insert(tx, school_id, [pupil])
    await store.join_class(tx, stay.class_id, [pupil.pupil_id], stay.since)
    return pupil.pupil_id


async def change_pupil(tx: Tx, pupil: Pupil, values: Mapping[str, Any]) -> None:
    """Another name or birthday of a locked pupil."""
    name = replace(pupil.name, **{part: values[part] for part in vars(pupil.name) if part in values})
    changed = replace(pupil, name=name, birthday=values.get("birthday", pupil.birthday))
    if changed != pupil:
        await store.update(tx, [changed])


async def move_pupil(tx: Tx, school_id: UUID, pupil: Pupil, class_id: UUID, since: date) -> None:
    """Into another class from that day on; what was stays where it was. Raises Conflict, Invalid."""
    if not await setup.is_of_school(tx, "class", school_id, class_id):
        raise Invalid("not-of-this-school", "/class_id")
    await open_lists(tx, class_id, *await _classes_now(tx, pupil.pupil_id))
    stays = await store.memberships(tx, pupil.pupil_id)
    if any(stay.class_id == class_id and stay.until is None for stay in stays):
        raise Conflict("pupil-already-there")
    if (until := last_day_before(stays, since)) is not None:
        await store.end_membership(tx, pupil.pupil_id, until)
    await store.join_class(tx, class_id, [pupil.pupil_id], since)


async def release_pupil(tx: Tx, pupil: Pupil, until: date) -> None:
    """The pupil leaves the school; lists, marks and finals stay. Raises Conflict, Invalid."""
    await store.lock_classes(tx, await _classes_now(tx, pupil.pupil_id))
    require_stay(await store.memberships(tx, pupil.pupil_id), until)
    await store.end_membership(tx, pupil.pupil_id, until)


async def _classes_now(tx: Tx, pupil_id: UUID) -> list[UUID]:
    return [stay.class_id for stay in await store.memberships(tx, pupil_id) if stay.until is None]
