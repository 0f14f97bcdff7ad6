"""People: accounts, when a cabinet is open, the schools they work in; how classes and cells of tables are written."""

import re
from dataclasses import dataclass, replace
from typing import Literal, Self
from uuid import UUID
from zoneinfo import ZoneInfo

from chassis.errors import Conflict, Fault, WrongStep
from ekis_contracts.values import AccountFacts, AccountState, Category, PersonName, SchoolStatus

State = Literal["provisioned", "open", "closed", "erased"]

CABINET_OF: dict[AccountState, State] = {
    "issued": "provisioned",
    "active": "open",
    "suspended": "closed",
    "disabled": "erased",
    "erased": "erased",
}
MOSCOW = ZoneInfo("Europe/Moscow")
_CLASS = re.compile(r"(1[0-2]|[1-9])[ -]?[«\"]?([А-ЯЁ])?[»\"]?")
_LOOKALIKES = str.maketrans("ABCEHKMOPTXY", "АВСЕНКМОРТХУ")  # Latin capitals typed for Cyrillic ones


@dataclass(frozen=True)
class Account:
    """An account as its cabinet knows it; `version` counts what cabinet has said of it.

    `former_no`: whose name is erased is "former employee no. N" of that school in records that stay.
    """

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
    former_no: int | None = None
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

    def erased(self, receipt: dict[str, int]) -> "Account":
        """Nothing but the fact that it was, its number among the former, and the receipt."""
        return Account(self.account_id, "erased", receipt=receipt, former_no=self.former_no, version=self.version + 1)


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
class Standing:
    """Where an account stands: its state, and its school as the newest copy says."""

    state: State
    school_name: str | None
    school_status: SchoolStatus | None

    def require(self, *, writing: bool) -> None:
        """Raises Conflict when the cabinet is not open, or for writing at a school that has closed."""
        if self.state != "open":
            raise Conflict("cabinet-closed")
        if writing and self.school_status == "closed":
            raise Conflict("school-closed", name=self.school_name)


def require_open(account: Account | None) -> Account:
    """Raises Conflict unless the cabinet is open."""
    Standing(account.state if account else "provisioned", None, None).require(writing=False)
    assert account is not None
    return account


def class_name(text: str) -> str:
    """A class as it is written in the journal, 5А. Raises Fault."""
    found = _CLASS.fullmatch(text.upper().translate(_LOOKALIKES))
    if not found:
        raise Fault("class-format", text=text)
    return found[1] + (found[2] or "")
