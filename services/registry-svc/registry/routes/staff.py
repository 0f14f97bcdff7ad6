"""The staff roll of a school, for its head and the registrar."""

from datetime import date
from typing import Annotated, Any, Self
from uuid import UUID

from chassis.auth import Caller, Principal
from chassis.http import InTransaction, Once
from chassis.paging import IfMatch, InPage, after_id, etag, require_match
from ekis_contracts.fields import Body, Email, Line, PersonName
from ekis_contracts.values import Category, Employment
from ekis_contracts.values import PersonName as Name
from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, Field

from registry.actions import schools as schools_actions
from registry.actions import staff as actions
from registry.domain.staff import By, Staff, StaffEntry, Workplace
from registry.rights import RIGHTS
from registry.routes.shapes import Listing
from registry.store import staff as store

router = APIRouter(prefix="/schools/{school_id}/staff", tags=["staff"])


class StaffIn(Body):
    """A person's place on the roll."""

    last_name: PersonName
    first_name: PersonName
    patronymic: PersonName | None = None
    post: Line
    category: Category
    division: Line | None = None
    email: Email | None = None
    employment: Employment = "main"
    since: Annotated[date, Field(ge=date(1940, 1, 1), le=date(2100, 1, 1))] | None = None

    def entry(self) -> StaffEntry:
        """As the domain takes it."""
        name = Name(last_name=self.last_name, first_name=self.first_name, patronymic=self.patronymic)
        return StaffEntry(name, **self.model_dump(exclude=set(Name.model_fields)))


class StaffPatch(StaffIn):
    """What is to be changed; what is left out stays."""

    last_name: PersonName = ""
    first_name: PersonName = ""
    post: Line = ""
    category: Category = "employee"


class StaffOut(BaseModel):
    """A staff record, with what the person wrote about the own workplace."""

    staff_id: UUID
    school_id: UUID
    version: int
    last_name: str
    first_name: str
    patronymic: str | None
    post: str
    category: Category
    division: str | None
    email: str | None
    employment: Employment
    since: date | None
    work_phone: str | None = None
    room: str | None = None
    proposed_post: str | None = None

    @classmethod
    def of(cls, staff: Staff, workplace: Workplace | None = None) -> Self:
        """A proposed post is shown while it differs from the fact."""
        written = vars(workplace or Workplace())
        if written["proposed_post"] == staff.entry.post:
            written = written | {"proposed_post": None}
        values = vars(staff) | vars(staff.entry) | staff.entry.name.model_dump() | written
        return cls.model_validate({name: values[name] for name in cls.model_fields})


def deciding_as(who: Principal) -> By:
    """Whether the caller acts for the department or as head of a school."""
    return "department" if "registrar" in who.roles else "head"


@router.get("", response_model=Listing[StaffOut])
async def list_staff(school_id: UUID, who: Caller, page: InPage, tx: InTransaction) -> dict[str, Any]:
    """Who works there now."""
    RIGHTS.require(who, "read", "staff", school_id=school_id)
    await schools_actions.known_school(tx, school_id)
    places = await store.roll_page(tx, school_id, after_id(page), page.limit)
    return page.answer([StaffOut.of(one.staff, one.workplace).model_dump() for one in places], "staff_id")


@router.post("", status_code=201)
async def enrol(
    *, school_id: UUID, body: StaffIn, who: Caller, once: Once, response: Response, tx: InTransaction
) -> StaffOut:
    """Put a person on the roll."""
    RIGHTS.require(who, "write", "staff", school_id=school_id)

    async def enrolled() -> str:
        return str((await actions.enrol_by_hand(tx, school_id, body.entry(), deciding_as(who))).staff_id)

    staff = await actions.known_staff(tx, UUID(await once.once(tx, enrolled)))
    response.headers["ETag"] = etag(staff.version)
    return StaffOut.of(staff)


async def _writable(school_id: UUID, staff_id: UUID, who: Caller, tx: InTransaction) -> Staff:
    RIGHTS.require(who, "write", "staff", school_id=school_id)
    return await actions.locked_staff(tx, school_id, staff_id)


Writable = Annotated[Staff, Depends(_writable)]


@router.patch("/{staff_id}")
async def change(
    *, staff: Writable, body: StaffPatch, match: IfMatch = None, who: Caller, response: Response, tx: InTransaction
) -> StaffOut:
    """Correct a record."""
    if match:
        require_match(match, staff.version, **StaffOut.of(staff).model_dump(mode="json", exclude={"version"}))
    staff = await actions.change_staff(tx, staff, body.model_dump(exclude_unset=True), deciding_as(who))
    response.headers["ETag"] = etag(staff.version)
    return StaffOut.of(staff)


@router.delete("/{staff_id}", status_code=204)
async def end(staff: Writable, reason: Annotated[Line, Query()], who: Caller, tx: InTransaction) -> None:
    """The person has left; who comes back is enrolled anew."""
    await actions.end_staff(tx, staff, reason, deciding_as(who))
