"""The erasure of a disabled account: who has to answer, when they are asked again, when it is overdue.

Federal law 152-FZ, article 21, gives an operator 10 working days after a person's wish; an answer of our own services
that takes a day is a fault for people to look at.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

from identity.domain.accounts import HOLDERS
from identity.domain.audit import Act

ANSWER_WITHIN = timedelta(hours=1)  # then all are asked again, with growing pauses
LONGEST_PAUSE = timedelta(days=1)
OVERDUE_AFTER = timedelta(days=1)
# What the extract of the audit record tells of: how the account came to its end, and the end. Others are none of its
IN_EXTRACT: tuple[Act, ...] = ("suspend", "resume", "disable", "erasure-overdue", "erase")


@dataclass(frozen=True, slots=True)
class Receipt:
    """What one service erased of an account, by kind."""

    service: str
    counts: Mapping[str, int]
    erased_at: datetime


OWN = "identity"


@dataclass(frozen=True, slots=True)
class Erasure:
    """How far it is. `counts`: what identity itself has erased, by kind; `asks`: how often the others were asked."""

    account_id: UUID
    disabled_at: datetime
    asks: int
    ask_at: datetime
    is_escalated: bool = False
    counts: Mapping[str, int] = field(default_factory=dict)
    erased_at: datetime | None = None

    @property
    def due_by(self) -> datetime:
        """When an answer that has not come is overdue."""
        return self.disabled_at + OVERDUE_AFTER

    @property
    def own(self) -> Receipt | None:
        """What identity itself erased, once it is done."""
        return Receipt(OWN, self.counts, self.erased_at) if self.erased_at else None

    def asked_again(self, now: datetime) -> Self:
        """The others have been asked once more; the next pause is twice as long."""
        pause = min(ANSWER_WITHIN * 2 ** min(self.asks, 10), LONGEST_PAUSE)
        return replace(self, asks=self.asks + 1, ask_at=now + pause)

    def finished(self, counts: Mapping[str, int], now: datetime) -> Self:
        """Everybody has answered, and identity has erased the rest."""
        return replace(self, counts={**self.counts, **counts}, erased_at=now)


def begin(account_id: UUID, counts: Mapping[str, int], now: datetime) -> Erasure:
    """The account is disabled and the others have been asked; `counts` is what went at once."""
    return Erasure(account_id, now, 1, now + ANSWER_WITHIN, counts=counts)


def missing(receipts: Collection[Receipt]) -> list[str]:
    """The services that have not answered."""
    return sorted(HOLDERS - {one.service for one in receipts})
