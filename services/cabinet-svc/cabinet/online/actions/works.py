"""What the teacher does with work that was handed in: says whose it is, marks it in the journal, throws it away."""

from dataclasses import replace
from uuid import UUID

from chassis.errors import Invalid, NotFound
from chassis.outbox import Tx

from cabinet.diary.actions.lessons import add_lesson
from cabinet.diary.actions.marks import save_marks
from cabinet.diary.domain.lessons import Author
from cabinet.diary.domain.marks import Entry
from cabinet.online.domain.lessons import Lesson
from cabinet.online.domain.works import Grade, Work
from cabinet.online.store import shares
from cabinet.online.store import works as store


async def known_work(tx: Tx, lesson: Lesson, work_id: UUID) -> Work:
    """Locked. Raises NotFound."""
    work = await store.work_for_update(tx, lesson.lesson_id, work_id)
    if work is None:
        raise NotFound
    return work


async def name_author(tx: Tx, lesson: Lesson, work: Work, pupil_id: UUID | None) -> Work:
    """Whose it is: a pupil of the class that day, or nobody. Raises Invalid, Conflict once it is marked."""
    work.require_unmarked()
    if pupil_id is not None and not await store.is_in_class(tx, work.class_id, pupil_id, lesson.day):
        raise Invalid("pupil-not-in-class", "/pupil_id")
    return await _saved(tx, replace(work, pupil_id=pupil_id))


async def remove_work(tx: Tx, work: Work) -> None:
    """Thrown away. Raises Conflict once it is marked."""
    work.require_unmarked()
    await store.delete(tx, work.work_id)


async def mark_work(tx: Tx, who: Author, lesson: Lesson, work: Work, grade: Grade) -> Work:
    """Its mark goes into the journal, by the rules of the journal: who teaches there, until when, with which leave.

    Raises what a save of marks raises; Conflict while it is nobody's; Invalid for a lesson of another journal.
    """
    pupil_id = work.whose()
    under = await _place_of_mark(tx, who, lesson, work, grade)
    try:
        await save_marks(tx, who, [Entry(under, pupil_id, grade.version, grade.cell)], grade.reason)
    except Invalid as refused:  # it speaks of the only cell of a save
        refused.errors = [replace(one, pointer=one.pointer.removeprefix("/marks/0")) for one in refused.errors]
        raise
    return await _saved(tx, replace(work, diary_lesson_id=None if grade.takes_back else under))


async def _place_of_mark(tx: Tx, who: Author, lesson: Lesson, work: Work, grade: Grade) -> UUID:
    journal = work.class_id, lesson.subject_id
    if work.diary_lesson_id is not None:
        return work.diary_lesson_id
    if grade.under is not None:
        if not await store.is_of_journal(tx, grade.under, journal):
            raise Invalid("not-this-journal", "/lesson_id")
        return grade.under
    under = await store.diary_lesson(tx, lesson.lesson_id, journal, lesson.day)
    if under is None:
        under = await _enter_lesson(tx, who, lesson, work.class_id)
    await shares.note_diary_lesson(tx, lesson.lesson_id, work.class_id, under)
    return under


async def _enter_lesson(tx: Tx, who: Author, lesson: Lesson, class_id: UUID) -> UUID:
    """The online lesson as one of the journal."""
    of = {"class_id": class_id, "subject_id": lesson.subject_id, "date": lesson.day, "topic": lesson.title}
    number = await store.number_of_day(tx, (class_id, lesson.subject_id), lesson.day)
    return await add_lesson(tx, who, of | {"number": number, "homework": None, "homework_due": None})


async def _saved(tx: Tx, work: Work) -> Work:
    saved = replace(work, version=work.version + 1)
    await store.save(tx, saved)
    return saved
