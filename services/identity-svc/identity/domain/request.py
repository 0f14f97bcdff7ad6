"""What an account request is: its states, what may follow from a step, and what others are told."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal, Self, get_args
from uuid import UUID

from ekis_contracts.values import Applicant, Category, Contact, Lang, SchoolClaim

from identity.domain.addresses import masked

State = Literal[
    "received",
    "verifying",
    "needs-school",
    "referred",
    "verified",
    "issued",
    "undeliverable",
    "activated",
    "declined",
    "withdrawn",
    "expired",
    "duplicate",
]
Ended = Literal["declined", "withdrawn", "expired", "activated", "duplicate"]

ENDS: frozenset[State] = frozenset(get_args(Ended))
JUDGED: frozenset[State] = frozenset({"verifying", "needs-school", "referred"})
ISSUED: frozenset[State] = frozenset({"issued", "undeliverable"})
OPEN: frozenset[State] = frozenset(get_args(State)) - ENDS
CREDENTIALS_VALID = timedelta(days=3)
CORRECTABLE: frozenset[State] = JUDGED | {"undeliverable"}

_GIVEN_UP: frozenset[State] = frozenset({"declined", "withdrawn", "expired", "duplicate"})


def _to(*states: State) -> frozenset[State]:
    return _GIVEN_UP | frozenset(states)


STEPS: dict[State, frozenset[State]] = {
    "received": _to("verifying"),
    "verifying": _to("verifying", "needs-school", "referred", "verified"),
    "needs-school": _to("verifying", "referred", "verified"),
    "referred": _to("verifying", "needs-school", "referred", "verified"),
    "verified": _to("issued"),
    "issued": _to("issued", "undeliverable", "activated"),
    "undeliverable": _to("issued", "verifying", "activated"),  # it may have arrived all the same
    **dict.fromkeys(get_args(Ended), frozenset()),
}


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask registry to judge the current version."""


@dataclass(frozen=True, slots=True)
class Close:
    """Tell the others that the request has ended. Without a contact to write to, `to_holder` writes to that account."""

    outcome: Ended
    reason: str | None = None
    contact: Contact | None = None
    to_holder: UUID | None = None


@dataclass(frozen=True, slots=True)
class OpenAccount:
    """Open an account of this id for the staff record, and mail its credentials to the applicant."""

    account_id: UUID


@dataclass(frozen=True, slots=True)
class Reissue:
    """Mail new credentials of this account; `email` is its newly verified address on file, if that changed."""

    account_id: UUID
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Readdress:
    """The account is suspended: note its newly verified address, mail nothing."""

    account_id: UUID
    email: str


@dataclass(frozen=True, slots=True)
class KillCredentials:
    """The account's one-time password is dead from now on."""

    account_id: UUID


@dataclass(frozen=True, slots=True)
class EndAccount:
    """The account was never activated and shall not be."""

    account_id: UUID


Effect = Ask | Close | OpenAccount | Reissue | Readdress | KillCredentials | EndAccount


@dataclass(frozen=True, slots=True)
class Note:
    """A line of the tracking page: the public state and a text of the message catalogue."""

    state: State
    code: str
    params: dict[str, str] = field(default_factory=dict)

    def to(self, address: str) -> Self:
        """The same line on the page of a request with this address."""
        return replace(self, params={"address": address}) if "address" in self.params else self


@dataclass(frozen=True, slots=True)
class Verdict:
    """Which version registry judged; `number` counts what registry has said of this request."""

    request_version: int
    number: int


@dataclass(frozen=True, slots=True)
class Holder:
    """The live account of a staff record."""

    account_id: UUID
    suspended: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """An account request. `shown` is its public state; `applicant` goes when it ends.

    `mirrors`: of a duplicate, the open request whose steps its page shows. `referral`: who decides until when.
    """

    id: UUID
    number: str
    state: State
    shown: State
    request_version: int
    applicant: Applicant | None
    lang: Lang
    school: SchoolClaim
    category: Category
    step_at: datetime
    account_id: UUID | None = None
    credentials_until: datetime | None = None
    verdict_no: int = 0
    mail_no: int = 0
    asks: int = 0
    ask_at: datetime | None = None
    mirrors: UUID | None = None
    referral: str | None = None

    @property
    def contact(self) -> Contact:
        """Where and how to write to the applicant."""
        assert self.applicant, "an ended request has no applicant"
        return Contact(name=self.applicant.salutation, email=self.applicant.email, lang=self.lang)

    @property
    def address(self) -> str:
        """The applicant's address as the tracking page shows it."""
        return masked(self.applicant.email) if self.applicant else ""


@dataclass(frozen=True, slots=True)
class Decision:
    """The request after a step, what else follows, and what the tracking page says of it.

    `shared_from`: if its duplicates are to show the step too, the public state before.
    """

    request: Request
    effects: tuple[Effect, ...] = ()
    notes: tuple[Note, ...] = ()
    shared_from: State | None = None
