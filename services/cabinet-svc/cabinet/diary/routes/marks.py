"""Marks over HTTP: a column, a row or a cell at once, its history, taking the last save back."""

from typing import Annotated, Any
from uuid import UUID

from chassis.http import InTransaction
from chassis.paging import InPage, after
from chassis.problems import language
from ekis_contracts.fields import Body, Line
from fastapi import APIRouter, Request, Response
from pydantic import Field, TypeAdapter

from cabinet.diary.actions import marks as actions
from cabinet.diary.domain.marks import Absence, Cell, Change, Entry
from cabinet.diary.routes.desk import Desk, may
from cabinet.diary.routes.lessons import visible_lesson
from cabinet.diary.store import marks as store
from cabinet.people.routes import called

router = APIRouter()

MOST = 200  # cells of one save
BY_VERSION = TypeAdapter(tuple[Annotated[int, Field(ge=0, lt=2**31)]])


class CellIn(Body):
    """What is to stand in a cell, over the version that was seen (0: never written). Nothing empties it."""

    version: Annotated[int, Field(ge=0, lt=2**31)]
    mark: Annotated[int, Field(ge=2, le=5)] | None = None
    credit: bool | None = None
    absence: Absence | None = None
    weight: Annotated[int, Field(ge=1, le=5)] = 1
    comment: Line | None = None

    def cell(self) -> Cell:
        """As the domain takes it."""
        return Cell(self.mark, self.credit, self.absence, self.weight, self.comment)


class OfPupil(CellIn):
    """A cell of the lesson's column."""

    pupil_id: UUID


class OfLesson(CellIn):
    """A cell of the pupil's row."""

    lesson_id: UUID


class ReasonIn(Body):
    """Why so late: required after the window."""

    reason: Line | None = None


class ColumnIn(ReasonIn):
    """Cells of one lesson: all are saved or none."""

    marks: Annotated[list[OfPupil], Field(min_length=1, max_length=MOST)]


class RowIn(ReasonIn):
    """Cells of one pupil: all are saved or none."""

    marks: Annotated[list[OfLesson], Field(min_length=1, max_length=MOST)]


@router.get("/lessons/{lesson_id}/marks")
async def read_column(lesson_id: UUID, tx: InTransaction, desk: Annotated[Desk, may("read", "mark")]) -> Response:
    """The column of a lesson by pupil."""
    lesson = await visible_lesson(tx, desk, lesson_id)
    return Response('{"marks":' + await store.column(tx, lesson.lesson_id) + "}", media_type="application/json")


@router.put("/lessons/{lesson_id}/marks")
@router.post("/lessons/{lesson_id}/marks")
async def save_column(
    lesson_id: UUID, body: ColumnIn, tx: InTransaction, desk: Annotated[Desk, may("write", "mark")]
) -> dict[str, Any]:
    """Save cells of a column. What is there already is not written again, so it may be sent twice."""
    entries = [Entry(lesson_id, one.pupil_id, one.version, one.cell()) for one in body.marks]
    return _saved(await actions.save_marks(tx, desk.author, entries, body.reason))


@router.put("/pupils/{pupil_id}/marks")
async def save_row(
    pupil_id: UUID, body: RowIn, tx: InTransaction, desk: Annotated[Desk, may("write", "mark")]
) -> dict[str, Any]:
    """Save cells of a row."""
    entries = [Entry(one.lesson_id, pupil_id, one.version, one.cell()) for one in body.marks]
    return _saved(await actions.save_marks(tx, desk.author, entries, body.reason))


@router.post("/lessons/{lesson_id}/marks/undo")
async def undo(
    lesson_id: UUID, body: ReasonIn, tx: InTransaction, desk: Annotated[Desk, may("write", "mark")]
) -> dict[str, Any]:
    """Take back the own last save under this lesson; a second time brings it back."""
    return _saved(await actions.undo_marks(tx, desk.author, lesson_id, body.reason))


def _saved(changes: list[Change]) -> dict[str, Any]:
    return {"changed": [{"lesson_id": it.key[0], "pupil_id": it.key[1], **it.new.shown()} for it in changes]}


@router.get("/lessons/{lesson_id}/marks/{pupil_id}/history")
async def read_history(
    *, lesson_id: UUID, pupil_id: UUID, page: InPage, request: Request, tx: InTransaction,
    desk: Annotated[Desk, may("read", "mark")],
) -> dict[str, Any]:  # fmt: skip
    """Who changed a cell, when, from what to what, and why; newest first."""
    lesson = await visible_lesson(tx, desk, lesson_id)
    before = after(page, BY_VERSION)
    found = await store.history(tx, lesson.year, (lesson_id, pupil_id), before[0] if before else None, page.limit)
    return page.answer([one | {"author": named(request, one["author"])} for one in found], "version")


def named(request: Request, author: dict[str, Any]) -> dict[str, Any]:
    """An author with what to call him."""
    texts, lang = request.app.state.runtime.texts, language(request)
    return author | {"name": called(texts, lang, author["name"], author["former_no"])}
