"""Work that was handed in, over HTTP: seen, given to its author, marked in the journal."""

from typing import Annotated, Any
from uuid import UUID

from chassis.http import InTransaction
from chassis.paging import IfMatch, InPage, after, etag
from ekis_contracts.fields import Body, Line
from fastapi import APIRouter, Response
from pydantic import AwareDatetime, BaseModel, Field

from cabinet.diary.domain.marks import Cell
from cabinet.diary.routes.desk import Desk, may
from cabinet.online.actions import lessons
from cabinet.online.actions import works as actions
from cabinet.online.domain.works import Grade, Work
from cabinet.online.routes.shapes import BY_ID
from cabinet.online.store import works as store
from cabinet.people.routes import require_current

router = APIRouter(prefix="/online-lessons/{lesson_id}/hand-ins")

Writing = Annotated[Desk, may("write", "hand-in")]


class AuthorIn(Body):
    """Whose it is: a pupil of the class, or nobody known."""

    pupil_id: UUID | None


class GradeIn(Body):
    """A mark or a credit over the version of the journal's cell that was seen (0: never written); neither takes the
    mark back. `lesson_id`: a lesson of the journal, if not that of the day. `reason`: needed after the window."""

    version: Annotated[int, Field(ge=0, lt=2**31)]
    mark: Annotated[int, Field(ge=2, le=5)] | None = None
    credit: bool | None = None
    weight: Annotated[int, Field(ge=1, le=5)] = 1
    comment: Line | None = None
    lesson_id: UUID | None = None
    reason: Line | None = None

    def grade(self) -> Grade:
        """As the domain takes it."""
        is_empty = self.mark is None and self.credit is None
        cell = Cell() if is_empty else Cell(self.mark, self.credit, None, self.weight, self.comment)
        return Grade(cell, self.version, self.lesson_id, self.reason)


class PupilOut(BaseModel):
    """As in the class list."""

    pupil_id: UUID
    last_name: str
    first_name: str


class GradeOut(BaseModel):
    """What the journal says of it now, under which lesson, at which version of the cell."""

    lesson_id: UUID
    mark: int | None
    credit: bool | None
    weight: int | None
    comment: str | None
    version: int | None


class WorkOut(BaseModel):
    """A piece of work: the name as it was typed, and whom it means."""

    work_id: UUID
    version: int
    assignment_id: UUID
    class_id: UUID
    class_name: str
    last_name: str
    first_name: str
    pupil: PupilOut | None
    text: str | None
    links: list[str]
    at: AwareDatetime
    grade: GradeOut | None


class Works(BaseModel):
    """The newest first."""

    items: list[WorkOut]
    next: str | None


class WorkState(BaseModel):
    """What has become of it."""

    work_id: UUID
    version: int
    pupil_id: UUID | None
    lesson_id: UUID | None


def _shown(work: Work) -> dict[str, Any]:
    return WorkState.model_validate(vars(work) | {"lesson_id": work.diary_lesson_id}).model_dump(mode="json")


async def _current(tx: InTransaction, desk: Desk, ids: tuple[UUID, UUID], match: str | None, yours: Body) -> Any:
    lesson = await lessons.own_lesson(tx, desk.author, ids[0])
    work = await actions.known_work(tx, lesson, ids[1])
    require_current(match, work.version, _shown(work), yours.model_dump(mode="json"))
    return lesson, work


@router.get("", response_model=Works)
async def list_works(
    *, lesson_id: UUID, assignment_id: UUID | None = None, page: InPage, tx: InTransaction,
    desk: Annotated[Desk, may("read", "hand-in")],
) -> dict[str, Any]:  # fmt: skip
    """What was handed in; who leads a class sees that class alone."""
    lesson, only = await lessons.visible_lesson(tx, desk.author, lesson_id, reads_all=desk.only is None)
    before = after(page, BY_ID)
    wanted = assignment_id, only
    found = await store.page(tx, lesson.lesson_id, wanted, before[0] if before else None, page.limit)
    return page.answer(found, "work_id")


@router.patch("/{work_id}", response_model=WorkState)
async def name_author(
    *, lesson_id: UUID, work_id: UUID, body: AuthorIn, match: IfMatch = None, response: Response, tx: InTransaction,
    desk: Writing,
) -> dict[str, Any]:  # fmt: skip
    """Say whose it is, if the typed name means nobody or somebody else; not once it is marked."""
    lesson, work = await _current(tx, desk, (lesson_id, work_id), match, body)
    work = await actions.name_author(tx, lesson, work, body.pupil_id)
    response.headers["ETag"] = etag(work.version)
    return _shown(work)


@router.delete("/{work_id}", status_code=204)
async def remove_work(lesson_id: UUID, work_id: UUID, tx: InTransaction, desk: Writing) -> None:
    """Throw away what is no work; not once it is marked."""
    lesson = await lessons.own_lesson(tx, desk.author, lesson_id)
    await actions.remove_work(tx, await actions.known_work(tx, lesson, work_id))


@router.put("/{work_id}/grade", response_model=WorkState)
async def mark_work(
    *, lesson_id: UUID, work_id: UUID, body: GradeIn, match: IfMatch = None, response: Response, tx: InTransaction,
    desk: Writing,
) -> dict[str, Any]:  # fmt: skip
    """The mark goes into the journal by its own rules; sent again, it changes nothing."""
    lesson, work = await _current(tx, desk, (lesson_id, work_id), match, body)
    work = await actions.mark_work(tx, desk.author, lesson, work, body.grade())
    response.headers["ETag"] = etag(work.version)
    return _shown(work)
