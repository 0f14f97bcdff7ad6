"""Documents and their versions: what is in force, what has to be acknowledged, and by when."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal, Self
from uuid import UUID

from chassis.errors import Conflict, Fault, Invalid, WrongStep
from ekis_contracts.values import Audience

Kind = Literal["law", "order", "regulation", "instruction", "letter", "other"]
TextState = Literal["waiting", "done", "failed"]

KIND_NAMES: dict[Kind, str] = {
    "law": "Закон",
    "order": "Приказ",
    "regulation": "Положение",
    "instruction": "Инструкция",
    "letter": "Письмо",
    "other": "Документ",
}
REMINDED = (timedelta(days=3), timedelta(days=1))  # before the deadline
READABLE = ("pdf", "docx", "txt")  # files that a version may have: those whose text is found
_LONGEST_NAME = 300
_FIRST_YEAR, _LAST_YEAR = 1900, 2199


def day(on: date) -> date:
    """A day that a document may name. Raises Fault."""
    if not _FIRST_YEAR <= on.year <= _LAST_YEAR:
        raise Fault("date-out-of-range", first=_FIRST_YEAR, last=_LAST_YEAR)
    return on


@dataclass(frozen=True)
class Card:
    """What a document is called, for whom it is, what it takes the place of."""

    number: str
    issued_on: date
    issuer: str
    kind: Kind
    title: str
    specialties: tuple[str, ...]
    audience: Audience
    supersedes: UUID | None

    @property
    def name(self) -> str:
        """As a person would call it."""
        return f"{KIND_NAMES[self.kind]} № {self.number} «{self.title}»"[:_LONGEST_NAME]


@dataclass(frozen=True)
class Terms:
    """A version: its file, when it is in force, whether it changes anything that people have acknowledged, and whether
    they must acknowledge it, by when."""

    file_id: UUID
    in_force_from: date
    in_force_to: date | None
    is_material: bool
    is_mandatory: bool
    acknowledge_by: datetime | None
    note: str

    def checked(self, now: datetime) -> Self:
        """Raises Invalid."""
        if self.in_force_to and self.in_force_to < self.in_force_from:
            raise Invalid("in-force-order", "/in_force_to")
        if self.is_mandatory and self.acknowledge_by is None:
            raise Invalid("acknowledge-by-missing", "/acknowledge_by")
        if self.is_mandatory and self.acknowledge_by and self.acknowledge_by <= now:
            raise Invalid("acknowledge-by-past", "/acknowledge_by")
        return self if self.is_mandatory else replace(self, acknowledge_by=None)


@dataclass(frozen=True)
class Version:
    """A numbered version; a draft until it is published."""

    version_id: UUID
    document_id: UUID
    no: int
    terms: Terms
    published_at: datetime | None = None
    text_state: TextState = "waiting"


@dataclass(frozen=True)
class Reminder:
    """A reminder that is due, and how far it has got."""

    document_id: UUID
    no: int
    at: datetime
    told_through: UUID


@dataclass(frozen=True)
class SchoolCount:
    """How many people of a school are asked, and how many of them have acknowledged."""

    school_id: UUID
    short_name: str | None
    asked: int
    acknowledged: int


@dataclass(frozen=True)
class Unread:
    """A version whose text nobody has read yet."""

    version_id: UUID
    file_id: UUID


@dataclass(frozen=True)
class Document:
    """A document. `required_no` is the version that has to be acknowledged at least; `told` counts its events."""

    document_id: UUID
    card: Card
    current_no: int | None = None
    required_no: int | None = None
    acknowledge_by: datetime | None = None
    superseded_by: UUID | None = None
    version: int = 1
    told: int = 0

    def edited(self, card: Card) -> Self:
        """With another card. Raises Conflict for another predecessor once it is out: that one is over."""
        if self.current_no and card.supersedes != self.card.supersedes:
            raise Conflict("supersedes-fixed")
        return replace(self, card=card)

    def published(self, it: Version) -> Self:
        """With another current version. People are asked when it is the first they must acknowledge, and again only
        when it is material. Raises WrongStep for one that is out, Conflict for a superseded document."""
        if it.published_at is not None:
            raise WrongStep("published", "published")
        if self.superseded_by is not None:
            raise Conflict("document-superseded")
        now_current = replace(self, current_no=it.no, told=self.told + 1)
        is_asked_anew = it.terms.is_material or self.required_no is None
        if not is_asked_anew:
            return now_current
        required = it.no if it.terms.is_mandatory else None
        return replace(now_current, required_no=required, acknowledge_by=it.terms.acknowledge_by)

    def reminders(self, now: datetime) -> list[datetime]:
        """When those are reminded who have not acknowledged it, as far as it is still to come."""
        moments = [self.acknowledge_by - before for before in REMINDED] if self.acknowledge_by else []
        return [moment for moment in moments if moment > now]

    def awaits(self, reminder: Reminder, now: datetime) -> bool:
        """Whether people are to be reminded still: the same version has to be acknowledged, and there is time."""
        is_over = self.acknowledge_by is None or self.acknowledge_by <= now
        return not is_over and self.superseded_by is None and self.required_no == reminder.no


@dataclass(frozen=True)
class Shown:
    """A published document as somebody sees it; `is_asked`: this person has to acknowledge it."""

    document: Document
    in_force_from: date
    in_force_to: date | None
    is_asked: bool
    acknowledged_at: datetime | None


@dataclass(frozen=True)
class Narrowing:
    """Which documents alone are listed: of one specialty, those in force on a day."""

    specialty: str | None = None
    in_force_on: date | None = None


@dataclass(frozen=True)
class Hit:
    """What a search has found; `found` is a piece of the text with what was searched for between two marks."""

    document_id: UUID
    rank: int
    found: str | None = None


@dataclass(frozen=True)
class Signature:
    """A line of the matrix, in its place: somebody who is, or was, asked. Without a name: a former employee."""

    place: int
    person_id: UUID
    is_former: bool
    last_name: str | None
    first_name: str | None
    patronymic: str | None
    post: str | None
    has_cabinet: bool
    former_no: int | None
    no: int | None
    at: datetime | None
    sha256: bytes | None

    @property
    def name(self) -> str | None:
        """In full, None when it is erased."""
        return " ".join(filter(None, (self.last_name, self.first_name, self.patronymic))) or None
