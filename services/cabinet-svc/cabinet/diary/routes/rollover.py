"""The end of a school year, looked at first, over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from chassis.http import InTransaction
from ekis_contracts.fields import Body
from fastapi import APIRouter, Query
from pydantic import Field

from cabinet.diary.actions import rollover as actions
from cabinet.diary.domain.rollover import Ended, Rollover
from cabinet.diary.routes.desk import Desk, SchoolYear, may

router = APIRouter(prefix="/rollover")

Leaving = Annotated[list[UUID], Field(max_length=100)]


class RolloverIn(Body):
    """The year that ends; `leaving` names the classes of grade 9 that leave (those of grade 11 do anyway)."""

    year: SchoolYear
    leaving: Leaving = Field(default_factory=list)


@router.get("")
async def preview(
    *, year: SchoolYear, leaving: Annotated[Leaving, Query()] = [],  # noqa: B006 - not changed
    tx: InTransaction, desk: Annotated[Desk, may("read", "rollover")],
) -> dict[str, Any]:  # fmt: skip
    """What would become of every class; nothing is changed."""
    return _shown(await actions.plan_rollover(tx, desk.school_id, year, leaving))


@router.post("")
async def roll_over(
    body: RolloverIn, tx: InTransaction, desk: Annotated[Desk, may("write", "rollover")]
) -> dict[str, Any]:
    """Close the terms of the year, and raise its classes; a second time 409."""
    return _shown(await actions.roll_over(tx, desk.school_id, body.year, body.leaving))


def _shown(plan: Rollover) -> dict[str, Any]:
    return {
        "year": plan.year,
        "on": plan.first_day,
        "going_on": [_class(one) | {"becomes": one.next_name} for one in plan.going_on],
        "leaving": [_class(one) for one in plan.leaving],
    }


def _class(one: Ended) -> dict[str, Any]:
    return {"class_id": one.class_id, "name": one.name, "pupils": one.pupils}
