"""Plan, give and call off online lessons."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from chassis.db import new_id
from chassis.errors import NotFound
from chassis.outbox import Tx

from cabinet.diary.actions.lessons import place_of
from cabinet.diary.domain.calendar import today
from cabinet.diary.domain.lessons import Author
from cabinet.notices.actions import address_notice
from cabinet.notices.domain import Notice
from cabinet.online.domain.lessons import FORGOTTEN, Lesson
from cabinet.online.domain.links import code_mark, join_code
from cabinet.online.store import lessons as store
from cabinet.online.store import shares
from cabinet.people.domain import MOSCOW

Classes = tuple[UUID, ...] | None


async def known_lesson(tx: Tx, school_id: UUID, lesson_id: UUID) -> Lesson:
    """Raises NotFound."""
    lesson = await store.lesson(tx, school_id, lesson_id)
    if lesson is None:
        raise NotFound
    return lesson


async def visible_lesson(tx: Tx, who: Author, lesson_id: UUID, *, reads_all: bool) -> tuple[Lesson, Classes]:
    """A lesson, and whose pupils the caller may see there (None: all). Raises NotFound."""
    lesson = await known_lesson(tx, who.school_id, lesson_id)
    return lesson, None if reads_all else (await store.tie(tx, who.account_id, lesson_id)).classes()


async def own_lesson(tx: Tx, who: Author, lesson_id: UUID) -> Lesson:
    """A lesson that the caller gives, or whose teacher the caller replaces that day, locked. Raises NotFound."""
    lesson = await store.lesson_for_update(tx, who.school_id, lesson_id)
    if lesson is None:
        raise NotFound
    (await store.tie(tx, who.account_id, lesson_id)).require_own()
    return lesson


async def plan_lesson(tx: Tx, who: Author, class_ids: Sequence[UUID], values: dict[str, Any]) -> UUID:
    """A lesson for classes that the author teaches this subject, or replaces in that day. Raises NotFound, Invalid,
    Conflict when the author or a class has another one at that time."""
    lesson = Lesson(new_id(), who.school_id, who.account_id, **values)
    lesson.require_time(tx.now)
    for class_id in class_ids:
        place = await place_of(tx, who, class_id, lesson.subject_id, lesson.day)
        place.require_own()
        lesson.require_year(place.year)
    await _require_free(tx, lesson, class_ids)
    await store.save(tx, lesson)
    codes = [(one, join_code(tx.secret, lesson.lesson_id, one, 1)) for one in class_ids]
    await shares.insert_classes(tx, lesson.lesson_id, [(one, code_mark(tx.secret, code)) for one, code in codes])
    return lesson.lesson_id


async def _require_free(tx: Tx, lesson: Lesson, class_ids: Sequence[UUID]) -> None:
    """Two that take the same time wait for each other here, and the second sees the first. Raises Conflict."""
    await store.lock_time(tx, sorted({lesson.account_id, *class_ids}))
    if (clash := await store.clash(tx, lesson, class_ids)) is not None:
        raise clash.refusal()


async def change_lesson(tx: Tx, who: Author, lesson: Lesson, values: dict[str, Any]) -> Lesson:
    """Another title, link or time; who is concerned hears of another time. Raises WrongStep, Invalid, Conflict."""
    changed = lesson.changed(values, tx.now)
    is_moved = (changed.starts, changed.ends) != (lesson.starts, lesson.ends)
    if is_moved:
        class_ids = [one["class_id"] for one in await shares.classes(tx, lesson.lesson_id, None)]
        for class_id in class_ids if changed.day != lesson.day else ():
            changed.require_year((await place_of(tx, who, class_id, lesson.subject_id, changed.day)).year)
        await _require_free(tx, changed, class_ids)
    await store.save(tx, changed)
    if is_moved:
        await _tell(tx, who, changed, f"перенесён на {_moment(changed)}")
    return changed


async def start_lesson(tx: Tx, lesson: Lesson) -> Lesson:
    """Pupils may come. Raises WrongStep, Conflict."""
    return await _saved(tx, lesson.started(tx.now))


async def finish_lesson(tx: Tx, lesson: Lesson) -> Lesson:
    """It is over; work may still be handed in. Raises WrongStep."""
    return await _saved(tx, lesson.to("finished"))


async def cancel_lesson(tx: Tx, who: Author, lesson: Lesson, reason: str) -> Lesson:
    """It does not take place: who leads the classes, gives it or replaces there hears of it, and on its day the head
    too, for the classes are without a lesson. Raises WrongStep."""
    cancelled = await _saved(tx, lesson.cancelled(reason))
    also = await store.heads(tx, lesson.school_id) if lesson.day <= today(tx.now) else []
    await _tell(tx, who, cancelled, f"{_moment(cancelled)} отменён", also)
    return cancelled


async def finish_forgotten(tx: Tx) -> bool:
    """End a live lesson that nobody has ended. Returns whether there was one."""
    lesson = await store.forgotten_for_update(tx, tx.now - FORGOTTEN)
    if lesson is not None:
        await finish_lesson(tx, lesson)
    return lesson is not None


async def renew_code(tx: Tx, lesson: Lesson, class_id: UUID) -> Lesson:
    """Another code for a class; the old one is dead. Raises NotFound for a class of no lesson, WrongStep."""
    lesson.require_standing()
    if (number := await shares.code_no(tx, lesson.lesson_id, class_id)) is None:
        raise NotFound
    code = join_code(tx.secret, lesson.lesson_id, class_id, number + 1)
    await shares.renew_code(tx, lesson.lesson_id, class_id, number + 1, code_mark(tx.secret, code))
    return await _saved(tx, replace(lesson, version=lesson.version + 1))


async def _saved(tx: Tx, lesson: Lesson) -> Lesson:
    await store.save(tx, lesson)
    return lesson


async def _tell(tx: Tx, who: Author, lesson: Lesson, what: str, also: Sequence[UUID] = ()) -> None:
    told = {*await store.concerned(tx, lesson.lesson_id), *also} - {who.account_id}
    if not told:
        return
    subject = (await store.shown(tx, lesson.lesson_id))["subject"]
    names = ", ".join(one["name"] for one in await shares.classes(tx, lesson.lesson_id, None))
    notice = Notice("lesson", lesson.lesson_id, f"{subject}, {names}: урок {what}", f"/lessons/{lesson.lesson_id}")
    await address_notice(tx, notice, sorted(told))


def _moment(lesson: Lesson) -> str:
    return f"{lesson.starts.astimezone(MOSCOW):%d.%m в %H:%M}"
