"""One moment of the whole story: what each service holds, and what is on its way between them."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from ekis_contracts.values import Applicant, PersonName, SchoolClaim
from identity.domain.accounts import Account
from identity.domain.request import Request
from registry.domain.requests import AccountRequest, Claim, Referred, Verified
from registry.domain.schools import School, SchoolForm
from registry.domain.staff import Staff, StaffEntry

TEACHER, STRANGER = "teacher@roll.example", "stranger@evil.example"
NOW = datetime(2026, 11, 23, tzinfo=UTC)
INN = "7707083893"

REQUEST, SCHOOL_ID = UUID(int=1), UUID(int=2)
HEADS, TEACHERS, ENROLLED = UUID(int=11), UUID(int=12), UUID(int=13)  # records of the roll
ANOTHER = UUID(int=20)  # the account that the teacher gets by a request of her own
OWN = (UUID(int=21), UUID(int=22))  # accounts of the modelled request

NAME = PersonName(last_name="Иванова", first_name="Анна")
FORM = SchoolForm("Преображенская школа № 5", "Школа № 5", "Школа", INN, "770101001", "1", "ул.", "+7", "a@b.ru")
SCHOOL: School = FORM.school(SCHOOL_ID, "application")
HEAD = Staff(
    HEADS,
    SCHOOL_ID,
    1,
    StaffEntry(PersonName(last_name="Орлов", first_name="Пётр"), "директор", "head", email="head@roll.example"),
)
ON_ROLL = Staff(TEACHERS, SCHOOL_ID, 1, StaffEntry(NAME, "учитель", "employee", email=TEACHER))


class Message(NamedTuple):
    """What is said, of which version of the request, as which word of registry, about what."""

    what: str
    version: int = 0
    number: int = 0
    about: str = ""


@dataclass(frozen=True)
class Bounds:
    """How often somebody may repeat himself: without a bound the search would not end.

    `asks` counts questions to registry while something is still on its way.
    """

    corrections: int = 1
    asks: int = 0
    address: bool = True  # the roll knows the teacher's address; without it a person decides
    leaves: bool = False  # the teacher may leave the roll
    others: bool = False  # she may get an account by a request of her own, and the desk may resume and restore it
    slow: bool = False  # deciders read the referral first and answer later


def claim_of(email: str) -> Claim:
    """What is asked of registry."""
    applicant = Applicant(**NAME.model_dump(), email=email)
    return Claim("R", SchoolClaim(inn=INN), "employee", applicant)


UNKNOWN = AccountRequest(REQUEST, 0, 0, "new", None, None, None)
CLAIMS = {email: claim_of(email) for email in (TEACHER, STRANGER)}


@dataclass(frozen=True, eq=False)
class State:
    """All of it. `kept` is registry's view of the request; `ended` the staff records whose end identity knows."""

    request: Request
    kept: AccountRequest = UNKNOWN
    accounts: tuple[Account, ...] = ()
    flying: frozenset[Message] = frozenset()
    roll: tuple[Staff, ...] = (HEAD, ON_ROLL)
    registered: bool = False
    ended: frozenset[UUID] = frozenset()
    mailed: frozenset[str] = frozenset()
    seen: frozenset[tuple[str, str, int]] = frozenset()  # who has read the referral, whose address, which version
    corrections: int = 0
    asks: int = 0

    @cached_property
    def key(self) -> tuple[Any, ...]:
        """What makes it another state than the next: all that ever differs."""
        of_roll = tuple(one.is_live for one in self.roll[1:]), self.registered, len(self.ended)
        return (
            (*_of_request(self.request), *_of_kept(self.kept), *of_roll, self.corrections, self.asks),
            tuple(map(_of_account, self.accounts)),
            self.flying,
            self.mailed,
            self.seen,
        )

    def send(self, message: Message) -> "State":
        """With one more on its way."""
        return replace(self, flying=self.flying | {message})

    def account(self, account_id: UUID | None) -> Account | None:
        """A live account."""
        return next((one for one in self.accounts if one.id == account_id), None)

    def with_account(self, account: Account) -> "State":
        """It in place of what it was. Counters and times would make the search endless, and decide nothing here."""
        kept = {one.id: one for one in self.accounts}
        same = {"credential_no": 1, "session_epoch": 1, "one_time_until": None, "disabled_at": None}
        kept[account.id] = replace(account, **same)  # type: ignore[arg-type]
        live = [one for _, one in sorted(kept.items()) if one.state != "disabled"]
        return replace(self, accounts=tuple(live))


def _of_request(it: Request) -> tuple[Any, ...]:
    said = it.state, it.shown, it.request_version, it.verdict_no
    return (*said, it.applicant and it.applicant.email, it.account_id and it.account_id.int)


def _of_kept(it: AccountRequest) -> tuple[Any, ...]:
    said = it.state, it.version, it.request_version, it.claim and it.claim.applicant.email
    match it.verdict:
        case Verified(_, staff_id):
            return (*said, staff_id.int)
        case Referred(_, to):
            return (*said, to)
    return (*said, None)


def _of_account(it: Account) -> tuple[Any, ...]:
    whose = it.id.int, it.staff and it.staff.staff_id.int
    secrets = it.one_time is None, it.password_hash is None
    return (*whose, it.state, it.email, *secrets, it.disable_at is None, it.activated_at is None)


def tidy(state: State) -> State:
    """Registry's words numbered anew: only which is later matters, and without this asking again has no end."""
    kept, request = state.kept, state.request
    numbers = {kept.version, request.verdict_no, *(one.number for one in state.flying)} - {0}
    new = {0: 0} | {number: place for place, number in enumerate(sorted(numbers), 1)}
    if all(number == place for number, place in new.items()):
        return state
    return replace(
        state,
        kept=replace(kept, version=new[kept.version]),
        request=replace(request, verdict_no=new[request.verdict_no]),
        flying=frozenset(one._replace(number=new[one.number]) for one in state.flying),
    )
