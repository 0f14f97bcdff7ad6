"""Applications for entry, as anybody files and follows them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from chassis.errors import NotFound
from chassis.http import InTransaction, Once
from ekis_contracts.fault import Fault
from ekis_contracts.fields import Body, Email, Line, LongLine, Paragraphs, PersonName, Phone, Site
from ekis_contracts.values import Lang
from fastapi import APIRouter, Depends, Header, Request
from pydantic import AfterValidator, BaseModel, Field

from registry.actions import applications as actions
from registry.domain.applications import (
    ApplicantForm,
    Application,
    Ground,
    State,
    as_number,
    is_code,
    tracking_code,
)
from registry.domain.schools import SchoolForm
from registry.routes.shapes import Inn, Kpp, Ogrn
from registry.store import applications as store

router = APIRouter(prefix="/applications", tags=["applications"])


def _agreed(consent: bool) -> bool:
    if not consent:
        raise Fault("consent-required")
    return consent


Consent = Annotated[bool, Field(strict=True, validate_default=True), AfterValidator(_agreed)]
Number = Annotated[Line, AfterValidator(as_number)]


class SchoolIn(Body):
    """A school to be registered."""

    full_name: LongLine
    short_name: Line
    kind: Line
    inn: Inn
    kpp: Kpp
    ogrn: Ogrn
    address: LongLine
    district: Line | None = None
    phone: Phone
    email: Email
    site: Site | None = None

    def form(self) -> SchoolForm:
        """As the domain takes it."""
        return SchoolForm(**self.model_dump())


class ApplicantIn(Body):
    """Who applies. `order_no` names the order that authorises who is not the head."""

    last_name: PersonName
    first_name: PersonName
    patronymic: PersonName | None = None
    post: Line
    email: Email
    phone: Phone | None = None
    ground: Ground
    order_no: Line | None = None


class ApplicationIn(Body):
    """An application with the applicant's consent."""

    school: SchoolIn
    applicant: ApplicantIn
    consent: Consent = False
    lang: Lang = "ru"


class Submitted(BaseModel):
    """How to follow the application. The code is shown once and mailed."""

    number: str
    tracking_code: str


class StepOut(BaseModel):
    """An entry of the timeline; `reason` is a code, `note` a person's text."""

    at: datetime
    state: str
    reason: str | None
    note: str | None


class Followed(BaseModel):
    """What the applicant sees."""

    number: str
    state: State
    timeline: list[StepOut]


class StateOut(BaseModel):
    """Where the application stands; `school_id` once it is approved."""

    number: str
    state: State
    school_id: UUID | None


class ReplyIn(Body):
    """An answer to the registrar's question, perhaps with the school's data corrected."""

    text: Paragraphs
    school: SchoolIn | None = None


def _key(request: Request) -> bytes:
    key: bytes = request.app.state.runtime.settings.hmac_key
    return key


Key = Annotated[bytes, Depends(_key)]


async def _tracked(
    number: Number, key: Key, tx: InTransaction, code: Annotated[str | None, Header(alias="Tracking-Code")] = None
) -> Application:
    application = await store.application_numbered(tx, number)
    if application is None or not is_code(code, key, application.application_id):
        raise NotFound
    return application


Tracked = Annotated[Application, Depends(_tracked)]


@router.post("", status_code=202)
async def submit_application(body: ApplicationIn, key: Key, once: Once, tx: InTransaction) -> Submitted:
    """Ask to enter a school into the registry."""
    applicant = ApplicantForm(**body.applicant.model_dump(), lang=body.lang)

    async def submit() -> str:
        application = await actions.submit_application(tx, body.school.form(), applicant, key)
        return f"{application.number} {application.application_id}"

    number, _, application_id = (await once.once(tx, submit)).partition(" ")
    return Submitted(number=number, tracking_code=tracking_code(key, UUID(application_id)))


@router.get("/{number}")
async def read_application(tracked: Tracked, tx: InTransaction) -> Followed:
    """The applicant's own view, by the tracking code."""
    steps = await store.timeline(tx, tracked.application_id)
    timeline = [StepOut(**vars(step)) for step in steps]
    return Followed(number=tracked.number, state=tracked.state, timeline=timeline)


@router.post("/{number}/reply", status_code=202)
async def reply(body: ReplyIn, tracked: Tracked, tx: InTransaction) -> StateOut:
    """Answer the registrar's question."""
    school = body.school.form() if body.school else None
    application = await actions.reply_to_question(tx, tracked.number, body.text, school)
    return StateOut.model_validate(application, from_attributes=True)


@router.post("/{number}/withdraw", status_code=202)
async def withdraw(tracked: Tracked, tx: InTransaction) -> StateOut:
    """Take the application back."""
    application = await actions.withdraw_application(tx, tracked.number)
    return StateOut.model_validate(application, from_attributes=True)
