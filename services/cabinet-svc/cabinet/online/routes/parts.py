"""Materials and assignments of an online lesson over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from chassis.http import InTransaction, Once
from chassis.paging import IfMatch, etag
from ekis_contracts.fields import Body, Line, Paragraphs
from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime

from cabinet.diary.routes.desk import Desk, may
from cabinet.files.routes import sent
from cabinet.online.actions import lessons
from cabinet.online.actions import parts as actions
from cabinet.online.routes.shapes import AssignmentOut, HttpsLink, MaterialOut
from cabinet.online.store import parts as store
from cabinet.people.routes import require_current

router = APIRouter(prefix="/online-lessons/{lesson_id}")

Reading = Annotated[Desk, may("read", "online-lesson")]
Writing = Annotated[Desk, may("write", "online-lesson")]


class MaterialIn(Body):
    """A link, or a file that was uploaded before; called as the file or the link without a title."""

    title: Line | None = None
    url: HttpsLink | None = None
    file_id: UUID | None = None


class AssignmentIn(Body):
    """What is to be handed in by when."""

    title: Line
    text: Paragraphs | None = None
    due: AwareDatetime


def _values(body: AssignmentIn) -> dict[str, Any]:
    return {"title": body.title, "body": body.text, "due": body.due}


@router.post("/materials", status_code=201)
async def add_material(
    lesson_id: UUID, body: MaterialIn, once: Once, tx: InTransaction, desk: Writing
) -> list[MaterialOut]:
    """Add a link or a file; answers all of them."""
    lesson = await lessons.own_lesson(tx, desk.author, lesson_id)

    async def added() -> str:
        return str(await actions.add_material(tx, desk.account_id, lesson, body.model_dump()))

    await once.once(tx, added)
    return [MaterialOut.model_validate(one) for one in await store.materials(tx, lesson_id)]


@router.delete("/materials/{material_id}", status_code=204)
async def remove_material(lesson_id: UUID, material_id: UUID, tx: InTransaction, desk: Writing) -> None:
    """Take it away."""
    lesson = await lessons.own_lesson(tx, desk.author, lesson_id)
    await actions.remove_material(tx, await actions.known_material(tx, lesson.lesson_id, material_id))


@router.get("/materials/{material_id}/file", response_class=StreamingResponse)
async def send_material(
    lesson_id: UUID, material_id: UUID, request: Request, tx: InTransaction, desk: Reading
) -> StreamingResponse:
    """The file, to be saved."""
    lesson, _ = await lessons.visible_lesson(tx, desk.author, lesson_id, reads_all=desk.only is None)
    return await sent(request, await actions.material_file(tx, lesson.lesson_id, material_id))


@router.post("/assignments", status_code=201)
async def set_assignment(
    *, lesson_id: UUID, body: AssignmentIn, once: Once, response: Response, tx: InTransaction, desk: Writing
) -> AssignmentOut:
    """Set something to be done."""
    lesson = await lessons.own_lesson(tx, desk.author, lesson_id)

    async def added() -> str:
        return str(await actions.set_assignment(tx, lesson, _values(body)))

    assignment = await actions.known_assignment(tx, lesson_id, UUID(await once.once(tx, added)))
    response.headers["ETag"] = etag(assignment.version)
    return AssignmentOut.of(assignment)


@router.put("/assignments/{assignment_id}")
async def change_assignment(
    *, lesson_id: UUID, assignment_id: UUID, body: AssignmentIn, match: IfMatch = None, response: Response,
    tx: InTransaction, desk: Writing,
) -> AssignmentOut:  # fmt: skip
    """The whole assignment anew."""
    lesson = await lessons.own_lesson(tx, desk.author, lesson_id)
    known = await actions.known_assignment(tx, lesson_id, assignment_id)
    require_current(match, known.version, AssignmentOut.of(known).model_dump(mode="json"), body.model_dump(mode="json"))
    changed = await actions.change_assignment(tx, lesson, known, _values(body))
    response.headers["ETag"] = etag(changed.version)
    return AssignmentOut.of(changed)


@router.delete("/assignments/{assignment_id}", status_code=204)
async def remove_assignment(lesson_id: UUID, assignment_id: UUID, tx: InTransaction, desk: Writing) -> None:
    """One for which nothing was handed in."""
    lesson = await lessons.own_lesson(tx, desk.author, lesson_id)
    known = await actions.known_assignment(tx, lesson.lesson_id, assignment_id)
    await store.delete_assignment(tx, known.assignment_id)
