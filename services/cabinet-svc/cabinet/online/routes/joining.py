"""The public page of a class: no account, no list of names, nothing of other pupils."""

from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

from chassis.http import InTransaction, Once, Runtime
from ekis_contracts.fields import Body, Paragraphs, PersonName
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime, BaseModel, Field

from cabinet.files.routes import sent
from cabinet.online.actions import joining as actions
from cabinet.online.actions.parts import material_file
from cabinet.online.domain.lessons import State
from cabinet.online.domain.links import Share, code_mark, source_of
from cabinet.online.domain.works import MOST_LINKS, Typed
from cabinet.online.routes.shapes import AssignmentOut, HttpsLink, MaterialOut
from cabinet.online.store import parts

router = APIRouter(prefix="/join/{code}")


class WorkIn(Body):
    """Who one is, in one's own words, and the work: text, links or both."""

    assignment_id: UUID
    last_name: PersonName
    first_name: PersonName
    text: Paragraphs | None = None
    links: Annotated[tuple[HttpsLink, ...], Field(max_length=MOST_LINKS)] = ()

    def typed(self) -> Typed:
        """As the domain takes it."""
        return Typed(self.last_name, self.first_name, self.text, self.links)


class JoinOut(BaseModel):
    """The lesson as the class sees it. `link` is there while the lesson goes on."""

    title: str
    subject: str
    class_name: str
    school: str | None
    starts: AwareDatetime
    ends: AwareDatetime
    state: State
    link: str | None
    materials: list[MaterialOut]
    assignments: list[AssignmentOut]


class HandedIn(BaseModel):
    """It has come; the same for every name."""

    received_at: AwareDatetime


def _visit(*, writes: bool) -> Any:
    async def visited(code: str, request: Request) -> Share:
        """In a transaction of its own: what is refused counts too. Raises NotFound, TooManyVisits."""
        runtime: Runtime = request.app.state.runtime
        source = source_of(request.client.host if request.client else "")
        async with runtime.database.transaction() as tx:
            visit = await actions.visit(tx, code, source, writes=writes)
        return visit.opened()

    return Depends(visited)


Looking = Annotated[Share, _visit(writes=False)]
HandingIn = Annotated[Share, _visit(writes=True)]


@router.get("", response_model=JoinOut)
async def look(share: Looking, response: Response, tx: InTransaction) -> dict[str, Any]:
    """What a class needs for its lesson; the code dies a day after the last deadline."""
    response.headers["Cache-Control"] = "no-store"
    assignments = [AssignmentOut.of(one) for one in await parts.assignments(tx, share.lesson_id)]
    more = {"materials": await parts.materials(tx, share.lesson_id), "assignments": assignments}
    return vars(share) | {"link": share.door} | more


@router.get("/materials/{material_id}/file", response_class=StreamingResponse)
async def send_material(material_id: UUID, share: Looking, request: Request, tx: InTransaction) -> StreamingResponse:
    """A file of the lesson, to be saved."""
    return await sent(request, await material_file(tx, share.lesson_id, material_id))


@router.post("/hand-ins", status_code=201)
async def hand_in(body: WorkIn, code: str, share: HandingIn, once: Once, tx: InTransaction) -> HandedIn:
    """Hand in work, as often as one likes until the deadline. Nobody is told whether the name is known."""
    scope = f"join {code_mark(tx.secret, code).hex()}"  # the path holds the code, and keys are kept

    async def handed() -> str:
        await actions.hand_in(tx, share, body.assignment_id, body.typed())
        return tx.now.isoformat()

    return HandedIn.model_validate({"received_at": await replace(once, scope=scope).once(tx, handed)})
