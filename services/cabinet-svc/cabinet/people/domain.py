"""People: accounts, when a cabinet is open, and the schools they work in."""

from dataclasses import dataclass, replace
from typing import Literal, Self
from uuid import UUID

from chassis.errors import Conflict, WrongStep
from ekis_contracts.values import AccountFacts, AccountState, Category, PersonName, SchoolStatus

State = Literal["provisioned", "open", "closed", "erased"]

CABINET_OF: dict[AccountState, State] = {
    "issued": "provisioned",
    "active": "open",
    "suspended": "closed",
    "disabled": "erased",
    "erased": "erased",
}


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


def require_open(account: Account | None) -> Account:
    """Raises Conflict unless the cabinet is open."""
    if account is None or account.state != "open":
        raise Conflict("cabinet-closed")
    return account
