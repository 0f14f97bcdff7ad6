"""Schools, as anybody may see them; their cards and history, for registrars and heads."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from chassis.auth import Caller
from chassis.errors import Invalid
from chassis.http import InTransaction
from chassis.paging import BY_SERIAL, IfMatch, InPage, after, etag
from ekis_contracts.fields import Body, Email, Line, LongLine, Phone, Site
from ekis_contracts.values import SchoolFacts
from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field

from registry.actions import schools as actions
from registry.domain.schools import Building, School
from registry.rights import RIGHTS
from registry.routes.shapes import (
    Inn,
    Kpp,
    Listing,
    Ogrn,
    require_current,
)
from registry.store import schools as store

router = APIRouter(prefix="/schools", tags=["schools"])


class BuildingIn(Body):
    """One of the places where a school works."""

    address: LongLine
    short_name: Line | None = None


class SchoolPatch(Body):
    """What is to be changed; what is left out stays. `phone` and `email` stand for a list of one."""

    full_name: LongLine = ""
    short_name: Line = ""
    kind: Line = ""
    inn: Inn = ""
    kpp: Kpp = ""
    ogrn: Ogrn | None = None
    address: LongLine = ""
    district: Line | None = None
    okrug: Line | None = None
    phone: Phone = ""
    phones: Annotated[tuple[Phone, ...], Field(max_length=20)] = ()
    email: Email = ""
    emails: Annotated[tuple[Email, ...], Field(max_length=20)] = ()
    site: Site | None = None
    head_name: Line | None = None
    head_post: Line | None = None
    buildings: Annotated[tuple[BuildingIn, ...], Field(max_length=200)] = ()

    def given(self) -> dict[str, Any]:
        """As the domain takes it. Raises Invalid for one and several of the same."""
        given = self.model_dump(exclude_unset=True)
        for one, several in (("phone", "phones"), ("email", "emails")):
            if one in given and several in given:
                raise Invalid("one-or-several", f"/{one}")
            if one in given or several in given:
                given[several] = [given.pop(one)] if one in given else list(given[several])
        if "buildings" in given:
            given["buildings"] = tuple(Building(**building) for building in given["buildings"])
        return given


class SchoolCard(SchoolFacts):
    """A school with what the registry knows beyond the public block."""

    head_name: str | None
    head_post: str | None
    buildings: list[Building]
    external_id: str | None

    @classmethod
    def of(cls, school: School, response: Response) -> Self:
        """With its ETag."""
        response.headers["ETag"] = etag(school.version)
        return cls(**school.facts.model_dump(), **vars(school.details))


class EntryOut(BaseModel):
    """A line of the history; `by` is an account, or `feed` or `schedule`."""

    at: datetime
    by: str
    field: str
    old: Any
    new: Any
    reason: str | None


class Why(Body):
    """The ground of a deed; it stays in the registry's history."""

    reason: Line


@router.get("/{school_id}")
async def read_school(school_id: UUID, response: Response, tx: InTransaction) -> SchoolFacts:
    """One school."""
    school = await actions.known_school(tx, school_id)
    response.headers["ETag"] = etag(school.version)
    return school.facts


@router.get("/{school_id}/card")
async def read_card(school_id: UUID, who: Caller, response: Response, tx: InTransaction) -> SchoolCard:
    """One school with everything that is kept of it."""
    RIGHTS.require(who, "read", "school", school_id=school_id)
    return SchoolCard.of(await actions.known_school(tx, school_id), response)


@router.get("/{school_id}/history", response_model=Listing[EntryOut])
async def read_history(school_id: UUID, who: Caller, page: InPage, tx: InTransaction) -> dict[str, Any]:
    """Who changed what, the newest first."""
    RIGHTS.require(who, "read", "school", school_id=school_id)
    await actions.known_school(tx, school_id)
    before = after(page, BY_SERIAL)
    entries = await store.history_page(tx, school_id, before[0] if before else None, page.limit)
    return page.answer([vars(entry) for entry in entries], "change_id")


@router.patch("/{school_id}")
async def change(
    *, school_id: UUID, body: SchoolPatch, match: IfMatch = None, who: Caller, response: Response, tx: InTransaction
) -> SchoolCard:
    """Correct a school. Other requisites let go on what waits for them."""
    RIGHTS.require(who, "write", "school")
    school = await actions.lock_school(tx, school_id, body.inn, body.ogrn)
    require_current(match, school)
    school = await actions.correct_school(tx, school, body.given(), str(who.account_id))
    return SchoolCard.of(school, response)


async def _locked(school_id: UUID, who: Caller, tx: InTransaction) -> School:
    RIGHTS.require(who, "write", "school")
    return await actions.lock_school(tx, school_id)


Locked = Annotated[School, Depends(_locked)]


@router.post("/{school_id}/suspend")
async def suspend(
    *, school: Locked, body: Why, match: IfMatch = None, who: Caller, response: Response, tx: InTransaction
) -> SchoolCard:
    """Take no account requests until it is resumed; what waits for a decision goes on waiting."""
    require_current(match or "*", school)
    return SchoolCard.of(await actions.set_status(tx, school, "suspended", body.reason, str(who.account_id)), response)


@router.post("/{school_id}/resume")
async def resume(
    *, school: Locked, body: Why, match: IfMatch = None, who: Caller, response: Response, tx: InTransaction
) -> SchoolCard:
    """Let a suspended school go on."""
    require_current(match or "*", school)
    return SchoolCard.of(await actions.set_status(tx, school, "active", body.reason, str(who.account_id)), response)
