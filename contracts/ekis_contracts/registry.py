"""Events of registry-svc: schools, applications for entry, the staff roll, verdicts on account requests."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from ekis_contracts.event import Event
from ekis_contracts.sealing import ForCabinet, ForIdentity, ForNotify
from ekis_contracts.values import Category, Contact, PersonName, SchoolFacts, StaffFacts, Tracking


class SchoolRegistered(SchoolFacts, Event, topic="school-registered", producer="registry", key="school_id"):
    """A school has entered the registry, by the feed or by an approved application.

    Said when the row of a register is taken in, or a registrar approves an application: once in the life of a
    school.
    """


class SchoolChanged(SchoolFacts, Event, topic="school-changed", producer="registry", key="school_id"):
    """Something about a school is different now; suspended, resumed and a closing announced are changes too.

    Said when a registrar or the feed has changed at least one field, which `changed` names.
    """

    changed: list[str]


class SchoolClosed(SchoolFacts, Event, topic="school-closed", producer="registry", key="school_id"):
    """A school has ended, on this very date. Its staff records have ended, or have moved to the successors.

    Said when the announced date has come, once; its staff records are told of by events of their own.
    """

    reason: Literal["liquidated", "reorganised"]


class SchoolState(SchoolFacts, Event, topic="schools", producer="registry", key="school_id", compacted=True):
    """A school as it is; none is ever deleted.

    Said with every other event about the school under the same version, and again by `registry publish-state`.
    """


class SchoolApplicationSubmitted(
    Event, topic="school-application-submitted", producer="registry", key="application_id"
):
    """Somebody asks to enter a school into the registry.

    Said when the form is accepted.
    """

    application_id: UUID
    number: str
    inn: str
    state: str
    contact: ForNotify[Contact]
    tracking: ForNotify[Tracking]


class SchoolApplicationDecided(Event, topic="school-application-decided", producer="registry", key="application_id"):
    """An application is decided or over, or a registrar asks its applicant for a clarification.

    Said when a registrar decides, the applicant withdraws, another application is approved first, or time is up.
    """

    application_id: UUID
    number: str
    decision: Literal["approved", "rejected", "clarification-requested", "withdrawn", "expired"]
    reason: str | None
    school_id: UUID | None
    contact: ForNotify[Contact]


class StaffEnrolled(StaffFacts, Event, topic="staff-enrolled", producer="registry", key="staff_id"):
    """A person is on the staff roll of a school.

    Said when the feed, an operator or the head adds a staff record: once in its life.
    """

    name: ForCabinet[PersonName]
    name_for_identity: ForIdentity[PersonName]


class StaffChanged(StaffFacts, Event, topic="staff-changed", producer="registry", key="staff_id"):
    """A staff record has another post, category, division, name or school.

    Said when at least one field, which `changed` names, is different; of a merger for everybody who moves.
    """

    changed: list[str]
    name: ForCabinet[PersonName]
    name_for_identity: ForIdentity[PersonName]


class StaffLeft(Event, topic="staff-left", producer="registry", key="staff_id"):
    """A staff record has ended for good: who comes back gets a new one.

    Said when the head or an operator ends it, a full copy of the feed lacks it, or its school is liquidated.
    """

    staff_id: UUID
    school_id: UUID
    reason: str


class AccountRequestHeld(Event, topic="account-request-held", producer="registry", key="request_id"):
    """The school of the request is not registered; the request resumes by itself when it is.

    Said when registry judges an `account-requested` and knows no such school; again if it is asked again.
    """

    request_id: UUID
    request_version: int
    reason: Literal["school-not-registered"]
    contact: ForNotify[Contact]


class AccountRequestReferred(Event, topic="account-request-referred", producer="registry", key="request_id"):
    """A person has to decide: the head of the school, or the department.

    Said when the roll alone does not answer an `account-requested`; again when the head's time is up and the
    department is next.
    """

    request_id: UUID
    request_version: int
    school_id: UUID
    to: Literal["head", "department"]
    until: datetime | None
    reason: str
    contact: ForNotify[Contact] | None


class AccountRequestVerified(Event, topic="account-request-verified", producer="registry", key="request_id"):
    """The applicant is the person of this staff record.

    Said when the roll, the head or the department vouches for this version of the request.
    """

    request_id: UUID
    request_version: int
    staff_id: UUID
    school_id: UUID
    post: str
    category: Category
    by: Literal["roll", "head", "department"]


class AccountRequestDeclined(Event, topic="account-request-declined", producer="registry", key="request_id"):
    """The applicant gets no account on this request.

    Said when a decider declines this version of the request, or its school is not active or has other requisites.
    """

    request_id: UUID
    request_version: int
    reason: str
