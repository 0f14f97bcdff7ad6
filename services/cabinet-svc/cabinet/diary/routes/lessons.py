"""Lessons over HTTP."""

from datetime import date, timedelta
from typing import Annotated, Any
from uuid import UUID

from chassis.http import InTransaction, Once
from chassis.paging import IfMatch, InPage, after, etag
from ekis_contracts.fields import Body, LongLine, Paragraphs
from fastapi import APIRouter, Query, Request, Response
from fastapi.encoders import jsonable_encoder
from fastapi.responses import StreamingResponse
from pydantic import AfterValidator, Field, TypeAdapter

from cabinet.diary.actions import lessons as actions
from cabinet.diary.domain.lessons import Lesson
from cabinet.diary.routes.desk import Day, Desk, Number, may
from cabinet.diary.store import lessons as store
from cabinet.files.actions import file_among
from cabinet.files.routes import AttachedFile, sent
from cabinet.files.store import named
from cabinet.people.routes import require_current

router = APIRouter(prefix="/lessons")

BY_TIME = TypeAdapter(tuple[date, Annotated[int, Field(ge=0, le=12)]])
LONGEST = timedelta(days=400)
Files = Annotated[list[UUID], Field(max_length=10), AfterValidator(lambda ids: list(dict.fromkeys(ids)))]


class LessonForm(Body):
    """What a teacher writes about a lesson."""

    date: Day
    number: Number
    topic: LongLine | None = None
    homework: Paragraphs | None = None
    homework_due: Day | None = None
    files: Files = Field(default_factory=list)


class LessonIn(LessonForm):
    """A lesson that was given, or is planned."""

    class_id: UUID
    subject_id: UUID


class LessonPatch(LessonForm):
    """What is to be changed; what is left out stays."""

    date: Day = date.min
    number: Number = 0


def shown(lesson: Lesson) -> dict[str, Any]:
    """For an answer."""
    values: dict[str, Any] = jsonable_encoder(vars(lesson))
    return values


async def whole(tx: InTransaction, lesson: Lesson, response: Response) -> dict[str, Any]:
    """The answer for one lesson: its files by name too."""
    response.headers["ETag"] = etag(lesson.version)
    attached = [AttachedFile.model_validate(one) for one in await named(tx, lesson.files)]
    return shown(lesson) | {"attached": jsonable_encoder(attached)}


@router.get("")
async def list_lessons(
    *, class_id: UUID, subject_id: UUID, since: Annotated[Day | None, Query()] = None,
    until: Annotated[Day | None, Query()] = None, page: InPage, tx: InTransaction,
    desk: Annotated[Desk, may("read", "lesson")],
) -> dict[str, Any]:  # fmt: skip
    """Lessons of a class in a subject between two days, those of the last year if none are named."""
    place = await actions.place_of(tx, desk.author, class_id, subject_id, desk.day)
    if desk.only:
        place.require_visible()
    days = since or desk.day - LONGEST, until or desk.day + LONGEST
    found = await store.page(tx, (class_id, subject_id), days, after(page, BY_TIME), page.limit)
    return page.answer([shown(one) for one in found], "date", "number")


@router.post("", status_code=201)
async def add_lesson(
    *, body: LessonIn, once: Once, response: Response, tx: InTransaction, desk: Annotated[Desk, may("write", "lesson")]
) -> dict[str, Any]:
    """A lesson of the own class and subject."""

    async def added() -> str:
        return str(await actions.add_lesson(tx, desk.author, body.model_dump()))

    lesson = await actions.known_lesson(tx, desk.school_id, UUID(await once.once(tx, added)))
    return await whole(tx, lesson, response)


@router.get("/{lesson_id}")
async def read_lesson(
    lesson_id: UUID, response: Response, tx: InTransaction, desk: Annotated[Desk, may("read", "lesson")]
) -> dict[str, Any]:
    """One lesson."""
    lesson = await visible_lesson(tx, desk, lesson_id)
    return await whole(tx, lesson, response)


async def visible_lesson(tx: InTransaction, desk: Desk, lesson_id: UUID) -> Lesson:
    """Raises NotFound for who neither teaches there, nor has replaced somebody lately, nor leads the class."""
    lesson = await actions.known_lesson(tx, desk.school_id, lesson_id)
    if desk.only:
        place = await actions.place_of(tx, desk.author, lesson.class_id, lesson.subject_id, desk.day)
        place.require_visible()
    return lesson


@router.get("/{lesson_id}/files/{file_id}", response_class=StreamingResponse)
async def send_file(
    lesson_id: UUID, file_id: UUID, request: Request, tx: InTransaction, desk: Annotated[Desk, may("read", "lesson")]
) -> StreamingResponse:
    """A file of the homework, to be saved."""
    lesson = await visible_lesson(tx, desk, lesson_id)
    return await sent(request, await file_among(tx, lesson.files, file_id))


@router.patch("/{lesson_id}")
async def change_lesson(
    *, lesson_id: UUID, body: LessonPatch, match: IfMatch = None, response: Response, tx: InTransaction,
    desk: Annotated[Desk, may("write", "lesson")],
) -> dict[str, Any]:  # fmt: skip
    """Topic, homework, time."""
    lesson = await actions.locked_lesson(tx, desk.author, lesson_id)
    require_current(match, lesson.version, shown(lesson), body.model_dump(mode="json", exclude_unset=True))
    await actions.change_lesson(tx, desk.author, lesson, body.model_dump(exclude_unset=True))
    lesson = await actions.known_lesson(tx, desk.school_id, lesson_id)
    return await whole(tx, lesson, response)


@router.delete("/{lesson_id}", status_code=204)
async def remove_lesson(
    *, lesson_id: UUID, match: IfMatch = None, tx: InTransaction, desk: Annotated[Desk, may("write", "lesson")]
) -> None:
    """A lesson that never had a mark."""
    lesson = await actions.locked_lesson(tx, desk.author, lesson_id)
    require_current(match, lesson.version, shown(lesson), {})
    await actions.remove_lesson(tx, desk.author, lesson)
