"""Acts on accounts, their grounds, and deeds: acts that wait for a second person.

Operators act on a head's account by two, for whoever holds it can open a school to anybody; so do admins who take off
a second factor, whoever's it is. A head who acts on the own staff, the person and the roll need no second.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Self
from uuid import UUID

from chassis.errors import Conflict, Forbidden

from identity.domain.accounts import Account, Channel
from identity.domain.audit import AccountAct

DeedState = Literal["awaiting-second", "done", "refused", "expired"]

PATIENCE = timedelta(days=7)  # for the second person
ALWAYS_BY_TWO: frozenset[AccountAct] = frozenset({"reset-second-factor"})
ALWAYS_BY_ONE: frozenset[AccountAct] = frozenset({"resume"})


@dataclass(frozen=True, slots=True)
class Ground:
    """Who acts, for whom (`channel`), and why; `proof` is how it was checked who asks, `email` a new address on file.

    `staff_id` is the new record of whom the roll lists anew; `second` has agreed to it by the deed `deed_id`.
    """

    by: UUID
    channel: Channel
    reason: str
    ticket: str | None = None
    proof: str | None = None
    email: str | None = None
    staff_id: UUID | None = None
    second: UUID | None = None
    deed_id: UUID | None = None

    @property
    def details(self) -> dict[str, str]:
        """For the audit record."""
        return {"second": str(self.second), "deed": str(self.deed_id)} if self.second else {}


def needs_second_person(account: Account, act: AccountAct, channel: Channel) -> bool:
    """Whether another operator has to agree."""
    if act in ALWAYS_BY_TWO:
        return True
    is_head = account.staff is not None and account.staff.category == "head"
    return is_head and channel != "head" and act not in ALWAYS_BY_ONE


def require_asker(asker: Account | None, may: Collection[str]) -> None:
    """Two agree only while the first of them is an operator of roles that `may` do it. Raises Conflict."""
    if asker is None or asker.state != "active" or asker.roles.isdisjoint(may):
        raise Conflict("asker-gone")


@dataclass(frozen=True, slots=True)
class Deed:
    """An act that waits for a second person, or did. `email` is there only as long as it waits."""

    deed_id: UUID
    act: AccountAct
    account_id: UUID
    state: DeedState
    channel: Channel
    reason: str
    ticket: str | None
    proof: str | None
    email: str | None
    asked_by: UUID
    asked_at: datetime
    expires_at: datetime
    decided_by: UUID | None = None

    @classmethod
    def asked(cls, deed_id: UUID, act: AccountAct, account_id: UUID, ground: Ground, now: datetime) -> Self:
        """A new one, for 7 days."""
        said = (ground.channel, ground.reason, ground.ticket, ground.proof, ground.email)
        return cls(deed_id, act, account_id, "awaiting-second", *said, ground.by, now, now + PATIENCE)

    def ground(self, second: UUID) -> Ground:
        """On which the act is done, once somebody else has agreed."""
        said = (self.channel, self.reason, self.ticket, self.proof, self.email)
        return Ground(self.asked_by, *said, second=second, deed_id=self.deed_id)

    def require_waiting(self, now: datetime) -> None:
        """Raises Conflict for one that is decided or too old."""
        if self.state != "awaiting-second":
            raise Conflict("deed-decided", state=self.state)
        if self.expires_at <= now:
            raise Conflict("deed-expired")

    def require_second(self, by: UUID) -> None:
        """Raises Forbidden for who asked, and for whose account it is."""
        if by in (self.asked_by, self.account_id):
            raise Forbidden("own-deed")
