"""Applications for entry, as a registrar finds and decides them."""

from typing import Annotated, Any
from uuid import UUID

from chassis.auth import Caller
from chassis.http import InTransaction
from chassis.paging import InPage
from ekis_contracts.fields import Body, Paragraphs
from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, StringConstraints

from registry.actions import applications as actions
from registry.domain.applications import STEPS, ApplicantForm, Decision, Ground, State, Verb
from registry.domain.schools import SchoolForm
from registry.rights import RIGHTS
from registry.routes.applications import Number, StateOut
from registry.routes.shapes import BY_TIME, Listing, Text, after
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


@router.post("/{number}/decision")
async def decide(number: Number, body: DecisionIn, who: Caller, tx: InTransaction) -> StateOut:
    """Approve, reject or ask."""
    RIGHTS.require(who, "decide", "application")
    application = await actions.decide_application(tx, number, Decision(body.decision, body.reason, body.text))
    return StateOut.model_validate(application, from_attributes=True)
