"""Final marks of a class in a subject, and the school's rule of rounding, over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from chassis.http import InTransaction
from chassis.paging import IfMatch, etag
from ekis_contracts.fields import Body, Line
from fastapi import APIRouter, Request, Response
from pydantic import Field

from cabinet.diary.actions import finals as actions
from cabinet.diary.actions.lessons import place_of
from cabinet.diary.actions.setup import locked_rules
from cabinet.diary.domain.finals import Given, Rounding, Standing, allowed, proposed
from cabinet.diary.routes.desk import Desk, may
from cabinet.diary.routes.marks import named
from cabinet.diary.store import finals as store
from cabinet.diary.store import setup as rules
from cabinet.people.routes import require_current

router = APIRouter()

MOST = 100  # finals of one save


class FinalIn(Body):
    """A final over the version that was seen; with neither mark nor credit the pupil is not assessed."""

    pupil_id: UUID
    version: Annotated[int, Field(ge=0, lt=2**31)]
    mark: Annotated[int, Field(ge=2, le=5)] | None = None
    credit: bool | None = None

    def given(self) -> Given:
        """As the domain takes it."""
        return Given(self.pupil_id, self.version, self.mark, self.credit)


class FinalsIn(Body):
    """Finals of a term, of the year without one: all are saved or none. Off the rule they need a reason."""

    class_id: UUID
    subject_id: UUID
    term_id: UUID | None = None
    finals: Annotated[list[FinalIn], Field(min_length=1, max_length=MOST)]
    reason: Line | None = None


class RulesIn(Body):
    """From which hundredths a final is rounded up; `teacher` decides between 0.40 and 0.59."""

    rounding: Rounding


@router.get("/finals")
async def read_finals(
    *, class_id: UUID, subject_id: UUID, term_id: UUID | None = None, tx: InTransaction,
    desk: Annotated[Desk, may("read", "final")],
) -> dict[str, Any]:  # fmt: skip
    """Everybody's average, the marks that follow from it, and the final; of the year without a term."""
    place = await place_of(tx, desk.author, class_id, subject_id, desk.day)
    if desk.only:
        place.require_visible()
    of = await actions.finals_of(tx, desk.author, place, (class_id, subject_id, term_id))
    return _shown(await store.standings(tx, of), await actions.rounding_of(tx, desk.school_id))


@router.put("/finals")
async def save_finals(
    body: FinalsIn, tx: InTransaction, desk: Annotated[Desk, may("write", "final")]
) -> dict[str, Any]:
    """Give finals of the own class and subject."""
    place = await place_of(tx, desk.author, body.class_id, body.subject_id, desk.day)
    of = await actions.finals_of(tx, desk.author, place, (body.class_id, body.subject_id, body.term_id))
    given = [one.given() for one in body.finals]
    saved = await actions.give_finals(tx, desk.author, place, of, given, reason=body.reason)
    return _shown(saved, await actions.rounding_of(tx, desk.school_id))


@router.get("/finals/{pupil_id}/history")
async def read_history(
    *, pupil_id: UUID, class_id: UUID, subject_id: UUID, term_id: UUID | None = None, request: Request,
    tx: InTransaction, desk: Annotated[Desk, may("read", "final")],
) -> dict[str, Any]:  # fmt: skip
    """Who gave what instead of what, when and why; newest first."""
    place = await place_of(tx, desk.author, class_id, subject_id, desk.day)
    if desk.only:
        place.require_visible()
    of = await actions.finals_of(tx, desk.author, place, (class_id, subject_id, term_id))
    found = await store.history(tx, of, pupil_id)
    return {"items": [one | {"author": named(request, one["author"])} for one in found], "next": None}


def _shown(standings: list[tuple[Standing, dict[str, str]]], rule: Rounding) -> dict[str, Any]:
    return {"rounding": rule, "items": [_one(one, rule) | names for one, names in standings], "next": None}


def _one(one: Standing, rule: Rounding) -> dict[str, Any]:
    value = one.average
    return {
        "pupil_id": one.pupil_id,
        "average": float(value) if value is not None else None,
        "allowed": allowed(value, rule),
        "proposed": proposed(value, rule),
        **vars(one.final),
    }


@router.get("/rules")
async def read_rules(
    response: Response, tx: InTransaction, desk: Annotated[Desk, may("read", "rules")]
) -> dict[str, Any]:
    """How the school rounds."""
    rounding, version = await rules.rules(tx, desk.school_id)
    response.headers["ETag"] = etag(version)
    return {"rounding": rounding, "version": version}


@router.put("/rules")
async def save_rules(
    *, body: RulesIn, match: IfMatch = None, response: Response, tx: InTransaction,
    desk: Annotated[Desk, may("write", "rules")],
) -> dict[str, Any]:  # fmt: skip
    """Round otherwise from now on; finals that were given stay."""
    rounding, version = await locked_rules(tx, desk.school_id)
    require_current(match, version, {"rounding": rounding}, body.model_dump())
    await rules.save_rules(tx, desk.school_id, body.rounding)
    return await read_rules(response, tx, desk)
