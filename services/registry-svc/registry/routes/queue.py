"""Applications for entry, as a registrar finds and decides them."""

from typing import Annotated, Any, Self
from uuid import UUID

from chassis.auth import Caller
from chassis.http import InTransaction
from chassis.paging import InPage, after
from ekis_contracts.fields import Body, Paragraphs
from ekis_contracts.values import SchoolFacts
from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, StringConstraints

from registry.actions import applications as actions
from registry.actions.review import review_application
from registry.domain.applications import STEPS, ApplicantForm, Application, Decision, Ground, State, Verb
from registry.domain.review import Likeness, Match
from registry.domain.schools import SchoolForm
from registry.rights import RIGHTS
from registry.routes.applications import Number, StateOut, StepOut
from registry.routes.shapes import BY_TIME, Listing, Text
from registry.store import applications as store

router = APIRouter(prefix="/applications", tags=["applications"])

ReasonCode = Annotated[str, StringConstraints(pattern="^[a-z][a-z0-9-]{1,39}$")]


class Search(BaseModel):
    """Which applications. `q` is a part of the number, of the INN or OGRN, of the school's or the applicant's name."""

    state: list[State] = []
    q: Text = ""
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    ground: Ground | None = None

    def queue(self) -> store.Queue:
        """As the store takes it."""
        return store.Queue(self.state, self.q, self.since, self.until, self.ground)


class ApplicationOut(StateOut):
    """What the registrar sees. The applicant is dropped 90 days after the end."""

    application_id: UUID
    school: SchoolForm
    applicant: ApplicantForm | None
    submitted_at: AwareDatetime

    @classmethod
    def of(cls, application: Application) -> Self:
        """As the domain has it."""
        return cls.model_validate(application, from_attributes=True)


class LikenessOut(BaseModel):
    """A school that the application may be about, and in what it is alike. The head is as the feed has published."""

    school: SchoolFacts
    matches: list[Match]
    head_name: str | None
    head_post: str | None
    applicant_is_head: bool

    @classmethod
    def of(cls, one: Likeness) -> Self:
        """With the published head, who is not of the public block."""
        details = one.school.details
        head = {"head_name": details.head_name, "head_post": details.head_post}
        return cls(school=one.school.facts, matches=list(one.matches), applicant_is_head=one.applicant_is_head, **head)


class ReviewOut(BaseModel):
    """The application beside what the registry knows; `applications` are other open ones of its INN or OGRN."""

    application: ApplicationOut
    timeline: list[StepOut]
    schools: list[LikenessOut]
    applications: list[ApplicationOut]


class DecisionIn(Body):
    """`reason` is a code, `text` goes to the applicant."""

    decision: Verb
    reason: ReasonCode | None = None
    text: Paragraphs | None = None


@router.get("", response_model=Listing[ApplicationOut])
async def list_applications(
    search: Annotated[Search, Query()], who: Caller, page: InPage, tx: InTransaction
) -> dict[str, Any]:
    """The oldest first."""
    RIGHTS.require(who, "read", "application")
    listed = await store.applications_listed(tx, search.queue(), after(page, BY_TIME), page.limit)
    return page.answer([vars(application) for application in listed], "submitted_at", "application_id")


@router.get("/counts")
async def count_applications(who: Caller, tx: InTransaction) -> dict[State, int]:
    """How many there are in each state."""
    RIGHTS.require(who, "read", "application")
    return dict.fromkeys(STEPS, 0) | await store.counts(tx)


@router.get("/{number}/review")
async def review(number: Number, who: Caller, tx: InTransaction) -> ReviewOut:
    """Side by side: what is applied for, and what is known."""
    RIGHTS.require(who, "read", "application")
    found = await review_application(tx, number)
    return ReviewOut(
        application=ApplicationOut.of(found.application),
        timeline=[StepOut(**vars(step)) for step in await store.timeline(tx, found.application.application_id)],
        schools=[LikenessOut.of(one) for one in found.schools],
        applications=[ApplicationOut.of(one) for one in found.applications],
    )


@router.post("/{number}/decision")
async def decide(number: Number, body: DecisionIn, who: Caller, tx: InTransaction) -> StateOut:
    """Approve, reject or ask."""
    RIGHTS.require(who, "decide", "application")
    application = await actions.decide_application(tx, number, Decision(body.decision, body.reason, body.text))
    return StateOut.model_validate(application, from_attributes=True)
