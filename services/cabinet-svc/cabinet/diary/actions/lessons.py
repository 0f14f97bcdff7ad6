"""Keep lessons."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from chassis.db import new_id
from chassis.errors import Conflict, NotFound
from chassis.outbox import Tx

from cabinet.diary.domain.lessons import Author, Lesson, Place, require_term
from cabinet.diary.store import lessons as store
from cabinet.diary.store import setup
from cabinet.files.actions import change_files


async def place_of(tx: Tx, who: Author, class_id: UUID, subject_id: UUID, day: date) -> Place:
    """What somebody has to do with a class and a subject. Raises NotFound where the school has no such."""
    place = await store.place(tx, who, class_id, subject_id, day)
    if place is None:
        raise NotFound
    return place


async def add_lesson(tx: Tx, who: Author, values: Mapping[str, Any]) -> UUID:
    """A lesson of the own class and subject. Raises NotFound, Invalid, Conflict."""
    place = await place_of(tx, who, values["class_id"], values["subject_id"], values["date"])
    place.require_own()
    term = require_term(await setup.term_of_day(tx, who.school_id, place.year, values["date"], place.grade))
    lesson = Lesson(new_id(), who.school_id, term_id=term.term_id, year=term.year, version=1, **values)
    lesson.require_due_later()
    await store.insert(tx, lesson, who.account_id)
    await change_files(tx, [], lesson.files, who.account_id)
    return lesson.lesson_id


async def known_lesson(tx: Tx, school_id: UUID, lesson_id: UUID) -> Lesson:
    """Raises NotFound."""
    lesson = await store.lesson(tx, school_id, lesson_id)
    if lesson is None:
        raise NotFound
    return lesson


async def locked_lesson(tx: Tx, who: Author, lesson_id: UUID) -> Lesson:
    """An own lesson in an open term, locked. Raises NotFound, Conflict."""
    lesson = await store.lesson_for_update(tx, who.school_id, lesson_id)
    if lesson is None:
        raise NotFound
    await _require_writable(tx, who, lesson)
    return lesson


async def _require_writable(tx: Tx, who: Author, lesson: Lesson) -> UUID:
    """The term of its day."""
    place = await place_of(tx, who, lesson.class_id, lesson.subject_id, lesson.date)
    place.require_own()
    term = require_term(await setup.term_of_day(tx, who.school_id, lesson.year, lesson.date, place.grade))
    return term.term_id


async def change_lesson(tx: Tx, who: Author, lesson: Lesson, values: Mapping[str, Any]) -> None:
    """Another topic, homework or time, other files. A lesson with marks keeps its day: their window is counted from it.

    Raises Invalid, Conflict, NotFound for who does not teach on the new day.
    """
    changed = replace(lesson, **values)
    changed.require_due_later()
    if changed.date != lesson.date:
        changed = replace(changed, term_id=await _require_writable(tx, who, changed))
        if await store.was_marked(tx, lesson):
            raise Conflict("lesson-has-marks")
    if changed != lesson:
        await change_files(tx, lesson.files, changed.files, who.account_id)
        await store.update(tx, lesson.lesson_id, {**values, "term_id": changed.term_id})


async def remove_lesson(tx: Tx, who: Author, lesson: Lesson) -> None:
    """A lesson that never had a mark. Raises Conflict."""
    if await store.was_marked(tx, lesson):
        raise Conflict("lesson-has-marks")
    await change_files(tx, lesson.files, [], who.account_id)
    await store.delete(tx, lesson.lesson_id)
