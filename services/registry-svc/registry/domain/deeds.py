"""Deeds that end much: when a second person has to agree; how a school closes, and who goes on in its place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal, Self
from uuid import UUID

from chassis.errors import Conflict, Forbidden, Invalid
from ekis_contracts.days import today

from registry.domain.schools import School
from registry.domain.staff import Staff

Reason = Literal["liquidated", "reorganised"]
DeedState = Literal["awaiting-second", "announced", "done", "expired", "taken-back"]

MOST_BY_ONE = 200  # records that one person may end
SHARE_BY_ONE = 5  # one in five of a roll
PATIENCE = timedelta(days=7)  # for the second person


def needs_second_person(ends: int, roll: int) -> bool:
    """Whether an act that ends so many of a roll's live records is too large for one: over 20 %, or over 200."""
    return ends * SHARE_BY_ONE > roll or ends > MOST_BY_ONE


@dataclass(frozen=True)
class Closing:
    """Why a school closes, from which date, and who goes on: staff moves to the first of the successors."""

    reason: Reason
    on: date
    successors: tuple[UUID, ...] = ()

    def ends(self, roll: int) -> int:
        """How many records of the roll it ends: a reorganisation moves them."""
        return roll if self.reason == "liquidated" else 0

    def is_due(self, now: datetime) -> bool:
        """Whether the date has come."""
        return self.on <= today(now)

    @property
    def fields(self) -> dict[str, Any]:
        """As it stands in the public block."""
        return {"closing_on": self.on, "successors": list(self.successors)}

    def require_successors(self, school: School, known: Sequence[School]) -> None:
        """Raises Invalid for successors that do not fit the reason, Conflict for one that cannot go on."""
        if self.reason == "liquidated" and self.successors:
            raise Invalid("successors-not-allowed", "/successors")
        if self.reason == "reorganised" and not self.successors:
            raise Invalid("successor-required", "/successors")
        if school.school_id in self.successors:
            raise Invalid("successor-itself", "/successors")
        if len(known) != len(self.successors):
            raise Invalid("successor-unknown", "/successors")
        for one in known:
            if one.facts.status != "active" or one.facts.closing_on:
                raise Conflict("successor-not-active", name=one.facts.short_name)


@dataclass(frozen=True)
class Touched:
    """What a closing finds at the school now: live records, those with an account, what waits for a decision."""

    records: int
    accounts: int
    referrals: int
    applications: int


@dataclass(frozen=True)
class Preview:
    """What would happen. Heads are those of the school and of the successor that takes its staff."""

    closing: Closing
    at_once: bool
    touched: Touched
    heads_here: Sequence[Staff]
    heads_there: Sequence[Staff]

    @property
    def ends(self) -> int:
        """Staff records that end."""
        return self.closing.ends(self.touched.records)

    @property
    def moves(self) -> int:
        """Staff records that go to the successor."""
        return self.touched.records - self.ends

    @property
    def second_person(self) -> bool:
        """Whether another registrar has to agree."""
        return needs_second_person(self.ends, self.touched.records)

    @property
    def warnings(self) -> list[str]:
        """What is allowed and yet hardly meant."""
        merged = self.closing.reason == "reorganised" and self.heads_here and self.heads_there
        return ["several-heads"] if merged else []


@dataclass(frozen=True)
class Deed:
    """A closing that waits: for a second person, or announced for its date."""

    deed_id: UUID
    school_id: UUID
    state: DeedState
    closing: Closing
    records: int
    asked_by: UUID
    asked_at: datetime
    expires_at: datetime
    approved_by: UUID | None = None

    @classmethod
    def asked(cls, deed_id: UUID, preview: Preview, school_id: UUID, *, by: UUID, now: datetime) -> Self:
        """A new one, for a second person to agree to if it is as large as that."""
        state: DeedState = "awaiting-second" if preview.second_person else "announced"
        return cls(deed_id, school_id, state, preview.closing, preview.ends, by, now, now + PATIENCE)

    def require_second(self, by: UUID, records: int, now: datetime) -> None:
        """Raises Forbidden for the person who asked, Conflict for what two people cannot mean any more."""
        if self.state != "awaiting-second":
            raise Conflict("no-open-deed")
        if self.expires_at <= now:
            raise Conflict("deed-expired")
        if by == self.asked_by:
            raise Forbidden("own-deed")
        if records > self.records:
            raise Conflict("roll-has-grown", approved=self.records, now=records)

    def exceeds(self, records: int, roll: int) -> bool:
        """Whether on its date it would end more, beyond what two people agreed on, than one person may."""
        agreed = self.records if self.approved_by else 0
        return needs_second_person(max(records - agreed, 0), roll)
