"""Value types that events share: public blocks, and the parts that travel sealed."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

Category = Literal["head", "employee"]
Employment = Literal["main", "part-time"]
Lang = Literal["ru", "en"]
SchoolStatus = Literal["active", "suspended", "closed"]
AccountState = Literal["issued", "active", "suspended", "disabled", "erased"]


class Value(BaseModel):
    """A value without an identity of its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class SchoolFacts(BaseModel):
    """The public block of a school: what the city publishes of it. The head's name stays out."""

    school_id: UUID
    inn: str
    kpp: str
    ogrn: str | None
    full_name: str
    short_name: str
    kind: str
    district: str | None
    okrug: str | None = None
    address: str
    phones: list[str]
    emails: list[str]
    site: str | None
    status: SchoolStatus
    source: Literal["feed", "application"]
    closing_on: date | None = None
    successors: list[UUID] = []


class StaffFacts(BaseModel):
    """The public block of a staff record: one person's post at one school, without the person's name."""

    staff_id: UUID
    school_id: UUID
    post: str
    category: Category
    division: str | None
    employment: Employment
    until: date | None


class AccountFacts(BaseModel):
    """The public block of an account. A token with a smaller epoch than `session_epoch` is refused everywhere."""

    account_id: UUID
    state: AccountState
    staff_id: UUID
    school_id: UUID
    category: Category
    post: str
    session_epoch: int


class Audience(Value):
    """Whom something is for: people who fit every list that is not empty; without any list, everybody."""

    districts: tuple[str, ...] = ()
    school_ids: tuple[UUID, ...] = ()
    categories: tuple[Category, ...] = ()
    posts: tuple[str, ...] = ()


class SchoolClaim(Value):
    """The school that an applicant names; `name` is only a hint."""

    inn: str
    kpp: str | None = None
    ogrn: str | None = None
    name: str | None = None


class PersonName(Value):
    """A person's name as on the staff roll."""

    last_name: str
    first_name: str
    patronymic: str | None = None

    @property
    def salutation(self) -> str:
        """As a mail addresses the person."""
        return " ".join(filter(None, (self.first_name, self.patronymic)))


class Applicant(PersonName):
    """Who asks for an account, as the person wrote it; `lang` is for the mails."""

    email: str
    post: str | None = None
    lang: Lang = "ru"


class Contact(Value):
    """Where and how to write to a person. Kept in notify's address book."""

    name: str
    email: str
    lang: Lang = "ru"


class Tracking(Value):
    """The secret code of a tracking page; `to` repeats the only address it may be mailed to."""

    to: str
    tracking_code: str


class Credentials(Value):
    """A login and a one-time password; `to` repeats the only address they may be mailed to."""

    to: str
    login: str
    one_time_password: str
    expires_at: datetime


class Confirmation(Value):
    """A code that proves who reads the mail; `to` repeats the only address it may be mailed to."""

    to: str
    code: str
    expires_at: datetime


class TicketLetter(Value):
    """What a support ticket's mail says, and the secret code of its page; `to` repeats the only address for it."""

    to: str
    text: str
    tracking_code: str


class WorkContact(Value):
    """What a person wrote about the own workplace."""

    work_phone: str | None = None
    room: str | None = None
    proposed_post: str | None = None
