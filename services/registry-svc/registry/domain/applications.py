"""The application for entry of a school: its states, its decisions, its number and tracking code."""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from chassis.errors import Conflict, Invalid, WrongStep
from ekis_contracts import codes
from ekis_contracts.days import today
from ekis_contracts.values import Contact, Lang, PersonName

from registry.domain.names import full_name, plain
from registry.domain.schools import SchoolForm
from registry.domain.staff import StaffEntry

State = Literal["submitted", "in-review", "clarification-requested", "approved", "rejected", "withdrawn", "expired"]
Verb = Literal["approve", "reject", "clarify"]
Ground = Literal["head", "authorised"]

STEPS: dict[State, frozenset[State]] = {
    "submitted": frozenset({"in-review", "withdrawn"}),
    "in-review": frozenset({"approved", "rejected", "clarification-requested", "withdrawn"}),
    "clarification-requested": frozenset({"submitted", "withdrawn", "expired"}),
    "approved": frozenset(),
    "rejected": frozenset(),
    "withdrawn": frozenset(),
    "expired": frozenset(),
}
OUTCOMES: dict[Verb, Literal["approved", "rejected", "clarification-requested"]] = {
    "approve": "approved",
    "reject": "rejected",
    "clarify": "clarification-requested",
}
OPEN: frozenset[State] = frozenset(state for state, steps in STEPS.items() if steps)
OVERTAKEN = "school-already-registered"  # ends any open one: the school came in by another way meanwhile
SILENCE = timedelta(days=30)  # without an answer to a question
KEPT = timedelta(days=90)  # the applicant of an application that is over: as long as a decision can be appealed
CONSENT_VERSION = "2026-09"
_LETTER = re.compile(r"\b[aа](?=[0-9]{2}-)", re.IGNORECASE)
_CODE_BYTES = 10  # 80 bits
_LAST_AND_FIRST = 2  # words: less is no name


@dataclass(frozen=True)
class ApplicantForm:
    """Who applies for the school, and by what right."""

    last_name: str
    first_name: str
    post: str
    email: str
    ground: Ground
    patronymic: str | None = None
    phone: str | None = None
    order_no: str | None = None
    lang: Lang = "ru"

    @property
    def name(self) -> PersonName:
        """The name alone."""
        return PersonName(last_name=self.last_name, first_name=self.first_name, patronymic=self.patronymic)

    @property
    def contact(self) -> Contact:
        """Where to write to."""
        return Contact(name=self.name.salutation, email=self.email, lang=self.lang)

    @property
    def entry(self) -> StaffEntry:
        """The place on the roll that an approval gives."""
        category: Literal["head", "employee"] = "head" if self.ground == "head" else "employee"
        return StaffEntry(self.name, self.post, category, email=self.email)


@dataclass(frozen=True)
class Application:
    """An application; `version` counts what was published about it. Long after its end it has no applicant."""

    application_id: UUID
    number: str
    version: int
    state: State
    school: SchoolForm
    applicant: ApplicantForm | None
    submitted_at: datetime
    school_id: UUID | None = None

    @property
    def applied(self) -> ApplicantForm:
        """The applicant, whom only an application that is over has lost."""
        assert self.applicant is not None, "the applicant has been forgotten"
        return self.applicant

    @property
    def search_text(self) -> str:
        """What the registrar's queue is searched by: words, a space before each."""
        school, who = self.school, self.applicant
        person = full_name(who.name) if who else ""
        return " " + plain(f"{self.number} {school.inn} {school.ogrn} {school.short_name} {school.full_name} {person}")

    def require_step(self, state: State) -> None:
        """Raises WrongStep."""
        if state not in STEPS[self.state]:
            raise WrongStep(self.state, state)

    def require_undecided(self) -> None:
        """Raises Conflict once a registrar has decided for good."""
        if self.state in ("approved", "rejected"):
            raise Conflict("already-decided", state=self.state)

    def is_by(self, head_name: str | None) -> bool:
        """Whether the applicant bears the name that was published as that of a head."""
        parts = plain(head_name or "").split()
        if self.applicant is None or len(parts) < _LAST_AND_FIRST:
            return False
        name = self.applicant.name
        given = plain(full_name(name)).split()
        return given == parts[: len(given)] or parts == given[: len(parts)]


@dataclass(frozen=True)
class Decision:
    """What a registrar says. A rejection has a reason code and a text; a question has a text."""

    verb: Verb
    reason: str | None = None
    text: str | None = None

    def require_grounds(self) -> None:
        """Raises Invalid."""
        if self.verb == "reject" and not self.reason:
            raise Invalid("reason-required", "/reason")
        if self.verb != "approve" and not self.text:
            raise Invalid("text-required", "/text")


def require_order(applicant: ApplicantForm) -> None:
    """Who is not the head names the order that authorises. Raises Invalid."""
    if applicant.ground == "authorised" and not applicant.order_no:
        raise Invalid("order-required", "/applicant/order_no")


def number_of(serial: int, now: datetime) -> str:
    """As people say it: A26-000042."""
    return f"A{today(now):%y}-{serial:06d}"


def as_number(text: str) -> str:
    """A number as it was typed, brought to ours: the letter may be small or the Russian one that looks like it."""
    return _LETTER.sub("A", text)


def tracking_code(key: bytes, application_id: UUID) -> str:
    """80 bits that only we can derive again, in groups of four."""
    digest = hmac.new(key, b"application " + application_id.bytes, hashlib.sha256).digest()
    return codes.spell(digest[:_CODE_BYTES])


def is_code(given: str | None, key: bytes, application_id: UUID) -> bool:
    """Whether somebody knows the tracking code, however it is typed. Takes constant time."""
    typed = codes.plain(given or "")
    return hmac.compare_digest(typed.encode(), codes.plain(tracking_code(key, application_id)).encode())
