"""Closing a school: what it would do, asking for it, a second person's agreement, taking it back."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from chassis.auth import Caller
from chassis.http import InTransaction
from chassis.paging import IfMatch, InPage, after_id
from ekis_contracts.fields import Body
from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, Field

from registry.actions import closing as actions
from registry.actions.schools import lock_school
from registry.domain.deeds import Closing, Deed, DeedState, Preview, Reason
from registry.domain.names import full_name
from registry.domain.schools import School
from registry.domain.staff import Staff
from registry.rights import RIGHTS
from registry.routes.schools import SchoolCard
from registry.routes.shapes import Listing, require_current
from registry.store import deeds as store

router = APIRouter(tags=["closing"])


class ClosingIn(Body):
    """Why and from which date; a reorganised school names who goes on, and its staff moves to the first of them."""

    reason: Reason
    on: Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 1, 1))]
    successors: Annotated[tuple[UUID, ...], Field(max_length=20)] = ()

    def closing(self) -> Closing:
        """As the domain takes it."""
        return Closing(self.reason, self.on, tuple(dict.fromkeys(self.successors)))


class HeadOut(BaseModel):
    """An acting head."""

    staff_id: UUID
    name: str
    post: str

    @classmethod
    def all(cls, heads: Sequence[Staff]) -> list[Self]:
        """Each of them."""
        return [cls(staff_id=one.staff_id, name=full_name(one.entry.name), post=one.entry.post) for one in heads]


class PreviewOut(BaseModel):
    """What would happen: `at_once` or on its date; `second_person` says that another registrar has to agree."""

    at_once: bool
    staff_that_end: int
    staff_that_move: int
    with_account: int
    heads: list[HeadOut]
    heads_of_successor: list[HeadOut]
    open_referrals: int
    open_applications: int
    second_person: bool
    warnings: list[str]

    @classmethod
    def of(cls, preview: Preview) -> Self:
        """In words of the desk."""
        touched, here, there = preview.touched, preview.heads_here, preview.heads_there
        staff = {"staff_that_end": preview.ends, "staff_that_move": preview.moves, "with_account": touched.accounts}
        waiting = {"open_referrals": touched.referrals, "open_applications": touched.applications}
        heads = {"heads": HeadOut.all(here), "heads_of_successor": HeadOut.all(there)}
        own = {name: getattr(preview, name) for name in ("at_once", "second_person", "warnings")}
        return cls.model_validate(staff | waiting | heads | own)


class DeedOut(BaseModel):
    """A closing that waits for a second person; `records` is how many staff records it ends."""

    deed_id: UUID
    school_id: UUID
    state: DeedState
    reason: Reason
    on: date
    successors: list[UUID]
    records: int
    asked_by: UUID
    asked_at: datetime
    expires_at: datetime

    @classmethod
    def of(cls, deed: Deed) -> Self:
        """As it stands."""
        values = vars(deed) | vars(deed.closing)
        return cls(**{name: values[name] for name in cls.model_fields})


async def _closable(school_id: UUID, who: Caller, tx: InTransaction) -> School:
    RIGHTS.require(who, "close", "school")
    return await lock_school(tx, school_id)


Closable = Annotated[School, Depends(_closable)]


@router.get("/schools/{school_id}/close")
async def preview(school_id: UUID, asked: Annotated[ClosingIn, Query()], who: Caller, tx: InTransaction) -> PreviewOut:
    """What closing this school would do; refused for what closing would be refused for."""
    RIGHTS.require(who, "close", "school")
    return PreviewOut.of(await actions.preview_closing(tx, school_id, asked.closing()))


@router.post("/schools/{school_id}/close", responses={202: {"model": DeedOut}})
async def close(
    *, school: Closable, body: ClosingIn, match: IfMatch = None, who: Caller, response: Response, tx: InTransaction
) -> SchoolCard | DeedOut:
    """Close a school now or announce it; where much ends at once another registrar has to agree: 202."""
    require_current(match or "*", school)
    done = await actions.ask_to_close(tx, school, body.closing(), who.account_id)
    if isinstance(done, School):
        return SchoolCard.of(done, response)
    response.status_code = 202
    return DeedOut.of(done)


@router.post("/schools/{school_id}/close/approve")
async def approve(school: Closable, who: Caller, response: Response, tx: InTransaction) -> SchoolCard:
    """The second person agrees; not the one who asked."""
    return SchoolCard.of(await actions.approve_closing(tx, school, who.account_id), response)


@router.delete("/schools/{school_id}/close")
async def take_back(school: Closable, who: Caller, response: Response, tx: InTransaction) -> SchoolCard:
    """Take back what was announced, or what waits for a second person."""
    return SchoolCard.of(await actions.take_back_closing(tx, school, str(who.account_id)), response)


@router.get("/deeds", response_model=Listing[DeedOut])
async def list_deeds(who: Caller, page: InPage, tx: InTransaction) -> dict[str, Any]:
    """What waits for a second person, the oldest first."""
    RIGHTS.require(who, "close", "school")
    deeds = await store.waiting_deeds(tx, after_id(page), page.limit)
    return page.answer([DeedOut.of(deed).model_dump() for deed in deeds], "deed_id")
