"""The journal of a class, a pupil's week, the own day: JSON comes ready from the database."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from chassis.auth import Caller, Principal
from chassis.errors import NotFound
from chassis.http import Runtime
from fastapi import APIRouter, Query, Request, Response
from pydantic import AfterValidator

from cabinet.diary.domain.calendar import monday, today
from cabinet.diary.routes.desk import school_of
from cabinet.diary.store import reading as store
from cabinet.people import store as people
from cabinet.rights import RIGHTS

router = APIRouter()

Week = Annotated[str, Query(description="2026-W48", max_length=20), AfterValidator(monday)]


@router.get("/journal", response_class=Response)
async def read_journal(request: Request, class_id: UUID, subject_id: UUID, term_id: UUID, who: Caller) -> Response:
    """Pupils, lessons with their marks by pupil, averages to a hundredth, finals."""
    runtime: Runtime = request.app.state.runtime
    asked = _viewer(runtime, who), (class_id, subject_id, term_id)
    return await _answer(runtime, who, await store.journal(runtime.database.pool, *asked))


@router.get("/pupils/{pupil_id}/diary", response_class=Response)
async def read_week(request: Request, pupil_id: UUID, week: Week, who: Caller) -> Response:
    """Lessons of an ISO week (2026-W48) with topics, homework and marks, and what is due in it."""
    runtime: Runtime = request.app.state.runtime
    first: Any = week  # validated into its monday
    return await _answer(runtime, who, await store.week(runtime.database.pool, _viewer(runtime, who), pupil_id, first))


@router.get("/today", response_class=Response)
async def read_today(request: Request, who: Caller) -> Response:
    """The own lessons of this day (in Moscow) by the timetable, and by substitution."""
    runtime: Runtime = request.app.state.runtime
    RIGHTS.reach(who, "read", "slot")
    day = today(runtime.database.clock())
    return await _answer(runtime, who, await store.day(runtime.database.pool, who.account_id, school_of(who), day))


def _viewer(runtime: Runtime, who: Principal) -> tuple[UUID, bool, date, UUID]:
    reads_all = RIGHTS.reach(who, "read", "mark") == "own-school"
    return who.account_id, reads_all, today(runtime.database.clock()), school_of(who)


async def _answer(runtime: Runtime, who: Principal, shown: bytes | None) -> Response:
    """Raises Conflict when the cabinet is not open, NotFound when there is nothing that the caller may see."""
    if shown is None:
        (await people.standing(runtime.database.pool, who.account_id)).require(writing=False)
        raise NotFound
    return Response(shown, media_type="application/json")
