"""Judging an account request: is this school registered, and is this person on its roll?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from chassis.errors import Conflict, Forbidden, Invalid, NotFound, WrongStep
from ekis_contracts.days import end_of_working_day
from ekis_contracts.values import Applicant, Category, Contact, PersonName, SchoolClaim

from registry.domain.names import is_same_email, is_same_name
from registry.domain.schools import School, is_other_school
from registry.domain.staff import By, Staff, require_department

RequestState = Literal["new", "held", "referred", "verified", "declined", "closed"]
FIRST = 1  # the version of a request that nobody has corrected
WORKING_DAYS = 5  # for a head to answer; then the department does


@dataclass(frozen=True)
class Claim:
    """Who asks, for which school, and as what."""

    number: str
    school: SchoolClaim
    category: Category
    applicant: Applicant

    @property
    def contact(self) -> Contact:
        """Where to write to the applicant."""
        return Contact(name=self.applicant.salutation, email=self.applicant.email, lang=self.applicant.lang)

    def is_of(self, staff: Staff) -> bool:
        """Whether this may be the same person: the name or the address is."""
        return is_same_name(self.applicant, staff.entry.name) or is_same_email(self.applicant.email, staff.entry.email)


@dataclass(frozen=True)
class NeedsSchool:
    """The school is not registered: wait for it."""


@dataclass(frozen=True)
class Referred:
    """A person has to decide."""

    school_id: UUID
    to: By
    reason: str
    candidates: tuple[UUID, ...] = ()
    until: datetime | None = None


@dataclass(frozen=True)
class Verified:
    """The applicant is the person of this record."""

    school_id: UUID
    staff_id: UUID
    by: Literal["roll", "head", "department"]


@dataclass(frozen=True)
class Declined:
    """The applicant gets no account on this request."""

    reason: str
    school_id: UUID | None = None


Verdict = NeedsSchool | Referred | Verified | Declined


@dataclass(frozen=True)
class AccountRequest:
    """The registry's own view of a request. `version` counts its verdicts; nothing personal is left once closed."""

    request_id: UUID
    version: int
    request_version: int
    state: RequestState
    claim: Claim | None
    verdict: Verdict | None
    school_id: UUID | None

    @property
    def asked(self) -> Claim:
        """The claim, which only a request that is closed or of an erased account has lost."""
        assert self.claim is not None, "the applicant has been forgotten"
        return self.claim

    @property
    def referral(self) -> Referred:
        """The verdict of a request that is referred."""
        assert isinstance(self.verdict, Referred), "not referred"
        return self.verdict

    def require_current(self, request_version: int) -> None:
        """Raises WrongStep for what comes after the end, or is older than what was judged."""
        if self.state == "closed" or request_version < self.request_version:
            raise WrongStep(self.state, "judge")


@dataclass(frozen=True)
class Decider:
    """Who decides a referral; `record` is the own place on a roll, if there is one; `read` is the version of the
    request that was shown last."""

    by: By
    record: Staff | None
    read: int | None = None


@dataclass(frozen=True)
class Answer:
    """What the decider says: a record of the roll, or the post and category of a person not yet on it."""

    confirms: bool
    reason: str | None = None
    staff_id: UUID | None = None
    post: str | None = None
    category: Category | None = None


def judge(claim: Claim, known: Sequence[School], roll: Sequence[Staff], now: datetime) -> Verdict:
    """The verdict by what the registry knows: all schools of these requisites, and of their live staff records the
    applicant's namesakes and the heads."""
    found = find_schools(claim.school, known)
    if not isinstance(found, tuple):
        return found
    here = [staff for staff in roll if staff.is_live and staff.school_id in {school.school_id for school in found}]
    same = [staff for staff in here if is_same_name(claim.applicant, staff.entry.name)]
    if len(same) == 1 and is_same_email(same[0].entry.email, claim.applicant.email):
        return Verified(same[0].school_id, same[0].staff_id, "roll")
    candidates = tuple(staff.staff_id for staff in same)
    school_id = found[0].school_id
    if len(found) > 1:
        return Referred(school_id, "department", "several-branches", candidates)
    reason = _doubt(same)
    if claim.category == "head" or any(staff.entry.category == "head" for staff in same) or not deciders(claim, here):
        return Referred(school_id, "department", reason, candidates)
    return Referred(school_id, "head", reason, candidates, end_of_working_day(now, WORKING_DAYS))


def _doubt(same: Sequence[Staff]) -> str:
    if not same:
        return "not-on-roll"
    if len(same) > 1:
        return "same-names"
    return "other-email" if same[0].entry.email else "no-email"


def deciders(claim: Claim, roll: Sequence[Staff]) -> list[Staff]:
    """The heads who may decide: not about themselves. Those who can be written to come first."""
    heads = [staff for staff in roll if staff.is_live and staff.entry.category == "head" and not claim.is_of(staff)]
    return sorted(heads, key=lambda staff: (staff.entry.email is None, staff.staff_id))


def find_schools(claim: SchoolClaim, known: Sequence[School]) -> tuple[School, ...] | NeedsSchool | Declined:
    """The school that is meant: several only when one INN has several branches and no KPP or OGRN tells which.

    An unknown INN or KPP means a school or a branch not yet registered. An OGRN of another school, or a name that is
    clearly another's, is a refusal. The main organisation comes first.
    """
    same = [school for school in known if school.facts.inn == claim.inn and claim.kpp in (None, school.facts.kpp)]
    if not same:
        elsewhere = any(school.facts.inn != claim.inn and school.facts.status != "closed" for school in known)
        return Declined("requisites-mismatch") if elsewhere else NeedsSchool()
    open_ = [school for school in same if school.facts.status != "closed"]
    if not open_:
        return Declined("school-not-active", same[0].school_id)
    fitting = [school for school in _by_ogrn(claim, open_) if not is_other_school(claim.name, school.facts)]
    if not fitting:
        return Declined("requisites-mismatch", open_[0].school_id)
    active = [school for school in fitting if school.facts.status == "active"]
    if not active:
        return Declined("school-not-active", fitting[0].school_id)
    return tuple(sorted(active, key=lambda school: (school.facts.ogrn is None, school.facts.kpp)))


def _by_ogrn(claim: SchoolClaim, schools: Sequence[School]) -> Sequence[School]:
    """Those of the claimed OGRN, else those that have none (a branch shares that of its organisation)."""
    if claim.ogrn is None:
        return schools
    exact = [school for school in schools if school.facts.ogrn == claim.ogrn]
    return exact or [school for school in schools if school.facts.ogrn is None]


def require_decidable(request: AccountRequest, decider: Decider) -> tuple[Claim, Referred]:
    """The claim and the referral, if this person may decide it now. Raises Conflict, Forbidden, NotFound."""
    if request.state == "closed":
        raise Conflict("request-closed")
    if request.state in ("verified", "declined"):
        raise Conflict("already-decided", state=request.state)
    if request.claim is None or not isinstance(request.verdict, Referred):
        raise NotFound
    if decider.record and request.claim.is_of(decider.record):
        raise Forbidden("own-request")
    if decider.by == "head" and request.verdict.to != "head":
        raise NotFound
    if (decider.read or FIRST) != request.request_version:  # another address may stand there now
        raise Conflict("referral-changed")
    return request.claim, request.verdict


def require_chosen(staff: Staff | None, branches: Sequence[UUID], by: By) -> Staff:
    """The live record of one of these schools that the decider has chosen. Raises Invalid, Forbidden."""
    if staff is None or not staff.is_live or staff.school_id not in branches:
        raise Invalid("staff-required", "/staff_id")
    require_department(by, staff.entry.category)
    return staff


def new_place(answer: Answer, referred: Referred, by: By) -> tuple[str, Category]:
    """Post and category for a person who is to be enrolled. Raises Invalid, Forbidden."""
    if answer.post is None or answer.category is None or referred.reason == "several-branches":
        raise Invalid("staff-required", "/staff_id")
    require_department(by, answer.category)
    return answer.post, answer.category


def decline_code(by: By) -> str:
    """The reason that others are told. What the decider wrote may name people, so it stays here."""
    return f"declined-by-{by}"


def name_of(applicant: Applicant) -> PersonName:
    """The name alone."""
    return PersonName(last_name=applicant.last_name, first_name=applicant.first_name, patronymic=applicant.patronymic)
