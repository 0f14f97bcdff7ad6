"""Online lessons over HTTP: a week of them, one with everything it has, its steps, the codes of its classes."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime, time
from typing import Annotated, Any
from uuid import UUID

from chassis.http import Once
from chassis.outbox import Tx
from chassis.paging import IfMatch, InPage, after
from ekis_contracts.fields import Body, Line
from fastapi import APIRouter, Query
from pydantic import AfterValidator, AwareDatetime, BaseModel, Field, TypeAdapter

from cabinet.diary.domain.calendar import monday
from cabinet.online.actions import lessons as actions
from cabinet.online.domain.lessons import MOST_CLASSES, Lesson, State
from cabinet.online.routes.cards import LessonOut, Reading, Writing
from cabinet.online.routes.shapes import HttpsLink
from cabinet.online.store import lessons as store
from cabinet.people.domain import MOSCOW

router = APIRouter(prefix="/online-lessons")

BY_TIME = TypeAdapter(tuple[AwareDatetime, UUID])
Week = Annotated[str, Query(description="2026-W48", max_length=20), AfterValidator(monday)]


class OnlineLessonIn(Body):
    """A lesson of 5 minutes to 4 hours for classes that the caller teaches this subject. Without a link it can be
    planned, but not started."""

    title: Line
    subject_id: UUID
    class_ids: Annotated[list[UUID], Field(min_length=1, max_length=MOST_CLASSES)]
    starts: AwareDatetime
    ends: AwareDatetime
    link: HttpsLink | None = None


class OnlineLessonPatch(Body):
    """What is to be changed; what is left out stays. Classes and subject stay in any case."""

    title: Line = ""
    starts: AwareDatetime = datetime.min.replace(tzinfo=MOSCOW)
    ends: AwareDatetime = datetime.min.replace(tzinfo=MOSCOW)
    link: HttpsLink | None = None


class CancelIn(Body):
    """Why it does not take place: seen by the school, not by pupils."""

    reason: Line


class LessonLine(BaseModel):
    """A lesson in a list. `waiting`: pieces of work without a mark, for who gives the lesson and for the head."""

    lesson_id: UUID
    title: str
    subject: str
    classes: list[str]
    teacher: str | None
    starts: AwareDatetime
    ends: AwareDatetime
    state: State
    is_own: bool
    waiting: int | None


class Lessons(BaseModel):
    """In the order of their beginning."""

    items: list[LessonLine]
    next: str | None


@router.get("", response_model=Lessons)
async def list_lessons(week: Week, page: InPage, at: Reading) -> dict[str, Any]:
    """Lessons of an ISO week that the caller gives, replaces in, or whose class the caller leads; the head sees all."""
    first: Any = week  # validated into its monday
    who = at.desk.account_id, at.desk.school_id, at.desk.only is None
    found = await store.week(at.tx, who, _midnight(first), after(page, BY_TIME), page.limit)
    return page.answer([one | {"teacher": at.name(one)} for one in found], "starts", "lesson_id")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), MOSCOW)


@router.post("", status_code=201, response_model=LessonOut)
async def plan_lesson(body: OnlineLessonIn, once: Once, at: Writing) -> dict[str, Any]:
    """Plan a lesson; 409 names another one of the teacher or of a class at that time."""

    async def planned() -> str:
        values, class_ids = body.model_dump(exclude={"class_ids"}), list(dict.fromkeys(body.class_ids))
        return str(await actions.plan_lesson(at.tx, at.desk.author, class_ids, values))

    lesson_id = UUID(await once.once(at.tx, planned))
    return await at.answer(await actions.known_lesson(at.tx, at.desk.school_id, lesson_id))


@router.get("/{lesson_id}", response_model=LessonOut)
async def read_lesson(lesson_id: UUID, at: Reading) -> dict[str, Any]:
    """The card of a lesson; who leads a class sees that class alone."""
    reads_all = at.desk.only is None
    return await at.answer(*await actions.visible_lesson(at.tx, at.desk.author, lesson_id, reads_all=reads_all))


@router.patch("/{lesson_id}", response_model=LessonOut)
async def change_lesson(lesson_id: UUID, body: OnlineLessonPatch, at: Writing, match: IfMatch = None) -> dict[str, Any]:
    """Title, link, and until it begins its time."""
    lesson = await at.current(lesson_id, match, body.model_dump(mode="json", exclude_unset=True))
    values = body.model_dump(exclude_unset=True)
    return await at.answer(await actions.change_lesson(at.tx, at.desk.author, lesson, values))


@router.post("/{lesson_id}/cancel", response_model=LessonOut)
async def cancel_lesson(lesson_id: UUID, body: CancelIn, at: Writing, match: IfMatch = None) -> dict[str, Any]:
    """It does not take place; who is concerned is told."""
    lesson = await at.current(lesson_id, match)
    return await at.answer(await actions.cancel_lesson(at.tx, at.desk.author, lesson, body.reason))


@router.post("/{lesson_id}/codes/{class_id}", response_model=LessonOut)
async def renew_code(lesson_id: UUID, class_id: UUID, at: Writing, match: IfMatch = None) -> dict[str, Any]:
    """Another code for a class; the old link is dead."""
    lesson = await at.current(lesson_id, match)
    return await at.answer(await actions.renew_code(at.tx, lesson, class_id))


def _step(name: str, act: Callable[[Tx, Lesson], Awaitable[Lesson]], meaning: str) -> None:
    @router.post(f"/{{lesson_id}}/{name}", name=f"{name}_lesson", description=meaning, response_model=LessonOut)
    async def step(lesson_id: UUID, at: Writing, match: IfMatch = None) -> dict[str, Any]:
        lesson = await at.current(lesson_id, match)
        return await at.answer(await act(at.tx, lesson))


_step("start", actions.start_lesson, "It goes on: pupils see the link. From 15 minutes before its time.")
_step("finish", actions.finish_lesson, "It is over; work may be handed in until its deadline.")
