"""Pupils of a class over HTTP."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from chassis.http import InTransaction, Once
from chassis.paging import IfMatch, InPage, after, etag
from ekis_contracts.fields import Body, PersonName
from fastapi import APIRouter, Response
from pydantic import BaseModel, TypeAdapter

from cabinet.diary.actions import pupils as actions
from cabinet.diary.domain.pupils import Membership, Pupil, PupilName
from cabinet.diary.routes.desk import Day, Desk, may
from cabinet.diary.store import pupils as store
from cabinet.people.routes import require_current

router = APIRouter()

BY_STAY = TypeAdapter(tuple[UUID, date])  # no name: cursors are in addresses, and those in logs


class PupilIn(Body):
    """A child of the class. `since` is the first day in it; today if left out."""

    last_name: PersonName
    first_name: PersonName
    patronymic: PersonName | None = None
    birthday: Day | None = None
    since: Day | None = None

    def name(self) -> PupilName:
        """As the domain takes it."""
        return PupilName(self.last_name, self.first_name, self.patronymic)


class PupilPatch(Body):
    """What is to be changed; what is left out stays."""

    last_name: PersonName = ""
    first_name: PersonName = ""
    patronymic: PersonName | None = None
    birthday: Day | None = None


class MoveIn(Body):
    """Into another class from that day on."""

    class_id: UUID
    since: Day


class LeavingIn(Body):
    """The last day at the school."""

    until: Day


class PupilOut(BaseModel):
    """A pupil, and the stay in the class that was asked for."""

    pupil_id: UUID
    version: int
    last_name: str
    first_name: str
    patronymic: str | None
    birthday: date | None
    class_id: UUID | None = None
    since: date | None = None
    until: date | None = None


def shown(pupil: Pupil, stay: Membership | None = None) -> dict[str, Any]:
    """For an answer."""
    values = vars(pupil) | vars(pupil.name) | (vars(stay) if stay else {})
    return PupilOut.model_validate({key: values[key] for key in PupilOut.model_fields if key in values}).model_dump(
        mode="json"
    )


@router.get("/classes/{class_id}/pupils")
async def list_pupils(
    class_id: UUID, page: InPage, tx: InTransaction, desk: Annotated[Desk, may("read", "pupil")]
) -> dict[str, Any]:
    """Who is in the class and who was, by name."""
    await actions.require_class(tx, class_id, desk.school_id, desk.only, desk.day)
    found = await store.page(tx, class_id, after(page, BY_STAY), page.limit)
    return page.answer([shown(*one) for one in found], "pupil_id", "since")


@router.post("/classes/{class_id}/pupils", status_code=201)
async def add_pupil(
    *, class_id: UUID, body: PupilIn, once: Once, response: Response, tx: InTransaction,
    desk: Annotated[Desk, may("write", "pupil")],
) -> dict[str, Any]:  # fmt: skip
    """A new pupil of the class."""
    await actions.led_class(tx, class_id, desk.school_id, desk.only)

    async def added() -> str:
        stay = Membership(class_id, body.since or desk.day, None)
        return str(await actions.add_pupil(tx, desk.school_id, stay, body.name(), body.birthday))

    return _answer(response, await actions.locked_pupil(tx, desk.school_id, UUID(await once.once(tx, added))))


@router.patch("/pupils/{pupil_id}")
async def change_pupil(
    *, pupil_id: UUID, body: PupilPatch, match: IfMatch = None, response: Response, tx: InTransaction,
    desk: Annotated[Desk, may("write", "pupil")],
) -> dict[str, Any]:  # fmt: skip
    """Correct a name or a birthday."""
    pupil = await actions.led_pupil(tx, desk.school_id, pupil_id, desk.only)
    require_current(match, pupil.version, shown(pupil), body.model_dump(mode="json", exclude_unset=True))
    await actions.change_pupil(tx, pupil, body.model_dump(exclude_unset=True))
    return _answer(response, await actions.locked_pupil(tx, desk.school_id, pupil_id))


@router.post("/pupils/{pupil_id}/move")
async def move_pupil(
    *, pupil_id: UUID, body: MoveIn, tx: InTransaction, desk: Annotated[Desk, may("write", "class")]
) -> dict[str, Any]:
    """Into another class of the school; marks and lists of the former class stay as they are."""
    pupil = await actions.locked_pupil(tx, desk.school_id, pupil_id)
    await actions.move_pupil(tx, desk.school_id, pupil, body.class_id, body.since)
    return shown(pupil, (await store.memberships(tx, pupil_id))[-1])


@router.post("/pupils/{pupil_id}/leave")
async def release_pupil(
    *, pupil_id: UUID, body: LeavingIn, tx: InTransaction, desk: Annotated[Desk, may("write", "class")]
) -> dict[str, Any]:
    """The pupil leaves the school."""
    pupil = await actions.locked_pupil(tx, desk.school_id, pupil_id)
    await actions.release_pupil(tx, pupil, body.until)
    return shown(pupil, (await store.memberships(tx, pupil_id))[-1])


def _answer(response: Response, pupil: Pupil) -> dict[str, Any]:
    response.headers["ETag"] = etag(pupil.version)
    return shown(pupil)
