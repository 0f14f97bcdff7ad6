"""Cabinets and workplaces: when a cabinet is open, what a workplace must say."""

import re
from dataclasses import dataclass, replace
from typing import Literal, Self
from uuid import UUID

from chassis.errors import Conflict, Fault, WrongStep
from ekis_contracts.values import AccountFacts, AccountState, Category, Employment, PersonName, SchoolStatus

State = Literal["provisioned", "open", "closed", "erased"]

CABINET_OF: dict[AccountState, State] = {
    "issued": "provisioned",
    "active": "open",
    "suspended": "closed",
    "disabled": "erased",
    "erased": "erased",
}

SUBJECTS = (
    "Русский язык", "Литература", "Математика", "Алгебра", "Геометрия", "Вероятность и статистика", "Информатика",
    "История", "Обществознание", "География", "Физика", "Химия", "Биология", "Окружающий мир", "Английский язык",
    "Немецкий язык", "Французский язык", "Испанский язык", "Китайский язык", "Музыка", "Изобразительное искусство",
    "Труд (технология)", "Физическая культура", "Основы безопасности и защиты Родины", "Начальные классы",
)  # fmt: skip
_BY_SPELLING = {subject.casefold(): subject for subject in SUBJECTS}
_SUBJECT = re.compile(r"[А-ЯЁа-яёA-Za-z][А-ЯЁа-яёA-Za-z0-9 ,.()«»-]+")
_CLASS = re.compile(r"(1[0-2]|[1-9])[ -]?[«\"]?([А-ЯЁ])?[»\"]?")
_LOOKALIKES = str.maketrans("ABCEHKMOPTXY", "АВСЕНКМОРТХУ")  # Latin capitals typed for Cyrillic ones
_TEACHERS = ("учитель", "преподаватель")


@dataclass(frozen=True)
class Account:
    """An account as its cabinet knows it; `version` counts what cabinet has said of it."""

    account_id: UUID
    state: State = "provisioned"
    staff_id: UUID | None = None
    school_id: UUID | None = None
    category: Category | None = None
    post: str | None = None
    facts_version: int = 0
    name: PersonName | None = None
    name_version: int = 0
    receipt: dict[str, int] | None = None
    version: int = 0

    def told(self, facts: AccountFacts, version: int) -> Self:
        """The newest facts win. Raises WrongStep after the end."""
        if self.state == "erased":
            raise WrongStep(self.state, CABINET_OF[facts.state])
        if version <= self.facts_version:
            return self
        return replace(
            self,
            state=CABINET_OF[facts.state],
            staff_id=facts.staff_id,
            school_id=facts.school_id,
            category=facts.category,
            post=facts.post,
            facts_version=version,
        )

    def named(self, name: PersonName, version: int) -> Self:
        """The newest name wins, whatever brought the facts."""
        return replace(self, name=name, name_version=version) if version > self.name_version else self

    def erased(self, receipt: dict[str, int]) -> Self:
        """Nothing but the fact that it was, and the receipt."""
        gone = Account(self.account_id, "erased", receipt=receipt, version=self.version + 1)
        return replace(self, **vars(gone))


@dataclass(frozen=True)
class School:
    """What the form shows of a school and suggests from it."""

    school_id: UUID
    full_name: str
    short_name: str
    address: str
    status: SchoolStatus
    phones: tuple[str, ...]


@dataclass(frozen=True)
class Post:
    """What the roll has fixed."""

    post: str
    division: str | None
    category: Category
    employment: Employment | None


@dataclass(frozen=True)
class Form:
    """What the person fills in; what is None is not filled in yet."""

    building: str | None = None
    subjects: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    employment: Employment | None = None
    work_phone: str | None = None
    room: str | None = None
    proposed_post: str | None = None


@dataclass(frozen=True)
class Workplace:
    """A workplace with all that surrounds it. The school is None until its copy has come."""

    account: Account
    school: School | None
    post: Post
    form: Form
    version: int

    @property
    def missing(self) -> list[str]:
        """Required fields that are still empty."""
        required = ["building", "work_phone", *(["subjects"] if teaches(self.post.post) else [])]
        return [field for field in required if not getattr(self.form, field)]

    @property
    def complete(self) -> bool:
        """Nothing required is missing."""
        return not self.missing

    def require_writable(self) -> Self:
        """Raises Conflict at a school that has closed: what is there can be read."""
        if self.school and self.school.status == "closed":
            raise Conflict("school-closed", name=self.school.short_name)
        return self

    def filled(self, form: Form) -> Self:
        """With another form; a proposal of the very post one has is none."""
        proposed = (form.proposed_post or "").casefold()
        if proposed == self.post.post.casefold():
            form = replace(form, proposed_post=None)
        return replace(self, form=form)


def teaches(post: str) -> bool:
    """Whether the post is a teacher's."""
    return any(word in post.casefold() for word in _TEACHERS)


def require_open(account: Account | None) -> Account:
    """Raises Conflict unless the cabinet is open."""
    if account is None or account.state != "open":
        raise Conflict("cabinet-closed")
    return account


def subject(text: str) -> str:
    """A subject, in the dictionary's spelling where it is there. Raises Fault."""
    if not _SUBJECT.fullmatch(text):
        raise Fault("subject-format", text=text)
    return _BY_SPELLING.get(text.casefold(), text)


def class_name(text: str) -> str:
    """A class as it is written in the journal, 5А. Raises Fault."""
    found = _CLASS.fullmatch(text.upper().translate(_LOOKALIKES))
    if not found:
        raise Fault("class-format", text=text)
    return found[1] + (found[2] or "")
