"""Who was at an online lesson, over HTTP."""

from typing import Annotated, Any, Self
from uuid import UUID

from chassis.http import InTransaction
from chassis.paging import IfMatch, etag
from ekis_contracts.fields import Body
from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from cabinet.diary.routes.desk import Desk, may
from cabinet.online.actions import lessons
from cabinet.online.actions import parts as actions
from cabinet.online.store import parts as store
from cabinet.people.routes import require_current

router = APIRouter(prefix="/online-lessons/{lesson_id}/attendance")

MOST = 300  # pupils of one lesson


class SeenIn(Body):
    """Whether a pupil was there."""

    pupil_id: UUID
    is_present: bool


class AttendanceIn(Body):
    """Of these pupils; others stay as they are. Of one who is named twice the last word counts."""

    pupils: Annotated[list[SeenIn], Field(min_length=1, max_length=MOST)]


class PupilSeen(BaseModel):
    """A pupil of the list. `is_present` is empty until somebody says."""

    pupil_id: UUID
    last_name: str
    first_name: str
    class_name: str
    is_present: bool | None


class AttendanceOut(BaseModel):
    """Who was in the classes on the day of the lesson, by class and name."""

    pupils: list[PupilSeen]

    @classmethod
    def of(cls, rows: list[dict[str, Any]]) -> Self:
        """As the store says it."""
        return cls.model_validate({"pupils": rows})


@router.get("")
async def read_attendance(
    lesson_id: UUID, response: Response, tx: InTransaction, desk: Annotated[Desk, may("read", "attendance")]
) -> AttendanceOut:
    """The list; who leads a class sees that class alone."""
    lesson, only = await lessons.visible_lesson(tx, desk.author, lesson_id, reads_all=desk.only is None)
    response.headers["ETag"] = etag(lesson.attendance_version)
    return AttendanceOut.of(await store.attendance(tx, lesson_id, only, lesson.day))


@router.put("")
async def save_attendance(
    *, lesson_id: UUID, body: AttendanceIn, match: IfMatch = None, response: Response, tx: InTransaction,
    desk: Annotated[Desk, may("write", "attendance")],
) -> AttendanceOut:  # fmt: skip
    """Note who is there, from 15 minutes before the lesson on."""
    lesson = await lessons.own_lesson(tx, desk.author, lesson_id)
    there = AttendanceOut.of(await store.attendance(tx, lesson_id, None, lesson.day)).model_dump(mode="json")
    require_current(match, lesson.attendance_version, there, body.model_dump(mode="json"))
    lesson = await actions.save_attendance(tx, lesson, {one.pupil_id: one.is_present for one in body.pupils})
    response.headers["ETag"] = etag(lesson.attendance_version)
    return AttendanceOut.of(await store.attendance(tx, lesson_id, None, lesson.day))
